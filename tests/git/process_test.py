"""Running git: one that cannot be run, one that ends early, one that fails once, and what it prints in pieces."""

import io
import os
from pathlib import Path

import pytest

from alikey_hook.git import output, process, remote
from alikey_hook.git.process import GitError, answered, unreadable
from tests.history.scanning import failing
from tests.repository import Repo


@pytest.mark.skipif(os.name == "nt", reason="how a program looks that is none differs")
def test_a_git_that_is_no_program_says_so(here: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "git"
    program.write_bytes(b"\x7fELF, but only just")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(GitError, match=r"^git could not be started: Exec format error\.$"):
        answered("version")
    assert len(os.listdir("/dev/fd")) == before  # no pipe is left open
    with pytest.raises(GitError, match=r"^git could not be started: Exec format error\.$"):
        remote.fetch(".", ("file",))


def test_what_ends_before_it_has_read_all_is_judged_by_its_exit_code(here: Repo) -> None:
    with output.printed(("version",), stdin=bytes(1 << 20)) as printed:
        assert printed.read().startswith(b"git version")
    with pytest.raises(GitError, match="cat-file failed"), output.printed(("cat-file", "--wrong"), stdin=bytes(1 << 20)):
        pass


def test_what_failed_once_is_no_success(here: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", failing(tmp_path, "for-each-ref", 1))
    with pytest.raises(GitError, match=r"^git for-each-ref failed once\.$"):
        list(output.lines("for-each-ref"))
    assert list(output.lines("for-each-ref")) == []


@pytest.mark.parametrize("size", [1, 2, 3, 1 << 20])
@pytest.mark.parametrize(
    ("printed", "tokens"),
    [
        (b"", []),
        (b"one\0", [b"one"]),
        (b"one\0\0two\0", [b"one", b"", b"two"]),
        (b"one\0cut off", [b"one", b"cut off"]),
        (b"a long one that never ends", [b"a long one that never ends"]),
    ],
)
def test_tokens_are_the_same_however_they_come(
    size: int, printed: bytes, tokens: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_PIECE", size)
    assert list(process.tokens(io.BytesIO(printed))) == tokens


def test_a_name_that_git_never_wrote_is_not_asked_for() -> None:
    error = unreadable("--batch-all-objects")
    assert (error.message, error.exit_code) == (
        "object --batch-all-objects cannot be read: git never wrote that.",
        2,
    )
