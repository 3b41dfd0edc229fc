"""Which refs reach a key, which still have it, and what only `--all-objects` sees."""

import json
from pathlib import Path

import pytest

from tests.history.scanning import (
    MAIN,
    MESSAGE,
    NOTHING,
    UNREACHABLE,
    Walked,
    commit,
    dated,
    drop_reflogs,
    gone,
    pair_kept,
    pair_said,
    put,
    walk,
)
from tests.repository import ID_RULE, SECRET_RULE, Repo, pair_lines

pytestmark = pytest.mark.once

ALL = "--all-objects"


@pytest.fixture
def started(repo: Repo) -> Repo:
    """A repository with one clean commit."""
    put(repo, "2024-01-01", NOTHING, "other.py")
    return repo


def refs_of(said: Walked) -> set[tuple[str, ...]]:
    return {finding.refs for finding in said.findings}


# Refs


def test_a_branch(started: Repo) -> None:
    started.git("switch", "--quiet", "--create", "topic")
    first = put(started, "2024-01-02")
    started.git("switch", "--quiet", "main")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", first, "refs/heads/topic"))


@pytest.mark.parametrize("annotated", [False, True], ids=["lightweight", "annotated"])
def test_a_tag(started: Repo, annotated: bool) -> None:
    first = put(started, "2024-01-02")
    started.git("tag", *(["--annotate", "--message=a tag"] if annotated else []), "v1", env=dated("2024-01-02"))
    last = gone(started, "2024-01-03")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", last, "refs/tags/v1"))


def test_a_tag_whose_branch_is_gone(started: Repo) -> None:
    started.git("switch", "--quiet", "--create", "topic")
    first = put(started, "2024-01-02")
    started.git("tag", "v1")
    started.git("switch", "--quiet", "main")
    started.git("branch", "--quiet", "-D", "topic")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", first, "refs/tags/v1"))


def test_any_other_ref_of_a_commit(started: Repo) -> None:
    first = put(started, "2024-01-02")
    refs = ["refs/changes/01/1/1", "refs/merge-requests/7/head", "refs/pull/7/head", "refs/remotes/origin/x"]
    for ref in refs:
        started.git("update-ref", ref, first)
    started.git("reset", "--quiet", "--hard", "HEAD~1")
    drop_reflogs(started)
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", first, *refs))


def test_a_ref_that_reaches_it_and_has_it_no_more_is_not_named(started: Repo) -> None:
    first = put(started, "2024-01-02")
    started.git("branch", "old")
    last = gone(started, "2024-01-03")
    started.git("branch", "new")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", last, "refs/heads/old"))


def test_refs_are_told_in_git_s_order(started: Repo) -> None:
    first = put(started, "2024-01-02")
    for name in ("zebra", "ape"):
        started.git("branch", name)
    started.git("tag", "v1")
    expected = pair_kept(first, "2024-01-02", first, "refs/heads/ape", MAIN, "refs/heads/zebra", "refs/tags/v1")
    assert walk(started)[:2] == (1, expected)


@pytest.mark.parametrize("name", ["a-branch", "z-branch"])
def test_refs_with_several_versions_of_a_value_are_told_in_git_s_order_too(started: Repo, name: str) -> None:
    first = put(started, "2024-01-02")
    started.git("branch", name)
    last = put(started, "2024-01-03", pair_lines() + "more = 1\n")
    refs = sorted([f"refs/heads/{name}", MAIN])
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", last, *refs))


def test_a_note(started: Repo) -> None:
    noted = started.git("rev-parse", "HEAD").strip()
    started.git("notes", "add", f"--message={pair_lines()}", "HEAD", env=dated("2024-01-02"))
    note = started.git("rev-parse", "refs/notes/commits").strip()
    expected = pair_kept(note, "2024-01-02", note, "refs/notes/commits", path=noted)
    assert walk(started)[:2] == (1, expected)


def test_a_stash(started: Repo) -> None:
    started.write("other.py", pair_lines())
    started.git("stash", "push", "--quiet", env=dated("2024-01-02"))
    stash = started.git("rev-parse", "refs/stash").strip()
    assert walk(started)[:2] == (1, pair_kept(stash, "2024-01-02", stash, "refs/stash", path="other.py"))


def test_a_stash_below_another_needs_all_objects(started: Repo) -> None:
    for content in (pair_lines(), "clean\n"):
        started.write("other.py", content)
        started.git("stash", "push", "--quiet", env=dated("2024-01-02"))
    stash = started.git("rev-parse", "stash@{1}").strip()
    assert walk(started)[:2] == (0, [])
    assert walk(started, ALL)[:2] == (1, pair_kept(stash, "2024-01-02", stash, path="other.py"))


def test_untracked_files_in_a_stash(started: Repo) -> None:
    started.write("app.py", pair_lines())
    started.git("stash", "push", "--quiet", "--include-untracked", env=dated("2024-01-02"))
    untracked = started.git("rev-parse", "refs/stash^3").strip()
    said = walk(started)
    assert [(one.path, one.commit, one.author_date) for one in said.findings] == [("app.py", untracked, "2024-01-02")] * 2


@pytest.mark.parametrize(("kind", "annotated"), [("blob", False), ("tree", True)], ids=["a blob", "an annotated tag of a tree"])
def test_a_ref_that_is_no_commit_s(started: Repo, kind: str, annotated: bool) -> None:
    started.stage("app.py", pair_lines())
    name = started.git("write-tree").strip() if kind == "tree" else started.git("rev-parse", ":app.py").strip()
    started.git("reset", "--quiet", "--hard")
    started.git("tag", *(["--annotate", "--message=a tag"] if annotated else []), "thing", name, env=dated("2024-01-02"))
    said = walk(started)
    assert (said.code, [one.rule for one in said.findings]) == (1, [ID_RULE, SECRET_RULE])
    # A ref reaches it, so it is not unreachable.
    assert UNREACHABLE not in said.paths
    assert refs_of(said) == {("refs/tags/thing",)}


# HEAD


def test_a_detached_head_has_it_still(started: Repo) -> None:
    started.git("switch", "--quiet", "--detach")
    first = put(started, "2024-01-02")
    drop_reflogs(started)
    said = walk(started)
    assert [(one.path, one.commit, one.last_commit) for one in said.findings] == [("app.py", first, first)] * 2
    assert said.tips == {("app.py", True)}
    assert refs_of(said) == {("HEAD",)}


def test_the_detached_head_of_a_linked_worktree_is_looked_at(started: Repo, tmp_path: Path) -> None:
    started.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    first = put(linked, "2024-01-02")
    drop_reflogs(linked)
    for place in (started, linked):
        assert {(one.path, one.commit) for one in walk(place).findings} == {("app.py", first)}


def test_what_a_worktree_has_is_the_repository_s(started: Repo, tmp_path: Path) -> None:
    first = put(started, "2024-01-02")
    started.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    assert walk(tmp_path / "linked")[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN, "refs/heads/side"))


def test_the_tip_has_it(started: Repo) -> None:
    put(started, "2024-01-02")
    assert walk(started).tips == {("app.py", True)}


def test_the_tip_has_it_no_more(started: Repo) -> None:
    put(started, "2024-01-02")
    gone(started, "2024-01-03")
    assert walk(started).tips == {("app.py", False)}


def test_the_tip_has_it_no_more_and_a_tag_has(started: Repo) -> None:
    put(started, "2024-01-02")
    started.git("tag", "v1")
    gone(started, "2024-01-03")
    assert walk(started).tips == {("app.py", False)}


def test_a_message_is_in_no_tip(started: Repo) -> None:
    first = commit(started, "2024-01-02", message=pair_lines())
    said = walk(started)
    assert (said[:2], said.tips) == ((1, pair_said(first, "2024-01-02")), {(MESSAGE, None)})


# What no ref reaches


def test_what_only_a_reflog_has_needs_all_objects(started: Repo) -> None:
    first = put(started, "2024-01-02")
    started.git("reset", "--quiet", "--hard", "HEAD~1")
    assert walk(started)[:2] == (0, [])
    assert walk(started, ALL)[:2] == (1, pair_kept(first, "2024-01-02", first))


def test_a_message_that_only_a_reflog_has_needs_all_objects(started: Repo) -> None:
    first = commit(started, "2024-01-02", message=pair_lines())
    started.git("reset", "--quiet", "--hard", "HEAD~1")
    assert walk(started)[:2] == (0, [])
    assert walk(started, ALL)[:2] == (1, pair_said(first, "2024-01-02"))


def test_an_amended_commit_needs_all_objects(started: Repo) -> None:
    first = put(started, "2024-01-02")
    started.stage("app.py", NOTHING)
    commit(started, "2024-01-03", "--amend")
    assert walk(started)[:2] == (0, [])
    assert walk(started, ALL)[:2] == (1, pair_kept(first, "2024-01-02", first))


def test_what_nothing_reaches_needs_all_objects(started: Repo) -> None:
    put(started, "2024-01-02")
    started.git("reset", "--quiet", "--hard", "HEAD~1")
    drop_reflogs(started)
    assert walk(started)[:2] == (0, [])
    expected = pair_kept(None, None, None, path=UNREACHABLE)
    assert walk(started, ALL)[:2] == (1, expected)


def test_a_blob_that_was_only_staged_needs_all_objects(started: Repo) -> None:
    started.stage("app.py", pair_lines())
    started.git("rm", "--quiet", "--cached", "--force", "app.py")
    (started.top / "app.py").unlink()
    assert walk(started)[:2] == (0, [])
    assert walk(started, ALL)[:2] == (1, pair_kept(None, None, None, path=UNREACHABLE))
    started.git("prune", "--expire=now")
    assert walk(started, ALL)[:2] == (0, [])


def test_two_unreachable_values_are_two_pairs(started: Repo) -> None:
    for seed in (1, 2, 1):
        started.git("hash-object", "-w", "--stdin", stdin=(pair_lines(seed) + f"n = {seed}\n").encode())
    said = walk(started, ALL)
    assert (said.code, said.paths) == (1, [UNREACHABLE] * 4)


def test_reachable_and_unreachable_versions_of_a_value(started: Repo) -> None:
    first = put(started, "2024-01-02")
    started.git("hash-object", "-w", "--stdin", stdin=(pair_lines() + "more\n").encode())
    expected = pair_kept(first, "2024-01-02", first, MAIN)
    assert walk(started)[:2] == (1, expected)
    assert sorted(walk(started, ALL).findings) == sorted(pair_kept(None, None, None, path=UNREACHABLE) + expected, key=str)


def test_all_objects_alone_means_the_history(started: Repo) -> None:
    first = put(started, "2024-01-02")
    done = started.scan("--all-objects", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["findings"][0]["commit"]) == (1, first)


def test_nothing_is_a_ref_that_a_replacement_shows(started: Repo) -> None:
    first = put(started, "2024-01-02")
    clean = put(started, "2024-01-03", NOTHING)
    started.git("replace", first, f"{first}~1")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", clean))
