"""What the clean hook imports, and how many processes it is: `python -m benchmarks.hook`. Its time: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from alikey_hook.errors import UserError
from benchmarks.place import Place, prepare
from benchmarks.processes import found, ran

HEAVY = ("yaml", "detect_secrets", "requests")
IMPORT_RUNS = 9


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 2 where something could not be measured."""
    parser = argparse.ArgumentParser("python -m benchmarks.hook", description="What the clean hook imports and starts.")
    parser.add_argument("--python-env", type=Path, metavar="DIR", help="look at what is installed there; make no environment")
    options = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="hook-") as folder:
            place = prepare(Path(folder), options.python_env)
            imports, processes = imported(place), started(place, Path(folder))
    except UserError as error:
        print(f"benchmarks.hook: {error.message}\n{error.help}", file=sys.stderr)
        return 2
    print(f"{_imports_table(imports)}\n\n{_said(processes)}")
    return 0


def imported(place: Place) -> dict[str, float]:
    """What the clean hook imports and `python -c pass` does not, in order, with microseconds for each and what it imports."""
    base = _import_times(place, ["-c", "pass"])
    rounds = [_import_times(place, [place.script("alikey-hook"), "hook", *place.staged]) for _ in range(IMPORT_RUNS)]
    return {name: median(times[name] for times in rounds) for name in rounds[0] if name not in base}


def _import_times(place: Place, arguments: list[str]) -> dict[str, int]:
    argv = [str(place.python), "-X", "importtime", *arguments]
    done = subprocess.run(argv, cwd=place.clean, env=place.environment, capture_output=True, text=True)
    lines = re.findall(r"^import time: +\d+ \| +(\d+) \| +(\S+)$", done.stderr, re.MULTILINE)
    return {name: int(cumulative) for cumulative, name in lines}


def started(place: Place, folder: Path) -> int | None:
    """How many processes the clean hook is, itself included; None without strace."""
    strace = found("strace", place.environment["PATH"])
    if strace is None:
        return None
    summary = folder / "strace"
    argv = [strace, "-f", "-c", "-e", "trace=execve", "-o", str(summary), place.script("alikey-hook"), "hook", *place.staged]
    ran(argv, place.environment, place.clean)
    # The columns: % time, seconds, usecs/call, calls, errors (or blank: the folders of the PATH without the program), syscall
    for line in summary.read_text(encoding="utf-8").splitlines():
        columns = line.split()
        if columns[-1:] == ["execve"]:
            return int(columns[3]) - (int(columns[4]) if len(columns) == 6 else 0)
    return None


def _said(processes: int | None) -> str:
    return "strace is not here." if processes is None else f"The hook is {processes} processes, itself included."


def _imports_table(imports: dict[str, float]) -> str:
    rows = ["| imported by the clean hook | µs, with what it imports |", "| --- | ---: |"]
    rows += [f"| `{name}` | {time:.0f} |" for name, time in imports.items()]
    heavy = sorted({name.partition(".")[0] for name in imports} & set(HEAVY))
    verdict = f"Among them: {', '.join(heavy)}!" if heavy else f"Not among them: {', '.join(HEAVY)}."
    return "\n".join([*rows, "", verdict])


if __name__ == "__main__":
    sys.exit(main())
