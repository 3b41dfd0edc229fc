"""What a large baseline adds to a commit: `python -m benchmarks.baseline`, to one that is blocked and to one that is clean.

Everything is made in a temporary folder, as in `benchmarks.hook`: an environment, and for each layout of the baseline (none,
one file, a file an entry) a repository with a clean commit staged and one with a leak staged. The commands take turns. The time
of the processors is told beside that of the clock: on a busy machine it is the one that can be compared.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from alikey_hook.allowlist.edit import written
from alikey_hook.allowlist.match import Entry
from alikey_hook.errors import UserError
from benchmarks.measuring import OURS, Command, Row, measure
from benchmarks.place import Place, prepare
from benchmarks.processes import answer, ran

ENTRIES, RUNS = 10_000, 11
BAR = 1.5  # seconds that a baseline of 10,000 entries may add to a blocked commit
NONE, ONE_FILE, OWN_FILES = "no baseline", "one file", "a file an entry"
BLOCKED, CLEAN = "blocked commit", "clean commit"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 2 where something could not be measured."""
    options = _options(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="baseline-") as folder:
            place = prepare(Path(folder), options.python_env)
            commands = [
                command for layout in (NONE, ONE_FILE, OWN_FILES) for command in _commands(place, layout, options.entries)
            ]
            rows = measure(commands, options.runs, place.environment)
    except UserError as error:
        print(f"benchmarks.baseline: {error.message}\n{error.help}", file=sys.stderr)
        return 2
    print(_table(rows, options.entries))
    about = f"Python {platform.python_version()}, {answer('git', '--version')}, {os.cpu_count()} cores, {options.runs} runs"
    print(
        f"\n{about}, medians. The bar: {ENTRIES} entries add at most {BAR} s to a blocked commit, and nothing to a clean one."
    )
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.baseline", description="What a large baseline adds to a commit.")
    add = parser.add_argument
    add("--entries", type=int, default=ENTRIES, metavar="N", help=f"how large the baseline is (default: {ENTRIES})")
    add("--runs", type=int, default=RUNS, metavar="N", help=f"how often to run each command (default: {RUNS})")
    add("--python-env", type=Path, metavar="DIR", help="measure what is installed there; do not make an environment")
    options = parser.parse_args(argv)
    if options.runs < 1 or options.entries < 1:
        parser.error("--runs and --entries must be at least 1")
    return options


def _commands(place: Place, layout: str, count: int) -> Iterator[Command]:
    """The hook in a repository with a leak staged, and in a clean one, both with the baseline committed."""
    hook = [place.script("alikey-hook"), "hook", *place.staged]
    for kind, source, code in ((BLOCKED, place.leaking, 1), (CLEAN, place.clean, 0)):
        folder = source
        if layout != NONE:
            folder = source.with_name(f"{source.name}-{layout.replace(' ', '-')}")
            shutil.copytree(source, folder, symlinks=True)
            _commit_baseline(folder, place.environment, layout, count)
        yield Command(_name(kind, layout), hook, folder, (code,), OURS)


def _name(kind: str, layout: str) -> str:
    return f"{kind}, {layout}"


def _commit_baseline(folder: Path, environment: dict[str, str], layout: str, count: int) -> None:
    """Commit a baseline of so many entries, and nothing of what is staged."""
    (folder / "baseline").mkdir()
    listed = [_entry(number) for number in range(count)]
    by_file: dict[str, list[Entry]] = {}
    for entry in sorted(listed):
        # What `alikey-hook baseline allow` names the files.
        name = "alikey" if layout == ONE_FILE else f"alikey-{entry.fingerprint.removeprefix('sha256:')[:8]}"
        by_file.setdefault(name, []).append(entry)
    for name, entries in by_file.items():
        text = "version: 1\nallow:\n" + "".join(map(written, entries))
        (folder / "baseline" / f"{name}.yaml").write_text(text, encoding="utf-8")
    git = ["git", "-C", str(folder)]
    ran([*git, "add", "baseline"], environment)
    ran([*git, "commit", "--quiet", "--message=Exceptions", "--", "baseline"], environment)


def _entry(number: int) -> Entry:
    digest = hashlib.sha256(f"alikey-hook {number}".encode()).hexdigest()
    return Entry(
        fingerprint=f"sha256:{digest}",
        status="test-fixture",
        reason="the key of the signing example in our tests; it never existed",
        paths=("tests/**",) if number % 4 == 0 else (),
        expires_on=None,
        rule="alibaba-access-key-secret",
        redacted="30 characters",
        reviewed_by="A Reviewer <reviewer@example.com>",
    )


def _table(rows: dict[str, Row], count: int) -> str:
    lines = [
        f"| {count} entries in |" + "".join(f" {kind}, ms | added | processors, ms | added |" for kind in (BLOCKED, CLEAN)),
        "| --- |" + " ---: |" * 8,
    ]
    for layout in (NONE, ONE_FILE, OWN_FILES):
        cells = []
        for kind in (BLOCKED, CLEAN):
            row, without = rows[_name(kind, layout)], rows[_name(kind, NONE)]
            for own, none in ((row.milliseconds, without.milliseconds), (row.processors, without.processors)):
                cells += [f"{own:.0f}", "" if layout == NONE else f"{own - none:+.0f}"]
        lines.append(f"| {layout} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
