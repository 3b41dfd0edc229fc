"""doctor tells whether the repository's own hook rejects, and leaves the repository as it is."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import Repo

OURS = f"exec {shlex.quote(sys.executable)} -m alikey_hook hook"


def doctor(repo: Repo, cwd: str = "") -> tuple[int, dict[str, str], str]:
    """Exit code, the line about each thing by its name, and everything printed."""
    done = subprocess.run([sys.executable, "-m", "alikey_hook", "doctor"], cwd=repo.top / cwd, capture_output=True, text=True)
    lines = dict(line[6:].split(": ", 1) for line in done.stdout.splitlines())
    marks = {
        name: f"{line[:4].strip()} {lines[name]}" for line in done.stdout.splitlines() for name in [line[6:].split(": ")[0]]
    }
    return done.returncode, marks, done.stdout + done.stderr


def script(repo: Repo, text: str, folder: str = ".git/hooks", name: str = "pre-commit") -> Path:
    path = repo.top / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_without_a_hook(repo: Repo) -> None:
    code, lines, _ = doctor(repo)
    assert code == 1
    assert lines["pre-commit"].startswith("fix ") and "does not exist" in lines["pre-commit"]
    assert lines["pre-push"] == ("note no hook; what cherry-pick, rebase and revert bring is not checked before it is pushed")


@pytest.mark.parametrize("cwd", ["", "sub"])
def test_a_hook_that_rejects(repo: Repo, cwd: str) -> None:
    (repo.top / "sub").mkdir()
    path = script(repo, f"{OURS} # alikey-hook")
    code, lines, _ = doctor(repo, cwd)
    assert code == 0
    assert lines["pre-commit"] == f"ok {path} (a script); a made-up AccessKey was refused"


def test_a_hook_that_lets_everything_pass(repo: Repo) -> None:
    script(repo, "exit 0")
    code, lines, _ = doctor(repo)
    assert code == 1
    assert "let a made-up AccessKey pass" in lines["pre-commit"]


def test_a_hook_that_fails_for_another_reason_proves_nothing(repo: Repo) -> None:
    script(repo, "echo no; exit 1")
    code, lines, _ = doctor(repo)
    assert code == 1
    assert "failed without a word of alikey-hook" in lines["pre-commit"]


def test_a_hook_that_is_not_executable(repo: Repo) -> None:
    script(repo, OURS).chmod(0o644)
    code, lines, _ = doctor(repo)
    assert (code, "chmod +x" in lines["pre-commit"]) == (1, True)


def test_hooks_elsewhere(repo: Repo) -> None:
    repo.git("config", "core.hooksPath", ".githooks")
    path = script(repo, f"{OURS} # alikey-hook", ".githooks")
    code, lines, _ = doctor(repo)
    assert (code, str(path) in lines["pre-commit"]) == (0, True)


def test_the_baseline_is_told_and_a_broken_one_is_to_be_mended(repo: Repo) -> None:
    script(repo, OURS)
    repo.stage("baseline/alikey.yaml", "version: 1\nallow: []\n")
    assert doctor(repo)[1]["baseline"] == "ok baseline/alikey.yaml: 0 entries"
    repo.stage("baseline/alikey.yaml", "version: 2\n")
    code, lines, _ = doctor(repo)
    assert (code, lines["baseline"]) == (1, "fix baseline/alikey.yaml:1: `version` must be 1.")


def test_nothing_is_left_behind(repo: Repo) -> None:
    repo.stage("a.py", "a = 1\n")
    script(repo, OURS)
    before = repo.git("count-objects", "-v"), repo.git("status", "--porcelain"), repo.git("ls-files", "--stage")
    doctor(repo)
    assert (repo.git("count-objects", "-v"), repo.git("status", "--porcelain"), repo.git("ls-files", "--stage")) == before


def test_a_linked_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.stage("a.py", "a = 1\n")
    repo.commit()
    script(repo, f"{OURS} # alikey-hook")
    repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert doctor(Repo(tmp_path / "linked"))[0] == 0


def test_a_hook_that_the_system_cannot_start(repo: Repo) -> None:
    repo.commit()
    script(repo, OURS).write_text(f"#!/nowhere/sh\n{OURS}\n")
    code, lines, _ = doctor(repo)
    assert code == 1
    assert "cannot be run: FileNotFoundError" in lines["pre-commit"]


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert doctor(Repo(tmp_path))[0] == 2


@pytest.mark.slow
@pytest.mark.parametrize("manager", ["pre_commit", "prek"])
@pytest.mark.parametrize("entry", [f"{sys.executable} -m alikey_hook hook", "true"], ids=["rejects", "lets pass"])
def test_pre_commit_and_prek(repo: Repo, manager: str, entry: str) -> None:
    repo.stage(
        ".pre-commit-config.yaml",
        "repos:\n  - repo: local\n    hooks:\n      - id: alikey-hook\n        name: keys\n"
        f"        entry: {entry}\n        language: system\n",
    )
    call = [str(Path(sys.executable).parent / "prek")] if manager == "prek" else [sys.executable, "-m", "pre_commit"]
    subprocess.run([*call, "install"], cwd=repo.top, check=True, capture_output=True)
    code, lines, _ = doctor(repo)
    assert code == (1 if entry == "true" else 0)
    assert f"({manager.replace('_', '-')})" in lines["pre-commit"]
