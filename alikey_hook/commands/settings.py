"""The options that `hook`, `scan` and `report` share."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence


FORMATS = ("text", "json", "sarif", "github", "gitlab", "html")
LARGEST = 64 << 20  # bytes of a blob in the history, unless --max-blob-size says otherwise


class Settings:
    """What the common options say, with their defaults. `started`: when, for the reports that say so."""

    __slots__ = (
        "allowed_remotes",
        "baseline",
        "baseline_ref",
        "color",
        "format",
        "inline_allow",
        "language",
        "min_confidence",
        "output",
        "own_keys",
        "started",
        "timeout",
        "verbosity",
    )

    def __init__(self) -> None:
        self.baseline: list[str] = []
        self.baseline_ref: str | None = None
        self.allowed_remotes: list[str] = []
        self.format = "text"
        self.output: str | None = None
        self.min_confidence = "medium"
        self.inline_allow = True
        self.own_keys = True
        self.color = "auto"
        self.language = "auto"
        self.verbosity = 0
        self.started = 0.0
        self.timeout: float | None = None


def add_options(parser: ArgumentParser) -> None:
    """Add the common options to a command's parser."""
    add = parser.add_argument
    add(
        "--baseline",
        action="append",
        default=[],
        metavar="PATH",
        help="allowlist file or folder, instead of baseline/alikey*.yaml; repeatable",
    )
    add("--baseline-ref", metavar="REV", help="read the baseline from this commit, so that what is checked cannot allow itself")
    add("--timeout", type=seconds, metavar="SECONDS", help="end after so long, with exit code 2 and what was found until then")
    add_look_options(parser)
    add_report_options(parser)


def add_look_options(parser: ArgumentParser) -> None:
    """Add those of the common options that say how to look."""
    add = parser.add_argument
    add(
        "--min-confidence",
        choices=("low", "medium", "high"),
        default="medium",
        help="report findings at least this sure (default: medium)",
    )
    add("--no-inline-allow", action="store_true", help="refuse the inline pragmas `allowlist secret`")
    add("--no-own-keys", action="store_true", help="do not look for the credentials that this machine is configured with")


def add_report_options(parser: ArgumentParser, formats: Sequence[str] = FORMATS) -> None:
    """Add those of the common options that say how to report."""
    add = parser.add_argument
    add("--format", choices=formats, default="text", help="what to print (default: text)")
    add("--output", metavar="FILE", help="write the report to FILE instead of standard output")
    add(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the text report (default: on a terminal)",
    )
    add(
        "--lang",
        choices=("auto", "en", "zh"),
        default="auto",
        help="language of the text report (default: the locale's)",
    )
    add("-q", "--quiet", action="count", default=0, help="no summary")
    add("-v", "--verbose", action="count", default=0, help="list allowed findings too")


def seconds(text: str) -> float:
    """A number of seconds from the command line."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e7:
        from argparse import ArgumentTypeError

        raise ArgumentTypeError(f"{text!a} is no number of seconds")
    return number


def size(text: str) -> int:
    """A number of bytes from the command line: 1000000, 500K, 64M, 2G."""
    number, unit = (text, "") if text[-1:].isdecimal() else (text[:-1], text[-1:].upper())
    if not number.isdecimal() or unit not in ("", "K", "M", "G"):
        from argparse import ArgumentTypeError

        raise ArgumentTypeError(f"{text!a} is no size; write it as 1000000, 500K, 64M or 2G")
    return int(number) << {"": 0, "K": 10, "M": 20, "G": 30}[unit]


def parsed(parser: ArgumentParser, argv: Sequence[str], names: str) -> Namespace:
    """The parsed arguments; `names` is where the named files go, of which all behind `--` are, whatever they look like.

    Hook managers name files without `--`. A file called like an option must not become one: that is refused.
    """
    from alikey_hook.errors import UserError

    end = list(argv).index("--") if "--" in argv else len(argv)
    for argument in argv[:end]:
        if argument.startswith("-") and argument != "-" and os.path.lexists(argument):
            raise UserError(
                f"{argument} is the name of a file and looks like an option.",
                "Put `--` before the names of files (under pre-commit: as the last of `args`), or rename the file.",
            )
    options = parser.parse_intermixed_args(list(argv[:end]))
    setattr(options, names, [*getattr(options, names), *argv[end + 1 :]])
    return options


def from_options(options: Namespace) -> Settings:
    """The settings that parsed options say."""
    settings = report_settings(options)
    settings.baseline = options.baseline
    settings.baseline_ref = options.baseline_ref
    settings.timeout = options.timeout
    settings.min_confidence = options.min_confidence
    settings.inline_allow = not options.no_inline_allow
    settings.own_keys = not options.no_own_keys
    return settings


def report_settings(options: Namespace) -> Settings:
    """The settings that the options of `add_report_options` say; the others are as usual."""
    settings = Settings()
    settings.format = options.format
    settings.output = options.output
    settings.color = options.color
    settings.language = options.lang
    settings.verbosity = options.verbose - options.quiet
    if settings.format != "text":
        from alikey_hook.clock import now

        settings.started = now()
    return settings
