"""Running git: one call, or a process that reads objects."""

from __future__ import annotations

import os
import sys

from alikey_hook.errors import UserError
from alikey_hook.git import loose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO

    from alikey_hook.git.ahead import Ahead

# --no-replace-objects: what is committed counts, not a local replacement. diff.relative: paths are relative to the top.
# core.fsmonitor: a repository's configuration must not make us run its programs.
_OPTIONS = ("--no-replace-objects", "-c", "diff.relative=false", "-c", "core.fsmonitor=false")
_NAME = "git.exe" if os.name == "nt" else "git"


class GitError(UserError):
    """git failed, or answered what it never answers."""


def not_started(error: OSError) -> GitError:
    """What to raise where there is no git to run."""
    return GitError(f"git could not be started: {error.strerror}.", "Install git, or put it on the PATH.")


def command(*arguments: str) -> list[str]:
    """The command line that runs git. Raises GitError where there is none on the PATH.

    With `.` or nothing as an entry of the PATH, and on Windows always, the system would take a `git` of the current folder.
    """
    for folder in _trusted_path():
        program = os.path.join(folder, _NAME)
        if os.path.isfile(program) and os.access(program, os.X_OK):
            return [program, *_OPTIONS, *arguments]
    raise not_started(FileNotFoundError(2, os.strerror(2)))


def _trusted_path() -> list[str]:
    """The folders of the PATH that are not relative to the current one."""
    return [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(folder)]


class Process:
    """A running git with its pipes. Without `subprocess` where the system can: importing it takes longer than git itself.

    `alone`: no Ctrl-C at the terminal reaches it. `env`: another environment than the usual one, which asks no remote.
    """

    def __init__(self, arguments: tuple[str, ...], alone: bool = False, env: dict[str, str] | None = None) -> None:
        argv, env = command(*arguments), env or environment()
        try:
            if hasattr(os, "posix_spawn"):
                self._spawn(argv, env, 0 if alone else os.getpgrp())
            else:
                self._popen(argv, env)
        except OSError as error:
            raise not_started(error) from None

    def _spawn(self, argv: list[str], env: dict[str, str], group: int) -> None:
        child_in, stdin = os.pipe()
        stdout, child_out = os.pipe()
        try:
            actions = [
                (os.POSIX_SPAWN_DUP2, child_in, 0),
                (os.POSIX_SPAWN_DUP2, child_out, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ]
            pid = os.posix_spawn(argv[0], argv, env, file_actions=actions, setpgroup=group)
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

    def _popen(self, argv: list[str], env: dict[str, str]) -> None:
        import subprocess

        pipe = subprocess.PIPE
        process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=env)  # noqa: S603
        assert process.stdin and process.stdout  # noqa: S101 - for the type checker: both are pipes
        self.stdin, self.stdout = process.stdin, process.stdout
        self._wait = process.wait

    def finish(self) -> int:
        """Close the pipes, which ends git where it is not done yet, and give the exit code."""
        for pipe in (self.stdin, self.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        code = self._wait()
        sys.audit("alikey_hook", "git ended with", code)
        return code


def environment() -> dict[str, str]:
    """What git is run with: all that we were, without the PATH's relative entries and without grafts, which hide commits.

    No remote is asked for what a partial clone lacks: see `promised`.
    """
    return {
        **os.environ,
        "PATH": os.pathsep.join(_trusted_path()),
        "GIT_GRAFT_FILE": os.devnull,
        # Known since git 2.44; older versions ask, and are refused.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }


def run(*arguments: str, stdin: bytes = b"") -> bytes:
    """What git prints. Raises GitError with git's own words where it fails. `stdin` must fit a pipe (16 KiB)."""
    answer = answered(*arguments, stdin=stdin)
    return explained(arguments, stdin) if answer is None else answer


def answered(*arguments: str, stdin: bytes = b"") -> bytes | None:
    """What git prints, or None where it fails: for questions to which failing is an answer."""
    code, output = completed(arguments, stdin)
    return output if code == 0 else None


def completed(arguments: tuple[str, ...], stdin: bytes) -> tuple[int, bytes]:
    """The exit code and what git prints."""
    process = Process(arguments)
    try:
        process.stdin.write(stdin)
        process.stdin.close()
        output = process.stdout.read()
    except BrokenPipeError:
        output = b""
    return process.finish(), output


def explained(arguments: tuple[str, ...], stdin: bytes = b"", alone: bool = False) -> bytes:
    """Run a command that failed once more. Raises GitError with what it says on standard error.

    Unless `alone`, a partial clone's remote is asked for what may have been missing.
    """
    import subprocess

    from alikey_hook.git import promised

    env = None if alone else promised.environment()
    done = subprocess.run(command(*arguments), input=stdin, capture_output=True, env=env or environment())  # noqa: S603
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
    raise GitError(f"git {arguments[0]} failed: {said}", "Nothing was checked. Mend what git complains about, then try again.")


_MANY = 100  # objects that are worth another process


class Blobs:
    """Reads objects by their id from one `git cat-file --batch`."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._ahead: Ahead | None = None
        self._env: dict[str, str] | None = None

    def expect(self, names: Sequence[str]) -> None:
        """Tell which objects will be read, in which order; others may be read in between."""
        if len(names) >= _MANY and self._ahead is None:
            from alikey_hook.git.ahead import Ahead

            self._ahead = Ahead(names)

    def read(self, blob: str) -> bytes:
        """The content of a blob. Raises GitError where it is missing or broken."""
        return self.typed(blob)[1]

    def typed(self, blob: str) -> tuple[str, bytes]:
        """The type (blob, commit, tag, tree) and the content of an object. Raises GitError as `read` does."""
        expected = self._ahead.take(blob) if self._ahead else None
        if expected:
            return expected
        if self._process is None:
            try:
                found = loose.read(blob)
            except loose.Damaged:
                raise unreadable(blob) from None
            if found:
                return found
        answer = self._asked(blob)
        if answer is None and self._env is None:
            from alikey_hook.git import promised

            self._env = promised.environment()
            answer = self._asked(blob) if self._env else None
        if answer is None:
            raise unreadable(blob)
        return answer

    def _asked(self, blob: str) -> tuple[str, bytes] | None:
        """What git gives of an object; None where it does not, and then it is ended."""
        if self._process is None:
            self._process = Process(("cat-file", "--batch"), env=self._env)
        try:
            self._process.stdin.write(blob.encode("ascii") + b"\n")
            answer = next_object(self._process.stdout)
        except BrokenPipeError:
            answer = None
        if answer is None:
            self.close()
        return answer

    def close(self) -> None:
        """End git's processes."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        if self._process is not None:
            self._process.finish()
            self._process = None


def next_object(stream: IO[bytes]) -> tuple[str, bytes] | None:
    """The type and the content of the next object in the output of `git cat-file --batch`, None where it is not whole."""
    header = stream.readline().split()
    if len(header) != 3:
        return None
    size = int(header[2])
    content = stream.read(size + 1)
    return (header[1].decode("ascii"), content[:-1]) if len(content) == size + 1 else None


def unreadable(name: str) -> GitError:
    """What to raise of an object that git does not give."""
    try:
        run("cat-file", "-s", name)
        run("cat-file", "blob", name)
    except GitError as error:
        return GitError(f"object {name} cannot be read: {error.message}", error.help)
    return GitError(f"object {name} cannot be read.", "Run `git fsck` and try again.")
