"""From looks to an exit code: scan, report, judge."""

from __future__ import annotations

import os
import sys

from alikey_hook.commands.looks import FILES
from alikey_hook.errors import TimeUp
from alikey_hook.own_keys import OwnKeys
from alikey_hook.result import Result
from alikey_hook.scan import Options, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alikey_hook.commands.looks import Look
    from alikey_hook.commands.settings import Settings
    from alikey_hook.finding import Finding

CANNOT_LOOK, LEAK, CLEAN = 2, 1, 0
_NAMED = 5  # files that were not looked at


def check(looks: list[Look], settings: Settings, summary: bool = False) -> int:
    """Scan, report, and give the exit code. `summary`: whether to say so when nothing leaks."""
    own = OwnKeys(os.environ) if settings.own_keys else None
    if own and settings.verbosity > 0:
        for warning in own.warnings:
            from alikey_hook.report.printable import printable

            print(f"alikey-hook: note: {printable(warning)}", file=sys.stderr)
    sys.audit("alikey_hook", "own keys", len(own.sources) if own else 0)
    options = Options(settings.min_confidence, settings.inline_allow, own.sources if own else None)
    total = Result([], 0, 0)
    for look in looks:
        if any(change.path.startswith("baseline/alikey") for change in look.changes):
            look.allowlist()  # a broken baseline is refused when it is committed, not when the next finding needs it
        result = scan(look.looked(options), look.read, look.allowlist, options)
        if not result.over:
            _complete(result, look)
        result.unread = look.unread
        sys.audit("alikey_hook", "looked at", look.kind, result.files, "files", result.bytes, "bytes")
        for finding in result.findings:
            sys.audit("alikey_hook", "found", finding.rule, finding.confidence, "and decided", finding.status)
        total.add(result)
        if total.over:
            return _partial(total, looks, settings)
    if settings.timeout is not None:
        from alikey_hook.limit import rest

        rest()  # the report is to be whole
    return report(total, looks[0].kind if looks else "", settings, summary)


def _complete(result: Result, look: Look) -> None:
    """Add to the findings what only git knows; without that, where the time is over meanwhile."""
    try:
        if result.findings and look.complete:
            result.findings = look.complete(result.findings)
        result.findings = _with_own_exceptions(result.findings, look)
    except TimeUp as over:
        result.over = over.message


def _partial(total: Result, looks: list[Look], settings: Settings) -> int:
    """Report what was found until the time was over, and say what was not looked at."""
    from alikey_hook.limit import rest
    from alikey_hook.report.printable import printable

    rest()
    changes = [change for look in looks for change in look.changes]
    left = [printable(change.path) for change in changes[total.files :]]
    report(total, looks[0].kind, settings, summary=False, complete=False)
    names = ", ".join(left[:_NAMED]) + (f" and {len(left) - _NAMED} more" if len(left) > _NAMED else "")
    told = f"not looked at: {names}" if left else "all was looked at, but not all is known of what was found"
    print(
        f"alikey-hook: {total.over}, and this is not complete: {total.files} of {len(changes)} files were looked at; {told}.",
        file=sys.stderr,
    )
    return CANNOT_LOOK


def _with_own_exceptions(findings: list[Finding], look: Look) -> list[Finding]:
    """The findings, those marked that an exception allows which the changes themselves bring. Files as they are bring none."""
    brings = look.kind != FILES and any(finding.decided_by for finding in findings)
    changed = {change.path: change for change in look.changes} if brings else {}
    marked = []
    for finding in findings:
        change = changed.get((finding.decided_by or "").rpartition(":")[0])
        own = change is not None and not any(finding.fingerprint.encode() in look.read(blob) for blob in change.before)
        marked.append(finding._replace(own_exception=True) if own else finding)
    return marked


def report(result: Result, kind: str, settings: Settings, summary: bool, complete: bool = True) -> int:
    """Report what there is to report, and give the exit code. `kind`: where it was found, for the words.

    `complete`: whether all of it was looked at.
    """
    if settings.format != "text":
        from alikey_hook.commands.formats import write_report
        from alikey_hook.commands.origin import origin

        write_report(result, origin(kind, complete), settings)
    elif result.findings or result.unread or summary or settings.output:
        from alikey_hook.commands.formats import write_text

        write_text(result, kind, settings, summary)
    return LEAK if result.blocking else CLEAN
