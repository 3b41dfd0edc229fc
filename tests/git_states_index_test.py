"""What is staged is what is checked, in every state that a repository, its index and its objects can be in."""

import hashlib
import json
import os
import shlex
from pathlib import Path
from string import ascii_lowercase as LOWER
from string import ascii_uppercase as UPPER

import pytest

from tests.keys import access_key_id, secret
from tests.repository import ID_RULE, SECRET_RULE, Found, Repo, found, new_repository, pair_at, pair_lines

pytestmark = pytest.mark.once

BODY = "".join(f"line {number}\n" for number in range(1, 31))
NOTHING = "nothing = 1\n"


def fingerprint(value: str) -> str:
    return "sha256:" + hashlib.sha256(value.encode()).hexdigest()


def baseline_of(*values: str) -> str:
    """A baseline that allows the values."""
    entries = (
        f"  - fingerprint: {fingerprint(value)}\n    status: test-fixture\n    reason: a value of the tests\n"
        for value in sorted(values, key=fingerprint)
    )
    return "version: 1\nallow:\n" + "".join(entries)


# What is staged, and what is not


@pytest.mark.parametrize("then", ["cleaned", "deleted", "turned into a folder"])
def test_a_staged_key_that_left_the_working_tree_is_found(repo: Repo, then: str) -> None:
    repo.stage("app.py", pair_lines())
    if then == "cleaned":
        repo.write("app.py", NOTHING)
    else:
        (repo.top / "app.py").unlink()
    if then == "turned into a folder":
        repo.write("app.py/inner.py", NOTHING)
    assert repo.look()[:2] == (1, pair_at("app.py"))


@pytest.mark.parametrize("path", ["app.py", "untracked.py"])
def test_a_key_that_is_only_in_the_working_tree_is_not_reported(repo: Repo, path: str) -> None:
    repo.stage("app.py", NOTHING)
    repo.write(path, NOTHING + pair_lines())
    assert repo.look()[:2] == (0, [])


def test_of_two_hunks_the_unstaged_one_is_not_reported(repo: Repo) -> None:
    repo.stage("app.py", BODY)
    repo.commit()
    repo.write("app.py", "first\n" + BODY + pair_lines())
    repo.git("add", "--patch", stdin=b"y\nn\n")
    assert repo.staged_names() == ["app.py"]
    assert repo.look()[:2] == (0, [])


def test_of_two_hunks_the_staged_one_is_found_where_it_stands_in_the_index(repo: Repo) -> None:
    repo.stage("app.py", BODY)
    repo.commit()
    repo.write("app.py", "first\nsecond\n" + pair_lines(2) + BODY + pair_lines())
    repo.git("add", "--patch", stdin=b"n\ny\n")
    assert repo.look()[:2] == (1, pair_at("app.py", 31))


def test_a_key_of_the_first_commit_is_found(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    assert repo.attempt("rev-parse", "--verify", "HEAD").returncode != 0
    assert repo.look()[:2] == (1, pair_at("app.py"))


def test_a_key_of_the_first_commit_of_an_orphan_branch_is_found(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    repo.commit()
    repo.git("switch", "--quiet", "--orphan", "fresh")
    repo.stage("app.py", pair_lines())
    assert repo.look()[:2] == (1, pair_at("app.py"))


def test_nothing_staged_is_nothing_found(repo: Repo) -> None:
    assert repo.look() == (0, [], "")
    repo.stage("app.py", pair_lines())
    repo.commit()
    assert repo.look() == (0, [], "")


def test_what_the_text_report_says_of_a_pair(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    done = repo.hook("--color", "never", "--lang", "en")
    key = access_key_id(1)
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"app.py:1:18: alibaba-access-key-id critical {key[:8]}…{key[-4:]}\n"
        f'    access_key_id = "{"*" * 24}"\n'
        f"                     {'^' * 24}\n"
        "    a pair with line 2: whoever reads both can use them\n\n"
        "app.py:2:22: alibaba-access-key-secret critical 30 characters\n"
    )
    assert done.stderr == "alikey-hook: 2 leaked in 1 file\n"
    assert secret(1) not in done.stdout + done.stderr
    assert key not in done.stdout + done.stderr


@pytest.mark.parametrize("cwd", ["", "sub"])
def test_scan_staged_sees_what_the_hook_sees(repo: Repo, cwd: str) -> None:
    repo.stage("app.py", pair_lines(1))
    repo.stage("sub/app.py", pair_lines(2))
    repo.commit()
    repo.stage("app.py", pair_lines(1) + pair_lines(3))
    repo.write("app.py", NOTHING)
    repo.write("sub/app.py", pair_lines(4))
    done = repo.scan("--staged", "--format", "json", cwd=cwd)
    assert (done.returncode, found(done.stdout)) == (1, pair_at("app.py", 1, "existing") + pair_at("app.py", 3))
    repo.commit()
    done = repo.scan("--staged", "--format", "json", cwd=cwd)
    assert (done.returncode, found(done.stdout)) == (0, [])


# git commit


def refused(repo: Repo, *args: str, cwd: str = "", env: dict[str, str] | None = None) -> list[Found]:
    """What the installed hook finds in a commit that it must refuse."""
    before = repo.attempt("rev-parse", "HEAD", env=env, cwd=cwd).stdout
    done = repo.attempt("commit", "--quiet", "--message=a commit", *args, cwd=cwd, env=env)
    assert done.returncode == 1, done.stderr
    assert repo.attempt("rev-parse", "HEAD", env=env, cwd=cwd).stdout == before
    return found(done.stderr)


def accepted(repo: Repo, *args: str, cwd: str = "", env: dict[str, str] | None = None) -> list[Found]:
    """What the installed hook finds in a commit that it must let pass."""
    done = repo.attempt("commit", "--quiet", "--message=a commit", *args, cwd=cwd, env=env)
    assert done.returncode == 0, done.stderr
    return found(done.stderr)


@pytest.fixture
def hooked(repo: Repo) -> Repo:
    """A repository with our hook and two committed files."""
    repo.stage("app.py", NOTHING)
    repo.stage("other.py", NOTHING)
    repo.commit()
    repo.install_hook()
    return repo


def test_git_commit_is_refused_and_passes_once_the_key_is_gone(hooked: Repo) -> None:
    hooked.stage("app.py", pair_lines())
    assert refused(hooked) == pair_at("app.py")
    hooked.stage("app.py", NOTHING * 2)
    assert accepted(hooked) == []
    assert hooked.git("status", "--porcelain") == ""


@pytest.mark.parametrize("args", [("--all",), ("app.py",), ("--only", "app.py"), ("--include", "app.py")], ids=" ".join)
def test_git_commit_of_what_is_not_staged_yet_is_refused(hooked: Repo, args: tuple[str, ...]) -> None:
    hooked.write("app.py", pair_lines())
    assert refused(hooked, *args) == pair_at("app.py")


def test_git_commit_of_a_path_looks_at_nothing_else_that_is_staged(hooked: Repo) -> None:
    hooked.stage("app.py", pair_lines())
    hooked.write("other.py", NOTHING * 2)
    assert accepted(hooked, "other.py") == []
    assert refused(hooked) == pair_at("app.py")


def test_git_commit_of_a_path_from_a_subfolder_is_refused(hooked: Repo) -> None:
    hooked.stage("sub/app.py", NOTHING)
    hooked.commit()
    hooked.write("sub/app.py", pair_lines())
    assert refused(hooked, "app.py", cwd="sub") == pair_at("sub/app.py")


@pytest.mark.parametrize("args", [(), ("--all",), ("sub/app.py",)], ids=["staged", "--all", "a path"])
def test_a_hook_that_goes_to_a_subfolder_sees_the_commit(hooked: Repo, args: tuple[str, ...]) -> None:
    # As prek's workspaces do; git hands the hook GIT_INDEX_FILE, which may be relative to the top.
    hooked.stage("sub/app.py", NOTHING)
    hooked.commit()
    hooked.install_hook(folder="sub")
    hooked.write("sub/app.py", pair_lines())
    if not args:
        hooked.stage("sub/app.py")
    assert refused(hooked, *args) == pair_at("sub/app.py")


def test_git_commit_amend_is_refused_for_a_new_key_only(hooked: Repo) -> None:
    hooked.stage("app.py", pair_lines(1))
    hooked.commit()
    hooked.write("app.py", pair_lines(1) + pair_lines(2))
    assert refused(hooked, "--all", "--amend") == pair_at("app.py", 1, "existing") + pair_at("app.py", 3)


def test_git_commit_in_a_linked_worktree_is_refused(hooked: Repo, tmp_path: Path) -> None:
    hooked.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    linked.stage("sub/app.py", pair_lines())
    assert linked.look()[:2] == (1, pair_at("sub/app.py"))
    assert linked.look(cwd="sub")[:2] == (1, pair_at("sub/app.py"))
    assert refused(linked) == refused(linked, cwd="sub") == pair_at("sub/app.py")
    assert hooked.look()[:2] == (0, [])


def test_git_commit_in_a_submodule_is_refused(hooked: Repo, tmp_path: Path) -> None:
    library = new_repository(tmp_path / "library")
    library.stage("app.py", NOTHING)
    library.commit()
    hooked.git("submodule", "--quiet", "add", str(library.top), "vendor/library")
    hooked.commit()
    inner = Repo(hooked.top / "vendor" / "library")
    inner.install_hook()
    inner.stage("sub/app.py", pair_lines())
    assert inner.look()[:2] == (1, pair_at("sub/app.py"))
    assert inner.look(cwd="sub")[:2] == (1, pair_at("sub/app.py"))
    assert refused(inner) == pair_at("sub/app.py")
    assert hooked.look()[:2] == (0, [])


@pytest.mark.parametrize("cwd", ["", "sub"], ids=["from the top", "from a subfolder"])
def test_git_commit_with_git_dir_elsewhere_is_refused(hooked: Repo, tmp_path: Path, cwd: str) -> None:
    # The dotfiles habit: a bare repository, whose working tree is named each time.
    dots = tmp_path / "dots.git"
    (hooked.top / ".git").rename(dots)
    hooked.git("config", "--file", str(dots / "config"), "core.bare", "true")
    env = {"GIT_DIR": str(dots), "GIT_WORK_TREE": str(hooked.top)}
    hooked.write("sub/app.py", pair_lines())
    hooked.git("add", "sub/app.py", env=env)
    assert hooked.look(env=env, cwd=cwd)[:2] == (1, pair_at("sub/app.py"))
    assert refused(hooked, env=env, cwd=cwd) == pair_at("sub/app.py")


def test_an_index_beside_a_bare_repository_is_checked(repo: Repo, tmp_path: Path) -> None:
    bare = new_repository(tmp_path / "bare.git", "--bare")
    blob = bare.git("hash-object", "-w", "--stdin", stdin=pair_lines().encode()).strip()
    bare.git("update-index", "--add", "--cacheinfo", f"100644,{blob},sub/app.py")
    for here, env in ((bare, {}), (repo, {"GIT_DIR": str(bare.top)})):
        done = here.hook("--format", "json", env=env)
        assert (done.returncode, found(done.stdout)) == (1, pair_at("sub/app.py")), done.stderr


@pytest.mark.parametrize("names", [("inner.py", "../app.py"), ("./inner.py", "../sub/../app.py")], ids=["short", "roundabout"])
def test_names_are_taken_from_where_the_hook_stands(repo: Repo, names: tuple[str, ...]) -> None:
    repo.stage("app.py", pair_lines(1))
    repo.stage("sub/inner.py", pair_lines(2))
    repo.stage("third.py", pair_lines(3))
    for path in ("app.py", "sub/inner.py", "third.py"):
        repo.write(path, NOTHING)  # so that only the staged content can give a key away
    expected = pair_at("app.py") + pair_at("sub/inner.py")
    absolute = [str(repo.top / "sub" / name) for name in names]
    for given in (names, absolute):
        done = repo.hook("--format", "json", *given, cwd="sub")
        assert (done.returncode, found(done.stdout)) == (1, expected)


def test_other_staged_files_than_the_named_ones_are_left_out(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    repo.stage("other.py", NOTHING)
    assert repo.hook("other.py").returncode == 0
    assert repo.hook("app.py").returncode == 1


# Renames, copies, types, modes


def test_a_renamed_file_keeps_its_key_and_a_new_one_is_found(repo: Repo) -> None:
    repo.stage("old.py", BODY + pair_lines(1))
    repo.commit()
    repo.git("mv", "old.py", "new.py")
    assert repo.look()[:2] == (0, pair_at("new.py", 31, "existing"))
    repo.stage("new.py", pair_lines(2) + BODY + pair_lines(1))
    assert repo.look()[:2] == (1, pair_at("new.py", 1) + pair_at("new.py", 33, "existing"))


@pytest.mark.parametrize("renames", ["false", "copies"])
def test_a_copied_key_is_found_at_its_new_place(repo: Repo, renames: str) -> None:
    repo.git("config", "diff.renames", renames)
    repo.stage("old.py", BODY + pair_lines())
    repo.commit()
    repo.stage("new.py", BODY + pair_lines())
    assert repo.look()[:2] == (1, pair_at("new.py", 31))


def link(repo: Repo, path: str, target: str) -> None:
    (repo.top / path).unlink(missing_ok=True)
    (repo.top / path).symlink_to(target)
    repo.stage(path)


def test_a_symbolic_link_that_becomes_a_file_with_a_key_is_found(repo: Repo) -> None:
    link(repo, "app.py", "elsewhere")
    repo.commit()
    (repo.top / "app.py").unlink()
    repo.stage("app.py", pair_lines())
    assert repo.git("diff", "--cached", "--name-status").startswith("T\t")
    assert repo.look()[:2] == (1, pair_at("app.py"))


@pytest.mark.parametrize("before", ["a file", "a link", "nothing"])
def test_a_symbolic_link_whose_target_holds_a_key_is_found(repo: Repo, before: str) -> None:
    if before == "a file":
        repo.stage("app.py", NOTHING)
    elif before == "a link":
        link(repo, "app.py", "elsewhere")
    repo.commit()
    link(repo, "app.py", f"/key/{access_key_id(1)}")
    assert repo.look()[:2] == (1, [Found(ID_RULE, "new", "app.py", 1, 6)])


def test_a_symbolic_link_to_a_file_with_a_key_is_not_followed(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(pair_lines())
    link(repo, "app.py", "../outside.py")
    assert repo.look()[:2] == (0, [])


def test_a_mode_change_is_no_new_leak(repo: Repo) -> None:
    repo.stage("app.sh", pair_lines())
    repo.commit()
    repo.git("update-index", "--chmod=+x", "app.sh")
    assert repo.look()[:2] == (0, pair_at("app.sh", 1, "existing"))
    repo.write("app.sh", pair_lines(1) + pair_lines(2))
    repo.git("add", "app.sh")
    repo.git("update-index", "--chmod=+x", "app.sh")
    assert repo.look()[:2] == (1, pair_at("app.sh", 1, "existing") + pair_at("app.sh", 3))


def test_a_deleted_file_is_nothing_to_look_at(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    repo.stage("kept.py", NOTHING)
    repo.commit()
    repo.git("rm", "--quiet", "app.py")
    assert repo.look() == (0, [], "")
    repo.git("rm", "--quiet", "kept.py")
    assert repo.look() == (0, [], "")


@pytest.fixture
def moved_submodule(repo: Repo, tmp_path: Path) -> Repo:
    """A repository with a submodule whose pointer is staged at another commit, which brought a key there."""
    library = new_repository(tmp_path / "library")
    library.stage("app.py", NOTHING)
    library.commit()
    repo.git("submodule", "--quiet", "add", str(library.top), "library")
    repo.commit()
    inner = Repo(repo.top / "library")
    inner.stage("app.py", pair_lines())
    inner.commit()
    repo.git("add", "library")
    assert repo.staged_names() == ["library"]
    return repo


@pytest.mark.parametrize("ignore", ["none", "all"])
def test_a_submodule_s_pointer_is_nothing_to_look_at(moved_submodule: Repo, ignore: str) -> None:
    moved_submodule.git("config", "diff.ignoreSubmodules", ignore)
    assert moved_submodule.look() == (0, [], "")


def test_a_new_submodule_brings_no_more_than_its_settings(repo: Repo, tmp_path: Path) -> None:
    library = new_repository(tmp_path / "library")
    library.stage("app.py", pair_lines())
    library.commit()
    repo.git("submodule", "--quiet", "add", str(library.top), "library")
    assert repo.staged_names() == [".gitmodules", "library"]
    done = repo.hook("--format", "json")
    assert (done.returncode, found(done.stdout)) == (0, [])


def test_a_staged_key_beside_a_staged_submodule_is_found(moved_submodule: Repo) -> None:
    moved_submodule.stage("app.py", pair_lines())
    moved_submodule.write("app.py", NOTHING)
    assert moved_submodule.look()[:2] == (1, pair_at("app.py"))


def test_a_file_that_replaces_a_submodule_is_looked_at(moved_submodule: Repo) -> None:
    moved_submodule.commit()
    moved_submodule.git("rm", "--quiet", "--force", "library")
    moved_submodule.stage("library", pair_lines())
    assert moved_submodule.look()[:2] == (1, pair_at("library"))


def test_an_intent_to_add_is_nothing_to_look_at(repo: Repo) -> None:
    repo.write("app.py", pair_lines())
    repo.git("add", "--intent-to-add", "app.py")
    assert repo.look() == (0, [], "")
    repo.stage("other.py", pair_lines(2))
    assert repo.look()[:2] == (1, pair_at("other.py"))
    repo.stage("app.py")
    assert repo.look()[:2] == (1, pair_at("app.py") + pair_at("other.py"))


# States that cannot be read


def unlooked(repo: Repo, *said: str, cwd: str = "") -> None:
    """Both ways of running the hook must end with exit code 2, say why, and report nothing."""
    for names in ((), ("app.py",)):
        done = repo.hook("--format", "json", *names, cwd=cwd)
        assert (done.returncode, done.stdout) == (2, ""), (names, done.stderr)
        assert done.stderr.startswith("alikey-hook: ")
        assert all(word in done.stderr for word in said), done.stderr
        assert "\nhelp: " in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["both changed it", "both added it", "we deleted it", "they deleted it"])
def test_an_unmerged_entry_is_refused(repo: Repo, kind: str) -> None:
    repo.stage("base.py", NOTHING)
    if kind != "both added it":
        repo.stage("app.py", NOTHING)
    repo.commit()
    repo.git("branch", "theirs")
    for text, branch, deleted in (("ours\n", "main", "we"), ("theirs\n", "theirs", "they")):
        repo.git("switch", "--quiet", branch)
        if kind == f"{deleted} deleted it":
            repo.git("rm", "--quiet", "app.py")
        else:
            repo.stage("app.py", text)
        repo.commit()
    assert repo.attempt("merge", "main").returncode == 1
    unlooked(repo, "app.py is not merged yet")


def object_file(repo: Repo, blob: str) -> Path:
    return repo.top / ".git" / "objects" / blob[:2] / blob[2:]


@pytest.mark.parametrize("how", ["emptied", "overwritten", "cut short", "deleted"])
def test_a_staged_object_that_cannot_be_read_is_refused(repo: Repo, how: str) -> None:
    repo.stage("app.py", pair_lines() + BODY)
    blob = repo.git("rev-parse", ":app.py").strip()
    file = object_file(repo, blob)
    content = {"emptied": b"", "overwritten": b"no zlib stream", "cut short": file.read_bytes()[:30], "deleted": b""}[how]
    file.unlink()
    if how != "deleted":
        file.write_bytes(content)
    unlooked(repo, blob, "cannot be read")


def test_an_old_object_that_cannot_be_read_is_refused_where_it_matters(repo: Repo) -> None:
    repo.stage("app.py", BODY)
    repo.commit()
    blob = repo.git("rev-parse", ":app.py").strip()
    repo.stage("app.py", BODY + pair_lines())
    object_file(repo, blob).unlink()
    unlooked(repo, blob, "cannot be read")


@pytest.mark.parametrize("lost", ["HEAD", "HEAD^{tree}"], ids=["commit", "tree"])
def test_a_head_that_cannot_be_read_is_refused(repo: Repo, lost: str) -> None:
    repo.stage("app.py", NOTHING)
    repo.commit()
    file = object_file(repo, repo.git("rev-parse", lost).strip())
    repo.stage("app.py", pair_lines())
    file.unlink()
    unlooked(repo)


@pytest.mark.parametrize(
    "content", [b"", b"DIRC", b"no index at all, but longer than a header" * 9], ids=["empty", "cut", "other"]
)
def test_a_corrupt_index_is_refused(repo: Repo, content: bytes) -> None:
    repo.stage("app.py", pair_lines())
    repo.write(".git/index", content)
    unlooked(repo, "index")


def test_a_corrupt_merge_head_is_refused(repo: Repo) -> None:
    repo.stage("app.py", NOTHING)
    repo.commit()
    repo.stage("app.py", pair_lines())
    for content in (b"\xff\xfe", b"--output=app.py\n"):
        repo.write(".git/MERGE_HEAD", content)
        unlooked(repo, "MERGE_HEAD")
    assert (repo.top / "app.py").read_text() == pair_lines()
    repo.write(".git/MERGE_HEAD", "1" * 40 + "\n")
    unlooked(repo, "1" * 40)


def test_a_broken_setting_is_refused(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    repo.write(".git/config", "[core\n")
    unlooked(repo, "bad config")


def test_a_folder_outside_every_repository_is_refused(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    unlooked(Repo(tmp_path / "outside"), "not a git repository")


def test_a_repository_of_somebody_else_is_refused(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("app.py", pair_lines())
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    unlooked(repo, "dubious ownership")


def test_a_missing_git_is_refused(repo: Repo, tmp_path: Path) -> None:
    repo.stage("app.py", pair_lines())
    done = repo.hook(env={"PATH": str(tmp_path)})
    assert done.returncode == 2
    assert done.stderr.startswith("alikey-hook: git could not be started: ")


@pytest.mark.parametrize("lost", ["new", "old"])
def test_a_blob_that_a_partial_clone_cannot_fetch_is_refused(repo: Repo, tmp_path: Path, lost: str) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.stage("app.py", NOTHING)
    repo.stage("other.py", BODY)
    repo.commit()
    old, other = (repo.git("rev-parse", f":{path}").strip() for path in ("app.py", "other.py"))
    repo.git("clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{repo.top}", str(tmp_path / "partial"))
    repo.top.rename(tmp_path / "gone")
    partial = Repo(tmp_path / "partial")
    partial.git("read-tree", "HEAD")
    new = partial.git("hash-object", "-w", "--stdin", stdin=pair_lines().encode()).strip() if lost == "old" else other
    partial.git("update-index", "--cacheinfo", f"100644,{new},app.py")
    unlooked(partial, old if lost == "old" else other, "cannot be read")


# Filters


def test_working_tree_encoding_is_that_of_the_working_tree(repo: Repo) -> None:
    repo.stage(".gitattributes", "*.ps1 working-tree-encoding=UTF-16LE-BOM eol=crlf\n")
    repo.stage("app.ps1", b"\xff\xfe" + ("# 密钥\r\n" + pair_lines().replace("\n", "\r\n")).encode("utf-16-le"))
    assert repo.git("cat-file", "blob", ":app.ps1") == "# 密钥\n" + pair_lines()
    assert repo.look()[:2] == (1, pair_at("app.ps1", 2))


@pytest.mark.parametrize("setting", ["true", "input"])
def test_autocrlf_changes_no_place(repo: Repo, setting: str) -> None:
    repo.git("config", "core.autocrlf", setting)
    repo.git("config", "core.safecrlf", "false")
    repo.stage("app.py", (NOTHING + pair_lines()).replace("\n", "\r\n"))
    assert repo.git("cat-file", "blob", ":app.py") == NOTHING + pair_lines()
    assert repo.look()[:2] == (1, pair_at("app.py", 2))


def test_ident_changes_nothing(repo: Repo) -> None:
    repo.stage(".gitattributes", "*.py ident\n")
    repo.stage("app.py", f"# $Id$ {access_key_id(1)}\n")
    repo.commit()
    (repo.top / "app.py").unlink()
    repo.git("checkout", "--", "app.py")
    assert "$Id: " in (repo.top / "app.py").read_text()
    repo.write("app.py", (repo.top / "app.py").read_text() + pair_lines(2))
    repo.stage("app.py")
    expected = [Found(ID_RULE, "existing", "app.py", 1, 8), *pair_at("app.py", 2)]
    assert repo.look()[:2] == (1, expected)


def test_a_key_that_a_clean_filter_encrypts_is_not_reported(repo: Repo) -> None:
    # As git-crypt does; the blob is what is committed.
    repo.git("config", "filter.crypt.clean", "od -An -tx1")
    repo.stage(".gitattributes", "*.env filter=crypt\n")
    repo.stage("app.env", pair_lines())
    assert "access_key" not in repo.git("cat-file", "blob", ":app.env")
    assert repo.look()[:2] == (0, [])


def test_a_key_that_a_clean_filter_brings_to_light_is_found(repo: Repo) -> None:
    repo.git("config", "filter.crypt.clean", "tr a-zA-Z5-90-4 A-Za-z0-9")
    repo.stage(".gitattributes", "*.env filter=crypt\n")
    turned = str.maketrans(LOWER + UPPER + "0123456789", UPPER + LOWER + "5678901234")
    repo.stage("app.env", pair_lines().translate(turned))
    assert repo.git("cat-file", "blob", ":app.env") == pair_lines()
    assert repo.look()[:2] == (1, pair_at("app.env"))


# Formats of a repository and of its index


def test_a_sha_256_repository_is_read(tmp_path: Path, home: Path) -> None:
    repo = new_repository(tmp_path / "long", "--object-format=sha256")
    repo.stage("app.py", pair_lines(1))
    assert repo.look()[:2] == (1, pair_at("app.py"))
    assert len(repo.commit()) == 64
    repo.stage("app.py", pair_lines(1) + pair_lines(2))
    assert repo.look()[:2] == (1, pair_at("app.py", 1, "existing") + pair_at("app.py", 3))
    blob = repo.git("rev-parse", ":app.py").strip()
    object_file(repo, blob).unlink()
    unlooked(repo, blob, "cannot be read")


def test_a_reftable_repository_is_read(tmp_path: Path, home: Path) -> None:
    repo = Repo(tmp_path)
    if repo.attempt("init", "--quiet", "--ref-format=reftable", "tables").returncode:
        pytest.skip("this git has no reftable")
    repo = Repo(tmp_path / "tables")
    repo.stage("app.py", pair_lines(1))
    assert repo.look()[:2] == (1, pair_at("app.py"))
    repo.commit()
    repo.stage("app.py", pair_lines(1) + pair_lines(2))
    assert repo.look()[:2] == (1, pair_at("app.py", 1, "existing") + pair_at("app.py", 3))


@pytest.mark.parametrize("sparse_index", ["--no-sparse-index", "--sparse-index"])
def test_a_sparse_checkout_is_read(repo: Repo, sparse_index: str) -> None:
    for path in ("in/app.py", "out/app.py", "out/old.py"):
        repo.stage(path, NOTHING)
    repo.commit()
    repo.git("sparse-checkout", "set", "--cone", sparse_index, "in")
    assert not (repo.top / "out").exists()
    repo.stage("in/app.py", pair_lines(1))
    blob = repo.git("hash-object", "-w", "--stdin", stdin=pair_lines(2).encode()).strip()
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},out/app.py")
    assert repo.look()[:2] == (1, pair_at("in/app.py") + pair_at("out/app.py"))


def test_a_split_index_is_read(repo: Repo) -> None:
    repo.stage("app.py", NOTHING)
    repo.commit()
    repo.git("update-index", "--split-index")
    repo.stage("app.py", pair_lines())
    assert list((repo.top / ".git").glob("sharedindex.*"))
    assert repo.look()[:2] == (1, pair_at("app.py"))


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_an_index_of_any_version_is_read(repo: Repo, version: str) -> None:
    repo.stage("app.py", NOTHING)
    repo.commit()
    repo.git("update-index", "--index-version", version)
    repo.stage("sub/app.py", pair_lines())
    assert repo.look()[:2] == (1, pair_at("sub/app.py"))


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_does_not_look_at_is_read(repo: Repo, flag: str) -> None:
    repo.stage("app.py", pair_lines())
    repo.git("update-index", flag, "app.py")
    repo.write("app.py", NOTHING)
    assert repo.look()[:2] == (1, pair_at("app.py"))


def test_packed_objects_are_read(repo: Repo) -> None:
    repo.stage("app.py", BODY + pair_lines(1))
    repo.commit()
    repo.stage("app.py", BODY + pair_lines(1) + pair_lines(2))
    repo.git("repack", "-adkq")
    repo.git("prune-packed", "--quiet")
    assert repo.look()[:2] == (1, pair_at("app.py", 31, "existing") + pair_at("app.py", 33))


@pytest.mark.parametrize(
    "setting", ["core.fsmonitor", "core.sshCommand", "core.editor", "core.pager", "core.alternateRefsCommand"]
)
def test_no_program_of_the_repository_is_run(repo: Repo, tmp_path: Path, setting: str) -> None:
    repo.stage("app.py", NOTHING)
    repo.commit()
    repo.stage("app.py", pair_lines())
    mark = tmp_path / "was-run"
    names = repo.staged_names()
    repo.git("config", setting, f"touch {shlex.quote(str(mark))}; :")
    for given in ([], names):
        done = repo.hook("--format", "json", *given)
        assert (done.returncode, found(done.stdout)) == (1, pair_at("app.py"))
    assert not mark.exists()


def test_no_attribute_s_program_is_run(repo: Repo, tmp_path: Path) -> None:
    repo.stage(".gitattributes", "* filter=evil diff=evil merge=evil\n")
    repo.stage("app.py", pair_lines())
    mark = tmp_path / "was-run"
    for key in ("filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command"):
        repo.git("config", key, f"touch {shlex.quote(str(mark))}; cat")
    done = repo.hook("--format", "json")
    assert (done.returncode, found(done.stdout)) == (1, pair_at("app.py"))
    assert not mark.exists()


# What is new, and what is not


def partners(repo: Repo) -> list[tuple[str, str, str | None]]:
    """(status, severity, the partner's fingerprint) of each finding."""
    findings = json.loads(repo.hook("--format", "json").stdout)["findings"]
    return [(finding["status"], finding["severity"], finding["partner"]) for finding in findings]


@pytest.mark.parametrize("old_rule", [ID_RULE, SECRET_RULE])
def test_a_value_twenty_lines_below_its_old_partner_is_a_pair(repo: Repo, old_rule: str) -> None:
    key = (ID_RULE, f'access_key_id = "{access_key_id(1)}"\n', 18, access_key_id(1))
    other = (SECRET_RULE, f'access_key_secret = "{secret(1)}"\n', 22, secret(1))
    old, new = (key, other) if old_rule == ID_RULE else (other, key)
    between = "# nothing\n" * 20
    repo.stage("app.py", old[1] + between)
    repo.commit()
    repo.stage("app.py", old[1] + between + new[1])
    assert repo.look()[:2] == (
        1,
        [Found(old[0], "existing", "app.py", 1, old[2]), Found(new[0], "new", "app.py", 22, new[2])],
    )
    assert partners(repo) == [("existing", "critical", fingerprint(new[3])), ("new", "critical", fingerprint(old[3]))]


def test_an_old_value_that_only_its_id_gives_away_is_new_with_it(repo: Repo) -> None:
    repo.stage("app.py", f'x = "{secret(1)}"\n')
    assert repo.look()[:2] == (0, [])
    repo.commit()
    repo.stage("app.py", f'y = "{access_key_id(1)}"\nx = "{secret(1)}"\n')
    assert repo.look()[:2] == (1, [Found(ID_RULE, "new", "app.py", 1, 6), Found(SECRET_RULE, "new", "app.py", 2, 6)])


@pytest.mark.parametrize(
    ("text", "line", "indent"),
    [
        pytest.param("    " + pair_lines().replace("\n", "\n    ", 1) + BODY, 1, 4, id="re-indented"),
        pytest.param(BODY + pair_lines(), 31, 0, id="moved to the end"),
        pytest.param(pair_lines().rstrip("\n"), 1, 0, id="everything else deleted"),
        pytest.param("\ufeff" + pair_lines(), 1, 0, id="a byte order mark added"),
    ],
)
def test_an_old_key_whose_line_changes_is_existing(repo: Repo, text: str, line: int, indent: int) -> None:
    repo.stage("app.py", pair_lines() + BODY)
    repo.commit()
    repo.stage("app.py", text)
    assert repo.look()[:2] == (0, pair_at("app.py", line, "existing", indent))


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig"])
def test_an_old_key_whose_file_changes_its_charset_is_existing(repo: Repo, charset: str) -> None:
    repo.stage("app.py", pair_lines())
    repo.commit()
    repo.stage("app.py", pair_lines().encode(charset))
    assert repo.look()[:2] == (0, pair_at("app.py", 1, "existing"))


def test_an_old_key_written_twice_is_existing_and_another_is_new(repo: Repo) -> None:
    repo.stage("app.py", pair_lines(1))
    repo.commit()
    repo.stage("app.py", pair_lines(1) + BODY + pair_lines(1) + BODY + pair_lines(2))
    expected = pair_at("app.py", 1, "existing") + pair_at("app.py", 33, "existing") + pair_at("app.py", 65)
    assert repo.look()[:2] == (1, expected)


def test_a_key_that_comes_back_is_new(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    repo.commit()
    repo.stage("app.py", NOTHING)
    repo.commit()
    repo.stage("app.py", pair_lines())
    assert repo.look()[:2] == (1, pair_at("app.py"))


# Merges


@pytest.fixture
def branches(repo: Repo) -> Repo:
    """On main, with branches two and three, each of which has a file of its own that holds a pair (2, 3)."""
    repo.stage("app.py", BODY)
    repo.commit()
    for seed, branch in ((2, "two"), (3, "three")):
        repo.git("switch", "--quiet", "-c", branch, "main")
        repo.stage(f"{branch}.py", pair_lines(seed))
        repo.commit()
    repo.git("switch", "--quiet", "main")
    repo.stage("main.py", NOTHING)
    repo.commit()
    return repo


def plain(repo: Repo) -> tuple[int, list[Found]]:
    """What the hook says without names."""
    done = repo.hook("--format", "json")
    return done.returncode, found(done.stdout)


@pytest.fixture
def conflict(branches: Repo) -> Repo:
    """A merge of branch two into main that stopped at app.py, to which two has brought a pair (4)."""
    branches.stage("app.py", "ours\n" + BODY)
    branches.commit()
    branches.git("switch", "--quiet", "two")
    branches.stage("app.py", "theirs\n" + BODY + pair_lines(4))
    branches.commit()
    branches.git("switch", "--quiet", "main")
    assert branches.attempt("merge", "two").returncode == 1
    return branches


def test_a_conflict_is_refused(conflict: Repo) -> None:
    unlooked(conflict, "app.py is not merged yet")


def test_what_the_other_parent_brings_into_a_resolution_is_not_new(conflict: Repo) -> None:
    conflict.stage("app.py", "both\n" + BODY + pair_lines(4))
    assert plain(conflict) == (0, pair_at("app.py", 32, "existing"))
    conflict.install_hook()
    assert accepted(conflict) == pair_at("app.py", 32, "existing")


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_resolution_that_is_one_side_s_brings_nothing(conflict: Repo, side: str) -> None:
    conflict.git("checkout", f"--{side}", "app.py")
    conflict.stage("app.py")
    assert plain(conflict) == (0, [])


def test_a_key_typed_into_a_resolution_is_found(conflict: Repo) -> None:
    conflict.stage("app.py", "both\n" + pair_lines(1) + BODY + pair_lines(4))
    expected = pair_at("app.py", 2) + pair_at("app.py", 34, "existing")
    assert plain(conflict) == (1, expected)
    conflict.install_hook()
    assert refused(conflict) == expected


def test_a_key_in_a_file_that_only_the_merge_has_is_found(conflict: Repo) -> None:
    conflict.stage("app.py", "both\n" + BODY)
    conflict.stage("fresh.py", pair_lines(1))
    assert plain(conflict) == (1, pair_at("fresh.py"))


def test_the_names_that_pre_commit_gives_in_a_merge_bring_nothing_new(conflict: Repo) -> None:
    # pre_commit.git.get_conflicted_files: whatever was in conflict, resolved as one side's or not.
    conflict.git("checkout", "--theirs", "app.py")
    conflict.stage("app.py")
    done = conflict.hook("--format", "json", "app.py")
    assert (done.returncode, [finding for finding in found(done.stdout) if finding.status == "new"]) == (0, [])


def test_the_names_of_all_that_is_staged_in_a_merge_bring_nothing_new(conflict: Repo) -> None:
    # As lefthook and lint-staged name them: all that differs from HEAD.
    conflict.stage("app.py", "both\n" + BODY + pair_lines(4))
    assert conflict.staged_names() == ["app.py", "two.py"]
    done = conflict.hook("--format", "json", "app.py", "two.py")
    assert (done.returncode, [finding for finding in found(done.stdout) if finding.status == "new"]) == (0, [])


def test_a_merge_in_a_linked_worktree_has_two_parents_too(branches: Repo, tmp_path: Path) -> None:
    branches.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    linked.git("merge", "--quiet", "--no-commit", "--no-ff", "two")
    linked.stage("fresh.py", pair_lines(1))
    assert plain(linked) == (1, pair_at("fresh.py"))


def test_what_the_other_branch_changed_before_we_renamed_it_is_not_new(branches: Repo) -> None:
    branches.stage("app.py", BODY + pair_lines(4))
    branches.commit()
    branches.git("switch", "--quiet", "two")
    branches.git("mv", "app.py", "renamed.py")
    branches.commit()
    branches.git("merge", "--quiet", "--no-commit", "main")
    assert "renamed.py" in branches.staged_names()
    assert plain(branches) == (0, pair_at("renamed.py", 31, "existing"))


def test_an_octopus_merge_has_all_its_parents(branches: Repo) -> None:
    branches.git("merge", "--quiet", "--no-commit", "two", "three")
    assert len((branches.top / ".git/MERGE_HEAD").read_text().split()) == 2
    assert branches.staged_names() == ["three.py", "two.py"]
    assert plain(branches) == (0, [])
    branches.stage("fresh.py", pair_lines(1))
    branches.stage("two.py", pair_lines(2) + pair_lines(5))
    assert plain(branches) == (1, pair_at("fresh.py") + pair_at("two.py", 1, "existing") + pair_at("two.py", 3))


def test_a_squashed_merge_has_one_parent(branches: Repo) -> None:
    branches.git("merge", "--quiet", "--squash", "two")
    assert branches.look()[:2] == (1, pair_at("two.py"))


@pytest.mark.parametrize("command", ["cherry-pick", "revert"])
def test_a_commit_that_is_taken_over_has_one_parent(branches: Repo, command: str) -> None:
    if command == "revert":
        branches.stage("two.py", pair_lines(2))
        branches.commit()
        branches.git("rm", "--quiet", "two.py")
        branches.commit()
    branches.git(command, "--no-commit", "two" if command == "cherry-pick" else "HEAD")
    assert branches.look()[:2] == (1, pair_at("two.py"))


@pytest.mark.parametrize("args", [(), ("--no-ff",)], ids=["as it comes", "--no-ff"])
def test_a_clean_merge_passes_the_hook_pre_merge_commit(branches: Repo, args: tuple[str, ...]) -> None:
    branches.install_hook("pre-merge-commit")
    done = branches.attempt("merge", "--quiet", "--no-edit", *args, "two")
    assert done.returncode == 0, done.stderr
    assert len(branches.git("rev-list", "--parents", "--max-count=1", "HEAD").split()) == 3


# Replaced objects


@pytest.mark.parametrize("replaced", [":app.py", "HEAD", "HEAD^{tree}", "HEAD:app.py"])
def test_no_replacement_hides_a_key(repo: Repo, replaced: str) -> None:
    repo.stage("app.py", pair_lines())
    with_key = repo.commit()
    repo.stage("app.py", NOTHING)
    repo.commit()
    repo.stage("app.py", pair_lines())
    # The staged blob shows a clean one, or HEAD shows what has the key already.
    shown = {
        ":app.py": "HEAD:app.py",
        "HEAD": with_key,
        "HEAD^{tree}": f"{with_key}^{{tree}}",
        "HEAD:app.py": f"{with_key}:app.py",
    }
    ids = [repo.git("rev-parse", name).strip() for name in (replaced, shown[replaced])]
    repo.git("replace", *ids)
    for names in ((), ("app.py",)):
        done = repo.hook("--format", "json", *names)
        assert (done.returncode, found(done.stdout)) == (1, pair_at("app.py"))


# The baseline


ALLOWED = pair_at("app.py", 1, "allowed")


def test_the_staged_baseline_is_read(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    repo.stage("baseline/alikey.yaml", baseline_of(access_key_id(1), secret(1)))
    assert repo.look()[:2] == (0, ALLOWED)
    (repo.top / "baseline/alikey.yaml").unlink()
    assert repo.look()[:2] == (0, ALLOWED)
    repo.write("baseline/alikey.yaml", "broken: [\n")
    assert repo.look()[:2] == (0, ALLOWED)


def test_the_committed_baseline_is_read(repo: Repo) -> None:
    repo.stage("baseline/alikey-tests.yaml", baseline_of(access_key_id(1), secret(1)))
    repo.commit()
    repo.stage("sub/app.py", pair_lines())
    expected = pair_at("sub/app.py", 1, "allowed")
    assert repo.look()[:2] == (0, expected)
    assert repo.look(cwd="sub")[:2] == (0, expected)


def test_a_baseline_of_the_working_tree_allows_nothing(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    repo.write("baseline/alikey.yaml", baseline_of(access_key_id(1), secret(1)))
    assert repo.look()[:2] == (1, pair_at("app.py"))
    repo.git("add", "--intent-to-add", "baseline/alikey.yaml")
    assert repo.hook("--format", "json").returncode in (1, 2)


def test_a_baseline_whose_deletion_is_staged_allows_nothing(repo: Repo) -> None:
    repo.stage("baseline/alikey.yaml", baseline_of(access_key_id(1), secret(1)))
    repo.commit()
    repo.git("rm", "--quiet", "--cached", "baseline/alikey.yaml")
    repo.stage("app.py", pair_lines())
    assert repo.look()[:2] == (1, pair_at("app.py"))


def test_a_baseline_that_the_commit_leaves_out_allows_nothing(hooked: Repo) -> None:
    hooked.stage("baseline/alikey.yaml", baseline_of(access_key_id(1), secret(1)))
    hooked.write("app.py", pair_lines())
    assert refused(hooked, "app.py") == pair_at("app.py")
    assert accepted(hooked, "--all") == ALLOWED


def test_a_broken_staged_baseline_is_refused(repo: Repo) -> None:
    repo.stage("app.py", NOTHING)
    repo.stage("baseline/alikey.yaml", "version: 1\nallow:\n  - fingerprint: x\n")
    repo.write("baseline/alikey.yaml", "version: 1\nallow: []\n")
    done = repo.hook("--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: baseline/alikey.yaml:3: ")


def test_an_unmerged_baseline_is_refused(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"version: 1\nallow: []\n").strip()
    entries = "".join(f"100644 {blob} {stage}\tbaseline/alikey.yaml\0" for stage in (1, 2, 3))
    repo.git("update-index", "-z", "--index-info", stdin=entries.encode())
    unlooked(repo, "baseline/alikey.yaml is not merged yet")


@pytest.mark.parametrize("name", ["GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"])
def test_the_baseline_is_read_whatever_pathspecs_mean(repo: Repo, name: str) -> None:
    repo.stage("app.py", pair_lines())
    repo.stage("baseline/alikey.yaml", baseline_of(access_key_id(1), secret(1)))
    done = repo.hook("--format", "json", env={name: "1"})
    assert (done.returncode, found(done.stdout)) == (0, ALLOWED), done.stderr


def test_the_hook_changes_nothing(repo: Repo) -> None:
    repo.stage("app.py", BODY)
    repo.commit()
    repo.stage("app.py", BODY + pair_lines())
    os.utime(repo.top / "app.py", (1, 1))  # an index that git would like to refresh
    before = snapshot(repo.top)
    repo.look()
    assert snapshot(repo.top) == before


def snapshot(top: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}
