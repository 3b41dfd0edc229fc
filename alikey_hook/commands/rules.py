"""`alikey-hook rules`: what is looked for."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.output import write
from alikey_hook.detect.rules import RULES


def main(argv: Sequence[str]) -> int:
    """Print one line a rule: its id, the severity of such a credential alone, and what it is."""
    parser().parse_args(list(argv))
    width = max(len(rule.id) for rule in RULES)
    write("".join(f"{rule.id:{width}}  {rule.severity:6}  {rule.says}\n" for rule in RULES), None)
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    return Parser("alikey-hook rules", description="Print every rule with its severity and what it finds.")
