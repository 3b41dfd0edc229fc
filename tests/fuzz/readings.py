"""Texts and values as a reader sees them, written without a look at our own decoding: what the harnesses measure it by."""

import base64
import binascii
import codecs
import html
import re
import urllib.parse
from collections.abc import Callable, Iterator

from alikey_hook.finding import Detection

_CHARSETS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_MARKS = (b"", codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PLAIN = ("plain", "gb18030", "utf-16", "utf-32")
# ASCII in UTF-16 among other bytes.
_WIDE = re.compile(rb"(?:[\x01-\x7f]\0){8,}[\x01-\x7f]?|(?:\0[\x01-\x7f]){8,}")
_ROUNDS = 4
_MOST = 4000


def shown(data: bytes, detection: Detection) -> bool:
    """Whether the value of a detection really stands in the bytes at its place, in some reading of them."""
    return any(_holds(span, detection) for text in _readings(data) for span in _at(text, detection))


def _readings(data: bytes) -> Iterator[str]:
    for charset in _CHARSETS:
        for mark in _MARKS:
            if data.startswith(mark):
                yield data[len(mark) :].decode(charset, "replace")
                yield _WIDE.sub(lambda run: run[0].replace(b"\0", b""), data[len(mark) :]).decode(charset, "replace")


def _at(text: str, detection: Detection) -> Iterator[str]:
    ending = "\n" if "\n" in text or "\r" not in text else "\r"
    lines = text.split(ending)
    if detection.line <= len(lines) and 0 < detection.column <= len(lines[detection.line - 1]):
        start = sum(len(line) + 1 for line in lines[: detection.line - 1]) + detection.column - 1
        span = text[start : start + detection.end_column - detection.column]
        if len(span) == detection.end_column - detection.column > 0:
            yield span


def _holds(span: str, detection: Detection) -> bool:
    if detection.encoding in _PLAIN:
        return span == detection.value
    # Of one in pieces, a piece; where they were encoded together, all that they were encoded in.
    return detection.encoding == "part" or any(detection.value in form for form in _meanings(span))


def _meanings(span: str) -> set[str]:
    """Everything that a text can stand for when escapes are undone in any order, a few times."""
    known = latest = {span}
    for _ in range(_ROUNDS):
        latest = {form for text in latest for undo in _UNDO for form in undo(text)} - known
        known = known | latest
        if not latest or len(known) > _MOST:
            break
    return known


_ESCAPE = re.compile(r"""\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[nrt"'/\\]|%[0-9a-fA-F]{2}|\x1b\[[0-9;]*m|&#?\w{1,8};""")


def _all_at_once(text: str) -> Iterator[str]:
    yield _ESCAPE.sub(lambda match: _one(match[0]), text)


def _one(sequence: str) -> str:
    if sequence[0] == "\x1b":
        return ""
    if sequence[0] == "&":
        return html.unescape(sequence)
    if sequence[0] == "%":
        return urllib.parse.unquote(sequence, "latin-1")
    return str(sequence.encode("ascii").decode("unicode_escape")) if sequence != "\\/" else "/"


def _base64(text: str) -> Iterator[str]:
    run = "".join(text.split()).rstrip("=")
    try:
        yield base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        pass
    # The run, of one line or of some, may stand between other things in the span, which was rewritten more than once.
    for pattern in _RUNS:
        for match in pattern.finditer(text):
            if match[0] != text:
                yield from (text[: match.start()] + form + text[match.end() :] for form in _base64(match[0]))


_RUNS = (re.compile(r"[0-9A-Za-z+/]{22,}"), re.compile(r"[0-9A-Za-z+/][0-9A-Za-z+/\s]{20,}"))
_UNDO: tuple[Callable[[str], Iterator[str]], ...] = (_all_at_once, _base64)
