"""Writing files so that nothing is lost: the whole file or none of it, and where a file is changed, one writer at a time."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alikey_hook.errors import UserError


def update(path: str, change: Callable[[bytes], bytes | None], mode: int | None = None) -> None:
    """Replace a file's content by what `change` makes of it (b"" where there is no file); None removes the file.

    `mode`: the file's rights afterwards; None keeps those that it has. Concurrent updates of one folder wait for each other.
    A kill or a full disk leaves the old content. A symbolic link is refused: whoever made it would choose what is written.
    """
    folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    path = os.path.join(folder, os.path.basename(path))
    try:
        _refuse_link(path)
        os.makedirs(folder, exist_ok=True)
        with locked(folder):
            old = _read(path)
            new = change(old or b"")
            if new is None:
                if old is not None:
                    os.unlink(path)
            elif new != old or mode is not None:
                # Under the lock, what is called so is what a killed process has left.
                for left in glob.glob(f"{glob.escape(path)}.*.tmp"):
                    os.unlink(left)
                kept = None if old is None else os.stat(path).st_mode & 0o7777
                replace(path, new, kept if mode is None else mode)
    except OSError as error:
        raise _refused(path, error) from None


def check(path: str) -> None:
    """Raise UserError where `update` will surely be refused."""
    folder = os.path.dirname(path)
    try:
        _refuse_link(path)
        os.makedirs(folder, exist_ok=True)
        if os.path.isdir(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _refused(path, error) from None


def _refuse_link(path: str) -> None:
    if os.path.islink(path):
        raise UserError(f"{path} is a symbolic link, and is not written through.", "Name the file itself.")


def _refused(path: str, error: OSError) -> UserError:
    return UserError(f"{path} cannot be written: {error.strerror}.", "Check permissions and disk.")


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb", opener=_no_link) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def replace(path: str, content: bytes, mode: int | None = None) -> None:
    """Write a file beside its place and then rename it, which replaces a link and does not follow it.

    `mode`: its rights, from the first byte on nobody else's; None for those of a new file. Raises OSError.
    """
    temporary = f"{path}.{os.getpid()}.tmp"
    rights = 0o666 if mode is None else 0o600
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, rights)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Hold the folder's lock, which the system lets go when this process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows has no locks on folders; two writers at a time may lose one's entry there
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
