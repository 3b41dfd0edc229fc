"""What files of the model hold: lines of any encoding, some with a key. Keys are made at run time."""

import codecs
import hashlib

from hypothesis import strategies as st

from tests.keys import access_key_id, secret
from tests.repository import ID_RULE, SECRET_RULE

VALUES = {access_key_id(seed): ID_RULE for seed in range(1, 5)} | {secret(seed): SECRET_RULE for seed in range(1, 4)}
PRINTS = {"sha256:" + hashlib.sha256(value.encode()).hexdigest(): value for value in VALUES}
CHARSETS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "latin-1")
# Each stands alone: found whatever the lines around it say.
_NAMES = {ID_RULE: 'access_key_id = "{}"', SECRET_RULE: 'access_key_secret = "{}"'}
_FILLERS = (
    "nothing = 1",
    "x = x + 1",
    "# a comment",
    "",
    "    return value",
    "++ b/other.py",
    "@@ -1 +1 @@",
    "diff --git a/a b/b",
    "$Id$",
)
_WIDER = ("# 阿里云的访问密钥，请勿外传", "# für später")

BODY = "".join(f"line {number} of what stays as it is\n" for number in range(8))


def fingerprint(value: str) -> str:
    """What reports call a value."""
    return next(known for known, known_value in PRINTS.items() if known_value == value)


def line_with(value: str) -> str:
    """A line that gives a value away by itself."""
    return _NAMES[VALUES[value]].format(value)


values = st.sampled_from(sorted(VALUES))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Some lines, perhaps behind a body that makes renamed files similar to what they were."""
    lines = st.sampled_from(_FILLERS + _WIDER) | values.map(line_with)
    ending = draw(st.sampled_from(["\n", "\n", "\n", "\r\n"]))
    some = "".join(line + ending for line in draw(st.lists(lines, max_size=5)))
    return draw(st.sampled_from([some, BODY + some, some + BODY]))


def encoded(text: str, charset: str) -> bytes:
    """The text's bytes; what the encoding has no character for is left out."""
    return text.encode(charset, "ignore")


def bytes_of_line(content: bytes, line: str) -> bytes:
    """A line in the encoding that a file has, as an editor would append it: UTF-16 where a mark says so, else ASCII."""
    for mark, charset in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return (line + "\n").encode(charset)
    return (line + "\n").encode("ascii")


class Held:
    """Which values stand in some bytes, found without any of our own code: each with its lines, or None where those are not
    certain, since the file is of two encodings; `unsure`: those that nobody need see in such a file."""

    def __init__(self, content: bytes) -> None:
        self.values: dict[str, frozenset[int] | None] = {}
        self.unsure: set[str] = set()
        for value in VALUES:
            ascii_lines = _lines(content, value.encode(), b"\n", b"\r", 1)
            wide = [_lines(content, value.encode(name), "\n".encode(name), b"", 2) for name in ("utf-16-le", "utf-16-be")]
            if ascii_lines:
                self.values[value] = None if b"\0" in content else ascii_lines
            elif any(wide):
                self._wide(content, value, wide[0] or wide[1])
            elif any(value.encode(name) in content for name in ("utf-16-le", "utf-16-be")):
                self._odd(content, value)

    def _wide(self, content: bytes, value: str, lines: frozenset[int]) -> None:
        marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        charset = "utf-16" if marked else "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        try:
            whole = value in content.decode(charset) and (marked or b"\0" in content[:2])
        except UnicodeDecodeError:
            whole = False
        if whole:
            self.values[value] = lines
        else:
            self._odd(content, value)

    def _odd(self, content: bytes, value: str) -> None:
        """UTF-16 behind something else: told, but where all is said to be UTF-16 and halves of characters stand together."""
        if b"\0" in content[:2] or content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self.unsure.add(value)
        else:
            self.values[value] = None


def _lines(content: bytes, needle: bytes, ending: bytes, otherwise: bytes, width: int) -> frozenset[int]:
    """The lines (from 1) in which the bytes stand, whatever stands around them."""
    if otherwise and ending not in content:
        ending = otherwise
    found, at = set(), content.find(needle)
    while at >= 0:
        before = content[:at]
        count = before.count(ending) if width == 1 else sum(before[i : i + width] == ending for i in range(0, at, width))
        if at % width == 0:
            found.add(count + 1)
        at = content.find(needle, at + 1)
    return frozenset(found)
