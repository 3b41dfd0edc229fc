"""A real git repository to look into, and what was found in it."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.keys import access_key_id, secret

ID_RULE, SECRET_RULE = "alibaba-access-key-id", "alibaba-access-key-secret"
_GLOBAL_CONFIG = """\
[user]
	name = A Tester
	email = tester@example.com
[init]
	defaultBranch = main
	templateDir =
[core]
	fsync = none
[gc]
	auto = 0
[protocol "file"]
	allow = always
[advice]
	detachedHead = false
"""


class Found(NamedTuple):
    """One finding of a JSON report, as far as most tests care."""

    rule: str
    status: str
    path: str
    line: int
    column: int


class Look(NamedTuple):
    """What `hook` said: exit code, findings, standard error."""

    code: int
    findings: list[Found]
    said: str


class Repo:
    """The repository at `top`."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def attempt(
        self, *args: str, env: Mapping[str, str] | None = None, cwd: str = "", stdin: bytes = b""
    ) -> subprocess.CompletedProcess[str]:
        """git, whether it fails or not. `cwd` is a folder of the repository."""
        return _run("git", *args, env=env, cwd=self.top / cwd, stdin=stdin)

    def git(
        self, *args: str, check: bool = True, env: Mapping[str, str] | None = None, cwd: str = "", stdin: bytes = b""
    ) -> str:
        """What git prints; it must not fail unless `check` is False."""
        done = self.attempt(*args, env=env, cwd=cwd, stdin=stdin)
        assert not (check and done.returncode), f"git {shlex.join(args)}: {done.stderr}"
        return done.stdout

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the working tree; a text's line endings are kept."""
        target = self.top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))

    def stage(self, path: str, content: str | bytes | None = None) -> None:
        """`git add` a path, written before where a content is given."""
        if content is not None:
            self.write(path, content)
        self.git("add", "--all", "--force", "--", f":(literal){path}")

    def commit(self, message: str = "a commit") -> str:
        """Commit what is staged without any hook; gives the commit's id."""
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", f"--message={message}")
        return self.git("rev-parse", "HEAD").strip()

    def hook(self, *args: str, env: Mapping[str, str] | None = None, cwd: str = "") -> subprocess.CompletedProcess[str]:
        """`alikey-hook hook`."""
        return _run(sys.executable, "-m", "alikey_hook", "hook", *args, env=env, cwd=self.top / cwd)

    def scan(
        self, *args: str, env: Mapping[str, str] | None = None, cwd: str = "", stdin: bytes = b""
    ) -> subprocess.CompletedProcess[str]:
        """`alikey-hook scan`."""
        return _run(sys.executable, "-m", "alikey_hook", "scan", *args, env=env, cwd=self.top / cwd, stdin=stdin)

    def staged_names(self, env: Mapping[str, str] | None = None) -> list[str]:
        """The names that pre-commit hands to a hook (`pre_commit.git.get_staged_files`)."""
        query = ("diff", "--staged", "--name-only", "--no-ext-diff", "--no-relative", "--diff-filter=ACMRTUXB", "-z")
        return self.git(*query, env=env).split("\0")[:-1]

    def look(self, env: Mapping[str, str] | None = None, cwd: str = "") -> Look:
        """Run `hook` without names and with those that pre-commit would hand over; both must say the same."""
        names = [os.path.relpath(self.top / name, self.top / cwd) for name in self.staged_names(env)]
        calls: list[list[str]] = [[], ["--", *names]] if names else [[]]
        with ThreadPoolExecutor() as pool:
            plain, *named = pool.map(lambda files: self.hook("--format", "json", *files, env=env, cwd=cwd), calls)
        look = Look(plain.returncode, found(plain.stdout), plain.stderr)
        for done in named:
            assert (done.returncode, found(done.stdout)) == look[:2], done.stderr
        return look

    def install_hook(self, name: str = "pre-commit", folder: str = ".") -> None:
        """Put `alikey-hook hook`, run from a folder of the repository, into git's hooks."""
        script = Path(self.git("rev-parse", "--path-format=absolute", "--git-path", f"hooks/{name}").strip())
        script.parent.mkdir(exist_ok=True)
        command = shlex.join([sys.executable, "-m", "alikey_hook", "hook", "--format", "json"])
        script.write_text(f"#!/bin/sh\ncd {shlex.quote(folder)} && exec {command}\n")
        script.chmod(0o755)


def isolated(environment: Mapping[str, str], home: Path) -> dict[str, str | None]:
    """What to change in the environment (None: remove) so that nothing of this machine's git shows through."""
    changes: dict[str, str | None] = {
        name: None for name in environment if name.startswith(("GIT_", "PRE_COMMIT", "PREK_", "LC_", "ALIBABA_CLOUD_"))
    }
    for name in ("LANGUAGE", "NO_COLOR", "SOURCE_DATE_EPOCH", "XDG_CONFIG_HOME"):
        changes[name] = None
    home.mkdir()
    config = home / ".gitconfig"
    config.write_text(_GLOBAL_CONFIG)
    return changes | {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LANG": "C.UTF-8",
    }


def new_repository(top: Path, *options: str) -> Repo:
    """`git init`."""
    top.mkdir(parents=True)
    made = Repo(top)
    made.git("init", "--quiet", *options)
    return made


def found(report: str) -> list[Found]:
    """The findings of a JSON report; none where there is no report."""
    findings = json.loads(report)["findings"] if report else []
    return [Found(*(finding[key] for key in Found._fields)) for finding in findings]


def pair_lines(seed: int = 1) -> str:
    """Two lines that assign an AccessKey ID and its secret."""
    return f'access_key_id = "{access_key_id(seed)}"\naccess_key_secret = "{secret(seed)}"\n'


def pair_at(path: str, line: int = 1, status: str = "new", indent: int = 0) -> list[Found]:
    """The findings of `pair_lines` that begin in a line, indented by so many characters."""
    return [Found(ID_RULE, status, path, line, 18 + indent), Found(SECRET_RULE, status, path, line + 1, 22 + indent)]


def _run(*command: str, env: Mapping[str, str] | None, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **(env or {})}, input=stdin, capture_output=True)
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)
