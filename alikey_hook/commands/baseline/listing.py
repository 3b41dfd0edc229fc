"""`alikey-hook baseline list`: all exceptions."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import clock
from alikey_hook.allowlist.match import Entry
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.baseline import entries
from alikey_hook.commands.output import write
from alikey_hook.report.printable import printable, width

_SOON = 30
_HEAD = ("fingerprint", "status", "expires", "rule", "value", "where", "reason", "file")


def main(argv: Sequence[str]) -> int:
    """Print a table; the exit code is 0."""
    options = parser().parse_args(list(argv))
    known = entries.entries(options.baseline)
    if options.format == "json":
        import json

        write(json.dumps([_json(entry) for entry in known], indent=2, default=str) + "\n", None)
        return 0
    rows = [_HEAD, *(_row(entry, clock.today()) for entry in known)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)) for row in rows)
    write("".join(line.rstrip() + "\n" for line in lines) if known else "no exceptions\n", None)
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook baseline list", description="Show all exceptions.")
    made.add_argument("--format", choices=("text", "json"), default="text", help="what to print (default: text)")
    entries.add_baseline(made)
    return made


def _json(entry: Entry) -> dict[str, object]:
    return {key: value for key, value in entry._asdict().items() if value or key == "line"}


def _row(entry: Entry, today: datetime.date) -> tuple[str, ...]:
    cells = (
        entry.fingerprint.removeprefix("sha256:")[:12],
        entry.status,
        _expires(entry.expires_on, today),
        entry.rule,
        entry.redacted,
        " ".join(entry.paths) or "everywhere",
        entry.reason,
        f"{entry.file}:{entry.line}",
    )
    return tuple(printable(cell) for cell in cells)


def _expires(day: datetime.date | None, today: datetime.date) -> str:
    if day is None:
        return "never"
    left = (day - today).days
    if left < 0:
        return f"{day} EXPIRED"
    return f"{day} in {left} days" if left <= _SOON else str(day)
