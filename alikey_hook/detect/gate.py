"""The cheap question before the thorough one: can this blob hold a credential at all? No regular expressions, no decoding."""

from __future__ import annotations

from alikey_hook.detect import shape
from alikey_hook.detect.decode import charset

LITERALS = (b"LTAI",)
SECRET_LENGTH = 30

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Alphanumerics become "a" and all else a blank, so that bytes.find sees runs of a length (5 times faster than `re`).
_RUNS = bytes(97 if c in _ALNUM else 32 for c in range(256))
_RUN = b" " + b"a" * SECRET_LENGTH + b" "
# What may touch a secret without a boundary that bytes can show: the rest of an escape sequence, the second byte of a
# GBK character. (first byte's test, how many bytes the run is longer)
_TOUCHING = ((b"\\", 1), (b"%", 2), (b"\\", 5), (b"", 1))
_PIECES_OF_BLOBS = b"+/"


def may_hold(data: bytes) -> bool:
    """Whether the engine must look at `data`. False means that it would find nothing."""
    name = charset(data)
    if name is None:
        return False
    if name.startswith("utf-16") or name.startswith("utf-32"):
        data = data.decode(name, "ignore").encode("utf-8", "replace")
    return any(literal in data for literal in LITERALS) or _holds_secret(data)


def _holds_secret(data: bytes) -> bool:
    runs = b" " + data.translate(_RUNS) + b" "
    at = runs.find(_RUN)
    while at >= 0:
        if _plausible(data, at, at + SECRET_LENGTH):
            return True
        at = runs.find(_RUN, at + SECRET_LENGTH + 1)
    return any(_holds_touched(data, runs, first, extra) for first, extra in _TOUCHING if first in data)


def _holds_touched(data: bytes, runs: bytes, first: bytes, extra: int) -> bool:
    if not first and data.isascii():
        return False
    run = b" " + b"a" * (SECRET_LENGTH + extra) + b" "
    at = runs.find(run)
    while at >= 0:
        before = data[at - 1 : at] if at else b""
        touched = before == first if first else before >= b"\x80"
        if touched and _plausible(data, at + extra, at + extra + SECRET_LENGTH):
            return True
        at = runs.find(run, at + len(run) - 1)
    return False


def _plausible(data: bytes, start: int, end: int) -> bool:
    before, after = data[start - 1 : start] if start else b"", data[end : end + 1]
    if (before and before in _PIECES_OF_BLOBS) or (after and after in _PIECES_OF_BLOBS):
        return False
    text = data[start:end].decode("ascii")
    return shape.mixed_case(text) and not shape.wordlike(text) and not shape.placeholder(text)
