"""Text of a repository, made safe for a page."""

from __future__ import annotations

from html import escape

from alikey_hook.report.printable import printable, same_width


def text(value: str) -> str:
    """The text as the content or a quoted attribute of an element: no markup, no control or bidi characters."""
    return escape(printable(value), quote=True)


def isolated(value: str) -> str:
    """The same, so that right-to-left letters in it reorder nothing around it."""
    return f"<bdi>{text(value)}</bdi>"


def line(excerpt: str, start: int, width: int) -> str:
    """A line of a file with the masked value marked."""
    shown = same_width(excerpt)
    parts = [escape(part, quote=True) for part in (shown[:start], shown[start : start + width], shown[start + width :])]
    return f"{parts[0]}<mark>{parts[1]}</mark>{parts[2]}"
