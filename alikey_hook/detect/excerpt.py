"""Where values stand in a text, and what of their lines may be shown."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from alikey_hook.detect import shape

_MARGIN = 60
# Enough to see that a token at the edge of an excerpt goes on outside it.
_TOKEN_MARGIN = 48
_TOKEN = re.compile(r"[0-9A-Za-z+/=_-]{16,}")
_WINDOW = 20
_LONGEST_MASK = 64
_PRAGMA = re.compile(r"pragma:\s?(?:allowlist|whitelist)[ -]secret")
_PRAGMA_NEXT = re.compile(r"pragma:\s?(?:allowlist|whitelist)[ -]nextline[ -]secret")


class Lines:
    """The lines of a text, and the spans of the values in it (start, end), which no excerpt shows.

    Lines end with a line feed; with a carriage return only in a text that has no line feed at all, since a lone one
    (a progress bar in a log) is no line end for an editor.
    """

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self._text = text
        self._ending = "\n" if "\n" in text or "\r" not in text else "\r"
        self._starts = [0, *(match.end() for match in re.finditer(self._ending, text))]
        self._spans = sorted(set(spans))
        self._pragmas: dict[tuple[re.Pattern[str], int], bool] = {}  # a line may be all of the file, with every value in it

    def locate(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def text_of(self, line: int) -> tuple[int, int]:
        """Where a line (from 1) begins and ends, without its line ending."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        return start, end

    def pragma(self, line: int) -> bool:
        """Whether an inline pragma, as detect-secrets has them, allows what stands in this line."""
        return self._says(_PRAGMA, line) or (line > 1 and self._says(_PRAGMA_NEXT, line - 1))

    def _says(self, pragma: re.Pattern[str], line: int) -> bool:
        if (pragma, line) not in self._pragmas:
            self._pragmas[pragma, line] = pragma.search(self._text, *self.text_of(line)) is not None
        return self._pragmas[pragma, line]

    def excerpt(self, start: int, end: int) -> tuple[str, int, int]:
        """The line around a value with all secrets masked, where in it the value begins, and how long its mask is."""
        line_start, _ = self.text_of(bisect_right(self._starts, start))
        _, line_end = self.text_of(bisect_right(self._starts, end - 1))
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
        characters = list(self._text[start:end])
        for match in _TOKEN.finditer(self._text, start, end):
            if _suspect(match[0]):
                _hide(characters, match.start() - start, match.end() - start)
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
