"""`alikey-hook scan`: what people call."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from alikey_hook.commands import looks
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.checking import check
from alikey_hook.commands.settings import LARGEST, Settings, add_options, from_options, parsed, size
from alikey_hook.commands.stages import range_of
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.process import GitError
from alikey_hook.git.tree import repository
from alikey_hook.sources import files
from alikey_hook.sources.staged import Staged

_DESCRIPTION = "Look for Alibaba Cloud credentials in files, folders, standard input, in what is staged, or in commits."


def main(argv: Sequence[str]) -> int:
    """Scan; the exit code is 0 (nothing leaks) or 1."""
    options = parsed(parser(), argv, "paths")
    if options.paths and (options.staged or options.commits):
        parser().error("--staged and --commits take no PATH")
    settings = from_options(options)
    if not (options.history or options.all_objects) and (options.max_blob_size is not None or options.cache):
        parser().error("--max-blob-size and --cache go with --history")
    if settings.timeout is None:
        return _scanned(options, settings)
    from alikey_hook.limit import limited

    return limited(settings.timeout, settings.output, lambda: _scanned(options, settings))


def _scanned(options: Namespace, settings: Settings) -> int:
    if options.history or options.all_objects:
        return _history(options, settings)
    blobs = Blobs()
    try:
        return check(_looks(options.paths, options.staged, options.commits, settings, blobs), settings, summary=True)
    finally:
        blobs.close()


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook scan", description=_DESCRIPTION)
    made.add_argument("paths", nargs="*", metavar="PATH", help="files or folders (default: this folder); - is standard input")
    where = made.add_mutually_exclusive_group()
    where.add_argument("--staged", action="store_true", help="what is staged, as the hook sees it")
    where.add_argument(
        "--commits", metavar="RANGE", help="every commit of A..B, or all that B reaches: their files and their messages"
    )
    add = made.add_argument
    where.add_argument("--history", action="store_true", help="everything that any ref reaches, here or in the repository PATH")
    add("--all-objects", action="store_true", help="with --history: also stashes, reflogs and what no ref reaches")
    add("--max-blob-size", type=size, metavar="SIZE", help="with --history: leave out larger files, and say so (default: 64M)")
    add("--cache", metavar="DIR", help="with --history: remember there what was looked at, for the next time")
    add_options(made)
    return made


def _history(options: Namespace, settings: Settings) -> int:
    from alikey_hook.commands import history

    if options.staged or options.commits or len(options.paths) > 1:
        parser().error("--history takes one PATH at most, a repository")
    where = options.paths[0] if options.paths else None
    return history.main(
        where,
        settings,
        options.all_objects,
        LARGEST if options.max_blob_size is None else options.max_blob_size,
        options.cache,
    )


def _looks(paths: list[str], staged: bool, commits: str | None, settings: Settings, blobs: Blobs) -> list[looks.Look]:
    if staged:
        here = repository()
        return [looks.staged(Staged(here.git_dir).changes, here, settings, blobs)]
    if commits is not None:
        start, dots, end = commits.rpartition("..")
        return range_of(end or "HEAD", [start or "HEAD"] if dots else [], settings, blobs)
    return [looks.tree(paths or ["."], _prefix(paths), settings, blobs)]


def _prefix(paths: list[str]) -> str:
    """Where this folder stands in its repository; nowhere, where there is none."""
    try:
        return "" if paths == [files.STDIN] else repository().prefix
    except GitError:
        return ""
