"""What commits bring: their files against all their parents, and their messages."""

from __future__ import annotations

from alikey_hook.changes import Change
from alikey_hook.git import diff
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.process import GitError
from alikey_hook.sources.staged import brings_a_blob, replaced

# No file is called so: git's own file for a message under way is, below .git.
MESSAGE, TAG_MESSAGE = "(commit message)", "(tag message)"
_MESSAGE_OF = "message of "


def changes(commits: list[str]) -> list[Change]:
    """What each of the commits changes, and its message. Read with `reader`."""
    found: list[Change] = [
        Change(record.path, replaced(record), record.after, record.commit)
        for record in diff.committed(commits)
        if brings_a_blob(record)
    ]
    return found + [Change(MESSAGE, (), _MESSAGE_OF + commit, commit) for commit in commits]


def object_of(change: Change) -> str:
    """The id of the object that a change of this module is read from."""
    return change.after.removeprefix(_MESSAGE_OF)


class Reader:
    """Reads what the changes of this module name: blobs, and the messages of commits and tags."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def __call__(self, name: str) -> bytes:
        """The content of a blob, or the message in a commit or tag (behind its first blank line)."""
        if name.startswith(_MESSAGE_OF):
            return self._blobs.read(name.removeprefix(_MESSAGE_OF)).partition(b"\n\n")[2]
        return self._blobs.read(name)


def tagged(ref: str, name: str, blobs: Blobs) -> tuple[list[Change], str | None]:
    """What hangs on an object that a ref points to beside commits: messages of tags, tagged files and trees.

    Gives those changes and the commit at the end, None where there is none.
    """
    found: list[Change] = []
    while True:
        kind, content = blobs.typed(name)
        if kind == "commit":
            return found, name
        if kind == "blob":
            return [*found, Change(ref, (), name)], None
        if kind == "tree":
            from alikey_hook.git.tree import tree_blobs

            return found + [Change(path, (), blob) for path, blob in tree_blobs(name)], None
        found.append(Change(TAG_MESSAGE, (), _MESSAGE_OF + name, name))
        name = _tagged_object(name, content)


def _tagged_object(tag: str, content: bytes) -> str:
    """The id of the object that a tag is for. Whoever made the tag may have written anything there, such as a file's path."""
    name = content.split(b"\n", 1)[0].removeprefix(b"object ").decode("ascii", "replace")
    if len(name) not in (40, 64) or not all(character in "0123456789abcdef" for character in name):
        raise GitError(f"the tag {tag} is damaged: it names no object.", "Run `git fsck`; delete the tag, or make it anew.")
    return name


def author_date(commit: str, blobs: Blobs) -> str | None:
    """The author's day of a commit, or the tagger's of a tag, as YYYY-MM-DD in the author's own time zone."""
    return day_of(blobs.read(commit).partition(b"\n\n")[0])


def day_of(header: bytes) -> str | None:
    """The same, of the header of a commit or tag."""
    import datetime
    import re

    found = re.search(rb"^(?:author|tagger) .*> (\d{1,12}) ([+-])(\d\d)(\d\d)$", header, re.MULTILINE)
    if not found:
        return None
    minutes = int(found[3]) * 60 + int(found[4])
    zone = datetime.timedelta(minutes=-minutes if found[2] == b"-" else minutes)
    try:
        return datetime.datetime.fromtimestamp(int(found[1]), datetime.timezone(zone)).date().isoformat()
    except (ValueError, OverflowError):
        return None
