"""Regular expressions that most texts do without: importing `re` and compiling takes longer than all else a finding needs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator


class Pattern:
    """A regular expression that is compiled when it is first needed. `literal`: what every match has in it, if anything.

    The methods are those of `re.Pattern`.
    """

    __slots__ = ("_compiled", "_expression", "_literal")

    def __init__(self, expression: str, literal: str = "") -> None:
        self._expression = expression
        self._literal = literal
        self._compiled: re.Pattern[str] | None = None

    def _get(self) -> re.Pattern[str]:
        if self._compiled is None:
            import re

            self._compiled = re.compile(self._expression)
        return self._compiled

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match between two places."""
        end = len(text) if end is None else end
        return self._get().search(text, start, end) if text.find(self._literal, start, end) >= 0 else None

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The match that begins at a place."""
        return self._get().match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match that is the whole text."""
        return self._get().fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches, one behind the other."""
        return self._get().finditer(text) if self._literal in text else iter(())


class Span:
    """A match that was found without `re`, with what of `re.Match` its users need."""

    __slots__ = ("_end", "_start", "_text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = start
        self._end = end

    def __getitem__(self, group: int) -> str:
        """The whole match, which is the only group."""
        return self._text[self._start : self._end]

    def start(self) -> int:
        """Where it begins."""
        return self._start

    def end(self) -> int:
        """Where it ends."""
        return self._end

    def span(self) -> tuple[int, int]:
        """Both."""
        return self._start, self._end
