"""`alikey-hook respond`, and repositories in which a key went wherever a key can go."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from alikey_hook.finding import fingerprint
from tests.history.scanning import NOTHING, VALUES, commit, dated, gone, put
from tests.keys import access_key_id
from tests.repository import Repo, new_repository, pair_lines

CLI = (sys.executable, "-m", "alikey_hook")
FETCHED = "2024-05-06 07:08 UTC"
FETCHED_AT = 1714979280
MAIN, REMOTE = "refs/heads/main", "refs/remotes/origin/main"


class Told(NamedTuple):
    """What `respond --format json` told."""

    code: int
    report: dict[str, Any]
    err: str

    @property
    def state(self) -> str:
        """How far it got."""
        return str(self.report["evidence"]["state"])

    @property
    def spots(self) -> list[tuple[str, str, str, bool]]:
        """(commit, day, path, whether it brings it) of every spot."""
        keys = ("commit", "day", "path", "brings")
        return [tuple(spot[key] for key in keys) for spot in self.report["evidence"]["spots"]]

    @property
    def commands(self) -> list[str]:
        """The commands to copy."""
        return list(self.report["plan"]["commands"])

    def known(self, *keys: str) -> list[Any]:
        """Other fields of the evidence."""
        return [self.report["evidence"][key] for key in keys]


def ran(folder: Path, *args: str, env: Mapping[str, str] | None = None, timeout: int = 60) -> subprocess.CompletedProcess[str]:
    """`alikey-hook respond` in a folder; nothing that it prints is a value of the tests."""
    command = [*CLI, "respond", *args]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **(env or {})}, capture_output=True, timeout=timeout)
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    assert not [value for value in VALUES if value in out + err], "a value was printed"
    return subprocess.CompletedProcess(command, done.returncode, out, err)


def told(where: Repo | Path, seed: int, *args: str, env: Mapping[str, str] | None = None, cwd: str = "") -> Told:
    """What it tells of an AccessKey ID."""
    top = where.top if isinstance(where, Repo) else where
    done = ran(top / cwd, of(seed), "--format", "json", *args, env=env)
    return Told(done.returncode, json.loads(done.stdout) if done.stdout.startswith("{") else {}, done.stderr)


def of(seed: int) -> str:
    """The fingerprint of an AccessKey ID."""
    return fingerprint(access_key_id(seed))


def rewound(repo: Repo) -> None:
    """Set when the repository heard of its remotes last."""
    os.utime(repo.top / ".git/FETCH_HEAD", (FETCHED_AT, FETCHED_AT))


class Scripted(NamedTuple):
    """A repository with fifteen keys, its remote, and its commits by their names."""

    repo: Repo
    bare: Repo
    commits: dict[str, str]

    def __getitem__(self, name: str) -> str:  # type: ignore[override]
        """A commit's id."""
        return self.commits[name]


def scripted(folder: Path) -> Scripted:
    """Make it: each key went another way, see the numbers."""
    bare = new_repository(folder / "bare.git", "--bare")
    repo = new_repository(folder / "repo")
    repo.git("remote", "add", "origin", str(bare.top))
    made: dict[str, str] = {}
    made["base"] = put(repo, "2024-01-01", NOTHING, "other.py")
    made["committed"] = put(repo, "2024-01-02", path="a.py", seed=1)
    made["old"] = put(repo, "2024-01-03", path="old.py", seed=2)
    repo.git("mv", "old.py", "new.py")
    made["renamed"] = commit(repo, "2024-01-04")
    made["came"] = put(repo, "2024-01-05", path="c.py", seed=3)
    made["removed"] = gone(repo, "2024-01-06", "c.py")
    made["tagged"] = put(repo, "2024-01-07", path="d.py", seed=4)
    repo.git("tag", "v1")
    made["after tag"] = gone(repo, "2024-01-08", "d.py")
    repo.git("tag", "--annotate", f"--message={pair_lines(5)}", "v2", made["base"], env=dated("2024-01-09"))
    made["tag"] = repo.git("rev-parse", "v2").strip()
    _branches(repo, made)
    _merge(repo, made)
    repo.git("push", "--quiet", "origin", "main", "v1")
    made["local"] = put(repo, "2024-01-15", path="local.py", seed=10)
    repo.write("other.py", pair_lines(7))
    repo.git("stash", "push", "--quiet", env=dated("2024-01-16"))
    made["stash"] = repo.git("rev-parse", "refs/stash").strip()
    made["reflog"] = put(repo, "2024-01-18", path="reflog.py", seed=13)
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.git("hash-object", "-w", "--stdin", stdin=pair_lines(14).encode())
    repo.git("fetch", "--quiet", "origin")
    rewound(repo)
    repo.stage("s.py", pair_lines(11))
    repo.write("w.py", pair_lines(12))
    return Scripted(repo, bare, made)


def _branches(repo: Repo, made: dict[str, str]) -> None:
    """Branches that start at the first commit: pushed and deleted there, a pull request's, one with a key in its message."""
    for name, day, seed in (("gone", "2024-01-10", 6), ("pr", "2024-01-11", 8)):
        repo.git("switch", "--quiet", "--create", name, made["base"])
        made[name] = put(repo, day, path=f"{name}.py", seed=seed)
    repo.git("switch", "--quiet", "--create", "said", made["base"])
    made["said"] = commit(repo, "2024-01-17", message=pair_lines(15))
    repo.git("push", "--quiet", "origin", "gone", "pr:refs/pull/7/head")
    repo.git("push", "--quiet", "origin", "--delete", "gone")


def _merge(repo: Repo, made: dict[str, str]) -> None:
    """A merge whose resolution has a key."""
    repo.git("switch", "--quiet", "--create", "topic", made["base"])
    put(repo, "2024-01-12", "topic\n", "other.py")
    repo.git("switch", "--quiet", "main")
    put(repo, "2024-01-13", "main\n", "other.py")
    assert repo.attempt("merge", "--quiet", "topic").returncode == 1
    repo.stage("other.py", pair_lines(9))
    made["merge"] = commit(repo, "2024-01-14")
