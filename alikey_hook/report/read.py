"""A report in JSON or SARIF, read back."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from alikey_hook.errors import UserError
from alikey_hook.finding import CONFIDENCES, SEVERITIES, Finding
from alikey_hook.report.about import Lost, Origin
from alikey_hook.report.read_sarif import as_json
from alikey_hook.result import Result

STATUSES = ("new", "existing", "allowed", "expired")
_KINDS = ("", "staged", "files", "commits")
_TEXTS = ("path", "excerpt")
_TEXTS_OR_NULL = ("author_date", "last_date", "decided_by", "source", "repository")
# Shown, and written into baselines, as they are.
_WORDS = ("rule", "redacted", "encoding")
_WORDS_OR_NULL = ("commit", "last_commit")
_NUMBERS = ("line", "column", "end_column")
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_OF_LATER_VERSIONS: dict[str, Any] = {
    **dict.fromkeys(("author_date", "last_date", "decided_by", "source", "last_commit", "in_tip", "repository", "expires")),
    "refs": [], "own_exception": False, "excerpt": "", "excerpt_column": 0, "excerpt_width": 0,
}  # fmt: skip


def read(text: str) -> tuple[Result, Origin]:
    """What a report in JSON or SARIF holds; its content tells which. Raises UserError where it is none, naming what is wrong.

    From SARIF all texts but paths come as `printable` writes them, revision and branch only with a repository's address.
    """
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        raise _wrong("it is not JSON") from None
    if isinstance(report, dict) and "runs" in report:
        report = as_json(report)
        if report is None:
            raise _wrong("it is not the SARIF 2.1.0 of one run of alikey-hook")
    elif not isinstance(report, dict) or report.get("tool") != "alikey-hook" or report.get("version") != 1:
        raise _wrong("it is not one of alikey-hook, version 1")
    findings, summary, origin = report.get("findings"), report.get("summary"), report.get("origin", {})
    if not isinstance(findings, list) or not isinstance(summary, dict) or not isinstance(origin, dict):
        raise _wrong("`findings`, `summary` or `origin` is not what it should be")
    numbers = {"unread": 0, **summary}
    if not all(_is_number(numbers.get(key)) for key in ("files", "bytes", "unread")):
        raise _wrong("`summary` has no numbers of files and bytes")
    every = ((at, one) for at, row in enumerate(findings) for one in _places(row))
    result = Result([finding(at, one) for at, one in every], numbers["files"], numbers["bytes"])
    result.unread = numbers["unread"]
    return result, _origin(origin)


def _places(row: Any) -> list[Any]:
    """The findings that a row of the report stands for: in an audit one a place."""
    places = row.get("places") if isinstance(row, dict) else None
    if not isinstance(places, list):
        return [row]
    return [{**row, **place} if isinstance(place, dict) else place for place in places]


def _origin(fields: dict[str, Any]) -> Origin:
    known = {key: fields.get(key) for key in ("repository", "revision", "branch")}
    kind, complete = fields.get("kind", ""), fields.get("complete", True)
    count, lost = fields.get("repositories", 0), fields.get("not_looked_at", [])
    texts = all(value is None or isinstance(value, str) for value in known.values())
    audited = _is_number(count) and isinstance(lost, list) and all(map(_is_lost, lost))
    if kind not in _KINDS or not texts or not isinstance(complete, bool) or not audited:
        raise _wrong("`origin` is not what it should be")
    return Origin(kind, **known, complete=complete, repositories=count, not_looked_at=tuple(Lost(**one) for one in lost))


def _is_lost(one: Any) -> bool:
    return isinstance(one, dict) and one.keys() == set(Lost._fields) and all(isinstance(text, str) for text in one.values())


def finding(at: int, fields: Any) -> Finding:
    """A finding under the keys of the report, `at` a place in it. Raises UserError where it is none."""
    if not isinstance(fields, dict):
        raise _wrong(f"finding {at} is no object")
    fields = _OF_LATER_VERSIONS | fields
    for key, right in _checks(fields):
        if not right:
            raise _wrong(f"`{key}` of finding {at} is missing or not what it should be")
    fields["refs"] = tuple(fields["refs"])
    known = {key: value for key, value in fields.items() if key in Finding._fields}
    return Finding(**{**known, "blob": "", "hashed": ""})


def _checks(fields: dict[str, Any]) -> list[tuple[str, bool]]:
    refs = fields["refs"]
    return [
        *((key, isinstance(fields.get(key), str)) for key in _TEXTS),
        *((key, fields[key] is None or isinstance(fields[key], str)) for key in _TEXTS_OR_NULL),
        *((key, _is_words(fields.get(key))) for key in _WORDS),
        *((key, key in fields and (fields[key] is None or _is_words(fields[key]))) for key in _WORDS_OR_NULL),
        ("fingerprint", _is_fingerprint(fields.get("fingerprint"))),
        ("partner", "partner" in fields and (fields["partner"] is None or _is_fingerprint(fields["partner"]))),
        *((key, _is_number(fields.get(key)) and fields[key] > 0) for key in _NUMBERS),
        *((key, _is_number(fields[key])) for key in ("excerpt_column", "excerpt_width")),
        *((key, _is_day(fields[key])) for key in ("author_date", "last_date")),
        ("status", fields.get("status") in STATUSES),
        ("severity", fields.get("severity") in SEVERITIES),
        ("confidence", fields.get("confidence") in CONFIDENCES),
        ("in_tip", fields["in_tip"] in (None, True, False)),
        ("expires", fields["expires"] is None or isinstance(fields["expires"], (int, float))),
        ("own_exception", isinstance(fields["own_exception"], bool)),
        ("refs", isinstance(refs, list) and all(isinstance(ref, str) for ref in refs)),
    ]


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_fingerprint(value: Any) -> bool:
    return isinstance(value, str) and bool(_FINGERPRINT.fullmatch(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53


def _is_day(value: Any) -> bool:
    if value is None:
        return True
    try:
        return len(value) == 10 and bool(datetime.date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _wrong(why: str) -> UserError:
    return UserError(f"that is no report to read: {why}.", "Give one that `--format json` or `--format sarif` made.")
