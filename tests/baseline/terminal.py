"""A person at a terminal: `alikey-hook` in a pseudo-terminal, read until it asks, answered key by key."""

import fcntl
import os
import re
import select
import subprocess
import termios
import time
from collections.abc import Mapping
from types import TracebackType

from tests.baseline.commands import CLI, TODAY, assert_no_value_in, noon
from tests.repository import Repo

_SECONDS = 60.0
_COLOR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """A command that runs in a terminal of its own. Nothing that it shows may hold a value of the tests."""

    def __init__(self, repo: Repo, *args: str, env: Mapping[str, str] | None = None) -> None:
        self._ours, theirs = os.openpty()
        self._before = termios.tcgetattr(theirs)
        self._theirs = theirs
        self._shown = b""
        self._asked = 0
        self._process = subprocess.Popen(
            [*CLI, *args],
            cwd=repo.top,
            env={**os.environ, "SOURCE_DATE_EPOCH": noon(TODAY), "TERM": "xterm", **(env or {})},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._theirs)
        os.close(self._ours)

    @property
    def raw(self) -> str:
        """All that was shown, colours included."""
        return self._shown.decode("utf-8", "replace")

    @property
    def shown(self) -> str:
        """All that was shown, without colours, with line feeds only."""
        return _COLOR.sub("", self.raw).replace("\r\n", "\n")

    def until(self, text: str) -> str:
        """Wait until a text is shown that was not waited for before; gives what was shown since, up to its end."""
        deadline = time.monotonic() + _SECONDS
        while text not in self.shown[self._asked :]:
            assert time.monotonic() < deadline, f"{text!r} is not shown: {self.shown}"
            assert self._read(0.05) or self._process.poll() is None, f"it has ended: {self.shown}"
        start = self._asked
        self._asked = self.shown.index(text, start) + len(text)
        return self.shown[start : self._asked]

    def press(self, key: str, wait_for: str = "") -> str:
        """Press a key as soon as single keys are read, and wait for what is shown then."""
        self._until_mode(canonical=False)
        self.write(key)
        return self.until(wait_for)

    def enter(self, line: str, wait_for: str = "") -> str:
        """Type a line and Enter as soon as lines are read, and wait for what is shown then."""
        self._until_mode(canonical=True)
        self.write(line + "\n")
        return self.until(wait_for)

    def control(self, letter: str, single: bool) -> None:
        """Press Ctrl and a letter, as soon as single keys (or lines) are read."""
        self._until_mode(canonical=not single)
        self.write(chr(ord(letter) - 64))

    def write(self, keys: str) -> None:
        """Type, whether anybody reads or not."""
        os.write(self._ours, keys.encode())

    def end(self) -> tuple[int, str]:
        """Wait for the end; gives the exit code and what was shown since the last wait."""
        deadline = time.monotonic() + _SECONDS
        while self._process.poll() is None:
            self._read(0.05)
            assert time.monotonic() < deadline, f"it does not end: {self.shown}"
        while self._read(0.05):
            pass
        assert_no_value_in(self._shown)
        assert termios.tcgetattr(self._theirs) == self._before, "the terminal is not as it was"
        return self._process.returncode, self.shown[self._asked :]

    def _until_mode(self, canonical: bool) -> None:
        deadline = time.monotonic() + _SECONDS
        while bool(termios.tcgetattr(self._theirs)[3] & termios.ICANON) != canonical:
            assert time.monotonic() < deadline, f"the terminal does not change: {self.shown}"
            time.sleep(0.001)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], seconds)
        if ready:
            self._shown += os.read(self._ours, 65536)
        return bool(ready)
