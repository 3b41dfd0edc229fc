"""Where blobs came and went, by git's log."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

from alikey_hook.git.diff import RawChange
from alikey_hook.git.output import Beside, printed
from alikey_hook.git.process import answered, tokens

_MANY = 1000  # blobs
_WORTH_A_PROCESS = 1000  # commits
_LATEST = 253402300799  # the end of the year 9999
_LOG = (
    "log", "--no-color", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-abbrev",
    "--raw", "-z", "--no-renames", "-c", "--root", "--date=short", "--format=%x01%H %at %ad", "--no-relative",
)  # fmt: skip


class Introduction(NamedTuple):
    """A commit that brings a blob to a path (or takes it away).

    `author_time` in seconds since 1970 UTC; `day` in the author's own time zone, None where git knows no date; `order` grows
    towards older commits.
    """

    commit: str
    author_time: int
    day: str | None
    order: int
    blob: str
    path: str
    brings: bool


def introductions(
    blobs: list[str], reflog: bool = True, paths: Iterable[str] = (), commits: list[bytes] | None = None
) -> Iterator[Introduction]:
    """Where blobs came and went, at some paths or at all, in every commit that any ref (or reflog) reaches.

    `commits`: their ids in git's order, where they are known. Raises GitError where a commit is missing, or a tree that may
    lead to one of the paths.
    """
    literal = ("--", *(f":(top,literal){path}" for path in paths))
    asked = [] if literal[1:] else _parts(commits or [])
    walk = ("--no-walk=unsorted", "--stdin") if asked else ("--all", "--reflog") if reflog else ("--all",)
    # Git's own object search asks the remote for all that a partial clone lacks; there, all changes are searched by us. And it
    # goes through all commits for each part of what is asked for.
    partial = r"^(extensions\.partialclone|remote\..*\.promisor)$"
    if len(blobs) > _MANY or answered("config", "--get-regexp", partial):
        yield from _parsed(_log((*walk, *literal), asked), frozenset(blobs))
        return
    for at in range(0, len(blobs), 200):
        some = blobs[at : at + 200]
        search = (f"--find-object={blob}" for blob in some)
        yield from _parsed(_log((*walk, *search, *literal), asked), frozenset(some))


def _parts(commits: list[bytes]) -> list[bytes]:
    """What to tell git of commits, for each of several processes that go through a part of them; nothing where one will do."""
    count = min(os.cpu_count() or 1, len(commits) // _WORTH_A_PROCESS)
    size = -(-len(commits) // count) if count > 1 else 0
    return [b"\n".join((*commits[at : at + size], b"")) for at in range(0, len(commits), size)] if size else []


def _log(arguments: tuple[str, ...], parts: list[bytes]) -> Iterator[bytes]:
    """What git's log says, in its order; all parts at the same time."""
    asked = (*_LOG, *arguments)
    with ExitStack() as stack:
        others = [stack.enter_context(Beside(asked, part)) for part in parts[1:]]
        with printed(asked, parts[0] if parts else b"") as output:
            yield from tokens(output)
        for other in others:
            yield from tokens(other.printed())


def _parsed(output: Iterator[bytes], wanted: frozenset[str]) -> Iterator[Introduction]:
    commit, time, day, order = "", 0, None, 0
    for token in output:
        token = token.lstrip(b"\n")
        if token.startswith(b"\1"):
            # With -z the first record follows its commit's line after a NUL, or a line feed in older versions of git.
            header, _, rest = token[1:].partition(b"\n")
            words = header.split()
            # An author line that git would not write has no time, or none that a calendar has.
            dated = len(words) > 2 and words[1].isdigit() and 0 < int(words[1]) <= _LATEST
            commit, order = words[0].decode("ascii", "replace") if words else "", order + 1
            time, day = (int(words[1]), words[2].decode("ascii", "replace")) if dated else (0, None)
            token = rest.lstrip(b"\n")
        if token.startswith(b":"):
            # One id before for each parent: a merge that takes over what one of them has is not listed at all.
            path = os.fsdecode(next(output, b""))
            change = RawChange(token, path, path, commit)
            if change.after in wanted:
                yield Introduction(commit, time, day, order, change.after, path, True)
            for before in dict.fromkeys(blob for _, blob in change.before):
                if before in wanted and before != change.after:
                    yield Introduction(commit, time, day, order, before, path, False)
