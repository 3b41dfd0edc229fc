"""`--debug`: what is done, told on standard error while it is done: git's command lines, times, counts, decisions. No values.

It listens to Python's audit events (PEP 578): those of starting a process, and our own, `alikey_hook`, which hold constant
words and numbers. Where nobody listens, an event costs nothing.
"""

from __future__ import annotations

import os
import re
import sys
import time

from alikey_hook import crash

EVENT = "alikey_hook"
# What of git's command line is shown: our own options without their values, and ids of objects. A path, a ref, an address,
# a revision may be anything, also a secret.
_PLAIN = re.compile(r"--?[a-z][a-z-]{0,30}|[a-z][a-z-]{0,20}|-[A-Z]|HEAD")
_OPTION = re.compile(r"(--[a-z][a-z-]{0,30}=).*", re.DOTALL)
_ID = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})(?:\^\{[a-z]+\})?")
_HIDDEN = "…"


def on() -> None:
    """Begin to tell. There is no end to it but the process's."""
    start = time.perf_counter()

    def say(words: str) -> None:
        if sys.stderr is not None:
            sys.stderr.write(f"alikey-hook: debug: {time.perf_counter() - start:.3f} s: {words}\n")

    def heard(event: str, values: tuple[object, ...]) -> None:
        if event == EVENT:
            say(" ".join(str(value) for value in values if isinstance(value, (str, int))))
        elif event in ("os.posix_spawn", "subprocess.Popen"):
            say(command_line(values[1]))

    heard.__cantrace__ = True  # type: ignore[attr-defined]  # so that a debugger, and coverage, see what it does
    sys.addaudithook(heard)
    say(crash.versions())


def command_line(argv: object) -> str:
    """A command line without what may hold a secret."""
    words = [os.fsdecode(word) for word in argv if isinstance(word, (str, bytes))] if isinstance(argv, (list, tuple)) else []
    name = os.path.basename(words[0]).removesuffix(".exe") if words else ""
    return " ".join([name, *_shown(words[1:])]) if name == "git" else "a program"


def _shown(arguments: list[str]) -> list[str]:
    """The arguments of git: its own options, the command and that one's options; whatever follows `--` is hidden."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    shown, hidden = [], len(arguments) - end - 1
    command = False
    skip = False
    for argument in arguments[:end]:
        if skip:  # the value of `-c` or `-C`
            skip = False
        elif not command and argument in ("-c", "-C"):
            skip = True
        else:
            shown.append(_argument(argument, first=not command))
            command = command or not argument.startswith("-")
    return shown + (["--", *[_HIDDEN] * hidden] if hidden >= 0 else [])


def _argument(argument: str, first: bool) -> str:
    if argument.startswith("-") or first or argument == "HEAD":
        option = _OPTION.fullmatch(argument)
        if option:
            value = argument[len(option[1]) :]
            return option[1] + (value if _ID.fullmatch(value) else _HIDDEN)
        return argument if _PLAIN.fullmatch(argument) else _HIDDEN
    return argument if _ID.fullmatch(argument) else _HIDDEN
