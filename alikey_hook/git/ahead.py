"""Objects that will be read in a known order: git prepares the next ones while we look at one."""

from __future__ import annotations

from collections.abc import Sequence

from alikey_hook.git.objects import Reader
from alikey_hook.git.process import GitError

_MANY = 500  # objects, for which it pays to ask for git's version


class Ahead:
    """A reader for `names`, in their order."""

    def __init__(self, names: Sequence[str]) -> None:
        self._reader = Reader(many=len(names) >= _MANY)
        self.expect(names)

    def expect(self, names: Sequence[str]) -> None:
        """Tell the next names. Only where all that was told before has been `taken`."""
        self.taken = not names
        self._names = iter(names)
        self._next = next(self._names, None)
        self._answers = self._reader.read(names)

    def take(self, name: str) -> tuple[str, bytes] | None:
        """The type and content of an object; None where another one is next, or this one cannot be read by us."""
        if name != self._next:
            return None
        try:
            _, kind, content = next(self._answers)
        except GitError:
            self._next = None  # another way of reading tells why, or fetches what a partial clone lacks
            return None
        self._next = next(self._names, None)
        self.taken = self._next is None
        return kind, content

    def close(self) -> None:
        """End git's process."""
        self._answers.close()
        self._reader.close()
