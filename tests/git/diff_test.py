"""What git says has changed, and which commits people mean."""

import os
from pathlib import Path

import pytest

from alikey_hook.git import diff
from alikey_hook.git.diff import RawChange
from alikey_hook.git.process import GitError
from alikey_hook.sources.staged import Staged
from tests.history.scanning import failing
from tests.repository import Repo, new_repository
from tests.stages import history

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
NONE = "0" * 40


def fields(change: RawChange) -> tuple[str, list[tuple[bytes, str]], bytes, str, str, str, str | None]:
    return (
        change.status, change.before, change.after_mode, change.after, change.old_path, change.path, change.commit,
    )  # fmt: skip


def blob(repo: Repo, name: str) -> str:
    return repo.git("rev-parse", name).strip()


def commit_object(repo: Repo, message: str, *parents: str, time: int = 1700000000) -> str:
    """A commit of the empty tree."""
    repo.git("hash-object", "-t", "tree", "-w", "--stdin")
    options = [part for parent in parents for part in ("-p", parent)]
    date = {"GIT_COMMITTER_DATE": f"{time} +0000"}
    return repo.git("commit-tree", EMPTY_TREE, "-m", message, *options, env=date).strip()


@pytest.mark.parametrize(
    "record",
    [b"", b"100644 100644 a b M", b":100644 100644 a b", b":100644 100644 a b M x", b"::100644 100644 a b M", b":" * 5],
)
def test_what_is_not_gits_raw_format_is_refused(record: bytes) -> None:
    with pytest.raises(GitError) as caught:
        RawChange(record, "a", "a", None)
    assert caught.value.message == "git's list of changes or commits is not as git writes it."
    assert caught.value.help == "Is `git` on the PATH really git?"


def test_a_record_of_two_parents() -> None:
    change = RawChange(b"::100644 000000 100755 a b c MA", "old", "new", "d")
    assert fields(change) == ("MA", [(b"100644", "a"), (b"000000", "b")], b"100755", "c", "old", "new", "d")


def test_staged_against_no_commit_and_against_one(here: Repo) -> None:
    here.stage("a b\udcff", "a\n")
    a = blob(here, ":a b\udcff")
    new = ("A", [(b"000000", NONE)], b"100644", a, "a b\udcff", "a b\udcff", None)
    assert [fields(change) for change in diff.staged()] == [new]
    first = here.commit()
    assert list(diff.staged()) == []
    here.git("mv", "a b\udcff", "R")
    renamed = ("R100", [(b"100644", a)], b"100644", a, "a b\udcff", "R", None)
    assert [fields(change) for change in diff.staged()] == [renamed]
    assert [fields(change) for change in diff.staged(first)] == [renamed]
    with pytest.raises(GitError, match="diff-index failed"):
        list(diff.staged("nowhere"))


def test_git_is_asked_once(here: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here.stage("a", "a\n")
    here.commit()
    here.stage("a", "b\n")
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(tmp_path / "trace"))
    assert len(list(diff.staged())) == len(list(diff.staged("HEAD"))) == 1
    assert (tmp_path / "trace").read_text().count('"event":"start"') == 2
    asked = diff.asked_for_staged()
    assert [change.path for change in diff.staged(asked=asked)] == ["a"]
    assert [change.path for change in Staged(".git", diff.asked_for_staged()).changes] == ["a"]
    assert (tmp_path / "trace").read_text().count('"event":"start"') == 4


def test_of_an_index_that_is_broken_git_says_so(here: Repo) -> None:
    here.stage("a", "a\n")
    here.commit()
    here.write(".git/index", "no index\n")
    with pytest.raises(GitError, match=r"^git diff-index failed: .*index"):
        list(diff.staged())


def test_a_branch_whose_commit_is_lost_is_an_error(here: Repo) -> None:
    here.stage("a", "a\n")
    lost = here.commit()
    (here.top / ".git/objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(GitError) as caught:
        list(diff.staged())
    assert (caught.value.message, caught.value.help) == ("HEAD's commit cannot be read.", "Run `git fsck` and try again.")


@pytest.mark.parametrize(("fails", "says"), [(1, "^git diff-index failed once"), (3, "^git diff-index failed: ")])
def test_a_list_that_ends_in_an_error_is_no_list(
    here: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int, says: str
) -> None:
    here.stage("a", "a\n")
    here.commit()
    here.stage("a", "b\n")
    monkeypatch.setenv("PATH", failing(tmp_path, "diff-index", fails, answers=True))
    with pytest.raises(GitError, match=says) as caught:
        list(diff.staged())
    assert "try again" in caught.value.help.lower()


@pytest.mark.parametrize("against", ["HEAD", "main~"])
def test_who_fails_once_without_an_answer_is_asked_again(
    here: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, against: str
) -> None:
    for content in ("a\n", "b\n", "c\n"):
        here.stage("a", content)
        here.stage("b", content * 3)
        here.commit() if content != "c\n" else None
    expected = [fields(change) for change in diff.staged(against)]
    monkeypatch.setenv("PATH", failing(tmp_path, "diff-index", 1))
    assert [fields(change) for change in diff.staged(against)] == expected
    assert len(expected) == 2


RECORD = f":100644 100644 {'1' * 40} {'2' * 40} "


@pytest.mark.parametrize(
    "output", [[RECORD + "M"], [RECORD + "R100"], [RECORD + "R100", "old"], ["no record"], [""] * 2 + [":"]]
)
def test_a_list_that_is_cut_is_refused(output: list[str]) -> None:
    with pytest.raises(GitError, match="not as git writes it"):
        list(diff._raw_changes(iter(word.encode() for word in output)))


def test_committed(here: Repo) -> None:
    here.stage("a", "a\n" * 9)
    here.stage("R gone", "gone\n")
    first = here.commit()
    here.git("mv", "a", "sub\n\u00e9")
    here.git("rm", "--quiet", "R gone")
    second = here.commit()
    a, gone = blob(here, f"{first}:a"), blob(here, f"{first}:R gone")
    assert [fields(change) for change in diff.committed([first, second])] == [
        ("A", [(b"000000", NONE)], b"100644", gone, "R gone", "R gone", first),
        ("A", [(b"000000", NONE)], b"100644", a, "a", "a", first),
        ("D", [(b"100644", gone)], b"000000", NONE, "R gone", "R gone", second),
        ("R100", [(b"100644", a)], b"100644", a, "a", "sub\n\u00e9", second),
    ]
    assert list(diff.committed([])) == []


def test_a_merge_is_one_record_a_path_with_a_blob_of_each_parent(here: Repo) -> None:
    here.stage("a", "base\n")
    here.commit()
    here.git("branch", "other")
    here.stage("a", "ours\n")
    here.git("mv", "-f", "a", "R")
    here.commit()
    here.git("switch", "--quiet", "other")
    here.stage("b", "b\n")
    here.commit()
    here.git("switch", "--quiet", "main")
    here.git("merge", "--quiet", "--no-commit", "--no-ff", "other")
    here.stage("R", "merged\n")
    here.stage("b", "merged\n")
    merge = here.commit()
    ids = [blob(here, name) for name in ("main^:R", "main:R", "other:b")]
    found = [fields(change) for change in diff.committed([merge])]
    assert [(path, old) for _, _, _, _, old, path, _ in found] == [("R", "R"), ("b", "b")]
    assert [(before, after) for _, before, _, after, _, _, _ in found] == [
        ([(b"100644", ids[0]), (b"000000", NONE)], ids[1]),
        ([(b"000000", NONE), (b"100644", ids[2])], ids[1]),
    ]


def test_a_merge_of_a_file_that_one_parent_has_under_another_name(here: Repo) -> None:
    here.stage("a", "base\n" * 30)
    here.commit()
    here.git("branch", "other")
    here.git("mv", "a", "b")
    here.commit()
    here.git("switch", "--quiet", "other")
    here.stage("z", "z\n")
    here.commit()
    here.git("switch", "--quiet", "main")
    here.git("merge", "--quiet", "--no-commit", "--no-ff", "other")
    here.stage("b", "base\n" * 30 + "merged\n")
    here.stage("z", "merged\n")
    merge = here.commit()
    found = list(diff.committed([merge]))
    assert [(change.path, change.old_path, len(change.before)) for change in found] == [("b", "b", 2), ("z", "z", 2)]
    assert "R" in found[0].status


def test_many_commits_at_once(here: Repo) -> None:
    ids = history(here, 401, {})
    found = [(change.commit, change.path) for change in diff.committed(ids)]
    assert found == [(commit, "app.py") for commit in ids]


def test_commits_that_others_have_are_left_out(here: Repo) -> None:
    a = commit_object(here, "a")
    b, c = commit_object(here, "b", a), commit_object(here, "c", a)
    d = commit_object(here, "d", b, c)
    here.git("update-ref", "refs/remotes/origin/b", b)
    assert (diff.commits([d])[0], diff.commits([d])[-1], set(diff.commits([d]))) == (a, d, {a, b, c, d})
    assert diff.commits([d], c) == [b, d]
    assert diff.commits([d], "--remotes=origin") == [c, d]
    assert diff.commits([d], "--remotes=origin", c) == [d]
    assert diff.commits([b, c], d) == []
    assert set(diff.commits([b, c])) == {a, b, c}


def test_parents_come_before_their_children_whatever_the_dates(here: Repo) -> None:
    b = commit_object(here, "b", time=1700000100)
    x = commit_object(here, "x", b, time=1700000001)
    d = commit_object(here, "d", b, x, time=1700000200)
    assert diff.commits([d]) == [b, x, d]


def test_in_a_repository_with_sha_256(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = new_repository(tmp_path / "repo", "--object-format=sha256")
    monkeypatch.chdir(repo.top)
    repo.stage("a", "a\n")
    (staged,) = diff.staged()
    assert staged.after == blob(repo, ":a") and len(staged.after) == 64
    commit = repo.commit()
    assert diff.resolved("main") == diff.commit_of("main") == commit and len(commit) == 64
    assert [change.after for change in diff.committed([commit])] == [staged.after]


def test_what_a_revision_leads_to(here: Repo) -> None:
    here.stage("a", "a\n")
    commit = here.commit()
    here.git("tag", "-m", "a tag", "t")
    here.git("tag", "-m", "a tag of a tag", "tt", "t")
    for name in ("HEAD", "main", "t", "tt", commit[:12], "main~0"):
        assert diff.commit_of(name) == commit
    for name in ("main:a", "main^{tree}", "nothing", "--all", "-", "", "main..main"):
        assert diff.commit_of(name) is None


def test_what_people_name_is_resolved(here: Repo) -> None:
    here.stage("a", "a\n")
    commit = here.commit()
    here.git("tag", "-m", "a tag", "t")
    assert [diff.resolved(name) for name in ("HEAD", commit[:8], "t")] == [commit, commit, blob(here, "t")]
    for name in ("main:a", "nothing", "--all", "^main", "\u00e9\n"):
        with pytest.raises(GitError) as caught:
            diff.resolved(name)
        assert caught.value.message == f"{name!a} is no commit here."
        assert caught.value.help == "Name a commit, a branch or a tag; a range as A..B."


def test_outside_a_repository_that_is_what_is_said(home: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    with pytest.raises(GitError, match=r"^git rev-parse failed: "):
        diff.resolved("HEAD")


def test_is_here(here: Repo) -> None:
    commit = here.commit()
    tree = here.git("rev-parse", "HEAD^{tree}").strip()
    assert [diff.is_here(name) for name in (commit, tree, "1" * 40)] == [True, False, False]


def test_what_is_being_merged(here: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GITHEAD_")]:
        monkeypatch.delenv(name)
    assert diff.merge_heads(".git") == []
    one, two = "1" * 40, "2" * 40
    monkeypatch.setenv(f"GITHEAD_{one}", "a-branch")
    monkeypatch.setenv(f"XGITHEAD_{two}", "a-branch")
    assert diff.merge_heads(".git") == [one]
    here.write(".git/MERGE_HEAD", f"{two}\n{one}\n")
    assert diff.merge_heads(".git") == [two, one]


@pytest.mark.parametrize("kind", ["folder", "not ASCII"])
def test_a_merge_head_that_cannot_be_read(here: Repo, kind: str) -> None:
    path = here.top / ".git/MERGE_HEAD"
    if kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"\xc3\xa9\n")
    with pytest.raises(GitError) as caught:
        diff.merge_heads(".git")
    assert caught.value.message == "MERGE_HEAD cannot be read."
    assert caught.value.help == "Finish or abort the merge, then try again."
