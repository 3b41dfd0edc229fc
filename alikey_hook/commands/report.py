"""`alikey-hook report`: turn one report into another."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook.commands.formats import write_report, write_text
from alikey_hook.commands.settings import add_report_options, report_settings
from alikey_hook.errors import UserError
from alikey_hook.report.read import read


def main(argv: Sequence[str]) -> int:
    """Convert; the exit code is 0, whatever the report says: what leaks was told when it was looked for."""
    options = parser().parse_args(list(argv))
    settings = report_settings(options)
    result, origin = read(_text(options.report))
    if options.format == "text":
        write_text(result, origin.kind or "files", settings, summary=True)
    else:
        write_report(result, origin, settings)
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = ArgumentParser(
        "alikey-hook report",
        description="Turn a report that `--format json` made into another format.",
        epilog="exit code: 0 it was written, 2 it is no such report, or could not be read or written",
    )
    made.add_argument("--from", dest="report", required=True, metavar="REPORT", help="a JSON report; - is standard input")
    add_report_options(made)
    return made


def _text(name: str) -> str:
    try:
        if name == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        with open(name, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}.", "Check the name and its permissions.") from None
    except UnicodeDecodeError:
        raise UserError(f"{name} is not UTF-8.", "Give a report that `--format json` made.") from None
