"""Every object of a repository: their list, what refs reach, and their content in one stream."""

from __future__ import annotations

import os
from array import array
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cache, cached_property
from itertools import compress
from typing import IO, TypeVar

from alikey_hook.git.output import Beside, lines, printed
from alikey_hook.git.process import SILENCE, Process, next_object, object_behind, run, unreadable

_TYPES = {b"blob", b"tree", b"commit", b"tag"}
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

    def add(self, lines: bytes) -> None:
        """Take in what git says of some objects: `type size id`, in lines. Raises GitError of one that it cannot tell of."""
        fields = lines.split()
        kinds, sizes, ids = fields[::3], fields[1::3], fields[2::3]
        widths = set(map(len, ids))
        whole = len(fields) == 3 * lines.count(b"\n") and len(widths) <= 1
        if not whole or not set(kinds) <= _TYPES or b"".join(sizes).isdigit() != bool(sizes):
            raise unreadable(next(filter(None, map(_unknown, lines.splitlines())), ""))
        wanted = [kind != b"tree" for kind in kinds]
        self._width = widths.pop() if widths else self._width
        self._ids += b"".join(compress(ids, wanted))
        self.sizes.extend(map(int, compress(sizes, wanted)))

    def id(self, index: int) -> str:
        """The id of the object at a place."""
        return self._ids[index * self._width : (index + 1) * self._width].decode("ascii")


def _unknown(line: bytes) -> str:
    """The object of which git says something else than its type, size and id; "" where it says that."""
    fields = line.split()
    told = len(fields) == 3 and fields[0] in _TYPES and fields[1].isdigit()
    return "" if told or not fields else fields[0].decode("ascii", "replace")


def everything() -> Listing:
    """All blobs, commits and tags that are stored here. Raises GitError where one cannot be read at all."""
    found = Listing()
    rest = b""
    with printed((*_EVERYTHING, "--unordered", "--batch-check=%(objecttype) %(objectsize) %(objectname)")) as output:
        while piece := output.read(_PIPE):
            lines, end, rest = (rest + piece).rpartition(b"\n")
            found.add(lines + end)
    found.add(rest)
    return found


def names() -> AbstractContextManager[IO[bytes]]:
    """The ids of all objects that are stored here, a line each; far faster than `everything`, which opens every one."""
    return printed((*_EVERYTHING, "--batch-check=%(objectname)"))


_REACHED = ("rev-list", "--objects", "--missing=print", "--all")


class Reachable(Beside):
    """What any ref reaches: branches, tags, remote-tracking refs, notes, HEAD. Git finds that out while we do other things."""

    def __init__(self) -> None:
        super().__init__((*_REACHED, "--no-object-names", "--timestamp"))

    @cached_property
    def _lines(self) -> bytes:
        return self.printed().read()

    @cached_property
    def commits(self) -> list[bytes]:
        """The ids of all commits, in the order of `git log --all`."""
        last = self._lines.find(b"\n", self._lines.rfind(b" "))  # only a commit has a time before its id
        return [line.partition(b" ")[2] for line in self._lines[:last].splitlines() if b" " in line]

    @property
    def missing(self) -> int:
        """How many objects git says are not here."""
        return self._lines.count(b"?")

    def among(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that are reached."""
        wanted = {name.encode("ascii") for name in ids}
        if not wanted:
            return set()
        reached = wanted.intersection(self._lines.split(b"\n")) | wanted.intersection(self.commits)
        return {name.decode("ascii") for name in reached}


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
    """Reads objects from one `git cat-file`: the next ones are asked for while one is looked at."""

    def __init__(self, many: bool = False) -> None:
        """`many`: whether it pays to ask git for its version first."""
        # Git 2.36 learned to be told when it is to write: before, it writes three times for each object.
        told = many and _version() >= (2, 36)
        self._form, self._end = (b"contents %b", b"flush\n") if told else (b"%b", b"")
        how = ("--batch-command", "--buffer") if told else ("--batch",)
        self._process = Process(("cat-file", *how), alone=True, patience=SILENCE)
        _widen(self._process.stdout)

    def read(self, ids: Iterable[str]) -> Generator[tuple[str, str, bytes]]:
        """(id, type, content) of the objects, in their order. Raises GitError where one is missing or broken."""
        requests = (self._form % name.encode("ascii") for name in ids)
        for request, answer in _answers(self._process, requests, next_object, self._end):
            name = request.rpartition(b" ")[2].decode("ascii")
            if answer is None:
                raise unreadable(name)
            yield (name, *answer)

    def close(self) -> None:
        """End git's process."""
        self._process.finish()


@cache  # an audit makes a reader for each piece
def _version() -> tuple[int, ...]:
    """Git's, its first two numbers."""
    numbers = run("version").split()[2:3]  # as in `git version 2.39.5 (Apple Git-154)`
    return tuple(int(part) for part in b"".join(numbers).split(b".")[:2] if part.isdigit())


def resolved(expressions: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The id and type of the object that each expression stands for (`main^{tree}`), two times "" where it is none."""
    process = Process(("cat-file", "--batch-check=%(objectname) %(objecttype)"), alone=True, patience=SILENCE)
    try:
        for _, answer in _answers(process, map(os.fsencode, expressions), lambda stream: stream.readline()):
            name, _, kind = answer.rstrip(b"\n").rpartition(b" ")
            # Of nothing it says the expression, then why.
            yield (name.decode("ascii"), kind.decode("ascii")) if kind in _TYPES and name.isalnum() else ("", "")
    finally:
        process.finish()


def tree_contents(ids: Iterable[str]) -> Iterator[bytes]:
    """What git stores of each tree, nothing of one that is not here. Raises GitError where one is broken."""
    process = Process(("cat-file", "--batch"), alone=True, patience=SILENCE)

    def content(stream: IO[bytes]) -> tuple[str, bytes] | None:
        line = stream.readline()
        return ("tree", b"") if line.endswith(b" missing\n") else object_behind(line, stream)

    try:
        for name, answer in _answers(process, (name.encode("ascii") for name in ids), content):
            if answer is None:
                raise unreadable(name.decode("ascii"))
            yield answer[1]
    finally:
        process.finish()


def _answers(
    process: Process, requests: Iterable[bytes], next_answer: Callable[[IO[bytes]], T], end: bytes = b""
) -> Iterator[tuple[bytes, T]]:
    """Each request with its answer. Never more is asked than a pipe holds: git might wait for us to read, and we for git.

    `end`: what stands behind the requests that are made at a time.
    """
    rest, asked, size = iter(requests), deque[bytes](), 0
    while True:
        more = []
        while size < _AHEAD and (request := next(rest, None)) is not None:
            more.append(request + b"\n")
            size += len(more[-1])
        if more:
            asked += more
            try:
                process.stdin.write(b"".join((*more, end)))
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
