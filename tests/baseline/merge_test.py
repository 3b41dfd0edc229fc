"""Two branches that each add exceptions merge in git without a conflict, and no entry is lost."""

import os
import random
import re
from collections.abc import Iterable

import pytest

from alikey_hook.allowlist import edit
from alikey_hook.allowlist.match import Entry
from alikey_hook.allowlist.parse import parse
from alikey_hook.commands.baseline.entries import own_file
from tests.allowlist.drawn import digest
from tests.baseline.commands import REVIEWER, TODAY, alikey, baseline, relative
from tests.repository import Repo

pytestmark = pytest.mark.once

TRIALS, KNOWN, ADDED = 200, 50, 5
ONE_FILE = "baseline/alikey.yaml"
Files = dict[str, bytes]


def entry(seed: object) -> Entry:
    return Entry(
        digest(seed), "test-fixture", "made for this test", (), None, "", 0, "alibaba-access-key-id", "x…y", REVIEWER, TODAY
    )


def baseline_of(listed: Iterable[Entry], one_file: bool) -> Files:
    """The baseline files of some entries: what `allow` makes in whatever order it gets them, but faster."""
    files: Files = {}
    for one in sorted(listed):
        path = ONE_FILE if one_file else os.path.relpath(own_file(one.fingerprint))
        files[path] = files.get(path, b"version: 1\nallow:\n") + edit.written(one).encode()
    return files


class Stream:
    """Commits for `git fast-import`: many at once, fast."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def commit(self, branch: str, files: Files, start: str = "") -> None:
        """A commit that has exactly these files."""
        head = f"commit refs/heads/{branch}\ncommitter A Tester <tester@example.com> 1700000000 +0000\ndata 8\na commit\n"
        head += f"from refs/heads/{start}\n" if start else ""
        self._parts.append(head.encode() + b"deleteall\n")
        for path, content in files.items():
            self._parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")

    def run(self, repo: Repo) -> None:
        """Make the commits."""
        repo.git("fast-import", "--quiet", stdin=b"".join(self._parts))


def prepared(repo: Repo, one_file: bool, trials: int = TRIALS) -> list[set[str]]:
    """Branches base-N, ours-N, theirs-N; the fingerprints that a merge must have."""
    stream, wanted = Stream(), []
    for trial in range(trials):
        known, ours, theirs = (
            [entry((trial, who, number)) for number in range(count)]
            for who, count in (("known", KNOWN), ("ours", ADDED), ("theirs", ADDED))
        )
        stream.commit(f"base-{trial}", baseline_of(known, one_file))
        stream.commit(f"ours-{trial}", baseline_of(known + ours, one_file), f"base-{trial}")
        stream.commit(f"theirs-{trial}", baseline_of(known + theirs, one_file), f"base-{trial}")
        wanted.append({one.fingerprint for one in [*known, *ours, *theirs]})
    stream.run(repo)
    return wanted


def merged(repo: Repo, trial: int) -> str | None:
    """The tree that git makes of two branches; None where it has a conflict."""
    done = repo.attempt("merge-tree", "--write-tree", f"ours-{trial}", f"theirs-{trial}")
    if done.returncode not in (0, 1):
        pytest.skip("git merge-tree --write-tree needs git 2.38")
    return done.stdout.strip() if done.returncode == 0 else None


def prints(repo: Repo, tree: str) -> list[str]:
    """The fingerprints in a tree's baseline, in the order of its files."""
    listed = [line.split(None, 3)[2:] for line in repo.git("ls-tree", "-r", tree).splitlines()]
    query = "\n".join(blob for blob, _ in listed) + "\n"
    answers = repo.git("cat-file", "--batch", stdin=query.encode()).encode()
    found = []
    for _, path in listed:
        head, _, answers = answers.partition(b"\n")
        size = int(head.split()[2])
        found += [one.fingerprint for one in parse(answers[:size], path)]
        answers = answers[size + 1 :]
    return found


def conflicts(repo: Repo, one_file: bool) -> int:
    """How many of the trials have a conflict; in all others no entry is lost, none is there twice, all are in order."""
    count = 0
    for trial, wanted in enumerate(prepared(repo, one_file)):
        tree = merged(repo, trial)
        if tree is None:
            count += 1
            continue
        found = prints(repo, tree)
        assert sorted(found) == sorted(wanted)
        assert found == sorted(found)
    return count


def test_entries_in_files_of_their_own_always_merge(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.top)
    assert conflicts(repo, one_file=False) <= TRIALS // 10


@pytest.mark.slow
def test_entries_in_one_file_are_never_lost(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repo.top)
    count = conflicts(repo, one_file=True)
    with capsys.disabled():
        print(f"\nin one sorted file: {TRIALS - count} of {TRIALS} merges without a conflict")


@pytest.mark.parametrize("one_file", [False, True], ids=["files of their own", "one file"])
def test_what_is_merged_here_is_what_allow_writes(repo: Repo, monkeypatch: pytest.MonkeyPatch, one_file: bool) -> None:
    monkeypatch.chdir(repo.top)
    new = [entry(number)._replace(rule="", redacted="", reviewed_on=TODAY) for number in range(6)]
    for one in random.Random(1).sample(new, 6):
        options = ["--file", ONE_FILE] if one_file else []
        done = baseline(repo, "allow", one.fingerprint, "--status", one.status, "--reason", one.reason, *options)
        assert done.code == 0, done.err
    files = {relative(repo, path): path.read_bytes() for path in (repo.top / "baseline").iterdir()}
    assert files == baseline_of(new, one_file)


@pytest.mark.parametrize("one_file", [False, True], ids=["files of their own", "one file"])
def test_git_merge_says_the_same_as_merge_tree(repo: Repo, monkeypatch: pytest.MonkeyPatch, one_file: bool) -> None:
    monkeypatch.chdir(repo.top)
    for trial, wanted in enumerate(prepared(repo, one_file, 5)):
        repo.git("checkout", "--quiet", "--force", f"ours-{trial}")
        done = repo.attempt("merge", "--quiet", "--no-edit", f"theirs-{trial}")
        assert (done.returncode == 0) == (merged(repo, trial) is not None), done.stdout
        if done.returncode == 0:
            assert sorted(prints(repo, "HEAD")) == sorted(wanted)
        else:
            repo.git("merge", "--abort")


def two_branches(repo: Repo, ours: list[int], theirs: list[int], one_file: bool) -> None:
    stream = Stream()
    stream.commit("base-0", baseline_of([entry(0)], one_file))
    for branch, numbers in (("ours-0", ours), ("theirs-0", theirs)):
        stream.commit(branch, baseline_of(map(entry, [0, *numbers]), one_file), "base-0")
    stream.run(repo)


def test_the_same_exception_of_two_branches_merges_where_it_is_the_same(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.top)
    two_branches(repo, [1, 2], [1, 3], one_file=False)
    tree = merged(repo, 0)
    assert tree
    assert sorted(prints(repo, tree)) == sorted(digest(number) for number in range(4))


def test_a_conflict_that_is_left_in_a_file_is_refused(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.top)
    between = [number for number in range(1, 20) if digest(number) > digest(0)]
    two_branches(repo, between[:1], between[1:2], one_file=True)
    repo.git("checkout", "--quiet", "ours-0")
    assert repo.attempt("merge", "--quiet", "theirs-0").returncode == 1
    content = (repo.top / ONE_FILE).read_bytes()
    assert b"<<<<<<<" in content
    repo.git("add", "--all")
    commands = (["hook"], ["baseline", "list"], ["baseline", "allow", digest(9), "--status=example", "--reason=a"])
    for command in commands:
        done = alikey(repo, *command)
        assert (done.code, done.out) == (2, "")
        assert re.match(rf"alikey-hook: {ONE_FILE}:\d+: not YAML: ", done.err), done.err
    assert (repo.top / ONE_FILE).read_bytes() == content
