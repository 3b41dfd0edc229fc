"""Running git: one call, or a process with pipes."""

from __future__ import annotations

import os
import sys

from alikey_hook.errors import UserError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

# --no-replace-objects: what is committed counts, not a local replacement. diff.relative: paths are relative to the top.
# core.fsmonitor: a repository's configuration must not make us run its programs. advice: see `environment`.
_SETTINGS = ("diff.relative=false", "core.fsmonitor=false", "advice.graftFileDeprecated=false")
_OPTIONS = ("--no-replace-objects", *(part for setting in _SETTINGS for part in ("-c", setting)))
_NAME = "git.exe" if os.name == "nt" else "git"


class GitError(UserError):
    """git failed, or answered what it never answers."""


def not_started(error: OSError) -> GitError:
    """What to raise where there is no git to run."""
    return GitError(f"git could not be started: {error.strerror}.", "Install git, or put it on the PATH.")


SILENCE = 600.0  # seconds in which git gives nothing of an object that we wait for


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

    `alone`: no Ctrl-C at the terminal reaches it. `patience`: how many seconds it may be silent while we read, None for any.
    `output`: the file that it writes into, instead of a pipe. `env`: another environment than the usual one, which asks no
    remote.
    """

    def __init__(
        self,
        arguments: tuple[str, ...],
        alone: bool = False,
        patience: float | None = None,
        output: int | None = None,
        env: dict[str, str] | None = None,
    ) -> None:
        self.stdin: IO[bytes]
        self.stdout: IO[bytes]
        self._code: int | None = None
        argv, env = command(*arguments), env or environment()
        try:
            if hasattr(os, "posix_spawn"):
                self._spawn(argv, env, 0 if alone else os.getpgrp(), output)
            else:
                self._popen(argv, env, output)
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
            pid = os.posix_spawn(argv[0], argv, env, file_actions=actions, setpgroup=group)
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
            sys.audit("alikey_hook", "git ended with", self._code)
        return self._code

    def kill(self) -> None:
        """End git at once, whatever it is doing."""
        if self._code is None:
            import signal

            os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        self.finish()


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


def _discarded(*arguments: str) -> None:
    """Run git, whose output nobody needs. Raises GitError with its words where it fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        code = Process(arguments, output=nowhere).finish()
    finally:
        os.close(nowhere)
    if code:
        explained(arguments)


_PIECE = 1 << 20  # bytes


def tokens(output: IO[bytes]) -> Iterator[bytes]:
    """What ends with NUL in git's output, as it comes."""
    parts: list[bytes] = []  # of a token that has not ended
    while piece := output.read(_PIECE):
        first, *others = piece.split(b"\0")
        parts.append(first)
        if others:
            yield b"".join(parts)
            yield from others[:-1]
            parts = others[-1:]
    if any(parts):
        yield b"".join(parts)


_LONGEST_SIZE = 15  # digits: a petabyte


def next_object(stream: IO[bytes]) -> tuple[str, bytes] | None:
    """The type and the content of the next object in the output of `git cat-file --batch`, None where it is not whole."""
    return object_behind(stream.readline(), stream)


def object_behind(line: bytes, stream: IO[bytes]) -> tuple[str, bytes] | None:
    """The same behind the line that announces it."""
    header = line.split()
    if len(header) != 3 or not (header[1].isalpha() and header[2].isdigit()) or len(header[2]) > _LONGEST_SIZE:
        return None
    size = int(header[2])
    content = stream.read(size + 1)
    # A line feed ends it: else a damaged object gives more than its header says.
    return (header[1].decode("ascii"), content[:-1]) if len(content) == size + 1 and content.endswith(b"\n") else None


def unreadable(name: str) -> GitError:
    """What to raise of an object that git does not give."""
    try:
        if not name.isalnum():
            raise GitError("git never wrote that.")
        run("cat-file", "-s", name)
        _discarded("cat-file", "blob", name)  # however much it is
    except GitError as error:
        return GitError(f"object {name} cannot be read: {error.message}", error.help)
    return GitError(f"object {name} cannot be read.", "Run `git fsck` and try again.")
