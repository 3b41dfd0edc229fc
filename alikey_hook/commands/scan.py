"""`alikey-hook scan`: what people call."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import baseline, sources
from alikey_hook.allowlist import Allowlist
from alikey_hook.commands.checking import Check, check, top_or_here
from alikey_hook.commands.hook import staged_check
from alikey_hook.commands.settings import Settings, add_options, from_options, parsed
from alikey_hook.git.process import Blobs, GitError
from alikey_hook.git.tree import repository

_DESCRIPTION = "Look for Alibaba Cloud credentials in files, in folders, in standard input, or in what is staged."


def main(argv: Sequence[str]) -> int:
    """Scan; the exit code is 0 (nothing leaks) or 1."""
    options = parsed(parser(), argv, "paths")
    settings = from_options(options)
    if options.staged:
        if options.paths:
            raise SystemExit(parser().error("--staged takes no PATH"))
        return _staged(settings)
    return check(_paths(options.paths or ["."], settings), settings)


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = ArgumentParser("alikey-hook scan", description=_DESCRIPTION)
    made.add_argument("paths", nargs="*", metavar="PATH", help="files or folders (default: this folder); - is standard input")
    made.add_argument("--staged", action="store_true", help="what is staged, as the hook sees it")
    add_options(made)
    return made


def _staged(settings: Settings) -> int:
    blobs = Blobs()
    try:
        here = repository()
        look = staged_check(sources.Staged(here.git_dir).changes, here, settings, blobs)
        look.summary = True
        return check(look, settings)
    finally:
        blobs.close()


def _paths(paths: list[str], settings: Settings) -> Check:
    def allowlist() -> Allowlist:
        return baseline.from_files(settings.baseline, top_or_here())

    return Check(sources.files(sources.below(paths), _prefix(paths)), sources.read_file, allowlist, summary=True)


def _prefix(paths: list[str]) -> str:
    """Where this folder stands in its repository; nowhere, where there is none."""
    try:
        return "" if paths == [sources.STDIN] else repository().prefix
    except GitError:
        return ""
