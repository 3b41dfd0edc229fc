"""What the next commit adds."""

from __future__ import annotations

from alikey_hook.changes import Change
from alikey_hook.errors import UserError
from alikey_hook.git import diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alikey_hook.git.process import Process

_ABSENT, _GITLINK = b"000000", b"160000"


class Staged:
    """What the next commit changes. `paths`: all that differ from HEAD, also deleted ones and submodules.

    `changes`: what it adds to its parents, HEAD and in a merge the merged commits too: there only a path that differs from
    every parent can hold something new, and it replaces all their blobs. `asked`: see `diff.asked_for_staged`.
    """

    __slots__ = ("changes", "paths")

    def __init__(self, git_dir: str, asked: Process | None = None) -> None:
        self.paths: set[str] = set()
        changes = []
        for record in diff.staged(asked=asked):
            self.paths.update((record.path, record.old_path))
            if brings_a_blob(record):
                changes.append(Change(record.path, replaced(record), record.after))
        for parent in diff.merge_heads(git_dir):
            others = {record.path: replaced(record) for record in diff.staged(parent)}
            changes = [change for change in changes if change.path in others]
            for change in changes:
                change.before += others[change.path]
        self.changes = sorted(changes, key=lambda change: change.path)


def replaced(record: diff.RawChange) -> tuple[str, ...]:
    """The blobs that stood at a path before."""
    return tuple(blob for mode, blob in record.before if mode not in (_ABSENT, _GITLINK))


def brings_a_blob(record: diff.RawChange) -> bool:
    """Whether there is content to look at. Raises UserError for a path that is not merged yet."""
    if record.status in ("U", "X"):
        raise UserError(
            f"{record.path} is not merged yet, so there is nothing to check.", "Resolve the conflict and `git add` it."
        )
    return record.after_mode not in (_ABSENT, _GITLINK)
