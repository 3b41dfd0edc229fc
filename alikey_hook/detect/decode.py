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
MIXED = "mixed"


def charsets(data: bytes) -> tuple[str, ...]:
    """The encodings to read `data` in, likeliest first; "" stands for the ASCII-compatible ones, and MIXED for those with
    NUL bytes, which may be of UTF-16 among them. None for binary data.

    UTF-16 is always read in bytes too: another program may have appended ASCII lines, and short texts between NUL bytes
    look like it.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return (name,) if name == "utf-8" else (name, "")
    nul = data.find(b"\0")
    if nul < 0:
        return ("",)
    sample = data[nul & ~1 :][:_SAMPLE] if nul > _SAMPLE else data[:_SAMPLE]
    wide = _wide(sample)
    if wide:
        return (wide, "")
    return () if _binary(data) else (MIXED,)


def texts(data: bytes, name: str) -> list[tuple[str, str]]:
    """The text in `data`, read as one of its `charsets`, and what to call that (`plain` for UTF-8).

    Two readings where the bytes are neither UTF-8 nor GB18030: a key between broken characters is still a key.
    """
    if name in ("utf-8", MIXED):
        data = narrowed(data)
    if name not in ("", MIXED):
        mark = next((mark for mark, known in _BOMS if known == name and data.startswith(mark)), b"")
        return [(data[len(mark) :].decode(name, "replace"), "plain" if name == "utf-8" else name[:6])]
    try:
        return [(data.decode("utf-8"), "plain")]
    except UnicodeDecodeError:
        pass
    readings = [(data.decode("gb18030", "replace"), "gb18030"), (data.decode("utf-8", "replace"), "plain")]
    return sorted(readings, key=lambda reading: reading[0].count("\ufffd"))


def narrowed(data: bytes) -> bytes:
    """The data with ASCII where UTF-16 stands among other bytes: Windows PowerShell's `>>` appends it to any file."""
    if b"\0" not in data:
        return data
    import re

    runs = rb"(?:[\x01-\x7f]\0){8,}[\x01-\x7f]?|(?:\0[\x01-\x7f]){8,}"
    return re.sub(runs, lambda run: run[0].replace(b"\0", b""), data)


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: NUL bytes only in the upper halves of ASCII characters, and what comes out reads as text."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for many, few, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if many >= 3 and few <= 0.02 * many and not _ascii_apart(sample):
            text = sample[: len(sample) & ~1].decode(name, "replace")
            readable = sum(character.isprintable() or character in "\r\n\t" for character in text)
            if readable >= 0.97 * len(text) and "\ufffd" not in text[:-1]:
                return name
    return None


_ASCII = bytes(0 if c == 0 else 1 if 32 <= c < 127 or c in b"\t\r\n" else 2 for c in range(256))


def _ascii_apart(sample: bytes) -> bool:
    """Whether most of what has no NUL byte is two ASCII characters, and that is not little beside what has one.

    Of Chinese in UTF-16 a quarter looks so, and of a few words perhaps all.
    """
    kinds = sample.translate(_ASCII)
    pairs = list(zip(kinds[::2], kinds[1::2]))  # noqa: B905 - a last byte may be alone
    apart = pairs.count((1, 1))
    with_nul = sum((left > 0) != (right > 0) for left, right in pairs)
    return 2 * apart > sum(left > 0 < right for left, right in pairs) and 4 * apart > with_nul


def _binary(data: bytes) -> bool:
    """Whether data that has NUL bytes has other control characters too: at least two kinds, and more than 1 % of them."""
    left = data.translate(None, _CONTROLS)
    controls = len(data) - len(left)
    return controls > 0.01 * len(data) and sum(bytes((c,)) in data for c in _CONTROLS) > 1
