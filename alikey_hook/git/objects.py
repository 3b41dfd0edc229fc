"""Every object of a repository: their list, and their content in one stream."""

from __future__ import annotations

import os
import subprocess
from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from alikey_hook.git.diff import RawChange, commit_of
from alikey_hook.git.process import GIT, GitError, environment, not_started

_LOOKED_AT = (b"blob", b"commit", b"tag")


class Listing:
    """Ids and sizes of objects, in the order in which git reads them fastest; a few bytes an object."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._width = 40
        self.sizes = array("Q")

    def __len__(self) -> int:
        return len(self.sizes)

    def add(self, name: bytes, size: int) -> None:
        """Take in one more."""
        self._width = len(name)
        self._ids += name
        self.sizes.append(size)

    def id(self, index: int) -> str:
        """The id of the object at a place."""
        return self._ids[index * self._width : (index + 1) * self._width].decode("ascii")


def _started(*arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603
            [*GIT, *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=1 << 20,
            env=environment(),
        )
    except OSError as error:
        raise not_started(error) from None


def _rest(process: subprocess.Popen[bytes], what: str) -> bytes:
    """What a process still has to say. Raises GitError where it failed."""
    output, said = process.communicate()
    if process.returncode:
        words = said.decode("utf-8", "replace").strip() or f"exit code {process.returncode}"
        raise GitError(f"git {what} failed: {words}", "Run `git fsck` and try again; not everything was looked at.")
    return output


def everything() -> Listing:
    """All blobs, commits and tags that are stored here."""
    process = _started(
        "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname) %(objecttype) %(objectsize)"
    )
    assert process.stdout  # noqa: S101 - for the type checker: it is a pipe
    found = Listing()
    for line in process.stdout:
        name, kind, size = line.split()
        if kind in _LOOKED_AT:
            found.add(name, int(size))
    _rest(process, "cat-file")
    return found


class Reachable:
    """What refs reach. `missing`: how many objects git says are not here."""

    def __init__(self, lines: bytes) -> None:
        self._lines = lines
        self.missing = lines.count(b"?")

    def among(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that are reached."""
        wanted = {name.encode("ascii") for name in ids}
        return {line.decode("ascii") for line in self._lines.split(b"\n") if line in wanted} if wanted else set()


def reachable() -> Reachable:
    """What any ref reaches: branches, tags, remote-tracking refs, notes, and HEAD."""
    head = ["HEAD"] if commit_of("HEAD") else []
    process = _started("rev-list", "--objects", "--no-object-names", "--missing=print", "--all", *head)
    return Reachable(_rest(process, "rev-list"))


def contents(ids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
    """(id, type, content) of the objects, in their order, from one process."""
    import threading

    wanted = list(ids)
    process = _started("cat-file", "--batch", "--buffer", stdin=subprocess.PIPE)
    assert process.stdin and process.stdout  # noqa: S101 - for the type checker: both are pipes
    feeder = threading.Thread(target=_feed, args=(process, wanted), daemon=True)
    feeder.start()
    output = process.stdout
    try:
        for name in wanted:
            fields = output.readline().split()
            if len(fields) != 3:
                raise GitError(f"object {name} cannot be read.", "Run `git fsck`; not everything was looked at.")
            size = int(fields[2])
            content = output.read(size + 1)
            if len(content) != size + 1:
                raise GitError(f"object {name} cannot be read whole.", "Run `git fsck`; not everything was looked at.")
            yield name, fields[1].decode("ascii"), content[:-1]
    finally:
        process.kill()
        process.wait()
        output.close()
        if process.stderr:
            process.stderr.close()


def _feed(process: subprocess.Popen[bytes], ids: list[str]) -> None:
    assert process.stdin  # noqa: S101 - for the type checker: it is a pipe
    try:
        process.stdin.write("".join(name + "\n" for name in ids).encode("ascii"))
        process.stdin.close()
    except (BrokenPipeError, ValueError):
        pass  # the reader has given up, and says why


_LATEST = 253402300799  # the end of the year 9999


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


def introductions(blobs: list[str]) -> Iterator[Introduction]:
    """Where blobs came and went, in every commit that any ref or reflog reaches, by git's own object search."""
    for at in range(0, len(blobs), 200):
        some = blobs[at : at + 200]
        process = _started(
            "log", "--all", "--reflog", "--no-color", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-abbrev",
            "--raw", "-z", "--no-renames", "-c", "--root", "--date=short", "--format=%x01%H %at %ad", "--no-relative",
            *(f"--find-object={blob}" for blob in some),
        )  # fmt: skip
        yield from _parsed(_rest(process, "log"), frozenset(some))


def _parsed(output: bytes, wanted: frozenset[str]) -> Iterator[Introduction]:
    commit, time, day, order = "", 0, None, 0
    tokens = iter(output.split(b"\0"))
    for token in tokens:
        token = token.lstrip(b"\n")
        if token.startswith(b"\1"):
            # With -z the first record follows its commit's line after a NUL, or a line feed in older versions of git.
            header, _, rest = token[1:].partition(b"\n")
            words = header.split()
            # An author line that git would not write has no time, or none that a calendar has.
            dated = len(words) > 2 and 0 < int(words[1]) <= _LATEST
            commit, order = words[0].decode("ascii"), order + 1
            time, day = (int(words[1]), words[2].decode("ascii")) if dated else (0, None)
            token = rest.lstrip(b"\n")
        if token.startswith(b":"):
            # One id before for each parent: a merge that takes over what one of them has is not listed at all.
            path = os.fsdecode(next(tokens))
            change = RawChange(token, path, path, commit)
            if change.after in wanted:
                yield Introduction(commit, time, day, order, change.after, path, True)
            for before in dict.fromkeys(blob for _, blob in change.before):
                if before in wanted and before != change.after:
                    yield Introduction(commit, time, day, order, before, path, False)
