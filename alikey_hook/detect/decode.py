"""From bytes to text: byte order marks, UTF-16 without one, UTF-8, GB18030; and what is no text at all."""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its first two bytes are UTF-16's mark
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control characters that no text editor writes; NUL is looked at apart, since it separates values in real text files.
_CONTROLS = bytes(c for c in range(1, 32) if c not in b"\t\n\r\f\v\b\x1b") + b"\x7f"
_SAMPLE = 65536


def charset(data: bytes) -> str | None:
    """The encoding to try first, "" for any ASCII-compatible one (see `texts`), None for binary data."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    nul = data.find(b"\0")
    if nul >= 0:
        wide = _wide(data[nul & ~1 :][:_SAMPLE] if nul > _SAMPLE else data[:_SAMPLE])
        if wide:
            return wide
    return None if _binary(data) else ""


def texts(data: bytes, name: str) -> list[str]:
    """The text in `data`, whose `charset` is `name`; several readings where the bytes allow them, likeliest first.

    A file that is neither UTF-8 nor GB18030 is read as both: a key between broken characters is still a key.
    """
    if name:
        mark = next((mark for mark, known in _BOMS if known == name and data.startswith(mark)), b"")
        return [data[len(mark) :].decode(name, "replace")]
    try:
        return [data.decode("utf-8")]
    except UnicodeDecodeError:
        pass
    readings = [data.decode("gb18030", "replace"), data.decode("utf-8", "replace")]
    return sorted(readings, key=lambda text: text.count("\ufffd"))


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: of ASCII text in UTF-16 every second byte is NUL, and always the same second."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > 0.2 * half and even < 0.02 * half:
        return "utf-16-le"
    if even > 0.2 * half and odd < 0.02 * half:
        return "utf-16-be"
    return None


def _binary(data: bytes) -> bool:
    """Whether more than 1 % of the bytes, and at least two kinds of them, are control characters."""
    left = data.translate(None, _CONTROLS)
    controls = len(data) - len(left)
    return controls > 0.01 * len(data) and sum(bytes((c,)) in data for c in _CONTROLS) > 1
