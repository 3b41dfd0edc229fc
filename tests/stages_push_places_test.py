"""Pushes from and to unusual places, and the guard that refuses a remote before anything is sent to it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import Repo, new_repository, pair_lines
from tests.stages import NOTHING, Door, Remote, committed, leaky, pair_in, remote_of

pytestmark = pytest.mark.once


@pytest.fixture
def remote(repo: Repo, tmp_path: Path) -> Remote:
    """A repository whose clean commits the remote has."""
    committed(repo)
    committed(repo, NOTHING * 2)
    made = Remote(repo, remote_of(repo, tmp_path / "remote.git"), Door(repo, "pre-push"))
    assert made.push()[:2] == (0, [])
    return made


def cloned(remote: Remote, top: Path, *options: str) -> Remote:
    """A clone of the remote, over git's protocol, with a hook of its own."""
    remote.repo.git("clone", "--quiet", *options, f"file://{remote.bare.top}", str(top))
    return Remote(Repo(top), remote.bare, Door(Repo(top), "pre-push"))


# Unusual repositories


@pytest.mark.parametrize("options", [("--depth=1",), ("--depth=1", "--no-single-branch")], ids=" ".join)
def test_a_shallow_clone_is_looked_at(remote: Remote, tmp_path: Path, options: tuple[str, ...]) -> None:
    leaky(remote.repo, "old.py", 2)
    remote.repo.git("push", "--quiet", "--no-verify", "origin", "main")
    shallow = cloned(remote, tmp_path / "shallow", *options)
    assert shallow.repo.git("rev-list", "--count", "HEAD") == "1\n"
    committed(shallow.repo, NOTHING * 3)
    assert shallow.push("origin", "HEAD:refs/heads/clean")[:2] == (0, [])
    added = leaky(shallow.repo)
    committed(shallow.repo, NOTHING * 4)
    for branch in ("main", "refs/heads/new"):
        assert shallow.push("origin", f"HEAD:{branch}")[:2] == (1, pair_in(shallow.repo, added, in_tip=False))


@pytest.mark.parametrize("kind", ["blob:none", "tree:0"])
def test_a_partial_clone_is_looked_at(remote: Remote, tmp_path: Path, kind: str) -> None:
    remote.bare.git("config", "uploadpack.allowFilter", "true")
    remote.bare.git("config", "uploadpack.allowAnySHA1InWant", "true")
    leaky(remote.repo, "old.py", 2)
    committed(remote.repo, NOTHING, "other.py")
    remote.repo.git("push", "--quiet", "--no-verify", "origin", "main")
    partial = cloned(remote, tmp_path / "partial", f"--filter={kind}", "--no-checkout")
    partial.repo.git("read-tree", "HEAD")
    blob = partial.repo.git("hash-object", "-w", "--stdin", stdin=(NOTHING + pair_lines(2)).encode()).strip()
    partial.repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},old.py")
    changed = partial.repo.commit()
    old = pair_in(partial.repo, changed, "old.py", 2, "existing")
    assert partial.push("origin", "HEAD:refs/heads/clean")[:2] == (0, old)
    partial.repo.git("rm", "--quiet", "--cached", "old.py")
    added = leaky(partial.repo, "new.py")
    assert partial.push()[:2] == (1, pair_in(partial.repo, added, "new.py"))


def test_a_blob_that_a_partial_clone_cannot_fetch_is_refused(remote: Remote, tmp_path: Path) -> None:
    remote.bare.git("config", "uploadpack.allowFilter", "true")
    committed(remote.repo, pair_lines(), "old.py")
    remote.repo.git("push", "--quiet", "--no-verify", "origin", "main")
    partial = cloned(remote, tmp_path / "partial", "--filter=blob:none", "--no-checkout")
    partial.repo.git("remote", "set-url", "origin", f"file://{tmp_path}/gone")
    other = new_repository(tmp_path / "other.git", "--bare")
    said = Remote(partial.repo, other, partial.door).push(str(other.top), "main")
    assert (said.code, said.leaks) == (2, [])
    assert "cannot be read" in said.err
    assert "help: " in said.err


def test_a_linked_worktree_is_looked_at(remote: Remote, tmp_path: Path) -> None:
    remote.repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    added = leaky(linked, "sub/app.py")
    assert Remote(linked, remote.bare, remote.door).push("origin", "side")[:2] == (1, pair_in(linked, added, "sub/app.py"))
    assert remote.push("origin", "main")[:2] == (0, [])


def test_a_submodule_is_looked_at_and_so_is_the_repository_around_it(remote: Remote, tmp_path: Path) -> None:
    outer = new_repository(tmp_path / "outer")
    outer.git("submodule", "--quiet", "add", f"file://{remote.bare.top}", "vendor/library")
    committed(outer)
    around = Remote(outer, remote_of(outer, tmp_path / "outer.git"), Door(outer, "pre-push"))
    inner = Repo(outer.top / "vendor" / "library")
    within = Remote(inner, remote.bare, Door(inner, "pre-push"))
    added = leaky(inner)
    outer.stage("vendor/library")
    outer.commit()
    assert around.push()[:2] == (0, [])
    assert within.push()[:2] == (1, pair_in(inner, added))
    assert inner.git("rev-parse", "HEAD").strip() == added


def test_a_push_from_a_subfolder_and_from_outside_is_looked_at(remote: Remote) -> None:
    added = leaky(remote.repo, "sub/app.py")
    for args in (("-C", "sub"), ("-C", "..", "--git-dir=repo/.git"), ("-C", ".git")):
        before = remote.state()
        done = remote.repo.attempt(*args, "push", "origin", "main")
        assert done.returncode == 1, done.stderr
        assert remote.door.said() == (1, pair_in(remote.repo, added, "sub/app.py"))
        assert remote.state() == before


def test_a_sha_256_repository_is_looked_at(tmp_path: Path, home: Path) -> None:
    repo = new_repository(tmp_path / "repo", "--object-format=sha256")
    committed(repo)
    remote = Remote(repo, remote_of(repo, tmp_path / "remote.git", "--object-format=sha256"), Door(repo, "pre-push"))
    assert remote.push()[:2] == (0, [])
    added = leaky(repo)
    committed(repo, NOTHING * 2)
    assert remote.push("origin", "main~2:refs/heads/old")[:2] == (0, [])
    for args in (("origin", "main"), ("origin", "HEAD:refs/heads/new"), ("origin", ":old", "main")):
        assert remote.push(*args)[:2] == (1, pair_in(repo, added, in_tip=False))
    assert remote.push("origin", "--delete", "old")[:2] == (0, [])


# Unusual remotes


def test_what_the_remote_has_and_we_do_not_know_is_left_aside(remote: Remote, tmp_path: Path) -> None:
    other = cloned(remote, tmp_path / "other")
    committed(other.repo, NOTHING * 3)
    assert other.push().code == 0
    added = leaky(remote.repo)
    assert remote.bare.git("rev-parse", "main") != remote.repo.git("rev-parse", "origin/main")
    assert remote.push("--force", "origin", "main")[:2] == (1, pair_in(remote.repo, added))
    committed(remote.repo)
    assert remote.push("--force", "origin", "main")[:2] == (1, pair_in(remote.repo, added, in_tip=False))
    remote.repo.git("reset", "--quiet", "--hard", f"{added}~")
    committed(remote.repo, NOTHING * 4)
    assert remote.push("--force", "origin", "main")[:2] == (0, [])


@pytest.mark.parametrize("form", ["{path}", "file://{path}/", "../remote.git"])
def test_a_remote_that_is_given_as_a_url_is_looked_at(remote: Remote, form: str) -> None:
    url = form.format(path=remote.bare.top)
    added = leaky(remote.repo)
    assert remote.push(url, "main")[:2] == (1, pair_in(remote.repo, added))
    assert remote.push(url, "HEAD:refs/heads/new")[:2] == (1, pair_in(remote.repo, added))
    remote.repo.git("push", "--quiet", "--no-verify", "origin", "main")
    committed(remote.repo, NOTHING * 3)
    assert remote.push(url, "main")[:2] == (0, [])


def test_what_another_remote_has_is_new_to_this_one(remote: Remote, tmp_path: Path) -> None:
    added = leaky(remote.repo)
    remote.repo.git("push", "--quiet", "--no-verify", "origin", "main")
    for name in ("origin2", "ori", "origin/er"):
        bare = new_repository(tmp_path / name.replace("/", "-"), "--bare")
        remote.repo.git("remote", "add", name, str(bare.top))
        assert Remote(remote.repo, bare, remote.door).push(name, "main")[:2] == (1, pair_in(remote.repo, added))


def test_a_remote_whose_branches_are_kept_elsewhere_is_looked_at(remote: Remote) -> None:
    remote.repo.git("config", "remote.origin.fetch", "+refs/heads/*:refs/origin/*")
    remote.repo.git("update-ref", "-d", "refs/remotes/origin/main")
    added = leaky(remote.repo)
    assert remote.push("origin", "HEAD:refs/heads/new")[:2] == (1, pair_in(remote.repo, added))


# The guard

PATTERNS = {
    "the whole URL": "{bare}",
    "a star": "*/remote.git",
    "a folder": "{folder}/*",
    "a question mark": "{folder}/remote.gi?",
    "anything": "*",
}


@pytest.mark.parametrize("named", ["origin", "as a URL"])
def test_a_remote_that_a_pattern_allows_is_looked_at(remote: Remote, named: str) -> None:
    name = "origin" if named == "origin" else str(remote.bare.top)
    for what, pattern in PATTERNS.items():
        allowed = pattern.format(bare=remote.bare.top, folder=remote.bare.top.parent)
        Door(remote.repo, "pre-push", "--allowed-remote=nowhere", "--allowed-remote", allowed)
        assert remote.push(name, "main~:refs/heads/old")[:2] == (0, []), what
        remote.repo.git("push", "--quiet", "--no-verify", "origin", ":old")
    added = leaky(remote.repo)
    assert remote.push(name, "main")[:2] == (1, pair_in(remote.repo, added))


@pytest.mark.parametrize("named", ["origin", "as a URL", "through insteadOf", "through pushInsteadOf", "through pushurl"])
def test_a_remote_that_no_pattern_allows_is_refused_before_anything_is_sent(remote: Remote, named: str) -> None:
    Door(remote.repo, "pre-push", "--allowed-remote", "https://code.example.com/*", "--allowed-remote", "origin*")
    bare, name = str(remote.bare.top), "origin"
    if named == "as a URL":
        name = bare
    elif named == "through pushurl":
        remote.repo.git("config", "remote.origin.url", "https://code.example.com/remote.git")
        remote.repo.git("config", "remote.origin.pushurl", bare)
    elif named.startswith("through"):
        remote.repo.git("config", f"url.{bare}.{named.split()[1]}", "https://code.example.com/team.git")
        name = "https://code.example.com/team.git"
    committed(remote.repo, NOTHING * 3)
    objects = sum(1 for file in remote.bare.top.rglob("objects/*/*"))
    said = remote.push(name, "main")
    assert (said.code, said.leaks) == (1, [])
    assert said.err.startswith(
        f"alikey-hook: pushing to {bare} is not allowed here.\n"
        "help: Allowed are https://code.example.com/*, origin* (--allowed-remote).\n"
    )
    assert sum(1 for file in remote.bare.top.rglob("objects/*/*")) == objects


def test_a_url_that_insteadof_leads_to_an_allowed_place_is_allowed(remote: Remote) -> None:
    remote.repo.git("config", f"url.{remote.bare.top}.insteadOf", "short:remote")
    Door(remote.repo, "pre-push", "--allowed-remote", str(remote.bare.top))
    assert remote.push("short:remote", "main")[:2] == (0, [])
    Door(remote.repo, "pre-push", "--allowed-remote", "short:*")
    assert remote.push("short:remote", "main")[:2] == (1, [])


def test_of_several_push_urls_each_is_guarded(remote: Remote, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other.git", "--bare")
    for url in (remote.bare.top, other.top):
        remote.repo.git("config", "--add", "remote.origin.pushurl", str(url))
    Door(remote.repo, "pre-push", "--allowed-remote", str(remote.bare.top))
    committed(remote.repo, NOTHING * 3)
    done = remote.repo.attempt("push", "origin", "main")
    assert done.returncode == 1
    assert f"pushing to {other.top} is not allowed here" in done.stderr
    assert other.git("for-each-ref") == ""


URLS = {
    "a password": ("https://user:pass@code.example.org/team.git", "https://code.example.org/team.git"),
    "a token": ("https://token-of-mine@code.example.org/team.git", "https://code.example.org/team.git"),
    "a password with an at sign": ("https://user:pa@ss@code.example.org/team.git", "https://code.example.org/team.git"),
    "a password with a colon": ("https://user:pa:ss@code.example.org:8443/team.git", "https://code.example.org:8443/team.git"),
    "capitals": ("HTTPS://user:pass@code.example.org/team.git", "HTTPS://code.example.org/team.git"),
    "ssh": ("ssh://git:pass@code.example.org/team.git", "ssh://code.example.org/team.git"),
    "no password": ("git@code.example.org:team.git", "git@code.example.org:team.git"),
    "an at sign in the path": ("https://code.example.org/@team/a@b.git", "https://code.example.org/@team/a@b.git"),
    "a terminal escape": ("https://code.example.org/\x1b[2Jteam.git", "https://code.example.org/\\x1b[2Jteam.git"),
}


def guarded(repo: Repo, url: str, *allowed: str) -> tuple[int, str]:
    """Exit code and standard error of the hook, called as git calls it."""
    options = [f"--allowed-remote={pattern}" for pattern in allowed]
    command = [sys.executable, "-m", "alikey_hook", "hook", "--stage", "pre-push", *options, "origin", url]
    done = subprocess.run(command, cwd=repo.top, env=os.environ, input=b"", capture_output=True)
    assert done.stdout == b""
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(("url", "shown"), URLS.values(), ids=list(URLS))
def test_the_name_of_a_refused_remote_holds_no_credentials(repo: Repo, url: str, shown: str) -> None:
    said = f"alikey-hook: pushing to {shown} is not allowed here.\nhelp: Allowed are nothing (--allowed-remote).\n"
    assert guarded(repo, url, "nothing") == (1, said)


def test_credentials_decide_nothing(repo: Repo) -> None:
    allowed = "https://code.example.com/*"
    for url in ("https://code.example.com/a.git", "https://user:pass@code.example.com/team/a.git"):
        assert guarded(repo, url, "other", allowed) == (0, "")
    for host in ("example.org", "code.example.com.example.org", "code.example.com@example.org"):
        for user in ("", "code.example.com@", "https:x@"):
            assert guarded(repo, f"https://{user}{host}/a.git", allowed)[0] == 1
    assert guarded(repo, "http://code.example.com/a.git", allowed)[0] == 1


def test_a_pattern_knows_capitals(repo: Repo) -> None:
    assert guarded(repo, "https://code.example.com/Team/a.git", "https://code.example.com/team/*")[0] == 1
