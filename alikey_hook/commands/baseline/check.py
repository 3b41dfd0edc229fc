"""`alikey-hook baseline check`: for CI."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook.allowlist.match import Entry, covers
from alikey_hook.clock import today
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.baseline import entries
from alikey_hook.commands.output import write
from alikey_hook.finding import Finding
from alikey_hook.report.printable import printable


def main(argv: Sequence[str]) -> int:
    """The exit code is 0 when all is well, 1 for expired, repeated or unused entries (2 for a file that is not right)."""
    options = parser().parse_args(list(argv))
    known = entries.entries(options.baseline)
    found = entries.everywhere(options.history)
    problems = [
        *((entry, f"expired on {entry.expires_on}") for entry in known if _expired(entry)),
        *((entry, f"says the same as {first.file}:{first.line}") for entry, first in _repeated(known)),
        *((entry, "matches nothing that is found") for entry in unused(known, found)),
    ]
    lines = [f"{entry.file}:{entry.line}: {entry.fingerprint[:19]}… {problem}" for entry, problem in problems]
    write("".join(printable(line) + "\n" for line in lines) or f"{len(known)} entries, all well\n", None)
    return 1 if problems else 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser(
        "alikey-hook baseline check",
        description="For CI: is every baseline file right, nothing expired, nothing repeated, nothing unused?",
        epilog="exit code: 0 all is well, 1 something is expired, repeated or unused, 2 a file is not as it should be",
    )
    entries.add_history(made)
    entries.add_baseline(made)
    return made


def unused(known: list[Entry], found: list[Finding]) -> list[Entry]:
    """The entries that allow nothing of what is found."""
    places: dict[str, set[str]] = {}
    for finding in found:
        places.setdefault(finding.fingerprint, set()).add(finding.path)
    return [entry for entry in known if not any(covers(entry, path) for path in places.get(entry.fingerprint, ()))]


def _expired(entry: Entry) -> bool:
    return entry.expires_on is not None and entry.expires_on < today()


def _repeated(known: list[Entry]) -> list[tuple[Entry, Entry]]:
    """Entries of one fingerprint and the same paths in several files, each with the first of them."""
    firsts: dict[tuple[str, tuple[str, ...]], Entry] = {}
    return [
        (entry, first) for entry in known if (first := firsts.setdefault((entry.fingerprint, entry.paths), entry)) is not entry
    ]
