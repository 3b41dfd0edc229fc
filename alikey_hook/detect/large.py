"""Large files in pieces: all that a judgement depends on stands near, so that a piece and some text around it are enough.

Python's texts take up to four bytes a character, and what is rewritten takes more: of a file of gigabytes nobody has so much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from alikey_hook.detect import decode
from alikey_hook.detect.gate import ALNUM
from alikey_hook.finding import Detection
from alikey_hook.record import NamedTuple

_PIECE, _MARGIN = 1 << 20, 1 << 15
_LINE = 1 << 14  # how far before a place its line may begin for the place to be moved there
_BASE64 = ALNUM + b"+/"
_Find = Callable[[bytes], list[Detection]]


class _Piece(NamedTuple):
    """`data[start:end]`; what begins at `own` and before `next` belongs to it, what is around it to other pieces too."""

    start: int
    own: int
    next: int
    end: int


def found(data: bytes, find: _Find) -> list[Detection]:
    """What `find` finds in the data, piece by piece, with the lines and columns that it has in all of it."""
    names = decode.charsets(data)
    if not names:
        return []
    wide = names[0] if names[0] not in ("", decode.MIXED, "utf-8") else ""
    if not wide:
        return list(_found(data, find, set()))
    values: set[str] = set()
    narrow = list(_found(_as_utf_8(data, wide), find, values))
    # Another program may have appended lines in another encoding.
    return [one._replace(encoding=wide[:6]) if one.encoding == "plain" else one for one in narrow] + [
        one for one in _found(data, find, values) if one.value not in {known.value for known in narrow}
    ]


def _as_utf_8(data: bytes, name: str) -> bytes:
    import codecs

    decoder = codecs.getincrementaldecoder(name)("replace")
    parts = [decoder.decode(data[at : at + _PIECE]).encode("utf-8", "replace") for at in range(0, len(data), _PIECE)]
    return b"".join(parts).removeprefix(codecs.BOM_UTF8)


def _found(data: bytes, find: _Find, values: set[str]) -> Iterator[Detection]:
    """The findings of all pieces. `values`: those that are known, to which new ones are added."""
    lines = line_start = done = column = 0  # before a piece: its line and how many characters of that
    for piece in _pieces(data):
        newlines = data.count(b"\n", done, piece.start)
        if newlines:
            lines += newlines
            line_start = data.rfind(b"\n", done, piece.start) + 1
            column = 0
        column += _characters(data, max(done, line_start), piece.start)
        done = piece.start
        part = data[piece.start : piece.end]
        if not decode.charsets(part):
            part = part.replace(b"\0", b" ")  # all of it is a text, this is not for itself
        before, behind = _place(data, piece.start, piece.own), _place(data, piece.start, piece.next)
        if piece.next == len(data):
            behind = (behind[0] + 1, 0)
        seen = []
        for one in find(part):
            # What comes later is seen better by the next piece. What comes earlier was seen by the one before, but for what
            # stands in base64 that began there.
            if (one.line, one.column) < behind and ((one.line, one.column) >= before or one.value not in values):
                seen.append(one.value)
                yield _moved(one, lines, column)
        values.update(seen)


def _moved(one: Detection, lines: int, column: int) -> Detection:
    columns = column if one.line == 1 else 0
    return one._replace(line=one.line + lines, column=one.column + columns, end_column=one.end_column + columns)


def _place(data: bytes, start: int, at: int) -> tuple[int, int]:
    """The line and the column of a place, both from 1, in what begins at `start`."""
    line_start = data.rfind(b"\n", start, at) + 1 or start
    return data.count(b"\n", start, at) + 1, _characters(data, line_start, at) + 1


def _characters(data: bytes, start: int, end: int) -> int:
    return len(data[start:end].decode("utf-8", "replace"))


def _pieces(data: bytes) -> Iterator[_Piece]:
    cuts = _Cuts(data)
    start = own = 0
    while own < len(data):
        following = min(len(data), own + _PIECE)
        last = following == len(data)
        before = len(data) if last else cuts.at(following - _MARGIN)
        border = len(data) if last else cuts.at(following)
        end = len(data) if last else cuts.at(following + _MARGIN)
        yield _Piece(start, own, border, end)
        start, own = before, border


class _Cuts:
    """Where data can be cut, asked for in ascending order: at lines, else between characters, and in base64 between fours."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._done = self._run = 0  # the place before, and where the run of base64's characters begins that it stands in

    def at(self, place: int) -> int:
        """The last cut that is not behind a place."""
        data = self._data
        place = min(place, len(data))
        if place > self._done:
            left = len(data[self._done : place].rstrip(_BASE64))
            self._run = self._done + left if left else self._run
            self._done = place
        line = data.rfind(b"\n", max(0, place - _LINE), place) + 1
        if line:
            return line
        place -= (place - self._run) % 4
        while place < len(data) and data[place] & 0xC0 == 0x80 and place > self._done - 8:
            place -= 1
        return place
