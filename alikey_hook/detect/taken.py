"""Places in a text that are taken by values, so that a value is found once and not again as a part of a longer one."""

from __future__ import annotations

from bisect import bisect_left


class Taken:
    """Places of values, to see in logarithmic time whether another one is part of them: no two of one value overlap."""

    def __init__(self, values: tuple[str, ...]) -> None:
        self._within = {value: [known for known in values if value in known] for value in values}
        self._places: dict[str, tuple[list[int], list[int]]] = {value: ([], []) for value in values}

    def take(self, low: int, high: int, value: str) -> bool:
        """Whether the place was free: there is neither this value nor one that it is a part of. Then it is taken."""
        for known in self._within[value]:
            starts, ends = self._places[known]
            at = bisect_left(starts, high)
            if at and ends[at - 1] > low:
                return False
        starts, ends = self._places[value]
        at = bisect_left(starts, low)
        starts.insert(at, low)
        ends.insert(at, high)
        return True
