"""What git knows about a leak: where it stood, since when, whether it was pushed. Git is never given the secret."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from alikey_hook.git.blobs import Blobs
from alikey_hook.git.diff import commits as ordered
from alikey_hook.git.log import Introduction, introductions
from alikey_hook.git.process import answered, run
from alikey_hook.git.remote import refs as refs_of
from alikey_hook.git.tree import Repository, git_path

UNCOMMITTED, LOCAL, PUSHED, UNKNOWN = "uncommitted", "local", "pushed", "unknown"
_IN_MESSAGE = "(message)"
# What only we make. Every other ref may be one that we fetched: tags, notes, pull requests.
_OURS = ("--branches", "--glob=refs/stas[h]")


class Sightings(NamedTuple):
    """Where a value was seen: `blobs` that hold it, commits (`messages`) and `tags` whose message does, and paths.

    Of messages with the author's day. `staged`, `files`: its paths in the index and in the working tree.
    """

    blobs: list[str]
    messages: dict[str, str]
    tags: dict[str, str]
    staged: list[str]
    files: list[str]


class Spot(NamedTuple):
    """A commit that brings the value to a path, or takes it away; `day` is the author's, in the author's own time zone.

    Of a message, the commit or tag that has it.
    """

    commit: str
    day: str
    path: str
    brings: bool


class Evidence(NamedTuple):
    """What is known of one value.

    `state`: UNCOMMITTED (staged, in the working tree, or in objects that no commit has) | LOCAL (committed, and no remote-
    tracking ref has those commits) | PUSHED | UNKNOWN (a shallow clone, nothing is known of any remote, or only refs that may
    have come from one have it, such as tags, and none was asked).
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


def gathered(seen: Sightings, here: Repository, ask_remote: bool) -> Evidence:
    """The evidence for a value."""
    brought = list(introductions(seen.blobs)) if seen.blobs else []
    spots = _in_order([*_spots(brought), *(Spot(*one, _IN_MESSAGE, True) for one in (seen.messages | seen.tags).items())])
    commits = list(dict.fromkeys(spot.commit for spot in spots if spot.brings and spot.commit not in seen.tags))
    tagging = _tagging(set(seen.tags))
    refs = list(dict.fromkeys([*_containing(commits), *tagging]))
    remotes = [ref for ref in refs if ref.startswith("refs/remotes/")]
    named, unheard = _asked(commits, set(seen.tags)) if ask_remote and spots else ([], 0)
    if not spots:
        state = UNCOMMITTED
    elif remotes or named:
        state = PUSHED
    else:
        state = UNKNOWN if _deaf() or (not ask_remote and (tagging or _foreign(commits))) else LOCAL
    placed = {one.blob for one in brought}
    return Evidence(
        state=state,
        staged=tuple(seen.staged),
        files=tuple(seen.files),
        spots=tuple(spots),
        refs=tuple(refs),
        remote_refs=(*remotes, *named),
        last_fetch=_last_fetch(here),
        unheard=unheard,
        unreachable=len([blob for blob in seen.blobs if blob not in placed]),
    )


def _spots(brought: Iterable[Introduction]) -> Iterator[Spot]:
    """Where the value came and went; not where one version that has it followed another."""
    moves: dict[tuple[str, str, str], set[bool]] = {}
    for one in brought:
        moves.setdefault((one.commit, one.day or "", one.path), set()).add(one.brings)
    for place, ways in moves.items():
        if len(ways) == 1:
            yield Spot(*place, *ways)


def _in_order(spots: list[Spot]) -> list[Spot]:
    """Spots by their day; on one day a commit comes after its parents, and a tag after all of them."""
    names = list(dict.fromkeys(spot.commit for spot in spots))
    rank = {name: at for at, name in enumerate(ordered(names))} if len(names) > 1 else {}
    return sorted(spots, key=lambda spot: (spot.day, rank.get(spot.commit, len(rank)), spot.path))


def _containing(commits: list[str]) -> list[str]:
    """The refs that reach any of the commits."""
    found: dict[str, None] = {}
    for start in range(0, len(commits), 100):
        some = [f"--contains={commit}" for commit in commits[start : start + 100]]
        output = run("for-each-ref", "--format=%(refname)", *some)
        found.update(dict.fromkeys(output.decode("utf-8", "surrogateescape").splitlines()))
    return [ref for ref in found if not ref.endswith("/HEAD")]


def _tagging(tags: set[str]) -> list[str]:
    """The refs that have one of these tag objects; those which reach what it tags do not."""
    if not tags:
        return []
    lines = run("for-each-ref", "--format=%(objecttype) %(objectname) %(refname)").decode("utf-8", "surrogateescape")
    found = [line.split(" ", 2) for line in lines.splitlines() if line.startswith("tag ")]
    leading = _leading({name for _, name, _ in found}, tags)
    return [ref for _, name, ref in found if name in leading]


def _leading(names: set[str], tags: set[str]) -> set[str]:
    """Those of some objects that are one of these tags, or a tag of one."""
    reader = Blobs()
    leading = set()
    try:
        for name in names:
            at = name
            while at not in tags:
                kind, content = reader.typed(at)
                if kind != "tag":
                    break
                at = content.split(b"\n", 1)[0].removeprefix(b"object ").decode("ascii")
            else:
                leading.add(name)
    finally:
        reader.close()
    return leading


def _deaf() -> bool:
    """Whether this clone cannot know what was pushed: it is shallow, or nothing is known of any remote."""
    shallow = run("rev-parse", "--is-shallow-repository").strip() == b"true"
    return shallow or not run("for-each-ref", "--count=1", "--format=%(refname)", "refs/remotes/").strip()


def _foreign(commits: list[str]) -> bool:
    """Whether a ref reaches one of the commits, but none of ours does."""
    return not {*run("rev-list", "--glob=refs/*", "--not", *_OURS, "--").decode("ascii").split()}.isdisjoint(commits)


def _last_fetch(here: Repository) -> str | None:
    """When a fetch, in this working tree or in the main one, last brought something; a failed one leaves an empty file."""
    times = []
    for folder in {here.git_dir, git_path("--git-common-dir")}:
        try:
            told = os.stat(os.path.join(folder, "FETCH_HEAD"))
        except OSError:
            continue
        if told.st_size:
            times.append(told.st_mtime)
    if not times:
        return None
    return datetime.datetime.fromtimestamp(max(times), datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def _asked(commits: list[str], tags: set[str]) -> tuple[list[str], int]:
    """What `git ls-remote` names: refs that reach one of the commits or tags, and how many lead to what is not here."""
    named: list[str] = []
    unheard = 0
    for remote in run("remote").decode("utf-8", "surrogateescape").splitlines():
        refs: dict[str, list[str]] = {}
        for line in refs_of(remote).decode("utf-8", "surrogateescape").splitlines():
            name, _, ref = line.partition("\t")
            # Of an annotated tag there are two lines, its own and that of what it tags.
            refs.setdefault(ref.removesuffix("^{}"), []).append(name)
        for ref, names in refs.items():
            known = [name for name in names if answered("cat-file", "-e", name) is not None]
            if (tags and _leading(set(known), tags)) or any(_reaches(name, commits) for name in known):
                named.append(f"{remote}: {ref}")
            elif len(known) < len(names):
                unheard += 1
    return named, unheard


def _reaches(name: str, commits: list[str]) -> bool:
    return any(answered("merge-base", "--is-ancestor", wanted, name) is not None for wanted in commits)
