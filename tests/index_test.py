"""A baseline that is staged counts in every form of the index, and where there is none git is not asked for it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from alikey_hook.git.index import may_have
from tests.repository import Repo, new_repository, pair_lines
from tests.stages import pair_baseline

BASELINE, BEGINNING = "baseline/alikey.yaml", "baseline/alikey"


def staged(repo: Repo) -> Repo:
    """A pair is staged, and of all that may be beside it a baseline that allows it, which is not in the working tree."""
    for number in range(3):
        repo.write(f"folder/hyperlink{number}.py", f"x = {number}\n")
    repo.stage("folder")
    repo.stage("baseline/al", "of this path version 4 leaves out what the next one begins with\n")
    repo.commit()
    repo.stage("app.py", pair_lines())
    repo.stage(BASELINE, pair_baseline(repo))
    (repo.top / BASELINE).unlink()
    return repo


def as_it_is(repo: Repo) -> None:
    """Whatever version git writes."""


def version(number: int) -> Callable[[Repo], None]:
    def make(repo: Repo) -> None:
        if number == 3:  # which git writes where an entry needs it
            repo.write("later.py", "x = 1\n")
            repo.git("add", "--intent-to-add", "later.py")
        else:
            repo.git("update-index", "--index-version", str(number))
        content = (repo.top / ".git" / "index").read_bytes()
        assert content[7] == number
        assert (BEGINNING.encode() in content) == (number < 4)

    return make


def split(repo: Repo) -> None:
    repo.git("update-index", "--split-index")
    assert BEGINNING.encode() not in (repo.top / ".git" / "index").read_bytes()


def sparse(repo: Repo) -> None:
    repo.git("rm", "--quiet", "--cached", "app.py")
    repo.commit()
    repo.stage("app.py")
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "folder")
    assert BEGINNING.encode() not in (repo.top / ".git" / "index").read_bytes()


FORMS = {
    "as it is": as_it_is,
    "version 2": version(2),
    "version 3": version(3),
    "version 4": version(4),
    "split": split,
    "sparse": sparse,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_staged_baseline_counts_in_every_form_of_the_index(repo: Repo, form: Callable[[Repo], None]) -> None:
    form(staged(repo))
    assert repo.hook().returncode == 0
    repo.git("rm", "--quiet", "--cached", "--sparse", BASELINE)
    assert repo.hook().returncode == 1


def test_a_staged_baseline_counts_in_a_repository_of_sha256(home: Path, tmp_path: Path) -> None:
    repo = staged(new_repository(tmp_path / "wide", "--object-format=sha256"))
    assert repo.hook().returncode == 0


@pytest.mark.parametrize("cwd", ["", "folder"], ids=["from the top", "from a subfolder"])
@pytest.mark.parametrize("absolute", [True, False], ids=["absolute", "relative"])
def test_the_index_that_git_was_told_counts(repo: Repo, cwd: str, absolute: bool) -> None:
    staged(repo)
    (repo.top / ".git" / "index").rename(repo.top / ".git" / "other")
    repo.git("read-tree", "HEAD")
    other = os.path.join(repo.top if absolute else "", ".git", "other")
    repo.git("rm", "--quiet", "--cached", "app.py", env={"GIT_INDEX_FILE": other})
    repo.stage("app.py", pair_lines())  # in the usual index, where no baseline allows it
    assert repo.hook(cwd=cwd).returncode == 1
    repo.git("add", "app.py", env={"GIT_INDEX_FILE": other})
    assert repo.hook(cwd=cwd, env={"GIT_INDEX_FILE": other}).returncode == 0


def test_a_baseline_of_a_linked_worktree_counts(repo: Repo, tmp_path: Path) -> None:
    staged(repo)
    repo.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    linked.stage("app.py", pair_lines())
    assert linked.hook().returncode == 1
    linked.stage(BASELINE, pair_baseline(linked))
    assert linked.hook().returncode == 0


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_COMMON_DIR"])
def test_where_git_was_told_to_look_elsewhere_it_is_asked(repo: Repo, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("app.py", "x = 1\n")
    monkeypatch.chdir(repo.top)
    assert not may_have(BEGINNING)
    monkeypatch.setenv(name, str(repo.top / ".git"))
    assert may_have(BEGINNING)


@pytest.mark.parametrize(
    "content",
    [None, b"", b"DIRC", b"DIRC\0\0\0\4", b"DIRC\0\0\0\2" + b"link\0\0\0\x14" + b"\0" * 40, b"DIRC\0\0\0\2sdir\0\0\0\0"],
    ids=["none", "empty", "cut short", "version 4", "a split one", "a sparse one"],
)
def test_of_an_index_that_is_not_known_git_is_asked(repo: Repo, content: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.top)
    if content is not None:
        (repo.top / ".git" / "index").write_bytes(content)
    assert may_have(BEGINNING)


def test_a_path_that_is_called_like_an_extension_is_none(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("link", "hyperlink.py", "linked/sdir.py"):
        repo.write(name, "x = 1\n")
    repo.stage(".")
    monkeypatch.chdir(repo.top)
    assert may_have("linked/") and not may_have(BEGINNING)
