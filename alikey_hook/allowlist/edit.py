"""Changing a baseline file without touching what is not meant: comments, order, formatting, line endings, mark."""

from __future__ import annotations

import json
import re
from typing import Any

from alikey_hook.allowlist.match import Entry
from alikey_hook.allowlist.parse import parse, parse_with_nodes
from alikey_hook.errors import UserError

_MARK = "\ufeff"
_NEW = "version: 1\nallow: []\n"
# A text that YAML reads as itself without quotes, whatever the version of YAML: letters first, no `: `, no ` #`.
_PLAIN = re.compile(r"[A-Za-z一-鿿][\w一-鿿 .,;()/@<>+…'’-]*(?<! )")
_NOT_TEXT = re.compile(r"(?i)(?:y|n|yes|no|on|off|true|false|null|none|nan|inf)")


def written(entry: Entry, indent: str = "  ") -> str:
    """An entry as lines of a block list, keys in the order of the documentation."""
    fields = [
        ("fingerprint", entry.fingerprint),
        ("rule", _scalar(entry.rule)),
        ("redacted", _scalar(entry.redacted)),
        ("status", entry.status),
        ("reason", _scalar(entry.reason)),
        ("paths", f"[{', '.join(json.dumps(path, ensure_ascii=False) for path in entry.paths)}]" if entry.paths else ""),
        ("reviewed_by", _scalar(entry.reviewed_by)),
        ("reviewed_on", entry.reviewed_on.isoformat() if entry.reviewed_on else ""),
        ("expires_on", entry.expires_on.isoformat() if entry.expires_on else ""),
    ]
    lines = [f"{key}: {value}\n" for key, value in fields if value]
    return f"{indent}- {lines[0]}" + "".join(f"{indent}  {line}" for line in lines[1:])


def _scalar(text: str) -> str:
    """A text as YAML; JSON's double quotes are YAML's too."""
    if not text or (_PLAIN.fullmatch(text) and not _NOT_TEXT.fullmatch(text)):
        return text
    return json.dumps(text, ensure_ascii=False)


def inserted(content: bytes, file: str, entry: Entry) -> bytes:
    """The file with one entry more, in the order of fingerprints; an entry of the same fingerprint and paths is replaced.

    Raises UserError where the file is no baseline, or its list is in brackets.
    """
    if not content.strip():
        content = _NEW.encode()
    root, entries = parse_with_nodes(content, file)
    text, mark, ending = _opened(content)
    for known, node in entries:
        if (known.fingerprint, known.paths) == (entry.fingerprint, entry.paths):
            start, end = _lines_of(text, node)
            return _closed(text[:start] + written(entry, _indent(text, start)) + text[end:], mark, ending, file)
    if not entries:
        return _closed(_first(text, root, entry), mark, ending, file)
    _refuse_brackets(text, entries, file)
    later = next((node for known, node in entries if known.fingerprint > entry.fingerprint), None)
    first_start, _ = _lines_of(text, entries[0][1])
    if later is None:
        _, at = _lines_of(text, entries[-1][1])
    else:
        at = _above_comments(text, _lines_of(text, later)[0])
    return _closed(text[:at] + written(entry, _indent(text, first_start)) + text[at:], mark, ending, file)


def removed(content: bytes, file: str, unwanted: set[tuple[str, tuple[str, ...]]]) -> bytes:
    """The file without the entries of these (fingerprint, paths), and without the comments right above them."""
    _, entries = parse_with_nodes(content, file)
    text, mark, ending = _opened(content)
    gone = [node for entry, node in entries if (entry.fingerprint, entry.paths) in unwanted]
    if gone:
        _refuse_brackets(text, entries, file)
    for node in reversed(gone):
        start, end = _lines_of(text, node)
        text = text[: _above_comments(text, start)] + text[end:]
    if gone and len(gone) == len(entries):
        text = re.sub(r"(?m)^allow:[ \t]*(#.*)?$", lambda m: f"allow: []{'  ' + m[1] if m[1] else ''}", text, count=1)
    return _closed(text, mark, ending, file)


def _opened(content: bytes) -> tuple[str, str, str]:
    """The text with line feeds only, its byte order mark, and its line ending."""
    text = content.decode("utf-8")
    if re.search("\r(?!\n)|[\x85\u2028\u2029]", text):
        raise UserError("a baseline file has line breaks that are none for git.", "Replace them by line feeds.")
    mark = _MARK if text.startswith(_MARK) else ""
    ending = "\r\n" if "\r\n" in text else "\n"
    text = text.removeprefix(_MARK).replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n", mark, ending


def _closed(text: str, mark: str, ending: str, file: str) -> bytes:
    """The file's bytes, which must still be a baseline: nothing is ever written that the hook would refuse."""
    content = (mark + text.replace("\n", ending)).encode("utf-8")
    parse(content, file)
    return content


def _first(text: str, root: Any, entry: Entry) -> str:
    """A file without entries, with its first one."""
    empty = next((value for key, value in root.value if key.value == "allow"), None)
    if empty is None:
        return f"{text}allow:\n{written(entry)}"
    line = text.split("\n")[empty.start_mark.line]
    changed = re.sub(r"\[\s*\]", "", line, count=1).rstrip()
    lines = text.split("\n")
    lines[empty.start_mark.line] = f"{changed}\n{written(entry)}".rstrip("\n")
    return "\n".join(lines)


def _refuse_brackets(text: str, entries: list[tuple[Entry, Any]], file: str) -> None:
    for entry, node in entries:
        start = _line_start(text, node.start_mark.line)
        if not text[start:].lstrip(" ").startswith("- ") or node.flow_style:
            raise UserError(
                f"{file}:{entry.line}: this entry is in brackets and cannot be edited by a program.",
                "Write it as a list with `- ` and one key a line.",
            )


def _line_start(text: str, line: int) -> int:
    position = 0
    for _ in range(line):
        position = text.index("\n", position) + 1
    return position


def _lines_of(text: str, node: Any) -> tuple[int, int]:
    """Where an entry's first line begins and its last one ends (behind the line feed)."""
    last = node.value[-1][1]
    while getattr(last, "id", "") == "sequence" and last.value and not last.flow_style:
        last = last.value[-1]
    # A block scalar's node ends at the start of the line behind it.
    end_line = last.end_mark.line - (1 if last.end_mark.column == 0 and last.end_mark.line > last.start_mark.line else 0)
    return _line_start(text, node.start_mark.line), _line_start(text, end_line + 1)


def _above_comments(text: str, start: int) -> int:
    """Where the comments begin that stand right above a line."""
    while start > 0:
        before = text.rfind("\n", 0, start - 1) + 1
        if not text[before:start].lstrip().startswith("#"):
            return start
        start = before
    return start


def _indent(text: str, start: int) -> str:
    line = text[start : text.index("\n", start)]
    return line[: len(line) - len(line.lstrip(" "))]
