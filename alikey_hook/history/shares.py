"""Objects handed out to processes: each gets neighbours, since git reads those together, and nobody is idle to the end."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from itertools import pairwise

from alikey_hook.git.objects import Listing
from alikey_hook.history.worker import Done, How, working, working_there

_PIECE_BYTES, _PIECE_OBJECTS = 8 << 20, 4000
_WORTH_PROCESSES = 24 << 20


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
    if how.alone or processors == 1 or total < _WORTH_PROCESSES:
        shares = Shares(objects, wanted, 1)
        with working(how) as look:
            while ids := shares.piece(0):
                yield look(ids)
        return
    from alikey_hook.crew import answers  # what it imports takes a tenth of a walk that has nothing new to look at

    shares = Shares(objects, wanted, processors)
    yield from answers(processors, working_there, (how,), lambda who: shares.piece(who) or None)
