"""Which baseline files count, wherever they stand: the index, a commit, the working tree."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from alikey_hook import baseline
from alikey_hook.allowlist.match import Allowlist
from alikey_hook.errors import UserError
from alikey_hook.finding import fingerprint
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.tree import repository
from tests.repository import Repo


def text(value: str) -> str:
    """A baseline that allows a value."""
    return f"version: 1\nallow:\n  - fingerprint: {fingerprint(value)}\n    status: example\n    reason: a test\n"


def detect_secrets(value: str) -> str:
    hashed = hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()
    return json.dumps({"results": {"x": [{"hashed_secret": hashed, "is_secret": False}]}})


def allowed(known: Allowlist, *values: str) -> list[str]:
    """Those of the values that are allowed in the file `x`."""
    return [value for value in values if known.status(value, "x") == "allowed"]


def decided(known: Allowlist, value: str) -> str | None:
    return known.decision(fingerprint(value), "", "x")[1]


@pytest.fixture
def ways(here: Repo) -> dict[str, Callable[..., Allowlist]]:
    """The baseline of the index, and of the last commit, which hold the same."""
    blobs = Blobs()

    def index(*named: str) -> Allowlist:
        try:
            return baseline.from_index(named, repository(), blobs.read)
        finally:
            blobs.close()

    def commit(*named: str) -> Allowlist:
        try:
            return baseline.from_commit(here.commit(), named, repository(), blobs.read)
        finally:
            blobs.close()

    return {"index": index, "commit": commit}


def test_default_names() -> None:
    names = {
        "baseline/alikey.yaml": True,
        "baseline/alikey-more.yaml": True,
        "baseline/a.yaml": False,
        "baseline/alikey.yml": False,
        "baseline/sub/alikey.yaml": False,
        "baseline/alikey/more.yaml": False,
        "alikey.yaml": False,
        "sub/baseline/alikey.yaml": False,
        "baseline": False,
        "baseline/": False,
        "baseline2/alikey.yaml": False,
    }
    assert {name: baseline.is_default(name) for name in names} == names


@pytest.mark.parametrize("way", ["index", "commit"])
def test_what_git_has_counts_and_not_the_working_tree(
    here: Repo, ways: dict[str, Callable[..., Allowlist]], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, value in (
        ("baseline/alikey.yaml", "a"),
        ("baseline/alikey-b.yaml", "b"),
        ("baseline/other.yaml", "no"),
        ("baseline/sub/alikey.yaml", "no"),
        ("alikey.yaml", "no"),
    ):
        here.stage(path, text(value))
    here.write("baseline/alikey.yaml", text("no"))
    here.write("baseline/alikey-new.yaml", text("no"))
    for folder in (".", "baseline/sub"):
        monkeypatch.chdir(here.top / folder)
        known = ways[way]()
        assert (allowed(known, "a", "b", "no"), len(known)) == (["a", "b"], 2)
    assert decided(known, "a") == "baseline/alikey.yaml:3"


@pytest.mark.parametrize("way", ["index", "commit"])
def test_named_files_and_folders(
    here: Repo, ways: dict[str, Callable[..., Allowlist]], way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, content in (
        ("baseline/alikey.yaml", text("default")),
        ("sub/a", text("a")),
        ("sub/b.yaml", text("b")),
        ("sub/c.yml", text("c")),
        ("sub/deep/d.yaml", text("d")),
        (".secrets.baseline", detect_secrets("s")),
    ):
        here.stage(path, content)
    here.write("sub/b.yaml", text("not staged"))
    outside = tmp_path / "outside"
    outside.mkdir()
    for name, value in (("e.yaml", "e"), ("f.yml", "f"), ("g.txt", "g")):
        (outside / name).write_text(text(value))
    values = ("default", "a", "b", "c", "d", "s", "e", "f", "g", "not staged")
    asked = ways[way]
    assert allowed(asked("sub/a"), *values) == ["a"]
    assert allowed(asked("sub"), *values) == ["b", "c", "d"]
    assert allowed(asked("sub", str(here.top / ".secrets.baseline")), *values) == ["b", "c", "d", "s"]
    assert allowed(asked(str(outside)), *values) == ["e", "f"]
    for named in (("../outside/g.txt", "sub/a"), ("sub/a", "../outside/g.txt")):
        assert allowed(asked(*named), *values) == ["a", "g"]
    assert decided(asked("sub/a"), "a") == "sub/a:3"
    assert decided(asked("../outside"), "e") == "../outside/e.yaml:3"
    (tmp_path / "repo-beside").mkdir()
    (tmp_path / "repo-beside" / "h.yaml").write_text(text("e"))
    assert allowed(asked("../repo-beside"), *values) == ["e"]
    monkeypatch.chdir(here.top / "sub")
    assert allowed(asked("a"), *values) == ["a"]
    (tmp_path / "link").symlink_to(here.top)
    assert allowed(asked(str(tmp_path / "link" / "sub" / "a")), *values) == ["a"]


def test_a_named_file_that_git_does_not_have_is_refused(here: Repo, ways: dict[str, Callable[..., Allowlist]]) -> None:
    here.stage("sub/a.txt", text("a"))
    here.write("b.yaml", text("b"))
    for named in ("b.yaml", "sub"):
        with pytest.raises(UserError) as caught:
            ways["index"](named)
        assert caught.value.message == f"the baseline {named} is not in the index."
        assert caught.value.help == "`git add` it, so that it goes with the commit."
        with pytest.raises(UserError) as caught:
            ways["commit"](named)
        commit = here.git("rev-parse", "HEAD")[:12]
        assert caught.value.message == f"the baseline {named} is not in {commit}."
        assert caught.value.help == "Name a baseline that the commit has."


def test_the_working_tree(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tmp_path / "[top]*"
    for path, content in (
        ("baseline/alikey-b.yaml", text("b")),
        ("baseline/alikey.yaml", text("a")),
        ("baseline/other.yaml", text("no")),
        ("named/c.yml", text("c")),
        ("named/d.yaml", text("d")),
        ("named/.secrets", detect_secrets("s")),
    ):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(content)
    monkeypatch.chdir(top)
    values = ("a", "b", "c", "d", "s", "no")
    assert allowed(baseline.from_files([], str(top)), *values) == ["a", "b"]
    assert allowed(baseline.from_files(["named"], str(top)), *values) == ["c", "d"]
    assert allowed(baseline.from_files(["named/.secrets", str(top / "named/c.yml")], "nowhere"), *values) == ["c", "s"]
    assert [(one.file, one.line, one.fingerprint) for one in baseline.entries([], str(top))] == [
        ("baseline/alikey-b.yaml", 3, fingerprint("b")),
        ("baseline/alikey.yaml", 3, fingerprint("a")),
    ]
    listed = baseline.entries(["named/.secrets", str(top / "named")], str(top))
    assert [one.file for one in listed] == ["named/c.yml", "named/d.yaml"]
    monkeypatch.chdir(top / "named")
    assert decided(baseline.from_files([], str(top)), "a") == "../baseline/alikey.yaml:3"
    assert len(baseline.from_files([], str(top / "named"))) == 0


def test_a_baseline_that_cannot_be_read_is_refused(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as caught:
        baseline.from_files(["a.yaml"], ".")
    assert caught.value.message == "the baseline a.yaml cannot be read: No such file or directory."
    assert caught.value.help == "Check its name and permissions."
    (tmp_path / "baseline" / "alikey.yaml").mkdir(parents=True)
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        baseline.from_files([], ".")
    (tmp_path / "baseline" / "alikey.yaml").rmdir()
    (tmp_path / "baseline" / "alikey.yaml").symlink_to("nowhere")
    with pytest.raises(UserError, match="is a symbolic link"):
        baseline.from_files([], ".")


def test_several_baselines_of_detect_secrets(tmp_path: Path) -> None:
    paths = []
    for name in "ab":
        paths.append(str(tmp_path / name))
        (tmp_path / name).write_text(detect_secrets(name))
    assert allowed(baseline.from_files(paths, "."), "a", "b", "c") == ["a", "b"]
    (tmp_path / "b").write_text("{")
    with pytest.raises(UserError) as caught:
        baseline.from_files(paths, ".")
    assert caught.value.message.endswith("b: not a detect-secrets baseline.")
    assert caught.value.help == "Make a new one with `detect-secrets scan`, or do without it."


def test_an_entry_counts_until_the_end_of_its_last_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    path = tmp_path / "a.yaml"
    for day, status in ((date(2023, 11, 14), "allowed"), (date(2023, 11, 13), "expired")):
        path.write_text(text("a") + f"    expires_on: {day}\n")
        assert baseline.from_files([str(path)], ".").status("a", "x") == status


def test_the_top(here: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here.top / "sub").mkdir()
    monkeypatch.chdir(here.top / "sub")
    assert baseline.top_or_here() == str(here.top)
    monkeypatch.chdir(tmp_path)
    assert baseline.top_or_here() == os.getcwd()


def test_an_empty_one() -> None:
    assert (len(baseline.empty()), baseline.empty().status("a", "x")) == (0, None)
