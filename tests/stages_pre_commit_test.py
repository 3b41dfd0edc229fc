"""The hooks for pushes and messages under the real pre-commit and the real prek, through real pushes and commits."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import pre_commit_test
from tests.pre_commit_test import FIRST_LINE, MANAGERS, NOTHING, Consumer
from tests.repository import Repo, new_repository, pair_lines
from tests.stages import committed, leaky, pair_baseline, remote_of

pytestmark = pytest.mark.slow

# Fixtures of the other module: the environment is built once a module.
environment = pre_commit_test.environment
published = pre_commit_test.published


class Pusher(NamedTuple):
    """A repository whose hook manager runs us when something is committed or pushed, and its remote."""

    consumer: Consumer
    repo: Repo
    bare: Repo
    config: str

    def push(self, *args: str) -> tuple[int, str]:
        """Exit code and output of `git push`; what is refused must not change the remote."""
        before = self.bare.git("for-each-ref")
        done = self.repo.attempt("push", *(args or ("origin", "main")))
        assert done.returncode == 0 or self.bare.git("for-each-ref") == before
        return done.returncode, done.stdout + done.stderr

    def configure(self, **options: str) -> None:
        """Give the hook for pushes options (`args`, `verbose`)."""
        lines = "".join(f"        {name}: {value}\n" for name, value in options.items())
        hook = "      - id: alikey-hook-push\n"
        self.repo.write(".pre-commit-config.yaml", self.config.replace(hook, hook + lines))
        self.repo.git("-c", "core.hooksPath=/nowhere", "commit", "--quiet", "--all", "--message=options")


@pytest.fixture(params=MANAGERS)
def first(request: pytest.FixtureRequest, tmp_path: Path, published: tuple[Path, str]) -> Pusher:
    """A repository with our hooks for messages and pushes, and a remote that has nothing yet."""
    source, commit = published
    repo = new_repository(tmp_path / "consumer")
    config = (
        f"repos:\n  - repo: {source}\n    rev: {commit}\n    hooks:\n"
        "      - id: alikey-hook\n      - id: alikey-hook-message\n      - id: alikey-hook-push\n"
    )
    repo.stage(".pre-commit-config.yaml", config)
    repo.commit()
    consumer = Consumer(repo, MANAGERS[request.param])
    code, output = consumer.run("install", "--hook-type", "pre-commit", "--hook-type", "pre-push", "--hook-type", "commit-msg")
    assert code == 0, output
    return Pusher(consumer, repo, remote_of(repo, tmp_path / "remote.git"), config)


@pytest.fixture
def pusher(first: Pusher) -> Pusher:
    """A repository whose first commit the remote has."""
    code, output = first.push()
    assert code == 0, output
    return first


def refused(result: tuple[int, str], commit: str, path: str = "app.py") -> str:
    """The output of a push that is refused for a pair that came in a commit."""
    code, output = result
    assert code == 1, output
    assert "\n- hook id: alikey-hook-push\n" in output
    assert "\n- exit code: 1\n" in output
    assert re.search(rf"^ *{re.escape(path + FIRST_LINE)}$", output, re.MULTILINE), output
    assert f"came in commit {commit[:12]}" in output
    return output


# Pushes


@pytest.mark.parametrize("then", ["kept", "removed again"])
def test_a_key_on_a_branch_that_the_remote_knows_is_refused(pusher: Pusher, then: str) -> None:
    committed(pusher.repo, path="other.py")
    added = leaky(pusher.repo)
    if then == "removed again":
        pusher.repo.git("rm", "--quiet", "app.py")
        pusher.repo.commit()
    output = refused(pusher.push(), added)
    gone = "gone from the newest commit, but not from the history"
    assert (gone in output) == (then == "removed again")


def test_a_key_that_leaves_no_difference_is_refused(pusher: Pusher) -> None:
    added = leaky(pusher.repo)
    pusher.repo.git("revert", "--no-edit", "HEAD")
    assert pusher.repo.git("diff", "origin/main", "main") == ""
    refused(pusher.push(), added)


def test_a_clean_push_and_an_old_key_pass(pusher: Pusher) -> None:
    leaky(pusher.repo)
    pusher.repo.git("push", "--quiet", "--no-verify", "origin", "main")
    committed(pusher.repo, NOTHING + pair_lines())
    code, output = pusher.push()
    assert code == 0, output
    assert pusher.bare.git("rev-parse", "main") == pusher.repo.git("rev-parse", "main")


@pytest.mark.parametrize("start", ["the remote's commit", "a root of its own"])
def test_a_new_branch_is_looked_at(pusher: Pusher, start: str) -> None:
    repo = pusher.repo
    if start == "a root of its own":
        config = (repo.top / ".pre-commit-config.yaml").read_text()
        repo.git("switch", "--quiet", "--orphan", "side")
        committed(repo, config, ".pre-commit-config.yaml")
    else:
        leaky(repo, "old.py", 2)
        repo.git("push", "--quiet", "--no-verify", "origin", "main")
        repo.git("switch", "--quiet", "-c", "side")
    committed(repo, path="other.py")
    added = leaky(repo)
    repo.git("rm", "--quiet", "app.py")
    repo.commit()
    output = refused(pusher.push("origin", "side"), added)
    assert "old.py" not in output
    repo.git("reset", "--quiet", "--hard", f"{added}~")
    code, output = pusher.push("origin", "side")
    assert code == 0, output


def test_a_new_branch_of_old_commits_passes(pusher: Pusher) -> None:
    leaky(pusher.repo)
    pusher.repo.git("push", "--quiet", "--no-verify", "origin", "main")
    code, output = pusher.push("origin", "main:copy", "HEAD~:refs/heads/older")
    assert code == 0, output


@pytest.mark.parametrize("then", ["kept", "removed again"])
def test_the_first_push_of_everything_is_looked_at(first: Pusher, then: str) -> None:
    added = leaky(first.repo)
    if then == "removed again":
        first.repo.git("rm", "--quiet", "app.py")
        first.repo.commit()
    refused(first.push(), added)


def test_a_first_push_of_everything_that_is_clean_passes(first: Pusher) -> None:
    committed(first.repo)
    code, output = first.push()
    assert code == 0, output


def test_a_key_in_a_commit_s_message_is_refused(pusher: Pusher) -> None:
    commit = committed(pusher.repo, message=f"a subject\n\n{pair_lines()}")
    code, output = pusher.push()
    assert code == 1, output
    assert "(commit message):3:18: alibaba-access-key-id critical" in output
    assert f"came in commit {commit[:12]}" in output


def test_a_key_typed_into_a_merge_is_refused(pusher: Pusher) -> None:
    repo = pusher.repo
    repo.git("branch", "side")
    committed(repo, "ours\n")
    repo.git("switch", "--quiet", "side")
    committed(repo, "theirs\n")
    repo.git("switch", "--quiet", "main")
    assert repo.attempt("merge", "side").returncode == 1
    merge = leaky(repo)
    refused(pusher.push(), merge)


def test_a_key_in_the_message_of_a_tag_that_brings_commits_is_refused(pusher: Pusher) -> None:
    committed(pusher.repo)
    pusher.repo.git("tag", "--annotate", f"--message=a tag\n\n{pair_lines()}", "v1")
    code, output = pusher.push("origin", "v1")
    assert code == 1, output
    assert "(tag message):3:18: alibaba-access-key-id critical" in output


def test_the_baseline_of_the_pushed_commit_counts(pusher: Pusher) -> None:
    added = leaky(pusher.repo)
    committed(pusher.repo, pair_baseline(pusher.repo), "baseline/alikey.yaml")
    code, output = pusher.push()
    assert code == 0, output
    pusher.repo.git("push", "--quiet", "--no-verify", "--force", "origin", "main~2:main")
    pusher.configure(args="[--baseline-ref, origin/main]")
    refused(pusher.push(), added)


def test_the_guard_of_remotes_works(pusher: Pusher) -> None:
    pusher.configure(args='[--allowed-remote, "https://code.example.com/*"]')
    code, output = pusher.push()
    assert code == 1, output
    assert f"alikey-hook: pushing to {pusher.bare.top} is not allowed here." in output
    pusher.configure(args=f'[--allowed-remote, "https://code.example.com/*", --allowed-remote, "{pusher.bare.top}"]')
    code, output = pusher.push()
    assert code == 0, output


def test_by_hand_for_all_files_the_working_tree_is_looked_at(pusher: Pusher) -> None:
    assert pusher.consumer.run("run", "--hook-stage", "pre-push", "--all-files")[0] == 0
    leaky(pusher.repo, "src/app.py")
    code, output = pusher.consumer.run("run", "--hook-stage", "pre-push", "--all-files")
    assert code == 1, output
    assert "src/app.py" + FIRST_LINE in output


def test_by_hand_for_a_range_every_commit_is_looked_at(pusher: Pusher) -> None:
    added = leaky(pusher.repo)
    pusher.repo.git("rm", "--quiet", "app.py")
    pusher.repo.commit()
    args = ("run", "--hook-stage", "pre-push", "--from-ref", "origin/main", "--to-ref", "HEAD")
    code, output = pusher.consumer.run(*args)
    assert code == 1, output
    assert f"came in commit {added[:12]}" in output


def test_a_key_in_a_tag_that_brings_no_commit_is_not_looked_at(pusher: Pusher) -> None:
    # Neither manager calls a hook then. Git's own hook does: `stages_push_test.py`.
    pusher.repo.git("tag", "--annotate", f"--message={pair_lines()}", "v1")
    code, output = pusher.push("origin", "v1")
    assert (code, "alikey" in output.lower()) == (0, False)


# Commits and messages


def test_a_link_that_becomes_a_file_is_refused(pusher: Pusher) -> None:
    path = pusher.repo.top / "place"
    path.symlink_to("elsewhere")
    pusher.repo.stage("place")
    pusher.repo.git("commit", "--quiet", "--no-verify", "--message=a link")
    path.unlink()
    pusher.repo.stage("place", pair_lines())
    code, output = pusher.consumer.commit()
    assert code == 1, output
    assert "place" + FIRST_LINE in output


def test_a_key_in_a_message_is_refused(pusher: Pusher) -> None:
    before = pusher.consumer.head()
    for message in (f"a subject\n\n{pair_lines()}", f"a subject\n\n# {pair_lines()}"):
        done = pusher.repo.attempt("commit", "--allow-empty", f"--message={message}")
        output = done.stdout + done.stderr
        assert (done.returncode, pusher.consumer.head()) == (1, before)
        assert "\n- hook id: alikey-hook-message\n" in output
        assert ".git/COMMIT_EDITMSG:4:22: alibaba-access-key-secret" in output
    code, output = pusher.consumer.commit("--allow-empty")
    assert code == 0, output


def test_comment_lines_and_the_difference_of_an_edited_message_are_dropped(pusher: Pusher, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    text = pair_lines().replace("\n", " ")
    editor.write_text(f"#!/bin/sh\nprintf '%s\\n' 'a subject' '# {text}' | cat - \"$1\" >typed && cat typed >\"$1\"\n")
    editor.chmod(0o755)
    leaky(pusher.repo)
    pusher.repo.stage("app.py", NOTHING)
    done = pusher.repo.attempt("commit", "-v", env={"GIT_EDITOR": str(editor)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert pusher.repo.git("log", "-1", "--format=%B") == "a subject\n\n"
