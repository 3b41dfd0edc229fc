"""The text as its reader means it: escapes undone, base64 decoded, string pieces joined, and the way back to the file."""

from __future__ import annotations

import binascii
from bisect import bisect_right

from alikey_hook.detect.escapes import escapes, meaning
from alikey_hook.detect.gate import ALNUM, table
from alikey_hook.detect.joined import BETWEEN, KINDS
from alikey_hook.detect.pattern import Pattern, Span
from alikey_hook.detect.runs import runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    Match = re.Match[str] | Span

PLAIN, ESCAPED, PERCENT, BASE64, PART = "plain", "escaped", "percent", "base64", "part"
_ROUNDS = 3  # escapes within escapes, base64 within base64: bounded, so that no input can make this long


class Piece:
    """Text that begins at `start` in a view and stands at `origin:end` of what the view was made from.

    `kind`: PLAIN text was copied; any other was rewritten, and all of it comes from all of `origin:end`.
    """

    __slots__ = ("end", "kind", "origin", "start")

    def __init__(self, start: int, origin: int, end: int, kind: str) -> None:
        self.start = start
        self.origin = origin
        self.end = end
        self.kind = kind


class View:
    """`text`, made from a file's text in some steps, and where each part of it comes from."""

    def __init__(self, text: str, pieces: list[Piece], parent: View | None = None) -> None:
        self.text = text
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self._parent = parent
        self._rewritten: dict[int, list[tuple[int, int, str]]] = {}  # where a whole piece comes from, by its place

    def origins(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """What `text[start:end]` (not empty) was made from: spans of the file's text, each with its kind.

        One span, except where string pieces were joined: then one a piece.
        """
        spans: list[tuple[int, int, str]] = []
        for index in range(bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1)):
            piece = self._pieces[index]
            low, high = piece.origin, piece.end
            if piece.kind == PLAIN:
                stop = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.text)
                low = piece.origin + max(0, start - piece.start)
                high = piece.origin + min(end, stop) - piece.start
                spans += self._above(low, high)
            else:
                # Once a piece: thousands of values may stand in one run of base64 that itself is of thousands of pieces.
                if index not in self._rewritten:
                    above = self._above(low, high)
                    self._rewritten[index] = [*above[:-1], (*above[-1][:2], piece.kind)]
                spans += self._rewritten[index]
        return _merged(spans)

    def _above(self, low: int, high: int) -> list[tuple[int, int, str]]:
        return self._parent.origins(low, high) if self._parent else [(low, high, PLAIN)]


def _merged(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Neighbouring spans as one; what was rewritten gives the whole its kind."""
    merged = spans[:1]
    for low, high, kind in spans[1:]:
        last_low, last_high, last_kind = merged[-1]
        if low <= last_high:
            merged[-1] = (last_low, max(high, last_high), last_kind if kind == PLAIN else kind)
        else:
            merged.append((low, high, kind))
    return merged


def views(text: str) -> Iterator[View]:
    """The text decoded as far as it goes, and, where it has string pieces to join, a second time with them joined."""
    decoded = View(text, [Piece(0, 0, len(text), PLAIN)])
    for _ in range(_ROUNDS):
        before = decoded
        decoded = _without_base64(_unescaped(before))
        if decoded is before:
            break
    yield decoded
    if _may_be_joined(decoded.text):
        joined = _rewritten(decoded, _JOINT.finditer(decoded.text), lambda match: ("", PART))
        if joined is not decoded:
            yield joined


# Long enough for a 16-character id (24 characters); lines of one length are one text, as `base64` and MIME wrap it.
_SHORTEST = 22
# A run of characters stands alone, with up to two `=` behind it; lines may be indented.
_BASE64_CHARACTERS = ALNUM.decode("ascii") + "+/"
_BASE64_RUNS = table(_BASE64_CHARACTERS.encode("ascii"))
_BESIDE, _BEHIND = frozenset("_-"), frozenset(_BASE64_CHARACTERS + "=_-")
_INDENTED = 40
_LINE = range(60, 77)  # may be the first of several, and those are taken together or not at all
_NO_TEXT = frozenset("ABEFGH+/")
_NO_FIRST = frozenset("ghijklmnopqrstuv")
# From inside one string literal to inside the next: "abc" + "def", 'abc' . 'def', "abc"\n "def", @"abc" @"def".
_JOINT = Pattern(
    r"""(?x)["'`](?<=[0-9A-Za-z]["'`])[ \t]{0,16}(?:(?:[+.&]|\|\||<<|~|\.\.)[ \t]{0,16})?\\?
        (?:\r?\n[ \t]{0,60}(?:[+.&][ \t]{0,16})?)?@?["'`](?=[0-9A-Za-z])"""
)


def _may_be_joined(text: str) -> bool:
    """Whether there is more to `_JOINT` than looking for it: without what may stand between them, two quotes touch."""
    return b'a""a' in text.encode("latin-1", "replace").translate(KINDS, BETWEEN)


def _unescaped(view: View) -> View:
    return _rewritten(view, escapes(view.text), _meaning)


def _meaning(match: Match) -> tuple[str, str]:
    sequence = match[0]
    return meaning(sequence), PERCENT if sequence[0] == "%" else ESCAPED


def _without_base64(view: View) -> View:
    return _rewritten(view, _base64(view.text), _unwrapped)


def _base64(text: str) -> Iterator[Span]:
    """Runs of base64's characters that stand alone, less some of what stands for no text."""
    done = 0
    for start, end in runs(text, _BASE64_RUNS, _SHORTEST):
        if start >= done and text[start - 1 : start] not in _BESIDE:
            done = _end_of_lines(text, start, end)
            if done and (done > end + 2 or _may_be_text(text[start:end:4])):
                yield Span(text, start, done)


def _end_of_lines(text: str, start: int, end: int) -> int:
    """Where the base64 ends whose first line is `start:end`; 0 where it does not stand alone."""
    done = _alone(text, end)
    while end - start in _LINE and text.startswith(("\n", "\r\n"), end):
        begin = text.index("\n", end) + 1
        blanks = text[begin : begin + _INDENTED + 1]
        start = begin + len(blanks) - len(blanks.lstrip(" \t"))
        line = text[start : start + _LINE.stop]
        end = start + len(line) - len(line.lstrip(_BASE64_CHARACTERS))
        if start - begin > _INDENTED or not 2 <= end - start < _LINE.stop:
            break
        done = _alone(text, end) or done
    return done


def _alone(text: str, end: int) -> int:
    """Where base64 ends with what fills it up, 0 where it goes on with what is no base64."""
    fill = text[end : end + 2]
    end += len(fill) - len(fill.lstrip("="))
    return 0 if text[end : end + 1] in _BEHIND else end


def _may_be_text(firsts: str) -> bool:
    """Of four characters of base64 the first is six bits of a byte: none of a control character, or of what UTF-8 has not."""
    return firsts[0] not in _NO_FIRST and _NO_TEXT.isdisjoint(firsts)


def _unwrapped(match: Match) -> tuple[str, str] | None:
    """The text that a run of base64 stands for; None where it stands for no text."""
    run = "".join(match[0].split()).rstrip("=")
    try:
        text = binascii.a2b_base64(run + "=" * (-len(run) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    shown = text.replace("\n", "").replace("\r", "").replace("\t", "")
    return (text, BASE64) if len(shown) >= 12 and shown.isprintable() else None


def _rewritten(view: View, matches: Iterator[Match], meaning: Callable[[Match], tuple[str, str] | None]) -> View:
    """The view with every match replaced by its meaning; the view itself where nothing is."""
    text = view.text
    parts: list[str] = []
    pieces: list[Piece] = []
    length = done = 0
    for match in matches:
        meant = meaning(match)
        if meant is None:
            continue
        if match.start() > done:
            pieces.append(Piece(length, done, match.start(), PLAIN))
            parts.append(text[done : match.start()])
            length += match.start() - done
        done = match.end()
        if meant[0]:
            pieces.append(Piece(length, match.start(), done, meant[1]))
            parts.append(meant[0])
            length += len(meant[0])
    if not done:
        return view
    if done < len(text):
        pieces.append(Piece(length, done, len(text), PLAIN))
        parts.append(text[done:])
    return View("".join(parts), pieces or [Piece(0, 0, 0, PLAIN)], view)
