"""What the tests of the stages share: commits to look into, and git hooks of which it is known what they said."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.repository import ID_RULE, SECRET_RULE, Repo, new_repository, pair_lines

NOTHING = "nothing = 1\n"
MESSAGE, TAG_MESSAGE = "(commit message)", "(tag message)"


class Leak(NamedTuple):
    """One finding of a JSON report, as far as commits are concerned."""

    rule: str
    status: str
    path: str
    line: int
    commit: str | None
    author_date: str | None
    in_tip: bool | None


class Said(NamedTuple):
    """What a command said: exit code, findings, standard output and standard error."""

    code: int
    leaks: list[Leak]
    out: str
    err: str


def leaks(report: str) -> list[Leak]:
    """The findings of a JSON report; none where there is no report."""
    findings = json.loads(report)["findings"] if report else []
    return [Leak(*(finding[key] for key in Leak._fields)) for finding in findings]


def pair_in(
    repo: Repo, commit: str, path: str = "app.py", line: int = 1, status: str = "new", in_tip: bool | None = True
) -> list[Leak]:
    """The findings of `pair_lines` in a commit."""
    day = repo.git("log", "-1", "--format=%as", commit).strip()
    return [Leak(rule, status, path, at, commit, day, in_tip) for rule, at in ((ID_RULE, line), (SECRET_RULE, line + 1))]


def committed(repo: Repo, content: str | bytes = NOTHING, path: str = "app.py", message: str = "a commit") -> str:
    """Write a file and commit it; gives the commit's id."""
    repo.stage(path, content)
    return repo.commit(message)


def leaky(repo: Repo, path: str = "app.py", seed: int = 1, message: str = "a commit") -> str:
    """Commit a pair; gives the commit's id."""
    return committed(repo, pair_lines(seed), path, message)


def history(repo: Repo, count: int, contents: Mapping[int, str], start: str = "") -> list[str]:
    """So many commits of `app.py` on main, of which some have the given contents; gives their ids, oldest first."""
    stream = b""
    for number in range(count):
        text = contents.get(number, f"number = {number}\n").encode()
        stream += b"commit refs/heads/main\ncommitter A Tester <tester@example.com> 1700000000 +0000\ndata 8\na commit\n"
        stream += b"from %s\n" % start.encode() if start and not number else b""
        stream += b"M 100644 inline app.py\ndata %d\n%s\n" % (len(text), text)
    repo.git("fast-import", "--quiet", "--force", stdin=stream)
    return repo.git("rev-list", "--reverse", "--first-parent", "main", *([f"^{start}"] if start else [])).split()


def alikey(repo: Repo, *args: str, stdin: str = "", env: Mapping[str, str] | None = None, cwd: str = "") -> Said:
    """A command of `alikey-hook`, with `--format json`."""
    command = (sys.executable, "-m", "alikey_hook", args[0], "--format", "json", *args[1:])
    done = subprocess.run(
        command, cwd=repo.top / cwd, env={**os.environ, **(env or {})}, input=stdin.encode(), capture_output=True, timeout=60
    )
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    return Said(done.returncode, leaks(out), out, err)


def ranged(repo: Repo, commits: str, *args: str, env: Mapping[str, str] | None = None, cwd: str = "") -> Said:
    """`alikey-hook scan --commits`."""
    return alikey(repo, "scan", f"--commits={commits}", *args, env=env, cwd=cwd)


def baseline_of(report: str) -> str:
    """A baseline that allows everything that a JSON report has."""
    found = sorted({finding["fingerprint"] for finding in json.loads(report)["findings"]})
    assert found
    entry = "  - fingerprint: {}\n    status: test-fixture\n    reason: a value of the tests\n"
    return "version: 1\nallow:\n" + "".join(map(entry.format, found))


def pair_baseline(repo: Repo, seed: int = 1) -> str:
    """A baseline that allows a pair."""
    done = repo.scan("-", "--format", "json", stdin=pair_lines(seed).encode())
    return baseline_of(done.stdout)


class Door:
    """A git hook of a repository that runs us, and what we said when git called it last."""

    def __init__(self, repo: Repo, stage: str, *options: str, text: bool = False) -> None:
        hooks = Path(repo.git("rev-parse", "--path-format=absolute", "--git-path", "hooks").strip())
        hooks.mkdir(exist_ok=True)
        self._code, self._report = hooks / f"{stage}.code", hooks / f"{stage}.report"
        output = () if text else ("--format", "json", "--output", str(self._report))
        command = shlex.join([sys.executable, "-m", "alikey_hook", "hook", "--stage", stage, *output, *options])
        code = shlex.quote(str(self._code))
        script = hooks / stage
        script.write_text(f'#!/bin/sh\n{command} "$@"\ncode=$?\necho $code >{code}\nexit $code\n')
        script.chmod(0o755)

    def said(self) -> tuple[int | None, list[Leak]]:
        """Exit code and findings since this was last asked; None where git did not call the hook."""
        code = int(self._code.read_text()) if self._code.exists() else None
        report = self._report.read_text() if self._report.exists() else ""
        for file in (self._code, self._report):
            file.unlink(missing_ok=True)
        return code, leaks(report)


class Remote(NamedTuple):
    """A repository with a hook, and the bare one that it pushes to."""

    repo: Repo
    bare: Repo
    door: Door

    def state(self) -> str:
        """All refs of the remote."""
        return self.bare.git("for-each-ref")

    def push(self, *args: str, env: Mapping[str, str] | None = None) -> Said:
        """`git push`; the exit code and the findings are those of our hook."""
        before = self.state()
        done = self.repo.attempt("push", *(args or ("origin", "main")), env=env)
        code, found = self.door.said()
        assert code is not None, done.stderr
        assert (done.returncode == 0) == (code == 0), done.stderr
        assert code == 0 or self.state() == before
        return Said(code, found, done.stdout, done.stderr)


def remote_of(repo: Repo, bare: Path, *options: str) -> Repo:
    """A new bare repository, the remote `origin` of another one."""
    made = new_repository(bare, "--bare", *options)
    repo.git("remote", "add", "origin", str(bare))
    return made
