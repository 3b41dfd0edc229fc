"""What the index surely does not have, seen without git: to start `git ls-files` takes longer than to look for what leaks."""

from __future__ import annotations

import os

_HEAD, _USUAL = os.path.join(".git", "HEAD"), os.path.join(".git", "index")
# Where git was told to look elsewhere, we leave it to git.
_ELSEWHERE = ("GIT_DIR", "GIT_COMMON_DIR")
_LARGEST = 32 << 20
# Version 4 leaves out what a path has in common with the one before it.
_WHOLE_PATHS = (b"DIRC\0\0\0\2", b"DIRC\0\0\0\3")
# Extensions that say that there is more than is written here, with their least length: entries are in another file, whose
# checksum this is; folders stand for what they hold.
_INCOMPLETE = ((b"link", 20), (b"sdir", 0))


def may_have(beginning: str) -> bool:
    """Whether the index may have a path with this beginning, given from the repository's top. False is certain.

    https://git-scm.com/docs/index-format
    """
    if not os.path.isfile(_HEAD) or any(variable in os.environ for variable in _ELSEWHERE):
        return True
    try:
        with open(os.environ.get("GIT_INDEX_FILE") or _USUAL, "rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError:
        return True
    understood = content.startswith(_WHOLE_PATHS) and len(content) <= _LARGEST
    return (
        not understood
        or os.fsencode(beginning) in content
        or any(_may_have_extension(content, *known) for known in _INCOMPLETE)
    )


def _may_have_extension(content: bytes, name: bytes, least: int) -> bool:
    """Whether something begins with this name and a length that the rest of the index is long enough for."""
    at = content.find(name)
    while at >= 0:
        start = at + len(name) + 4
        if least <= int.from_bytes(content[at + len(name) : start], "big") <= len(content) - start:
            return True
        at = content.find(name, at + 1)
    return False
