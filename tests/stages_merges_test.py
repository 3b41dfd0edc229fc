"""Merges in a range of commits: what the merge itself brings is found, what a parent brought is told once."""

import pytest

from tests.repository import Repo, pair_lines
from tests.stages import NOTHING, committed, leaky, pair_in, ranged

pytestmark = pytest.mark.once


@pytest.fixture
def start(repo: Repo) -> str:
    """A commit with two files, from which the branch `theirs` goes off and main goes on; gives the commit."""
    repo.stage("app.py", "first\n" * 9)
    start = committed(repo, path="other.py")
    repo.git("branch", "theirs")
    committed(repo, "ours\n" * 9)
    return start


def on_theirs(repo: Repo, content: str, path: str = "app.py") -> str:
    """Commit a file on the other branch."""
    repo.git("switch", "--quiet", "theirs")
    commit = committed(repo, content, path)
    repo.git("switch", "--quiet", "main")
    return commit


def merged(repo: Repo, *branches: str) -> str:
    """Merge branches that do not conflict; gives the merge's id."""
    repo.git("merge", "--quiet", "--no-ff", "--no-edit", *branches)
    return repo.git("rev-parse", "HEAD").strip()


@pytest.mark.parametrize("message", ["typed", "removed again"])
def test_a_key_typed_into_a_conflict_s_resolution_is_found(repo: Repo, start: str, message: str) -> None:
    on_theirs(repo, "theirs\n" * 9)
    assert repo.attempt("merge", "theirs").returncode == 1
    merge = leaky(repo)
    assert repo.git("rev-list", "--parents", "-1", merge).count(" ") == 2
    if message == "removed again":
        committed(repo)
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, merge, in_tip=message == "typed"))


def test_a_key_added_to_a_merge_without_a_conflict_is_found(repo: Repo, start: str) -> None:
    on_theirs(repo, NOTHING * 2, "other.py")
    merged(repo, "theirs")
    repo.stage("third.py", pair_lines())
    repo.git("commit", "--quiet", "--amend", "--no-edit")
    merge = repo.git("rev-parse", "HEAD").strip()
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, merge, "third.py"))


def test_what_a_merge_only_brings_along_is_told_once(repo: Repo, start: str) -> None:
    theirs = on_theirs(repo, pair_lines(), "other.py")
    merge = merged(repo, "theirs")
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, theirs, "other.py"))
    assert ranged(repo, f"{theirs}..{merge}")[:2] == (0, [])
    assert ranged(repo, f"{merge}^..{merge}")[:2] == (1, pair_in(repo, theirs, "other.py"))


def test_what_a_merge_combines_is_existing(repo: Repo, start: str) -> None:
    theirs = on_theirs(repo, "first\n" * 9 + pair_lines())
    committed(repo, "ours\n" + "first\n" * 9)
    merge = merged(repo, "theirs")
    expected = pair_in(repo, theirs, line=10) + pair_in(repo, merge, line=11, status="existing")
    assert ranged(repo, f"{start}..")[:2] == (1, expected)
    assert ranged(repo, f"{theirs}..")[:2] == (0, expected[2:])


def test_a_resolution_that_takes_one_side_whole_brings_nothing(repo: Repo, start: str) -> None:
    theirs = on_theirs(repo, pair_lines())
    assert repo.attempt("merge", "theirs").returncode == 1
    repo.stage("app.py", pair_lines())
    merge = repo.commit()
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, theirs))
    assert ranged(repo, f"{theirs}..{merge}")[:2] == (0, [])


@pytest.mark.parametrize("evil", [False, True], ids=["as git makes it", "with a key typed into it"])
def test_an_octopus_merge_is_looked_at_against_all_its_parents(repo: Repo, start: str, evil: bool) -> None:
    brought = []
    for number in (1, 2, 3):
        repo.git("switch", "--quiet", "-c", f"side-{number}", start)
        brought += pair_in(repo, leaky(repo, f"side-{number}.py", number), f"side-{number}.py")
    repo.git("switch", "--quiet", "main")
    merge = merged(repo, "side-1", "side-2", "side-3")
    assert repo.git("rev-list", "--parents", "-1", merge).count(" ") == 4
    if evil:
        repo.stage("side-1.py", pair_lines(1) + pair_lines(4))
        repo.git("commit", "--quiet", "--amend", "--no-edit")
        merge = repo.git("rev-parse", "HEAD").strip()
        # side-1.py is another blob now, in which the old pair still stands.
        brought += pair_in(repo, merge, "side-1.py", 1, "existing") + pair_in(repo, merge, "side-1.py", 3)
    said = ranged(repo, f"{start}..")
    assert said.code == 1
    assert sorted(said.leaks) == sorted(brought)


def test_a_key_that_a_merge_throws_away_is_found_in_the_branch(repo: Repo, start: str) -> None:
    theirs = on_theirs(repo, pair_lines(), "other.py")
    repo.git("merge", "--quiet", "--strategy=ours", "--no-edit", "theirs")
    assert ranged(repo, f"{start}..")[:2] == (1, pair_in(repo, theirs, "other.py", in_tip=False))


def test_a_key_in_the_middle_of_a_merged_branch_is_found(repo: Repo, start: str) -> None:
    theirs = on_theirs(repo, pair_lines(), "other.py")
    on_theirs(repo, NOTHING * 2, "other.py")
    merge = merged(repo, "theirs")
    assert ranged(repo, f"{merge}^..{merge}")[:2] == (1, pair_in(repo, theirs, "other.py", in_tip=False))


def test_unrelated_histories_that_are_merged_are_looked_at(repo: Repo, start: str) -> None:
    repo.git("switch", "--quiet", "--orphan", "stranger")
    root = leaky(repo, "stranger.py")
    repo.git("switch", "--quiet", "main")
    merge = merged(repo, "--allow-unrelated-histories", "stranger")
    assert ranged(repo, f"{merge}^..{merge}")[:2] == (1, pair_in(repo, root, "stranger.py"))
