"""Formats through the command line: every one in every mode, and from one to another."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from alikey_hook.commands.formats import RENDERERS
from alikey_hook.commands.origin import public_url
from alikey_hook.commands.settings import FORMATS
from tests.cli_test import run
from tests.keys import access_key_id, secret
from tests.repository import Repo, pair_lines

ID, SECRET = access_key_id(1), secret(1)


@pytest.fixture
def leaky(repo: Repo) -> Repo:
    """A key that came and went, one that is still there, and a remote whose address has a token in it."""
    day = {"GIT_AUTHOR_DATE": "2025-01-10T12:00:00Z"}
    repo.stage("old.py", pair_lines(1))
    repo.git("commit", "--quiet", "--no-verify", "--message=1", env=day)
    repo.stage("old.py", "pass\n")
    repo.git("commit", "--quiet", "--no-verify", "--message=2", env={"GIT_AUTHOR_DATE": "2025-06-01T12:00:00Z"})
    repo.stage("新 b.py", pair_lines(2))
    repo.commit()
    repo.git("remote", "add", "origin", "https://me:t0ken@git.example.com:8443/a/b.git?x=1")
    return repo


def test_the_options_and_the_table_name_the_same_formats() -> None:
    assert ("text", *RENDERERS) == FORMATS


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "arguments",
    [("scan", "新 b.py"), ("scan", "--commits", "HEAD"), ("scan", "--history"), ("hook", "新 b.py")],
    ids=["files", "commits", "history", "hook"],
)
def test_every_format_of_every_mode_exits_with_1_and_holds_no_value(name: str, arguments: tuple[str, ...], leaky: Repo) -> None:
    done = run(*arguments, "--format", name, cwd=leaky.top)
    assert done.returncode == 1
    assert done.stdout
    for value in (ID, SECRET, access_key_id(2), secret(2), "t0ken"):
        assert value.encode() not in done.stdout + done.stderr
    assert bool(done.stderr) == (name in ("text", "github"))


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("text", "github")])
def test_a_report_is_written_where_nothing_leaks_too(name: str, repo: Repo) -> None:
    repo.stage("a.py", "pass\n")
    done = run("hook", "--format", name, "--output", "report", cwd=repo.top)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (repo.top / "report").stat().st_size > 100


@pytest.mark.parametrize("given", ["json", "sarif"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_converted_report_is_what_the_scan_would_have_written(name: str, given: str, leaky: Repo) -> None:
    env = {"SOURCE_DATE_EPOCH": "1764151200"}
    direct = run("scan", "--history", "--format", name, cwd=leaky.top, env=env)
    report = run("scan", "--history", "--format", given, cwd=leaky.top, env=env).stdout
    done = run("report", "--from", "-", "--format", name, cwd=leaky.top.parent, stdin=report, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, direct.stdout, direct.stderr)


@pytest.mark.parametrize(
    ("language", "step"),
    [
        ("en", "taking it out of the code does not help any more. After that:"),
        ("zh", "更换新密钥，最后删除旧密钥。<br>RAM用户"),
    ],
)
def test_the_steps_of_a_page_are_not_broken_as_for_a_terminal(language: str, step: str, leaky: Repo) -> None:
    done = run("scan", "新 b.py", "--format=html", "--lang", language, cwd=leaky.top)
    assert step in done.stdout.decode()


def test_a_report_is_read_from_a_file_and_written_to_one(leaky: Repo) -> None:
    run("scan", "--format=json", "--output=r.json", cwd=leaky.top)
    done = run("report", "--from=r.json", "--format=sarif", "--output=r.sarif", cwd=leaky.top)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert len(json.loads((leaky.top / "r.sarif").read_text("utf-8"))["runs"][0]["results"]) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, b"cannot be read"),
        (b"\xff\xfe", b"is not UTF-8"),
        (b"{}", b"is no report to read"),
        (b"[", b"is not JSON"),
        (b'{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "\x1b[2J"}}}]}', b"is not JSON"),
        (b'{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "\\u001b[2J"}}}]}', b"is not the SARIF"),
    ],
)
@pytest.mark.parametrize("command", ["report", "baseline review", "verify"])
def test_what_is_no_report_exits_with_2(command: str, content: bytes | None, said: bytes, repo: Repo) -> None:
    if content is not None:
        (repo.top / "r.json").write_bytes(content)
    done = run(*command.split(), "--from", "r.json", cwd=repo.top)
    assert (done.returncode, done.stdout) == (2, b"")
    told, helped = done.stderr.splitlines()
    assert said in told and helped.startswith(b"help: ")
    assert b"\x1b" not in done.stderr


def test_where_it_was_looked_stands_in_the_report_without_name_and_password(leaky: Repo) -> None:
    report = json.loads(run("scan", "--commits", "HEAD", "--format", "json", cwd=leaky.top).stdout)
    assert report["origin"] == {
        "kind": "commits",
        "repository": "https://git.example.com:8443/a/b.git",
        "revision": leaky.git("rev-parse", "HEAD").strip(),
        "branch": "main",
        "complete": True,
    }


def test_the_history_tells_when_a_key_came_and_went(leaky: Repo) -> None:
    report = json.loads(run("scan", "--history", "--format", "json", cwd=leaky.top).stdout)
    times = {(f["path"], f["author_date"], f["last_date"], f["in_tip"]) for f in report["findings"] if f["path"] == "old.py"}
    assert times == {("old.py", "2025-01-10", "2025-06-01", False)}


def test_a_partial_clone_s_report_says_that_it_is_partial(leaky: Repo, tmp_path: Path) -> None:
    leaky.git("config", "uploadpack.allowFilter", "true")
    clone = ["git", "clone", "--quiet", "--bare", "--filter=blob:none", f"file://{leaky.top}", str(tmp_path / "partial.git")]
    subprocess.run(clone, check=True, env=os.environ)
    done = run("scan", "--history", str(tmp_path / "partial.git"), "--format", "sarif", cwd=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["runs"][0]["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://git.example.com/a/b.git", "https://git.example.com/a/b.git"),
        ("https://me:p@ss@git.example.com/a", "https://git.example.com/a"),
        ("https://token@git.example.com/a?token=x#y", "https://git.example.com/a"),
        ("ssh://git@git.example.com:22/a b", "ssh://git.example.com:22/a%20b"),
        ("git@git.example.com:a/b.git", "ssh://git.example.com/a/b.git"),
        ("https://[::1]:80/a", "https://[::1]:80/a"),
        ("/srv/git/a.git", None),
        ("file:///srv/git/a.git", None),
        ("C:\\git\\a", None),
        ("ext::sh -c secret", None),
        ("https://me:pa/ss@git.example.com/a", None),
        ("", None),
    ],
)
def test_addresses_are_shown_without_what_is_private(url: str, shown: str | None) -> None:
    assert public_url(url) == shown
