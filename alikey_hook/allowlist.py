"""The baseline: reviewed exceptions, parsed strictly and matched by the value's fingerprint."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from alikey_hook.errors import UserError
from alikey_hook.finding import fingerprint

STATUSES = ("false-positive", "test-fixture", "example", "revoked", "leaked")
_REQUIRED = ("fingerprint", "status", "reason")
_TEXTS = ("fingerprint", "rule", "redacted", "status", "reason", "reviewed_by")
_DATES = ("reviewed_on", "expires_on")
_KEYS = (*_TEXTS, "paths", *_DATES)
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_HELP = "See «The baseline» in the README, and baseline/schema.json for your editor."


class Entry(NamedTuple):
    """One reviewed value. `paths`: git-style globs it is allowed under, () for everywhere. `line`: in its file, from 1."""

    fingerprint: str
    status: str
    reason: str
    paths: tuple[str, ...]
    expires_on: datetime.date | None
    file: str
    line: int


class Allowlist:
    """The entries of all baseline files. `today`: the UTC date that `expires_on` is compared with."""

    def __init__(self, entries: Iterable[Entry], hashes: Iterable[tuple[str, str]], today: datetime.date) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.fingerprint, []).append(entry)
        self._hashes = frozenset(hashes)
        self._today = today

    def __len__(self) -> int:
        return sum(map(len, self._entries.values())) + len(self._hashes)

    def status(self, value: str, path: str) -> str | None:
        """allowed, expired, or None where no entry speaks of this value at this path."""
        if self._hashes and (path, hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()) in self._hashes:
            return "allowed"
        if not self._entries:
            return None
        entries = [entry for entry in self._entries.get(fingerprint(value), ()) if _covers(entry, path)]
        if any(entry.status == "leaked" for entry in entries):
            return None
        if any(entry.expires_on is None or entry.expires_on >= self._today for entry in entries):
            return "allowed"
        return "expired" if entries else None


def parse(content: bytes, file: str) -> list[Entry]:
    """The entries of one baseline file. Raises UserError with file and line for everything that is not as it should be."""
    import yaml  # takes as long as all else that refusing a commit takes; a repository without a baseline does without it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=loader)
    except UnicodeDecodeError:
        raise UserError(f"{file}: not UTF-8.", _HELP) from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise UserError(f"{file}{f':{mark.line + 1}' if mark else ''}: not YAML: {problem}.", _HELP) from None
    if root is None:
        raise UserError(f"{file}:1: empty; a baseline begins with `version: 1`.", _HELP)
    top = _mapping(root, file, ("version", "allow"))
    if "version" not in top or _scalar(top["version"], file, "version") != "1":
        raise _wrong(top.get("version", root), file, "`version` must be 1")
    entries = [_entry(node, file) for node in _sequence(top["allow"], file, "allow")] if "allow" in top else []
    _refuse_duplicates(entries)
    return entries


def parse_detect_secrets(content: bytes, file: str) -> list[tuple[str, str]]:
    """(path, SHA-1) of what a detect-secrets baseline has audited as no secret (`is_secret: false`)."""
    import json

    try:
        results = json.loads(content)["results"]
        return [
            (path.replace("\\", "/"), found["hashed_secret"])
            for path, all_found in results.items()
            for found in all_found
            if found.get("is_secret") is False
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UserError(
            f"{file}: not a detect-secrets baseline.", "Make a new one with `detect-secrets scan`, or do without it."
        ) from None


def is_detect_secrets(content: bytes) -> bool:
    """Whether a baseline file is one of detect-secrets: JSON, where ours is a YAML mapping in block style."""
    return content.lstrip().startswith(b"{")


def _entry(node: Any, file: str) -> Entry:
    fields = _mapping(node, file, _KEYS)
    for key in _REQUIRED:
        if key not in fields or not _scalar(fields[key], file, key).strip():
            raise _wrong(fields.get(key, node), file, f"`{key}` is missing")
    texts = {key: _scalar(fields[key], file, key) for key in _TEXTS if key in fields}
    if not _FINGERPRINT.fullmatch(texts["fingerprint"]):
        raise _wrong(fields["fingerprint"], file, "`fingerprint` must be sha256: and 64 hexadecimal digits")
    if texts["status"] not in STATUSES:
        raise _wrong(fields["status"], file, f"`status` must be one of {', '.join(STATUSES)}")
    dates = {key: _date(fields[key], file, key) for key in _DATES if key in fields}
    patterns = _sequence(fields["paths"], file, "paths") if "paths" in fields else []
    if "paths" in fields and not patterns:
        raise _wrong(fields["paths"], file, "`paths` is empty; leave it out to allow the value everywhere")
    return Entry(
        fingerprint=texts["fingerprint"],
        status=texts["status"],
        reason=texts["reason"],
        paths=tuple(sorted(_scalar(pattern, file, "paths") for pattern in patterns)),
        expires_on=dates.get("expires_on"),
        file=file,
        line=node.start_mark.line + 1,
    )


def _refuse_duplicates(entries: list[Entry]) -> None:
    seen: dict[tuple[str, tuple[str, ...]], Entry] = {}
    for entry in entries:
        first = seen.setdefault((entry.fingerprint, entry.paths), entry)
        if first is not entry:
            raise UserError(f"{entry.file}:{entry.line}: the same fingerprint and paths as in line {first.line}.", _HELP)


def _is(node: Any, kind: str) -> bool:
    return bool(node.id == kind)  # PyYAML's nodes name themselves


def _mapping(node: Any, file: str, keys: tuple[str, ...]) -> dict[str, Any]:
    if not _is(node, "mapping"):
        raise _wrong(node, file, f"here must be a mapping with the keys {', '.join(keys)}")
    fields: dict[str, Any] = {}
    for key_node, value in node.value:
        key = _scalar(key_node, file, "key")
        if key not in keys:
            raise _wrong(key_node, file, f"unknown key; known are {', '.join(keys)}")
        if key in fields:
            raise _wrong(key_node, file, f"`{key}` stands here twice")
        fields[key] = value
    return fields


def _sequence(node: Any, file: str, key: str) -> list[Any]:
    if not _is(node, "sequence"):
        raise _wrong(node, file, f"`{key}` must be a list")
    return list(node.value)


def _scalar(node: Any, file: str, key: str) -> str:
    if not _is(node, "scalar") or node.tag == "tag:yaml.org,2002:null":
        raise _wrong(node, file, f"`{key}` must be a text")
    return str(node.value)


def _date(node: Any, file: str, key: str) -> datetime.date:
    text = _scalar(node, file, key)
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise _wrong(node, file, f"`{key}` must be a date like 2026-11-25")


def _wrong(node: Any, file: str, problem: str) -> UserError:
    return UserError(f"{file}:{node.start_mark.line + 1}: {problem}.", _HELP)


def _covers(entry: Entry, path: str) -> bool:
    return not entry.paths or any(_glob(pattern).fullmatch(path) for pattern in entry.paths)


def _glob(pattern: str) -> re.Pattern[str]:
    """A git-style glob from the top of the repository: `*` and `?` stay within a folder, `**` does not."""
    single = re.sub(r"(?:\*\*/)+", "**/", pattern.lstrip("/"))  # nested repetitions would make matching slow
    parts = re.split(r"(\*\*/|/\*\*$|\*+|\?)", single)
    meanings = {"**/": "(?:[^/]+/)*", "/**": "/.*", "?": "[^/]", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(meanings.get(part, re.escape(part)) for part in parts), re.DOTALL)
