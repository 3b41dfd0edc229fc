"""Reading objects by their ids: without git where they are loose, else from a process of git."""

from __future__ import annotations

from alikey_hook.git import loose
from alikey_hook.git.process import SILENCE, Process, next_object, unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from alikey_hook.git.ahead import Ahead

_MANY = 100  # objects that are worth another process, which prepares the next ones while we look


class Blobs:
    """Reads objects by their id from one `git cat-file --batch`."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._ahead: Ahead | None = None
        self._env: dict[str, str] | None = None

    def expect(self, names: Sequence[str]) -> None:
        """Tell which objects will be read, in which order; others may be read in between."""
        if len(names) < _MANY:
            return
        if self._ahead and self._ahead.taken:
            self._ahead.expect(names)
            return
        from alikey_hook.git.ahead import Ahead

        if self._ahead:
            self._ahead.close()
        self._ahead = Ahead(names)

    def read(self, blob: str) -> bytes:
        """The content of a blob. Raises GitError where it is missing or broken."""
        return self.typed(blob)[1]

    def typed(self, blob: str) -> tuple[str, bytes]:
        """The type (blob, commit, tag, tree) and the content of an object. Raises GitError as `read` does."""
        expected = self._ahead.take(blob) if self._ahead else None
        if expected:
            return expected
        if self._process is None:
            try:
                found = loose.read(blob)
            except loose.Damaged:
                raise unreadable(blob) from None
            if found:
                return found
        answer = self._asked(blob)
        if answer is None and self._env is None:
            from alikey_hook.git import promised

            self._env = promised.environment()
            answer = self._asked(blob) if self._env else None
        if answer is None:
            raise unreadable(blob)
        return answer

    def _asked(self, blob: str) -> tuple[str, bytes] | None:
        """What git gives of an object; None where it does not, and then it is ended."""
        if self._process is None:
            self._process = Process(("cat-file", "--batch"), patience=SILENCE, env=self._env)
        try:
            self._process.stdin.write(blob.encode("ascii") + b"\n")
            answer = next_object(self._process.stdout)
        except BrokenPipeError:
            answer = None
        if answer is None:
            self.close()
        return answer

    def close(self) -> None:
        """End git's processes."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        if self._process is not None:
            self._process.finish()
            self._process = None
