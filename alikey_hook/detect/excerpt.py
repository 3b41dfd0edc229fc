"""Where values stand in a text, and what of their lines may be shown."""

from __future__ import annotations

from bisect import bisect_left

from alikey_hook.detect import shape
from alikey_hook.detect.gate import ALNUM, table
from alikey_hook.detect.pattern import Pattern
from alikey_hook.detect.runs import runs
from alikey_hook.record import NamedTuple

_MARGIN = 60
# Enough to see that a token at the edge of an excerpt goes on outside it.
_TOKEN_MARGIN = 48
_TOKENS = table(ALNUM + b"+/=_-")
_TOKEN = 16
_WINDOW = 20
_LONGEST_MASK = 64
_PRAGMA = Pattern(r"pragma:\s?(?:allowlist|whitelist)[ -]secret", "pragma:")
_PRAGMA_NEXT = Pattern(r"pragma:\s?(?:allowlist|whitelist)[ -]nextline[ -]secret", "pragma:")


class _Line(NamedTuple):
    """One line, at `start:end` of the text without its ending. `allowed`: by an inline pragma in it or above it."""

    number: int
    start: int
    end: int
    allowed: bool


class Lines:
    """The lines of a text that values stand in, and the spans of the values (start, end), which no excerpt shows.

    Lines end with a line feed; with a carriage return only in a text that has no line feed at all, since a lone one
    (a progress bar in a log) is no line end for an editor.
    """

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self._text = text
        self._ending = "\n" if "\n" in text or "\r" not in text else "\r"
        self._spans = sorted(set(spans))
        self._lines: dict[int, _Line] = {}
        line = _Line(1, 0, -1, False)
        for start, _ in self._spans:
            if start > line.end:
                line = self._next(line, start)
            self._lines[start] = line

    def _next(self, last: _Line, offset: int) -> _Line:
        """The line of an offset that stands behind another line."""
        number = last.number + self._text.count(self._ending, last.start, offset)
        start = self._text.rfind(self._ending, last.start, offset) + 1 or last.start
        above = self._text.rfind(self._ending, 0, max(0, start - 1)) + 1
        end = self._end(offset)
        allowed = _PRAGMA.search(self._text, start, end) or _PRAGMA_NEXT.search(self._text, above, max(0, start - 1))
        return _Line(number, start, end, allowed is not None)

    def _end(self, offset: int) -> int:
        end = self._text.find(self._ending, offset)
        return len(self._text) if end < 0 else end

    def locate(self, start: int) -> tuple[int, int]:
        """Line and column of a value, both from 1."""
        line = self._lines[start]
        return line.number, start - line.start + 1

    def pragma(self, start: int) -> bool:
        """Whether an inline pragma, as detect-secrets has them, allows the value that begins there."""
        return self._lines[start].allowed

    def excerpt(self, start: int, end: int) -> tuple[str, int, int]:
        """The line around a value with all secrets masked, where in it the value begins, and how long its mask is."""
        _, line_start, line_end, _ = self._lines[start]
        if end - 1 > line_end:
            line_end = self._end(end - 1)
        shown_start = line_start if start - line_start <= _MARGIN else start - _MARGIN
        shown_end = line_end if line_end - end <= _MARGIN else end + _MARGIN
        before = (
            self._masked(max(line_start, shown_start - _TOKEN_MARGIN), start)[-(start - shown_start) :]
            if start > shown_start
            else ""
        )
        after = self._masked(end, max(end, min(line_end, shown_end + _TOKEN_MARGIN)))[: max(0, shown_end - end)].rstrip("\r\n")
        before = "…" + before if shown_start > line_start else before.lstrip()
        width = min(end - start, _LONGEST_MASK)
        return before + "*" * width + after + ("…" if shown_end < line_end else ""), len(before), width

    def _masked(self, start: int, end: int) -> str:
        text = self._text[start:end]
        characters = list(text)
        for low, high in runs(text, _TOKENS, _TOKEN):
            if _suspect(text[low:high]):
                _hide(characters, low, high)
        index = bisect_left(self._spans, (start, start))
        while index > 0 and self._spans[index - 1][1] > start:
            index -= 1
        while index < len(self._spans) and self._spans[index][0] < end:
            low, high = self._spans[index]
            _hide(characters, max(0, low - start), min(end, high) - start)
            index += 1
        return "".join(characters)


def _suspect(token: str) -> bool:
    """Whether any part of a token looks random: a secret may be glued to a word."""
    starts = range(0, max(1, len(token) - _WINDOW + 1), 4)
    return any(not shape.wordlike(token[start : start + _WINDOW]) for start in (*starts, max(0, len(token) - _WINDOW)))


def _hide(characters: list[str], start: int, end: int) -> None:
    characters[start:end] = "*" * (end - start)
