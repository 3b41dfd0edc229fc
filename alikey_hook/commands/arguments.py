"""The parser that every command's arguments have."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, NoReturn

from alikey_hook.report.printable import printable


class Parser(ArgumentParser):
    """One with `--debug`, and with errors that cannot act on the terminal: an argument may be the name of a file."""

    def __init__(self, *names: Any, **options: Any) -> None:
        super().__init__(*names, **options)
        self.add_argument(
            "--debug",
            action="store_true",
            help="tell on standard error what is done: git's commands, times, counts, decisions, no values",
        )

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Parse, and begin to tell where that is asked for."""
        options: Namespace
        options, rest = super().parse_known_args(args, namespace)
        if options.debug:
            from alikey_hook import debug

            options.debug = False  # with arguments in between options there is a second round
            debug.on()
        return options, rest

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong, and exit with 2."""
        super().error(printable(message))
