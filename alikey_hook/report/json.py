"""The JSON report: one object, whose keys are a contract and are only ever added to."""

from __future__ import annotations

import json
from typing import Any

from alikey_hook.finding import Finding
from alikey_hook.report.about import JSON_HEAD, About, Origin
from alikey_hook.report.rows import rows
from alikey_hook.result import Result

_KEYS = (
    "rule status confidence severity path line column end_column commit fingerprint redacted partner encoding "
    "author_date in_tip decided_by source last_commit refs "
    "last_date own_exception excerpt excerpt_column excerpt_width"
).split()
# What is the same at every place of a value.
OF_VALUES = ("rule", "status", "fingerprint", "redacted")


def render(result: Result, about: About) -> str:
    """The report as one JSON object, ASCII only, so that a path that is not UTF-8 survives (as lone surrogates).

    In an audit, one secret in many repositories is one finding with many `places`.
    """
    report = {
        **JSON_HEAD,
        "findings": [_row(same) for same in rows(result.findings)],
        "summary": {
            **{status: result.count(status) for status in ("new", "existing", "allowed", "expired")},
            "files": result.files,
            "bytes": result.bytes,
            "unread": result.unread,
        },
        "origin": _origin(about.origin),
    }
    return json.dumps(report, indent=2) + "\n"


def fields(finding: Finding) -> dict[str, Any]:
    """A finding under the keys of the report."""
    known = {key: getattr(finding, key) for key in _KEYS}
    return {"repository": finding.repository, **known} if finding.repository else known


def _row(same: list[Finding]) -> dict[str, Any]:
    first = fields(same[0])
    if not same[0].repository:
        return first
    places = [{key: value for key, value in fields(finding).items() if key not in OF_VALUES} for finding in same]
    return {**first, "places": places}


def _origin(origin: Origin) -> dict[str, Any]:
    known = origin._asdict()
    if not (origin.repositories or origin.not_looked_at):
        return {key: value for key, value in known.items() if key not in ("repositories", "not_looked_at")}
    return {**known, "not_looked_at": [lost._asdict() for lost in origin.not_looked_at]}
