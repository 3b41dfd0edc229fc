"""`baseline import` and `export`: to and from detect-secrets, with the real one at the other end."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import detect_secrets
import pytest

from alikey_hook.allowlist.match import Entry
from alikey_hook.allowlist.parse import parse_detect_secrets
from alikey_hook.finding import fingerprint
from tests.baseline.commands import (
    TODAY,
    Done,
    assert_no_value_in,
    baseline,
    id_line,
    id_print,
    made,
    put,
    recorded,
    statuses,
)
from tests.keys import access_key_id, secret
from tests.repository import Repo, pair_lines

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent.parent
THEIRS = ".secrets.baseline"
IMPORTED = "baseline/alikey-imported.yaml"
Report = dict[str, Any]


def sha1(value: str) -> str:
    return hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the real detect-secrets and what our wheel puts into it."""
    folder = tmp_path_factory.mktemp("host")
    shutil.copytree(Path(detect_secrets.__file__).parent, folder / "detect_secrets")
    shutil.copy(ROOT / "alikey_hook/detect_secrets_module.py", folder / "detect_secrets/plugins/alibaba_cloud.py")
    return folder


class Theirs(NamedTuple):
    """The real detect-secrets in a repository."""

    host: Path
    repo: Repo

    def run(self, *args: str, module: str = "detect_secrets") -> Done:
        """`detect-secrets`."""
        env = {**os.environ, "PYTHONPATH": f"{self.host}{os.pathsep}{ROOT}"}
        done = subprocess.run([sys.executable, "-m", module, *args], cwd=self.repo.top, env=env, capture_output=True, text=True)
        return Done(done.returncode, done.stdout, done.stderr)

    def hook(self, *args: str) -> Done:
        """`detect-secrets-hook`."""
        self.repo.git("add", "--all")
        return self.run(*args, module="detect_secrets.pre_commit_hook")


@pytest.fixture
def other(host: Path, repo: Repo) -> Theirs:
    """The real detect-secrets, in this test's repository."""
    return Theirs(host, repo)


def labelled(other: Theirs, labels: dict[str, bool]) -> None:
    """The baseline that detect-secrets makes of a repository, with what was audited, as its `audit` writes it."""
    other.repo.git("add", "--all")
    report: Report = json.loads(other.run("scan").out)
    assert report["results"], "detect-secrets finds nothing"
    for results in report["results"].values():
        for found in results:
            if found["hashed_secret"] in labels:
                found["is_secret"] = labels[found["hashed_secret"]]
    other.repo.write(THEIRS, json.dumps(report, indent=2))


def result(path: str, value: str, verdict: bool | None) -> Report:
    found = {"type": "Secret Keyword", "filename": path, "hashed_secret": sha1(value), "is_verified": False, "line_number": 1}
    return found if verdict is None else {**found, "is_secret": verdict}


def theirs(repo: Repo, *results: Report, path: str = THEIRS) -> None:
    """A detect-secrets baseline with these results."""
    by_file: dict[str, list[Report]] = {}
    for one in results:
        by_file.setdefault(one["filename"], []).append(one)
    repo.write(path, json.dumps({"version": "1.5.0", "plugins_used": [], "filters_used": [], "results": by_file}))


def taken_over(seed: int, path: str, status: str = "false-positive", file: str = IMPORTED) -> Entry:
    return made(seed, file, status=status, paths=(path,), reason="taken over from .secrets.baseline")


def others(count: int) -> str:
    return f"{count} others are no Alibaba Cloud credentials, or are not in their files any more\n"


def test_what_detect_secrets_has_audited_is_taken_over(other: Theirs) -> None:
    repo = other.repo
    for seed, name in ((1, "no"), (2, "yes"), (3, "nobody")):
        repo.write(f"{name}.py", pair_lines(seed))
    repo.write("other.py", 'password = "correct horse battery"\n')
    audited = {False: (access_key_id(1), secret(1)), True: (access_key_id(2), secret(2))}
    labelled(other, {sha1(value): verdict for verdict, values in audited.items() for value in values})
    done = baseline(repo, "import", THEIRS)
    first, *told, last = done.out.splitlines()
    assert (done.code, first, f"{last}\n") == (0, f"4 entries written to {IMPORTED}", others(1))
    unsure = {"access-key-id": access_key_id(3), "access-key-secret": secret(3)}
    assert set(told) == {
        f"not audited, so not allowed: nobody.py: alibaba-{kind} {fingerprint(value)}" for kind, value in unsure.items()
    }
    ids = [taken_over(1, "no.py"), taken_over(2, "yes.py", "leaked")]
    secrets = [
        one._replace(fingerprint=fingerprint(secret(seed)), rule="alibaba-access-key-secret", redacted="30 characters")
        for seed, one in enumerate(ids, 1)
    ]
    assert recorded(repo) == sorted(ids + secrets)
    assert statuses(repo, "scan")[1] == [
        (name, line, status)
        for name, status in (("no.py", "allowed"), ("nobody.py", "new"), ("yes.py", "new"))
        for line in (1, 2)
    ]


def test_what_two_plugins_found_and_nobody_audited_is_told_once(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    twice = result("a.py", access_key_id(1), None)
    theirs(repo, twice, {**twice, "type": "Base64 High Entropy String"})
    assert baseline(repo, "import", THEIRS).out.count("not audited, so not allowed") == 1


@pytest.mark.parametrize("verdicts", [(True, False), (False, True)], ids=["a secret first", "a secret last"])
def test_what_was_audited_as_both_has_leaked(repo: Repo, verdicts: tuple[bool, bool]) -> None:
    repo.write("a.py", id_line(1))
    kinds = ("Secret Keyword", "Base64 High Entropy String")
    theirs(repo, *({**result("a.py", access_key_id(1), v), "type": kind} for v, kind in zip(verdicts, kinds, strict=True)))
    baseline(repo, "import", THEIRS)
    assert statuses(repo, "scan", "a.py") == (1, [("a.py", 1, "new")])


@pytest.mark.parametrize(
    ("verdict", "status", "code"),
    [
        pytest.param(False, "false-positive", 0, id="no secret"),
        pytest.param(True, "leaked", 1, id="a secret"),
    ],
)
def test_a_verdict(repo: Repo, verdict: bool, status: str, code: int) -> None:
    repo.write("a.py", id_line(1))
    theirs(repo, result("a.py", access_key_id(1), verdict))
    assert baseline(repo, "import", THEIRS).out == f"1 entries written to {IMPORTED}\n{others(0)}"
    assert recorded(repo) == [taken_over(1, "a.py", status)]
    assert statuses(repo, "scan", "a.py")[0] == code


@pytest.mark.parametrize("verdict", [None, "yes", 0], ids=["no label", "a word", "a number"])
def test_what_nobody_has_audited_is_not_allowed(repo: Repo, verdict: Any) -> None:
    repo.write("a.py", id_line(1))
    theirs(repo, {**result("a.py", access_key_id(1), None), **({} if verdict is None else {"is_secret": verdict})})
    said = f"nothing new to write\nnot audited, so not allowed: a.py: alibaba-access-key-id {id_print(1)}\n{others(0)}"
    assert baseline(repo, "import", THEIRS) == Done(0, said, "")
    assert recorded(repo) == []


def test_it_is_allowed_in_its_file_only(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    repo.write("b.py", id_line(1))
    theirs(repo, result("a.py", access_key_id(1), False))
    baseline(repo, "import", THEIRS)
    assert statuses(repo, "scan") == (1, [("a.py", 1, "allowed"), ("b.py", 1, "new")])


def test_one_value_in_two_files_with_two_verdicts_is_leaked_in_one(repo: Repo) -> None:
    for name in ("a.py", "b.py"):
        repo.write(name, id_line(1))
    theirs(repo, result("a.py", access_key_id(1), False), result("b.py", access_key_id(1), True))
    assert baseline(repo, "import", THEIRS).code == 0
    assert sorted(recorded(repo)) == sorted([taken_over(1, "a.py"), taken_over(1, "b.py", "leaked")])
    assert statuses(repo, "scan") == (1, [("a.py", 1, "allowed"), ("b.py", 1, "new")])


@pytest.mark.parametrize("name", ["a*b?.py", "文件 1.py", "[x].py", "a'b\"c.py", "#a: b.py"])
def test_a_name_of_any_letters(repo: Repo, name: str) -> None:
    repo.write(name, id_line(1))
    theirs(repo, result(name, access_key_id(1), False))
    assert baseline(repo, "import", THEIRS).code == 0
    assert statuses(repo, "scan", f"./{name}") == (0, [(name, 1, "allowed")])


def test_a_name_of_windows(repo: Repo) -> None:
    repo.write("src/a.py", id_line(1))
    theirs(repo, result("src\\a.py", access_key_id(1), False))
    baseline(repo, "import", THEIRS)
    assert recorded(repo) == [taken_over(1, "src/a.py")]


def test_what_is_gone_is_counted(repo: Repo) -> None:
    repo.write("a.py", "x = 1\n")
    theirs(repo, result("a.py", access_key_id(1), False), result("gone.py", access_key_id(2), False))
    assert baseline(repo, "import", THEIRS) == Done(0, f"nothing new to write\n{others(2)}", "")


def test_every_option(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    theirs(repo, result("a.py", access_key_id(1), False), path="other.json")
    to = "baseline/alikey-more.yaml"
    done = baseline(repo, "import", "other.json", "--reason", "seen by us: #1", "--to", to)
    assert done.out == f"1 entries written to {to}\n{others(0)}"
    assert recorded(repo) == [taken_over(1, "a.py", file=to)._replace(reason="seen by us: #1")]


def test_again_there_is_nothing_new(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    theirs(repo, result("a.py", access_key_id(1), False))
    baseline(repo, "import", THEIRS)
    content = (repo.top / IMPORTED).read_bytes()
    assert baseline(repo, "import", THEIRS).out == f"nothing new to write\n{others(0)}"
    assert (repo.top / IMPORTED).read_bytes() == content


def test_what_was_decided_here_meanwhile_stays(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    put(repo, made(1, paths=("a.py",), status="revoked"))
    theirs(repo, result("a.py", access_key_id(1), False))
    assert baseline(repo, "import", THEIRS).out.startswith("nothing new to write\n")
    assert recorded(repo) == [made(1, paths=("a.py",), status="revoked")]


def test_what_stands_in_the_file_already_stays(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    repo.write("b.py", id_line(2))
    put(repo, made(2, IMPORTED))
    theirs(repo, result("a.py", access_key_id(1), False))
    baseline(repo, "import", THEIRS)
    assert sorted(recorded(repo)) == sorted([made(2, IMPORTED), taken_over(1, "a.py")])


def test_from_a_folder_below(repo: Repo) -> None:
    repo.write("sub/a.py", id_line(1))
    theirs(repo, result("sub/a.py", access_key_id(1), False))
    done = baseline(repo, "import", f"../{THEIRS}", cwd="sub")
    assert done.out.startswith(f"1 entries written to ../{IMPORTED}\n")
    assert recorded(repo) == [taken_over(1, "sub/a.py")]


def test_a_baseline_of_a_folder_allows_in_that_folder(repo: Repo) -> None:
    repo.write("sub/a.py", id_line(1))
    theirs(repo, result("a.py", access_key_id(1), False), path=f"sub/{THEIRS}")
    baseline(repo, "import", f"sub/{THEIRS}")
    assert statuses(repo, "scan", "sub/a.py") == (0, [("sub/a.py", 1, "allowed")])


@pytest.mark.parametrize("content", ["", "{", "[]", "version: 1\n", '{"results": []}', '{"results": {"a": [{}]}}'])
def test_what_is_no_detect_secrets_baseline_is_refused(repo: Repo, content: str) -> None:
    repo.write(THEIRS, content)
    said = f"alikey-hook: {THEIRS}: not a detect-secrets baseline.\n"
    done = baseline(repo, "import", THEIRS)
    assert (done.code, done.out, done.err.startswith(said)) == (2, "", True)
    assert not (repo.top / "baseline").exists()


def test_a_missing_file_is_refused(repo: Repo) -> None:
    assert baseline(repo, "import", THEIRS)[:2] == (2, "")


# ---- export


@pytest.fixture
def exported(repo: Repo) -> Repo:
    """An allowed pair, an allowed id that is there twice, a leaked, an expired and an unknown one; exported."""
    repo.write("pair.py", pair_lines(1))
    repo.write("twice.py", id_line(2) + id_line(2))
    for seed, name in ((3, "leaked"), (4, "expired"), (5, "unknown")):
        repo.write(f"{name}.py", id_line(seed))
    put(repo, made(1), made(1, fingerprint=fingerprint(secret(1))), made(2))
    put(repo, made(3, status="leaked"), made(4, expires_on=TODAY.replace(day=24)))
    done = baseline(repo, "export", "--output", "exported.json")
    assert done == Done(0, "", "")
    return repo


def exported_values(repo: Repo, file: str = "exported.json") -> dict[str, set[tuple[str, bool | None]]]:
    report = json.loads((repo.top / file).read_text())
    return {
        path: {(one["hashed_secret"], one.get("is_secret")) for one in results} for path, results in report["results"].items()
    }


ALLOWED = {
    "pair.py": {(sha1(access_key_id(1)), False), (sha1(secret(1)), False)},
    "twice.py": {(sha1(access_key_id(2)), False)},
}


def test_what_is_allowed_is_exported_and_nothing_else(exported: Repo) -> None:
    assert exported_values(exported) == ALLOWED
    assert_no_value_in((exported.top / "exported.json").read_bytes())
    read = parse_detect_secrets((exported.top / "exported.json").read_bytes(), "exported.json")
    assert set(read) == {(path, hashed) for path, found in ALLOWED.items() for hashed, _ in found}


def test_to_standard_output_and_of_named_paths(exported: Repo) -> None:
    done = baseline(exported, "export", "twice.py")
    report = json.loads(done.out)
    assert (done.code, list(report["results"])) == (0, ["twice.py"])
    assert report["generated_at"] == "2026-11-25T12:00:00Z"


def test_what_was_exported_allows_the_same(exported: Repo) -> None:
    code, found = statuses(exported, "scan", "--baseline", "exported.json", "pair.py", "twice.py")
    assert (code, {status for _, _, status in found}, len(found)) == (0, {"allowed"}, 4)
    assert statuses(exported, "scan", "--baseline", "exported.json", "leaked.py", "expired.py", "unknown.py")[0] == 1


def test_what_was_exported_can_be_imported(exported: Repo) -> None:
    for path in (exported.top / "baseline").iterdir():
        path.unlink()
    assert baseline(exported, "import", "exported.json").code == 0
    assert {(entry.fingerprint, entry.paths) for entry in recorded(exported)} == {
        (id_print(1), ("pair.py",)),
        (fingerprint(secret(1)), ("pair.py",)),
        (id_print(2), ("twice.py",)),
    }
    assert {entry.status for entry in recorded(exported)} == {"false-positive"}


def test_detect_secrets_reads_what_was_exported(exported: Repo, other: Theirs) -> None:
    done = other.run("audit", "--report", "exported.json")
    assert done.code == 0, done.err
    assert {one["filename"] for one in json.loads(done.out)["results"]} == set(ALLOWED)


def test_detect_secrets_keeps_what_was_audited_when_it_updates_it(exported: Repo, other: Theirs) -> None:
    exported.git("add", "--all")
    done = other.run("scan", "--baseline", "exported.json")
    assert (done.code, done.err) == (0, "")
    assert ALLOWED["pair.py"] <= exported_values(exported).get("pair.py", set())


def test_the_hook_of_detect_secrets_lets_pass_what_was_exported(exported: Repo, other: Theirs) -> None:
    assert other.hook("pair.py", "twice.py").code == 1
    done = other.hook("--baseline", "exported.json", "pair.py", "twice.py")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_the_hook_of_detect_secrets_still_finds_all_else(exported: Repo, other: Theirs) -> None:
    exported.stage("new.py", 'password = "correct horse battery"\n')
    assert other.hook("new.py").code == 1
    done = other.hook("--baseline", "exported.json", "new.py")
    assert (done.code, "new.py:1" in done.out) == (1, True)
    done = other.hook("--baseline", "exported.json", "unknown.py")
    assert (done.code, "unknown.py:1" in done.out) == (1, True)


def test_an_export_to_nowhere_is_refused(exported: Repo) -> None:
    done = baseline(exported, "export", "--output", os.path.join("missing", "exported.json"))
    assert (done.code, done.out) == (2, "")
