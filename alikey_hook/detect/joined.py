"""String pieces, joined as `views` joins them, by translating and finding bytes: for the gate. Without `re`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Without what stands between two literals, these are two quotes side by side.
_BETWEEN = b" \t\r\n+.&|<~\\@"
_QUOTES = bytes(34 if c in b"\"'`" else c for c in range(256))
_KINDS = bytes(97 if bytes((c,)).isalnum() else 34 if c in b"\"'`" else 32 for c in range(256))
_SHORTEST, _LONGEST = 16, 1200


def joined(data: bytes) -> Iterator[bytes]:
    """What stands around the places where string pieces are joined, without the quotes there.

    What stands between words is taken out as well: what seems to be joined need not be.
    """
    kinds = data.translate(_KINDS, _BETWEEN)
    at = kinds.find(b'a""a')
    if at < 0:
        return
    squeezed = data.translate(_QUOTES, _BETWEEN)
    while at >= 0:
        start = max(kinds.rfind(b" ", max(0, at - _LONGEST), at), at - _LONGEST, -1) + 1
        end = kinds.find(b" ", at, at + _LONGEST)
        end = min(len(kinds), at + _LONGEST) if end < 0 else end
        if end - start > _SHORTEST:
            yield squeezed[start:end].replace(b'""', b"")
        at = kinds.find(b'a""a', end)
