"""What `git add` has just written, read without git: starting `git cat-file` takes longer than all else in a small commit."""

from __future__ import annotations

import os

_OBJECTS = os.path.join(".git", "objects")
# Where git was told to look elsewhere, we leave it to git.
_ELSEWHERE = ("GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
_LONGEST_HEADER = 32


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
        with open(os.path.join(_OBJECTS, name[:2], name[2:]), "rb") as file:
            packed = file.read()
    except OSError:
        return None
    import zlib

    stream = zlib.decompressobj()
    try:
        start = stream.decompress(packed, _LONGEST_HEADER)
        header, _, content = start.partition(b"\0")
        kind, _, digits = header.decode("ascii").partition(" ")
        size = int(digits)
        # Not more than it says, and one byte to see that there is none.
        content += stream.decompress(stream.unconsumed_tail, max(1, size - len(content) + 1))
    except (zlib.error, ValueError, OverflowError):
        raise Damaged from None
    if len(content) != size or not stream.eof or stream.unused_data:
        raise Damaged
    return kind, content
