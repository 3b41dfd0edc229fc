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
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_HEX_RUN = re.compile(rb"[0-9A-Fa-f](?:[ :,]?[0-9A-Fa-f]){15,}")
_ESCAPE = re.compile(rb"\\(?:u00|U000000|x)([0-9A-Fa-f]{2})|\\([0-3][0-7]{2})|\\([^ux0-3])")
_BREAK = re.compile(rb"\s*\r?\n\s*")


class Planted:
    """Every 8 characters of a value that begin at a multiple of 8, and its last 8: 16 characters of it hold one of them."""

    def __init__(self) -> None:
        self._values: dict[bytes, bool] = {}
        self._grams: dict[bytes, list[tuple[bytes, int]]] = defaultdict(list)
        self._clean: dict[int, int] = {}  # what was looked into, when so many values were known: much is said over and over

    def add(self, value: str, kind: str) -> None:
        """Tell of a value, whose `kind` is one of `tests/corpus/fill.py`."""
        raw = value.encode()
        if kind in _FOREIGN or raw in self._values:
            return
        self._values[raw] = kind in _IDS
        last = len(raw) - _GRAM
        for start in {*range(0, last, _GRAM), last}:
            self._grams[raw[start : start + _GRAM]].append((raw, start))

    def found(self, data: bytes) -> list[str]:
        """Which values stand in what was given away, told without telling them."""
        if not self._values or self._clean.get(hash(data)) == len(self._values):
            return []
        found = list(dict.fromkeys(told for view in _views(data) for told in self._in(view)))
        if not found:
            self._clean[hash(data)] = len(self._values)
        return found

    def _in(self, view: bytes) -> Iterator[str]:
        for run in dict.fromkeys(_RUN.findall(view)):
            grams = {run[at : at + _GRAM] for at in range(len(run) - _GRAM + 1)}
            for gram in grams & self._grams.keys():
                for match in re.finditer(re.escape(gram), run):
                    yield from self._around(run, match.start(), gram)

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


def _views(data: bytes) -> Iterator[bytes]:
    """The bytes as they are and as they would read decoded, once and twice, forwards and backwards."""
    yield data
    yield data[::-1]
    for once in _decoded(data):
        yield once
        yield once[::-1]
        yield from _decoded(once)
    yield from _decoded(data[::-1])


def _decoded(data: bytes) -> Iterator[bytes]:
    if b"\0" in data:
        yield data.replace(b"\0", b"")  # UTF-16 and UTF-32
    if b"%" in data:
        yield urllib.parse.unquote_to_bytes(data)
    if b"\\" in data:
        yield _ESCAPE.sub(_unescaped, data)
    if b"&#" in data:
        yield html.unescape(data.decode("latin-1")).encode("latin-1", "replace")
    if b"\n" in data:
        yield _BREAK.sub(b"", data)  # wrapped lines
    if runs := set(_BASE64_RUN.findall(data)):
        yield b"\n".join(_unbase64(run[shift:]) for run in runs for shift in range(4))
    if runs := set(_HEX_RUN.findall(data)):
        yield b"\n".join(_unhex(run) for run in runs)


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes((int(match[1], 16),))
    return bytes((int(match[2], 8) % 256,)) if match[2] else match[3]


def _unbase64(run: bytes) -> bytes:
    whole = run + b"A" * (-len(run) % 4)  # the end may be in a group that is not whole
    return base64.b64decode(whole.replace(b"-", b"+").replace(b"_", b"/"))


def _unhex(run: bytes) -> bytes:
    digits = re.sub(rb"[ :,]", b"", run)
    # A run of digits may begin with one that is not the value's.
    return b"\n".join(binascii.unhexlify(part[: len(part) // 2 * 2]) for part in (digits, digits[1:]))
