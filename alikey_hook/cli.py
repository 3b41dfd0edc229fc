"""The door: picks the command and turns whatever happens into an exit code. Imports nothing that it does not need."""

from __future__ import annotations

import os
import sys

from alikey_hook.commands import COMMANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

CANNOT_LOOK, BUG, INTERRUPTED = 2, 3, 130
_USAGE = """\
usage: alikey-hook COMMAND [OPTION…]

Keep Alibaba Cloud AccessKeys out of git.

  hook [FILES…]        check what is about to be committed; for pre-commit and git hooks
  scan [PATH… | -]     look into files, folders, standard input
  scan --staged        look into what is staged
  scan --commits A..B  look into every commit of a range
  scan --history       has it ever leaked? everything that any ref reaches
  respond FINGERPRINT  what to do about a leak, with evidence
  verify [FINGERPRINT] is the leaked key alive? (this and the next three ask Alibaba Cloud: alikey-hook[cloud])
  disable ACCESSKEY_ID make it dead
  events ACCESSKEY_ID  what was done with it
  keys                 how the account's keys stand to the best practices
  baseline COMMAND     review, allow, list, check, prune, import, export the reviewed exceptions
  report --from FILE   turn a JSON or SARIF report into another format
  audit SOURCE…        has any of many repositories ever leaked? (alikey-hook[audit])
  doctor               is the hook in place, and does it really reject?
  rules                every rule, with what it finds
  completion SHELL     a script for bash, zsh or fish that completes all this (alikey-hook[completion])

alikey-hook COMMAND --help tells the options of a command; alikey-hook --version the version.

exit code   0  nothing leaks
            1  something leaks
            2  it could not look: wrong usage, unreadable baseline, git failed
            3  a bug in alikey-hook
"""
_ISSUES = "Please report this, with the lines above (they hold nothing of your files), where you got alikey-hook from."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code, and never 0 after an error."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    process = os.getpid()
    if arguments[:1] == ["--debug"]:  # it belongs to the command; `baseline` has commands of its own
        words = 2 if arguments[1:2] == ["baseline"] else 1
        arguments = [*arguments[1 : 1 + words], "--debug", *arguments[1 + words :]]
    for stream in (sys.stdout, sys.stderr):
        # A Chinese path on a console that cannot show it must not end the check.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _ended(arguments, ours=argv is None)
    if os.getpid() != process or (argv is None and arguments[:1] == ["hook"]):
        # A copy of this process, see `limit`, must not go on in our caller's place. And to take the interpreter apart takes an
        # eighth of a clean commit's time.
        try:
            _flush(sys.stderr)
        except OSError:
            pass  # nobody reads it
        os._exit(code)
    return code


def _ended(arguments: list[str], ours: bool) -> int:
    """The exit code of a command, and whatever it raises turned into one. `ours`: whether the process is there for it alone."""
    try:
        if ours:
            _import_nothing_from_here()
            sys.unraisablehook = _ignored
        code = _run(arguments)
        sys.audit("alikey_hook", "exit code", code)
        _flush(sys.stdout)
        return code
    except SystemExit as exit:  # argparse: 0 after --help, 2 after wrong usage
        return exit.code if isinstance(exit.code, int) else CANNOT_LOOK
    except KeyboardInterrupt as interrupt:
        return _interrupted(interrupt)
    except BrokenPipeError:
        _abandon(sys.stdout)
        return CANNOT_LOOK
    except BaseException as error:
        return _failed(error)


def _import_nothing_from_here() -> None:
    """Take the current folder off the path of modules, where a PYTHONPATH with an empty entry has put it."""
    here, ours = os.getcwd(), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [folder for folder in sys.path if folder == ours or folder not in ("", os.curdir, here)]


def _ignored(args: sys.UnraisableHookArgs) -> None:
    """Tell of an error that Python ignores, without the words that it would print."""
    from alikey_hook import crash

    if args.exc_value is not None and sys.stderr is not None:
        sys.stderr.write(f"alikey-hook: an error that is ignored: {crash.summary(args.exc_value)}\n")


def _run(arguments: list[str]) -> int:
    command = arguments[0] if arguments else ""
    if command == "hook":
        from alikey_hook.commands import hook

        return hook.main(arguments[1:])
    if command == "scan":
        from alikey_hook.commands import scan

        return scan.main(arguments[1:])
    # Off the hook's path: found by their names. `hook` and `scan` are imported in plain sight, for type checkers and readers.
    if command in COMMANDS:
        from importlib import import_module

        module = import_module(f"alikey_hook.commands.{command}")
        if "threading" in sys.modules:  # an error in a thread is told by Python, with its words
            from alikey_hook import crash

            crash.quiet()
        code: int = module.main(arguments[1:])
        return code
    if command in ("-h", "--help", "help"):
        sys.stdout.write(_USAGE)
        return 0
    if command == "--version":
        from alikey_hook import __version__

        sys.stdout.write(f"alikey-hook {__version__}\n")
        return 0
    sys.stderr.write(_USAGE if not command else f"alikey-hook: unknown command {command!a}\n{_USAGE}")
    return CANNOT_LOOK


def _interrupted(interrupt: KeyboardInterrupt) -> int:
    from alikey_hook.errors import TimeUp

    if not isinstance(interrupt, TimeUp):
        return INTERRUPTED
    sys.stderr.write(f"alikey-hook: {interrupt.message}, before anything could be said of what was to be looked at.\n")
    sys.stderr.write("help: Give it more time, or less to look at.\n")
    return interrupt.exit_code


def _failed(error: BaseException) -> int:
    from alikey_hook.errors import UserError

    if isinstance(error, UserError):
        from alikey_hook.report.printable import printable

        message = "\n".join(printable(line) for line in error.message.splitlines())
        sys.stderr.write(f"alikey-hook: {message}\n" + (f"help: {printable(error.help)}\n" if error.help else ""))
        return error.exit_code
    if isinstance(error, OSError) and error.filename is None and not isinstance(error, ConnectionError):
        sys.stderr.write(f"alikey-hook: {error.strerror or type(error).__name__}.\n")
        _abandon(sys.stdout)
        return CANNOT_LOOK
    _report_bug(error)
    return BUG


def _report_bug(error: BaseException) -> None:
    """Where it happened, without the message: that may quote what the program was reading."""
    from alikey_hook import __version__, crash

    if sys.stderr is not None:
        said = "\n".join(crash.lines(error))
        sys.stderr.write(f"alikey-hook {__version__}: a bug: {said}\n{crash.versions()}{_git()}\nhelp: {_ISSUES}\n")


def _git() -> str:
    """Git's version for a report, where it tells."""
    try:
        from alikey_hook.git.process import answered

        words = (answered("version") or b"").decode("ascii", "replace").split()
        return f", git {words[2][:40]}" if len(words) > 2 and words[2].replace(".", "").isalnum() else ""
    except Exception:  # the report of one bug does not fail over another
        return ""


def _flush(stream: TextIO | None) -> None:
    if stream is not None:
        stream.flush()


def _abandon(stream: TextIO | None) -> None:
    """Send what is left in a broken stream's buffer nowhere, so that the interpreter's own last flush cannot fail."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
