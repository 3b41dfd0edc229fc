"""`alikey-hook hook`: what hook managers and git call."""

from __future__ import annotations

import os

from alikey_hook.commands.settings import Settings
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.diff import asked_for_staged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Sequence

    from alikey_hook.commands.looks import Look

_DESCRIPTION = """\
Called by git and by hook managers. What is looked at depends on the stage:
  pre-commit   what is about to be committed, or under pre-commit what it is asked to check: a range of commits
               (--from-ref, --to-ref), the staged changes of the files it names, or else (--all-files, --files) the
               named files whole; without FILES, everything that is staged
  commit-msg   the message in the file that git names
  pre-push     what the push sends that the remote does not have; FILES are git's REMOTE and URL
  pre-receive  what the push brings that this repository does not have"""
STAGES = ("pre-commit", "commit-msg", "pre-push", "pre-receive")


def main(argv: Sequence[str]) -> int:
    """Check; the exit code is 0 (nothing leaks) or 1."""
    stage, named, settings = _parsed(argv)
    if settings.timeout is None:
        return _checked(stage, named, settings)
    from alikey_hook.limit import limited

    return limited(settings.timeout, settings.output, lambda: _checked(stage, named, settings))


def _checked(stage: str, named: list[str], settings: Settings) -> int:
    blobs = Blobs()
    try:
        looks = _pre_commit(named, settings, blobs) if stage == "pre-commit" else _other(stage, named, settings, blobs)
        from alikey_hook.commands.checking import check

        return check(looks, settings)
    finally:
        blobs.close()


def _parsed(argv: Sequence[str]) -> tuple[str, list[str], Settings]:
    """The stage, the named files and the settings; `argparse` is loaded only where there are options."""
    if argv[:1] == ["--"]:
        return STAGES[0], list(argv[1:]), Settings()
    if not any(argument.startswith("-") for argument in argv):
        return STAGES[0], list(argv), Settings()
    from alikey_hook.commands.settings import from_options, parsed

    options = parsed(parser(), argv, "files")
    settings = from_options(options)
    settings.allowed_remotes = options.allowed_remote
    return options.stage, options.files, settings


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    from argparse import RawDescriptionHelpFormatter

    from alikey_hook.commands.arguments import Parser
    from alikey_hook.commands.settings import add_options

    made = Parser("alikey-hook hook", description=_DESCRIPTION, formatter_class=RawDescriptionHelpFormatter)
    made.add_argument("files", nargs="*", metavar="FILES", help="the files that the hook manager names")
    made.add_argument("--stage", choices=STAGES, default=STAGES[0], help="git's name of the hook (default: pre-commit)")
    made.add_argument(
        "--allowed-remote",
        action="append",
        default=[],
        metavar="GLOB",
        help="at pre-push, refuse a remote whose URL no GLOB matches; repeatable",
    )
    add_options(made)
    return made


def _other(stage: str, named: list[str], settings: Settings, blobs: Blobs) -> list[Look]:
    from alikey_hook.commands import stages

    return stages.LOOKS[stage](named, settings, blobs)


def _pre_commit(named: list[str], settings: Settings, blobs: Blobs) -> list[Look]:
    start, end = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if start and end:
        from alikey_hook.commands.stages import range_of

        return range_of(end, [start], settings, blobs)
    asked = asked_for_staged()
    try:  # git works while we import what looks at its answer
        from alikey_hook.commands import checking, looks  # noqa: F401
        from alikey_hook.git.tree import repository
        from alikey_hook.sources.paths import in_repository
        from alikey_hook.sources.staged import Staged

        here = repository()
    except BaseException:
        asked.finish()
        raise
    staged = Staged(here.git_dir, asked)
    changes = staged.changes
    if named:
        paths = {in_repository(name, here.prefix) for name in named}
        if not paths <= staged.paths:
            return [looks.files(named, here.prefix, settings, blobs)]
        changes = [change for change in changes if change.path in paths]
    return [looks.staged(changes, here, settings, blobs)]
