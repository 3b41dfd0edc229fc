"""The text as its reader means it: escapes undone, with the way back to where each character stands in the file."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple


class View(NamedTuple):
    """`text` and where it comes from: piece i begins at `starts[i]` in `text` and at `origins[i]` in the file's text.

    A piece is copied as it is, or is one unescaped character; `widths[i]` is 1 or the length of its escape sequence.
    """

    text: str
    encoding: str
    starts: list[int]
    origins: list[int]
    widths: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the file's text that `text[start:end]` (not empty) was made from."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1) - 1
        begin = self.origins[first] + start - self.starts[first]
        return begin, self.origins[last] + end - 1 - self.starts[last] + self.widths[last]


_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "/": "/", "\\": "\\"}
# One level of what JSON, Java, properties, shell, URLs, HTML and XML write. Every alternative is of bounded length.
_ESCAPE = re.compile(
    r"""\\u[0-9a-fA-F]{4} | \\x[0-9a-fA-F]{2} | \\[nrt"'/\\] | %[0-9a-fA-F]{2} | &(?:amp|quot|apos|lt|gt|nbsp|\#\d{1,5});""",
    re.VERBOSE,
)


def unescaped(text: str) -> View:
    """The text with its escape sequences undone, or as it is where it has none."""
    if not ("\\" in text or "%" in text or "&" in text):
        return View(text, "plain", [0], [0], [1])
    return _rewritten(text, _ESCAPE, _meaning)


def _meaning(sequence: str) -> str:
    if sequence[0] == "&":
        return html.unescape(sequence)
    if sequence[0] == "%":
        return chr(int(sequence[1:], 16))
    if sequence[1] in "ux":
        return chr(int(sequence[2:], 16))
    return _SIMPLE[sequence[1]]


def _rewritten(text: str, pattern: re.Pattern[str], meaning: Callable[[str], str]) -> View:
    pieces: list[str] = []
    starts, origins, widths = [0], [0], [1]
    length = done = 0
    for match in pattern.finditer(text):
        pieces += (text[done : match.start()], meaning(match[0]))
        length += match.start() - done
        done = match.end()
        starts += (length, length + 1)
        origins += (match.start(), done)
        widths += (done - match.start(), 1)
        length += 1
    pieces.append(text[done:])
    return View("".join(pieces), "plain", starts, origins, widths)
