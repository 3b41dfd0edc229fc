"""`alikey-hook scan --history`, commits of known days to look into, and what is found there."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.keys import access_key_id, secret
from tests.repository import ID_RULE, SECRET_RULE, Repo, pair_lines

NOTHING = "nothing = 1\n"
MAIN = "refs/heads/main"
MESSAGE, TAG_MESSAGE, UNREACHABLE = "(commit message)", "(tag message)", "(unreachable)"
CLI = (sys.executable, "-m", "alikey_hook")
# As `python -m alikey_hook`, on a machine with so many processors.
ON = """\
import os, sys
os.cpu_count = lambda: {}
from alikey_hook.cli import main
sys.exit(main(sys.argv[1:]))
"""
# In a script for `shim`: the git that reads the history's objects (and not the one that reads a baseline).
READS = 'case "$*$GIT_NO_LAZY_FETCH" in *"cat-file --batch-command --buffer1")'
VALUES = frozenset(value for seed in range(60) for value in (access_key_id(seed), secret(seed)))


class Kept(NamedTuple):
    """One finding of the history: where it is, since when, and what still has it."""

    rule: str
    status: str
    path: str
    line: int
    commit: str | None
    author_date: str | None
    last_commit: str | None
    refs: tuple[str, ...]


class Walked(NamedTuple):
    """What `scan --history` said: exit code, findings, the report's summary, standard output and error."""

    code: int
    findings: list[Kept]
    summary: dict[str, Any]
    out: str
    err: str

    @property
    def paths(self) -> list[str]:
        """Where the findings are."""
        return [finding.path for finding in self.findings]

    @property
    def tips(self) -> set[tuple[str, bool | None]]:
        """Each path with a finding, and whether the tip is said to have it."""
        return {(found["path"], found["in_tip"]) for found in json.loads(self.out)["findings"]}


def walk(where: Repo | Path, *args: str, env: Mapping[str, str] | None = None, cwd: str = "") -> Walked:
    """`alikey-hook scan --history --format json`; nothing that it prints is a value of the tests."""
    top = where.top if isinstance(where, Repo) else where
    return walked(ran(top / cwd, "--format", "json", *args, env=env))


def ran(folder: Path, *args: str, env: Mapping[str, str] | None = None, timeout: int = 120) -> subprocess.CompletedProcess[str]:
    """`alikey-hook scan --history` in a folder."""
    command = [*CLI, "scan", "--history", "--no-own-keys", *args]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **(env or {})}, capture_output=True, timeout=timeout)
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    assert not [value for value in VALUES if value in out + err], "a value was printed"
    return subprocess.CompletedProcess(command, done.returncode, out, err)


def walked(done: subprocess.CompletedProcess[str]) -> Walked:
    """What it said, with the findings read out of the JSON."""
    report = json.loads(done.stdout) if done.stdout else {"findings": [], "summary": {}}
    return Walked(done.returncode, kept(report), report["summary"], done.stdout, done.stderr)


def kept(report: dict[str, Any]) -> list[Kept]:
    """The findings of a parsed report."""
    plain = [{key: found[key] for key in Kept._fields} for found in report["findings"]]
    return [Kept(**{**found, "refs": tuple(found["refs"])}) for found in plain]


def dated(day: str, time: str = "12:00:00 +0000") -> dict[str, str]:
    """The environment in which git commits and tags on a day."""
    return {"GIT_AUTHOR_DATE": f"{day} {time}", "GIT_COMMITTER_DATE": f"{day} {time}"}


def commit(repo: Repo, day: str, *args: str, time: str = "12:00:00 +0000", message: str = "a commit") -> str:
    """Commit what is staged; gives the commit's id."""
    repo.git("commit", "--quiet", "--no-verify", "--allow-empty", f"--message={message}", *args, env=dated(day, time))
    return repo.git("rev-parse", "HEAD").strip()


def put(repo: Repo, day: str, content: str | bytes | None = None, path: str = "app.py", seed: int = 1) -> str:
    """Commit a file with a content, without one with a pair; gives the commit's id."""
    repo.stage(path, pair_lines(seed) if content is None else content)
    return commit(repo, day)


def gone(repo: Repo, day: str, path: str = "app.py") -> str:
    """Commit the removal of a file; gives the commit's id."""
    repo.git("rm", "--quiet", "--", f":(literal){path}")
    return commit(repo, day)


def pair_kept(
    first: str | None,
    day: str | None,
    last: str | None,
    *refs: str,
    path: str = "app.py",
    line: int = 1,
    status: str = "new",
) -> list[Kept]:
    """The findings of `pair_lines` in a file: since a commit and its day, last touched by another, still in some refs."""
    both = ((ID_RULE, line), (SECRET_RULE, line + 1))
    return [Kept(rule, status, path, at, first, day, last, refs) for rule, at in both]


def pair_said(commit: str, day: str, path: str = MESSAGE, line: int = 1) -> list[Kept]:
    """The findings of `pair_lines` in the message of a commit or tag."""
    return [Kept(rule, "new", path, at, commit, day, None, ()) for rule, at in ((ID_RULE, line), (SECRET_RULE, line + 1))]


def drop_reflogs(repo: Repo) -> None:
    """Forget where refs were before; the objects stay."""
    repo.git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")


def shim(folder: Path, script: str) -> dict[str, str]:
    """A `git` of ours that runs a shell script first; gives the environment that finds it. `$GIT` is the real one."""
    folder.mkdir(parents=True)
    program = folder / "git"
    real = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True).stdout.strip()
    program.write_text(f'#!/bin/sh\nGIT={real}\n{script}\nexec "$GIT" "$@"\n')
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def failing(folder: Path, command: str, times: int, answers: bool = False) -> str:
    """The PATH with a git whose `command` fails so many times, after its answer or without one, and works from then on."""
    count = folder / "count"
    fails = f'echo >>"{count}"; [ $(wc -l <"{count}") -gt {times} ] || exit 3;'
    script = f'"$GIT" "$@"; {fails} exit 0;' if answers else fails
    return shim(folder / "bin", f'case " $* " in *" {command} "*) {script} esac')["PATH"]


def grown(repo: Repo, megabytes: int, contents: Mapping[int, str] | None = None) -> None:
    """Commits of `big/` on main that bring so many megabytes, a file of 100 kB each; some have a given content in front."""
    stream = bytearray()
    for number in range(megabytes * 10):
        text = (contents or {}).get(number, "").encode() + b"%09d\n" % number * 10000
        stream += b"commit refs/heads/main\ncommitter A Tester <tester@example.com> 1700000000 +0000\ndata 8\na commit\n"
        stream += b"M 100644 inline big/%d.txt\ndata %d\n%s\n" % (number, len(text), text)
    repo.git("fast-import", "--quiet", "--force", stdin=bytes(stream))
