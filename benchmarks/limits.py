"""What the largest and the worst inputs cost: `python -m benchmarks.limits` makes them, measures, prints a table, removes them.

With `--write docs/limits.md` the table becomes that page's. The whole of it takes 12 GB of disk and some minutes.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from alikey_hook.errors import UserError
from benchmarks import ROOT
from benchmarks.largest import CASES, Case, Place
from benchmarks.processes import Sample, TookTooLong, answer, environment, sample

_US = [sys.executable, "-m", "alikey_hook"]
_BAR = 3, 60  # peak memory: so many times the largest blob, and so many megabytes
_PATIENCE = 600.0
_START, _END = "<!-- made by python -m benchmarks.limits --write -->\n", "<!-- end -->\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where an exit code is not the right one."""
    parser = argparse.ArgumentParser("python -m benchmarks.limits", description="What the largest and worst inputs cost.")
    parser.add_argument("--scale", type=float, default=1.0, metavar="X", help="so many times the full size (default: 1)")
    parser.add_argument("--only", default="", metavar="WORDS", help="only the inputs with these words in their names")
    parser.add_argument("--write", metavar="FILE", help="put the table into this page")
    options = parser.parse_args(argv)
    rows, wrong = [], []
    with tempfile.TemporaryDirectory(prefix="limits-") as folder:
        env = {**environment(Path(folder) / "home"), "PYTHONPATH": str(ROOT)}
        for number, make in enumerate(CASES):
            work = Path(folder) / str(number)
            work.mkdir()
            case = make(Place(work, options.scale, env))
            if options.only not in case.name:
                shutil.rmtree(work)
                continue
            row, right = _measured(case, env)
            print(row, file=sys.stderr, flush=True)
            rows.append(row)
            if not right:
                wrong.append(case.name)
            shutil.rmtree(work)
    text = _table(rows, options.scale)
    print(text)
    if options.write:
        _put(Path(options.write), text)
    for name in wrong:
        print(f"not as it should be: {name}", file=sys.stderr)
    return 1 if wrong else 0


def _measured(case: Case, env: dict[str, str]) -> tuple[str, bool]:
    command = [*_US, *case.argv, "--no-own-keys"]
    shown = f"| {case.name} | `{' '.join(case.argv)}`"
    try:
        taken: Sample = sample(command, case.folder, env, _PATIENCE)
    except TookTooLong:
        return f"{shown} | | more than {_PATIENCE:g} | | |", False
    bar = _BAR[0] * case.largest + _BAR[1]
    figures = f"{taken.code} | {taken.milliseconds / 1000:,.1f} | {taken.megabytes:,.0f} | {bar:,.0f}"
    return f"{shown} | {figures} |", taken.code == case.code


def _table(rows: list[str], scale: float) -> str:
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"
    versions = f"Python {platform.python_version()}, {answer('git', '--version')}"
    size = "" if scale == 1 else f" Sizes times {scale:g}."
    head = [
        "| input | command | exit code | s | peak MB | 3 × the largest blob + 60 MB |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    return "\n".join([*head, *rows, "", f"{datetime.date.today()}; {machine}; {versions}.{size}", ""])


def _put(page: Path, text: str) -> None:
    """Put the table between the marks of a page."""
    before, start, rest = page.read_text("utf-8").partition(_START)
    _, end, behind = rest.partition(_END)
    if not (start and end):
        raise UserError(f"{page} has no place for the table.", f"Put {_START.strip()} and {_END.strip()} where it goes.")
    page.write_text(before + start + text + end + behind, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
