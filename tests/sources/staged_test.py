"""What the next commit adds: its changes and the paths that differ."""

import pytest

from alikey_hook.errors import UserError
from alikey_hook.git.diff import RawChange
from alikey_hook.sources.staged import Staged, brings_a_blob
from tests.repository import Repo


def staged() -> tuple[set[str], list[tuple[str, tuple[str, ...], str, str | None]]]:
    """The paths and the changes."""
    found = Staged(".git")
    return found.paths, [(change.path, change.before, change.after, change.commit) for change in found.changes]


def blob(repo: Repo, name: str) -> str:
    return repo.git("rev-parse", name).strip()


def test_the_first_commit(here: Repo) -> None:
    here.stage("b", "b\n")
    here.stage("a", "a\n")
    assert staged() == ({"a", "b"}, [("a", (), blob(here, ":a"), None), ("b", (), blob(here, ":b"), None)])


def test_added_changed_deleted_renamed_and_a_submodule(here: Repo) -> None:
    for name in ("changed", "deleted", "moved", "kept"):
        here.stage(name, f"{name}\n" * 30)
    here.commit()
    before = {name: blob(here, f":{name}") for name in ("changed", "moved")}
    here.stage("changed", "other\n")
    here.git("rm", "--quiet", "deleted")
    here.git("mv", "moved", "new-name")
    here.stage("new-name", "moved\n" * 30 + "more\n")
    here.stage("added", "added\n")
    here.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    paths, changes = staged()
    assert paths == {"changed", "deleted", "moved", "new-name", "added", "module"}
    assert changes == [
        ("added", (), blob(here, ":added"), None),
        ("changed", (before["changed"],), blob(here, ":changed"), None),
        ("new-name", (before["moved"],), blob(here, ":new-name"), None),
    ]


@pytest.mark.parametrize("status", ["U", "X"])
def test_what_git_calls_unmerged_or_does_not_know_is_refused(status: str) -> None:
    record = RawChange(f":100644 100644 {'1' * 40} {'2' * 40} {status}".encode(), "a", "a", None)
    with pytest.raises(UserError, match=r"^a is not merged yet"):
        brings_a_blob(record)


def test_a_file_in_the_place_of_a_submodule(here: Repo) -> None:
    here.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    here.commit()
    here.git("rm", "--quiet", "--cached", "module")
    here.stage("module", "text\n")
    assert staged() == ({"module"}, [("module", (), blob(here, ":module"), None)])


def test_a_merge_adds_what_differs_from_all_parents(here: Repo) -> None:
    for name in ("both", "theirs", "ours"):
        here.stage(name, "base\n")
    here.commit()
    here.git("branch", "other")
    here.stage("both", "ours\n")
    here.stage("ours", "ours\n")
    here.commit()
    here.git("switch", "--quiet", "other")
    here.stage("both", "theirs\n")
    here.stage("theirs", "theirs\n")
    here.commit()
    here.git("switch", "--quiet", "main")
    here.git("merge", "other", check=False)
    with pytest.raises(UserError) as caught:
        staged()
    assert caught.value.message == "both is not merged yet, so there is nothing to check."
    assert caught.value.help == "Resolve the conflict and `git add` it."
    here.stage("both", "merged\n")
    here.stage("new", "new\n")
    paths, changes = staged()
    assert paths == {"both", "theirs", "new"}
    assert changes == [
        ("both", (blob(here, "main:both"), blob(here, "other:both")), blob(here, ":both"), None),
        ("new", (), blob(here, ":new"), None),
    ]
