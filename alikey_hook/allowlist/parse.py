"""Baseline files, parsed strictly: whatever is not as it should be is told with file and line."""

from __future__ import annotations

import datetime
import re
from typing import Any

from alikey_hook.allowlist.match import STATUSES, Entry
from alikey_hook.errors import UserError

_REQUIRED = ("fingerprint", "status", "reason")
_TEXTS = ("fingerprint", "rule", "redacted", "status", "reason", "reviewed_by")
_DATES = ("reviewed_on", "expires_on")
_KEYS = (*_TEXTS, "paths", *_DATES)
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_HELP = "See «The baseline» in the README, and baseline/schema.json for your editor."


def parse(content: bytes, file: str) -> list[Entry]:
    """The entries of one baseline file. Raises UserError with file and line for everything that is not as it should be."""
    return [entry for entry, _ in parse_with_nodes(content, file)[1]]


def parse_with_nodes(content: bytes, file: str) -> tuple[Any, list[tuple[Entry, Any]]]:
    """The YAML node of the whole file, and each entry with its own node. Raises UserError as `parse` does."""
    import yaml  # takes as long as all else that refusing a commit takes; a repository without a baseline does without it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=loader)
    except UnicodeDecodeError as error:
        raise UserError(f"{file}:{content.count(10, 0, error.start) + 1}: not UTF-8.", _HELP) from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        # An unacceptable character is told by its position instead.
        before = content.decode("utf-8-sig")[: getattr(error, "position", 0)]
        line = mark.line + 1 if mark else before.count("\n") + 1
        problem = getattr(error, "problem", None) or "it holds a character that YAML does not allow, or is nested too deep"
        # PyYAML quotes what it stumbles over.
        problem = re.sub(r"'[^']{8,}'", "'…'", problem)
        raise UserError(f"{file}:{line}: not YAML: {problem}.", _HELP) from None
    if root is None:
        raise UserError(f"{file}:1: empty; a baseline begins with `version: 1`.", _HELP)
    top = _mapping(root, file, ("version", "allow"))
    if "version" not in top or _scalar(top["version"], file, "version") != "1":
        raise _wrong(top.get("version", root), file, "`version` must be 1")
    nodes = _sequence(top["allow"], file, "allow") if "allow" in top else []
    globs = _Globs(file)
    entries = [(_entry(node, file, globs), node) for node in nodes]
    _refuse_duplicates([entry for entry, _ in entries])
    return root, entries


def audited(content: bytes, file: str) -> list[tuple[str, str, bool | None]]:
    """(path, SHA-1, whether it was audited as a secret; None: not audited) of a detect-secrets baseline's results."""
    import json

    try:
        results = json.loads(content)["results"]
        return [
            (path.replace("\\", "/"), str(found["hashed_secret"]), _verdict(found.get("is_secret")))
            for path, all_found in results.items()
            for found in all_found
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UserError(
            f"{file}: not a detect-secrets baseline.", "Make a new one with `detect-secrets scan`, or do without it."
        ) from None


def _verdict(label: object) -> bool | None:
    return label if isinstance(label, bool) else None


def parse_detect_secrets(content: bytes, file: str) -> list[tuple[str, str]]:
    """(path, SHA-1) of what a detect-secrets baseline has audited as no secret (`is_secret: false`)."""
    return [(path, hashed) for path, hashed, verdict in audited(content, file) if verdict is False]


def is_detect_secrets(content: bytes) -> bool:
    """Whether a baseline file is one of detect-secrets: JSON, where ours is a YAML mapping in block style."""
    return content.lstrip().startswith(b"{")


class _Globs:
    """The `paths` of entries. Thousands of entries may name one list of thousands (`*name`): it is read and kept once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._read: dict[int, tuple[str, ...]] = {}
        self._same: dict[tuple[str, ...], tuple[str, ...]] = {}

    def of(self, node: Any) -> tuple[str, ...]:
        """What a node of the YAML document says, sorted; equal ones are one object."""
        if id(node) not in self._read:
            patterns = _sequence(node, self._file, "paths")
            if not patterns:
                raise _wrong(node, self._file, "`paths` is empty; leave it out to allow the value everywhere")
            read = tuple(sorted(_scalar(pattern, self._file, "paths") for pattern in patterns))
            self._read[id(node)] = self._same.setdefault(read, read)
        return self._read[id(node)]


def _entry(node: Any, file: str, globs: _Globs) -> Entry:
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
    return Entry(
        fingerprint=texts["fingerprint"],
        status=texts["status"],
        reason=texts["reason"],
        paths=globs.of(fields["paths"]) if "paths" in fields else (),
        expires_on=dates.get("expires_on"),
        file=file,
        line=node.start_mark.line + 1,
        rule=texts.get("rule", ""),
        redacted=texts.get("redacted", ""),
        reviewed_by=texts.get("reviewed_by", ""),
        reviewed_on=dates.get("reviewed_on"),
    )


def _refuse_duplicates(entries: list[Entry]) -> None:
    seen: dict[tuple[str, int], Entry] = {}
    for entry in entries:
        first = seen.setdefault((entry.fingerprint, id(entry.paths)), entry)  # see _Globs
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
