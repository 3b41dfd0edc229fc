"""The four honest answers, in every kind of clone: uncommitted, local, pushed, unknown; and when and where exactly."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.history.scanning import NOTHING, commit, dated, drop_reflogs, gone, put
from tests.keys import access_key_id
from tests.repository import Repo, new_repository, pair_lines
from tests.response.incidents import FETCHED, FETCHED_AT, MAIN, REMOTE, ran, rewound, told

pytestmark = pytest.mark.once


@pytest.fixture
def shared(repo: Repo, tmp_path: Path) -> Repo:
    """A repository with one clean commit, pushed to its remote and fetched at a known time."""
    bare = new_repository(tmp_path / "bare.git", "--bare")
    repo.git("remote", "add", "origin", str(bare.top))
    put(repo, "2024-01-01", NOTHING, "other.py")
    repo.git("push", "--quiet", "origin", "main")
    repo.git("fetch", "--quiet")
    rewound(repo)
    return repo


def clone(shared: Repo, *options: str, name: str = "clone") -> Repo:
    """A clone of the remote."""
    shared.git("clone", "--quiet", *options, f"file://{shared.top.parent}/bare.git", str(shared.top.parent / name))
    return Repo(shared.top.parent / name)


# Uncommitted


def test_only_staged(repo: Repo) -> None:
    repo.stage("sub dir/app.py", pair_lines())
    (repo.top / "sub dir/app.py").unlink()
    said = told(repo, 1)
    assert (said.code, said.state, said.spots) == (1, "uncommitted", [])
    assert said.known("staged", "files", "refs", "unreachable", "last_fetch") == [["sub dir/app.py"], [], [], 1, None]
    assert said.commands == ["git reset --quiet -- 'sub dir/app.py'", "git prune --expire=now"]


def test_only_staged_on_top_of_a_commit_and_its_commands(shared: Repo) -> None:
    shared.stage("app.py", pair_lines())
    said = told(shared, 1)
    assert (said.state, said.known("staged", "files", "unreachable")) == ("uncommitted", [["app.py"], ["app.py"], 1])
    (shared.top / "app.py").unlink()
    for command in said.commands:
        assert shell(shared, command) == 0
    assert told(shared, 1).code == 0


def test_the_commands_of_a_key_that_was_staged_before_the_first_commit(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    said = told(repo, 1)
    (repo.top / "app.py").unlink()
    for command in said.commands:
        assert shell(repo, command) == 0, command
    assert told(repo, 1).code == 0


@pytest.mark.parametrize("cwd", ["", "sub"])
def test_the_commands_work_where_they_were_printed(shared: Repo, cwd: str) -> None:
    put(shared, "2024-01-02", NOTHING, "sub/other.py")
    shared.stage("sub/app.py", pair_lines())
    said = told(shared, 1, cwd=cwd)
    assert said.known("staged", "files") == [["sub/app.py"], ["sub/app.py"]]
    (shared.top / "sub/app.py").unlink()
    for command in said.commands:
        assert shell(shared, command, cwd) == 0, command
    assert told(shared, 1).code == 0


NAMES = [
    "a'b.py",
    "a\nb.py\t%s'\"`touch x`",
    "a$(touch x).py",
    "-a\x07.py",
    "-a.py",
    "密 钥.py",
    "a\udcff.py",
    ":(top)",
    "*.p[y]\\?",
]


@pytest.mark.parametrize("path", NAMES)
def test_a_command_s_path_is_quoted(repo: Repo, path: str) -> None:
    put(repo, "2024-01-01", NOTHING, "other.py")
    repo.stage(path, pair_lines())
    repo.stage("b.py", NOTHING)
    commands = told(repo, 1).commands
    # As it is shown, it works.
    assert commands[0] in ran(repo.top, access_key_id(1)).stdout.split("\n  ")
    assert shell(repo, commands[0]) == 0
    assert repo.git("diff", "--cached", "--name-only") == "b.py\n"
    assert not (repo.top / "x").exists()


def test_only_in_the_working_tree(shared: Repo) -> None:
    shared.write("untracked/app.py", pair_lines())
    shared.write("other.py", NOTHING + pair_lines())
    said = told(shared, 1)
    assert (said.code, said.state, said.spots) == (1, "uncommitted", [])
    assert said.known("staged", "files", "refs", "unreachable") == [[], ["other.py", "untracked/app.py"], [], 0]


def test_from_a_subfolder_paths_are_from_the_top(shared: Repo) -> None:
    put(shared, "2024-01-02", NOTHING, "sub/other.py")
    shared.write("app.py", pair_lines())
    shared.write("sub/app.py", pair_lines())
    assert told(shared, 1, cwd="sub").known("files") == [["app.py", "sub/app.py"]]


def test_an_object_that_nothing_reaches(repo: Repo) -> None:
    put(repo, "2024-01-01", NOTHING, "other.py")
    put(repo, "2024-01-02")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    drop_reflogs(repo)
    said = told(repo, 1)
    assert (said.state, said.spots, said.known("unreachable")) == ("uncommitted", [], [1])
    for command in said.commands:
        assert shell(repo, command) == 0
    assert told(repo, 1).code == 0


def test_an_object_that_nothing_reaches_in_a_pack(repo: Repo) -> None:
    put(repo, "2024-01-01", NOTHING, "other.py")
    put(repo, "2024-01-02")
    repo.git("repack", "-a", "-d", "--quiet")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    drop_reflogs(repo)
    said = told(repo, 1)
    assert (said.state, said.commands) == ("uncommitted", ["git gc --prune=now"])
    assert shell(repo, said.commands[0]) == 0
    assert told(repo, 1).code == 0


# Local


def test_only_committed(shared: Repo) -> None:
    first = put(shared, "2024-01-02")
    said = told(shared, 1)
    assert (said.code, said.state, said.spots) == (1, "local", [(first, "2024-01-02", "app.py", True)])
    assert said.known("refs", "remote_refs", "last_fetch") == [[MAIN], [], FETCHED]
    assert said.commands == ["git reflog expire --expire=now --all", "git gc --prune=now"]


def test_the_commands_of_a_key_that_was_only_committed(shared: Repo) -> None:
    put(shared, "2024-01-02")
    said = told(shared, 1)
    shared.stage("app.py", NOTHING)
    commit(shared, "2024-01-03", "--amend")
    assert told(shared, 1).state == "local"
    for command in said.commands:
        assert shell(shared, command) == 0
    assert told(shared, 1).code == 0


def test_the_commands_of_a_key_in_a_stash(shared: Repo) -> None:
    shared.stage("app.py", pair_lines())
    shared.git("stash", "push", "--quiet")
    said = told(shared, 1)
    assert (said.state, said.commands[0]) == ("local", "git stash clear")
    for command in said.commands:
        assert shell(shared, command) == 0
    assert told(shared, 1).code == 0


def test_on_a_detached_head_of_ours(shared: Repo) -> None:
    shared.git("switch", "--quiet", "--detach")
    put(shared, "2024-01-02")
    said = told(shared, 1)
    assert (said.state, said.known("refs")) == ("local", [[]])


@pytest.mark.parametrize("old", [".", "linked"])
def test_the_later_of_two_fetches_is_the_last(shared: Repo, tmp_path: Path, old: str) -> None:
    shared.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    linked.git("fetch", "--quiet")
    heads = [shared.top / ".git/FETCH_HEAD", shared.top / ".git/worktrees/linked/FETCH_HEAD"]
    for head in heads:
        os.utime(head, (FETCHED_AT, FETCHED_AT))
    os.utime(heads[old == "linked"], (FETCHED_AT - 10**6, FETCHED_AT - 10**6))
    put(linked, "2024-01-02")
    assert told(linked, 1).known("last_fetch") == [FETCHED]


def test_a_fetch_that_failed_is_none(shared: Repo) -> None:
    put(shared, "2024-01-02")
    shutil.move(shared.top.parent / "bare.git", shared.top.parent / "away")
    assert shared.attempt("fetch").returncode != 0
    assert told(shared, 1).known("state", "last_fetch") == ["local", None]


def test_in_a_linked_worktree_the_last_fetch_is_known_too(shared: Repo, tmp_path: Path) -> None:
    shared.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    first = put(Repo(tmp_path / "linked"), "2024-01-02")
    said = told(tmp_path / "linked", 1)
    assert (said.state, said.spots) == ("local", [(first, "2024-01-02", "app.py", True)])
    assert said.known("refs", "last_fetch") == [["refs/heads/side"], FETCHED]


def test_a_clone_that_never_fetched_again_heard_of_its_remote_when_it_was_made(shared: Repo) -> None:
    made = clone(shared)
    put(made, "2024-01-02")
    said = told(made, 1)
    assert (said.state, said.known("last_fetch")) == ("local", [None])
    assert "last fetch: ?" in said.report["plan"]["verdict"]


# Pushed


def test_pushed_and_cleaned_afterwards(shared: Repo) -> None:
    first = put(shared, "2024-01-02")
    last = gone(shared, "2024-01-03")
    shared.git("push", "--quiet", "origin", "main")
    said = told(shared, 1)
    assert (said.code, said.state) == (1, "pushed")
    assert said.spots == [(first, "2024-01-02", "app.py", True), (last, "2024-01-03", "app.py", False)]
    assert said.known("refs", "remote_refs") == [[MAIN, REMOTE], [REMOTE]]


def test_a_force_push_does_not_make_it_unpushed_for_another_clone(shared: Repo) -> None:
    put(shared, "2024-01-02")
    shared.git("push", "--quiet", "origin", "main")
    other = clone(shared)
    shared.git("reset", "--quiet", "--hard", "HEAD~1")
    shared.git("push", "--quiet", "--force", "origin", "main")
    assert told(other, 1).state == "pushed"


@pytest.mark.parametrize(
    "options", [(), ("--no-checkout",), ("--bare",), ("--mirror",)], ids=["clone", "no checkout", "bare", "mirror"]
)
def test_a_clone_of_what_was_pushed(shared: Repo, options: tuple[str, ...]) -> None:
    first = put(shared, "2024-01-02")
    shared.git("push", "--quiet", "origin", "main")
    made = clone(shared, *options)
    said = told(made, 1)
    assert (said.code, said.spots) == (1, [(first, "2024-01-02", "app.py", True)])
    bare = bool({"--bare", "--mirror"} & set(options))
    # A bare clone has no remote-tracking refs: it cannot tell.
    assert said.state == ("unknown" if bare else "pushed")
    assert said.known("remote_refs") == [[] if bare else [REMOTE]]
    assert told(made, 1, "--ask-remote").state == "pushed"


def test_what_a_clone_has_only_through_a_tag_of_the_remote_is_not_called_local(shared: Repo) -> None:
    shared.git("switch", "--quiet", "--create", "topic")
    put(shared, "2024-01-02")
    shared.git("tag", "v1")
    shared.git("push", "--quiet", "origin", "v1")
    made = clone(shared)
    said = told(made, 1)
    assert said.known("refs", "remote_refs") == [["refs/tags/v1"], []]
    # Fetched tags stand beside our own, and nothing tells them apart: this one came from the remote.
    assert said.state == "unknown"
    assert told(made, 1, "--ask-remote").known("state", "remote_refs") == ["pushed", ["origin: refs/tags/v1"]]


def test_a_tag_s_message_is_not_pushed_with_the_commit_that_it_tags(shared: Repo) -> None:
    shared.git("tag", "--annotate", f"--message={pair_lines()}", "v1", env=dated("2024-01-02"))
    said = told(shared, 1)
    assert said.known("refs", "remote_refs", "state") == [["refs/tags/v1"], [], "unknown"]
    assert told(shared, 1, "--ask-remote").known("remote_refs", "state") == [[], "local"]


@pytest.mark.parametrize("ref", ["refs/pull/7/head", "refs/notes/x", "refs/prefetch/remotes/origin/main"])
def test_what_another_ref_has_may_have_come_from_a_remote(shared: Repo, ref: str) -> None:
    put(shared, "2024-01-02")
    shared.git("update-ref", ref, "HEAD")
    assert told(shared, 1).state == "local"
    shared.git("reset", "--quiet", "--hard", "HEAD~1")
    said = told(shared, 1)
    assert (said.state, said.known("refs")) == ("unknown", [[ref]])
    assert told(shared, 1, "--ask-remote").state == "local"


def test_the_message_of_a_tag_that_is_tagged(shared: Repo) -> None:
    shared.git("tag", "--annotate", f"--message={pair_lines()}", "v1", env=dated("2024-01-02"))
    name = shared.git("rev-parse", "v1").strip()
    shared.git("tag", "--annotate", "--message=a tag", "v2", "v1", env=dated("2024-01-03"))
    shared.git("tag", "--annotate", "--message=a tag", "v3", "v2", env=dated("2024-01-04"))
    shared.git("tag", "--annotate", "--message=a tag", "v4", env=dated("2024-01-04"))
    shared.git("tag", "--delete", "v1")
    shared.git("push", "--quiet", "origin", "v3", "v4")
    said = told(shared, 1)
    assert (said.spots, said.known("refs")) == ([(name, "2024-01-02", "(message)", True)], [["refs/tags/v2", "refs/tags/v3"]])
    assert told(shared, 1, "--ask-remote").known("remote_refs") == [["origin: refs/tags/v3"]]


@pytest.mark.parametrize("kind", ["blob", "tree"])
def test_the_message_of_a_tag_of_something_else(shared: Repo, kind: str) -> None:
    name = shared.git("rev-parse", "HEAD:other.py" if kind == "blob" else "HEAD^{tree}").strip()
    shared.git("tag", "--annotate", f"--message={pair_lines()}", "v1", name, env=dated("2024-01-02"))
    said = told(shared, 1)
    assert (said.code, [spot[1:] for spot in said.spots]) == (1, [("2024-01-02", "(message)", True)]), said.err
    put(shared, "2024-01-02")
    assert [spot[2] for spot in told(shared, 1).spots] == ["app.py", "(message)"]


# Asking


def test_what_another_one_pushed_is_unheard(shared: Repo) -> None:
    other = clone(shared)
    put(other, "2024-01-03", NOTHING, "more.py")
    other.git("push", "--quiet", "origin", "HEAD:refs/heads/elsewhere")
    first = put(shared, "2024-01-02")
    said = told(shared, 1, "--ask-remote")
    assert (said.spots, said.known("state", "remote_refs", "unheard")) == (
        [(first, "2024-01-02", "app.py", True)],
        ["local", [], 1],
    )


def test_an_annotated_tag_that_another_one_pushed_is_one_ref(shared: Repo) -> None:
    other = clone(shared)
    put(other, "2024-01-03", NOTHING, "more.py")
    other.git("tag", "--annotate", "--message=a tag", "v9")
    other.git("push", "--quiet", "origin", "v9")
    put(shared, "2024-01-02")
    assert told(shared, 1, "--ask-remote").known("unheard") == [1]


def test_an_annotated_tag_of_ours_is_named_once(shared: Repo) -> None:
    put(shared, "2024-01-02")
    shared.git("tag", "--annotate", "--message=a tag", "v1")
    shared.git("push", "--quiet", "origin", "v1")
    assert told(shared, 1, "--ask-remote").known("remote_refs") == [["origin: refs/tags/v1"]]


def test_every_remote_is_asked(shared: Repo, tmp_path: Path) -> None:
    put(shared, "2024-01-02")
    second = new_repository(tmp_path / "second.git", "--bare")
    shared.git("remote", "add", "backup", str(second.top))
    shared.git("push", "--quiet", str(second.top), "main:refs/heads/copy")
    assert told(shared, 1, "--ask-remote").known("remote_refs") == [["backup: refs/heads/copy"]]


def test_a_remote_that_does_not_answer(shared: Repo) -> None:
    put(shared, "2024-01-02")
    shutil.rmtree(shared.top.parent / "bare.git")
    done = ran(shared.top, access_key_id(1), "--ask-remote")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: git ls-remote failed: ")


def test_nobody_is_asked_about_what_is_in_no_commit(shared: Repo) -> None:
    shared.stage("app.py", pair_lines())
    shutil.rmtree(shared.top.parent / "bare.git")
    assert told(shared, 1, "--ask-remote").state == "uncommitted"


# Unknown


def test_a_repository_without_a_remote(repo: Repo) -> None:
    first = put(repo, "2024-01-02")
    said = told(repo, 1)
    assert (said.code, said.state, said.spots) == (1, "unknown", [(first, "2024-01-02", "app.py", True)])
    assert said.known("refs", "remote_refs", "last_fetch") == [[MAIN], [], None]


def test_a_remote_of_which_nothing_was_heard(repo: Repo, tmp_path: Path) -> None:
    new_repository(tmp_path / "bare.git", "--bare")
    repo.git("remote", "add", "origin", str(tmp_path / "bare.git"))
    put(repo, "2024-01-02")
    assert told(repo, 1).state == "unknown"


def test_a_shallow_clone(shared: Repo) -> None:
    put(shared, "2024-01-02", NOTHING * 2, "other.py")
    shared.git("push", "--quiet", "origin", "main")
    made = clone(shared, "--depth=1")
    first = put(made, "2024-01-03")
    said = told(made, 1)
    assert (said.state, said.spots) == ("unknown", [(first, "2024-01-03", "app.py", True)])
    assert "shallow" in said.report["plan"]["verdict"]


def test_a_shallow_clone_of_what_was_pushed(shared: Repo) -> None:
    put(shared, "2024-01-02")
    put(shared, "2024-01-03", NOTHING * 2, "other.py")
    shared.git("push", "--quiet", "origin", "main")
    said = told(clone(shared, "--depth=1"), 1)
    assert (said.state, said.known("remote_refs")) == ("pushed", [[REMOTE]])


def test_a_bare_repository(tmp_path: Path, shared: Repo) -> None:
    first = put(shared, "2024-01-02")
    shared.git("push", "--quiet", "origin", "main")
    said = told(tmp_path / "bare.git", 1)
    assert (said.code, said.state, said.spots) == (1, "unknown", [(first, "2024-01-02", "app.py", True)])
    assert said.known("staged", "files", "refs") == [[], [], [MAIN]]


def test_an_object_that_is_not_here_may_hold_it(shared: Repo) -> None:
    put(shared, "2024-01-02")
    gone(shared, "2024-01-03")
    shared.git("push", "--quiet", "origin", "main")
    bare = Repo(shared.top.parent / "bare.git")
    bare.git("config", "uploadpack.allowFilter", "true")
    made = clone(shared, "--filter=blob:none")
    shutil.move(bare.top, shared.top.parent / "away")
    assert ran(made.top, access_key_id(1)).returncode == 2


# Days and order


def test_what_came_and_went_on_one_day_is_told_in_that_order(shared: Repo) -> None:
    first, last = put(shared, "2024-01-02"), gone(shared, "2024-01-02")
    again, end = put(shared, "2024-01-02"), gone(shared, "2024-01-02")
    expected = [
        (name, "2024-01-02", "app.py", brings) for name, brings in zip((first, last, again, end), (1, 0, 1, 0), strict=True)
    ]
    for seed in range(3):
        assert told(shared, 1, env={"PYTHONHASHSEED": str(seed)}).spots == expected


def test_a_version_after_another_one_neither_brings_nor_takes(shared: Repo) -> None:
    first = put(shared, "2024-01-02")
    put(shared, "2024-01-03", pair_lines() + NOTHING)
    last = gone(shared, "2024-01-04")
    assert told(shared, 1).spots == [(first, "2024-01-02", "app.py", True), (last, "2024-01-04", "app.py", False)]


@pytest.mark.parametrize("author", ["A <a@example.com> 99999999999999 +0000", "A <a@example.com>"], ids=["far away", "none"])
def test_a_day_that_git_would_not_write(shared: Repo, author: str) -> None:
    shared.stage("app.py", pair_lines())
    tree = shared.git("write-tree").strip()
    text = f"tree {tree}\nauthor {author}\ncommitter A <a@example.com> 1704196800 +0000\n\n{pair_lines()}"
    first = shared.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=text.encode()).strip()
    shared.git("update-ref", "refs/heads/odd", first)
    said = told(shared, 1)
    assert (said.code, {spot[0] for spot in said.spots}) == (1, {first}), said.err


def shell(repo: Repo, command: str, cwd: str = "") -> int:
    """Run a command as it was printed; gives its exit code."""
    return subprocess.run(["sh", "-c", command], cwd=repo.top / cwd, env=os.environ, capture_output=True).returncode
