"""The streams of changes. Each source is a list of changes and the function that reads what they name."""

from __future__ import annotations

import os
import stat
import sys

from alikey_hook.changes import Change
from alikey_hook.errors import UserError
from alikey_hook.git import diff
from alikey_hook.git.tree import tree_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_ABSENT, _GITLINK = b"000000", b"160000"
STDIN = "-"


class Staged:
    """What the next commit changes. `paths`: all that differ from HEAD, also deleted ones and submodules.

    `changes`: what it adds to its parents, HEAD and in a merge the merged commits too: there only a path that differs from
    every parent can hold something new, and it replaces all their blobs.
    """

    __slots__ = ("changes", "paths")

    def __init__(self, git_dir: str) -> None:
        records = {record.path: record for record in diff.staged()}
        self.paths = {*records, *(record.old_path for record in records.values())}
        before = {path: _before(record) for path, record in records.items()}
        for parent in diff.merge_heads(git_dir):
            others = {record.path: record for record in diff.staged(parent)}
            records = {path: record for path, record in records.items() if path in others}
            for path in records:
                before[path] += _before(others[path])
        self.changes = [
            Change(path, before[path], record.after) for path, record in sorted(records.items()) if _brings_a_blob(record)
        ]


def commits(start: str, end: str) -> list[Change]:
    """What each commit that `end` reaches and `start` does not changes against all its parents."""
    return [
        Change(record.path, _before(record), record.after, record.commit)
        for record in diff.committed(diff.commits_between(start, end))
        if _brings_a_blob(record)
    ]


def _before(record: diff.RawChange) -> tuple[str, ...]:
    return tuple(blob for mode, blob in record.before if mode not in (_ABSENT, _GITLINK))


def _brings_a_blob(record: diff.RawChange) -> bool:
    if record.status in ("U", "X"):
        raise UserError(
            f"{record.path} is not merged yet, so there is nothing to check.", "Resolve the conflict and `git add` it."
        )
    return record.after_mode not in (_ABSENT, _GITLINK)


def files(paths: Iterable[str], prefix: str = "") -> list[Change]:
    """The named files, whole. `prefix` is where the current folder stands below the repository's top."""
    return [Change(in_repository(path, prefix), (), path) for path in paths]


def in_repository(path: str, prefix: str) -> str:
    """A path of the command line as git names it: from the top of the repository, with `/`."""
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    joined = os.path.normpath(os.path.join(prefix, relative)) if prefix else relative
    return joined.replace(os.sep, "/")


def read_file(path: str) -> bytes:
    """What git would store of a file: its bytes, or a symbolic link's target. Raises UserError where it cannot be read."""
    try:
        if path == STDIN:
            return sys.stdin.buffer.read()
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return os.fsencode(os.readlink(path))
        if stat.S_ISDIR(mode):
            return b""  # a submodule: its own repository has its own hook
        if not stat.S_ISREG(mode):
            raise UserError(f"{path} is not a regular file.", "Pipe it into `alikey-hook scan -`.")
        with open(path, "rb") as handle:
            return handle.read()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check the name and its permissions.") from None


def below(paths: Iterable[str]) -> list[str]:
    """The paths with every folder replaced by its files: what git tracks or would track, else all but `.git`."""
    found: list[str] = []
    for path in paths:
        if path == STDIN or not os.path.isdir(path) or os.path.islink(path):
            found.append(path)
            continue
        tracked = tree_files(path)
        found += _walked(path) if tracked is None else [name for name in tracked if os.path.lexists(name)]
    return found


def _walked(folder: str) -> list[str]:
    def refuse(error: OSError) -> None:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}.", "Check its permissions.")

    found = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if name != ".git")
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        found += [os.path.join(parent, name) for name in sorted(names + links)]
    return found
