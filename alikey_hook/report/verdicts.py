"""Is a key alive: the verdicts as text and JSON. Rows and verdicts come with the fields that `commands.verify` gives them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from alikey_hook.report.about import JSON_HEAD
from alikey_hook.report.printable import printable

_RED, _GREEN, _YELLOW, _PLAIN = "\x1b[1;31m", "\x1b[32m", "\x1b[33m", "\x1b[0m"
# What each verdict means, and what follows from it.
_SAYS = {
    "live": ("LIVE", _RED, "disable it now: alikey-hook disable ACCESSKEY_ID --as PROFILE"),
    "disabled": ("disabled", _GREEN, "it can be enabled again: delete it once nothing needs it"),
    "deleted": ("deleted or never existed", _GREEN, ""),
    "secret-differs": (
        "id real, secret differs",
        _RED,
        "the AccessKey exists, its secret may stand elsewhere: treat it so",
    ),
    "expired": ("expired", _GREEN, "an STS token that has run out; take care that its role grants no more than it must"),
    "unknown": ("unknown", _YELLOW, "not known to be dead: treat it as live"),
}
_ROOT = "the root account's: it may do everything. Avoid AccessKeys for the root account: disable it, use RAM users or roles"


def text(rows: Iterable[Any], color: bool) -> str:
    """For a terminal: a few lines a key."""
    return "".join("\n".join(_lines(row, color)) + "\n" for row in rows)


def as_json(rows: Iterable[Any], color: bool = False) -> str:
    """For programs."""
    keys = [
        {"redacted": row.redacted, "fingerprint": row.fingerprint, "secret_fingerprint": row.secret, **row.verdict._asdict()}
        for row in rows
    ]
    summary = {state: sum(key["state"] == state for key in keys) for state in _SAYS}
    return json.dumps({**JSON_HEAD, "keys": keys, "summary": summary}, indent=2) + "\n"


RENDER: dict[str, Callable[[Iterable[Any], bool], str]] = {"text": text, "json": as_json}


def _lines(row: Any, color: bool) -> Iterable[str]:
    verdict = row.verdict
    words, paint, then = _SAYS[verdict.state]
    yield f"{printable(row.redacted)}: {_painted(words, paint, color)}"
    if verdict.who:
        who = printable(f"{verdict.who}, account {verdict.account}")
        yield f"    {_painted(who, _RED, color) if verdict.who == 'root account' else who}: {printable(verdict.arn)}"
    if verdict.who == "root account":
        yield f"    {_painted(_ROOT, _RED, color)}"
    if verdict.why:
        yield f"    {printable(verdict.why)}"
    if verdict.at:
        code = f"{verdict.code}, " if verdict.code and verdict.code != verdict.why else ""
        request = f", RequestId {verdict.request_id}" if verdict.request_id else ""
        yield f"    {printable(code)}asked at {verdict.at}{printable(request)}"
    if then:
        yield f"    {then}"


def _painted(words: str, paint: str, color: bool) -> str:
    return f"{paint}{words}{_PLAIN}" if color else words
