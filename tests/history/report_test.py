"""What the history's findings are worth and how they are told: baseline, pragmas, confidence, formats, languages, output."""

import json
import stat
from pathlib import Path

import pytest

from alikey_hook.finding import fingerprint
from tests.history.scanning import MAIN, NOTHING, commit, gone, pair_kept, put, ran, walk, walked
from tests.keys import access_key_id, secret
from tests.repository import ID_RULE, Repo, new_repository, pair_lines

pytestmark = pytest.mark.once

BASELINE = "baseline/alikey.yaml"


def baseline_of(*values: str, paths: str = "") -> str:
    """A baseline that allows the values."""
    more = f"    paths: [{paths}]\n" if paths else ""
    entries = (
        f"  - fingerprint: {fingerprint(value)}\n    status: test-fixture\n    reason: a value of the tests\n{more}"
        for value in sorted(values, key=fingerprint)
    )
    return "version: 1\nallow:\n" + "".join(entries)


def pair(seed: int) -> tuple[str, str]:
    return access_key_id(seed), secret(seed)


@pytest.fixture
def leaked(repo: Repo) -> tuple[Repo, str, str]:
    """A repository, the commit that brings a key and the one that takes it away."""
    put(repo, "2024-01-01", NOTHING, "other.py")
    first = put(repo, "2024-01-02")
    return repo, first, gone(repo, "2024-01-03")


# The baseline


def test_the_baseline_of_head_allows(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    put(repo, "2024-01-04", baseline_of(*pair(1)), BASELINE)
    expected = pair_kept(first, "2024-01-02", last, status="allowed")
    assert walk(repo)[:2] == (0, expected)
    decided = {found["decided_by"] for found in json.loads(walk(repo).out)["findings"]}
    assert decided <= {f"{BASELINE}:3", f"{BASELINE}:6"}


@pytest.mark.parametrize("where", ["working tree", "index", "another branch", "an earlier commit"])
def test_no_other_baseline_allows(leaked: tuple[Repo, str, str], where: str) -> None:
    repo, first, last = leaked
    if where == "working tree":
        repo.write(BASELINE, baseline_of(*pair(1)))
    elif where == "index":
        repo.stage(BASELINE, baseline_of(*pair(1)))
    elif where == "another branch":
        repo.git("switch", "--quiet", "--create", "topic")
        put(repo, "2024-01-04", baseline_of(*pair(1)), BASELINE)
        repo.git("switch", "--quiet", "main")
    else:
        put(repo, "2024-01-04", baseline_of(*pair(1)), BASELINE)
        gone(repo, "2024-01-05", BASELINE)
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", last))


def test_the_baseline_of_a_ref(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    put(repo, "2024-01-04", baseline_of(*pair(1)), BASELINE)
    repo.git("tag", "reviewed")
    gone(repo, "2024-01-05", BASELINE)
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", last))
    expected = (0, pair_kept(first, "2024-01-02", last, status="allowed"))
    assert walk(repo, "--baseline-ref=reviewed")[:2] == expected
    assert walk(repo, "--baseline-ref=HEAD~1")[:2] == expected


def test_a_ref_that_is_none(leaked: tuple[Repo, str, str]) -> None:
    done = ran(leaked[0].top, "--baseline-ref=missing")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0] == "alikey-hook: --baseline-ref missing is no commit here."


@pytest.mark.parametrize("absolute", [False, True])
def test_a_named_baseline_is_from_where_we_stand(leaked: tuple[Repo, str, str], tmp_path: Path, absolute: bool) -> None:
    _, first, last = leaked
    (tmp_path / "mine.yaml").write_text(baseline_of(*pair(1)))
    name = str(tmp_path / "mine.yaml") if absolute else "mine.yaml"
    expected = pair_kept(first, "2024-01-02", last, status="allowed")
    assert walked(ran(tmp_path, "repo", "--format", "json", "--baseline", name))[:2] == (0, expected)


def test_the_baseline_of_a_bare_repository(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    repo, first, last = leaked
    put(repo, "2024-01-04", baseline_of(*pair(1)), BASELINE)
    repo.git("clone", "--quiet", "--mirror", str(repo.top), str(tmp_path / "bare.git"))
    expected = pair_kept(first, "2024-01-02", last, status="allowed")
    assert walk(tmp_path / "bare.git")[:2] == (0, expected)
    assert walk(tmp_path / "bare.git/refs")[:2] == (0, expected)


def test_a_baseline_from_a_subfolder(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    put(repo, "2024-01-04", baseline_of(*pair(1)), BASELINE)
    put(repo, "2024-01-05", NOTHING, "sub/other.py")
    assert walk(repo, cwd="sub")[:2] == (0, pair_kept(first, "2024-01-02", last, status="allowed"))


def test_a_baseline_entry_of_one_path(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    other = put(repo, "2024-01-04", pair_lines() + "more = 1\n", "tests/app.py")
    put(repo, "2024-01-05", baseline_of(*pair(1), paths="tests/**"), BASELINE)
    expected = pair_kept(first, "2024-01-02", last)
    expected += pair_kept(other, "2024-01-04", other, MAIN, path="tests/app.py", status="allowed")
    assert walk(repo)[:2] == (1, expected)


def test_half_a_pair_allowed(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    put(repo, "2024-01-04", baseline_of(secret(1)), BASELINE)
    one, two = pair_kept(first, "2024-01-02", last)
    assert walk(repo)[:2] == (1, [one, two._replace(status="allowed")])


def test_a_broken_baseline(leaked: tuple[Repo, str, str]) -> None:
    repo, _, _ = leaked
    put(repo, "2024-01-04", "version: 1\nallow:\n  - fingerprint: x\n", BASELINE)
    done = ran(repo.top)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"alikey-hook: {BASELINE}:3: ")


def test_without_a_head_there_is_no_baseline(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    put(repo, "2024-01-04", baseline_of(*pair(1)), BASELINE)
    repo.git("switch", "--quiet", "--orphan", "fresh")
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", last))


# Pragmas and confidence


def test_a_pragma_allows(repo: Repo) -> None:
    put(repo, "2024-01-01", f'access_key_id = "{access_key_id(1)}"  # pragma: allowlist secret\n')
    assert [one.status for one in walk(repo).findings] == ["allowed"]
    assert walk(repo).code == 0
    assert [one.status for one in walk(repo, "--no-inline-allow").findings] == ["new"]


@pytest.mark.parametrize("pragma_first", [True, False], ids=["first with", "first without"])
def test_a_pragma_allows_its_own_line_only(repo: Repo, pragma_first: bool) -> None:
    line = f'access_key_id = "{access_key_id(1)}"'
    lines = [f"{line}  # pragma: allowlist secret\n", f"{line}\n"]
    repo.stage("app.py", "".join(lines if pragma_first else lines[::-1]))
    assert repo.scan("--staged").returncode == 1
    commit(repo, "2024-01-02")
    said = walk(repo)
    assert (said.code, "new" in {one.status for one in said.findings}) == (1, True)


@pytest.mark.parametrize("pragma_first", [True, False], ids=["first with", "first without"])
def test_a_pragma_of_one_version_does_not_allow_another(repo: Repo, pragma_first: bool) -> None:
    line = f'access_key_id = "{access_key_id(1)}"'
    lines = [f"{line}  # pragma: allowlist secret\n", f"{line}\n"]
    for day, content in zip(("2024-01-02", "2024-01-03"), lines if pragma_first else lines[::-1], strict=True):
        put(repo, day, content)
    said = walk(repo)
    assert (said.code, "new" in {one.status for one in said.findings}) == (1, True)


def test_the_least_confidence(repo: Repo) -> None:
    put(repo, "2024-01-02", f"{access_key_id(1)[4:]}\n{secret(2)}\n" + pair_lines())
    by_level = {level: len(walk(repo, f"--min-confidence={level}").findings) for level in ("low", "medium", "high")}
    assert by_level["low"] >= by_level["medium"] >= by_level["high"] >= 2


# Formats


def test_the_text_report(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    done = ran(repo.top, "--color=never", "--lang=en")
    key = access_key_id(1)
    assert done.returncode == 1
    assert done.stdout.startswith(
        f"app.py:1:18: {ID_RULE} critical {key[:8]}…{key[-4:]}\n"
        f'    access_key_id = "{"*" * 24}"\n'
        f"                     {'^' * 24}\n"
        f"    a pair with line 2: whoever reads both can use them; came in commit {first[:12]} (2024-01-02); "
        f"gone from the newest commit, but not from the history ({last[:12]})\n\n"
        "app.py:2:22: alibaba-access-key-secret critical 30 characters\n"
    )
    assert done.stderr == "alikey-hook: 2 leaked in 5 files\n"


def test_the_text_report_in_chinese(leaked: tuple[Repo, str, str]) -> None:
    repo, first, _ = leaked
    done = ran(repo.top, "--color=never", "--lang=zh")
    assert f"由提交 {first[:12]} (2024-01-02) 带入" in done.stdout
    assert "最新提交中已没有，但历史中仍在" in done.stdout
    assert done.stderr == "alikey-hook：已检查 5 个文件，2 处泄露\n"


def test_the_text_report_names_the_refs(repo: Repo) -> None:
    put(repo, "2024-01-02")
    for number in range(6):
        repo.git("branch", f"b{number}")
    repo.git("tag", "v1")
    assert "; still in b0, b1, b2, b3, b4, …\n" in ran(repo.top, "--lang=en").stdout


def test_a_ref_s_name_does_not_act_on_the_terminal(repo: Repo) -> None:
    put(repo, "2024-01-02")
    repo.git("branch", "b\u202eevil")
    done = ran(repo.top, "--lang=en")
    assert "still in b\\u202eevil, main" in done.stdout


def test_the_json_report(leaked: tuple[Repo, str, str]) -> None:
    repo, first, last = leaked
    report = json.loads(walk(repo).out)
    key = access_key_id(1)
    expected = {
        "rule": ID_RULE,
        "status": "new",
        "confidence": "high",
        "severity": "critical",
        "path": "app.py",
        "line": 1,
        "column": 18,
        "end_column": 42,
        "commit": first,
        "fingerprint": fingerprint(key),
        "redacted": f"{key[:8]}…{key[-4:]}",
        "partner": fingerprint(secret(1)),
        "encoding": "plain",
        "author_date": "2024-01-02",
        "in_tip": False,
        "decided_by": None,
        "source": None,
        "last_commit": last,
        "refs": [],
    }
    found = report["findings"][0]  # keys are only ever added
    assert {key: found[key] for key in expected} == expected
    summary = report["summary"]
    assert {key: summary[key] for key in ("new", "existing", "allowed", "expired", "files")} == {
        "new": 2, "existing": 0, "allowed": 0, "expired": 0, "files": 5
    }  # fmt: skip
    sizes = repo.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectsize)").splitlines()
    assert summary["bytes"] == sum(int(line.split()[1]) for line in sizes if not line.startswith("tree"))


def test_nothing_found_is_said(repo: Repo) -> None:
    put(repo, "2024-01-01", NOTHING)
    done = ran(repo.top, "--lang=en")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "alikey-hook: nothing leaks in 2 files\n")
    assert ran(repo.top, "-q").stderr == ""
    assert walk(repo)[:2] == (0, [])


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_output_is_a_file_from_where_we_stand(leaked: tuple[Repo, str, str], tmp_path: Path, form: str) -> None:
    done = ran(tmp_path, "repo", "--format", form, "--output", "report")
    printed = ran(tmp_path, "repo", "--format", form)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", printed.stderr)
    assert (tmp_path / "report").read_text() == printed.stdout
    assert not (leaked[0].top / "report").exists()


def test_an_output_that_cannot_be_written(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    done = ran(leaked[0].top, "--output", str(tmp_path / "missing/report"))
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr.splitlines()[0] == f"alikey-hook: {tmp_path}/missing/report cannot be written: No such file or directory."
    )


def test_the_history_changes_nothing(leaked: tuple[Repo, str, str]) -> None:
    repo, _, _ = leaked

    def state() -> dict[Path, tuple[bytes, int]]:
        files = (path for path in sorted(repo.top.rglob("*")) if path.is_file())
        return {path: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) for path in files}

    before = state()
    assert walk(repo, "--all-objects").code == 1
    assert state() == before


def test_own_keys_are_found_in_the_history(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    value = "own" + access_key_id(5)[4:]
    put(repo, "2024-01-02", f"x = {value}\n")
    gone(repo, "2024-01-03")
    assert walk(repo).code == 0
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", access_key_id(5))
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", value)
    done = repo.scan("--history", "--format", "json")
    (found,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, found["rule"], found["author_date"]) == (1, "alibaba-own-key", "2024-01-02")
    assert value not in done.stdout + done.stderr


def test_another_repository_s_report_is_its_own(leaked: tuple[Repo, str, str], tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other")
    put(other, "2024-01-01", NOTHING)
    assert walk(leaked[0], str(other.top))[:2] == (0, [])
