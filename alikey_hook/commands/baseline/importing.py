"""`alikey-hook baseline import`: take over a detect-secrets baseline."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import baseline, store
from alikey_hook.allowlist import edit
from alikey_hook.allowlist.match import Entry
from alikey_hook.allowlist.parse import audited
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.baseline import entries
from alikey_hook.commands.output import write
from alikey_hook.detect.engine import detect
from alikey_hook.errors import UserError
from alikey_hook.finding import fingerprint, hashed, redact
from alikey_hook.report.printable import printable
from alikey_hook.sources import files

_VERDICTS = {False: "false-positive", True: "leaked"}


def main(argv: Sequence[str]) -> int:
    """Write one file of entries; the exit code is 0."""
    options = parser().parse_args(list(argv))
    reason = options.reason or f"taken over from {os.path.basename(options.file)}"
    made, unlabelled, others = _taken_over(options.file, reason)
    target = options.to or os.path.join(baseline.top_or_here(), baseline.FOLDER, "alikey-imported.yaml")
    known = {(entry.fingerprint, entry.paths) for entry in entries.entries([])}
    new = [entry for entry in made if (entry.fingerprint, entry.paths) not in known]
    if new:
        entries.refuse_outside(target)
        store.update(target, lambda content: edit.inserted(content, os.path.relpath(target), *new))
    lines = [f"{len(new)} entries written to {os.path.relpath(target)}" if new else "nothing new to write"]
    lines += [f"not audited, so not allowed: {place}" for place in unlabelled]
    lines.append(f"{others} others are no Alibaba Cloud credentials, or are not in their files any more")
    write("".join(printable(line) + "\n" for line in lines), None)
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser(
        "alikey-hook baseline import",
        description="Take over what a detect-secrets baseline says of Alibaba Cloud credentials: audited as no secret becomes "
        "false-positive, audited as a secret becomes leaked, not audited is told and not allowed.",
    )
    made.add_argument("file", metavar="FILE", help="the detect-secrets baseline, usually .secrets.baseline")
    made.add_argument("--reason", help="the reason to record (default: where it comes from)")
    made.add_argument("--to", metavar="PATH", help="write into this file (default: baseline/alikey-imported.yaml)")
    return made


def _taken_over(path: str, reason: str) -> tuple[list[Entry], list[str], int]:
    """The entries, the places that nobody has audited, and how many results are not ours."""
    verdicts = audited(files.read(path), path)
    folder = os.path.dirname(os.path.abspath(path))
    top = os.path.realpath(baseline.top_or_here())
    by_file: dict[str, list[tuple[str, bool | None]]] = {}
    for name, digest, verdict in verdicts:
        by_file.setdefault(name, []).append((digest, verdict))
    every = entries.made(None, "", _VERDICTS[False], reason, [], "")
    made: dict[tuple[str, tuple[str, ...]], Entry] = {}
    unlabelled = []
    others = 0
    for name, results in by_file.items():
        values = _values(os.path.join(folder, name))
        for digest, verdict in results:
            rule, value = values.get(digest, ("", ""))
            if not value:
                others += 1
            elif verdict is None:
                unlabelled.append(f"{name}: {rule} {fingerprint(value)}")
            else:
                where = os.path.relpath(os.path.realpath(os.path.join(folder, name)), top).replace(os.sep, "/")
                key = (fingerprint(value), (_literal(where),))
                if key not in made or verdict:  # what one plugin's finding was audited as a secret for has leaked
                    entry = every._replace(fingerprint=key[0], paths=key[1], status=_VERDICTS[verdict])
                    made[key] = entry._replace(rule=rule, redacted=redact(rule, value))
    return list(made.values()), list(dict.fromkeys(unlabelled)), others


def _literal(path: str) -> str:
    """A path as a glob that means only itself."""
    return "".join("\\" + character if character in "*?[\\" else character for character in path)


def _values(path: str) -> dict[str, tuple[str, str]]:
    """The SHA-1 of each credential in a file, with its rule and value."""
    try:
        content = files.read(path)
    except UserError:
        return {}  # the file is gone, and with it what the result was about
    found = detect(content)
    return {hashed(d.value): (d.rule, d.value) for d in found}
