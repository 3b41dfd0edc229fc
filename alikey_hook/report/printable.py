"""Text from a repository, made safe for a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text on one line, with everything that could act on a terminal or reorder the line written as an escape.

    Bytes that are not UTF-8 (lone surrogates, as `os.fsdecode` gives them) come out as `\\xNN`.
    """
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def same_width(text: str) -> str:
    """The text with everything unprintable replaced by one blank or `·`, so that columns stay where they are."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "·" for c in text)


def width(text: str) -> int:
    """How many terminal cells the text takes: two for a Chinese character."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
