"""Changing a baseline file without touching what is not meant: comments, order, formatting, line endings, mark.

The file is a list of lines; YAML's own marks tell which of them an entry stands in.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from itertools import accumulate
from typing import Any

from alikey_hook.allowlist.match import Entry
from alikey_hook.allowlist.parse import parse, parse_with_nodes
from alikey_hook.errors import UserError

_MARK = "\ufeff"
_NEW = b"version: 1\nallow: []\n"
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
        ("paths", f"[{', '.join(map(_quoted, entry.paths))}]" if entry.paths else ""),
        ("reviewed_by", _scalar(entry.reviewed_by)),
        ("reviewed_on", entry.reviewed_on.isoformat() if entry.reviewed_on else ""),
        ("expires_on", entry.expires_on.isoformat() if entry.expires_on else ""),
    ]
    lines = [f"{key}: {value}\n" for key, value in fields if value]
    return f"{indent}- {lines[0]}" + "".join(f"{indent}  {line}" for line in lines[1:])


def _scalar(text: str) -> str:
    """A text as YAML."""
    if not text or (_PLAIN.fullmatch(text) and not _NOT_TEXT.fullmatch(text)):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """A text in double quotes, JSON's, with everything that could break a line or hide in one written as an escape."""
    shown = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in shown)


def inserted(content: bytes, file: str, *entries: Entry) -> bytes:
    """The file with entries more, in the order of fingerprints; an entry of the same fingerprint and paths is replaced.

    Raises UserError where the file is no baseline, or is written so that no program can edit it.
    """
    opened = _Opened(content if content.strip() else _NEW, file)
    known = [one for one, _ in opened.entries]
    if not known:
        opened.add_first(sorted(entries))
        return opened.closed()
    lines, spans = opened.lines, opened.spans
    places = {(one.fingerprint, one.paths): at for at, one in enumerate(known)}
    # The first entry with a later fingerprint is the first that is reached with one, in whatever order they stand.
    latest = list(accumulate((one.fingerprint for one in known), max))
    changes: list[tuple[int, int, list[str]]] = []
    for entry in sorted(entries):
        at = places.get((entry.fingerprint, entry.paths))
        if at is None:
            later = bisect_right(latest, entry.fingerprint)
            start = end = spans[-1][1] if later == len(known) else opened.above(later)
            at = 0
        else:
            start, end = spans[at]
        changes.append((start, end, opened.written(entry, _indent(lines[spans[at][0]]))))
    opened.change(sorted(changes, key=lambda change: change[:2]))
    return opened.closed()


def removed(content: bytes, file: str, unwanted: set[tuple[str, tuple[str, ...]]]) -> bytes:
    """The file without the entries of these (fingerprint, paths), and without the comments right above them."""
    opened = _Opened(content, file)
    gone = [at for at, (one, _) in enumerate(opened.entries) if (one.fingerprint, one.paths) in unwanted]
    if not gone:
        return content
    if len(gone) == len(opened.entries):
        line = opened.allow_line
        comment = opened.lines[line].removeprefix("allow:").strip()
        opened.lines[line] = f"allow: []  {comment}".rstrip() + opened.ending
    opened.change([(opened.above(at), opened.spans[at][1], []) for at in gone])
    return opened.closed()


class _Opened:
    """A baseline file as lines with their endings, and where its entries stand: `spans`, from which line to before which.

    `allow_line`: the line of the key `allow`, -1 where there is none, as then `_allow`, its node, is None.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self._file = file
        self.root, self.entries = parse_with_nodes(content, file)
        text = content.decode("utf-8")
        self._mark = _MARK if text.startswith(_MARK) else ""
        text = text.removeprefix(_MARK)
        unusual = re.search("\r(?!\n)|[\x85\u2028\u2029]", text)
        if unusual:
            raise self._refused(text.count("\n", 0, unusual.start()), "a line break that is none for git")
        self.ending = "\r\n" if "\r\n" in text else "\n"
        self.lines = re.findall(r"[^\n]*\n|[^\n]+\Z", text)
        if self.lines and not self.lines[-1].endswith("\n"):
            self.lines[-1] += self.ending
        keys = {key.value: (key, value) for key, value in self.root.value}
        key, self._allow = keys.get("allow", (None, None))
        self.allow_line = key.start_mark.line if key else -1
        if self.root.flow_style or self.root.start_mark.column:
            raise self._refused(self.root.start_mark.line, "braces or an indented file cannot be edited by a program")
        if self.entries and self._allow.flow_style:
            raise self._refused(self.entries[0][0].line - 1, "this entry is in brackets and cannot be edited by a program")
        self.spans = [self._span(node) for _, node in self.entries]

    def _refused(self, line: int, problem: str) -> UserError:
        return UserError(f"{self._file}:{line + 1}: {problem}.", "Write it as a list with `- ` and one key a line.")

    def _span(self, node: Any) -> tuple[int, int]:
        """From which line to before which an entry stands."""
        start = node.start_mark.line
        if node.flow_style:
            return start, node.end_mark.line + 1
        values = [value for _, value in node.value]
        if any(value.start_mark.line < start for value in values):
            raise self._refused(start, "this entry refers to another one (`*name`) and cannot be edited by a program")
        last = values[-1]
        while last.id == "sequence" and not last.flow_style and last.value:
            last = last.value[-1]
        end = last.end_mark.line + (1 if last.end_mark.column else 0)
        if last.id == "scalar" and last.style in ("|", ">"):
            while not self.lines[end - 1].strip():
                end -= 1
        return start, end

    def above(self, number: int) -> int:
        """The first line of the comments right above an entry, which belong to nothing before it."""
        line, limit = self.spans[number][0], self.spans[number - 1][1] if number else 0
        while line > limit and self.lines[line - 1].lstrip().startswith("#"):
            line -= 1
        return line

    def written(self, entry: Entry, indent: str = "  ") -> list[str]:
        """An entry's lines, with this file's line endings."""
        return [line + self.ending for line in written(entry, indent).splitlines()]

    def change(self, changes: list[tuple[int, int, list[str]]]) -> None:
        """Put lines in the place of others, from which to before which, in order: all at once, since each moves others."""
        lines: list[str] = []
        done = 0
        for start, end, new in changes:
            lines += self.lines[done:start]
            lines += new
            done = max(done, end)
        self.lines = lines + self.lines[done:]

    def add_first(self, entries: list[Entry]) -> None:
        """Add entries to a file that has none."""
        new = [line for entry in entries for line in self.written(entry)]
        if self._allow is None:
            end = self.root.value[-1][1].end_mark.line + 1
            self.lines[end:end] = ["allow:" + self.ending, *new]
            return
        start, end = self._allow.start_mark, self._allow.end_mark
        if start.line != end.line:
            raise self._refused(start.line, "an empty list over several lines cannot be edited by a program")
        line = self.lines[start.line]
        kept = (line[: start.column] + line[end.column :]).rstrip()
        self.lines[start.line : start.line + 1] = [kept + self.ending, *new]

    def closed(self) -> bytes:
        """The file's bytes, which must still be a baseline: nothing is ever written that the hook would refuse."""
        content = (self._mark + "".join(self.lines)).encode("utf-8")
        parse(content, self._file)
        return content


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]
