"""What trees have at some paths."""

from pathlib import Path

import pytest

from alikey_hook.git.entries import Entries
from alikey_hook.git.process import GitError
from tests.repository import Repo, new_repository

CONTENT = "x\n"
ODD = ("a b", "a\nb", "sub/\u4e00 \n", "sub/deep/\udcff", "100644 x", "sub/:(top)", "-x", "sub/...")


def tree(repo: Repo, revision: str = "HEAD") -> str:
    return repo.git("rev-parse", f"{revision}^{{tree}}").strip()


def found(trees: dict[str, str], paths: set[str]) -> dict[str, set[str]]:
    entries = Entries(trees.values(), paths)
    return {name: {path for path, _ in entries.of(one)} for name, one in trees.items()}


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_what_several_trees_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    repo = new_repository(tmp_path / "repository", f"--object-format={form}")
    monkeypatch.chdir(repo.top)
    for path in (*ODD, "other/x", "sub/other"):
        repo.stage(path, CONTENT)
    repo.commit()
    repo.git("rm", "--quiet", "-r", "a b", "sub/deep")
    repo.stage("sub/deep", CONTENT)  # a file where a folder was
    repo.commit()
    blob = repo.git("rev-parse", "HEAD:other/x").strip()
    trees = {"new": tree(repo), "old": tree(repo, "HEAD~"), "empty": repo.git("mktree").strip()}
    asked = {*ODD, "nowhere", "sub/nowhere/x", "other", "sub/deep"}
    everywhere = set(ODD) - {"a b", "sub/deep/\udcff"}
    assert found(trees, asked) == {"new": everywhere | {"sub/deep"}, "old": set(ODD), "empty": set()}
    assert dict(Entries([trees["old"]], ODD).of(trees["old"])) == dict.fromkeys(ODD, blob)
    assert found(trees, set()) == {"new": set(), "old": set(), "empty": set()}


def test_a_submodule_has_nothing_of_ours(here: Repo) -> None:
    here.stage("inner/x", CONTENT)
    first = here.commit()
    here.git("rm", "--quiet", "-r", "--cached", ".")
    here.git("update-index", "--add", "--cacheinfo", f"160000,{first},module")  # a commit that is here all the same
    here.commit()
    assert found({"": tree(here)}, {"module/inner/x", "module"}) == {"": set()}


def test_a_path_of_thousands_of_folders(here: Repo) -> None:
    path = "d/" * 2000 + "x"
    here.git("update-index", "--add", "--cacheinfo", f"100644,{here.git('hash-object', '-w', '--stdin').strip()},{path}")
    here.commit()
    assert found({"": tree(here)}, {path}) == {"": {path}}


def test_a_link_is_what_it_says(here: Repo) -> None:
    (here.top / "link").symlink_to("elsewhere")
    here.git("add", "link")
    here.commit()
    assert found({"": tree(here)}, {"link"}) == {"": {"link"}}


def test_a_tree_that_is_not_here_has_nothing_and_a_broken_one_is_an_error(here: Repo) -> None:
    here.stage("sub/x", CONTENT)
    here.stage("y", CONTENT)
    here.commit()
    below = here.git("rev-parse", "HEAD:sub").strip()
    stored = here.top / ".git" / "objects" / below[:2] / below[2:]
    content = stored.read_bytes()
    stored.unlink()
    assert found({"": tree(here)}, {"sub/x", "y"}) == {"": {"y"}}
    stored.write_bytes(content[: len(content) // 2])
    with pytest.raises(GitError, match=below):
        found({"": tree(here)}, {"sub/x", "y"})
