"""Watching what the suite starts: what it prints, writes, removes, and what the product passes to other programs."""

import ast
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple

import alikey_hook
from tests.leaks.planted import PLANTED
from tests.leaks.site.sitecustomize import LOG, Watcher

_SITE = str(Path(__file__).parent / "site")
_PACKAGE = os.path.dirname(os.path.abspath(alikey_hook.__file__)) + os.sep
_WORD = re.compile(r"[a-z-][a-z_.-]{,30}")  # of a command line: neither a value nor a path
_NAMES = ("alikey_hook", "alikey-hook")
# What git itself says of a commit: it quotes the message, which is the test's.
_COMMITTED = re.compile(rb"^\[[^]\n]+ [0-9a-f]{7,}\] .*$", re.MULTILINE)
_popen, _read = subprocess.Popen, os.read


class Allowed(NamedTuple):
    """An option that has the product write values into the file that it names, and why that is no leak."""

    option: str
    mode: int
    why: str


ALLOWED = (Allowed("--write-replacements", 0o600, "git filter-repo has to be told what to replace; nobody else can read it"),)


# The host's own command: it shows a reviewer the very lines, and reports them.
SHOWING = (("detect-secrets", "audit"), ("detect_secrets", "audit"))


class Leaks:
    """What was found and not told yet; of any thread."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def check(self, data: bytes | str, channel: str, call: str) -> None:
        """Look into what the product gave away over a channel."""
        raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
        self._found += [f"{told}, in {channel} of {call}" for told in PLANTED.found(raw)]

    def tell(self, message: str) -> None:
        """Of something else that must not be."""
        self._found.append(message)

    def take(self) -> list[str]:
        """What was found since the last time."""
        taken, self._found = list(dict.fromkeys(self._found)), []
        return taken


LEAKS = Leaks()


class Notes:
    """What processes noted (see `sitecustomize`), looked into as it comes."""

    def __init__(self, call: str, allowed: Callable[[str, str], bool]) -> None:
        self._call, self._allowed = call, allowed
        self._written: dict[str, tuple[int, int] | None] = {}
        self.product = False

    def take(self, notes: list[tuple[Any, ...]]) -> None:
        """Look into what is new. Files are read as they are now."""
        for kind, *values in notes:
            if kind == "product":
                self.product = True
            elif kind == "argv":
                LEAKS.check("\n".join(values[0]), "the arguments of a process", self._call)
            elif kind == "env":
                LEAKS.check("\n".join(values[0]), "the environment of a process", self._call)
            elif kind == "log":
                LEAKS.check(str(values[0]), "the system's log", self._call)
            elif kind == "write":
                self._written.setdefault(values[0])
            elif kind == "rename":
                self._renamed(*values)
            elif kind == "kept":
                self._look(values[0], values[1])
        for path, seen in list(self._written.items()):
            now = _state(path)
            if now and now != seen:
                self._written[path] = now
                self._look(path, path)

    def _renamed(self, source: str, target: str) -> None:
        for path in [path for path in self._written if path == source or path.startswith(source + os.sep)]:
            self._written[target + path[len(source) :]] = self._written.pop(path)

    def _look(self, path: str, name: str) -> None:
        if os.path.isfile(path) and not self._allowed(path, name):
            try:
                LEAKS.check(Path(path).read_bytes(), f"the file {name}", self._call)
            except OSError:  # removed, or not for us
                pass


def _state(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if os.path.isfile(path) else None


class Call:
    """One program that the suite starts, with all that it starts."""

    def __init__(self, log: str, command: list[str], cwd: str) -> None:
        self.log, self._read = log, 0
        self._command, self._cwd = command, cwd
        self.name = " ".join(name for word in command for name in [os.path.basename(word)] if _WORD.fullmatch(name))
        self.over = False
        self._named = any(name in word for name in _NAMES for word in command)
        self._notes = Notes(self.name, self._allows)
        self._shown: dict[str, list[bytes]] = {}
        self._lock = threading.Lock()

    @property
    def showing(self) -> bool:
        """Whether it is there to show values."""
        names = [os.path.basename(word) for word in self._command]
        return any(pair in SHOWING for pair in pairwise(names))

    def _allows(self, path: str, name: str) -> bool:
        """Whether a file, written under this name, was asked for and is what it has to be."""
        words = [part for word in self._command for part in word.split("=", 1)]
        for option, mode, _ in ALLOWED:
            wanted = words[words.index(option) + 1] if option in words[:-1] else ""
            wanted = os.path.realpath(os.path.join(self._cwd, wanted))
            if option in words and re.fullmatch(re.escape(wanted) + r"(\.[0-9]+\.tmp)?", os.path.realpath(name)):
                return stat.S_IMODE(os.stat(path).st_mode) == mode
        return False

    def ended(self, code: int) -> None:
        """It is no more. The product must not escape the watch by whatever it is started with."""
        named = os.path.basename(self._command[0]) == "alikey-hook" or ("-m", "alikey_hook") in pairwise(self._command)
        if code >= 0 and named and not self._notes.product:
            LEAKS.tell(f"nothing was noted of {self.name}: is it started without the environment, or with -I, -E or -S?")
        self.over = True

    def shows(self, data: bytes | str, channel: str) -> None:
        """What was read of it; a value may come in pieces."""
        self._shown.setdefault(channel, []).append(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))

    def look(self) -> None:
        """Look into what it gave away since the last time."""
        with self._lock:
            self._notes.take([ast.literal_eval(line.decode()) for line in self._new().splitlines()])
            if (self._named or self._notes.product) and not self.showing:
                for channel, parts in self._shown.items():
                    shown = b"".join(parts)
                    quoted = channel == "standard output" and self._command[0] == "git"
                    LEAKS.check(_COMMITTED.sub(b"", shown) if quoted else shown, channel, self.name)
                self._shown.clear()

    def _new(self) -> bytes:
        try:
            with open(self.log, "rb") as file:
                file.seek(self._read)
                whole = file.read().rpartition(b"\n")[0]
        except FileNotFoundError:  # no Python was started, or none yet
            return b""
        self._read += len(whole) + 1 if whole else 0
        return whole


class _Heard:
    """A pipe of a program: what is read from it is looked into."""

    def __init__(self, pipe: IO[Any], call: Call, channel: str) -> None:
        self._pipe, self._call, self._channel = pipe, call, channel

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._pipe, name)
        return self._reading(found) if name in ("read", "read1", "readline", "readlines") else found

    def _reading(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def reading(*arguments: Any) -> Any:
            read = method(*arguments)
            for part in read if isinstance(read, list) else [read]:
                self._call.shows(part or b"", self._channel)
            return read

        return reading

    def __iter__(self) -> Iterator[Any]:
        return iter(self.readline, self._pipe.read(0))

    def __enter__(self) -> "_Heard":
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()


class Watched(subprocess.Popen[Any]):
    """What `subprocess` starts programs with while the suite runs."""

    def __init__(self, args: Any, *more: Any, env: Mapping[str, str] | None = None, **options: Any) -> None:
        words = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
        self.call = WATCH.call([os.fsdecode(word) for word in words], os.path.abspath(os.fsdecode(options.get("cwd") or ".")))
        self._pipes: tuple[Any, Any] = (None, None)
        options["env"] = watched(os.environ if env is None else env, self.call)
        super().__init__(args, *more, **options)
        self._pipes = (self.stdout, self.stderr)
        self._hear(True)

    def _hear(self, heard: bool) -> None:
        out, err = self._pipes
        self.stdout = _Heard(out, self.call, "standard output") if heard and out else out  # type: ignore[assignment]
        self.stderr = _Heard(err, self.call, "standard error") if heard and err else err  # type: ignore[assignment]

    def communicate(self, *arguments: Any, **options: Any) -> tuple[Any, Any]:
        """What it prints until it ends."""
        self._hear(False)
        out, err = super().communicate(*arguments, **options)
        self.call.shows(out or b"", "standard output")
        self.call.shows(err or b"", "standard error")
        self.call.look()
        return out, err

    def poll(self) -> int | None:
        """Its exit code where it has ended."""
        code = super().poll()
        if code is not None:
            self._look(code)
        return code

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; what it wrote is looked into before the test goes on."""
        code = super().wait(timeout)
        self._look(code)
        return code

    def _look(self, code: int) -> None:
        if not self.call.over:
            self.call.look()
            self.call.ended(code)


def watched(environment: Mapping[str, str], call: Call) -> dict[str, str]:
    """The environment of a program that shall be watched."""
    path = os.pathsep.join(filter(None, (_SITE, environment.get("PYTHONPATH"))))
    return {**environment, "PYTHONPATH": path, LOG: call.log}


class Watch:
    """All that runs for the test of this moment."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._folder = ""
        self._number = 0
        self._own: list[tuple[Any, ...]] = []
        self._terminal: list[bytes] = []
        self._lock = threading.Lock()

    def begin(self) -> None:
        """From now on, every program that is started is watched, and so is what this process itself does."""
        self._folder = tempfile.mkdtemp(prefix="alikey-leaks-")
        os.chmod(self._folder, 0o777)  # noqa: S103 - tests run the product without root's rights, too
        subprocess.Popen = Watched  # type: ignore[assignment, misc]
        os.read = self._read
        watcher = Watcher(self._own.append, _by_the_product, os.path.join(self._folder, "own"))
        sys.addaudithook(watcher.hear)

    def end(self) -> None:
        """Leave nothing behind."""
        subprocess.Popen = _popen  # type: ignore[misc]
        os.read = _read
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def call(self, command: list[str], cwd: str) -> Call:
        """Begin to watch a program."""
        assert self._folder, "nothing is watched yet"
        with self._lock:
            self._number += 1
            call = Call(os.path.join(self._folder, str(self._number)), command, cwd)
            self._calls.append(call)
        return call

    def look(self) -> list[str]:
        """What leaked since the last time, by whatever way. Programs that still run are looked at again."""
        own, self._own[:] = list(self._own), []
        Notes("the tests' own process", lambda *_: False).take(own)
        calls, self._calls = self._calls, []
        for call in calls:
            call.look()
            if not call.over:
                self._calls.append(call)
        if not any(call.showing for call in calls):
            LEAKS.check(b"".join(self._terminal), "the terminal", "a program")
        self._terminal.clear()
        return LEAKS.take()

    def _read(self, descriptor: int, length: int, /) -> bytes:
        data = _read(descriptor, length)
        if os.isatty(descriptor):
            self._terminal.append(data)
        return data


def _by_the_product(_: str) -> bool:
    frame = sys._getframe()
    while frame:
        if frame.f_code.co_filename.startswith(_PACKAGE):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


WATCH = Watch()
