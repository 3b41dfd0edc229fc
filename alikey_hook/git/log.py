"""Where blobs came and went, by git's log."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from alikey_hook.git.diff import RawChange
from alikey_hook.git.objects import tokens
from alikey_hook.git.process import answered

_MANY = 1000  # blobs
_LATEST = 253402300799  # the end of the year 9999
_LOG = (
    "log", "--all", "--no-color", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-abbrev",
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


def introductions(blobs: list[str], reflog: bool = True, paths: Iterable[str] = ()) -> Iterator[Introduction]:
    """Where blobs came and went, at some paths or at all, in every commit that any ref (or reflog) reaches.

    Raises GitError where a commit is missing, or a tree that may lead to one of the paths.
    """
    more = ("--reflog",) if reflog else ()
    literal = [f":(top,literal){path}" for path in paths]
    # Git's own object search asks the remote for all that a partial clone lacks; there, all changes are searched by us. And it
    # goes through all commits for each part of what is asked for.
    partial = r"^(extensions\.partialclone|remote\..*\.promisor)$"
    if len(blobs) > _MANY or answered("config", "--get-regexp", partial):
        yield from _parsed(tokens(*_LOG, *more, "--", *literal), frozenset(blobs))
        return
    for at in range(0, len(blobs), 200):
        some = blobs[at : at + 200]
        yield from _parsed(tokens(*_LOG, *more, *(f"--find-object={blob}" for blob in some), "--", *literal), frozenset(some))


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
