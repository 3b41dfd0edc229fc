"""What every Python that the suite starts loads: it notes what a process of the product writes, removes and starts.

`tests/leaks/watch.py` sets the environment for it and reads what is noted. A process is the product's when it imports
alikey_hook, or when one of the product's has started it.
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident

TYPE_CHECKING = False  # what a test counts as imported must not be imported here
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LOG, OURS = "ALIKEY_LEAKS_LOG", "ALIKEY_LEAKS_PRODUCT"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NO_FILES = ("/dev/", "/proc/", "/sys/")
_NOT_ITS_OWN = ("__pycache__", "/.coverage.")  # Python's and coverage's, which notes the arguments that a test gave


class Watcher:
    """Hears of what this process does; `note` is told of what counts, where `counts()` says that the product does it.

    Notes: ("product",), ("argv", arguments), ("env", values that are new in it), ("write", path), ("rename", from, to),
    ("kept", copy, path) of what is about to be gone, ("log", message).
    """

    def __init__(self, note: Callable[[tuple[Any, ...]], None], counts: Callable[[str], bool], kept: str) -> None:
        self._note, self._counts, self._kept = note, counts, kept
        self._written: set[str] = set()
        self._number = 0
        self._environment = dict(os.environ)
        self._heard: dict[str, Callable[..., None]] = {
            "open": self._open,
            "os.rename": self._rename,
            "os.remove": self._remove,
            "os.link": lambda source, target, *_: self._write(_full(target)),
            "os.posix_spawn": lambda _, argv, env: self._start(argv, env),
            "os.exec": lambda _, argv, env: self._start(argv, env),
            "os.spawn": lambda _mode, _, argv, env: self._start(argv, env),
            "os.system": lambda command: self._start([command], None),
            "subprocess.Popen": lambda _, argv, _cwd, env: self._start([argv] if isinstance(argv, (str, bytes)) else argv, env),
            "syslog.syslog": lambda _, message: note(("log", message)),
            "sqlite3.connect": lambda path: self._write(_full(path)),
        }
        self._inside: set[int] = set()
        self.events = frozenset((*self._heard, "import"))

    def hear(self, event: str, values: tuple[Any, ...]) -> None:
        """An audit hook; whatever goes wrong in it, the product must not notice."""
        heard = self._heard.get(event)
        if heard is None or (event == "open" and not (isinstance(values[2], int) and values[2] & _WRITING)):
            return
        thread = get_ident()
        if thread in self._inside:
            return
        self._inside.add(thread)
        try:
            if self._counts(event):
                heard(*values)
        except Exception:  # noqa: S110 - a full disk, no rights: tests do that to the product
            pass
        finally:
            self._inside.discard(thread)

    def streams(self) -> None:
        """Where standard output and error are files, they are written too."""
        for number in (1, 2):
            try:
                path = os.readlink(f"/proc/self/fd/{number}")
            except OSError:
                continue
            if path.startswith("/") and os.path.isfile(path):
                self._write(path)

    def _open(self, path: Any, _mode: Any, _flags: int) -> None:
        if isinstance(path, int):
            return
        path = _full(path)
        if os.path.isfile(path) and path in self._written:
            self._keep(path, copy=True)  # it may be cut
        self._write(path)

    def _write(self, path: str) -> None:
        ours = path.startswith((*_NO_FILES, os.path.dirname(self._kept))) or any(part in path for part in _NOT_ITS_OWN)
        if not ours:
            self._written.add(path)
            self._note(("write", path))

    def _rename(self, source: Any, target: Any, source_folder: int = -1, target_folder: int = -1) -> None:
        source, target = _full(source, source_folder), _full(target, target_folder)
        if target in self._written and os.path.isfile(target):
            self._keep(target)
        moved = [path for path in self._written if path == source or path.startswith(source + os.sep)]
        self._written.update(target + path[len(source) :] for path in moved)
        self._note(("rename", source, target))

    def _remove(self, path: Any, folder: int = -1) -> None:
        path = _full(path, folder)
        if path in self._written and os.path.isfile(path):
            self._keep(path)

    def _keep(self, path: str, copy: bool = False) -> None:
        self._number += 1
        target = f"{self._kept}.{os.getpid()}.{self._number}"
        try:
            if copy:
                raise OSError
            os.link(path, target)  # what is written after a file has lost its name is seen too
        except OSError:
            with open(path, "rb") as source, open(target, "wb") as file:
                file.write(source.read())
        self._note(("kept", target, path))

    def _start(self, argv: Any, env: Any) -> None:
        self._note(("argv", [os.fsdecode(word) for word in argv]))
        added = [os.fsdecode(value) for key, value in (env or {}).items() if self._environment.get(key) != value]
        if any(len(value) >= 8 and value != os.devnull for value in added):
            self._note(("env", added))


def _full(path: Any, folder: int = -1) -> str:
    base = os.getcwd() if folder < 0 else os.readlink(f"/proc/self/fd/{folder}")
    return os.path.normpath(os.path.join(base, os.fsdecode(path)))


def _watch(log: str) -> None:
    ours = OURS in os.environ

    def note(values: tuple[Any, ...]) -> None:
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, ascii(values).encode() + b"\n")
        finally:
            os.close(handle)

    watcher = Watcher(note, lambda _: ours, log)

    def heard(event: str, values: tuple[Any, ...]) -> None:
        if event in watcher.events:
            if ours:
                watcher.hear(event, values)
            elif event == "import" and values[0] == "alikey_hook":
                begin()

    def begin() -> None:
        nonlocal ours
        ours = True
        os.environ[OURS] = "1"  # for what it starts
        try:
            note(("product",))
            watcher.streams()
        except Exception:  # noqa: S110 - see `hear`
            pass

    if ours:
        note(("argv", sys.orig_argv))
        begin()
    sys.addaudithook(heard)


if LOG in os.environ:
    if hasattr(os, "O_TMPFILE"):
        del os.O_TMPFILE  # a temporary file has a name at first, as on other systems: there is something to keep
        if "tempfile" in sys.modules:  # a .pth file was faster
            sys.modules["tempfile"]._O_TMPFILE_WORKS = False  # type: ignore[attr-defined]
    _watch(os.environ[LOG])
