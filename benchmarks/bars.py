"""The bars: what is promised about the measured figures, and whether it is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from benchmarks.measuring import OURS, PEER, Row

Rows = dict[str, Row]


class Bar(NamedTuple):
    """A promise. `measured`: the figure that may not be above the limit, from the rows; None where it cannot be told."""

    words: str
    limit: float
    measured: Callable[[Rows], float | None]

    def verdict(self, rows: Rows) -> str:
        """In a word or two."""
        figure = self.measured(rows)
        return "not measured" if figure is None else "met" if figure <= self.limit else "**missed**"


def times(ours: str, limit: float, *others: str) -> Bar:
    """The time of one command is at most so many times that of others together."""

    def measured(rows: Rows) -> float | None:
        together = sum(time(rows, other) or 0 for other in others)
        own = time(rows, ours)
        return own / together if own and all(time(rows, other) for other in others) else None

    return Bar(f"`{ours}`, × {' + '.join(f'`{other}`' for other in others)}", limit, measured)


def fastest(ours: str, limit: float, but: Collection[str] = (), plus: str = "") -> Bar:
    """The time of one command is at most so many times that of the fastest peer, with that of another command added."""

    def figure(rows: Rows) -> float | None:
        measured = [row for row in rows.values() if row.command.kind == PEER and row.samples]
        peers = [row.milliseconds for row in measured if row.command.name not in but]
        own, more = time(rows, ours), time(rows, plus) if plus else 0
        return own / (min(peers) + more) if own and peers and more is not None else None

    added = f"`{plus}` + " if plus else ""
    left_out = f" (but {', '.join(but)})" if but else ""
    return Bar(f"`{ours}`, × {added}the fastest peer{left_out}", limit, figure)


def memory(limit: float, words: str) -> Bar:
    """None of our commands has a process that takes more than so many MB."""
    return Bar(
        f"peak MB, {words}",
        limit,
        lambda rows: max(row.megabytes for row in rows.values() if row.command.kind == OURS),
    )


def together(limit: float) -> Bar:
    """All processes of our watched commands, git's left out, take at most so many MB together."""
    return Bar(
        "peak MB of our processes together",
        limit,
        lambda rows: max((row.together for row in rows.values() if row.command.watched), default=0) or None,
    )


def time(rows: Rows, name: str) -> float | None:
    """The median milliseconds of a command, None where it was not measured."""
    row = rows.get(name)
    return row.milliseconds if row and row.samples else None
