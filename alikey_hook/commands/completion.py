"""`alikey-hook completion`: a script that completes our command lines in a shell, made from the parsers of all commands."""

from __future__ import annotations

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Sequence
from importlib import import_module

from alikey_hook import __version__
from alikey_hook.commands import COMMANDS, baseline
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.output import write
from alikey_hook.errors import UserError

SHELLS = ("bash", "zsh", "fish")
_DESCRIPTION = (
    "Print a script that completes commands, options and their values in a shell. It runs git for revisions, else nothing."
)
_BASELINE = "The reviewed exceptions: review, allow, list, check, prune, import, export"
# What stands for a value in the help says how the value is completed.
_FILES = ("FILE", "FILES", "PATH", "SOURCE", "REPORT", "VERDICTS.json")
_FOLDERS = ("DIR",)
_REVISIONS = ("REV", "RANGE")
_GIT = "git rev-parse --symbolic --branches --tags --remotes 2>/dev/null"
# In a range, what follows its dots is completed. The name of a branch may be `$(command)`: no shell may get to evaluate
# it, so that bash's `compgen -W` will not do, and in bash it comes out quoted (the others quote by themselves).
_COMPLETE_REVISIONS = {
    "bash": "_alikey_hook_revisions",
    "zsh": "_alikey_hook_revisions",
    "fish": "(_alikey_hook_revisions)",
    "preamble": {
        "bash": f"""\
_alikey_hook_revisions() {{
  local name before="${{1%"${{1##*..}}"}}"
  while IFS= read -r name; do
    printf -v name %q "$name"
    [[ $before$name != "$1"* ]] || printf '%s\\n' "$before$name"
  done < <({_GIT})
}}
""",
        "zsh": f"""\
_alikey_hook_revisions() {{
  compset -P '*..'
  compadd -- ${{(f)"$({_GIT})"}}
}}
""",
        "fish": f"""\
function _alikey_hook_revisions
  set -l before (commandline -ct | string match -r '[^=]*\\.\\.')
  for name in ({_GIT})
    echo "$before$name"
  end
end
""",
    },
}


def main(argv: Sequence[str]) -> int:
    """Print the script; the exit code is 0."""
    options = parser().parse_args(list(argv))
    try:
        import shtab
    except ImportError:
        raise UserError(
            "the script is made by shtab, which is not installed.", "pip install 'alikey-hook[completion]'"
        ) from None
    completers = {
        **dict.fromkeys(_FILES, shtab.FILE),
        **dict.fromkeys(_FOLDERS, shtab.DIRECTORY),
        **dict.fromkeys(_REVISIONS, _COMPLETE_REVISIONS),
    }
    write(shtab.complete(_all(completers), options.shell).rstrip("\n") + "\n", None)
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook completion", description=_DESCRIPTION)
    made.add_argument("shell", choices=SHELLS, help="which shell it is for")
    return made


def _all(completers: dict[str, object]) -> ArgumentParser:
    """One parser of all command lines, as shtab wants it."""
    made = ArgumentParser("alikey-hook")
    made.add_argument("--version", action="version", version=__version__, help="tell the version")
    commands = made.add_subparsers()
    for name in COMMANDS:
        if name == "baseline":
            exceptions = commands.add_parser(name, help=_BASELINE).add_subparsers()
            for each in baseline.COMMANDS:
                _add(exceptions, each, baseline.module(each).parser(), completers)
        else:
            _add(commands, name, import_module(f"alikey_hook.commands.{name}").parser(), completers)
    return made


def _add(commands: _SubParsersAction[ArgumentParser], name: str, of: ArgumentParser, completers: dict[str, object]) -> None:
    for action in of._actions:
        if action.metavar in completers:
            action.complete = completers[action.metavar]  # type: ignore[attr-defined]
    sentence = " ".join((of.description or "").split()).partition(". ")[0].rstrip(".")
    commands.add_parser(name, parents=[of], add_help=False, help=sentence)
