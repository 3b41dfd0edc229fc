"""It fails closed: whatever git cannot answer, and whatever cannot be read, no stage lets a key pass."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.keys import access_key_id
from tests.repository import Repo, new_repository, pair_lines
from tests.stages import NOTHING, Door, Remote, Said, alikey, committed, leaky, pair_baseline, pair_in, ranged, remote_of

pytestmark = pytest.mark.once

CALLS = 14  # more than any stage makes
# A git that fails at its n-th call: $FAILS says which (3, or 3- for all from there on), $HOW the way.
SHIM = r"""#!/bin/sh
n=$(($(cat "$COUNT" 2>/dev/null || echo 0) + 1))
echo $n >"$COUNT"
case $FAILS in
    $n) ;;
    *-) [ $n -ge ${FAILS%-} ] || exec "$GIT" "$@" ;;
    *) exec "$GIT" "$@" ;;
esac
case $HOW in
    killed) kill -9 $$ ;;
    half)
        case "$*" in
            *"cat-file --batch") read -r name; echo "$name" | "$GIT" "$@" >"$COUNT.out" ;;
            *) "$GIT" "$@" >"$COUNT.out" ;;
        esac
        head -c $(($(wc -c <"$COUNT.out") / 2)) "$COUNT.out"
        exit 128
        ;;
    *) echo "fatal: no answer" >&2; exit $HOW ;;
esac
"""
FAILURES = {"an error": "{} 128", "errors from then on": "{}- 128", "a kill": "{} killed", "half an answer": "{} half"}


class Call(NamedTuple):
    """What is run, and what it reads from standard input."""

    repo: Repo
    args: tuple[str, ...]
    stdin: str = ""

    def run(self, **env: str) -> Said:
        return alikey(self.repo, *self.args, stdin=self.stdin, env=env)


def zero(repo: Repo) -> str:
    return "0" * len(repo.git("rev-parse", "HEAD").strip())


def staged(repo: Repo, tmp_path: Path) -> Call:
    committed(repo)
    repo.stage("app.py", pair_lines())
    return Call(repo, ("hook",))


def staged_in_a_merge(repo: Repo, tmp_path: Path) -> Call:
    committed(repo)
    repo.git("switch", "--quiet", "-c", "side")
    committed(repo, "theirs\n")
    repo.git("switch", "--quiet", "main")
    committed(repo, "ours\n")
    assert repo.attempt("merge", "side").returncode == 1
    repo.stage("app.py", pair_lines())
    return Call(repo, ("hook", "--", "app.py"))


def all_files(repo: Repo, tmp_path: Path) -> Call:
    leaky(repo)
    committed(repo, NOTHING, "other.py")
    repo.write("other.py", NOTHING * 2)
    return Call(repo, ("hook", "--", "app.py", "other.py"))


def message(repo: Repo, tmp_path: Path) -> Call:
    committed(repo)
    repo.write(".git/COMMIT_EDITMSG", pair_lines())
    return Call(repo, ("hook", "--stage", "commit-msg", ".git/COMMIT_EDITMSG"))


def message_whose_comments_are_kept(repo: Repo, tmp_path: Path) -> Call:
    committed(repo)
    repo.git("config", "commit.cleanup", "verbatim")
    repo.write(".git/COMMIT_EDITMSG", f"# access_key_id = {access_key_id(1)}\n")
    return Call(repo, ("hook", "--stage", "commit-msg", ".git/COMMIT_EDITMSG"))


def message_with_another_comment_character(repo: Repo, tmp_path: Path) -> Call:
    committed(repo)
    repo.git("config", "core.commentChar", ";")
    repo.write(".git/COMMIT_EDITMSG", f"# access_key_id = {access_key_id(1)}\n")
    return Call(repo, ("hook", "--stage", "commit-msg", ".git/COMMIT_EDITMSG"))


def push(repo: Repo, tmp_path: Path) -> Call:
    old = committed(repo)
    remote_of(repo, tmp_path / "remote.git")
    repo.git("push", "--quiet", "origin", "main")
    leaky(repo)
    new = committed(repo)
    line = f"refs/heads/main {new} refs/heads/main {old}\nrefs/heads/side {new} refs/heads/side {zero(repo)}\n"
    return Call(repo, ("hook", "--stage", "pre-push", "origin", str(tmp_path / "remote.git")), line)


def push_of_a_tag(repo: Repo, tmp_path: Path) -> Call:
    committed(repo)
    remote_of(repo, tmp_path / "remote.git")
    repo.git("push", "--quiet", "origin", "main")
    repo.git("tag", "--annotate", f"--message={pair_lines()}", "v1")
    line = f"refs/tags/v1 {repo.git('rev-parse', 'v1').strip()} refs/tags/v1 {zero(repo)}\n"
    return Call(repo, ("hook", "--stage", "pre-push", "origin", str(tmp_path / "remote.git")), line)


def push_of_a_tree(repo: Repo, tmp_path: Path) -> Call:
    committed(repo)
    repo.stage("app.py", pair_lines())
    line = f"refs/tags/tree {repo.git('write-tree').strip()} refs/tags/tree {zero(repo)}\n"
    return Call(repo, ("hook", "--stage", "pre-push", "origin", "/nowhere"), line)


def receive(repo: Repo, tmp_path: Path) -> Call:
    old = committed(repo)
    bare = remote_of(repo, tmp_path / "remote.git")
    repo.git("push", "--quiet", "origin", "main")
    leaky(repo)
    new = committed(repo)
    repo.git("push", "--quiet", "origin", "main:refs/hidden/one")
    bare.git("update-ref", "-d", "refs/hidden/one")  # the objects are there, no ref has them: as in quarantine
    return Call(bare, ("hook", "--stage", "pre-receive"), f"{old} {new} refs/heads/main\n{zero(repo)} {new} refs/heads/x\n")


def scan_of_commits(repo: Repo, tmp_path: Path) -> Call:
    old = committed(repo)
    leaky(repo)
    committed(repo)
    return Call(repo, ("scan", "--commits", f"{old}.."))


def scan_with_a_baseline_of_another_commit(repo: Repo, tmp_path: Path) -> Call:
    old = committed(repo)
    leaky(repo)
    committed(repo, pair_baseline(repo), "baseline/alikey.yaml")
    return Call(repo, ("scan", "--commits", f"{old}..", "--baseline-ref", old))


KINDS: list[Callable[[Repo, Path], Call]] = [
    *(staged, staged_in_a_merge, all_files, push, push_of_a_tag, push_of_a_tree, receive, scan_of_commits),
    *(message, message_whose_comments_are_kept, message_with_another_comment_character),
    scan_with_a_baseline_of_another_commit,
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__.replace("_", " "))
def call(request: pytest.FixtureRequest, repo: Repo, tmp_path: Path) -> Call:
    """A call that finds a key as long as git answers."""
    made: Call = request.param(repo, tmp_path)
    said = made.run()
    assert said.code == 1
    assert any(leak.status == "new" for leak in said.leaks)
    return made


@pytest.fixture
def shim(tmp_path: Path) -> dict[str, str]:
    """The environment in which git is the one that fails."""
    folder = tmp_path / "shim"
    folder.mkdir()
    script = folder / "git"
    script.write_text(SHIM)
    script.chmod(0o755)
    real = shutil.which("git")
    assert real
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "GIT": real}


def test_no_failure_of_git_lets_a_key_pass(call: Call, shim: dict[str, str], tmp_path: Path) -> None:
    def failing(kind: str, number: int) -> tuple[str, Said, int]:
        """What is said when the n-th call fails in this way, and how many calls there were."""
        count = tmp_path / f"{kind} {number}"
        fails, how = FAILURES[kind].format(number).split()
        said = call.run(**shim, COUNT=str(count), FAILS=fails, HOW=how)
        return f"{kind} at call {number}", said, int(count.read_text())

    _, said, calls = failing("an error", CALLS + 1)
    assert (said.code, calls <= CALLS) == (1, True)
    with ThreadPoolExecutor() as pool:
        runs = list(
            pool.map(failing, [kind for kind in FAILURES for _ in range(calls)], [*range(1, calls + 1)] * len(FAILURES))
        )
    assert [what for what, said, _ in runs if said.code not in (1, 2)] == []
    for what, said, _ in runs:
        assert (said.code == 1) == any(leak.status == "new" for leak in said.leaks), what
        assert said.code == 1 or said.err.startswith("alikey-hook: "), what


# Objects that cannot be read


def object_file(repo: Repo, name: str) -> Path:
    top = repo.top if (repo.top / "HEAD").exists() else repo.top / ".git"
    file = top / "objects" / name[:2] / name[2:]
    file.chmod(0o644)
    return file


@pytest.fixture
def remote(repo: Repo, tmp_path: Path) -> Remote:
    """A repository whose remote has its first commit; two more commits bring two files."""
    committed(repo)
    made = Remote(repo, remote_of(repo, tmp_path / "remote.git"), Door(repo, "pre-push"))
    assert made.push()[:2] == (0, [])
    committed(repo, "one = 1\n", "one.py")
    committed(repo, "two = 2\n", "two.py")
    return made


@pytest.mark.parametrize("lost", ["HEAD~:one.py", "HEAD:two.py", "HEAD~^{tree}", "HEAD^{tree}", "HEAD~", "HEAD"])
def test_an_object_of_a_pushed_commit_that_cannot_be_read_is_refused(remote: Remote, lost: str) -> None:
    repo = remote.repo
    new, old, name = (repo.git("rev-parse", what).strip() for what in ("HEAD", "HEAD~2", lost))
    file = object_file(repo, name)
    before = remote.state()
    # git itself may notice before it calls the hook, so the hook is asked by itself too.
    stdin = f"refs/heads/main {new} refs/heads/main {old}\n"
    for content in (b"", b"no zlib stream", None):
        file.unlink()
        if content is not None:
            file.write_bytes(content)
        said = alikey(repo, "hook", "--stage", "pre-push", "origin", "/nowhere", stdin=stdin)
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith("alikey-hook: ")
        assert "\nhelp: " in said.err
    said = ranged(repo, f"{old}..{new}")
    assert (said.code, said.out) == (2, "")
    assert repo.attempt("push", "origin", "main").returncode != 0
    assert remote.state() == before


def test_a_blob_that_was_there_before_and_cannot_be_read_is_refused_where_it_matters(remote: Remote) -> None:
    repo = remote.repo
    lost = repo.git("rev-parse", "HEAD:two.py").strip()
    leaky(repo, "two.py")
    object_file(repo, lost).unlink()
    said = ranged(repo, "HEAD~..")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"alikey-hook: object {lost} cannot be read: ")


def test_a_baseline_that_cannot_be_read_is_refused(remote: Remote) -> None:
    repo = remote.repo
    leaky(repo)
    committed(repo, pair_baseline(repo), "baseline/alikey.yaml")
    assert ranged(repo, "HEAD~2..").code == 0
    object_file(repo, repo.git("rev-parse", "HEAD:baseline/alikey.yaml").strip()).write_bytes(b"")
    assert ranged(repo, "HEAD~2..").code == 2
    assert remote.push()[:2] == (2, [])


def test_what_a_server_is_sent_and_cannot_read_is_refused(remote: Remote) -> None:
    repo, bare = remote.repo, remote.bare
    repo.git("push", "--quiet", "--no-verify", "origin", "main:side")
    new, old = (repo.git("rev-parse", name).strip() for name in ("HEAD", "HEAD~2"))
    bare.git("update-ref", "-d", "refs/heads/side")
    object_file(bare, repo.git("rev-parse", "HEAD~:one.py").strip()).unlink()
    said = alikey(bare, "hook", "--stage", "pre-receive", stdin=f"{old} {new} refs/heads/main\n")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("alikey-hook: object ")


def test_a_stage_outside_every_repository_is_refused(repo: Repo, tmp_path: Path) -> None:
    commit = leaky(repo)
    outside = Repo(tmp_path / "outside")
    outside.top.mkdir()
    outside.write("message", NOTHING)
    lines = f"refs/heads/main {commit} refs/heads/main {'0' * 40}\n"
    for args, stdin in (
        (("hook", "--stage", "pre-push", "origin", "/nowhere"), lines),
        (("hook", "--stage", "pre-receive"), f"{'0' * 40} {commit} refs/heads/main\n"),
        (("hook", "--stage", "commit-msg", "message"), ""),
        (("scan", "--commits", "HEAD"), ""),
    ):
        said = alikey(outside, *args, stdin=stdin)
        assert (said.code, said.out) == (2, ""), args
        assert "not a git repository" in said.err


# Consoles and closed streams


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "gbk", "cp437:strict"])
def test_a_chinese_path_on_a_console_that_cannot_show_it_is_refused_all_the_same(repo: Repo, encoding: str) -> None:
    start = committed(repo)
    added = leaky(repo, "配置/密钥 é.py")
    env = {"PYTHONIOENCODING": encoding, "LC_ALL": "C"}
    for language in ("en", "zh"):
        command = [sys.executable, "-m", "alikey_hook", "scan", "--commits", f"{start}..", "--lang", language]
        done = subprocess.run(command, cwd=repo.top, env={**os.environ, **env}, capture_output=True)
        assert done.returncode == 1
        said = done.stdout.decode(encoding.partition(":")[0])
        shown = "配置/密钥 " if encoding == "gbk" else r"\u914d\u7f6e/\u5bc6\u94a5 "
        assert f"{shown}" in said
        assert added[:12] in said
        assert b"a bug" not in done.stderr
    assert pair_in(repo, added, "配置/密钥 é.py") == ranged(repo, f"{start}..", env=env).leaks


def test_a_pushed_key_is_refused_on_a_console_that_cannot_show_its_path(repo: Repo, tmp_path: Path) -> None:
    bare = new_repository(tmp_path / "remote.git", "--bare")
    leaky(repo, "密钥.py")
    Door(repo, "pre-push", "--lang=zh", text=True)
    done = repo.attempt("push", str(bare.top), "main", env={"PYTHONIOENCODING": "cp1252"})
    assert done.returncode == 1
    assert r"\u5bc6\u94a5.py:1:18: " in done.stdout + done.stderr
    assert bare.git("for-each-ref") == ""


@pytest.mark.parametrize("closed", ["stdin", "stdout", "stderr", "all"])
def test_a_closed_stream_lets_no_key_pass(repo: Repo, closed: str) -> None:
    commit = leaky(repo)
    closing = {"stdin": "<&-", "stdout": ">&-", "stderr": "2>&-", "all": "<&- >&- 2>&-"}[closed]
    lines = f"refs/heads/main {commit} refs/heads/main {'0' * 40}\n"
    script = f'exec "$0" -m alikey_hook hook --stage pre-push origin /nowhere {closing}'
    done = subprocess.run(["sh", "-c", script, sys.executable], cwd=repo.top, input=lines.encode(), capture_output=True)
    assert done.returncode in (1, 2, 3)
    assert b"Traceback" not in done.stderr
