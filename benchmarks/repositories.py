"""The large repositories: a tree, what is staged in one commit, a history. All made up, none with a key in it."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from alikey_hook.errors import UserError
from benchmarks.place import commit_all, names, source, write
from benchmarks.processes import ran

FILES_OF_HISTORY, CHANGED_FILES = 300, 3
_TIME = 1_700_000_000


class Sizes(NamedTuple):
    """How large they are. `vendored`, `minified`: MB."""

    tree: int
    commits: int
    vendored: int
    minified: int
    small: int


FULL = Sizes(tree=60_000, commits=5_000, vendored=200, minified=100, small=10_000)
QUICK = Sizes(tree=60, commits=20, vendored=1, minified=1, small=40)


class Staged(NamedTuple):
    """A repository with something staged. `ids`: a file with the ids of the staged blobs, a line each. `largest`: bytes."""

    folder: Path
    ids: Path
    files: list[str]
    bytes: int
    largest: int


def tree(folder: Path, environment: dict[str, str], files: int) -> str:
    """A tree of so many committed files, what it is in words."""
    written = write(folder, random.Random("tree"), files, (10, 100))
    commit_all(folder, environment)
    return f"{len(written):,} files, {sum(_sizes(folder, written)) / 1e6:,.0f} MB"


def vendored(folder: Path, environment: dict[str, str], megabytes: int) -> Staged:
    """So many MB of source code in files of about 50 kB."""
    return _staged(folder, environment, lambda: write(folder, random.Random("vendored"), megabytes * 20, (800, 1200)))


def small(folder: Path, environment: dict[str, str], files: int) -> Staged:
    """So many files of about a kB."""
    return _staged(folder, environment, lambda: write(folder, random.Random("small"), files, (10, 30)))


def minified(folder: Path, environment: dict[str, str], megabytes: int) -> Staged:
    """One file of a single line."""
    rng = random.Random("minified")
    words = [f"{rng.choice('abcdefghkmnt')}{rng.choice(('', '.call', '[0]', '.length'))}" for _ in range(200)]
    marks = [
        "(",
        ")",
        "{",
        "}",
        ";",
        ",",
        "=",
        "&&",
        "||",
        "?",
        ":",
        "+",
        "return ",
        "function(",
        "!0",
        "void 0",
        '"use strict"',
    ]

    def written() -> list[str]:
        with open(folder / "bundle.min.js", "w", encoding="ascii") as file:
            size = 0
            while size < megabytes * 1_000_000:
                size += file.write("".join(rng.choices(words + marks * 6, k=10_000)))
        return ["bundle.min.js"]

    return _staged(folder, environment, written)


def _staged(folder: Path, environment: dict[str, str], written: Callable[[], list[str]]) -> Staged:
    folder.mkdir()
    commit_all(folder, environment)
    files = written()
    git = ["git", "-C", str(folder)]
    ran([*git, "add", "--all"], environment)
    raw = ran([*git, "diff-index", "--cached", "--raw", "--no-abbrev", "HEAD"], environment)
    ids = folder.with_suffix(".ids")
    ids.write_text("".join(line.split()[3] + "\n" for line in raw.splitlines()), encoding="ascii")
    sizes = _sizes(folder, files)
    return Staged(folder, ids, files, sum(sizes), max(sizes))


def _sizes(folder: Path, files: list[str]) -> list[int]:
    return [(folder / name).stat().st_size for name in files]


def history(folder: Path, environment: dict[str, str], commits: int) -> None:
    """A bare repository, packed, of so many commits that each change some lines in some of the files."""
    ran(["git", "init", "--quiet", "--bare", str(folder)], environment)
    git = ["git", "-C", str(folder)]
    rng = random.Random("history")
    files = {name: [source(name, rng, 12) for _ in range(rng.randrange(5, 40))] for name in names(rng, FILES_OF_HISTORY)}
    with subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE, env=environment) as importer:
        assert importer.stdin  # noqa: S101 - for the type checker: it is a pipe
        for number in range(commits):
            importer.stdin.write(b"commit refs/heads/main\ncommitter nobody <nobody@example.com> %d +0000\n" % (_TIME + number))
            importer.stdin.write(b"data 9\na commit\n\n")
            for name in rng.sample(list(files), CHANGED_FILES):
                files[name][rng.randrange(len(files[name]))] = source(name, rng, 12)
                content = "".join(files[name]).encode()
                importer.stdin.write(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(content), content))
    if importer.returncode:
        raise UserError("git fast-import failed.", "Is the disk full?")
    ran([*git, "repack", "-adq"], environment)


def about(repository: Path, environment: dict[str, str]) -> str:
    """How many commits and objects, and how much of it is read, in words."""
    git = ["git", "-C", str(repository)]
    commits = int(ran([*git, "rev-list", "--all", "--count"], environment))
    query = ["cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectsize)"]
    objects = [line.split() for line in ran([*git, *query], environment).splitlines()]
    read = [int(size) for kind, size in objects if kind != "tree"]
    blobs = sum(kind == "blob" for kind, _ in objects)
    return f"{commits:,} commits, {blobs:,} blobs, {len(read):,} objects without trees, {sum(read) / 1e6:,.0f} MB"


def incomplete(repository: Path, environment: dict[str, str]) -> bool:
    """Whether git says that objects are missing, as in a partial clone."""
    query = ["rev-list", "--objects", "--no-object-names", "--missing=print", "--all"]
    return "?" in ran(["git", "-C", str(repository), *query], environment)
