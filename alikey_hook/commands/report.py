"""`alikey-hook report`: turn one report into another."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook.commands import reading
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.formats import write_report, write_text
from alikey_hook.commands.settings import add_report_options, report_settings


def main(argv: Sequence[str]) -> int:
    """Convert; the exit code is 0, whatever the report says: what leaks was told when it was looked for."""
    options = parser().parse_args(list(argv))
    settings = report_settings(options)
    result, origin = reading.report(options.report)
    if options.format == "text":
        write_text(result, origin.kind or "files", settings, summary=True)
    else:
        write_report(result, origin, settings)
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser(
        "alikey-hook report",
        description="Turn a report that `--format json` or `--format sarif` made into another format.",
        epilog="exit code: 0 it was written, 2 it is no such report, or could not be read or written",
    )
    add = made.add_argument
    add("--from", dest="report", required=True, metavar="REPORT", help="a JSON or SARIF report; - is standard input")
    add_report_options(made)
    return made
