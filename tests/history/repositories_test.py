"""Every kind of repository and of content: how objects are stored, where we stand, what a blob looks like."""

import base64
import gzip
import os
from pathlib import Path

import pytest

from tests.history.scanning import (
    MAIN,
    NOTHING,
    commit,
    drop_reflogs,
    gone,
    pair_kept,
    pair_said,
    put,
    ran,
    shim,
    walk,
    walked,
)
from tests.keys import access_key_id, secret
from tests.repository import ID_RULE, SECRET_RULE, Repo, new_repository, pair_lines

pytestmark = pytest.mark.once


@pytest.fixture
def leaked(repo: Repo) -> tuple[Repo, str, str]:
    """A repository, the commit that brings a key and the one that takes it away."""
    put(repo, "2024-01-01", NOTHING, "other.py")
    first = put(repo, "2024-01-02")
    return repo, first, gone(repo, "2024-01-03")


# How objects are stored


def test_packed_objects(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    repo.git("repack", "-a", "-d", "-q")
    assert not list((repo.top / ".git/objects").glob("??"))
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", last))


def test_objects_that_are_packed_and_loose_are_read_once(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    repo.git("repack", "-a", "-q")
    said = walk(repo)
    assert said[:2] == (1, pair_kept(first, "2024-01-02", last))
    assert said.summary["files"] == 5  # three commits, two blobs


def test_several_packs_and_an_index_over_them(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    repo.git("repack", "-d", "-q")
    put(repo, "2024-01-04", NOTHING * 2, "other.py")
    repo.git("repack", "-d", "-q")
    repo.git("multi-pack-index", "write")
    repo.git("commit-graph", "write", "--reachable")
    said = walk(repo)
    assert (said[:2], said.summary["files"]) == ((1, pair_kept(first, "2024-01-02", last)), 7)


def test_a_cruft_pack_is_unreachable(repo: Repo) -> None:
    put(repo, "2024-01-01", NOTHING, "other.py")
    put(repo, "2024-01-02")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    drop_reflogs(repo)
    repo.git("repack", "--cruft", "-d", "-q")
    assert walk(repo)[:2] == (0, [])
    assert walk(repo, "--all-objects").code == 1


def test_objects_of_an_alternate(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, first, last = leaked
    repo.git("clone", "--quiet", "--shared", "--bare", str(repo.top), str(tmp_path / "shared"))
    assert not list((tmp_path / "shared/objects").glob("??"))
    assert walk(tmp_path / "shared")[:2] == (1, pair_kept(first, "2024-01-02", last))


def test_what_an_alternate_has_and_no_ref_of_ours_needs_all_objects(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, _, _ = leaked
    other = new_repository(tmp_path / "other")
    (other.top / ".git/objects/info").mkdir(exist_ok=True)
    (other.top / ".git/objects/info/alternates").write_text(f"{repo.top}/.git/objects\n")
    assert walk(other)[:2] == (0, [])
    assert walk(other, "--all-objects").code == 1


@pytest.mark.parametrize("bare", [False, True], ids=["work tree", "bare clone"])
def test_sha_256(tmp_path: Path, home: Path, bare: bool) -> None:
    repo = new_repository(tmp_path / "repo", "--object-format=sha256")
    first = put(repo, "2024-01-02")
    last = commit(repo, "2024-01-03", message=pair_lines(2))
    place = repo.top
    if bare:
        repo.git("clone", "--quiet", "--mirror", str(repo.top), str(tmp_path / "bare"))
        place = tmp_path / "bare"
    assert len(first) == 64
    expected = pair_kept(first, "2024-01-02", first, MAIN) + pair_said(last, "2024-01-03")
    assert walk(place)[:2] == (1, expected)


@pytest.mark.parametrize("kind", ["--bare", "--mirror"])
def test_a_bare_clone(leaked: tuple[Repo, str, str], tmp_path: Path, kind: str) -> None:
    repo, first, last = leaked
    repo.git("update-ref", "refs/pull/7/head", first)
    repo.git("clone", "--quiet", kind, str(repo.top), str(tmp_path / "clone.git"))
    refs = ("refs/pull/7/head",) if kind == "--mirror" else ()
    assert walk(tmp_path / "clone.git")[:2] == (1, pair_kept(first, "2024-01-02", last, *refs))


# Where we stand


@pytest.mark.parametrize("place", ["repo/sub", "repo/.git", "bare.git", "bare.git/refs"])
def test_the_repository_argument(leaked: tuple[Repo, str, str], tmp_path: Path, place: str) -> None:
    repo, first, last = leaked
    put(repo, "2024-01-04", NOTHING, "sub/other.py")
    repo.git("clone", "--quiet", "--mirror", str(repo.top), str(tmp_path / "bare.git"))
    assert walk(tmp_path, place)[:2] == (1, pair_kept(first, "2024-01-02", last))


def test_from_a_subfolder_paths_are_from_the_top(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    inner = put(repo, "2024-01-04", path="sub/inner.py", seed=2)
    expected = pair_kept(first, "2024-01-02", last) + pair_kept(inner, "2024-01-04", inner, MAIN, path="sub/inner.py")
    assert walk(repo, cwd="sub")[:2] == (1, expected)


def test_git_dir_of_the_environment(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, first, last = leaked
    env = {"GIT_DIR": str(repo.top / ".git")}
    assert walk(tmp_path, env=env)[:2] == (1, pair_kept(first, "2024-01-02", last))


def test_a_submodule_is_another_repository(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, first, last = leaked
    outer = new_repository(tmp_path / "outer")
    outer.git("submodule", "--quiet", "add", str(repo.top), "inner")
    commit(outer, "2024-02-01")
    assert walk(outer)[:2] == (0, [])
    assert walk(outer, "inner")[:2] == (1, pair_kept(first, "2024-01-02", last))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("missing", "missing cannot be entered: No such file or directory."),
        ("file", "file cannot be entered: Not a directory."),
        ("-", "- cannot be entered: No such file or directory."),
        ("plain", "git rev-parse failed: fatal: not a git repository (or any of the parent directories): .git"),
    ],
    ids=["nothing", "a file", "standard input", "no repository"],
)
def test_what_is_no_repository(tmp_path: Path, home: Path, place: str, said: str) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "file").write_text("a text\n")
    done = ran(tmp_path, place, env={"GIT_CEILING_DIRECTORIES": str(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == f"alikey-hook: {said}"


# Little, or nothing


@pytest.mark.parametrize("bare", [(), ("--bare",)], ids=["work tree", "bare"])
def test_an_empty_repository(tmp_path: Path, home: Path, bare: tuple[str, ...]) -> None:
    empty = new_repository(tmp_path / "empty", *bare)
    said = walk(empty)
    assert (said[:2], said.summary["files"], said.err) == ((0, []), 0, "")


def test_an_empty_repository_says_so(repo: Repo) -> None:
    done = ran(repo.top)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "alikey-hook: nothing leaks in 0 files\n")


def test_a_repository_without_commits_and_with_a_staged_key(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    assert walk(repo)[:2] == (0, [])
    assert walk(repo, "--all-objects").code == 1


def test_a_branch_that_is_not_born_yet(repo: Repo) -> None:
    first = put(repo, "2024-01-02")
    repo.git("switch", "--quiet", "--orphan", "fresh")
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN))


def test_an_empty_commit_and_an_empty_file(repo: Repo) -> None:
    commit(repo, "2024-01-01")
    put(repo, "2024-01-02", "", "empty")
    said = walk(repo)
    assert (said.code, said.summary["files"], said.summary["new"]) == (0, 3, 0)


# What a blob looks like


def test_every_encoding(repo: Repo) -> None:
    charsets = ["gb18030", "gbk", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-8", "utf-8-sig"]
    for charset in charsets:
        repo.stage(charset, ("# 配置\n" + pair_lines()).encode(charset))
    first = commit(repo, "2024-01-02")
    expected = [one for name in charsets for one in pair_kept(first, "2024-01-02", first, MAIN, path=name, line=2)]
    assert walk(repo)[:2] == (1, expected)


def test_a_nul_byte_in_a_text(repo: Repo) -> None:
    first = put(repo, "2024-01-02", b"a\0b\n" + pair_lines().encode())
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN, line=2))


def test_attributes_do_not_matter(repo: Repo) -> None:
    put(repo, "2024-01-01", "* binary -diff filter=none\n", ".gitattributes")
    first = put(repo, "2024-01-02")
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN))


@pytest.mark.parametrize("kind", ["gzip", "noise"])
def test_a_binary_is_read_and_holds_nothing(repo: Repo, kind: str) -> None:
    content = gzip.compress(pair_lines().encode() * 30) if kind == "gzip" else os.urandom(300_000)
    put(repo, "2024-01-02", content, "app.bin")
    said = walk(repo)
    assert (said[:2], said.summary["files"]) == ((0, []), 2)
    assert said.summary["bytes"] >= len(content)


def test_a_value_in_base64(repo: Repo) -> None:
    encoded = base64.b64encode(pair_lines().encode()).decode()
    first = put(repo, "2024-01-02", f"data: {encoded}\n")
    found = walk(repo).findings
    assert [(one.rule, one.commit) for one in found] == [(ID_RULE, first), (SECRET_RULE, first)]


@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_other_line_endings(repo: Repo, ending: str) -> None:
    first = put(repo, "2024-01-02", pair_lines().replace("\n", ending))
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN))


def test_a_large_line(repo: Repo) -> None:
    first = put(repo, "2024-01-02", '{"a": "' + "x" * 5_000_000 + '",\n' + pair_lines())
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN, line=2))


def test_more_values_than_a_command_line_of_git_takes_at_once(repo: Repo) -> None:
    values = range(300, 530)
    for seed in values:
        repo.write(f"keys/{seed}.py", pair_lines(seed))
    repo.git("add", "--all")
    first = commit(repo, "2024-01-02")
    last = commit(repo, "2024-01-03")
    said = walk(repo)
    assert last != first
    expected = [one for seed in values for one in pair_kept(first, "2024-01-02", first, MAIN, path=f"keys/{seed}.py")]
    assert (said.code, sorted(said.findings)) == (1, sorted(expected))


def test_paths_that_no_pipe_holds(repo: Repo) -> None:
    # 60 paths of 4,000 characters each: as many of them as are asked for at once are more than 64 KiB.
    stream = b"commit refs/heads/main\ncommitter A <a@example.com> 1704196800 +0000\ndata 8\na commit\n"
    paths = ["/".join([*["d" * 199] * 19, f"{number:0199}"]) for number in range(60)]
    for seed, path in enumerate(paths):
        text = pair_lines(seed).encode()
        stream += b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text)
    stream += b"commit refs/heads/main\ncommitter A <a@example.com> 1704283200 +0000\ndata 8\na commit\ndeleteall\n"
    repo.git("fast-import", "--quiet", stdin=stream)
    said = walked(ran(repo.top, "--format", "json", timeout=20))
    assert (said.code, sorted(set(said.paths))) == (1, sorted(paths))


def test_no_value_is_an_argument_of_git(repo: Repo, tmp_path: Path) -> None:
    put(repo, "2024-01-02")
    gone(repo, "2024-01-03")
    env = shim(tmp_path / "shim", f'printf "%s\\n" "$*" >>"{tmp_path}/calls"')
    assert walk(repo, env=env).code == 1
    calls = (tmp_path / "calls").read_text()
    assert "--find-object=" in calls
    assert not [value for value in (access_key_id(1), secret(1)) if value in calls]
