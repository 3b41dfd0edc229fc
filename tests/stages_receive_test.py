"""What a server is sent is looked at before it is taken in: pre-receive in a bare repository, through real pushes."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.keys import access_key_id, secret
from tests.repository import Repo, new_repository, pair_lines
from tests.stages import (
    MESSAGE,
    NOTHING,
    TAG_MESSAGE,
    Door,
    Said,
    alikey,
    committed,
    history,
    leaky,
    pair_baseline,
    pair_in,
    remote_of,
)

pytestmark = pytest.mark.once


class Server(NamedTuple):
    """A repository and the bare one, with a hook, that it pushes to."""

    repo: Repo
    bare: Repo
    door: Door

    def state(self) -> tuple[str, str]:
        """All refs and objects of the bare repository."""
        objects = self.bare.git("cat-file", "--batch-check", "--batch-all-objects", "--unordered")
        return self.bare.git("for-each-ref"), "\n".join(sorted(objects.splitlines()))

    def push(self, *args: str) -> Said:
        """`git push`; the exit code and the findings are those of the hook. What is refused must leave nothing behind."""
        before = self.state()
        done = self.repo.attempt("push", *(args or ("origin", "main")))
        code, found = self.door.said()
        assert code is not None, done.stderr
        assert (done.returncode == 0) == (code == 0), done.stderr
        assert code == 0 or self.state() == before
        assert code == 0 or "pre-receive hook declined" in done.stderr
        return Said(code, found, done.stdout, done.stderr)


@pytest.fixture
def first(repo: Repo, tmp_path: Path) -> Server:
    """A repository with one clean commit, and a server that has nothing yet."""
    committed(repo)
    bare = remote_of(repo, tmp_path / "server.git")
    return Server(repo, bare, Door(bare, "pre-receive"))


@pytest.fixture
def server(first: Server) -> Server:
    """A server that has the clean commit."""
    assert first.push()[:2] == (0, [])
    return first


def text_of(server: Server, *options: str) -> str:
    """What the pusher reads on her terminal of a text report, less git's `remote: `."""
    Door(server.bare, "pre-receive", "--lang=en", *options, text=True)
    done = server.repo.attempt("push", "origin", "main")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    return "\n".join(line.removeprefix("remote: ").rstrip() for line in lines if line.startswith("remote: "))


def test_a_key_is_refused_and_nothing_stays_behind(server: Server) -> None:
    added = leaky(server.repo)
    assert server.push()[:2] == (1, pair_in(server.repo, added))


def test_a_key_that_a_later_commit_removes_is_refused(server: Server) -> None:
    added = leaky(server.repo)
    committed(server.repo)
    assert server.push()[:2] == (1, pair_in(server.repo, added, in_tip=False))


def test_the_pusher_reads_which_commit_it_is_and_no_key(server: Server) -> None:
    added = leaky(server.repo)
    away = committed(server.repo, NOTHING * 2)
    text = text_of(server)
    key, day = access_key_id(1), server.repo.git("log", "-1", "--format=%as").strip()
    assert text.startswith(
        f"app.py:1:18: alibaba-access-key-id critical {key[:8]}…{key[-4:]}\n"
        f'    access_key_id = "{"*" * 24}"\n'
        f"                     {'^' * 24}\n"
        "    a pair with line 2: whoever reads both can use them; "
        f"came in commit {added[:12]} ({day}); gone from the newest commit, but not from the history "
        f"({away[:12]})\n"
    )
    assert "alikey-hook: 2 leaked in 4 files" in text
    assert key not in text
    assert secret(1) not in text


def test_a_clean_push_arrives(server: Server) -> None:
    end = committed(server.repo, NOTHING * 2)
    assert server.push()[:2] == (0, [])
    assert server.bare.git("rev-parse", "main").strip() == end


@pytest.mark.parametrize("receiver", ["bare", "with a working tree", "with unpacked objects", "with packed objects"])
def test_any_kind_of_receiver_looks(repo: Repo, tmp_path: Path, receiver: str) -> None:
    committed(repo)
    bare = (
        remote_of(repo, tmp_path / "server.git") if receiver != "with a working tree" else new_repository(tmp_path / "server")
    )
    if receiver == "with a working tree":
        repo.git("remote", "add", "origin", str(bare.top))
        bare.git("config", "receive.denyCurrentBranch", "updateInstead")
    elif receiver != "bare":
        bare.git("config", "receive.unpackLimit", "1" if receiver == "with packed objects" else "1000")
    server = Server(repo, bare, Door(bare, "pre-receive"))
    assert server.push()[:2] == (0, [])
    added = leaky(repo)
    assert server.push()[:2] == (1, pair_in(repo, added))


def test_a_sha_256_server_looks(tmp_path: Path, home: Path) -> None:
    repo = new_repository(tmp_path / "repo", "--object-format=sha256")
    committed(repo)
    bare = remote_of(repo, tmp_path / "server.git", "--object-format=sha256")
    server = Server(repo, bare, Door(bare, "pre-receive"))
    assert server.push("origin", "main", "main:old")[:2] == (0, [])
    added = leaky(repo)
    assert server.push("origin", "main", ":old")[:2] == (1, pair_in(repo, added))
    assert server.push("origin", ":old")[:2] == (0, [])


# Refs


def test_the_first_push_of_everything_is_looked_at_from_the_root(first: Server) -> None:
    added = leaky(first.repo)
    committed(first.repo)
    assert first.push()[:2] == (1, pair_in(first.repo, added, in_tip=False))


def test_a_new_ref_brings_what_no_ref_of_the_server_has(server: Server) -> None:
    leaky(server.repo, "old.py", 2)
    server.bare.git("fetch", "--quiet", str(server.repo.top), "main:refs/hidden/place")
    assert server.push("origin", "main:refs/heads/known")[:2] == (0, [])
    added = leaky(server.repo)
    for ref in ("refs/heads/side", "refs/tags/light", "refs/for/review", "refs/heads/主干"):
        assert server.push("origin", f"main:{ref}")[:2] == (1, pair_in(server.repo, added))


def test_of_several_refs_every_one_is_looked_at(server: Server) -> None:
    repo = server.repo
    committed(repo, NOTHING * 2)
    repo.git("switch", "--quiet", "-c", "side")
    added = leaky(repo)
    committed(repo, NOTHING * 3)
    repo.git("switch", "--quiet", "-c", "third")
    expected = pair_in(repo, added, in_tip=False)
    assert server.push("origin", "main", "side")[:2] == (1, expected)
    assert server.push("--atomic", "origin", "main", "side", "third")[:2] == (1, expected)
    assert server.push("--all", "origin")[:2] == (1, expected)
    assert server.push("origin", "main")[:2] == (0, [])


def test_a_deletion_brings_nothing(server: Server) -> None:
    assert server.push("origin", "main:old", "main:older")[:2] == (0, [])
    assert server.push("origin", "--delete", "old")[:2] == (0, [])
    added = leaky(server.repo)
    assert server.push("origin", ":older", "main")[:2] == (1, pair_in(server.repo, added))


def test_a_forced_push_brings_the_commits_that_the_server_lacks(server: Server) -> None:
    repo = server.repo
    committed(repo, NOTHING * 2)
    assert server.push().code == 0
    repo.git("reset", "--quiet", "--hard", "HEAD~")
    added = leaky(repo)
    assert server.push("--force", "origin", "main")[:2] == (1, pair_in(repo, added))


def test_a_key_in_a_tag_s_own_message_is_refused(server: Server) -> None:
    server.repo.git("tag", "--annotate", f"--message=a tag\n\n{pair_lines()}", "v1")
    said = server.push("origin", "v1")
    assert said.code == 1
    assert [(leak.path, leak.line, leak.commit) for leak in said.leaks] == [
        (TAG_MESSAGE, line, server.repo.git("rev-parse", "v1").strip()) for line in (3, 4)
    ]


def test_a_key_in_a_commit_s_message_is_refused(server: Server) -> None:
    commit = committed(server.repo, message=f"a commit\n\n{pair_lines()}")
    said = server.push()
    assert said.code == 1
    assert [(leak.path, leak.line, leak.commit) for leak in said.leaks] == [(MESSAGE, line, commit) for line in (3, 4)]


def test_a_merge_that_brings_an_unknown_branch_is_refused(server: Server) -> None:
    repo = server.repo
    repo.git("switch", "--quiet", "-c", "side")
    added = leaky(repo, "side.py")
    committed(repo, NOTHING, "side.py")
    repo.git("switch", "--quiet", "main")
    committed(repo, NOTHING * 2)
    repo.git("merge", "--quiet", "--no-edit", "side")
    assert server.push()[:2] == (1, pair_in(repo, added, "side.py", in_tip=False))


def test_many_commits_are_all_looked_at(server: Server) -> None:
    start = server.repo.git("rev-parse", "HEAD").strip()
    ids = history(server.repo, 450, {3: pair_lines(), 400: pair_lines(2)}, start)
    expected = pair_in(server.repo, ids[3], in_tip=False) + pair_in(server.repo, ids[400], in_tip=False)
    assert server.push()[:2] == (1, expected)


def test_what_was_already_there_is_not_refused(first: Server) -> None:
    leaky(first.repo, "old.py")
    hook = first.bare.top / "hooks" / "pre-receive"
    hook.chmod(0o644)
    first.repo.git("push", "--quiet", "origin", "main")
    hook.chmod(0o755)
    changed = committed(first.repo, NOTHING + pair_lines(), "old.py")
    assert first.push()[:2] == (0, pair_in(first.repo, changed, "old.py", 2, "existing"))


# Baselines


def test_with_a_baseline_ref_a_push_cannot_allow_itself(server: Server) -> None:
    repo = server.repo
    added = leaky(repo)
    committed(repo, pair_baseline(repo), "baseline/alikey.yaml")
    Door(server.bare, "pre-receive", "--baseline-ref", "main")
    assert server.push()[:2] == (1, pair_in(repo, added))
    assert server.push("origin", "main:side")[:2] == (1, pair_in(repo, added))
    repo.git("switch", "--quiet", "-c", "reviewed", "origin/main")
    committed(repo, pair_baseline(repo), "baseline/alikey.yaml")
    assert server.push("origin", "reviewed:main")[:2] == (0, [])
    assert server.push("origin", "main:side")[:2] == (0, pair_in(repo, added, status="allowed"))


def test_without_a_baseline_ref_the_baseline_that_is_pushed_counts(server: Server) -> None:
    added = leaky(server.repo)
    committed(server.repo, pair_baseline(server.repo), "baseline/alikey.yaml")
    assert server.push()[:2] == (0, pair_in(server.repo, added, status="allowed"))


def test_with_a_baseline_ref_a_clean_first_push_arrives(first: Server) -> None:
    Door(first.bare, "pre-receive", "--baseline-ref", "main")
    assert first.push()[:2] == (0, [])


def test_with_a_baseline_ref_that_is_not_there_a_key_is_refused(server: Server) -> None:
    leaky(server.repo)
    assert text_of(server, "--baseline-ref", "nowhere").startswith(
        "alikey-hook: --baseline-ref nowhere is no commit here.\nhelp: "
    )


def test_a_broken_baseline_is_refused(server: Server) -> None:
    committed(server.repo, "version: 2\n", "baseline/alikey.yaml")
    assert text_of(server).startswith("alikey-hook: baseline/alikey.yaml:1: `version` must be 1.\nhelp: ")


# Standard input that git does not give


def test_standard_input_that_is_not_git_s_is_refused(server: Server) -> None:
    lines = [
        "nonsense\n",
        "{zero} {id}\n",
        "{zero} {id} refs/heads/main more\n",
        "{zero} HEAD refs/heads/main\n",
        "000 {id} refs/heads/main\n",
        "{zero} --all refs/heads/main\n",
        "{zero} {id} refs/heads/main\n\n",
        "\n",
        "refs/heads/main {id} {zero}\n",
    ]
    known = server.repo.git("rev-parse", "main").strip()
    refusal = "alikey-hook: standard input is not what git gives this hook.\n"

    def said(line: str) -> tuple[int, str, str]:
        done = alikey(server.bare, "hook", "--stage", "pre-receive", stdin=line.format(id=known, zero="0" * 40))
        return done.code, done.out, done.err.partition("help: ")[0]

    assert {line: said(line) for line in lines} == dict.fromkeys(lines, (2, "", refusal))


def test_pre_receive_takes_no_names(server: Server) -> None:
    done = server.bare.hook("--stage", "pre-receive", "name")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: pre-receive takes no files.\n")
