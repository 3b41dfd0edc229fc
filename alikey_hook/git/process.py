"""Running git: one call, or a process that reads objects."""

from __future__ import annotations

import os

from alikey_hook.errors import UserError
from alikey_hook.git import loose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO

    from alikey_hook.git.ahead import Ahead

# --no-replace-objects: what is committed counts, not what a local replacement shows instead.
# diff.relative: paths are relative to the top of the repository, whatever the user set and wherever we stand.
# core.fsmonitor: a repository's configuration must not make us run its programs. advice: see `environment`.
_SETTINGS = "-c diff.relative=false -c core.fsmonitor=false -c advice.graftFileDeprecated=false"
GIT = ("git", "--no-replace-objects", *_SETTINGS.split())


class GitError(UserError):
    """git failed, or answered what it never answers."""


def not_started(error: OSError) -> GitError:
    """What to raise where there is no git to run."""
    return GitError(f"git could not be started: {error.strerror}.", "Install git, or put it on the PATH.")


SILENCE = 600.0  # seconds in which git gives nothing of an object that we wait for


class Process:
    """A running git with its pipes. Without `subprocess` where the system can: importing it takes longer than git itself.

    `alone`: no Ctrl-C at the terminal reaches it, and no remote is asked for what a partial clone lacks. `patience`: how many
    seconds it may be silent while we read, None for any. `output`: the file that it writes into, instead of a pipe.
    """

    def __init__(
        self, arguments: tuple[str, ...], alone: bool = False, patience: float | None = None, output: int | None = None
    ) -> None:
        self.stdin: IO[bytes]
        self.stdout: IO[bytes]
        self._code: int | None = None
        argv = [*GIT, *arguments]
        try:
            if hasattr(os, "posix_spawnp"):
                self._spawn(argv, environment(alone), 0 if alone else os.getpgrp(), output)
            else:
                self._popen(argv, environment(alone), output)
        except OSError as error:
            raise not_started(error) from None
        if patience is not None and os.name == "posix":
            from alikey_hook.git.patience import patient

            self.stdout = patient(self.stdout, patience)

    def _spawn(self, argv: list[str], env: dict[str, str], group: int, output: int | None) -> None:
        child_in, stdin = os.pipe()
        stdout, child_out = os.pipe()
        try:
            actions = [
                (os.POSIX_SPAWN_DUP2, child_in, 0),
                (os.POSIX_SPAWN_DUP2, child_out if output is None else output, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ]
            pid = os.posix_spawnp(argv[0], argv, env, file_actions=actions, setpgroup=group)
        except OSError:
            os.close(stdin)
            os.close(stdout)
            raise
        finally:
            os.close(child_in)
            os.close(child_out)
        self.stdin = os.fdopen(stdin, "wb", 0)
        self.stdout = os.fdopen(stdout, "rb")
        self.pid = pid
        self._wait: Callable[[], int] = lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def _popen(self, argv: list[str], env: dict[str, str], output: int | None) -> None:
        import subprocess

        pipe = subprocess.PIPE
        into = pipe if output is None else output
        process = subprocess.Popen(argv, stdin=pipe, stdout=into, stderr=subprocess.DEVNULL, env=env)  # noqa: S603
        assert process.stdin  # noqa: S101 - for the type checker: it is a pipe
        self.stdin, self.stdout = process.stdin, process.stdout or open(os.devnull, "rb")  # noqa: SIM115
        self.pid = process.pid
        self._wait = process.wait

    def finish(self) -> int:
        """Close the pipes, which ends git where it is not done yet, and give the exit code."""
        for pipe in (self.stdin, self.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        if self._code is None:
            self._code = self._wait()
        return self._code

    def kill(self) -> None:
        """End git at once, whatever it is doing."""
        if self._code is None:
            import signal

            os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        self.finish()


# GIT_NO_LAZY_FETCH is known since git 2.44; older versions ask, and are refused.
_ALONE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}


def environment(alone: bool = False) -> dict[str, str]:
    """What git is run with: all that we were, and no grafts, which hide commits from us that others get."""
    return {**os.environ, "GIT_GRAFT_FILE": os.devnull, **(_ALONE if alone else {})}


def run(*arguments: str, stdin: bytes = b"") -> bytes:
    """What git prints. Raises GitError with git's own words where it fails. `stdin` must fit a pipe (16 KiB)."""
    answer = answered(*arguments, stdin=stdin)
    return explained(arguments, stdin) if answer is None else answer


def setting(name: str) -> str | None:
    """What git is configured with, None where it is not. Raises GitError where git cannot tell."""
    code, output = _completed(("config", "--get", name), b"")
    if code not in (0, 1):
        output = explained(("config", "--get", name), b"")
    return output.decode("utf-8", "surrogateescape").rstrip("\n") if code != 1 else None


def answered(*arguments: str, stdin: bytes = b"") -> bytes | None:
    """What git prints, or None where it fails: for questions to which failing is an answer."""
    code, output = _completed(arguments, stdin)
    return output if code == 0 else None


def _completed(arguments: tuple[str, ...], stdin: bytes) -> tuple[int, bytes]:
    process = Process(arguments)
    try:
        process.stdin.write(stdin)
        process.stdin.close()
        output = process.stdout.read()
    except BrokenPipeError:
        output = b""
    return process.finish(), output


def explained(arguments: tuple[str, ...], stdin: bytes = b"", alone: bool = False) -> bytes:
    """Run a command that failed once more, this time listening to what it says on standard error. Raises GitError with that."""
    import subprocess

    env = environment(alone)
    done = subprocess.run([*GIT, *arguments], input=stdin, capture_output=True, env=env)  # noqa: S603
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
    raise GitError(f"git {arguments[0]} failed: {said}", "Nothing was checked. Mend what git complains about, then try again.")


def _discarded(*arguments: str) -> None:
    """Run git, whose output nobody needs. Raises GitError with its words where it fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        code = Process(arguments, output=nowhere).finish()
    finally:
        os.close(nowhere)
    if code:
        explained(arguments)


_MANY = 100  # objects that are worth another process, which prepares the next ones while we look


class Blobs:
    """Reads objects by their id from one `git cat-file --batch`."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._ahead: Ahead | None = None

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
            self._process = Process(("cat-file", "--batch"), patience=SILENCE)
        try:
            self._process.stdin.write(blob.encode("ascii") + b"\n")
            answer = next_object(self._process.stdout)
        except BrokenPipeError:
            answer = None
        if answer is None:
            self.close()
            raise unreadable(blob)
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
    # A line feed ends it: else a damaged object gives more than its header says.
    return (header[1].decode("ascii"), content[:-1]) if len(content) == size + 1 and content.endswith(b"\n") else None


def unreadable(name: str) -> GitError:
    """What to raise of an object that git does not give."""
    try:
        run("cat-file", "-s", name)
        _discarded("cat-file", "blob", name)  # however much it is
    except GitError as error:
        return GitError(f"object {name} cannot be read: {error.message}", error.help)
    return GitError(f"object {name} cannot be read.", "Run `git fsck` and try again.")
