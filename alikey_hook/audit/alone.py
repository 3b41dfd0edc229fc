"""One task at a time in a process: the current folder is the whole process's, and what hangs is ended from outside."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil  # distributed needs it too

from alikey_hook.errors import UserError

_HERE = threading.Lock()
# What tells git of another repository than that of the current folder.
_ELSEWHERE = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
)  # fmt: skip
_AGAIN = 0.2  # seconds


@contextmanager
def alone(seconds: float) -> Iterator[None]:
    """Have the process and its current folder for oneself; what is run here longer than so is killed.

    Raises UserError then, whatever the work makes of it.
    """
    with _HERE:
        for name in _ELSEWHERE:
            os.environ.pop(name, None)
        before = os.getcwd()
        watch = _Watch(seconds)
        watch.start()
        try:
            yield
        finally:
            watch.over.set()
            watch.join()
            os.chdir(before)
            if watch.fired:
                raise UserError(f"it took longer than {seconds:g} seconds (--timeout).") from None


class _Watch(threading.Thread):
    """Kills what this process has started meanwhile, once the time is over, and again until the work has ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(daemon=True)
        self._seconds = seconds
        self._start = time.time()
        self.over = threading.Event()
        self.fired = False

    def run(self) -> None:
        """The thread: it sleeps, nearly always until it is told that all is over."""
        if self.over.wait(self._seconds):
            return
        self.fired = True
        while True:
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if child.create_time() >= self._start - 1:  # to the system's clock's accuracy
                        child.kill()
            if self.over.wait(_AGAIN):
                return
