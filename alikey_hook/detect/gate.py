"""The cheap question before the thorough one: can this blob hold a credential at all? No regular expressions, no decoding."""

from __future__ import annotations

from alikey_hook.detect import shape
from alikey_hook.detect.decode import charsets

# What credentials begin with, and how many of their characters must follow. The base64 of `LTAI` and `STS.` at each of the
# three places where a text can stand in base64 belongs to it.
LITERALS = (
    (b"LTAI", 0),
    (b"STS.", 20),
    (b"CAIS", 16),
    (b"CAES", 16),
    (b"TMP.3K", 40),
    (b"sk-", 24),
    (b"sk-ws-", 0),
    (b"sk-sp-", 0),
    (b"TFRBS", 8),
    (b"xUQU", 8),
    (b"MVEFJ", 8),
    (b"U1RTL", 8),
    (b"NUUy", 8),
    (b"TVFMu", 8),
)
_SECRET, _STS_SECRET = 30, (43, 44)
_BASE64_SECRET = (40, 42)  # 42 and two `=`: with the line feed of `echo`

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE = _ALNUM + b"+/%"
# Alphanumerics become "a" and all else a blank, so that bytes.find sees runs of a length (5 times faster than `re`).
_RUNS = bytes(97 if c in _ALNUM else 32 for c in range(256))
_RUN = b" " + b"a" * _SECRET
# What may touch a secret without a boundary that bytes can show: the rest of \n, %3D or \u003d.
_ESCAPES = {_SECRET + 1: b"\\", _SECRET + 2: b"%", _SECRET + 5: b"\\"}
_LONGEST = 44
_BASE64 = _ALNUM + b"+/=\r\n"
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\r\n")


def may_hold(data: bytes) -> bool:
    """Whether the engine must look at `data`. False means that it would find nothing."""
    return any(_holds_any(_narrowed(data, name)) for name in charsets(data))


def _narrowed(data: bytes, name: str) -> bytes:
    return data if name in ("", "utf-8") else data.decode(name, "ignore").encode("utf-8", "replace")


def _holds_any(data: bytes, depth: int = 2) -> bool:
    return any(_holds(data, literal, more) for literal, more in LITERALS) or _holds_secret(data, depth)


def _holds(data: bytes, literal: bytes, more: int) -> bool:
    at = data.find(literal)
    while at >= 0:
        at += len(literal)
        following = data[at : at + more]
        if len(following) == more and not following.translate(None, _VALUE):
            return True
        at = data.find(literal, at)
    return False


def _holds_secret(data: bytes, depth: int) -> bool:
    runs = b" " + data.translate(_RUNS) + b" "
    at = runs.find(_RUN)
    while at >= 0:
        end = runs.find(b" ", at + _SECRET)
        if end - at - 1 <= _LONGEST:
            if _plausible_run(data, at, end - 1):
                return True
        elif depth and _encodes_text(data[at : at + 24]):
            # A text in base64, which may hold base64 again.
            stop = _end_of_base64(data, end - 1)
            if _holds_any(_decoded(data[at:stop]), depth - 1):
                return True
            end = max(end, stop)
        at = runs.find(_RUN, end)
    return False


def _end_of_base64(data: bytes, at: int) -> int:
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


def _encodes_text(head: bytes) -> bool:
    decoded = _decoded(head)
    return decoded.isascii() and decoded.translate(None, _CONTROLS) == decoded


def _decoded(encoded: bytes) -> bytes:
    import binascii

    run = b"".join(encoded.split()).rstrip(b"=")
    return binascii.a2b_base64(run[: len(run) // 4 * 4])


def _plausible_run(data: bytes, start: int, end: int) -> bool:
    """Whether `data[start:end]`, which no alphanumeric touches, can be or end in a secret."""
    before, after, length = data[start - 1 : start] if start else b" ", data[end : end + 1] or b" ", end - start
    if before in b"+/" or after in b"+/" or (after == b"=" and length not in _BASE64_SECRET):
        return False
    text = data[start:end].decode("ascii")
    if length == _SECRET or length in _STS_SECRET:
        return _plausible(text)
    if length in _BASE64_SECRET:
        return _plausible_base64(text)
    # The second byte of a GBK character may be a letter.
    touched = before == _ESCAPES.get(length) or (length == _SECRET + 1 and before >= b"\x80")
    return touched and _plausible(text[-_SECRET:])


def _plausible(text: str) -> bool:
    return shape.mixed_case(text) and not shape.wordlike(text) and not shape.placeholder(text)


def _plausible_base64(text: str) -> bool:
    if not shape.mixed_case(text):
        return False  # a commit's id
    import binascii

    decoded = binascii.a2b_base64(text + "=" * (-len(text) % 4)).rstrip(b"\n")
    return len(decoded) == _SECRET and decoded.isalnum() and _plausible(decoded.decode("ascii"))
