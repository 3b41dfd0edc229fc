"""Wires that a hostile repository may stretch: programs that leave a mark when anyone runs them."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.keys import access_key_id
from tests.repository import Repo, isolated, new_repository, pair_lines

CLI = (sys.executable, "-m", "alikey_hook")
ID = access_key_id(1)


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """The environment of the fixture `home`, for fixtures that serve many tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in isolated(os.environ, folder).items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)
        yield


class Marks:
    """The folder in which each wire that was tripped has left a file of its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def program(self, name: str, copies: bool = True) -> str:
        """The path of a program that leaves a mark, and then copies, as filters and drivers of git do, or fails."""
        path = self.folder.parent / f"{self.folder.name}-{name}"
        path.write_text(
            f"#!/bin/sh\ntouch {shlex.quote(str(self.folder / name))}\n{'cat ${1:+/dev/null}' if copies else 'exit 1'}\n",
            "utf-8",
        )
        path.chmod(0o755)
        return str(path)

    def module(self, name: str) -> str:
        """The text of a Python module that leaves a mark."""
        return f"open({str(self.folder / name)!r}, 'w').close()\nraise ImportError('a wire was tripped')\n"

    def taken(self) -> set[str]:
        """Which wires were tripped since this was last asked."""
        names = {path.name for path in self.folder.iterdir()}
        for path in self.folder.iterdir():
            path.unlink()
        return names


class Trap(NamedTuple):
    """A repository full of wires, what they mark, and the commit that leaks."""

    repo: Repo
    marks: Marks
    leak: str

    def run(
        self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command of ours in it."""
        return subprocess.run(
            [*CLI, *arguments],
            cwd=cwd or self.repo.top,
            env={**os.environ, **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )


# The setting and what a wire's program is called after it.
SETTINGS = (
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.sshCommand",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.driver.command",
    "diff.conv.textconv",
    "filter.cleaner.clean",
    "filter.cleaner.smudge",
    "filter.long.process",
    "gpg.program",
    "credential.helper",
    "interactive.diffFilter",
    "merge.driver.driver",
    "uploadpack.packObjectsHook",
)
HOOKS = ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc", "pre-push", "pre-commit", "commit-msg")
_ATTRIBUTES = "*.drv diff=driver merge=driver\n*.cnv diff=conv\n*.cln filter=cleaner\n*.lng filter=long\n"
NAMES = ("a.drv", "a.cnv", "a.cln", "a.lng", "plain.py")


def trap(folder: Path) -> Trap:
    """A repository in which everything that its configuration can have run is a wire.

    What leaks is committed, and more is staged. The settings stand in a file of the working tree that `include.path` names,
    the attributes in one that `core.attributesFile` names.
    """
    marks = Marks(folder / "marks")
    repo = new_repository(folder / "repo")
    for name in NAMES:
        repo.write(name, f"# {name}\n" + pair_lines(1))
    repo.write("settings", "".join(_setting(name, marks) for name in SETTINGS))
    repo.write("attributes", _ATTRIBUTES)
    repo.stage(".")
    repo.commit()
    leak = _signed(repo)
    for name in HOOKS:
        repo.write(f".wired/{name}", Path(marks.program(name)).read_text("utf-8") + "exit 1\n")
        (repo.top / ".wired" / name).chmod(0o755)
    for name in NAMES:
        repo.write(name, f"# {name}\n" + pair_lines(1) + pair_lines(2))
    repo.write("baseline/alikey.yaml", "version: 1\nallow: []\n")
    repo.stage(".")
    _with_submodule(repo, marks, folder / "module")
    for key, value in {
        "log.showSignature": "true",
        "core.attributesFile": str(repo.top / "attributes"),
        "core.hooksPath": str(repo.top / ".wired"),
        "include.path": str(repo.top / "settings"),
        "alias.wired": "!" + marks.program("alias"),
        "alias.diff-index": "!" + marks.program("alias"),
        "remote.origin.url": "ssh://nobody@localhost:1/repo",
    }.items():
        repo.git("config", key, value)
    marks.taken()
    return Trap(repo, marks, leak)


def _setting(name: str, marks: Marks) -> str:
    section, _, key = name.rpartition(".")
    first, _, rest = section.partition(".")
    program = marks.program(name)
    return f"[{first}{f' {chr(34)}{rest}{chr(34)}' if rest else ''}]\n\t{key} = {program}\n"


def _signed(repo: Repo) -> str:
    """Put a signature on HEAD's commit, so that whoever wants to see it has the setting's program look at it."""
    content = repo.git("cat-file", "commit", "HEAD")
    header, _, message = content.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----"
    made = repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=f"{header}\n{signature}\n\n{message}".encode())
    repo.git("reset", "--quiet", "--soft", made.strip())
    return made.strip()


def _with_submodule(repo: Repo, marks: Marks, folder: Path) -> None:
    module = new_repository(folder)
    module.stage("a.txt", "nothing\n")
    module.commit()
    repo.git("submodule", "--quiet", "add", f"file://{folder}", "module")
    Repo(repo.top / "module").git("config", "core.fsmonitor", marks.program("submodule.fsmonitor"))


# What trips a wire, run as `git` where nothing else is said.
Naive = Callable[[Trap], object]


def git(*arguments: str, stdin: bytes = b"") -> Naive:
    """git as anybody runs it; whether it fails does not matter."""
    return lambda trap: trap.repo.attempt(*arguments, stdin=stdin)


def touched(*arguments: str) -> Naive:
    """The same after the files were touched, so that git must look into them."""

    def run(trap: Trap) -> None:
        for name in NAMES:
            os.utime(trap.repo.top / name, (1_000_000_000, 1_000_000_000))
        trap.repo.attempt(*arguments)

    return run
