"""The only module that runs git."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from alikey_hook.errors import UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

# --no-replace-objects: what is committed counts, not what a local replacement shows instead.
# diff.relative: paths are relative to the top of the repository, whatever the user set and wherever we stand.
# core.fsmonitor: a repository's configuration must not make us run its programs.
_GIT = ("git", "--no-replace-objects", "-c", "diff.relative=false", "-c", "core.fsmonitor=false")
_INSTALL_GIT = "Install git, or put it on the PATH."


class GitError(UserError):
    """git failed, or answered what it never answers."""


class Repository:
    """The repository around the current folder. `prefix`: this folder from the top ("" or "a/b/"), `top`, `git_dir`."""

    __slots__ = ("git_dir", "prefix", "top")

    def __init__(self, top: str, prefix: str, git_dir: str) -> None:
        self.top = top
        self.prefix = prefix
        self.git_dir = git_dir


class _Process:
    """A running git with its pipes. Without `subprocess` where the system can: importing it takes longer than git itself."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        argv = [*_GIT, *arguments]
        self._name = arguments[0]
        try:
            if hasattr(os, "posix_spawnp"):
                self._spawn(argv)
            else:
                self._popen(argv)
        except OSError as error:
            raise GitError(f"git could not be started: {error.strerror}.", _INSTALL_GIT) from None

    def _spawn(self, argv: list[str]) -> None:
        child_in, stdin = os.pipe()
        stdout, child_out = os.pipe()
        try:
            actions = [
                (os.POSIX_SPAWN_DUP2, child_in, 0),
                (os.POSIX_SPAWN_DUP2, child_out, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ]
            pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=actions)
        except OSError:
            os.close(stdin)
            os.close(stdout)
            raise
        finally:
            os.close(child_in)
            os.close(child_out)
        self.stdin: IO[bytes] = os.fdopen(stdin, "wb", 0)
        self.stdout: IO[bytes] = os.fdopen(stdout, "rb")
        self._wait: Callable[[], int] = lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def _popen(self, argv: list[str]) -> None:
        import subprocess

        pipe = subprocess.PIPE
        process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)  # noqa: S603
        assert process.stdin and process.stdout  # noqa: S101 - for the type checker: both are pipes
        self.stdin, self.stdout = process.stdin, process.stdout
        self._wait = process.wait

    def finish(self) -> int:
        """Close the pipes and give the exit code."""
        for pipe in (self.stdin, self.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        return self._wait()


def run(*arguments: str, stdin: bytes = b"") -> bytes:
    """What git prints. Raises GitError with git's own words where it fails. `stdin` must fit a pipe (16 KiB)."""
    answer = answered(*arguments, stdin=stdin)
    return _explained(arguments, stdin) if answer is None else answer


def answered(*arguments: str, stdin: bytes = b"") -> bytes | None:
    """What git prints, or None where it fails: for questions to which failing is an answer."""
    process = _Process(arguments)
    try:
        process.stdin.write(stdin)
        process.stdin.close()
        output = process.stdout.read()
    except BrokenPipeError:
        output = b""
    return output if process.finish() == 0 else None


def _explained(arguments: tuple[str, ...], stdin: bytes) -> bytes:
    """Run a command that failed once more, this time listening to what it says on standard error."""
    import subprocess

    done = subprocess.run([*_GIT, *arguments], input=stdin, capture_output=True)  # noqa: S603
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
    raise GitError(f"git {arguments[0]} failed: {said}", "Nothing was checked. Mend what git complains about, then try again.")


class Blobs:
    """Reads objects by their id from one `git cat-file --batch`."""

    def __init__(self) -> None:
        self._process: _Process | None = None

    def read(self, blob: str) -> bytes:
        """The content of a blob. Raises GitError where it is missing or broken."""
        if self._process is None:
            self._process = _Process(("cat-file", "--batch"))
        try:
            self._process.stdin.write(blob.encode("ascii") + b"\n")
            header = self._process.stdout.readline().split()
            if len(header) == 3:
                size = int(header[2])
                content = self._process.stdout.read(size + 1)
                if len(content) == size + 1:
                    return content[:-1]
        except BrokenPipeError:
            pass
        raise self._unreadable(blob)

    def _unreadable(self, blob: str) -> GitError:
        self.close()
        try:
            run("cat-file", "-s", blob)
            run("cat-file", "blob", blob)
        except GitError as error:
            return GitError(f"object {blob} cannot be read: {error.message}", error.help)
        return GitError(f"object {blob} cannot be read.", "Run `git fsck` and try again.")

    def close(self) -> None:
        """End git's process."""
        if self._process is not None:
            self._process.finish()
            self._process = None


def repository() -> Repository:
    """Where we are. Raises GitError outside a repository. Asks git only where the answer is not in plain sight."""
    if os.path.isfile(".git/HEAD") and not any(name in os.environ for name in ("GIT_DIR", "GIT_WORK_TREE")):
        return Repository(os.getcwd(), "", ".git")
    lines = run("rev-parse", "--show-toplevel", "--absolute-git-dir", "--show-prefix").split(b"\n")
    return Repository(os.fsdecode(lines[0]), os.fsdecode(lines[2]), os.fsdecode(lines[1]))


class RawChange:
    """One record of git's raw diff formats: the modes and ids before (one for each parent) and after, status, path.

    `commit` is the one that the record stands under in the output of `git diff-tree --stdin`.
    """

    __slots__ = ("after", "after_mode", "before", "commit", "path", "status")

    def __init__(self, record: bytes, path: str, commit: str | None) -> None:
        parents = len(record) - len(record.lstrip(b":"))
        fields = record[parents:].split(b" ")
        if not parents or len(fields) != 2 * parents + 3:
            raise GitError("git's list of changes is not in its raw format.", "Is `git` on the PATH really git?")
        ids = [field.decode("ascii") for field in fields[parents + 1 : -1]]
        self.before = list(zip(fields[:parents], ids[:-1], strict=True))
        self.after_mode, self.after = fields[parents], ids[-1]
        self.status = fields[-1].decode("ascii")
        self.path = path
        self.commit = commit


def _raw_changes(output: bytes) -> Iterator[RawChange]:
    commit = None
    tokens = iter(output.split(b"\0"))
    for token in tokens:
        if token.startswith(b":"):
            path = next(tokens)
            # Only the record of a single parent names the path before the renaming too.
            if not token.startswith(b"::") and b"R" in token.rpartition(b" ")[2]:
                path = next(tokens)
            yield RawChange(token, os.fsdecode(path), commit)
        elif token:
            commit = token.decode("ascii")


_STAGED = ("diff-index", "--cached", "--raw", "-z", "-M", "--no-abbrev", "--ignore-submodules=none")


def staged(against: str = "HEAD") -> Iterator[RawChange]:
    """What the index changes against a commit; against the empty tree where HEAD is no commit yet.

    The index is the one of GIT_INDEX_FILE where that is set: the environment is handed on untouched.
    """
    output = answered(*_STAGED, against, "--")
    return _raw_changes(run(*_STAGED, _head() if against == "HEAD" else against, "--") if output is None else output)


# -c: one record a path that differs from every parent, with all their blobs. --root: the first commit's files are new.
_COMMITTED = ("diff-tree", "--stdin", "-r", "-c", "--raw", "-z", "-M", "--root", "--no-abbrev")
# As many ids as any system's pipe holds while nobody reads it (16 KiB on macOS, 65 bytes an id with SHA-256).
_AT_ONCE = 200


def committed(commits: list[str]) -> Iterator[RawChange]:
    """What each of the commits changes against all its parents."""
    for at in range(0, len(commits), _AT_ONCE):
        ids = "".join(commit + "\n" for commit in commits[at : at + _AT_ONCE])
        yield from _raw_changes(run(*_COMMITTED, stdin=ids.encode("ascii")))


def commits_between(start: str, end: str) -> list[str]:
    """The commits that `end` reaches and `start` does not, oldest first."""
    for revision in (start, end):
        if revision.startswith("-"):
            raise GitError(f"{revision} is no revision.", "Name commits, branches or tags.")
    return run("rev-list", "--reverse", "--topo-order", end, f"^{start}", "--").decode("ascii").split()


def _head() -> str:
    """HEAD's commit, or the empty tree where there is no commit yet."""
    commit = answered("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if commit is not None:
        return commit.decode("ascii").strip()
    # A branch that has no commit yet is a name without an object; a branch whose commit is lost is an error.
    if answered("rev-parse", "--verify", "--quiet", "HEAD") is not None:
        raise GitError("HEAD's commit cannot be read.", "Run `git fsck` and try again.")
    return run("hash-object", "-t", "tree", "--stdin").decode("ascii").strip()


def merge_heads(git_dir: str) -> list[str]:
    """The commits that are being merged into HEAD (several in an octopus merge)."""
    try:
        with open(os.path.join(git_dir, "MERGE_HEAD"), encoding="ascii") as lines:
            return lines.read().split()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        raise GitError("MERGE_HEAD cannot be read.", "Finish or abort the merge, then try again.") from None


def index_blobs(path: str) -> list[tuple[str, str]]:
    """(path, blob id) of what the index has at or below a path, given from the repository's top."""
    found = []
    for entry in run("ls-files", "--stage", "-z", "--full-name", "--", f":(top,literal){path}").split(b"\0"):
        if entry:
            fields, _, name = entry.partition(b"\t")
            _, blob, stage = fields.split(b" ")
            if stage != b"0":
                raise GitError(f"{os.fsdecode(name)} is not merged yet.", "Resolve the conflict and `git add` it.")
            found.append((os.fsdecode(name), blob.decode("ascii")))
    return found


def tree_blobs(commit: str, path: str) -> list[tuple[str, str]]:
    """(path, blob id) of what a commit has at or below a path, given from the repository's top."""
    found = []
    for entry in run("ls-tree", "-r", "-z", "--full-tree", commit, "--", path).split(b"\0"):
        if entry:
            fields, _, name = entry.partition(b"\t")
            found.append((os.fsdecode(name), fields.split(b" ")[2].decode("ascii")))
    return found


def tree_files(folder: str) -> list[str] | None:
    """The files below a folder that git tracks or would track, None where the folder is in no work tree."""
    output = answered("-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    if output is None:
        return None
    return [os.path.join(folder, os.fsdecode(path)) for path in output.split(b"\0") if path]
