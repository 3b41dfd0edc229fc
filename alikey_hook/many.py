"""Many files, looked at on all processors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alikey_hook.changes import Change
from alikey_hook.crew import answers
from alikey_hook.finding import Finding
from alikey_hook.scan import Options, one_by_one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alikey_hook.scan import Looked

_PIECE = 200
Read = Callable[[str], bytes]
# A piece's place, and of each of its changes how large it is and what it holds.
_Answer = tuple[int, list[tuple[int, list[Finding]]]]


def looked(changes: list[Change], read: Read, options: Options) -> Iterator[Looked]:
    """What `one_by_one` gives, in its order. `read` must need nothing that another process cannot have, such as a pipe."""
    processors = os.cpu_count() or 1
    if processors == 1 or sys.platform != "linux":  # elsewhere a copy of a process is not safe, or cannot be had
        yield from one_by_one(changes, read, options)
        return
    pieces = iter(range(0, len(changes), _PIECE))
    early: dict[int, list[tuple[int, list[Finding]]]] = {}
    at = 0
    for place, found in answers(processors, _looking, (changes, read, options), lambda who: next(pieces, None), fork=True):
        early[place] = found
        while at in early:
            for change, (size, findings) in zip(changes[at : at + _PIECE], early.pop(at), strict=True):
                yield change, size, findings
            at += _PIECE


@contextmanager
def _looking(changes: list[Change], read: Read, options: Options) -> Iterator[Callable[[int], _Answer]]:
    def look_at(place: int) -> _Answer:
        piece = changes[place : place + _PIECE]
        return place, [(size, findings) for _, size, findings in one_by_one(piece, read, options)]

    yield look_at
