"""Git LFS: the object counts, where this clone has it; where not, that is said."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.repository import ID_RULE, SECRET_RULE, Repo, pair_lines

pytestmark = pytest.mark.once


def pointer(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"


def stored(repo: Repo, content: bytes, folder: str = "lfs") -> Path:
    digest = hashlib.sha256(content).hexdigest()
    path = repo.top / ".git" / folder / "objects" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def leak() -> bytes:
    return pair_lines(41).encode()


def test_the_object_behind_a_staged_pointer_is_looked_at(repo: Repo, leak: bytes) -> None:
    stored(repo, leak)
    repo.stage("config.bin", pointer(leak))
    look = repo.look()
    assert (look.code, {found.rule for found in look.findings}) == (1, {ID_RULE, SECRET_RULE})
    assert {found.path for found in look.findings} == {"config.bin"}


def test_the_configured_storage_is_used(repo: Repo, leak: bytes) -> None:
    repo.git("config", "lfs.storage", "elsewhere")
    stored(repo, leak, "elsewhere")
    repo.stage("config.bin", pointer(leak))
    assert repo.look().code == 1


def test_an_object_that_is_not_here_is_said(repo: Repo, leak: bytes) -> None:
    repo.stage("config.bin", pointer(leak))
    done = repo.hook()
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "alikey-hook: nothing leaks, 1 in Git LFS and not here, not looked at in 1 file\n"
    assert json.loads(repo.hook("--format=json").stdout)["summary"]["unread"] == 1


def test_commits_and_history_look_behind_pointers_too(repo: Repo, leak: bytes) -> None:
    stored(repo, leak)
    repo.stage("config.bin", pointer(leak))
    repo.commit()
    assert repo.scan("--commits", "HEAD").returncode == 1
    assert repo.scan("--history").returncode == 1


@pytest.mark.parametrize(
    "content",
    [
        "version https://git-lfs.github.com/spec/v1\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:../../../../etc/passwd\nsize 1\n",
        "version https://git-lfs.github.com/spec/v1\noid sha256:zz\nno field\n",
    ],
    ids=["no oid", "a path for an oid", "a short oid"],
)
def test_a_broken_pointer_is_a_text_like_any_other(repo: Repo, content: str) -> None:
    repo.stage("config.bin", content)
    assert repo.look() == (0, [], "")
