"""What `git add` has just written, read without git: starting `git cat-file` takes longer than all else in a small commit."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import zlib
    from io import FileIO

_OBJECTS = os.path.join(".git", "objects")
# Where git was told to look elsewhere, we leave it to git.
_ELSEWHERE = ("GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
_LONGEST_HEADER = 32
_AT_ONCE = 1 << 18  # bytes


class Damaged(Exception):
    """The object is there, and not what git wrote."""


def read(name: str) -> tuple[str, bytes] | None:
    """The type and the content of a loose object in the current folder's `.git`; None where it is not there.

    Raises Damaged. `git cat-file --batch` would not tell of some damages, and both of us would wait for the rest of it.

    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects (object storage)
    """
    if any(variable in os.environ for variable in _ELSEWHERE):
        return None
    try:
        file = open(os.path.join(_OBJECTS, name[:2], name[2:]), "rb", buffering=0)  # noqa: SIM115 - closed below
    except OSError:
        return None
    import zlib

    try:
        with file:
            return _inflated(file, zlib.decompressobj())
    except (zlib.error, ValueError, OverflowError):
        raise Damaged from None
    except OSError:
        return None  # git reads it too, and says what is wrong


def _inflated(file: FileIO, stream: zlib._Decompress) -> tuple[str, bytes]:
    """Never more than the header says is inflated, and one byte to see that there is none; little else is held beside it."""
    start = stream.decompress(file.read(_AT_ONCE), _LONGEST_HEADER)
    header, _, begun = start.partition(b"\0")
    kind, _, digits = header.decode("ascii").partition(" ")
    if not digits.isdigit():
        raise Damaged
    size = int(digits)
    parts, length = [begun], len(begun)
    packed = stream.unconsumed_tail
    while length <= size and not stream.eof and (packed or (packed := file.read(_AT_ONCE))):
        parts.append(stream.decompress(packed, size + 1 - length))
        length += len(parts[-1])
        packed = stream.unconsumed_tail
    if length != size or not stream.eof or stream.unused_data or file.read(1):
        raise Damaged
    return kind, b"".join(parts)
