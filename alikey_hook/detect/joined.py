"""String pieces, joined as `views` joins them, by translating and finding bytes: for the gate. Without `re`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Without what stands between two literals, these are two quotes side by side.
BETWEEN = b" \t\r\n+.&|<~\\@"
_QUOTES = bytes(34 if c in b"\"'`" else c for c in range(256))
KINDS = bytes(97 if bytes((c,)).isalnum() else 34 if c in b"\"'`" else 32 for c in range(256))
_SHORTEST, _LONGEST = 16, 1200


def joined(data: bytes) -> Iterator[bytes]:
    """What stands around the places where string pieces are joined, without the quotes there.

    What stands between words is taken out as well: what seems to be joined need not be.
    """
    squeezed = data.translate(_QUOTES, BETWEEN)
    at = squeezed.find(b'""')
    while at >= 0:
        following = at + 2
        if squeezed[at - 1 : at].isalnum() and squeezed[following : following + 1].isalnum():
            low = max(0, at - _LONGEST)
            kinds = squeezed[low : at + _LONGEST].translate(KINDS)
            start = kinds.rfind(b" ", 0, at - low) + 1
            end = kinds.find(b" ", at - low)
            end = len(kinds) if end < 0 else end
            if end - start > _SHORTEST:
                yield squeezed[low + start : low + end].replace(b'""', b"")
            following = low + end
        at = squeezed.find(b'""', following)
