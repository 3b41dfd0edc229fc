"""What was done with a key, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from alikey_hook.report.about import JSON_HEAD
from alikey_hook.report.printable import printable


class Trail(NamedTuple):
    """`events`: the important ones first, then the newest. `refused`: (region, why). `more`: regions with more events."""

    redacted: str
    start: str
    end: str
    events: list[Any]
    asked: list[str]
    refused: list[tuple[str, str]]
    not_asked: list[str]
    more: list[str]


def text(trail: Trail) -> str:
    """For a terminal."""
    lines = [f"{trail.redacted}: {_count(trail.events)}, {trail.start} to {trail.end}"]
    rows = [[_mark(one), one.time, one.region, f"{one.service} {one.name}", one.address, one.error] for one in trail.events]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(5)]
    for row in rows:
        lines.append(
            "  " + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[5]]).rstrip()
        )
    lines.append(f"regions asked: {', '.join(trail.asked) or 'none'}")
    lines += [f"could not be asked: {region}: {why}" for region, why in trail.refused]
    if trail.more:
        lines.append(f"more events than were read: {', '.join(trail.more)} (--limit, or fewer --days)")
    lines.append(f"regions not asked: {', '.join(trail.not_asked) or 'none'}")
    # Whoever used the key chose some of these words.
    return "\n".join(map(printable, lines)) + "\n"


def as_json(trail: Trail) -> str:
    """For programs."""
    events = [{**one._asdict(), "succeeded": not one.error} for one in trail.events]
    refused = [{"region": region, "why": why} for region, why in trail.refused]
    return json.dumps({**JSON_HEAD, **trail._asdict(), "events": events, "refused": refused}, indent=2) + "\n"


RENDER: dict[str, Callable[[Trail], str]] = {"text": text, "json": as_json}


def _mark(event: Any) -> str:
    outcome = "failed" if event.error else "ok"
    return f"!! {outcome}" if event.important else f"   {outcome}"


def _count(events: Iterable[Any]) -> str:
    outcomes = [not event.error for event in events]
    return f"{len(outcomes)} events, {sum(outcomes)} succeeded"
