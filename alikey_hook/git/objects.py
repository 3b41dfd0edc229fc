"""Every object of a repository: their list, what refs reach, and their content in one stream."""

from __future__ import annotations

import os
import tempfile
from array import array
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import IO, TypeVar

from alikey_hook.git.process import SILENCE, GitError, Process, explained, next_object, unreadable

_LOOKED_AT = (b"blob", b"commit", b"tag")
_EVERYTHING = ("cat-file", "--batch-all-objects")
_AHEAD = 8 << 10  # bytes of requests: less than any system's pipe holds (16 KiB on macOS)
_PIPE = 1 << 20
T = TypeVar("T")


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


def everything() -> Listing:
    """All blobs, commits and tags that are stored here. Raises GitError where one cannot be read at all."""
    found = Listing()
    for line in lines(*_EVERYTHING, "--unordered", "--batch-check=%(objectname) %(objecttype) %(objectsize)"):
        fields = line.split()
        if len(fields) != 3 or not fields[2].isdigit():
            raise unreadable(line.partition(b" ")[0].decode("ascii", "replace").strip())
        if fields[1] in _LOOKED_AT:
            found.add(fields[0], int(fields[2]))
    return found


def names() -> bytes:
    """The ids of all objects that are stored here, a line each; far faster than `everything`, which opens every one."""
    return b"".join(lines(*_EVERYTHING, "--batch-check=%(objectname)"))


def lines(*arguments: str) -> Iterator[bytes]:
    """What git prints, line by line, as it comes. Raises GitError, after the last one, where it fails."""
    with _output(arguments) as output:
        yield from output


def tokens(*arguments: str) -> Iterator[bytes]:
    """The same for what ends with NUL."""
    with _output(arguments) as output:
        parts: list[bytes] = []  # of a token that has not ended
        while piece := output.read(_PIPE):
            first, *others = piece.split(b"\0")
            parts.append(first)
            if others:
                yield b"".join(parts)
                yield from others[:-1]
                parts = others[-1:]
        if any(parts):
            yield b"".join(parts)


@contextmanager
def _output(arguments: tuple[str, ...]) -> Iterator[IO[bytes]]:
    process = Process(arguments, alone=True)
    try:
        yield process.stdout
    except BaseException:
        process.finish()
        raise
    if process.finish():
        explained(arguments, alone=True)
        raise GitError(f"git {arguments[0]} failed once.", "Try again; not everything was looked at.")


_REACHED = ("rev-list", "--objects", "--missing=print", "--all")


class Reachable:
    """What any ref reaches: branches, tags, remote-tracking refs, notes, HEAD. Git finds that out while we do other things."""

    def __init__(self) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the exit
        self._process = Process((*_REACHED, "--no-object-names"), alone=True, output=self._output.fileno())

    def __enter__(self) -> Reachable:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._output.close()

    @cached_property
    def _lines(self) -> bytes:
        if self._process.finish():
            explained(_REACHED, alone=True)
        self._output.seek(0)
        return self._output.read()

    @property
    def missing(self) -> int:
        """How many objects git says are not here."""
        return self._lines.count(b"?")

    def among(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that are reached."""
        wanted = {name.encode("ascii") for name in ids}
        return {line.decode("ascii") for line in self._lines.split(b"\n") if line in wanted} if wanted else set()


def reached_paths(ids: Iterable[str]) -> dict[str, str]:
    """One path at which a ref reaches each of the objects: git's first; of what is tagged without a path, "" ."""
    wanted = {name.encode("ascii") for name in ids}
    found: dict[str, str] = {}
    for line in lines(*_REACHED):
        name, _, path = line.rstrip(b"\n").partition(b" ")
        if name in wanted:
            found.setdefault(name.decode("ascii"), os.fsdecode(path))
    return found


class Reader:
    """Reads many objects from one `git cat-file --batch`: the next ones are asked for while one is looked at."""

    def __init__(self) -> None:
        self._process = Process(("cat-file", "--batch"), alone=True, patience=SILENCE)
        _widen(self._process.stdout)

    def read(self, ids: Iterable[str]) -> Generator[tuple[str, str, bytes]]:
        """(id, type, content) of the objects, in their order. Raises GitError where one is missing or broken."""
        for request, answer in _answers(self._process, (name.encode("ascii") for name in ids), next_object):
            name = request.decode("ascii")
            if answer is None:
                raise unreadable(name)
            yield (name, *answer)

    def close(self) -> None:
        """End git's process."""
        self._process.finish()


def looked_up(expressions: Iterable[bytes]) -> Iterator[bytes]:
    """What each expression (`main:path`) stands for: an object's id; the expression and `missing` where it is nothing."""
    process = Process(("cat-file", "--batch-check=%(objectname)"), alone=True, patience=SILENCE)
    try:
        for _, answer in _answers(process, expressions, lambda stream: stream.readline()):
            yield answer.rstrip(b"\n")
    finally:
        process.finish()


def _answers(process: Process, requests: Iterable[bytes], next_answer: Callable[[IO[bytes]], T]) -> Iterator[tuple[bytes, T]]:
    """Each request with its answer. Never more is asked than a pipe holds: git might wait for us to read, and we for git."""
    rest, asked, size = iter(requests), deque[bytes](), 0
    while True:
        more = []
        while size < _AHEAD and (request := next(rest, None)) is not None:
            more.append(request + b"\n")
            size += len(more[-1])
        if more:
            asked += more
            try:
                process.stdin.write(b"".join(more))
            except BrokenPipeError:
                pass  # that it gives no answer is seen when it is read
        while asked and (size >= _AHEAD // 2 or not more):
            request = asked.popleft()
            size -= len(request)
            yield request[:-1], next_answer(process.stdout)
        if not more:
            return


def contents(ids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
    """The same, with a process of its own."""
    reader = Reader()
    try:
        yield from reader.read(ids)
    finally:
        reader.close()


def _widen(pipe: IO[bytes]) -> None:
    """Let git write ahead of us by more than 64 KiB, where the system can."""
    try:
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
    except (ImportError, AttributeError, OSError):
        pass
