"""How long everybody waits: `python -m benchmarks`, us beside our peers and beside git and Python doing no more than needed.

Everything is made in a temporary folder: a bare virtual environment with the project in it as a wheel (a `.pth` file of a
development environment distorts), and a repository for each scenario. The commands of a scenario take turns, so that a noisy
machine disturbs all of them alike. Peers: what is on the PATH or in the folders of `--peers`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from alikey_hook import store
from alikey_hook.errors import UserError
from benchmarks import peers, repositories, tables
from benchmarks.measuring import PEER, measure
from benchmarks.place import prepare
from benchmarks.processes import FLOOR, answer, found
from benchmarks.scenarios import GREP, SCENARIOS, Bench, Scenario, history_of

_HEAD = """\
# Performance

`python -m benchmarks --write docs/performance.md` wrote this on {day}: what it waits for is measured beside what cannot be
faster, and beside other scanners of secrets. Ratios tell something about another machine, milliseconds do not.

{about}
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write; 2 where something could not be measured."""
    options = _options(argv)
    try:
        if options.install_peers:
            lacking = peers.installed(options.install_peers)
            print(f"Not to be had: {', '.join(lacking) or 'nothing'}.", file=sys.stderr)
            options.peers.append(options.install_peers)
        with tempfile.TemporaryDirectory(prefix="benchmarks-") as name:
            _run(options, Path(name).resolve())
    except (UserError, OSError) as error:
        message, help = (error.message, error.help) if isinstance(error, UserError) else (str(error), "Is the disk full?")
        print(f"benchmarks: {message}\n{help}", file=sys.stderr)
        return 2
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description="How long everybody waits for us and for others.")
    add = parser.add_argument
    add("--only", nargs="+", choices=SCENARIOS, metavar="NAME", help=f"only these: {', '.join(SCENARIOS)}")
    add("--repository", type=Path, action="append", default=[], metavar="DIR", help="a history of your own too; repeatable")
    add("--runs", type=int, metavar="N", help="how often to run each command (default: 5)")
    add("--quick", action="store_true", help="tiny repositories, one run: does it work?")
    add("--patience", type=float, metavar="SECONDS", default=120, help="leave out a peer that takes longer (default: 120)")
    add("--peers", type=Path, action="append", default=[], metavar="DIR", help="where other tools are; repeatable")
    add("--no-peers", action="store_true", help="leave all of them out")
    add("--install-peers", type=Path, metavar="DIR", help="install there first what PyPI and npm have")
    add("--python-env", type=Path, metavar="DIR", help="measure what is installed there; do not make an environment")
    add("--json", type=Path, metavar="FILE", help="write every sample to FILE")
    add("--write", type=Path, metavar="FILE", help="write the tables to FILE, in place of those of the last time")
    options = parser.parse_args(argv)
    options.runs = (1 if options.quick else 5) if options.runs is None else options.runs
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


def _run(options: argparse.Namespace, folder: Path) -> None:
    place = prepare(folder, options.python_env, options.peers)
    bench = Bench(folder, place, repositories.QUICK if options.quick else repositories.FULL)
    about = _about(bench, options)
    sections: list[str] = []
    reports: list[dict[str, Any]] = []
    for make in _scenarios(options):
        with tempfile.TemporaryDirectory(dir=folder) as name:
            scenario = make(bench._replace(folder=Path(name)))
            commands = [one for one in scenario.commands if not (options.no_peers and one.kind == PEER)]
            rows = measure(commands, options.runs, place.environment, options.patience)
        sections.append(tables.section(scenario, rows))
        reports.append(tables.as_json(scenario, rows))
        print(sections[-1], end="\n\n", flush=True)
    print(about)
    if options.json:
        _write(options.json, json.dumps({"about": about, "scenarios": reports}, indent=1, ensure_ascii=False))
    if options.write:
        _write(options.write, "\n\n".join([_HEAD.format(day=date.today(), about=about).rstrip(), *sections]))


def _scenarios(options: argparse.Namespace) -> Iterator[Callable[[Bench], Scenario]]:
    # Histories of one's own instead of all that is made, unless both are asked for.
    for name in options.only or ([] if options.repository else SCENARIOS):
        yield SCENARIOS[name]
    for repository in options.repository:
        whole = repository.resolve()
        yield partial(history_of, repository=whole, title=f"The history of {whole.name.removesuffix('.git')}")


def _write(path: Path, text: str) -> None:
    store.replace(str(path), f"{text}\n".encode())


def _about(bench: Bench, options: argparse.Namespace) -> str:
    """The machine and what is measured on it, in words."""
    environment = bench.place.environment
    rg = found(GREP, bench.path)
    tools = [answer("git", "--version"), *([answer(rg, "--version").partition("\n")[0]] if rg else [])]
    others = [] if options.no_peers else peers.scanners(bench.path)
    tools += [peers.titled(scanner, program, environment) for scanner, program in others]
    version = answer(str(bench.place.python), "-c", "import platform; print(platform.python_version())")
    machine = f"{_processor()}, {os.cpu_count()} processors, {platform.system()}, load {os.getloadavg()[0]:.1f} before"
    return (
        f"{machine}; Python {version}, {', '.join(tools)}. "
        f"Medians of {options.runs} runs in turn after one to warm up; memory is the peak of the largest process. {FLOOR}"
        f"{' The repositories are tiny: the figures mean nothing.' if options.quick else ''}"
    )


def _processor() -> str:
    try:
        names = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    except OSError:
        names = None
    return names[1] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main())
