"""Reading from a git that may never answer: it is waited for, but not for ever."""

from __future__ import annotations

import io
import os
import select
from typing import IO

from alikey_hook.errors import UserError


def patient(stream: IO[bytes], seconds: float) -> IO[bytes]:
    """The same pipe, whose reading raises UserError when nothing has come for so many seconds.

    Of a damaged object `git cat-file --batch` may give less than it has announced, and then waits for us, and we for it.
    """
    return io.BufferedReader(_Patient(stream, seconds))


class _Patient(io.RawIOBase):
    """Reads from a pipe's own file, past its buffer."""

    def __init__(self, stream: IO[bytes], seconds: float) -> None:
        super().__init__()
        self._stream = stream
        self._seconds = seconds
        self._poll = select.poll()
        self._poll.register(stream.fileno(), select.POLLIN)

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def fileno(self) -> int:
        """The pipe's own."""
        return self._stream.fileno()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """What is there, as soon as something is."""
        if not self._poll.poll(self._seconds * 1000):
            raise UserError(
                f"git has been silent for {self._seconds:g} seconds.", "Run `git fsck`; not everything was looked at."
            )
        return os.readv(self._stream.fileno(), [buffer])

    def close(self) -> None:
        """Close the pipe."""
        self._stream.close()
        super().close()
