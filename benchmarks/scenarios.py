"""What is measured: each scenario makes its repository and tells the commands, what they are compared with, and the bars."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from alikey_hook.errors import UserError
from benchmarks import bars, repositories
from benchmarks.bars import Bar
from benchmarks.measuring import OURS, PEER, Command
from benchmarks.peers import HISTORIES, HOOKS, PATTERN, REPORT, hooks, scanners
from benchmarks.place import FILES, STAGED_FILES, Place
from benchmarks.processes import found
from benchmarks.repositories import Sizes, Staged

BASE, GREP, HOOK = "python -c pass", "rg", "alikey-hook hook"
CAT, READER, UNORDERED = "git cat-file", "git cat-file, read by Python", "the same, --unordered"
DIFF_CAT, LOG = "git diff-index, git cat-file", "git log -p --all"
HISTORY, COLD, WARM = "alikey-hook scan --history", "… with a new cache", "… with the cache of the run before"
_FOUND = (0, 1)  # 1: something leaks, or so it is said; of rg: nothing is found
_PEER = (0, 1, 200)  # kingfisher says 200
_SPARE = 60  # MB beside three times the largest blob
# From a file of ids (or without one) through `git cat-file` to nowhere: a header line, so many bytes, a newline.
_READ = """
import subprocess, sys
ids = open(sys.argv[1], "rb")
command = ["git", "cat-file", "--batch", "--buffer", *sys.argv[2:]]
with subprocess.Popen(command, stdin=ids, stdout=subprocess.PIPE, bufsize=1 << 20) as git:
    while header := git.stdout.readline():
        git.stdout.read(int(header.rsplit(None, 1)[1]) + 1)
sys.exit(git.returncode)
"""
_DIFF_CAT = "git diff-index --cached --raw -z -M --no-abbrev HEAD -- && git cat-file --batch --buffer"


class Scenario(NamedTuple):
    """`about`: what is looked at, in words. `base`: the command that the others' times are told in."""

    title: str
    about: str
    base: str
    commands: list[Command]
    bars: list[Bar]


class Bench(NamedTuple):
    """Where it happens: an empty folder, the small repositories and the environment, how large the others are to be."""

    folder: Path
    place: Place
    sizes: Sizes

    @property
    def path(self) -> str:
        """Where programs are looked for."""
        return f"{self.place.environment['PATH']}{os.pathsep}{self.place.python.parent}"

    def program(self, name: str) -> str:
        """Where a program is that must be here. Raises UserError."""
        program = found(name, self.path)
        if program is None:
            raise UserError(f"{name} is not on the PATH.", f"Install {name}.")
        return program


def commit(bench: Bench) -> Scenario:
    """Nothing leaks: what nearly every commit waits for."""
    limits = [bars.times(HOOK, 1.8, BASE), bars.fastest(HOOK, 1)]
    return _small(bench, "A clean commit", bench.place.clean, 0, limits)


def finding(bench: Bench) -> Scenario:
    """A pair leaks; the exit code tells who finds it."""
    limits = [bars.times(HOOK, 6, BASE), bars.fastest(HOOK, 1)]
    return _small(bench, "A commit with a finding", bench.place.leaking, 1, limits)


def _small(bench: Bench, title: str, folder: Path, code: int, limits: list[Bar]) -> Scenario:
    place = bench.place
    ours = [place.script("alikey-hook"), "hook", *place.staged]
    commands = [
        Command(BASE, [str(place.python), "-c", "pass"], folder),
        Command("git diff --cached", [bench.program("git"), "diff", "--cached"], folder),
        Command(HOOK, ours, folder, (code,), OURS),
        *_peers(bench, folder, place.staged),
    ]
    return Scenario(title, f"{STAGED_FILES} of {FILES} files are staged", BASE, commands, [*limits, _memory(0)])


def vendored(bench: Bench) -> Scenario:
    """Somebody commits all dependencies at once."""
    made = repositories.vendored(bench.folder / "repository", bench.place.environment, bench.sizes.vendored)
    return _staged(bench, "A huge commit of vendored code", made, READER, [bars.times(HOOK, 1.5, READER)])


def minified(bench: Bench) -> Scenario:
    """A bundle: one file, one line."""
    made = repositories.minified(bench.folder / "repository", bench.place.environment, bench.sizes.minified)
    return _staged(bench, "A minified file", made, READER, [])


def small(bench: Bench) -> Scenario:
    """Many files at once, where what each of them costs counts."""
    made = repositories.small(bench.folder / "repository", bench.place.environment, bench.sizes.small)
    return _staged(bench, "Many small files", made, DIFF_CAT, [bars.times(HOOK, 3, DIFF_CAT)])


def _staged(bench: Bench, title: str, made: Staged, base: str, limits: list[Bar]) -> Scenario:
    shell, ids = [bench.program("sh"), "-c"], str(made.ids)
    commands = [
        Command(CAT, [*shell, 'git cat-file --batch --buffer < "$1"', "sh", ids], made.folder),
        Command(DIFF_CAT, [*shell, f'{_DIFF_CAT} < "$1"', "sh", ids], made.folder),
        Command(READER, [*_reader(), ids], made.folder),
        Command(HOOK, [bench.place.script("alikey-hook"), "hook"], made.folder, kind=OURS),
        *_peers(bench, made.folder, made.files),
    ]
    about = f"{len(made.files):,} new files with {made.bytes / 1e6:,.1f} MB are staged"
    return Scenario(title, about, base, commands, [*limits, _memory(made.largest)])


def tree(bench: Bench) -> Scenario:
    """All files of a working tree. git-secrets is there one `git grep` of one pattern: shown, and not in the bar."""
    folder = bench.folder / "tree"
    about = repositories.tree(folder, bench.place.environment, bench.sizes.tree)
    grep = found(GREP, bench.path)
    greps = [Command(GREP, [grep, "--threads", "2", PATTERN, "."], folder, _FOUND)] if grep else []
    ours = "alikey-hook scan"
    report = str(bench.folder / "report.json")
    commands = [
        *greps,
        Command(ours, [bench.place.script("alikey-hook"), "scan", "."], folder, _FOUND, OURS),
        *(
            Command(
                scanner.executable,
                [program, *(argument.replace(REPORT, report) for argument in scanner.arguments)],
                folder,
                scanner.codes,
                PEER,
            )
            for scanner, program in scanners(bench.path)
        ),
    ]
    limits = [bars.times(ours, 6, GREP), bars.fastest(ours, 0.6, but=["git-secrets"]), _memory(0)]
    return Scenario("A big tree", about, GREP if grep else ours, commands, limits)


def history(bench: Bench) -> Scenario:
    """Every object of a repository that is made."""
    folder = bench.folder / "history.git"
    repositories.history(folder, bench.place.environment, bench.sizes.commits)
    return history_of(bench, folder, "A deep history")


def history_of(bench: Bench, repository: Path, title: str) -> Scenario:
    """Every object of a repository that is here. Raises UserError where it is none."""
    environment = bench.place.environment
    cache = bench.folder / "cache"
    ours = [bench.place.script("alikey-hook"), "scan", "--history"]
    cached = [*ours, "--cache", str(cache)]
    incomplete = repositories.incomplete(repository, environment)
    # Where objects are missing, not all could be looked at: that is exit code 2. `git log -p` would fetch them, or fail.
    codes = (*_FOUND, 2) if incomplete else _FOUND
    logs = [] if incomplete else _logs(bench, repository)
    everything = [*_reader(), os.devnull, "--batch-all-objects"]
    commands = [
        Command(READER, everything, repository),
        Command(UNORDERED, [*everything, "--unordered"], repository),
        Command(HISTORY, ours, repository, codes, OURS, watched=True),
        Command(COLD, cached, repository, codes, OURS, lambda: shutil.rmtree(cache, ignore_errors=True), watched=True),
        Command(WARM, cached, repository, codes, OURS, watched=True),
        *logs,
    ]
    limits = [
        bars.times(HISTORY, 1.3, READER),
        bars.fastest(HISTORY, 0.2, but=["kingfisher"], plus=LOG),
        bars.times(WARM, 0.1, COLD),
        bars.together(200),
    ]
    return Scenario(title, repositories.about(repository, environment), READER, commands, limits)


def _logs(bench: Bench, repository: Path) -> list[Command]:
    """git's log with all patches, and the peers, which are made on it."""
    peers = (Command(name, argv, repository, _PEER, PEER) for name, argv in hooks(HISTORIES, bench.path, []))
    return [Command(LOG, [bench.program("git"), "log", "-p", "--all"], repository), *peers]


def _reader() -> list[str]:
    return [sys.executable, "-I", "-S", "-c", _READ]


def _peers(bench: Bench, folder: Path, files: list[str]) -> Iterable[Command]:
    return (Command(name, argv, folder, _PEER, PEER) for name, argv in hooks(HOOKS, bench.path, files))


def _memory(largest: int) -> Bar:
    return bars.memory(3 * largest / 1e6 + _SPARE, f"at most 3 × the largest blob + {_SPARE}")


SCENARIOS: dict[str, Callable[[Bench], Scenario]] = {
    "commit": commit,
    "finding": finding,
    "tree": tree,
    "history": history,
    "vendored": vendored,
    "minified": minified,
    "small": small,
}
