"""The baseline does not report itself, hides no key that is pasted into it, and never lets a leaked value pass."""

import pytest

from alikey_hook.allowlist import edit
from tests.allowlist.drawn import digest
from tests.baseline.commands import alikey, baseline, id_line, id_print, made, own, put, statuses
from tests.keys import access_key_id, secret
from tests.repository import Repo

pytestmark = pytest.mark.once

ONE_FILE = "baseline/alikey.yaml"


@pytest.mark.parametrize("confidence", ["low", "medium", "high"])
def test_fingerprints_are_not_findings(repo: Repo, confidence: str) -> None:
    entry = made(1, ONE_FILE, redacted="LTAI5tAb…9kQz", reason="the access key of a test")
    listed = "".join(edit.written(entry._replace(fingerprint=digest(number))) for number in range(500))
    repo.stage(ONE_FILE, f"version: 1\nallow:\n{listed}")
    put(
        repo,
        *(made(seed) for seed in range(1, 30)),
        *(made(1, fingerprint=digest(n), redacted="30 characters") for n in range(9)),
    )
    repo.git("add", "--all")
    for args in (("hook",), ("scan",), ("scan", "--staged")):
        assert statuses(repo, *args, "--min-confidence", confidence) == (0, [])


@pytest.mark.parametrize(
    "pasted",
    [
        pytest.param("    reason: it was {id}\n", id="an id in the reason"),
        pytest.param("    reason: 'access key secret: {secret}'\n", id="a secret in the reason"),
        pytest.param("    reason: a test  # {id}\n", id="an id in a comment behind"),
        pytest.param("    # {id}\n    reason: a test\n", id="an id in a comment above"),
        pytest.param("    # access_key_secret = {secret}\n    reason: a test\n", id="a secret in a comment"),
        pytest.param("    reason: a test\n    redacted: {id}\n", id="an id that is not redacted"),
        pytest.param("    reason: a test\n    paths: ['{id}/**']\n", id="an id in the paths"),
        pytest.param("    reason: a test\n    reviewed_by: '{id}'\n", id="an id as the reviewer"),
        pytest.param("    reason: a test\n# {id}\n", id="an id at the end"),
    ],
)
def test_a_key_that_is_pasted_into_the_baseline_is_found(repo: Repo, pasted: str) -> None:
    content = f"version: 1\nallow:\n  - fingerprint: {digest(1)}\n    status: example\n"
    content += pasted.format(id=access_key_id(1), secret=secret(1))
    repo.stage(ONE_FILE, content)
    line = next(number for number, text in enumerate(content.splitlines(), 1) if access_key_id(1) in text or secret(1) in text)
    assert statuses(repo, "hook") == (1, [(ONE_FILE, line, "new")])
    assert statuses(repo, "scan") == (1, [(ONE_FILE, line, "new")])


def test_an_exception_for_other_paths_does_not_hide_its_key_in_the_baseline(repo: Repo) -> None:
    put(repo, made(1, paths=("tests/**",), reason=f"it is {access_key_id(1)}"))
    repo.git("add", "--all")
    assert statuses(repo, "hook") == (1, [(own(1), 7, "new")])


@pytest.mark.parametrize("more", [{}, {"paths": ("a.py",)}], ids=["everywhere", "in the same file"])
@pytest.mark.parametrize("order", [1, -1], ids=["leaked first", "leaked last"])
def test_leaked_never_passes_whatever_else_allows_it(repo: Repo, more: dict[str, object], order: int) -> None:
    names = ["baseline/alikey-a.yaml", "baseline/alikey-b.yaml"][::order]
    put(repo, made(1, names[0], status="leaked"), made(1, names[1], **more))
    repo.stage("a.py", id_line(1))
    repo.git("add", "--all")
    for args in (("hook",), ("scan",), ("scan", "--staged")):
        assert statuses(repo, *args) == (1, [("a.py", 1, "new")])
    repo.commit()
    assert statuses(repo, "scan", "--commits", "HEAD") == (1, [("a.py", 1, "new")])


def test_leaked_does_not_pass_after_its_expiry_either(repo: Repo) -> None:
    put(repo, made(1, status="leaked", expires_on=made(1).reviewed_on), made(1, "baseline/alikey.yaml"))
    repo.stage("a.py", id_line(1))
    repo.git("add", "--all")
    assert alikey(repo, "hook", env={"SOURCE_DATE_EPOCH": "1900000000"}).code == 1


def test_leaked_does_not_pass_with_a_pragma_in_strict_mode(repo: Repo) -> None:
    put(repo, made(1, status="leaked"))
    repo.stage("a.py", id_line(1).rstrip() + "  # pragma: allowlist secret\n")
    repo.git("add", "--all")
    assert statuses(repo, "hook", "--no-inline-allow")[0] == 1


def shown(seed: int, line: int, by: str) -> str:
    value = access_key_id(seed)
    return (
        f"a.py:{line}:18: alibaba-access-key-id medium {value[:8]}…{value[-4:]}\n"
        f'    access_key_id = "{"*" * 24}"\n'
        f"                     {'^' * 24}\n"
        f"    allowed by {by}\n"
    )


def test_an_exception_of_the_same_commit_is_told_as_such(repo: Repo) -> None:
    put(repo, made(1))
    repo.git("add", "--all")
    repo.commit()
    put(repo, made(2))
    repo.stage("a.py", id_line(1) + id_line(2))
    repo.git("add", "--all")
    done = alikey(repo, "hook", "-v")
    assert done.code == 0
    assert done.out == shown(1, 1, f"{own(1)}:3") + "\n" + shown(2, 2, f"{own(2)}:3, which this same commit brings")
    assert alikey(repo, "hook").out == ""


def test_an_older_exception_beside_a_new_one_is_not_told_as_new(repo: Repo) -> None:
    put(repo, made(1, ONE_FILE))
    repo.git("add", "--all")
    repo.commit()
    put(repo, made(2, ONE_FILE))
    repo.stage("a.py", id_line(1) + id_line(2))
    repo.git("add", "--all")
    lines = [line for line in alikey(repo, "hook", "-v").out.splitlines() if "allowed by" in line]
    assert [line.endswith(", which this same commit brings") for line in lines] == [False, True]


def test_an_exception_of_a_range_of_commits_is_told_as_such(repo: Repo) -> None:
    put(repo, made(1))
    repo.stage("a.py", id_line(1))
    repo.git("add", "--all")
    repo.commit()
    done = alikey(repo, "scan", "--commits", "HEAD", "-v")
    assert (done.code, f"allowed by {own(1)}:3, which this same commit brings" in done.out) == (0, True)


def test_files_as_they_are_bring_no_exception(repo: Repo) -> None:
    put(repo, made(1))
    repo.write("a.py", id_line(1))
    assert alikey(repo, "scan", "-v").out == shown(1, 1, f"{own(1)}:3")


def test_json_tells_what_decided(repo: Repo) -> None:
    put(repo, made(1))
    repo.stage("a.py", id_line(1))
    repo.git("add", "--all")
    done = alikey(repo, "hook", "--format", "json")
    assert f'"decided_by": "{own(1)}:3"' in done.out


def test_a_broken_baseline_is_refused_when_it_is_committed_alone(repo: Repo) -> None:
    repo.stage(ONE_FILE, "version: 1\nallow:\n  - x\n")
    done = alikey(repo, "hook")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"alikey-hook: {ONE_FILE}:3: ")


def test_a_schema_beside_it_does_no_harm(repo: Repo) -> None:
    put(repo, made(1))
    repo.write("baseline/schema.json", "{}")
    repo.write("baseline/other.yaml", "x: [")
    repo.write("baseline/deep/alikey.yaml", "x: [")
    repo.stage("a.py", id_line(1))
    repo.git("add", "--all")
    assert statuses(repo, "hook") == (0, [("a.py", 1, "allowed")])
    assert baseline(repo, "check").code == 0
    assert id_print(1)[7:19] in baseline(repo, "list").out
