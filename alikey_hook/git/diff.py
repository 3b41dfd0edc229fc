"""What git says has changed: in the index, in commits."""

from __future__ import annotations

import os

from alikey_hook.git.process import GitError, Process, answered, explained, run, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class RawChange:
    """One record of git's raw diff formats: the modes and ids before (one for each parent) and after, status, path.

    `old_path` is the one before a renaming, else the path. `commit` is the one that the record stands under in the output
    of `git diff-tree --stdin`.
    """

    __slots__ = ("after", "after_mode", "before", "commit", "old_path", "path", "status")

    def __init__(self, record: bytes, old_path: str, path: str, commit: str | None) -> None:
        parents = len(record) - len(record.lstrip(b":"))
        fields = record[parents:].split(b" ")
        if not parents or len(fields) != 2 * parents + 3 or not all(map(bytes.isalnum, fields)) or not path:
            raise _not_raw()
        ids = [field.decode("ascii") for field in fields[parents + 1 : -1]]
        self.before = list(zip(fields[:parents], ids[:-1], strict=True))
        self.after_mode, self.after = fields[parents], ids[-1]
        self.status = fields[-1].decode("ascii")
        self.old_path = old_path
        self.path = path
        self.commit = commit


def _raw_changes(output: Iterator[bytes]) -> Iterator[RawChange]:
    commit = None
    for token in output:
        if token.startswith(b":"):
            old_path = path = next(output, b"")
            # Only the record of a single parent names the path before the renaming too.
            if not token.startswith(b"::") and b"R" in token.rpartition(b" ")[2]:
                path = next(output, b"")
            yield RawChange(token, os.fsdecode(old_path), os.fsdecode(path), commit)
        elif token.isalnum():
            commit = token.decode("ascii")
        elif token:
            raise _not_raw()


def _not_raw() -> GitError:
    return GitError("git's list of changes or commits is not as git writes it.", "Is `git` on the PATH really git?")


_STAGED = ("diff-index", "--cached", "--raw", "-z", "-M", "--no-abbrev", "--ignore-submodules=none")


def asked_for_staged() -> Process:
    """A git that is about to say what `staged` gives: it works while something else is done. To be finished, or handed on."""
    return Process((*_STAGED, "HEAD", "--"))


def staged(against: str = "HEAD", asked: Process | None = None) -> Iterator[RawChange]:
    """What the index changes against a commit; against the empty tree where HEAD is no commit yet.

    The index is the one of GIT_INDEX_FILE where that is set: the environment is handed on untouched. `asked`: see
    `asked_for_staged`.
    """
    process = asked or Process((*_STAGED, against, "--"))
    count = 0
    try:
        for change in _raw_changes(tokens(process.stdout)):  # a million are not held at a time
            count += 1
            yield change
    finally:
        code = process.finish()
    if code and against == "HEAD" and not count:
        yield from staged(_head())
    elif code:
        again = explained((*_STAGED, against, "--"))
        if count:
            raise GitError("git diff-index failed once.", "Try again; not everything was looked at.")
        yield from _raw_changes(iter(again.split(b"\0")))


# -c: one record a path that differs from every parent, with all their blobs. --root: the first commit's files are new.
_COMMITTED = ("diff-tree", "--stdin", "-r", "-c", "--raw", "-z", "-M", "--root", "--no-abbrev")
# As many ids as any system's pipe holds while nobody reads it (16 KiB on macOS, 65 bytes an id with SHA-256).
_AT_ONCE = 200


def committed(commits: list[str]) -> Iterator[RawChange]:
    """What each of the commits changes against all its parents."""
    for at in range(0, len(commits), _AT_ONCE):
        ids = "".join(commit + "\n" for commit in commits[at : at + _AT_ONCE])
        yield from _raw_changes(iter(run(*_COMMITTED, stdin=ids.encode("ascii")).split(b"\0")))


def commits(wanted: list[str], *known: str) -> list[str]:
    """The commits that `wanted` reach and `known` do not, oldest first.

    All are ids, or in `known` options that stand for some (`--all`, `--remotes=origin`): see `resolved` for what people write.
    """
    listed = run("rev-list", "--reverse", "--topo-order", *wanted, "--not", *known, "--").split()
    if not all(map(bytes.isalnum, listed)):
        raise _not_raw()
    return [commit.decode("ascii") for commit in listed]


def commit_of(revision: str) -> str | None:
    """The id of the commit that a revision leads to, None where it leads to none."""
    answer = None if revision.startswith("-") else answered("rev-parse", "--verify", revision + "^{commit}")
    return answer.decode("ascii").strip() if answer else None


def resolved(revision: str) -> str:
    """The id of the commit or tag that somebody names. Raises GitError where it is none."""
    if commit_of(revision):
        name = (answered("rev-parse", "--verify", revision) or b"").decode("ascii", "replace").strip()
        if len(name) in (40, 64) and name.isalnum():
            return name
    run("rev-parse", "--git-dir")
    raise GitError(f"{revision!a} is no commit here.", "Name a commit, a branch or a tag; a range as A..B.")


def _head() -> str:
    """HEAD's commit, or the empty tree where there is no commit yet."""
    commit = commit_of("HEAD")
    if commit:
        return commit
    # A branch that has no commit yet is a name without an object; a branch whose commit is lost is an error.
    if answered("rev-parse", "--verify", "HEAD") is not None:
        raise GitError("HEAD's commit cannot be read.", "Run `git fsck` and try again.")
    return run("hash-object", "-t", "tree", "--stdin").decode("ascii").strip()


def is_here(commit: str) -> bool:
    """Whether this repository has a commit."""
    return answered("cat-file", "-e", commit + "^{commit}") is not None


def merge_heads(git_dir: str) -> list[str]:
    """The commits that are being merged into HEAD (several in an octopus merge).

    git writes MERGE_HEAD only after the hook pre-merge-commit; to that it names the commits in its environment.
    """
    try:
        with open(os.path.join(git_dir, "MERGE_HEAD"), encoding="ascii") as lines:
            heads = lines.read().split()
    except FileNotFoundError:
        heads = [name.removeprefix("GITHEAD_") for name in os.environ if name.startswith("GITHEAD_")]
    except (OSError, UnicodeDecodeError):
        heads = [""]
    if not all(map(str.isalnum, heads)):  # an option would be one for git
        raise GitError("MERGE_HEAD cannot be read.", "Finish or abort the merge, then try again.")
    return heads
