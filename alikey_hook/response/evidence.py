"""What git knows about a leak: where it stood, since when, whether it was pushed. Git is never given the secret."""

from __future__ import annotations

import datetime
import os
from typing import NamedTuple

from alikey_hook.git.diff import is_here
from alikey_hook.git.log import Introduction, introductions
from alikey_hook.git.process import answered, run
from alikey_hook.git.tree import Repository, git_path

UNCOMMITTED, LOCAL, PUSHED, UNKNOWN = "uncommitted", "local", "pushed", "unknown"


class Spot(NamedTuple):
    """A commit that brings the value to a path, or takes it away; `day` is the author's, in UTC."""

    commit: str
    day: str
    path: str
    brings: bool


class Evidence(NamedTuple):
    """What is known of one value.

    `state`: UNCOMMITTED (staged, in the working tree, or in objects that no commit has) | LOCAL (committed, and no remote-
    tracking ref has those commits) | PUSHED | UNKNOWN (a shallow clone, or nothing is known of any remote).
    `staged`, `files`: where it is now in the index and the working tree. `refs`: the refs that reach a commit with it.
    `remote_refs`: those of them that are remote-tracking, and what a remote itself named when it was asked.
    `last_fetch`: when this clone last heard of its remotes, None if that is not known. `unheard`: refs of the remote whose
    commits are not here, when it was asked. `unreachable`: objects with the value that no commit of any ref or reflog has.
    """

    state: str
    staged: tuple[str, ...]
    files: tuple[str, ...]
    spots: tuple[Spot, ...]
    refs: tuple[str, ...]
    remote_refs: tuple[str, ...]
    last_fetch: str | None
    unheard: int
    unreachable: int


def gathered(
    blobs: list[str], messages: list[str], staged: list[str], files: list[str], here: Repository, ask_remote: bool
) -> Evidence:
    """The evidence for a value. `blobs`: the objects that hold it; `messages`: commits and tags whose message does."""
    brought = list(introductions(blobs)) if blobs else []
    spots = sorted(
        {_spot(one) for one in brought} | {_message(name) for name in messages}, key=lambda spot: (spot.day, spot.path)
    )
    commits = list(dict.fromkeys(spot.commit for spot in spots if spot.brings))
    refs = _containing(commits)
    remotes = [ref for ref in refs if ref.startswith("refs/remotes/")]
    named, unheard = _asked(commits) if ask_remote and commits else ([], 0)
    placed = {one.blob for one in brought}
    return Evidence(
        state=_state(commits, [*remotes, *named]),
        staged=tuple(staged),
        files=tuple(files),
        spots=tuple(spots),
        refs=tuple(refs),
        remote_refs=(*remotes, *named),
        last_fetch=_last_fetch(here),
        unheard=unheard,
        unreachable=len([blob for blob in blobs if blob not in placed]),
    )


def _spot(one: Introduction) -> Spot:
    return Spot(one.commit, one.day or "", one.path, one.brings)


def _message(name: str) -> Spot:
    shown = run("log", "-1", "--no-show-signature", "--format=%H %at", name, "--").decode("ascii").split()
    day = datetime.datetime.fromtimestamp(int(shown[1]), datetime.timezone.utc).date().isoformat()
    return Spot(shown[0], day, "(message)", True)


def _containing(commits: list[str]) -> list[str]:
    """The refs that reach any of the commits."""
    found: dict[str, None] = {}
    for start in range(0, len(commits), 100):
        some = [f"--contains={commit}" for commit in commits[start : start + 100]]
        output = run("for-each-ref", "--format=%(refname)", *some)
        found.update(dict.fromkeys(output.decode("utf-8", "surrogateescape").splitlines()))
    return [ref for ref in found if not ref.endswith("/HEAD")]


def _state(commits: list[str], remote_refs: list[str]) -> str:
    if not commits:
        return UNCOMMITTED
    if remote_refs:
        return PUSHED
    shallow = run("rev-parse", "--is-shallow-repository").strip() == b"true"
    heard = run("for-each-ref", "--count=1", "--format=%(refname)", "refs/remotes/").strip()
    return UNKNOWN if shallow or not heard else LOCAL


def _last_fetch(here: Repository) -> str | None:
    for folder in (here.git_dir, git_path("--git-common-dir")):
        try:
            time = os.stat(os.path.join(folder, "FETCH_HEAD")).st_mtime
        except OSError:
            continue
        return datetime.datetime.fromtimestamp(time, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    return None


def _asked(commits: list[str]) -> tuple[list[str], int]:
    """What `git ls-remote` names: refs that reach one of the commits, and how many lead to commits that are not here."""
    named: list[str] = []
    unheard = 0
    for remote in run("remote").decode("utf-8", "surrogateescape").splitlines():
        for line in run("ls-remote", remote).decode("utf-8", "surrogateescape").splitlines():
            commit, _, ref = line.partition("\t")
            if not is_here(commit):
                unheard += 1
            elif any(answered("merge-base", "--is-ancestor", wanted, commit) is not None for wanted in commits):
                named.append(f"{remote}: {ref}")
    return named, unheard
