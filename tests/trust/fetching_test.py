"""What a partial clone lacks, and what a remote is asked, comes by no program that the repository names."""

import os
from pathlib import Path

import pytest

from tests.repository import Repo, new_repository, pair_lines
from tests.trust.wires import ID, Marks, Trap

pytestmark = pytest.mark.once


@pytest.fixture
def partial(tmp_path: Path, home: Path) -> Trap:
    """A partial clone that lacks what stood before in the staged file, and fetches it from a folder."""
    origin = new_repository(tmp_path / "origin")
    origin.git("config", "uploadpack.allowFilter", "true")
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    origin.stage("app.py", "nothing = 1\n" * 30)
    origin.commit()
    origin.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{origin.top}", str(tmp_path / "repo"))
    repo = Repo(tmp_path / "repo")
    repo.git("read-tree", "HEAD")
    new = repo.git("hash-object", "-w", "--stdin", stdin=pair_lines(1).encode()).strip()
    repo.git("update-index", "--cacheinfo", f"100644,{new},app.py")
    return Trap(repo, Marks(tmp_path / "marks"), "")


def lacking(trap: Trap) -> str:
    return trap.repo.git("rev-parse", "HEAD:app.py").strip()


WIRES = {
    "remote.origin.uploadpack": "{program}",
    "remote.origin.vcs": "wired",
    "remote.origin.url": "ext::{program}",
    "core.sshCommand": "{program}",
    "core.gitProxy": "{program}",
    "credential.helper": "{program}",
}


def stretched(trap: Trap, wire: str, path: Path) -> dict[str, str]:
    """Stretch a wire; gives the environment in which git finds it."""
    program = trap.marks.program("wire", copies=False)
    urls = {"core.sshCommand": "ssh://x/y", "core.gitProxy": "git://localhost:1/x", "credential.helper": "https://user@x/y"}
    if wire in urls:
        trap.repo.git("config", "remote.origin.url", urls[wire])
    trap.repo.git("config", wire, WIRES[wire].format(program=program))
    # What a repository could say too, of what git would refuse by itself.
    trap.repo.git("config", "protocol.ext.allow", "always")
    path.mkdir()
    (path / "git-remote-wired").write_bytes(Path(program).read_bytes())
    (path / "git-remote-wired").chmod(0o755)
    return {"PATH": f"{path}:{os.environ['PATH']}"}


OURS = {
    "hook": (2, ("hook",)),
    "scan --staged": (2, ("scan", "--staged")),
    "scan --commits": (2, ("scan", "--commits", "HEAD")),
    "scan --history": (2, ("scan", "--history")),
    "respond": (2, ("respond", ID)),
    "respond --ask-remote": (2, ("respond", ID, "--ask-remote")),
}


@pytest.mark.parametrize("wire", [name for name in WIRES if name != "credential.helper"])
def test_no_program_of_the_repository_fetches(partial: Trap, tmp_path: Path, wire: str) -> None:
    env = stretched(partial, wire, tmp_path / "bin")
    partial.repo.attempt("cat-file", "blob", lacking(partial), env=env)
    assert partial.marks.taken() == {"wire"}, "git does"
    for code, arguments in OURS.values():
        done = partial.run(*arguments, env=env)
        assert (done.returncode, partial.marks.taken()) == (code, set()), done.stderr


def test_the_setting_is_told(partial: Trap, tmp_path: Path) -> None:
    stretched(partial, "credential.helper", tmp_path / "bin")
    done = partial.run("hook")
    assert done.returncode == 2
    assert "has git run a program to reach a remote (credential.helper)" in done.stderr


def test_what_git_may_fetch_is_fetched(partial: Trap) -> None:
    assert partial.repo.attempt("cat-file", "-e", lacking(partial), env={"GIT_ALLOW_PROTOCOL": "none"}).returncode
    assert partial.run("hook").returncode == 1
    assert not partial.repo.attempt("cat-file", "-e", lacking(partial), env={"GIT_ALLOW_PROTOCOL": "none"}).returncode


def test_no_hook_of_the_repository_is_run_by_a_fetch(partial: Trap) -> None:
    for name in ("reference-transaction", "pre-auto-gc", "post-index-change"):
        hook = partial.repo.top / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(Path(partial.marks.program(name, copies=False)).read_text("utf-8"), "utf-8")
        hook.chmod(0o755)
    partial.repo.git("config", "gc.auto", "1")
    partial.repo.attempt("update-ref", "refs/heads/other", "HEAD")
    assert partial.marks.taken() == {"reference-transaction"}, "git does"
    assert partial.run("hook").returncode == 1
    assert partial.marks.taken() == set()


def test_what_the_user_has_configured_is_used(partial: Trap) -> None:
    partial.repo.git("config", "remote.origin.url", "ssh://x/y")
    partial.repo.git("config", "--global", "core.sshCommand", partial.marks.program("own", copies=False))
    assert partial.run("hook").returncode == 2
    assert partial.marks.taken() == {"own"}


def test_what_the_user_s_environment_says_is_used(partial: Trap) -> None:
    partial.repo.git("config", "remote.origin.url", "ssh://x/y")
    program = partial.marks.program("own", copies=False)
    for env in (
        {"GIT_SSH_COMMAND": program},
        {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.sshCommand", "GIT_CONFIG_VALUE_0": program},
    ):
        assert partial.run("hook", env=env).returncode == 2
        assert partial.marks.taken() == {"own"}


def test_the_user_s_narrower_protocols_count(partial: Trap) -> None:
    assert partial.run("hook", env={"GIT_ALLOW_PROTOCOL": "https"}).returncode == 2


def test_a_remote_s_name_is_no_option(repo: Repo, tmp_path: Path) -> None:
    repo.stage("app.py", pair_lines(1))
    repo.commit()
    marks = Marks(tmp_path / "marks")
    origin = new_repository(tmp_path / "origin.git", "--bare")
    repo.git("config", "remote.origin.url", str(origin.top))
    name = f"--upload-pack={marks.program('wire')}"
    repo.git("config", f"remote.{name}.url", str(origin.top))
    repo.attempt("ls-remote", name)
    assert marks.taken() == {"wire"}, "git does"
    Trap(repo, marks, "").run("respond", ID, "--ask-remote")
    assert marks.taken() == set()
