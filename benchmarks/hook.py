"""How long a commit waits for the hook: `python -m benchmarks.hook`, beside its peers and beside doing nothing.

Everything is made in a temporary folder: a bare virtual environment with the project in it as a wheel (a `.pth` file of a
development environment distorts), a repository with a clean commit staged, one with a leak staged. Commands take turns, so
that a noisy machine disturbs all of them alike. Peers: what is on the PATH or in the environment of `--peers`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from alikey_hook.errors import UserError
from benchmarks.peers import HOOKS, native
from benchmarks.place import FILES, STAGED_FILES, Place, prepare
from benchmarks.processes import FLOOR, Sample, answer, found, ran, sample

BASE = "python -c pass"
HEAVY = ("yaml", "detect_secrets", "requests")
IMPORT_RUNS = 9


class Command(NamedTuple):
    """What is measured, where, and the exit code without which the measurement is worth nothing.

    `checks`: whether it is a hook, which should find the leak; a tool may be fast because it does not look.
    """

    name: str
    argv: list[str]
    folder: Path
    expected: int = 0
    checks: bool = False


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 2 where something could not be measured."""
    options = _options(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="hook-") as folder:
            place = prepare(Path(folder), options.python_env, options.peers)
            commands = ours(place) + peers(place)
            finds = finders(commands, place)
            samples = measure(commands, options.runs, place.environment)
            imports, processes = imported(place), started(place, Path(folder))
    except UserError as error:
        print(f"benchmarks.hook: {error.message}\n{error.help}", file=sys.stderr)
        return 2
    about = f"Python {platform.python_version()}, {answer('git', '--version')}, {os.cpu_count()} cores, {options.runs} runs"
    print(f"{_table(samples, finds)}\n\n{about}, medians. {_said(processes)} {FLOOR}\n\n{_imports_table(imports)}")
    if options.json:
        options.json.write_text(_as_json(about, samples, finds, imports, processes), encoding="utf-8")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.hook", description="How long a commit waits for the hook.")
    add = parser.add_argument
    add("--runs", type=int, default=31, metavar="N", help="how often to run each command (default: 31)")
    add("--peers", type=Path, metavar="DIR", help="a virtual environment with other tools, besides what is on the PATH")
    add("--python-env", type=Path, metavar="DIR", help="measure what is installed there; do not make an environment")
    add("--json", type=Path, metavar="FILE", help="write every sample to FILE")
    options = parser.parse_args(argv)
    if options.runs < 1:
        parser.error("--runs must be at least 1")
    return options


# ---- the commands


def ours(place: Place) -> list[Command]:
    """What doing nothing costs, and the hook."""
    python, hook = str(place.python), [place.script("alikey-hook"), "hook", *place.staged]
    git = found("git", place.environment["PATH"])
    if git is None:
        raise UserError("git is not on the PATH.", "Install git.")
    return [
        Command(BASE, [python, "-c", "pass"], place.clean),
        Command('python -c "import re, subprocess"', [python, "-c", "import re, subprocess"], place.clean),
        Command("git diff --cached", [git, "diff", "--cached"], place.clean),
        Command("alikey-hook hook FILES", hook, place.clean, checks=True),
        Command("python -m alikey_hook hook FILES", [python, "-m", "alikey_hook", *hook[1:]], place.clean, checks=True),
        Command("alikey-hook hook FILES (a leak)", hook, place.leaking, expected=1),
    ]


def peers(place: Place) -> list[Command]:
    """The other tools that are here, called as a hook would call them, without a network."""
    path = f"{place.python.parent}{os.pathsep}{place.environment['PATH']}"
    commands = []
    for peer in HOOKS:
        wrapper = found(peer.executable, path)
        if wrapper is not None:
            argv = [found("git", path) or "git"] if peer.command_of_git else [native(peer.executable, peer.package, wrapper)]
            argv += peer.arguments + (place.staged if peer.takes_files else [])
            commands.append(Command(peer.executable, argv, place.clean, checks=True))
    return commands


# ---- measuring


def measure(commands: list[Command], runs: int, environment: dict[str, str]) -> dict[str, list[Sample]]:
    """Run the commands in turn, `runs` times after a round that only warms up. Raises UserError at a wrong exit code."""
    samples: dict[str, list[Sample]] = {command.name: [] for command in commands}
    for number in range(runs + 1):
        for command in commands:
            taken = sample(command.argv, command.folder, environment)
            if taken.code != command.expected:
                raise _wrong(command, taken.code, environment)
            if number:
                samples[command.name].append(taken)
    return samples


def finders(commands: list[Command], place: Place) -> set[str]:
    """The hooks that reject the leak. Raises UserError where ours does not."""
    finding = set()
    for command in commands:
        if command.checks:
            leaking = command._replace(folder=place.leaking, expected=1)
            code = sample(leaking.argv, leaking.folder, place.environment).code
            if code != 1 and "alikey" in command.name:
                raise _wrong(leaking, code, place.environment)
            finding |= {command.name} if code else set()
    return finding


def _wrong(command: Command, code: int, environment: dict[str, str]) -> UserError:
    done = subprocess.run(command.argv, cwd=command.folder, env=environment, capture_output=True, text=True)
    said = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
    return UserError(f"{command.name}: exit code {code} instead of {command.expected}.", said)


def imported(place: Place) -> dict[str, float]:
    """Each module that the clean hook imports beyond those of `BASE`, in order, with the microseconds it and its own take."""
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


# ---- what is printed


def _table(samples: dict[str, list[Sample]], finds: set[str]) -> str:
    base = median(one.milliseconds for one in samples[BASE])
    rows = [
        f"| a commit of {STAGED_FILES} of {FILES} files | ms | × `{BASE}` | peak MB | finds a leaked pair |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for name, taken in samples.items():
        time, memory = median(one.milliseconds for one in taken), median(one.megabytes for one in taken)
        rows.append(f"| `{name}` | {time:.1f} | {time / base:.2f} | {memory:.0f} | {'yes' if name in finds else ''} |")
    return "\n".join(rows)


def _said(processes: int | None) -> str:
    return "strace is not here." if processes is None else f"The hook is {processes} processes, itself included."


def _heavy(imports: dict[str, float]) -> list[str]:
    return sorted({name.partition(".")[0] for name in imports} & set(HEAVY))


def _imports_table(imports: dict[str, float]) -> str:
    rows = ["| imported by the clean hook | µs, with what it imports |", "| --- | ---: |"]
    rows += [f"| `{name}` | {time:.0f} |" for name, time in imports.items()]
    heavy = _heavy(imports)
    verdict = f"Among them: {', '.join(heavy)}!" if heavy else f"Not among them: {', '.join(HEAVY)}."
    return "\n".join([*rows, "", verdict])


def _as_json(
    about: str, samples: dict[str, list[Sample]], finds: set[str], imports: dict[str, float], processes: int | None
) -> str:
    rows = {
        name: {
            "milliseconds": [one.milliseconds for one in taken],
            "megabytes": [one.megabytes for one in taken],
            "finds": name in finds,
        }
        for name, taken in samples.items()
    }
    report = {"about": about, "commands": rows, "imports": imports, "heavy": _heavy(imports), "processes": processes}
    return json.dumps(report, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
