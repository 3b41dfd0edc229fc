"""The hook, asked in this process; and the naive reading of a repository that it is measured by."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from alikey_hook.commands import hook, stages
from alikey_hook.commands.looks import Look
from alikey_hook.commands.settings import Settings
from alikey_hook.errors import UserError
from alikey_hook.git.blobs import Blobs
from alikey_hook.scan import Options, scan
from tests.model.contents import PRINTS, VALUES, Held
from tests.model.truth import File, Tree


class Seen(NamedTuple):
    """One finding."""

    status: str
    path: str
    value: str
    line: int
    commit: str | None


class Said(NamedTuple):
    """The exit code and the findings."""

    code: int
    seen: list[Seen]


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    here = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


def asked(folder: Path, names: tuple[str, ...] = ()) -> Said:
    """What the pre-commit stage says in a folder: all of it but the printing."""
    with _inside(folder):
        return _said(lambda settings, blobs: hook._pre_commit(list(names), settings, blobs))


def asked_to_push(folder: Path, line: str) -> Said:
    """What the pre-push stage says of a line of standard input."""
    stdin = io.TextIOWrapper(io.BytesIO(line.encode()))
    with _inside(folder), patch.object(sys, "stdin", stdin):
        return _said(lambda settings, blobs: stages.LOOKS["pre-push"](["origin", "/nowhere"], settings, blobs))


def _said(looks: Callable[[Settings, Blobs], list[Look]]) -> Said:
    blobs = Blobs()
    seen: list[Seen] = []
    try:
        for look in looks(Settings(), blobs):
            for one in scan(look.looked(Options()), look.read, look.allowlist, Options()).findings:
                assert not any(value in repr(one) for value in VALUES), "a finding shows its value"
                seen.append(Seen(one.status, one.path, PRINTS[one.fingerprint], one.line, one.commit))
    except UserError as error:
        return Said(error.exit_code, [])
    finally:
        blobs.close()
    return Said(int(any(one.status in ("new", "expired") for one in seen)), seen)


def ran(folder: Path, *names: str) -> Said:
    """What the real hook says, in a process of its own."""
    command = [sys.executable, "-m", "alikey_hook", "hook", "--format", "json", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True)
    out = done.stdout.decode()
    assert not any(value in out or value.encode() in done.stderr for value in VALUES), "a value was printed"
    findings = json.loads(out)["findings"] if out else []
    seen = [Seen(f["status"], f["path"], PRINTS[f["fingerprint"]], f["line"], f["commit"]) for f in findings]
    return Said(done.returncode, seen)


class Reading:
    """The repository's own bytes, by git's plainest commands. What does not change is kept."""

    def __init__(self, top: Path) -> None:
        self._top = top
        command = ["git", "cat-file", "--batch"]
        self._objects = subprocess.Popen(command, cwd=top, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._held: dict[str, Held] = {}
        self._trees: dict[str, Tree] = {}

    def close(self) -> None:
        """End git."""
        self._objects.communicate()

    def content(self, blob: str) -> bytes:
        """An object's bytes."""
        stdin, stdout = self._objects.stdin, self._objects.stdout
        assert stdin and stdout
        stdin.write(blob.encode() + b"\n")
        stdin.flush()
        size = int(stdout.readline().split()[2])
        return stdout.read(size + 1)[:-1]

    def _file(self, mode: bytes, blob: bytes) -> File:
        name = blob.decode()
        if name not in self._held:
            self._held[name] = Held(b"" if mode == b"160000" else self.content(name))
        return File(mode.decode(), name, self._held[name])

    def index(self, folder: Path) -> tuple[Tree, bool]:
        """The index of a working tree, and whether something in it is not merged."""
        tree: Tree = {}
        unmerged = False
        for entry in self._list(folder, "ls-files", "-s", "-z", "--full-name", ":/"):
            fields, _, path = entry.partition(b"\t")
            mode, blob, stage = fields.split()
            unmerged = unmerged or stage != b"0"
            tree[os.fsdecode(path)] = self._file(mode, blob)
        return tree, unmerged

    def tree(self, commit: str) -> Tree:
        """A commit's files."""
        if commit not in self._trees:
            tree: Tree = {}
            for entry in self._list(self._top, "ls-tree", "-r", "-z", "--full-tree", commit):
                fields, _, path = entry.partition(b"\t")
                mode, _, blob = fields.split()
                tree[os.fsdecode(path)] = self._file(mode, blob)
            self._trees[commit] = tree
        return self._trees[commit]

    def _list(self, folder: Path, *args: str) -> list[bytes]:
        done = subprocess.run(["git", *args], cwd=folder, capture_output=True, check=True)
        return [entry for entry in done.stdout.split(b"\0") if entry]
