"""What was measured, as Markdown and as JSON."""

from __future__ import annotations

from typing import Any

from benchmarks.bars import Rows
from benchmarks.measuring import Row
from benchmarks.scenarios import Scenario


def section(scenario: Scenario, rows: Rows) -> str:
    """A scenario in Markdown: a table of its commands, and one of its bars."""
    base = rows[scenario.base].milliseconds
    lines = [
        f"## {scenario.title}",
        "",
        f"{scenario.about}.",
        "",
        f"| | ms | × `{scenario.base}` | processors, ms | peak MB | exit code |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(_line(row, base) for row in rows.values()),
        "",
        "| bar | at most | measured | |",
        "| --- | ---: | ---: | --- |",
    ]
    for bar in scenario.bars:
        figure = bar.measured(rows)
        lines.append(f"| {bar.words} | {_figure(bar.limit)} | {_figure(figure)} | {bar.verdict(rows)} |")
    return "\n".join(lines)


def _line(row: Row, base: float) -> str:
    if not row.samples:
        return f"| `{row.command.name}` | {row.out} | | | | |"
    cells = [_time(row.milliseconds), f"{row.milliseconds / base:.2f}", _time(row.processors), f"{row.megabytes:.0f}"]
    return f"| `{row.command.name}` | {' | '.join(cells)} | {row.samples[-1].code} |"


def _time(milliseconds: float) -> str:
    return f"{milliseconds:,.0f}" if milliseconds >= 100 else f"{milliseconds:.1f}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}" if value >= 50 else f"{value:.3g}"


def as_json(scenario: Scenario, rows: Rows) -> dict[str, Any]:
    """Every sample of a scenario, and its bars."""
    return {
        "title": scenario.title,
        "about": scenario.about,
        "commands": [
            {
                "name": name,
                "kind": row.command.kind,
                "samples": [sample._asdict() for sample in row.samples],
                "megabytes_together": row.together or None,
                "out": row.out or None,
            }
            for name, row in rows.items()
        ],
        "bars": [
            {"words": bar.words, "limit": bar.limit, "measured": bar.measured(rows), "verdict": bar.verdict(rows).strip("*")}
            for bar in scenario.bars
        ],
    }
