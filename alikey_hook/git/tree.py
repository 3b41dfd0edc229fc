"""Where we are, and which blobs stand at a path in the index, in a commit or in the working tree."""

from __future__ import annotations

import os

from alikey_hook.git.process import GitError, answered, completed, explained, run


class Repository:
    """The repository around the current folder. `prefix`: this folder from the top ("" or "a/b/"), `top`, `git_dir`."""

    __slots__ = ("git_dir", "prefix", "top")

    def __init__(self, top: str, prefix: str, git_dir: str) -> None:
        self.top = top
        self.prefix = prefix
        self.git_dir = git_dir


def repository() -> Repository:
    """Where we are. Raises GitError outside a repository. Asks git only where the answer is not in plain sight."""
    if os.path.isfile(".git/HEAD") and not any(name in os.environ for name in ("GIT_DIR", "GIT_WORK_TREE")):
        return Repository(os.getcwd(), "", ".git")
    answer = answered("rev-parse", "--show-toplevel", "--absolute-git-dir", "--show-prefix")
    if answer is None:  # no work tree: a bare repository may have an index all the same
        return Repository(os.getcwd(), "", git_path("--absolute-git-dir"))
    top, git_dir, prefix = answer.split(b"\n")[:3]
    return Repository(os.fsdecode(top), os.fsdecode(prefix), os.fsdecode(git_dir))


def setting(name: str) -> str | None:
    """What git is configured with, None where it is not. Raises GitError where git cannot tell."""
    code, output = completed(("config", "--get", name), b"")
    if code not in (0, 1):
        output = explained(("config", "--get", name), b"")
    return output.decode("utf-8", "surrogateescape").rstrip("\n") if code != 1 else None


def git_path(*question: str) -> str:
    """The path that `git rev-parse` answers with, as git gives it: it may be relative to the current folder."""
    return os.fsdecode(run("rev-parse", *question).rstrip(b"\n"))


def enclosing(path: str) -> str | None:
    """The outermost work tree or git directory that a path is in, links followed; None where it is in none."""
    folder, found = os.path.realpath(path), None
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        bare = all(os.path.exists(os.path.join(folder, name)) for name in ("HEAD", "objects", "refs"))
        if bare or os.path.lexists(os.path.join(folder, ".git")):
            found = folder
    return found


def index_blobs(path: str, prefix: str) -> list[tuple[str, str]]:
    """(path, blob id) of what the index has at or below a path, given from the repository's top.

    `prefix`: the current folder, given from there too.
    """
    found = []
    # No pathspec magic, which GIT_LITERAL_PATHSPECS would switch off; a path also matches by its letters, wildcards or not.
    from_here = os.path.join(".", os.path.relpath(path, prefix or "."))
    for entry in run("ls-files", "--stage", "-z", "--full-name", "--", from_here).split(b"\0"):
        if entry:
            (_, blob, stage), name = _listed(entry)
            if stage != "0":
                raise GitError(f"{name} is not merged yet.", "Resolve the conflict and `git add` it.")
            found.append((name, blob))
    return [(name, blob) for name, blob in found if name == path or name.startswith(path + "/")]


def tree_blobs(commit: str, *path: str) -> list[tuple[str, str]]:
    """(path, blob id) of what a commit or tree has, all of it or at or below a path, given from the repository's top."""
    found = []
    for entry in run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *path).split(b"\0"):
        if entry:
            (_, kind, blob), name = _listed(entry)
            if kind == "blob":  # not a submodule's commit
                found.append((name, blob))
    return found


def _listed(entry: bytes) -> tuple[list[str], str]:
    """The three fields before the path in a line of git's lists, and the path."""
    fields, _, name = entry.partition(b"\t")
    words = fields.split(b" ")
    if len(words) != 3 or not name or not all(map(bytes.isalnum, words)):
        raise GitError("git's list of files is not as git writes it.", "Is `git` on the PATH really git?")
    return [word.decode("ascii") for word in words], os.fsdecode(name)


def tree_ids(commit: str) -> frozenset[str]:
    """The ids of all blobs that a commit has."""
    return frozenset(blob for _, blob in tree_blobs(commit))


def tree_files(folder: str) -> list[str] | None:
    """The files below a folder that git tracks or would track, None where the folder is in no work tree."""
    output = answered("-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    if output is None:
        return None
    return [os.path.join(folder, os.fsdecode(path)) for path in output.split(b"\0") if path]
