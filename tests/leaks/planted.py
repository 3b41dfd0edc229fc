"""The secrets that the tests have made up, and whether one of them, in any spelling, stands in what the product gave away."""

import base64
import binascii
import hashlib
import html
import re
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random

# An id may be told by its first 8 and last 4 characters (docs/detection.md); nothing of any other value.
_IDS = frozenset(("id", "id16", "id16nd", "old16", "stsid"))
_FOREIGN = frozenset(("ding", "dingsec"))  # of another product: nobody promises to find or to mask them
_GRAM = 8
WITHIN = 16  # characters of a value, from anywhere in it, that are a leak
_RUN = re.compile(rb"[A-Za-z0-9+/=._-]{8,}")
_HEX = re.compile(rb"[0-9A-Fa-f]{16,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_SPACED_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}[ :,]){8,}")
_ESCAPE = re.compile(rb"\\(?:u00|U000000|x)([0-9A-Fa-f]{2})|\\([0-3][0-7]{2})|\\([^ux0-3])")
_BREAK = re.compile(rb"\s*\r?\n\s*")


class Planted:
    """Every 8 characters of a value that begin at a multiple of 8, and its last 8: 16 characters of it hold one of them."""

    def __init__(self) -> None:
        self._values: dict[bytes, bool] = {}
        self._grams: dict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
        self._clean: set[bytes] = set()  # words that were looked into: most are said over and over

    def add(self, value: str, kind: str) -> None:
        """Tell of a value, whose `kind` is one of `tests/corpus/fill.py`."""
        raw = value.encode()
        if kind in _FOREIGN or raw in self._values:
            return
        self._values[raw] = kind in _IDS
        self._clean.clear()
        last = len(raw) - _GRAM
        for start in {*range(0, last, _GRAM), last}:
            self._grams[raw[start : start + _GRAM]].append((raw, start))

    def found(self, data: bytes) -> list[str]:
        """Which values stand in what was given away, told without telling them."""
        return list(dict.fromkeys(self._in(data, 2))) if self._values else []

    def _in(self, data: bytes, depth: int) -> Iterator[str]:
        """`depth`: how often it may be decoded."""
        for run in set(_RUN.findall(data)) - self._clean:
            told = list(self._in_run(run, depth))
            yield from told
            if not told and depth == 2:
                self._clean.add(run)
        for text in _decoded(data) if depth else ():
            yield from self._in(text, depth - 1)

    def _in_run(self, run: bytes, depth: int) -> Iterator[str]:
        for one in (run, run[::-1]):
            grams = {one[at : at + _GRAM] for at in range(len(one) - _GRAM + 1)}
            for gram in grams & self._grams.keys():
                for match in re.finditer(re.escape(gram), one):
                    yield from self._around(one, match.start(), gram)
            for text in _decoded_run(one) if depth else ():
                yield from self._in(text, depth - 1)

    def _around(self, run: bytes, at: int, gram: bytes) -> Iterator[str]:
        for value, start in self._grams[gram]:
            first, last = start, start + _GRAM
            while first and at - (start - first) and value[first - 1] == run[at - (start - first) - 1]:
                first -= 1
            while last < len(value) and at + last - start < len(run) and value[last] == run[at + last - start]:
                last += 1
            if last - first >= WITHIN or (last == len(value) and not self._values[value] and last - first >= _edge(value)):
                digest = hashlib.sha256(value).hexdigest()
                yield f"characters {first + 1} to {last} of a value of {len(value)} (sha256:{digest})"


def _edge(value: bytes) -> int:
    """How many characters at a secret's end are no chance."""
    return 12 if re.fullmatch(rb"[0-9a-f]{12}", value[-12:]) else _GRAM


PLANTED = Planted()


def noting(credential: Callable[[str, Random], str]) -> Callable[[str, Random], str]:
    """The same function, which tells PLANTED of each value that it makes."""

    def made(kind: str, rng: Random) -> str:
        value = credential(kind, rng)
        PLANTED.add(value, kind)
        return value

    return made


def _decoded(data: bytes) -> Iterator[bytes]:
    """What it may stand for as a whole."""
    if b"\0" in data:
        yield data.replace(b"\0", b"")  # UTF-16 and UTF-32
    if b"%" in data:
        yield urllib.parse.unquote_to_bytes(data)
    if b"\\" in data:
        yield _ESCAPE.sub(_unescaped, data)
    if b"&#" in data:
        yield html.unescape(data.decode("latin-1")).encode("latin-1", "replace")
    if b"\n" in data.strip():
        yield _BREAK.sub(b"", data)  # wrapped lines
    if _SPACED_HEX.search(data):
        yield re.sub(rb"[ :,]", b"", data)


def _decoded_run(run: bytes) -> Iterator[bytes]:
    """What a word may stand for, wherever in it that begins."""
    if len(run) >= 16:
        yield b"\n".join(_unbase64(part[shift:]) for part in _BASE64.findall(run) for shift in range(4))
        for digits in _HEX.findall(run):
            yield b"\n".join(binascii.unhexlify(part[: len(part) // 2 * 2]) for part in (digits, digits[1:]))


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes((int(match[1], 16),))
    return bytes((int(match[2], 8) % 256,)) if match[2] else match[3]


def _unbase64(run: bytes) -> bytes:
    whole = run + b"A" * (-len(run) % 4)  # the end may be in a group that is not whole
    return base64.b64decode(whole.replace(b"-", b"+").replace(b"_", b"/"))
