"""What one git prints: as it comes, or into a file while we do other things."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TypeVar

from alikey_hook.git.process import GitError, Process, explained

Itself = TypeVar("Itself", bound="Beside")


def lines(*arguments: str) -> Iterator[bytes]:
    """What git prints, line by line, as it comes. Raises GitError, after the last one, where it fails."""
    with printed(arguments) as output:
        yield from output


@contextmanager
def printed(arguments: tuple[str, ...], stdin: bytes = b"") -> Iterator[IO[bytes]]:
    """What git prints, as it comes; it must read all of `stdin` first. Raises GitError, at the end, where it fails."""
    process = Process(arguments, alone=True)
    try:
        _tell(process, stdin)
        yield process.stdout
    except BaseException:
        process.finish()
        raise
    if process.finish():
        raise _failed(arguments, stdin)


def _tell(process: Process, stdin: bytes) -> None:
    rest = memoryview(stdin)
    try:
        while rest:  # a signal may cut it short
            rest = rest[process.stdin.write(rest) :]
        process.stdin.close()
    except BrokenPipeError:
        pass  # its exit code tells


def _failed(arguments: tuple[str, ...], stdin: bytes = b"") -> GitError:
    try:
        explained(arguments, stdin, alone=True)
    except GitError as error:
        return error
    return GitError(f"git {arguments[0]} failed once.", "Try again; not everything was looked at.")


class Beside:
    """A git that works while we do other things, and prints into a file. A context: at its end git is ended too."""

    def __init__(self, arguments: tuple[str, ...], stdin: bytes = b"") -> None:
        self._asked = arguments, stdin
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the exit
        self._process = Process(arguments, alone=True, output=self._output.fileno())
        _tell(self._process, stdin)

    def __enter__(self: Itself) -> Itself:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._output.close()

    def printed(self) -> IO[bytes]:
        """What it prints, all of it, once it is done. Raises GitError where it fails."""
        if self._process.finish():
            raise _failed(*self._asked)
        self._output.seek(0)
        return self._output
