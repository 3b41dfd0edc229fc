"""`alikey-hook baseline`: the reviewed exceptions, one module a command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType

_USAGE = """\
usage: alikey-hook baseline COMMAND [OPTION…]

The reviewed exceptions in baseline/alikey*.yaml.

  review   go through what is found and not allowed yet, and decide
  allow    record one exception
  list     show all exceptions
  check    for CI: is every file right, nothing expired, nothing unused?
  prune    find exceptions that match nothing any more, and remove them
  import   take over a detect-secrets baseline
  export   write what is allowed as a detect-secrets baseline

alikey-hook baseline COMMAND --help tells the options of a command.
"""
COMMANDS = ("review", "allow", "list", "check", "prune", "import", "export")


def main(argv: Sequence[str]) -> int:
    """Run one of the commands; gives the exit code."""
    command = argv[0] if argv else ""
    if command in COMMANDS:
        code: int = module(command).main(argv[1:])
        return code
    wanted = command in ("-h", "--help")
    (sys.stdout if wanted else sys.stderr).write(_USAGE)
    return 0 if wanted else 2


def module(command: str) -> ModuleType:
    """The module of one of the commands."""
    from importlib import import_module

    # `list` and `import` are no good names for modules.
    name = {"list": "listing", "import": "importing"}.get(command, command)
    return import_module(f"alikey_hook.commands.baseline.{name}")
