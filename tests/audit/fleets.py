"""Fleets of small bare repositories of one branch, made at test time, and `alikey-hook audit` over them."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.history.scanning import VALUES
from tests.repository import pair_lines

ROOT = Path(__file__).parents[2]
CLI = (sys.executable, "-m", "alikey_hook", "audit", "--no-own-keys")
_COMMIT = b"commit refs/heads/main\ncommitter A Tester <tester@example.com> %d +0000\ndata 8\na commit\n"


class Audited(NamedTuple):
    """What an audit said."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Its JSON."""
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed

    @property
    def places(self) -> set[tuple[str, str]]:
        """The repository's name and the path of each place of a finding."""
        every = (place for row in self.report["findings"] for place in row["places"])
        return {(Path(place["repository"]).name, place["path"]) for place in every}

    @property
    def lost(self) -> dict[str, str]:
        """Why what was not looked at was not, by the repositories' names."""
        return {Path(one["repository"]).name: one["why"] for one in self.report["origin"]["not_looked_at"]}


def repository(top: Path, kilobytes: int, leak: int | None = None) -> Path:
    """A bare repository of so many kilobytes in files of 20 kB at most, a commit each; the pair of a seed is in one of them."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", "--template=", top], check=True)
    files = -(-kilobytes // 20)
    stream = bytearray()
    for number in range(files):
        noise = random.Random(f"{top.name}/{number}").randbytes(min(10, -(-kilobytes // 2)) * 1000).hex()
        text = (pair_lines(leak) if leak is not None and number == files // 2 else "") + "\n".join(
            noise[at : at + 60] for at in range(0, len(noise), 60)
        )
        stream += _COMMIT % (1_700_000_000 + 86_400 * number)
        stream += b"M 100644 inline src/%d.txt\ndata %d\n%s\n" % (number, len(text), text.encode())
    subprocess.run(["git", "fast-import", "--quiet", "--force"], cwd=top, input=bytes(stream), check=True)
    return top


def audit(where: Path, *arguments: str | Path, env: Mapping[str, str] | None = None, workers: int | None = 1) -> Audited:
    """`alikey-hook audit` with the cache in a folder; nothing that it prints is a value of the tests.

    `workers`: how many processes it has; None where the arguments say so.
    """
    few = ["--workers", str(workers)] if workers else []
    command = [*CLI, "--cache", where / "cache", *few, *arguments]
    done = subprocess.run(command, env=environment(env), cwd=where, input="", capture_output=True, text=True, timeout=300)
    return said(done.returncode, done.stdout, done.stderr)


def said(code: int, out: str, err: str) -> Audited:
    """What was said, by a program that is no more."""
    assert not [value for value in VALUES if value in out + err], "a value was printed"
    assert code in (0, 1, 2), err
    return Audited(code, out, err)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for us, wherever the current folder is."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **(more or {})}


def holding(folder: Path) -> list[Path]:
    """The files below a folder in which a value of the tests stands."""
    values = [value.encode() for value in VALUES]
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [path for path in files if any(value in content for content in [path.read_bytes()] for value in values)]
