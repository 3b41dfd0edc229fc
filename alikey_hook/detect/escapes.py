"""Escape sequences: where they stand, and what they mean. Without `re`: nearly every text has some."""

from __future__ import annotations

from alikey_hook.detect.gate import table
from alikey_hook.detect.pattern import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGINNINGS = table(b"\\%&\x1b")
_HEXADECIMAL = "0123456789ABCDEFabcdef"
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "/": "/", "\\": "\\"}
_ENTITIES = frozenset(("amp", "quot", "apos", "lt", "gt", "nbsp"))
_LONGEST_ENTITY = 8
_LONGEST_COLOUR = 12  # digits and semicolons of it


def escapes(text: str) -> Iterator[Span]:
    """One level of what JSON, Java, properties, shell, URLs, HTML and XML write. Every sequence is of bounded length."""
    data = text.encode("latin-1", "replace").translate(_BEGINNINGS)  # one byte a character, so that places stay the same
    at = data.find(b"a")
    while at >= 0:
        end = _end(text, at)
        if end:
            yield Span(text, at, end)
        at = data.find(b"a", end or at + 1)


def _end(text: str, at: int) -> int:
    """Where the sequence ends that begins at a place; 0 where none does."""
    first, second = text[at], text[at + 1 : at + 2]
    if first == "%":
        return _behind_digits(text, at + 1, 2)
    if first == "\\":
        if second in ("u", "x"):
            return _behind_digits(text, at + 2, 4 if second == "u" else 2)
        return at + 2 if second in _SIMPLE else 0
    if first == "&":
        end = text.find(";", at, at + _LONGEST_ENTITY) + 1
        return end if _is_entity(text[at + 1 : end - 1]) else 0
    if second != "[":
        return 0
    rest = text[at + 2 : at + _LONGEST_COLOUR + 3].lstrip("0123456789;")
    end = min(len(text), at + _LONGEST_COLOUR + 3) - len(rest)
    return end + 1 if rest.startswith("m") else 0


def _behind_digits(text: str, start: int, count: int) -> int:
    digits = text[start : start + count]
    return start + count if len(digits) == count and not digits.strip(_HEXADECIMAL) else 0


def _is_entity(name: str) -> bool:
    if name.startswith("#x"):
        return 2 < len(name) <= 6 and not name[2:].strip(_HEXADECIMAL)
    return name in _ENTITIES or (name.startswith("#") and len(name) <= 6 and name[1:].isdecimal())


def meaning(sequence: str) -> str:
    """The characters that a sequence stands for: none for a terminal's colour."""
    if sequence[0] == "\x1b":
        return ""
    if sequence[0] == "&":
        import html  # a millisecond, for what few texts have

        return html.unescape(sequence)
    if sequence[0] == "%":
        return chr(int(sequence[1:], 16))
    return chr(int(sequence[2:], 16)) if sequence[1] in "ux" else _SIMPLE[sequence[1]]
