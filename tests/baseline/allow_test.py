"""`baseline allow`: what it records, where, and what it refuses."""

import os
import random
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from alikey_hook.allowlist.match import STATUSES
from alikey_hook.finding import fingerprint
from tests.allowlist.drawn import digest
from tests.baseline.commands import SEEDS, TODAY, Done, allow, baseline, id_line, id_print, made, noon, own, recorded, statuses
from tests.corpus.fill import B58
from tests.keys import access_key_id
from tests.repository import Repo

pytestmark = pytest.mark.once

HELP = "`git add` it, so that it goes with the commit that needs it"
NEEDED = ("--status", "test-fixture", "--reason", "a test")


@pytest.fixture
def one(repo: Repo) -> Repo:
    """A file with an AccessKey ID, not staged."""
    repo.write("a.py", id_line(1))
    return repo


def test_what_is_found_is_recorded_with_all_that_is_known_of_it(one: Repo) -> None:
    assert baseline(one, "allow", id_print(1), *NEEDED) == Done(0, f"{own(1)} records it; {HELP}\n", "")
    assert recorded(one) == [made(1)]
    value = access_key_id(1)
    assert (one.top / own(1)).read_text() == (
        "version: 1\n"
        "allow:\n"
        f"  - fingerprint: {id_print(1)}\n"
        "    rule: alibaba-access-key-id\n"
        f"    redacted: {value[:8]}…{value[-4:]}\n"
        "    status: test-fixture\n"
        "    reason: a test\n"
        "    reviewed_by: A Tester <tester@example.com>\n"
        "    reviewed_on: 2026-11-25\n"
    )


def test_what_is_staged_passes_with_its_exception_and_not_without(one: Repo) -> None:
    one.stage("a.py")
    assert statuses(one, "hook") == (1, [("a.py", 1, "new")])
    allow(one, access_key_id(1))
    assert statuses(one, "hook") == (1, [("a.py", 1, "new")])  # the exception is not staged yet
    one.git("add", "baseline")
    assert statuses(one, "hook") == (0, [("a.py", 1, "allowed")])


@pytest.mark.parametrize("status", STATUSES)
def test_every_status(one: Repo, status: str) -> None:
    assert baseline(one, "allow", id_print(1), "--status", status, "--reason", "a test").code == 0
    assert recorded(one) == [made(1, status=status)]
    assert statuses(one, "scan", "a.py")[0] == (1 if status == "leaked" else 0)


def test_every_option(one: Repo) -> None:
    options = ("--paths", "tests/**", "--paths", "a.py", "--expires", "2027-11-25", "--file", "baseline/alikey-more.yaml")
    done = baseline(one, "allow", id_print(1), *NEEDED, *options)
    assert done == Done(0, f"baseline/alikey-more.yaml records it; {HELP}\n", "")
    expected = made(1, "baseline/alikey-more.yaml", paths=("a.py", "tests/**"), expires_on=TODAY + timedelta(365))
    assert recorded(one) == [expected]


@pytest.mark.parametrize(
    ("prefix", "digits"),
    [
        pytest.param("", 8, id="eight digits"),
        pytest.param("sha256:", 12, id="as a report shows it"),
        pytest.param("sha256:", 63, id="all but one"),
    ],
)
def test_the_beginning_of_a_fingerprint_is_enough_for_what_is_found(one: Repo, prefix: str, digits: int) -> None:
    start = prefix + id_print(1).removeprefix("sha256:")[:digits]
    assert baseline(one, "allow", start, *NEEDED).code == 0
    assert recorded(one) == [made(1)]


def test_what_is_staged_is_found_even_where_the_file_has_changed_since(one: Repo) -> None:
    one.stage("a.py")
    one.write("a.py", "x = 1\n")
    assert baseline(one, "allow", id_print(1)[:15], *NEEDED).code == 0
    assert recorded(one) == [made(1)]


def test_what_is_not_staged_is_found_while_something_else_is(one: Repo) -> None:
    one.stage("b.py", id_line(2))
    assert baseline(one, "allow", id_print(1)[:15], *NEEDED).code == 0
    assert recorded(one) == [made(1)]


def test_an_unknown_beginning_is_refused(one: Repo) -> None:
    done = baseline(one, "allow", "sha256:00000000", *NEEDED)
    said = "alikey-hook: sha256:00000000: nothing that is found here begins so.\nhelp: Give the whole fingerprint.\n"
    assert (done, recorded(one)) == (Done(2, "", said), [])


def test_an_ambiguous_beginning_is_refused(repo: Repo) -> None:
    first, second = alike()
    repo.write("a.py", f'access_key_id = "{first}"\nx = 1\naccess_key_id = "{second}"\n')
    digits = fingerprint(first).removeprefix("sha256:")[:8]
    done = baseline(repo, "allow", digits, *NEEDED)
    said = f"alikey-hook: {digits}: 2 values begin so.\nhelp: Give the whole fingerprint.\n"
    assert (done, recorded(repo)) == (Done(2, "", said), [])
    files = {allow(repo, value) for value in (first, second)}
    assert files == {f"baseline/alikey-{digits}.yaml"}
    assert [entry.fingerprint for entry in recorded(repo)] == sorted(map(fingerprint, (first, second)))


def alike() -> list[str]:
    """Two AccessKey IDs whose fingerprints begin with the same eight digits, found among a hundred thousand."""
    return ["LTAI5t" + "".join(random.Random(number).choices(B58, k=18)) for number in (29014, 46212)]


def test_a_whole_fingerprint_of_nothing_here_is_recorded_with_a_note(one: Repo) -> None:
    done = baseline(one, "allow", digest("gone"), *NEEDED)
    note = f"note: {digest('gone')[:15]}… is found neither in what is staged nor in the files here\n"
    assert (done.code, done.err) == (0, note)
    (entry,) = recorded(one)
    assert (entry.fingerprint, entry.rule, entry.redacted) == (digest("gone"), "", "")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        pytest.param("1234567", "that is no fingerprint.", id="seven digits"),
        pytest.param("sha1:12345678", "that is no fingerprint.", id="another algorithm"),
        pytest.param("sha256:" + "g" * 64, "that is no fingerprint.", id="no digits"),
        pytest.param("sha256:" + "0" * 65, "that is no fingerprint.", id="too long"),
    ],
)
def test_what_is_no_fingerprint_is_refused(one: Repo, given: str, problem: str) -> None:
    done = baseline(one, "allow", given, *NEEDED)
    said = f"alikey-hook: {problem}\nhelp: Copy it from a report: sha256: and 64 hexadecimal digits.\n"
    assert (done, recorded(one)) == (Done(2, "", said), [])


def test_a_value_instead_of_its_fingerprint_is_refused_and_not_shown(one: Repo) -> None:
    assert baseline(one, "allow", access_key_id(1), *NEEDED)[:2] == (2, "")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--status", "test-fixture"), id="no reason"),
        pytest.param(("--status", "test-fixture", "--reason", " \t "), id="a blank reason"),
        pytest.param(("--reason", "a test"), id="no status"),
        pytest.param(("--status", "fine", "--reason", "a test"), id="an unknown status"),
        pytest.param((*NEEDED, "--expires", "soon"), id="no day"),
        pytest.param((*NEEDED, "--expires", "2027-02-29"), id="no such day"),
        pytest.param((*NEEDED, "--expires=-1"), id="days before today"),
        pytest.param((*NEEDED, "--expires", "9999999"), id="too many days"),
        pytest.param((*NEEDED, "--baseline", "missing.yaml"), id="no such baseline"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(one: Repo, options: tuple[str, ...]) -> None:
    done = baseline(one, "allow", id_print(1), *options)
    assert (done.code, done.out, sorted(os.listdir(one.top))) == (2, "", [".git", "a.py"])
    assert "Traceback" not in done.err and "a bug" not in done.err


def test_a_day_that_is_over_is_refused(one: Repo) -> None:
    assert baseline(one, "allow", id_print(1), *NEEDED, "--expires", "2026-11-24").code == 2
    assert recorded(one) == []


@pytest.mark.parametrize(
    ("expires", "days"),
    [("30", 30), ("30d", 30), ("0", 0), ("2026-11-25", 0), ("2027-11-25", 365)],
    ids=lambda value: str(value),
)
def test_an_expiry(one: Repo, expires: str, days: int) -> None:
    allow(one, access_key_id(1), "--expires", expires)
    assert recorded(one) == [made(1, expires_on=TODAY + timedelta(days))]


@pytest.mark.parametrize(
    ("after", "status"), [(0, "allowed"), (30, "allowed"), (31, "expired")], ids=["now", "last day", "after"]
)
def test_an_exception_ends_after_its_last_day(one: Repo, after: int, status: str) -> None:
    allow(one, access_key_id(1), "--expires", "30")
    then = noon(TODAY + timedelta(after))
    done = one.scan("a.py", "--format", "json", env={"SOURCE_DATE_EPOCH": then})
    assert done.returncode == (0 if status == "allowed" else 1)
    assert f'"status": "{status}"' in done.stdout


def test_the_same_again_replaces_it_where_it_stands(one: Repo) -> None:
    allow(one, access_key_id(1), "--file", "baseline/alikey-first.yaml")
    assert allow(one, access_key_id(1), status="example", reason="another") == "baseline/alikey-first.yaml"
    assert recorded(one) == [made(1, "baseline/alikey-first.yaml", status="example", reason="another")]


def test_other_paths_are_another_exception(one: Repo) -> None:
    allow(one, access_key_id(1), "--paths", "a.py")
    allow(one, access_key_id(1), "--paths", "b.py")
    assert recorded(one) == [made(1, paths=("a.py",)), made(1, paths=("b.py",))]


def test_each_value_gets_a_file_of_its_own(repo: Repo) -> None:
    for seed in (1, 2, 3):
        repo.write(f"{seed}.py", id_line(seed))
        assert allow(repo, access_key_id(seed)) == own(seed)
    assert recorded(repo) == sorted(map(made, (1, 2, 3)), key=lambda entry: entry.file)
    assert all(a != b for a, b in combinations(map(own, SEEDS), 2))


def test_one_file_stays_in_order(repo: Repo) -> None:
    for seed in (1, 2, 3, 4):
        repo.write(f"{seed}.py", id_line(seed))
        allow(repo, access_key_id(seed), "--file", "baseline/alikey.yaml")
    assert recorded(repo) == sorted(made(seed, "baseline/alikey.yaml") for seed in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("cwd", "options", "file"),
    [
        pytest.param("sub/deep", (), own(1), id="a file of its own"),
        pytest.param("sub", ("--file", "../baseline/alikey.yaml"), "baseline/alikey.yaml", id="a named file"),
    ],
)
def test_from_a_folder_below(one: Repo, cwd: str, options: tuple[str, ...], file: str) -> None:
    (one.top / "sub/deep").mkdir(parents=True)
    done = baseline(one, "allow", id_print(1)[:15], *NEEDED, *options, cwd=cwd)
    assert done == Done(0, f"{os.path.relpath(file, cwd)} records it; {HELP}\n", "")
    assert recorded(one) == [made(1, file)]


def test_a_named_baseline_is_where_it_is_looked_for(one: Repo) -> None:
    allow(one, access_key_id(1), "--file", "exceptions.yaml")
    done = baseline(one, "allow", id_print(1), *NEEDED, "--baseline", "exceptions.yaml", "--paths", "a.py")
    assert done.code == 0
    allow(one, access_key_id(1), "--baseline", "exceptions.yaml", reason="replaced")
    assert recorded(one, "exceptions.yaml") == [made(1, "exceptions.yaml", reason="replaced")]
    assert statuses(one, "scan", "a.py", "--baseline", "exceptions.yaml") == (0, [("a.py", 1, "allowed")])


def test_a_file_that_is_not_read_without_being_named_is_told_so(one: Repo) -> None:
    done = baseline(one, "allow", id_print(1), *NEEDED, "--file", "notes.yaml")
    assert statuses(one, "scan", "a.py")[0] == 1
    assert "--baseline" in done.out + done.err


def test_an_untouched_file_keeps_its_bytes(one: Repo) -> None:
    allow(one, access_key_id(1))
    before = (one.top / own(1)).stat()
    allow(one, access_key_id(1))
    assert (one.top / own(1)).stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("option", ["--reason", "--paths"])
def test_bytes_that_are_not_utf_8_are_refused(one: Repo, option: str) -> None:
    done = baseline(one, "allow", id_print(1), *NEEDED, option, b"a \xff b")
    assert (done.code, recorded(one)) == (2, [])


@pytest.mark.parametrize("text", ["a\x7fb", "a\x85b", "\x1b[31m", 'it\'s: #1 "really"', "审核 🔑"])
@pytest.mark.parametrize("option", ["--reason", "--paths"])
def test_a_text_of_any_letters_can_be_written_and_replaced(one: Repo, option: str, text: str) -> None:
    for status in ("example", "revoked"):
        done = baseline(one, "allow", id_print(1), "--reason", "a test", "--status", status, option, text)
        assert done.code == 0, done.err
    (entry,) = recorded(one)
    assert entry.status == "revoked"
    assert text.split() == (entry.reason.split() if option == "--reason" else entry.paths[0].split())


def test_outside_a_repository_the_folder_here_gets_it(home: Path, tmp_path: Path) -> None:
    done = baseline(Repo(tmp_path), "allow", digest(1), *NEEDED)
    assert done.code == 0
    assert done.out.startswith(f"baseline/alikey-{digest(1)[7:15]}.yaml records it; ")
