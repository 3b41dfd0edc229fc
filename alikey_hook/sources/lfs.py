"""Git LFS: what is committed is a pointer; what counts is the object that it points to.

https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_LONGEST_POINTER = 1024
_LARGEST = 64 << 20


class Resolved:
    """Reads what `read` reads, and for a pointer the object that it points to, where this clone has it and it is not too large.

    `unread`: how many pointers led nowhere; those are looked at as they are.
    """

    __slots__ = ("_folder", "_read", "unread")

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._folder: str | None = None
        self.unread = 0

    def __call__(self, name: str) -> bytes:
        """The content that counts."""
        return self.resolve(self._read(name))

    def resolve(self, content: bytes) -> bytes:
        """The object that a pointer points to; any other content as it is."""
        if len(content) > _LONGEST_POINTER or not content.startswith(_POINTER):
            return content
        fields = dict(line.split(b" ", 1) for line in content.splitlines() if b" " in line)
        digest = fields.get(b"oid", b"").removeprefix(b"sha256:").decode("ascii", "replace")
        if len(digest) != 64 or not digest.isalnum():
            return content
        try:
            path = os.path.join(self._objects(), digest[:2], digest[2:4], digest)
            if os.path.getsize(path) <= _LARGEST:
                with open(path, "rb") as file:
                    return file.read()
        except OSError:
            pass
        self.unread += 1
        return content

    def _objects(self) -> str:
        if self._folder is None:
            from alikey_hook.git.tree import git_path, setting

            self._folder = os.path.join(git_path("--git-common-dir"), setting("lfs.storage") or "lfs", "objects")
        return self._folder
