"""`alikey-hook baseline prune`: exceptions that match nothing any more."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.baseline import entries
from alikey_hook.commands.baseline.check import unused
from alikey_hook.commands.output import write
from alikey_hook.report.printable import printable


def main(argv: Sequence[str]) -> int:
    """Tell them, and remove them with --write; the exit code is 0."""
    options = parser().parse_args(list(argv))
    gone = unused(entries.entries(options.baseline), entries.everywhere(options.history))
    lines = [f"{entry.file}:{entry.line}: {entry.fingerprint[:19]}… {entry.status}: {entry.reason}" for entry in gone]
    if not gone:
        lines = ["nothing to remove: every entry matches something"]
    elif options.write:
        entries.erase(gone)
        lines.append(f"removed {len(gone)} of them; `git add` what has changed")
    else:
        lines.append("nothing was removed; --write removes them")
    write("".join(printable(line) + "\n" for line in lines), None)
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook baseline prune", description="Find exceptions that match nothing any more.")
    made.add_argument("--write", action="store_true", help="remove them (without it: only tell)")
    entries.add_history(made)
    entries.add_baseline(made)
    return made
