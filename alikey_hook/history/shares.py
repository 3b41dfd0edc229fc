"""Objects handed out to processes: each gets neighbours, since git reads those together, and nobody is idle to the end."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing.connection import Connection, wait

from alikey_hook.errors import UserError
from alikey_hook.git.objects import Listing
from alikey_hook.history.worker import Done, How, serve, working

_PIECE_BYTES, _PIECE_OBJECTS = 8 << 20, 4000
_WORTH_PROCESSES = 24 << 20
_PATIENCE = 600.0  # seconds for a piece: of a damaged object git may give less than it says


class Shares:
    """Parts of a list of objects, one for each who takes pieces of some megabytes from its front."""

    def __init__(self, objects: Listing, wanted: array[int], count: int) -> None:
        self._objects = objects
        self._wanted = wanted
        self._parts = self._divided(count)

    def _divided(self, count: int) -> list[tuple[int, int]]:
        total = sum(self._objects.sizes[at] for at in self._wanted)
        bounds, size = [0], 0
        for index, at in enumerate(self._wanted):
            if size * count >= total * len(bounds) and len(bounds) < count:
                bounds.append(index)
            size += self._objects.sizes[at]
        bounds += [len(self._wanted)] * (count + 1 - len(bounds))
        return list(pairwise(bounds))

    def piece(self, who: int) -> list[str]:
        """The ids of the next piece of somebody's part, of half of the largest one once that is used up; [] at the end."""
        start, stop = self._parts[who]
        if start == stop:
            largest = max(range(len(self._parts)), key=lambda other: self._parts[other][1] - self._parts[other][0])
            low, stop = self._parts[largest]
            start = (low + stop) // 2
            self._parts[largest] = (low, start)
        ids: list[str] = []
        size = 0
        while start < stop and len(ids) < _PIECE_OBJECTS:
            size += self._objects.sizes[self._wanted[start]]
            if ids and size > _PIECE_BYTES:
                break
            ids.append(self._objects.id(self._wanted[start]))
            start += 1
        self._parts[who] = (start, stop)
        return ids


def looked(objects: Listing, wanted: array[int], how: How) -> Iterator[Done]:
    """Look at all objects that are wanted, on all processors where that pays; what each piece held, in no certain order."""
    processors = os.cpu_count() or 1
    total = sum(objects.sizes[at] for at in wanted)
    if processors == 1 or total < _WORTH_PROCESSES:
        shares = Shares(objects, wanted, 1)
        with working(how) as worker:
            while ids := shares.piece(0):
                yield worker.look(ids)
        return
    shares = Shares(objects, wanted, processors)
    with _processes(processors, how) as connections:
        busy = [who for who in range(processors) if _handed_out(shares.piece(who), connections[who])]
        while busy:
            ready = wait([connections[who] for who in busy], _PATIENCE)
            if not ready:
                raise UserError("git has not answered for ten minutes.", "Run `git fsck`; not everything was looked at.")
            for who in [who for who in busy if connections[who] in ready]:
                yield _received(connections[who])
                if not _handed_out(shares.piece(who), connections[who]):
                    busy.remove(who)


def _handed_out(ids: list[str], connection: Connection) -> bool:
    if ids:
        connection.send(ids)
    return bool(ids)


def _received(connection: Connection) -> Done:
    try:
        done = connection.recv()
    except EOFError:
        raise UserError("a process that looks at objects has ended.", "Is there memory left? Try again.") from None
    if isinstance(done, Done):
        return done
    raise done


@contextmanager
def _processes(count: int, how: How) -> Iterator[list[Connection]]:
    from multiprocessing import Pipe, Process

    connections: list[Connection] = []
    processes: list[Process] = []
    try:
        for _ in range(count):
            ours, theirs = Pipe()
            process = Process(target=serve, args=(how, theirs, ours), daemon=True)
            process.start()
            theirs.close()
            connections.append(ours)
            processes.append(process)
        yield connections
    finally:
        for process in processes:
            process.terminate()
            process.join()
