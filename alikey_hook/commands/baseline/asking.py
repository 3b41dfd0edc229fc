"""Asking a person: single keys on a terminal, lines from a pipe."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable

from alikey_hook.report.printable import printable


class Quit(Exception):
    """There is nobody left to answer: the input has ended."""


class Asker:
    """Asks on standard output, and reads answers from standard input.

    `one_of`: what to tell whoever gave none of the `{choices}`.
    """

    def __init__(self, one_of: str) -> None:
        self._one_of = one_of
        self.terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()

    def choice(self, question: str, choices: dict[str, str]) -> str:
        """One of the choices: its key (one letter), or from a pipe also the word that it stands for."""
        while True:
            answer = self._key(question) if self.terminal else self.line(question)
            given = "-".join(answer.lower().split())
            for key, word in choices.items():
                if given in (key, word):
                    return key
            print(f"  {self._one_of.format(choices=', '.join(choices))}", flush=True)

    def line(self, question: str) -> str:
        """A line of text. Raises Quit where the input has ended."""
        sys.stdout.write(question)
        sys.stdout.flush()
        line = _read_line() if self.terminal else sys.stdin.readline()
        if not self.terminal:
            sys.stdout.write("\n")
        if not line:
            raise Quit
        return line.rstrip("\r\n")

    def until(self, question: str, accept: Callable[[str], object]) -> str:
        """A line that `accept` takes without raising UserError."""
        from alikey_hook.errors import UserError

        while True:
            line = self.line(question)
            try:
                accept(line)
                return line
            except UserError as error:
                print(f"  {printable(error.message)} {printable(error.help)}", flush=True)

    def _key(self, question: str) -> str:
        sys.stdout.write(question)
        sys.stdout.flush()
        key = _read_key()
        sys.stdout.write((key if key.isprintable() else "") + "\n")
        sys.stdout.flush()
        if key in ("", "\x04"):
            raise Quit
        if key == "\x03":
            raise KeyboardInterrupt
        return key


def _read_line() -> str:
    """A line from the terminal, and not a character more: what was typed ahead may be single keys."""
    line = b""
    while not line.endswith(b"\n"):
        one = os.read(sys.stdin.fileno(), 1)
        if not one:
            break
        line += one
    return line.decode("utf-8", "replace")


def _read_key() -> str:
    """One key from the terminal, without waiting for Enter."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        from msvcrt import getwch  # type: ignore[attr-defined,unused-ignore]

        return str(getwch())
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSADRAIN)  # keeps what was typed ahead
        key = os.read(descriptor, 1)
        if key == b"\x1b":  # an arrow or a function key: the rest of its sequence is no answer
            while select.select([descriptor], [], [], 0.05)[0]:
                os.read(descriptor, 16)
        return key.decode("utf-8", "replace")
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
