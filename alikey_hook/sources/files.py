"""The working tree: named files, folders, standard input."""

from __future__ import annotations

import os
import stat
import sys

from alikey_hook.changes import Change
from alikey_hook.errors import UserError
from alikey_hook.sources.paths import in_repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STDIN = "-"


def changes(paths: Iterable[str], prefix: str = "") -> list[Change]:
    """The named files, whole. `prefix` is where the current folder stands below the repository's top."""
    return [Change(in_repository(path, prefix), (), path) for path in paths]


def read(path: str) -> bytes:
    """What git would store of a file: its bytes, or a symbolic link's target. Raises UserError where it cannot be read."""
    try:
        return _content(path)
    except OSError as error:
        raise _unreadable(path, error) from None


def reader(named: Iterable[str]) -> Callable[[str], bytes]:
    """How to read these paths and what is `below` them: what nobody named may vanish meanwhile, and then holds nothing."""
    asked = frozenset(named)

    def read_or_vanished(path: str) -> bytes:
        try:
            return _content(path)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and path not in asked:
                return b""
            raise _unreadable(path, error) from None

    return read_or_vanished


def _unreadable(path: str, error: OSError) -> UserError:
    return UserError(f"{path} cannot be read: {error.strerror}.", "Check the name and its permissions.")


def _content(path: str) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read()
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return os.fsencode(os.readlink(path))
    if stat.S_ISDIR(mode):
        return b""  # a submodule: its own repository has its own hook
    if not stat.S_ISREG(mode):
        raise UserError(f"{path} is not a regular file.", "Pipe it into `alikey-hook scan -`.")
    with open(path, "rb", buffering=0) as handle:  # all of it at once
        return handle.read()


def below(paths: Iterable[str]) -> list[str]:
    """The paths with every folder replaced by its files: what git tracks or would track, else all but `.git`."""
    from alikey_hook.git.tree import tree_files

    found: list[str] = []
    for path in paths:
        if path == STDIN or not os.path.isdir(path) or os.path.islink(path):
            found.append(path)
            continue
        tracked = tree_files(path)
        found += _walked(path) if tracked is None else _here(path, tracked)
    return found


def _here(folder: str, tracked: list[str]) -> list[str]:
    """Those that are there. What a symbolic link now stands before is not, for git, and may be anywhere."""
    linked: dict[str, bool] = {folder.rstrip(os.sep): False}

    def behind_a_link(parent: str) -> bool:
        if parent not in linked:
            above = os.path.dirname(parent)
            linked[parent] = os.path.islink(parent) or (above != parent and behind_a_link(above))
        return linked[parent]

    return [name for name in tracked if not behind_a_link(os.path.dirname(name)) and os.path.lexists(name)]


def _walked(folder: str) -> list[str]:
    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # a folder that vanishes meanwhile holds nothing
            raise UserError(f"{error.filename} cannot be read: {error.strerror}.", "Check its permissions.")

    found = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if name != ".git")
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        found += [os.path.join(parent, name) for name in sorted(names + links)]
    return found
