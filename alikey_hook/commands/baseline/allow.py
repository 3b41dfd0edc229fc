"""`alikey-hook baseline allow`: record one exception."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import baseline
from alikey_hook.allowlist.match import STATUSES
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.baseline import entries
from alikey_hook.errors import UserError
from alikey_hook.finding import Finding
from alikey_hook.git.process import GitError
from alikey_hook.report.printable import printable


def main(argv: Sequence[str]) -> int:
    """Write the entry; the exit code is 0."""
    options = parser().parse_args(list(argv))
    known = entries.entries(options.baseline)
    finding, fingerprint = _meant(options.fingerprint)
    entry = entries.made(finding, fingerprint, options.status, options.reason, options.paths, options.expires)
    path = entries.write(entry, options.file, known)
    named = printable(path)
    if finding is None:
        print(f"note: {fingerprint[:15]}… is found neither in what is staged nor in the files here", file=sys.stderr)
    shown = os.path.relpath(os.path.realpath(path), os.path.realpath(baseline.top_or_here())).replace(os.sep, "/")
    if not options.baseline and not baseline.is_default(shown):
        print(f"note: {named} is read only where it is named: --baseline {named}", file=sys.stderr)
    print(f"{named} records it; `git add` it, so that it goes with the commit that needs it")
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook baseline allow", description="Record one reviewed exception.")
    add = made.add_argument
    add(
        "fingerprint",
        metavar="FINGERPRINT",
        help="sha256:…, as reports show it; of what is found here 8 digits are enough",
    )
    add("--status", required=True, choices=STATUSES, help="what the value is; `leaked` is recorded and still blocks")
    add("--reason", required=True, help="why it may be committed")
    add("--paths", action="append", default=[], metavar="GLOB", help="allow it only there; repeatable")
    add("--expires", default="", metavar="DAY", help="block again after this day (2027-11-25), or in so many days")
    add("--file", metavar="PATH", help="write it into this file, instead of one of its own below baseline/")
    entries.add_baseline(made)
    return made


def _meant(text: str) -> tuple[Finding | None, str]:
    """What is found here of a fingerprint or its beginning, and the whole fingerprint."""
    digits = entries.digits(text)
    if not digits:
        raise UserError("that is no fingerprint.", "Copy it from a report: sha256: and 64 hexadecimal digits.")
    try:
        here = entries.found([], staged=True) or entries.found([])
        here += [] if any(entries.begins(finding, digits) for finding in here) else entries.found([])
    except GitError:
        here = []
    matching = {finding.fingerprint: finding for finding in here if entries.begins(finding, digits)}
    if len(matching) == 1:
        ((fingerprint, finding),) = matching.items()
        return finding, fingerprint
    if text == f"sha256:{digits}" and len(digits) == 64:
        return None, text
    problem = f"{len(matching)} values begin so" if matching else "nothing that is found here begins so"
    raise UserError(f"{text}: {problem}.", "Give the whole fingerprint.")
