"""The commands that take a value out of a repository; the value is in a file that they read, never on a command line."""

from __future__ import annotations

import os
import shlex
from typing import NamedTuple

from alikey_hook.response.evidence import LOCAL, UNCOMMITTED, Evidence

_DROP = ("git reflog expire --expire=now --all", "git gc --prune=now")
# git filter-repo takes what has a NUL byte for binary and replaces nothing there, unless it is told to do it in every file.
_IN_EVERY_FILE = (
    '--file-info-callback \'return filename, mode, blob_id if mode == b"160000" else '
    "value.insert_file_with_contents(value.apply_replace_text(value.get_contents_by_identifier(blob_id)))'"
)


class Cleaning(NamedTuple):
    """What is to be cleaned, as seen from the folder `prefix` below the top ("" or "a/b/").

    `file`: the path of the replacements that git filter-repo reads. `text`: whether the value stands in anything that can be
    replaced, `messages`, `binary`, `lfs`: whether in messages, beside NUL bytes (as in UTF-16), in Git LFS.
    """

    file: str
    prefix: str = ""
    text: bool = True
    messages: bool = False
    binary: bool = False
    lfs: bool = False


def commands(evidence: Evidence, cleaning: Cleaning) -> tuple[str, ...]:
    """Commands for this repository, to be run in the folder in which they were asked for."""
    if evidence.state == UNCOMMITTED:
        # What nothing staged may be packed already, and pruning knows loose objects only.
        drop = _DROP[1:] if evidence.unreachable and not evidence.staged else ("git prune --expire=now",)
        return (*(_unstaged(os.path.relpath(path, cleaning.prefix or ".")) for path in evidence.staged), *drop)
    if evidence.state == LOCAL:
        # The stash outlives its reflog.
        return ("git stash clear", *_DROP) if "refs/stash" in evidence.refs else _DROP
    if not cleaning.text:
        return ()
    file = _quoted(cleaning.file)
    options = [f"--replace-text {file}"]
    options += [f"--replace-message {file}"] if cleaning.messages else []
    options += [_IN_EVERY_FILE] if cleaning.binary else []
    return (
        "git clone --mirror URL clean.git && cd clean.git",
        " ".join(["git filter-repo --sensitive-data-removal", *options]),
        "git push --force --mirror origin",
        f"rm {file}",
    )


def _unstaged(path: str) -> str:
    """Works before the first commit too, which `git restore --staged` does not."""
    literal = ":(literal)" if path.startswith(":") or set("*?[\\") & set(path) else ""
    return f"git reset --quiet -- {_quoted(literal + path)}"


def _quoted(path: str) -> str:
    """A path for any shell; of one that a terminal would not show as it is, all that is special in octal digits."""
    if path.isprintable():
        return shlex.quote(path)
    shown = "".join(chr(c) if (chr(c).isalnum() and c < 128) or chr(c) in "/._ " else f"\\{c:03o}" for c in os.fsencode(path))
    return f"\"$(printf '{shown}')\""
