"""What cannot be read or is left out is said: shallow and partial clones, damaged objects, large files."""

import shutil
from pathlib import Path

import pytest

from tests.history.scanning import MAIN, NOTHING, commit, dated, gone, pair_kept, put, ran, shim, walk, walked
from tests.repository import Repo, new_repository, pair_lines

pytestmark = pytest.mark.once

LEFT_OUT = "alikey-hook: note: {} objects over the size limit (--max-blob-size) were not looked at\n"
MISSING = "alikey-hook: {} objects are not here (a partial clone, or a damaged one) and were not looked at\n"


@pytest.fixture
def leaked(repo: Repo) -> tuple[Repo, str, str]:
    """A repository, the commit that brings a key and the one that takes it away; three commits, two blobs."""
    put(repo, "2024-01-01", NOTHING, "other.py")
    first = put(repo, "2024-01-02")
    return repo, first, gone(repo, "2024-01-03")


def loose(repo: Repo, name: str) -> Path:
    """The file of a loose object."""
    blob = repo.git("rev-parse", name).strip()
    return repo.top / ".git/objects" / blob[:2] / blob[2:]


def damage(path: Path, how: str) -> None:
    content = path.read_bytes()
    path.chmod(0o600)
    middle = len(content) // 2
    path.write_bytes(
        {"emptied": b"", "cut": content[:middle], "flipped": content[:middle] + b"\xff\xff" + content[middle + 2 :]}[how]
    )


# Clones that do not have everything


def test_a_shallow_clone(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, _, last = leaked
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.top}", str(tmp_path / "shallow"))
    said = walk(tmp_path / "shallow")
    assert (said[:2], said.summary["files"], said.err) == ((0, []), 2, "")
    kept = put(repo, "2024-01-04", seed=2)
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.top}", str(tmp_path / "deeper"))
    assert last != kept
    found = walk(tmp_path / "deeper").findings
    assert [(one.commit, one.refs) for one in found] == [
        (kept, (MAIN, "refs/remotes/origin/HEAD", "refs/remotes/origin/main"))
    ] * 2


@pytest.fixture
def partial(leaked: tuple[Repo, str, str], tmp_path: Path) -> tuple[Repo, str]:
    """A clone without the blobs of earlier commits, whose remote is gone; what it checked out is there."""
    repo, _, _ = leaked
    first = put(repo, "2024-01-04", seed=2, path="kept.py")
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "--quiet", "--filter=blob:none", f"file://{repo.top}", str(tmp_path / "partial"))
    shutil.move(repo.top, tmp_path / "away")
    return Repo(tmp_path / "partial"), first


def test_a_partial_clone_says_how_much_is_not_here(partial: tuple[Repo, str]) -> None:
    clone, first = partial
    said = walk(clone)
    refs = (MAIN, "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    assert said[:2] == (2, pair_kept(first, "2024-01-04", first, *refs, path="kept.py"))
    assert said.err == MISSING.format(1)


def test_a_partial_clone_is_not_filled_up(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, _, _ = leaked
    put(repo, "2024-01-04", path="kept.py", seed=2)
    put(repo, "2024-01-05", "cleaned\n", path="kept.py")
    put(repo, "2024-01-06", path="kept.py", seed=2)
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "--quiet", "--filter=blob:none", f"file://{repo.top}", str(tmp_path / "partial"))
    env = shim(tmp_path / "shim", f'printf "%s\\n" "$*" >>"{tmp_path}/calls"')
    said = walk(tmp_path / "partial", env=env)
    assert (said.code, said.err) == (2, MISSING.format(2))
    assert walk(tmp_path / "partial").err == said.err
    assert "fetch" not in (tmp_path / "calls").read_text()


def test_a_clone_without_trees_says_how_much_is_not_here(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, _, _ = leaked
    put(repo, "2024-01-04", path="kept.py", seed=2)
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "--quiet", "--filter=tree:0", f"file://{repo.top}", str(tmp_path / "partial"))
    shutil.move(repo.top, tmp_path / "away")
    missing = Repo(tmp_path / "partial").git("rev-list", "--objects", "--all", "--missing=print").count("?")
    said = walk(tmp_path / "partial")
    # What is found is reported, although not all of its history is here.
    assert (said.code, len(said.findings), said.err) == (2, 2, MISSING.format(missing))


@pytest.mark.parametrize("kind", ["blob", "tree"])
def test_an_object_that_is_gone(leaked: tuple[Repo, str, str], kind: str) -> None:
    repo, first, last = leaked
    put(repo, "2024-01-04", "else\n", "sub/else.py")
    loose(repo, "HEAD:sub/else.py" if kind == "blob" else "HEAD:sub").unlink()
    said = walk(repo)
    assert said[:2] == (2, pair_kept(first, "2024-01-02", last))
    assert said.err == MISSING.format(1)


def test_a_commit_that_is_gone(leaked: tuple[Repo, str, str]) -> None:
    repo, first, _ = leaked
    loose(repo, first).unlink()
    done = ran(repo.top)
    assert (done.returncode, done.stdout) == (2, "")
    assert first in done.stderr


def test_a_ref_that_leads_nowhere(leaked: tuple[Repo, str, str]) -> None:
    repo, _, _ = leaked
    (repo.top / ".git/refs/heads/broken").write_text("1" * 40 + "\n")
    done = ran(repo.top)
    assert (done.returncode, done.stdout) == (2, "")
    assert "refs/heads/broken" in done.stderr or "1" * 40 in done.stderr


# Damaged objects


@pytest.mark.parametrize("how", ["emptied", "cut", "flipped"])
def test_a_damaged_blob_is_named(leaked: tuple[Repo, str, str], how: str) -> None:
    repo, _, _ = leaked
    put(repo, "2024-01-04", "something = 2\n" * 200, "damaged.py")
    blob = repo.git("rev-parse", "HEAD:damaged.py").strip()
    damage(loose(repo, blob), how)
    done = ran(repo.top)
    assert (done.returncode, done.stdout) == (2, "")
    assert blob in done.stderr


def test_a_damaged_pack(leaked: tuple[Repo, str, str]) -> None:
    repo, _, _ = leaked
    repo.stage("noise.bin", bytes(range(256)) * 400)
    commit(repo, "2024-01-04")
    repo.git("repack", "-a", "-d", "-q")
    (pack,) = (repo.top / ".git/objects/pack").glob("*.pack")
    damage(pack, "flipped")
    done = ran(repo.top, "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: ")


def test_so_many_damaged_objects_that_git_s_words_fill_a_pipe(repo: Repo) -> None:
    for number in range(700):
        repo.write(f"many/{number}", f"number = {number}\n")
    repo.git("add", "--all")
    commit(repo, "2024-01-01")
    for entry in repo.git("ls-tree", "-r", "HEAD").splitlines():
        damage(loose(repo, entry.split()[2]), "emptied")
    done = ran(repo.top, timeout=20)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_broken_alternate(repo: Repo, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other")
    put(other, "2024-01-01")
    repo.git("remote", "add", "origin", str(other.top))
    (repo.top / ".git/objects/info").mkdir(exist_ok=True)
    (repo.top / ".git/objects/info/alternates").write_text(f"{other.top}/.git/objects\n")
    repo.git("fetch", "--quiet", "origin")
    shutil.rmtree(other.top)
    done = ran(repo.top)
    assert (done.returncode, done.stdout) == (2, "")


# Large files


@pytest.fixture
def large(repo: Repo) -> Repo:
    """A repository with a key in a file of about 600 KB and another in a small one."""
    repo.stage("large.py", "x = 1\n" * 100_000 + pair_lines())
    put(repo, "2024-01-02", path="small.py", seed=2)
    return repo


@pytest.mark.parametrize(
    ("size", "skipped"),
    [("500K", 1), ("600000", 1), ("600k", 0), ("64M", 0), ("2G", 0), ("0", 3)],
)
def test_what_is_larger_is_left_out_and_counted(large: Repo, size: str, skipped: int) -> None:
    said = walk(large, f"--max-blob-size={size}")
    paths = {0: ["large.py"] * 2 + ["small.py"] * 2, 1: ["small.py"] * 2, 3: []}[skipped]
    assert (said.code, said.paths) == (1 if paths else 0, paths)
    assert said.err == (LEFT_OUT.format(skipped) if skipped else "")
    assert said.summary["files"] == 3 - skipped


def test_a_file_of_just_the_size_is_looked_at(large: Repo) -> None:
    size = int(large.git("cat-file", "-s", "HEAD:large.py"))
    assert walk(large, f"--max-blob-size={size}").err == ""
    assert walk(large, f"--max-blob-size={size - 1}").err == LEFT_OUT.format(1)


def test_quiet_does_not_hide_what_was_left_out(large: Repo) -> None:
    assert ran(large.top, "--max-blob-size=500K", "-q").stderr == LEFT_OUT.format(1)


@pytest.mark.parametrize("size", ["", "K", "1.5M", "-5", "64MB", "²"])
def test_what_is_no_size(large: Repo, size: str) -> None:
    done = ran(large.top, f"--max-blob-size={size}")
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr.splitlines()[-1]
        == f"alikey-hook scan: error: argument --max-blob-size: {size!a} is no size; write it as 1000000, 500K, 64M or 2G"
    )


@pytest.mark.parametrize("args", [["--max-blob-size=500K"], ["--cache=somewhere"]], ids=["size", "cache"])
def test_options_of_the_history_go_with_it_only(large: Repo, args: list[str]) -> None:
    done = large.scan(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == "alikey-hook scan: error: --max-blob-size and --cache go with --history"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--history", "--staged"], "argument --staged: not allowed with argument --history"),
        (["--history", "--commits=HEAD"], "argument --commits: not allowed with argument --history"),
        (["--all-objects", "--staged"], "--history takes one PATH at most, a repository"),
        (["--history", "one", "two"], "--history takes one PATH at most, a repository"),
    ],
    ids=["staged", "commits", "all objects staged", "two repositories"],
)
def test_wrong_usage(large: Repo, args: list[str], said: str) -> None:
    done = large.scan(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == f"alikey-hook scan: error: {said}"


def test_a_large_message_is_counted_too(repo: Repo) -> None:
    repo.git("commit", "--quiet", "--allow-empty", "--file=-", stdin=b"text\n" * 2000, env=dated("2024-01-01"))
    said = walked(ran(repo.top, "--format", "json", "--max-blob-size=1K"))
    assert (said.code, said.err, said.summary["files"]) == (0, LEFT_OUT.format(1), 0)


def test_what_is_missing_is_said_with_a_cache_too(partial: tuple[Repo, str], tmp_path: Path) -> None:
    clone, _ = partial
    said = walk(clone)
    for _ in range(2):
        assert walk(clone, "--cache", str(tmp_path / "cache")) == said
