"""Base64 in bytes, for the gate: where it may be text, how far it goes, what it stands for."""

from __future__ import annotations

import binascii

from alikey_hook.detect.gate import ALNUM, ESCAPING, FIRST_OF_FOUR

_LINE, _INDENTED = range(60, 77), 40  # as in `views`
_BASE64 = ALNUM + b"+/"
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\r\n")


def beginnings(data: bytes, at: int, end: int) -> list[int]:
    """Where text in base64 can begin in a run: at its start, or behind what belongs to an escape or to a character of GBK."""
    before = data[at - 1 : at] if at else b" "
    places = range(at, at + 6) if before in ESCAPING or before >= b"\x80" else (at,)
    heads = ((place, data[place : min(place + 24, end)]) for place in places)
    return [place for place, head in heads if not head[::4].translate(None, FIRST_OF_FOUR) and _encodes_text(head)]


def _encodes_text(head: bytes) -> bool:
    """Whether base64 that begins like this stands for text."""
    text = decoded(head)
    return text.isascii() and text.translate(None, _CONTROLS) == text


def end_of_lines(data: bytes, start: int) -> int:
    """Where base64 ends that begins at `start`, wrapped and perhaps indented as `views` knows it."""
    end = _end_of_run(data, start)
    while end - start in _LINE and data[end : end + 2].startswith((b"\n", b"\r\n")):
        begin = data.index(b"\n", end) + 1
        blanks = data[begin : begin + _INDENTED]
        start = begin + len(blanks) - len(blanks.lstrip(b" \t"))
        after = _end_of_run(data, start)
        if not 2 <= after - start < _LINE.stop:
            break
        end = after
    return end


def _end_of_run(data: bytes, at: int) -> int:
    """Where the base64 ends that goes on at `at`; looks at little more than that."""
    step = 64
    while at < len(data):
        window = data[at : at + step]
        rest = len(window.lstrip(_BASE64))
        at += len(window) - rest
        if rest:
            break
        step *= 2
    return at


def block(data: bytes, at: int) -> tuple[int, int]:
    """All the lines of base64 around a place in it."""
    start, step = at, 64
    while start > 0:
        window = data[max(0, start - step) : start]
        rest = len(window.rstrip(_BASE64 + b"\r\n"))
        start -= len(window) - rest
        if rest:
            break
        step *= 2
    return start, end_of_lines(data, _end_of_run(data, at))


def decoded(encoded: bytes) -> bytes:
    """What base64 stands for, as far as it goes."""
    run = b"".join(encoded.split()).partition(b"=")[0]
    run = run[:-1] if len(run) % 4 == 1 else run
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))
