"""A loose object read without git is what git reads; where it is not there it is left to git."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from alikey_hook.git import loose
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.process import GitError
from tests.repository import Repo, new_repository, pair_lines

CONTENTS = [b"", b"a", b"\0", b"blob 3\0abc", b"x" * 31, b"x" * 32, b"x" * 33, bytes(range(256)) * 1000, b"y" * 3_000_000]


def stored(repo: Repo, content: bytes) -> str:
    return repo.git("hash-object", "-w", "--stdin", stdin=content).strip()


def file_of(repo: Repo, name: str) -> Path:
    return repo.top / ".git/objects" / name[:2] / name[2:]


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: f"{len(content)} bytes")
@pytest.mark.parametrize("level", ["0", "1", "9"])
def test_what_git_wrote_is_read(repo: Repo, monkeypatch: pytest.MonkeyPatch, content: bytes, level: str) -> None:
    repo.git("config", "core.looseCompression", level)
    name = stored(repo, content)
    monkeypatch.chdir(repo.top)
    assert loose.read(name) == ("blob", content)


def test_commits_and_sha_256_too(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = new_repository(tmp_path / "other", "--object-format=sha256")
    repo.stage("app.py", pair_lines())
    name = repo.commit()
    monkeypatch.chdir(repo.top)
    kind, content = loose.read(name) or ("", b"")
    assert (kind, content.decode()) == ("commit", repo.git("cat-file", "commit", name))


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"])
def test_where_git_looks_elsewhere_it_is_git_s(repo: Repo, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    name = stored(repo, b"a text\n")
    monkeypatch.chdir(repo.top)
    monkeypatch.setenv(variable, "elsewhere")
    assert loose.read(name) is None


def test_what_is_packed_or_not_there_is_git_s(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("app.py", pair_lines())
    repo.commit()
    name = repo.git("rev-parse", "HEAD:app.py").strip()
    repo.git("repack", "-a", "-d", "-q")
    monkeypatch.chdir(repo.top)
    assert (loose.read(name), loose.read("0" * 40)) == (None, None)


def shorter(raw: bytes) -> bytes:
    return zlib.compress(raw.replace(b"blob 7", b"blob 6"))


def longer(raw: bytes) -> bytes:
    return zlib.compress(raw.replace(b"blob 7", b"blob 8"))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda raw: b"",
    "no zlib": lambda raw: raw,
    "cut": lambda raw: zlib.compress(raw)[:-6],
    "garbage behind": lambda raw: zlib.compress(raw) + b"x",
    "says less": shorter,
    "says more": longer,
    "a bomb": lambda raw: zlib.compress(raw + b"0" * 50_000_000),
    "no header": lambda raw: zlib.compress(b"x" * 100),
    "no size": lambda raw: zlib.compress(b"blob \0a text\n"),
    "negative": lambda raw: zlib.compress(b"blob -7\0a text\n"),
    "odd digits": lambda raw: zlib.compress("blob ７\0a text\n".encode()),
}


@pytest.mark.parametrize("how", DAMAGES.values(), ids=list(DAMAGES))
def test_what_is_damaged_is_refused(repo: Repo, monkeypatch: pytest.MonkeyPatch, how: Callable[[bytes], bytes]) -> None:
    name = stored(repo, b"a text\n")
    path = file_of(repo, name)
    path.chmod(0o600)
    path.write_bytes(how(b"blob 7\0a text\n"))
    monkeypatch.chdir(repo.top)
    with pytest.raises(loose.Damaged):
        loose.read(name)
    blobs = Blobs()
    try:
        with pytest.raises(GitError, match=name):
            blobs.read(name)
    finally:
        blobs.close()
