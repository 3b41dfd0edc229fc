"""`alikey-hook hook`: what hook managers and git call."""

from __future__ import annotations

import os

from alikey_hook import sources
from alikey_hook.changes import Change
from alikey_hook.commands.checking import Check, check
from alikey_hook.commands.settings import Settings
from alikey_hook.git.process import Blobs
from alikey_hook.git.tree import Repository, repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Sequence

    from alikey_hook.allowlist import Allowlist

_DESCRIPTION = """\
Check what is about to be committed, or, under pre-commit, what pre-commit is asked to check:
a range of commits (--from-ref, --to-ref), the staged changes of the files it names, or else (--all-files, --files)
the named files whole. Without FILES, everything that is staged."""


def main(argv: Sequence[str]) -> int:
    """Check; the exit code is 0 (nothing leaks) or 1."""
    named, settings = _parsed(argv)
    blobs = Blobs()
    try:
        return check(_look(named, settings, blobs), settings)
    finally:
        blobs.close()


def _parsed(argv: Sequence[str]) -> tuple[list[str], Settings]:
    """The named files and the settings; `argparse` is loaded only where there are options."""
    if argv[:1] == ["--"]:
        return list(argv[1:]), Settings()
    if not any(argument.startswith("-") for argument in argv):
        return list(argv), Settings()
    from alikey_hook.commands.settings import from_options, parsed

    options = parsed(parser(), argv, "files")
    return options.files, from_options(options)


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    from argparse import ArgumentParser, RawDescriptionHelpFormatter

    from alikey_hook.commands.settings import add_options

    made = ArgumentParser("alikey-hook hook", description=_DESCRIPTION, formatter_class=RawDescriptionHelpFormatter)
    made.add_argument("files", nargs="*", metavar="FILES", help="the files that the hook manager names")
    made.add_argument(
        "--stage", choices=("pre-commit",), default="pre-commit", help="git's name of the hook (default: pre-commit)"
    )
    add_options(made)
    return made


def _look(named: list[str], settings: Settings, blobs: Blobs) -> Check:
    start, end = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if start and end:
        return _range(start, end, settings, blobs)
    here = repository()
    staged = sources.Staged(here.git_dir)
    changes = staged.changes
    if named:
        paths = {sources.in_repository(name, here.prefix) for name in named}
        if not paths <= staged.paths:
            return _files(named, here, settings)
        changes = [change for change in changes if change.path in paths]
    return staged_check(changes, here, settings, blobs)


def staged_check(staged: list[Change], here: Repository, settings: Settings, blobs: Blobs) -> Check:
    """The look at staged changes, with the staged baseline."""

    def allowlist() -> Allowlist:
        from alikey_hook import baseline

        return baseline.from_index(settings.baseline, here, blobs.read)

    return Check(staged, blobs.read, allowlist, staged=True)


def _files(named: list[str], here: Repository, settings: Settings) -> Check:
    def allowlist() -> Allowlist:
        from alikey_hook import baseline

        return baseline.from_files(settings.baseline, here.top)

    return Check(sources.files(named, here.prefix), sources.read_file, allowlist)


def _range(start: str, end: str, settings: Settings, blobs: Blobs) -> Check:
    def allowlist() -> Allowlist:
        from alikey_hook import baseline

        return baseline.from_commit(end, settings.baseline, repository(), blobs.read)

    return Check(sources.commits(start, end), blobs.read, allowlist)
