"""`baseline list`, `check` and `prune`: what there is, what is wrong with it, and what may go."""

import json
from datetime import timedelta

import pytest

from tests.baseline.commands import (
    REVIEWER,
    TODAY,
    Done,
    allow,
    baseline,
    id_line,
    id_print,
    made,
    own,
    put,
    recorded,
    statuses,
)
from tests.keys import access_key_id
from tests.repository import Repo

ONE_FILE = "baseline/alikey.yaml"


@pytest.fixture
def listed(repo: Repo) -> Repo:
    """Values with an exception each: for ever, until some day, ending soon, expired, of a limited place."""
    for seed in range(1, 6):
        repo.write(f"{seed}.py", id_line(seed))
    put(
        repo,
        made(1),
        made(2, expires_on=TODAY + timedelta(31), status="example", reason="其他"),
        made(3, expires_on=TODAY + timedelta(30), paths=("*.py", "a b/**")),
        made(4, expires_on=TODAY - timedelta(1)),
        made(5, expires_on=TODAY, status="leaked"),
    )
    return repo


def row(repo: Repo, seed: int) -> str:
    lines = baseline(repo, "list").out.splitlines()
    return next(line for line in lines if line.startswith(id_print(seed).removeprefix("sha256:")[:12]))


def test_a_table_word_for_word(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    put(repo, made(1, paths=("*.py",), expires_on=TODAY + timedelta(30), reason="它 is a test"))
    value, digits = access_key_id(1), id_print(1)[7:19]
    assert baseline(repo, "list") == Done(
        0,
        "fingerprint   status        expires                rule                   value          where  reason        file\n"
        f"{digits}  test-fixture  2026-12-25 in 30 days  alibaba-access-key-id  {value[:8]}…{value[-4:]}  "
        f"*.py   它 is a test  {own(1)}:3\n",
        "",
    )


@pytest.mark.parametrize(
    ("seed", "mark"),
    [
        pytest.param(1, "  never  ", id="for ever"),
        pytest.param(2, "  2026-12-26  ", id="far away"),
        pytest.param(3, "  2026-12-25 in 30 days  ", id="soon"),
        pytest.param(4, "  2026-11-24 EXPIRED  ", id="over"),
        pytest.param(5, "  2026-11-25 in 0 days  ", id="today"),
    ],
)
def test_the_expiry_is_marked(listed: Repo, seed: int, mark: str) -> None:
    assert mark in row(listed, seed)


def test_where_a_value_is_allowed(listed: Repo) -> None:
    assert "  *.py a b/**  " in row(listed, 3)
    assert "  everywhere  " in row(listed, 1)


def test_columns_stand_below_each_other_in_chinese_too(listed: Repo) -> None:
    lines = baseline(listed, "list").out.splitlines()
    ends = {len(line.encode("gbk")) - len(line[line.rindex("baseline/") :].encode()) for line in lines[1:]}
    assert len(lines) == 6 and len(ends) == 1


def test_as_json(listed: Repo) -> None:
    done = baseline(listed, "list", "--format", "json")
    entries = {entry["fingerprint"]: entry for entry in json.loads(done.out)}
    assert done.code == 0 and len(entries) == 5
    value = access_key_id(3)
    assert entries[id_print(3)] == {
        "fingerprint": id_print(3),
        "status": "test-fixture",
        "reason": "a test",
        "paths": ["*.py", "a b/**"],
        "expires_on": "2026-12-25",
        "file": own(3),
        "line": 3,
        "rule": "alibaba-access-key-id",
        "redacted": f"{value[:8]}…{value[-4:]}",
        "reviewed_by": REVIEWER,
        "reviewed_on": "2026-11-25",
    }


def test_nothing_is_listed(repo: Repo) -> None:
    assert baseline(repo, "list") == Done(0, "no exceptions\n", "")
    assert baseline(repo, "list", "--format", "json") == Done(0, "[]\n", "")


def test_files_are_listed_from_a_folder_below_and_by_name(listed: Repo) -> None:
    (listed.top / "sub").mkdir()
    assert f"../{own(1)}:3" in baseline(listed, "list", cwd="sub").out
    assert len(baseline(listed, "list", "--baseline", own(1), "--baseline", own(2)).out.splitlines()) == 3
    assert len(baseline(listed, "list", "--baseline", "baseline").out.splitlines()) == 6


def test_nothing_in_a_reason_acts_on_the_terminal(repo: Repo) -> None:
    put(repo, made(1, reason="\x1b[31mred\u202e"))
    assert "\\x1b[31mred\\u202e" in baseline(repo, "list").out


# ---- check


@pytest.fixture
def well(repo: Repo) -> Repo:
    """Two values, each with an exception, one of them in a file with another one."""
    for seed in (1, 2, 3):
        repo.write(f"{seed}.py", id_line(seed))
    put(repo, made(1), made(2, ONE_FILE), made(3, ONE_FILE))
    return repo


def short(seed: int) -> str:
    return id_print(seed)[:19] + "…"


def place(repo: Repo, seed: int, file: str) -> str:
    lines = (repo.top / file).read_text().splitlines()
    return f"{file}:{next(number for number, line in enumerate(lines, 1) if id_print(seed) in line)}"


def test_all_is_well(well: Repo) -> None:
    assert baseline(well, "check") == Done(0, "3 entries, all well\n", "")


def test_without_a_baseline_all_is_well(repo: Repo) -> None:
    assert baseline(repo, "check") == Done(0, "0 entries, all well\n", "")


def test_expired_entries_are_told(well: Repo) -> None:
    well.write("4.py", id_line(4))
    put(well, made(4, expires_on=TODAY - timedelta(1)))
    assert baseline(well, "check") == Done(1, f"{own(4)}:3: {short(4)} expired on 2026-11-24\n", "")


def test_the_last_day_is_well(well: Repo) -> None:
    put(well, made(1, expires_on=TODAY))
    assert baseline(well, "check").code == 0


def test_entries_of_several_files_that_say_the_same_are_told(well: Repo) -> None:
    content = (well.top / own(1)).read_bytes()
    well.write("baseline/alikey-zzz.yaml", content)
    said = f"baseline/alikey-zzz.yaml:3: {short(1)} says the same as {own(1)}:3\n"
    assert baseline(well, "check") == Done(1, said, "")


def test_unused_entries_are_told(well: Repo) -> None:
    well.write("2.py", "x = 1\n")
    said = f"{place(well, 2, ONE_FILE)}: {short(2)} matches nothing that is found\n"
    assert baseline(well, "check") == Done(1, said, "")


def test_an_entry_of_other_paths_is_unused(well: Repo) -> None:
    put(well, made(1, paths=("docs/**",)))
    assert baseline(well, "check").out == f"{place_of_second(well)}: {short(1)} matches nothing that is found\n"


def place_of_second(repo: Repo) -> str:
    lines = (repo.top / own(1)).read_text().splitlines()
    return f"{own(1)}:{max(number for number, line in enumerate(lines, 1) if id_print(1) in line)}"


def test_a_leaked_value_that_is_gone_is_unused(well: Repo) -> None:
    put(well, made(9, status="leaked"))
    assert baseline(well, "check").code == 1


def test_what_only_commits_have_is_used_with_history(well: Repo) -> None:
    well.git("add", "--all")
    well.commit()
    well.stage("2.py", "x = 1\n")
    well.commit()
    assert baseline(well, "check").code == 1
    assert baseline(well, "check", "--history") == Done(0, "3 entries, all well\n", "")


@pytest.mark.parametrize("cwd", ["", "sub"])
def test_paths_are_seen_from_the_top(well: Repo, cwd: str) -> None:
    well.write("sub/deep/a.py", id_line(4))
    put(well, made(4, paths=("sub/deep/*.py",)))
    assert baseline(well, "check", cwd=cwd).code == 0
    assert baseline(well, "prune", cwd=cwd).out == "nothing to remove: every entry matches something\n"


def test_a_broken_file_is_2(well: Repo) -> None:
    well.write("baseline/alikey-bad.yaml", "version: 1\nallow:\n  - fingerprint: 1\n")
    done = baseline(well, "check")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("alikey-hook: baseline/alikey-bad.yaml:3: `status` is missing.\n")


def test_a_named_baseline_that_is_missing_is_2(well: Repo) -> None:
    assert baseline(well, "check", "--baseline", "missing.yaml").code == 2


# ---- prune


def test_prune_tells_and_removes_nothing(well: Repo) -> None:
    before = recorded(well)
    well.write("1.py", "x = 1\n")
    said = f"{own(1)}:3: {short(1)} test-fixture: a test\nnothing was removed; --write removes them\n"
    assert baseline(well, "prune") == Done(0, said, "")
    assert recorded(well) == before


def test_prune_removes_a_file_of_its_own(well: Repo) -> None:
    well.write("1.py", "x = 1\n")
    said = f"{own(1)}:3: {short(1)} test-fixture: a test\nremoved 1 of them; `git add` what has changed\n"
    assert baseline(well, "prune", "--write") == Done(0, said, "")
    assert recorded(well) == sorted(made(seed, ONE_FILE) for seed in (2, 3))
    assert not (well.top / own(1)).exists()


def test_prune_keeps_the_rest_of_a_shared_file(well: Repo) -> None:
    well.write(ONE_FILE, b"# Ours.\r\n" + (well.top / ONE_FILE).read_bytes().replace(b"\n", b"\r\n") + b"# The end.\r\n")
    well.write("2.py", "x = 1\n")
    assert baseline(well, "prune", "--write").code == 0
    assert sorted(recorded(well)) == sorted([made(1), made(3, ONE_FILE)])
    content = (well.top / ONE_FILE).read_bytes()
    assert content.startswith(b"# Ours.\r\nversion: 1\r\nallow:\r\n") and content.endswith(b"# The end.\r\n")


def test_prune_keeps_a_file_with_comments_when_its_last_entry_goes(well: Repo) -> None:
    well.write(ONE_FILE, "# Reviewed by all of us; see the README.\nversion: 1\nallow: []\n")
    put(well, made(9, ONE_FILE))
    assert baseline(well, "prune", "--write").code == 0
    assert (well.top / ONE_FILE).read_text() == "# Reviewed by all of us; see the README.\nversion: 1\nallow: []\n"


def test_nothing_to_prune(well: Repo) -> None:
    assert baseline(well, "prune", "--write") == Done(0, "nothing to remove: every entry matches something\n", "")
    assert len(recorded(well)) == 3


def test_prune_keeps_what_history_needs_where_that_is_looked_at(well: Repo) -> None:
    well.git("add", "--all")
    well.commit()
    well.stage("1.py", "x = 1\n")
    well.commit()
    assert baseline(well, "prune", "--history", "--write").out == "nothing to remove: every entry matches something\n"
    assert baseline(well, "prune", "--write").code == 0
    assert sorted(recorded(well)) == sorted(made(seed, ONE_FILE) for seed in (2, 3))


def test_prune_keeps_what_is_staged_only(well: Repo) -> None:
    well.git("add", "--all")
    well.write("1.py", "x = 1\n")
    baseline(well, "prune", "--write")
    assert statuses(well, "hook")[0] == 0 or made(1) in recorded(well)


def test_prune_of_a_folder_keeps_what_other_folders_need(well: Repo) -> None:
    well.write("src/a.py", "x = 1\n")
    assert baseline(well, "prune", "src", "--write").code in (0, 2)
    assert len(recorded(well)) == 3


def test_prune_of_what_is_staged_keeps_what_files_need(well: Repo) -> None:
    well.git("add", "--all")
    well.commit()
    assert baseline(well, "prune", "--staged", "--write").code in (0, 2)
    assert len(recorded(well)) == 3


def test_pruned_entries_of_one_value_go_by_their_paths(well: Repo) -> None:
    for path in ("docs/**", "*.py"):
        put(well, made(1, paths=(path,), expires_on=TODAY + timedelta(30)))
    assert baseline(well, "prune", "--write").code == 0
    left = [entry for entry in recorded(well) if entry.fingerprint == id_print(1)]
    assert sorted(entry.paths for entry in left) == [(), ("*.py",)]
    assert {entry.expires_on for entry in left} == {None, TODAY + timedelta(30)}


def test_a_whole_life(repo: Repo) -> None:
    repo.stage("a.py", id_line(1))
    assert statuses(repo, "hook")[0] == 1
    allow(repo, access_key_id(1), "--expires", "10")
    repo.git("add", "baseline")
    assert statuses(repo, "hook") == (0, [("a.py", 1, "allowed")])
    repo.commit()
    later = {"SOURCE_DATE_EPOCH": "1800000000"}
    assert baseline(repo, "check", env=later).out == f"{own(1)}:3: {short(1)} expired on 2026-12-05\n"
    repo.stage("a.py", "x = 1\n")
    assert baseline(repo, "prune", "--write").code == 0
    assert (baseline(repo, "check").code, (repo.top / "baseline").exists()) == (0, True)
