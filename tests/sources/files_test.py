"""Files of the working tree: which ones, under which path, and what is read of them."""

import os
from pathlib import Path

import pytest

from alikey_hook.errors import UserError
from alikey_hook.sources import files
from alikey_hook.sources.paths import in_repository
from tests.repository import Repo


def refused(path: str, *, named: bool = True) -> tuple[str, str]:
    """How a path that cannot be read is refused: alike by both ways to read."""
    with pytest.raises(UserError) as caught:
        files.reader([path] if named else [])(path)
    error = caught.value
    if named:
        with pytest.raises(UserError) as caught:
            files.read(path)
        assert (caught.value.message, caught.value.help) == (error.message, error.help)
    return error.message, error.help


@pytest.mark.parametrize(
    ("path", "prefix", "expected"),
    [
        ("a", "", "a"),
        ("./a//b", "", "a/b"),
        ("a/../b", "", "b"),
        ("a", "x/y/", "x/y/a"),
        ("../a", "x/y/", "x/a"),
        ("../../a", "x/y", "a"),
        ("../a", "", "../a"),
        ("HERE/a/./b", "", "a/b"),
        ("HERE/a", "x", "x/a"),
        ("HERE/../a", "x", "a"),
    ],
)
def test_a_path_as_git_names_it(path: str, prefix: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert in_repository(path.replace("HERE", str(tmp_path)), prefix) == expected
    (change,) = (
        files.changes([path], prefix) if "HERE" not in path else files.changes([path.replace("HERE", str(tmp_path))], prefix)
    )
    assert (change.path, change.before, change.commit) == (expected, (), None)
    assert change.after == path.replace("HERE", str(tmp_path))


def test_changes_without_a_prefix() -> None:
    assert [change.path for change in files.changes(["b/./a", "c"])] == ["b/a", "c"]


def test_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").write_bytes(b"\r\n\0\xff")
    Path("link").symlink_to("nowhere/\udcff")
    Path("folder").mkdir()
    for read in (files.read, files.reader(["a"])):
        assert [read(name) for name in ("a", "link", "folder")] == [b"\r\n\0\xff", b"nowhere/\xff", b""]


def test_a_named_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "a")
    assert refused(path) == (f"{path} cannot be read: No such file or directory.", "Check the name and its permissions.")


def test_a_file_below_a_named_folder_may_vanish(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert files.reader([str(tmp_path)])(str(path)) == b""
    path.write_text("")
    inner = str(path / "b")  # not vanished: it cannot be there
    assert refused(inner, named=False) == (f"{inner} cannot be read: Not a directory.", "Check the name and its permissions.")


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "pipe")
    os.mkfifo(path)
    assert refused(path) == (f"{path} is not a regular file.", "Pipe it into `alikey-hook scan -`.")


def test_below_a_folder_of_a_repository_is_what_git_tracks_or_would_track(here: Repo) -> None:
    for path in ("sub/tracked", "sub/new", "sub/ignored", "sub/gone", "other", "sub/kept.log"):
        here.write(path, "text\n")
    here.write(".gitignore", "ignored\n*.log\n")
    here.stage("sub/tracked")
    here.stage("sub/gone")
    here.stage("sub/kept.log")
    (here.top / "sub/gone").unlink()
    assert sorted(files.below(["sub"])) == ["sub/kept.log", "sub/new", "sub/tracked"]
    assert files.below(["other", "-", "sub/ignored"]) == ["other", "-", "sub/ignored"]
    assert files.below([]) == []
    here.write("folder/a", "text\n")
    here.stage("folder/a")
    here.write("folder2/b", "text\n")
    assert files.below(["folder", "other", "folder2", "-"]) == ["folder/a", "other", "folder2/b", "-"]


def test_below_a_folder_without_a_repository_is_everything_but_git_folders(home: Path, tmp_path: Path) -> None:
    top = tmp_path / "top"
    for path in ("b/2", "b/1", "a", "c/.git/config", "c/3", ".git/HEAD", ".github/x"):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text("")
    (top / "b" / "link").symlink_to("../c")
    (top / "dangling").symlink_to("nowhere")
    expected = ["a", "dangling", ".github/x", "b/1", "b/2", "b/link", "c/3"]
    assert files.below([str(top)]) == [str(top / path) for path in expected]


def test_a_folder_that_cannot_be_read_is_refused(home: Path, tmp_path: Path) -> None:
    """A path that is too long for the system: nobody may read it, whoever runs the tests."""
    opened = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("x" * 250, dir_fd=opened)
        deeper = os.open("x" * 250, os.O_RDONLY, dir_fd=opened)
        os.close(opened)
        opened = deeper
    os.close(opened)
    with pytest.raises(UserError) as caught:
        files.below([str(tmp_path)])
    assert caught.value.message.startswith(f"{tmp_path}/xxx")
    assert caught.value.message.endswith("xxx cannot be read: File name too long.")
    assert caught.value.help == "Check its permissions."


def test_a_link_to_a_folder_is_a_file(home: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_text("")
    (tmp_path / "link").symlink_to("folder")
    assert files.below([str(tmp_path / "link")]) == [str(tmp_path / "link")]
