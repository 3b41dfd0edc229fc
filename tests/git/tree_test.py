"""Where we are, and what stands at a path in the index, in a commit, in the working tree."""

import os
from pathlib import Path

import pytest

from alikey_hook.git import tree
from alikey_hook.git.process import GitError
from tests.repository import Repo, new_repository


def place() -> tuple[str, str, str]:
    found = tree.repository()
    return found.top, found.prefix, found.git_dir


def blob(repo: Repo, name: str) -> str:
    return repo.git("rev-parse", name).strip()


def test_where_we_are(here: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    top = str(here.top)
    assert place() == (top, "", ".git")
    (here.top / "sub" / "\udcff").mkdir(parents=True)
    monkeypatch.chdir(here.top / "sub" / "\udcff")
    assert place() == (top, "sub/\udcff/", f"{top}/.git")


def test_where_the_environment_says_we_are(here: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = new_repository(tmp_path / "other")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("GIT_DIR", str(other.top / ".git"))
    assert place() == (str(here.top), "", str(other.top / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(work))
    monkeypatch.chdir(work)
    assert place() == (str(work), "", str(other.top / ".git"))
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.chdir(here.top)
    monkeypatch.setenv("GIT_WORK_TREE", str(here.top.parent))
    assert place() == (str(here.top.parent), "repo/", str(here.top / ".git"))


def test_in_a_linked_worktree(here: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here.commit()
    here.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    monkeypatch.chdir(tmp_path / "linked")
    assert place() == (str(tmp_path / "linked"), "", str(here.top / ".git/worktrees/linked"))
    assert os.path.realpath(tree.git_path("--git-common-dir")) == str(here.top / ".git")


def test_in_a_bare_repository(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_repository(tmp_path / "bare", "--bare")
    monkeypatch.chdir(tmp_path / "bare")
    assert place() == (str(tmp_path / "bare"), "", str(tmp_path / "bare"))


@pytest.mark.parametrize("name", ["top ", "topX", "top\t"])
def test_a_path_that_ends_with_a_blank(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    new_repository(tmp_path / name)
    monkeypatch.chdir(tmp_path / name)
    assert tree.git_path("--show-toplevel") == str(tmp_path / name)


def test_nowhere(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GitError, match="not a git repository"):
        tree.repository()


def test_the_outermost_repository_around_a_path(repo: Repo, tmp_path: Path) -> None:
    inner = repo.top / "sub" / "inner"
    new_repository(inner)
    (inner / "a").mkdir()
    (tmp_path / "link").symlink_to(inner / "a")
    bare = new_repository(tmp_path / "bare", "--bare").top
    top = os.path.realpath(repo.top)
    assert tree.enclosing(str(inner / "a")) == top
    assert tree.enclosing(str(repo.top / "sub" / "not there")) == top
    assert tree.enclosing(str(tmp_path / "link" / "b")) == top
    assert tree.enclosing(str(repo.top)) is None
    assert tree.enclosing(str(bare / "objects" / "x")) == os.path.realpath(bare)
    assert tree.enclosing(str(tmp_path / "x")) is None


@pytest.mark.parametrize("missing", ["HEAD", "objects", "refs"])
def test_a_folder_without_one_of_its_parts_is_no_repository(home: Path, tmp_path: Path, missing: str) -> None:
    bare = new_repository(tmp_path / "bare", "--bare").top
    (bare / missing).rename(bare / "elsewhere")
    assert tree.enclosing(str(bare / "x")) is None


def test_a_git_that_is_a_dangling_link_is_a_repository(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".git").symlink_to("nowhere")
    assert tree.enclosing(str(tmp_path / "a" / "b")) == os.path.realpath(tmp_path / "a")


def test_blobs_of_the_index(here: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("a", "a.b", "sub/a", "sub/b/c", "sub2/a", "s*", "\udcff\n", ":a", ":(top)a", "-a", "\ta\t b"):
        here.stage(path, f"{path}\n".encode("utf-8", "surrogateescape"))
    found = {path: blob(here, f":{path}") for path in ("a", "sub/a", "sub/b/c", "s*", "\udcff\n")}
    assert tree.index_blobs("a", "") == [("a", found["a"])]
    assert tree.index_blobs("sub", "") == [("sub/a", found["sub/a"]), ("sub/b/c", found["sub/b/c"])]
    assert tree.index_blobs("s*", "") == [("s*", found["s*"])]
    assert tree.index_blobs("\udcff\n", "") == [("\udcff\n", found["\udcff\n"])]
    assert tree.index_blobs("su", "") == []
    for path in (":a", ":(top)a", "-a", "\ta\t b"):
        assert tree.index_blobs(path, "") == [(path, blob(here, f":0:{path}"))]
    monkeypatch.chdir(here.top / "sub" / "b")
    assert tree.index_blobs("sub/a", "sub/b/") == [("sub/a", found["sub/a"])]
    assert tree.index_blobs("a", "sub/b/") == [("a", found["a"])]


def test_a_path_that_is_not_merged(here: Repo) -> None:
    here.stage("a", "a\n")
    a = blob(here, ":a")
    here.git("rm", "--quiet", "--cached", "a")
    here.git("update-index", "--index-info", stdin=f"100644 {a} 2\ta\n100644 {a} 3\ta\n".encode())
    with pytest.raises(GitError) as caught:
        tree.index_blobs("a", "")
    assert (caught.value.message, caught.value.help) == ("a is not merged yet.", "Resolve the conflict and `git add` it.")


def test_blobs_of_a_commit(here: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("a", "sub/a", "sub/b/c", "\udcff\n", "\ta\t b"):
        here.stage(path, f"{path}\n".encode("utf-8", "surrogateescape"))
    here.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    commit = here.commit()
    found = {path: blob(here, f":{path}") for path in ("\ta\t b", "a", "sub/a", "sub/b/c", "\udcff\n")}
    expected = list(found.items())
    for _ in range(2):
        assert tree.tree_blobs(commit) == expected
        assert tree.tree_blobs(commit, "sub") == expected[2:4]
        assert tree.tree_blobs(commit, "a", "sub/b") == [expected[1], expected[3]]
        assert tree.tree_blobs(commit, "-a") == []
        assert tree.tree_ids(commit) == set(found.values())
        monkeypatch.chdir(here.top / "sub")
    with pytest.raises(GitError, match="ls-tree failed"):
        tree.tree_blobs("nowhere")


def test_files_that_git_tracks_or_would_track(here: Repo, tmp_path: Path) -> None:
    for path in ("sub/a", "sub/b/\udcff\n", "sub/c.log", "other"):
        here.write(path, "text\n")
    here.write(".gitignore", "*.log\n")
    here.stage("sub/a")
    folder = str(here.top / "sub")
    assert sorted(tree.tree_files(folder) or ()) == [f"{folder}/a", f"{folder}/b/\udcff\n"]
    assert sorted(tree.tree_files("sub") or ()) == ["sub/a", "sub/b/\udcff\n"]
    (here.top / "empty").mkdir()
    assert tree.tree_files("empty") == []
    assert tree.tree_files(str(tmp_path)) is None


def test_a_file_that_is_not_merged_is_listed_once(here: Repo) -> None:
    here.stage("a", "a\n")
    a = blob(here, ":a")
    here.git("rm", "--quiet", "--cached", "a")
    here.git("update-index", "--index-info", stdin=f"100644 {a} 2\ta\n100644 {a} 3\ta\n".encode())
    assert tree.tree_files(".") == ["./a"]
