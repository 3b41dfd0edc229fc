"""The JSON report: one object, whose keys are a contract and are only ever added to."""

from __future__ import annotations

import json

from alikey_hook.report.about import JSON_HEAD, About
from alikey_hook.result import Result

_KEYS = (
    "rule status confidence severity path line column end_column commit fingerprint redacted partner encoding "
    "author_date in_tip decided_by source last_commit refs "
    "last_date own_exception excerpt excerpt_column excerpt_width"
).split()


def render(result: Result, about: About) -> str:
    """The report as one JSON object, ASCII only, so that a path that is not UTF-8 survives (as lone surrogates)."""
    report = {
        **JSON_HEAD,
        "findings": [{key: getattr(finding, key) for key in _KEYS} for finding in result.findings],
        "summary": {
            **{status: result.count(status) for status in ("new", "existing", "allowed", "expired")},
            "files": result.files,
            "bytes": result.bytes,
            "unread": result.unread,
        },
        "origin": about.origin._asdict(),
    }
    return json.dumps(report, indent=2) + "\n"
