"""Measuring commands side by side: what is run, in turn, and what came out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from alikey_hook.errors import UserError
from benchmarks.processes import Sample, TookTooLong, sample, together

OURS, YARDSTICK, PEER = "ours", "yardstick", "peer"


class Command(NamedTuple):
    """What is measured, where, and the exit codes without which the measurement is worth nothing.

    `kind`: OURS, YARDSTICK or PEER. `before`: what comes before each run, untimed. `watched`: whether the memory of all its
    processes together is looked at too.
    """

    name: str
    argv: list[str]
    folder: Path
    codes: tuple[int, ...] = (0,)
    kind: str = YARDSTICK
    before: Callable[[], None] = lambda: None
    watched: bool = False


class Row(NamedTuple):
    """What came out of a command. `out`: why it was not measured. `together`: megabytes, where that was looked at."""

    command: Command
    samples: list[Sample]
    together: float = 0
    out: str = ""

    @property
    def milliseconds(self) -> float:
        """The median."""
        return median(one.milliseconds for one in self.samples)

    @property
    def processors(self) -> float:
        """The median of the milliseconds that processors were busy."""
        return median(one.processors for one in self.samples)

    @property
    def megabytes(self) -> float:
        """The largest peak."""
        return max(one.megabytes for one in self.samples)


def measure(
    commands: Iterable[Command], runs: int, environment: dict[str, str], patience: float | None = None
) -> dict[str, Row]:
    """Run the commands in turn, `runs` times after a round that only warms up; the rows by name.

    A peer that fails or that takes longer than `patience` seconds is out; of anything else that is an error (UserError).
    """
    rows = {command.name: Row(command, []) for command in commands}
    for number in range(runs + 1):
        for name, row in rows.items():
            if row.out:
                continue
            try:
                taken = _taken(row.command, environment, patience)
            except UserError as error:
                if row.command.kind != PEER:
                    raise
                rows[name] = row._replace(out=error.message.removeprefix(f"{name}: "))
                continue
            if number:
                row.samples.append(taken)
            elif row.command.watched:
                row.command.before()
                rows[name] = row._replace(together=together(row.command.argv, row.command.folder, environment))
    return rows


def _taken(command: Command, environment: dict[str, str], patience: float | None) -> Sample:
    command.before()
    try:
        taken = sample(command.argv, command.folder, environment, patience if command.kind == PEER else None)
    except TookTooLong as error:
        raise UserError(f"{command.name}: {error.message}", error.help) from None
    if taken.code in command.codes:
        return taken
    said = "Run it by hand."
    if command.kind != PEER:  # only peers are not known to keep values out of what they say
        done = subprocess.run(command.argv, cwd=command.folder, env=environment, capture_output=True)
        said = "\n".join(done.stderr.decode("utf-8", "replace").splitlines()[-5:])
    raise UserError(f"{command.name}: exit code {taken.code} instead of {' or '.join(map(str, command.codes))}.", said)
