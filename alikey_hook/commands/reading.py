"""Where reports come from: a file, or standard input."""

from __future__ import annotations

import sys

from alikey_hook.errors import UserError
from alikey_hook.report import read
from alikey_hook.report.about import Origin
from alikey_hook.result import Result

STDIN = "-"
_HELP = "Give a report that `--format json` or `--format sarif` made."


def report(name: str) -> tuple[Result, Origin]:
    """The report in a file; `-` is standard input. Raises UserError where it cannot be read, or is none."""
    return read.read(text(name))


def text(name: str) -> str:
    """What a file holds; `-` is standard input. Raises UserError where it cannot be read."""
    try:
        if name != STDIN:
            with open(name, encoding="utf-8") as file:
                return file.read()
        if sys.stdin is None:
            raise UserError("standard input is closed.", _HELP)
        return sys.stdin.buffer.read().decode("utf-8")
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}.", "Check the name and its permissions.") from None
    except UnicodeDecodeError:
        raise UserError(f"{name} is not UTF-8.", _HELP) from None
