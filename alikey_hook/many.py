"""Many changes, looked at on all processors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alikey_hook.changes import Change
from alikey_hook.crew import answers
from alikey_hook.finding import Finding
from alikey_hook.git.blobs import Blobs
from alikey_hook.scan import Options, one_by_one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alikey_hook.scan import Looked

    Read = Callable[[str], bytes]
    Reads = Callable[[Blobs, Sequence[Change]], Read]

_PIECE = 200  # changes, at least: fewer are not worth a question
_PIECES = 8  # for each process, so that none is idle at the end
# A piece's place, of each of its changes how large it is and what it holds, and how many pointers led nowhere.
_Answer = tuple[int, list[tuple[int, list[Finding]]], int]


def looked(changes: list[Change], reads: Reads, options: Options, unread: Callable[[int], None]) -> Iterator[Looked]:
    """What `one_by_one` gives, in its order. `unread` is told how many pointers of Git LFS led to nothing that is here."""
    processors = os.cpu_count() or 1
    size = max(_PIECE, len(changes) // (processors * _PIECES))
    pieces = iter(range(0, len(changes), size))
    early: dict[int, list[tuple[int, list[Finding]]]] = {}
    at = 0
    arguments = (changes, reads, options, size)
    for place, found, count in answers(processors, _looking, arguments, lambda who: next(pieces, None), fork=True):
        unread(count)
        early[place] = found
        while at in early:
            for change, (length, findings) in zip(changes[at : at + size], early.pop(at), strict=True):
                yield change, length, findings
            at += size


def possible() -> bool:
    """Whether there is another processor, and a process can be copied: elsewhere that is not safe, or cannot be had."""
    return sys.platform == "linux" and os.cpu_count() != 1


@contextmanager
def _looking(changes: list[Change], reads: Reads, options: Options, size: int) -> Iterator[Callable[[int], _Answer]]:
    blobs = Blobs()  # a process of git answers one process only

    def look_at(place: int) -> _Answer:
        piece = changes[place : place + size]
        read = reads(blobs, piece)
        found = [(length, findings) for _, length, findings in one_by_one(piece, read, options)]
        return place, found, getattr(read, "unread", 0)

    try:
        yield look_at
    finally:
        blobs.close()
