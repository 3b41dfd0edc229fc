"""Which commits bring a blob to a path, and which take it away."""

import os
from pathlib import Path

import pytest

from alikey_hook.git.log import Introduction, _parsed, introductions
from alikey_hook.git.objects import Reachable
from alikey_hook.git.process import GitError
from tests.repository import Repo

AUTHORED = "2024-02-29T23:30:00 +0800"
TIME, DAY = 1709220600, "2024-02-29"


def committed(repo: Repo, **files: str | None) -> str:
    """A commit that writes files, or deletes them, authored AUTHORED and committed a minute after the one before."""
    for path, content in files.items():
        if content is None:
            (repo.top / path).unlink()
        repo.stage(path, content)
    count = len(repo.git("rev-list", "--all").split())
    env = {"GIT_AUTHOR_DATE": AUTHORED, "GIT_COMMITTER_DATE": f"2025-01-01T00:{count:02}:00 +0000"}
    repo.git("commit", "--quiet", "--allow-empty", "-m", "a commit", env=env)
    return repo.git("rev-parse", "HEAD").strip()


def blob(repo: Repo, content: str) -> str:
    return repo.git("hash-object", "--stdin", stdin=content.encode()).strip()


def brief(found: list[Introduction]) -> set[tuple[str, str, str, bool]]:
    return {(one.commit, one.blob, one.path, one.brings) for one in found}


@pytest.fixture(params=["whole", "partial", "promisor"])
def anyhow(request: pytest.FixtureRequest, here: Repo) -> Repo:
    """A repository: an ordinary one, and one that may be a partial clone, where git's own search is not used."""
    if request.param == "partial":
        here.git("config", "extensions.partialClone", "origin")
    if request.param == "promisor":
        here.git("config", "remote.origin.promisor", "true")
    return here


def test_a_blob_comes_and_goes(anyhow: Repo) -> None:
    a, b = blob(anyhow, "a\n"), blob(anyhow, "b\n")
    first = committed(anyhow, x="a\n", other="o\n")
    second = committed(anyhow, x="b\n", y="a\n")
    third = committed(anyhow, y=None, other="p\n")
    found = list(introductions([a]))
    assert found == [
        Introduction(third, TIME, DAY, 1, a, "y", False),
        Introduction(second, TIME, DAY, 2, a, "x", False),
        Introduction(second, TIME, DAY, 2, a, "y", True),
        Introduction(first, TIME, DAY, 3, a, "x", True),
    ]
    assert brief(list(introductions([b]))) == {(second, b, "x", True)}
    assert brief(list(introductions([a, b]))) == brief(found) | {(second, b, "x", True)}
    assert list(introductions(["1" * 40])) == []


def test_at_some_paths_only(anyhow: Repo) -> None:
    a = blob(anyhow, "a\n")
    commit = committed(anyhow, **{"*": "a\n", "x": "a\n", "\u00e9 \n": "a\n"})
    for path in ("*", "x", "\u00e9 \n"):
        assert brief(list(introductions([a], paths=[path]))) == {(commit, a, path, True)}
    assert len(list(introductions([a], paths=["x", "*"]))) == 2
    (anyhow.top / "sub").mkdir()


def test_a_mode_that_changes_brings_and_takes_nothing(anyhow: Repo) -> None:
    a = blob(anyhow, "a\n")
    first = committed(anyhow, x="a\n")
    anyhow.git("update-index", "--chmod=+x", "x")
    anyhow.git("commit", "--quiet", "-m", "executable")
    found = brief(list(introductions([a])))
    assert found - {(anyhow.git("rev-parse", "HEAD").strip(), a, "x", True)} == {(first, a, "x", True)}


def test_a_merge_that_takes_a_blob_from_both_parents(anyhow: Repo) -> None:
    a, b, c = (blob(anyhow, f"{name}\n") for name in "abc")
    committed(anyhow, x="base\n")
    anyhow.git("branch", "other")
    committed(anyhow, x="a\n")
    anyhow.git("switch", "--quiet", "other")
    theirs = committed(anyhow, x="b\n")
    anyhow.git("switch", "--quiet", "main")
    anyhow.git("merge", "--quiet", "other", check=False)
    anyhow.stage("x", "c\n")
    merge = anyhow.commit()
    assert brief([one for one in introductions([a, b, c]) if one.commit == merge]) == {
        (merge, a, "x", False),
        (merge, b, "x", False),
        (merge, c, "x", True),
    }
    assert brief(list(introductions([b]))) == {(theirs, b, "x", True), (merge, b, "x", False)}


def test_what_only_the_reflog_reaches(anyhow: Repo) -> None:
    a = blob(anyhow, "a\n")
    commit = committed(anyhow, x="a\n")
    anyhow.stage("x", "b\n")
    anyhow.git("commit", "--quiet", "--amend", "-m", "amended")
    assert brief(list(introductions([a]))) == {(commit, a, "x", True)}
    assert list(introductions([a], reflog=False)) == []
    assert len(list(introductions([blob(anyhow, "b\n")], reflog=False))) == 1


@pytest.mark.parametrize("line", ["A <a> 253402300800 +0000", "A <a> 0 +0000", "A <a>", "A <a> 99999999999999999999 +0000"])
def test_an_author_without_a_date_that_a_calendar_has(here: Repo, line: str) -> None:
    a = blob(here, "a\n")
    committed(here, x="a\n")
    tree = here.git("rev-parse", "HEAD^{tree}").strip()
    content = f"tree {tree}\nauthor {line}\ncommitter C <c> 1700000000 +0000\n\na message\n".encode()
    commit = here.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=content).strip()
    here.git("update-ref", "refs/heads/odd", commit)
    (found,) = [one for one in introductions([a]) if one.commit == commit]
    assert (found.author_time, found.day, found.path) == (0, None, "x")


@pytest.mark.parametrize(("time", "day"), [(1, "1970-01-01"), (253402300799, "9999-12-31")])
def test_the_first_and_the_last_date(here: Repo, time: int, day: str) -> None:
    here.stage("x", "a\n")
    tree = here.git("write-tree").strip()
    content = f"tree {tree}\nauthor A <a> {time} +0000\ncommitter C <c> 1700000000 +0000\n\nx\n".encode()
    commit = here.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=content).strip()
    here.git("update-ref", "refs/heads/main", commit)
    (found,) = introductions([blob(here, "a\n")])
    assert (found.author_time, found.day) == (time, day)


@pytest.mark.parametrize("processes", [2, 3, 7])
def test_parts_of_the_history_side_by_side_say_the_same(here: Repo, monkeypatch: pytest.MonkeyPatch, processes: int) -> None:
    for number in range(5):
        committed(here, x=f"{number % 3}\n", **{f"f{number}": "0\n"})
    here.git("switch", "--quiet", "--orphan", "other")
    committed(here, x="1\n")
    here.git("merge", "--quiet", "--allow-unrelated-histories", "--strategy=ours", "-m", "a merge", "main")
    blobs = [blob(here, f"{number}\n") for number in range(3)]
    expected = list(introductions(blobs, reflog=False))
    with Reachable() as reached:
        commits = reached.commits
    monkeypatch.setattr(os, "cpu_count", lambda: processes)
    monkeypatch.setattr("alikey_hook.git.log._WORTH_A_PROCESS", 1)
    assert (len(commits), len(expected)) == (7, 15)
    assert list(introductions(blobs, reflog=False, commits=commits)) == expected
    assert list(introductions(["1" * 40], reflog=False, commits=commits)) == []
    with pytest.raises(GitError, match="git log failed"):
        list(introductions(blobs, reflog=False, commits=[*commits, b"1" * 40]))


def test_many_blobs(here: Repo) -> None:
    for number in range(401):
        here.write(f"f{number}", f"{number}\n")
    here.git("add", ".")
    commit = here.commit()
    blobs = dict(line.split()[2:] for line in here.git("ls-tree", "HEAD").splitlines())
    found = list(introductions(list(blobs)))
    assert len(found) == 401
    assert brief(found) == {(commit, name, path, True) for name, path in blobs.items()}


@pytest.mark.parametrize("setting", ["extensions.partialClone", "remote.origin.promisor"])
def test_in_a_partial_clone_nobody_is_asked_for_what_is_not_here(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    a = blob(repo, "a\n")
    first = committed(repo, x="a\n", y="other\n")
    second = committed(repo, x="b\n")
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    repo.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", repo.top.as_uri(), str(clone))
    repo.top.rename(tmp_path / "gone")
    monkeypatch.chdir(clone)
    for other in {"extensions.partialClone", "remote.origin.promisor", "remote.origin.partialclonefilter"} - {setting}:
        Repo(clone).attempt("config", "--unset", other)
    assert brief(list(introductions([a]))) == {(first, a, "x", True), (second, a, "x", False)}


RECORD = b":000000 100644 " + b"0" * 40 + b" " + b"1" * 40 + b" A"


@pytest.mark.parametrize(
    "output",
    [
        pytest.param([b"\1c 1709220600 2024-02-29\n\n" + RECORD, b"x"], id="a line feed"),
        pytest.param([b"\1c 1709220600 2024-02-29\n" + RECORD, b"x"], id="one line end"),
        pytest.param([b"\1c 1709220600 2024-02-29", RECORD, b"x"], id="NUL"),
        pytest.param([b"\1b 1 1970-01-01\n", b"\n\1c 1709220600 2024-02-29", b"\n" + RECORD, b"x"], id="NUL and line feeds"),
    ],
)
def test_how_versions_of_git_separate_a_commit_from_its_first_record(output: list[bytes]) -> None:
    (found,) = _parsed(iter(output), frozenset(["1" * 40]))
    assert (found.commit, found.author_time, found.day, found.path) == ("c", TIME, DAY, "x")


def test_output_that_ends_within_a_record_is_refused() -> None:
    with pytest.raises(GitError):
        list(_parsed(iter([b"\1c 1709220600 2024-02-29", RECORD]), frozenset(["1" * 40])))
