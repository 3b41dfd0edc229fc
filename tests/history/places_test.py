"""A key that was ever committed is found, wherever it went, and placed: first and last commit, day, path, refs."""

import pytest

from tests.history.scanning import (
    MAIN,
    MESSAGE,
    NOTHING,
    TAG_MESSAGE,
    commit,
    dated,
    gone,
    pair_kept,
    pair_said,
    put,
    walk,
)
from tests.keys import access_key_id, secret
from tests.repository import Repo, pair_lines

pytestmark = pytest.mark.once


@pytest.fixture
def started(repo: Repo) -> Repo:
    """A repository with one clean commit."""
    put(repo, "2024-01-01", NOTHING, "other.py")
    return repo


# The file


def test_a_key_that_is_still_there(started: Repo) -> None:
    first = put(started, "2024-01-02")
    put(started, "2024-01-03", "more\n", "other.py")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN))


@pytest.mark.parametrize("how", ["file deleted", "line deleted", "file emptied", "file replaced by a folder"])
def test_a_key_that_a_later_commit_takes_away(started: Repo, how: str) -> None:
    first = put(started, "2024-01-02")
    if how == "line deleted":
        last = put(started, "2024-01-03", NOTHING)
    elif how == "file emptied":
        last = put(started, "2024-01-03", "")
    elif how == "file deleted":
        last = gone(started, "2024-01-03")
    else:
        started.git("rm", "--quiet", "app.py")
        last = put(started, "2024-01-03", NOTHING, "app.py/inner.py")
    put(started, "2024-01-04", NOTHING * 2, "other.py")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", last))


def test_a_key_of_the_first_commit(repo: Repo) -> None:
    first = put(repo, "2024-01-02")
    assert walk(repo)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN))


def test_a_key_that_came_back_is_there_since_it_came_first(started: Repo) -> None:
    first = put(started, "2024-01-02")
    gone(started, "2024-01-03")
    last = put(started, "2024-01-04")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", last, MAIN))


def test_of_many_versions_with_a_value_one_finding_a_path(started: Repo) -> None:
    first = put(started, "2024-01-02")
    for number in range(3, 9):
        put(started, f"2024-01-0{number}", pair_lines() + f"number = {number}\n")
    last = put(started, "2024-01-09", pair_lines() + "number = 9\n")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", last, MAIN))


def test_the_line_is_that_of_the_first_version(started: Repo) -> None:
    first = put(started, "2024-01-02", NOTHING * 4 + pair_lines())
    last = put(started, "2024-01-03", pair_lines())
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", last, MAIN, line=5))


def test_a_renamed_file_is_found_at_both_paths(started: Repo) -> None:
    first = put(started, "2024-01-02", path="old.py")
    started.git("mv", "old.py", "new.py")
    moved = commit(started, "2024-01-03")
    expected = pair_kept(first, "2024-01-02", moved, path="old.py") + pair_kept(moved, "2024-01-03", moved, MAIN, path="new.py")
    assert walk(started)[:2] == (1, expected)


def test_a_file_that_is_renamed_and_changed_is_found_at_both_paths(started: Repo) -> None:
    first = put(started, "2024-01-02", pair_lines() + NOTHING * 30, "old.py")
    started.git("mv", "old.py", "new.py")
    moved = put(started, "2024-01-03", pair_lines() + NOTHING * 31, "new.py")
    last = gone(started, "2024-01-04", "new.py")
    expected = pair_kept(first, "2024-01-02", moved, path="old.py") + pair_kept(moved, "2024-01-03", last, path="new.py")
    assert walk(started)[:2] == (1, expected)


def test_two_values_of_a_path_are_two_pairs(started: Repo) -> None:
    one = put(started, "2024-01-02", seed=1)
    two = put(started, "2024-01-03", seed=2)
    assert walk(started)[:2] == (1, pair_kept(one, "2024-01-02", two) + pair_kept(two, "2024-01-03", two, MAIN))


def test_a_file_in_a_folder_and_its_copy(started: Repo) -> None:
    first = put(started, "2024-01-02", path="a/b/c.py")
    copied = put(started, "2024-01-03", path="d/c.py")
    expected = pair_kept(first, "2024-01-02", first, MAIN, path="a/b/c.py")
    assert walk(started)[:2] == (1, expected + pair_kept(copied, "2024-01-03", copied, MAIN, path="d/c.py"))


def test_the_target_of_a_symbolic_link(started: Repo) -> None:
    (started.top / "link").symlink_to(access_key_id(1))
    started.stage("link")
    first = commit(started, "2024-01-02")
    found = walk(started).findings
    assert [(one.path, one.commit, one.refs) for one in found] == [("link", first, (MAIN,))]


def test_a_path_is_told_as_it_is(started: Repo) -> None:
    paths = [
        "a b",
        'a"b',
        "a\tb",
        "a\\b",
        "密钥",
        "a:b",
        "-a",
        "a missing",
        "a\x1b[31mb",
        "a\udcffb",
        "a\rb",
        "a%00b",
        " a ",
        "a*",
    ]
    for path in paths:
        started.stage(path, pair_lines())
    first = commit(started, "2024-01-02")
    expected = [one for path in sorted(paths) for one in pair_kept(first, "2024-01-02", first, MAIN, path=path)]
    assert walk(started)[:2] == (1, expected)


def test_a_path_of_two_lines_is_told_as_it_is(started: Repo) -> None:
    first = put(started, "2024-01-02", path="a\nb.py")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN, path="a\nb.py"))


# Messages


def test_a_commit_message(started: Repo) -> None:
    first = commit(started, "2024-01-02", message=f"Use this\n\n{pair_lines()}")
    commit(started, "2024-01-03")
    assert walk(started)[:2] == (1, pair_said(first, "2024-01-02", line=3))


def test_a_commit_message_in_gbk(started: Repo) -> None:
    started.write("../message", f"密钥\n\n{pair_lines()}".encode("gbk"))
    started.git("config", "i18n.commitEncoding", "GBK")
    started.git("commit", "--quiet", "--allow-empty", "--file=../message", env=dated("2024-01-02"))
    first = started.git("rev-parse", "HEAD").strip()
    assert walk(started)[:2] == (1, pair_said(first, "2024-01-02", line=3))


def test_the_message_of_an_annotated_tag(started: Repo) -> None:
    started.git("tag", "--annotate", f"--message=Release\n\n{pair_lines()}", "v1", env=dated("2024-02-03"))
    tag = started.git("rev-parse", "v1").strip()
    assert walk(started)[:2] == (1, pair_said(tag, "2024-02-03", TAG_MESSAGE, 3))


def test_the_message_of_a_tag_of_a_tag_and_of_a_blob(started: Repo) -> None:
    blob = started.git("rev-parse", "HEAD:other.py").strip()
    started.git("tag", "--annotate", "--message=clean", "inner", env=dated("2024-02-03"))
    started.git("tag", "--annotate", f"--message={pair_lines()}", "outer", "inner", env=dated("2024-02-04"))
    started.git("tag", "--annotate", f"--message={pair_lines(2)}", "blob", blob, env=dated("2024-02-05"))
    outer, of_blob = (started.git("rev-parse", name).strip() for name in ("outer", "blob"))
    expected = pair_said(outer, "2024-02-04", TAG_MESSAGE) + pair_said(of_blob, "2024-02-05", TAG_MESSAGE)
    assert walk(started)[:2] == (1, expected)


def test_a_signed_commit_s_message_begins_behind_its_signature(started: Repo) -> None:
    tree = started.git("rev-parse", "HEAD^{tree}").strip()
    who = "A Tester <tester@example.com> 1704196800 +0000"
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abcdef\n -----END PGP SIGNATURE-----\n"
    text = f"tree {tree}\nauthor {who}\ncommitter {who}\n{signature}\n{pair_lines()}"
    first = started.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode()).strip()
    started.git("update-ref", MAIN, first)
    assert walk(started)[:2] == (1, pair_said(first, "2024-01-02"))


def test_a_key_in_a_file_and_in_a_message_is_found_in_both(started: Repo) -> None:
    started.stage("app.py", pair_lines())
    first = commit(started, "2024-01-02", message=pair_lines())
    assert walk(started)[:2] == (1, pair_said(first, "2024-01-02") + pair_kept(first, "2024-01-02", first, MAIN))


# Merges


def test_a_merge_that_takes_over_a_branch_s_key_does_not_touch_it(started: Repo) -> None:
    started.git("switch", "--quiet", "--create", "topic")
    first = put(started, "2024-01-02")
    started.git("switch", "--quiet", "main")
    put(started, "2024-01-03", "main\n", "main.py")
    started.git("merge", "--quiet", "--no-edit", "topic", env=dated("2024-01-04"))
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN, "refs/heads/topic"))


def test_a_merge_of_a_branch_that_never_had_it_does_not_touch_it(started: Repo) -> None:
    started.git("switch", "--quiet", "--create", "topic")
    put(started, "2024-01-02", "topic\n", "topic.py")
    started.git("switch", "--quiet", "main")
    first = put(started, "2024-01-03")
    started.git("merge", "--quiet", "--no-edit", "topic", env=dated("2024-01-04"))
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-03", first, MAIN))


@pytest.mark.parametrize("octopus", [False, True], ids=["two parents", "three parents"])
def test_a_key_that_only_a_merge_has(started: Repo, octopus: bool) -> None:
    branches = ["one", "two"] if octopus else ["one"]
    for name in branches:
        started.git("switch", "--quiet", "--create", name, "main")
        put(started, "2024-01-02", f"{name}\n", f"{name}.py")
    started.git("switch", "--quiet", "main")
    put(started, "2024-01-03", "main\n", "main.py")
    started.git("merge", "--quiet", "--no-commit", *branches)
    started.stage("one.py", pair_lines())
    merge = commit(started, "2024-01-04")
    last = put(started, "2024-01-05", NOTHING, "one.py")
    assert walk(started)[:2] == (1, pair_kept(merge, "2024-01-04", last, path="one.py"))


def test_a_key_in_the_resolution_of_a_conflict(started: Repo) -> None:
    started.git("switch", "--quiet", "--create", "topic")
    put(started, "2024-01-02", "topic\n", "other.py")
    started.git("switch", "--quiet", "main")
    put(started, "2024-01-03", "main\n", "other.py")
    assert started.attempt("merge", "--quiet", "topic").returncode == 1
    started.stage("other.py", "both\n" + pair_lines())
    merge = commit(started, "2024-01-04")
    assert walk(started)[:2] == (1, pair_kept(merge, "2024-01-04", merge, MAIN, path="other.py", line=2))


@pytest.mark.parametrize("config", ["first-parent", "combined", "off"])
def test_the_user_s_way_to_show_merges_changes_nothing(started: Repo, config: str) -> None:
    started.git("switch", "--quiet", "--create", "topic")
    put(started, "2024-01-02", "topic\n", "other.py")
    started.git("switch", "--quiet", "main")
    put(started, "2024-01-03", "main\n", "other.py")
    assert started.attempt("merge", "--quiet", "topic").returncode == 1
    started.stage("other.py", "both\n" + pair_lines())
    merge = commit(started, "2024-01-04")
    started.git("config", "log.diffMerges", config)
    assert walk(started)[:2] == (1, pair_kept(merge, "2024-01-04", merge, MAIN, path="other.py", line=2))


def test_the_user_s_settings_change_nothing(repo: Repo) -> None:
    first = put(repo, "2024-01-02", path="sub/密钥.py")
    last = gone(repo, "2024-01-03", "sub/密钥.py")
    put(repo, "2024-01-04", NOTHING, "sub/other.py")
    settings = (
        "color.ui=always diff.noprefix=true diff.relative=true diff.renames=copies diff.orderFile=/dev/null log.showRoot=false "
        "log.showSignature=true log.decorate=full format.pretty=fuller core.abbrev=5 log.follow=true core.quotePath=true "
        "log.date=relative diff.external=false core.commitGraph=false diff.ignoreSubmodules=all log.mailmap=false"
    )
    for setting in settings.split():
        repo.git("config", *setting.split("="))
    assert walk(repo, cwd="sub")[:2] == (1, pair_kept(first, "2024-01-02", last, path="sub/密钥.py"))


# When


def test_the_day_is_the_author_s_not_the_committer_s(started: Repo) -> None:
    started.stage("app.py", pair_lines())
    env = {"GIT_AUTHOR_DATE": "2024-01-02 12:00:00 +0000", "GIT_COMMITTER_DATE": "2024-06-07 12:00:00 +0000"}
    started.git("commit", "--quiet", "--message=a commit", env=env)
    first = started.git("rev-parse", "HEAD").strip()
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", first, MAIN))


@pytest.mark.parametrize("zone", ["00:30:00 +0800", "23:30:00 -0800"], ids=["east of Greenwich", "west of it"])
@pytest.mark.parametrize("where", ["file", "message"])
def test_the_day_is_that_of_the_author_s_own_zone(started: Repo, zone: str, where: str) -> None:
    if where == "file":
        started.stage("app.py", pair_lines())
    first = commit(started, "2024-01-02", time=zone, message=pair_lines() if where == "message" else "a commit")
    (of_range, *_) = started.git("log", "-1", "--format=%as").split()
    assert of_range == "2024-01-02"
    assert {(one.commit, one.author_date) for one in walk(started).findings} == {(first, "2024-01-02")}


def test_of_commits_of_the_same_second_the_oldest_is_the_first(started: Repo) -> None:
    first = put(started, "2024-01-02")
    gone(started, "2024-01-02")
    last = put(started, "2024-01-02")
    assert walk(started)[:2] == (1, pair_kept(first, "2024-01-02", last, MAIN))


def test_a_merge_of_the_same_second_as_its_parent_is_not_the_first(started: Repo) -> None:
    started.git("switch", "--quiet", "--create", "topic")
    first = put(started, "2024-01-02")
    started.git("switch", "--quiet", "main")
    put(started, "2024-01-02", "main\n", "main.py")
    started.git("merge", "--quiet", "--no-edit", "topic", env=dated("2024-01-02"))
    assert {one.commit for one in walk(started).findings} == {first}


@pytest.mark.parametrize(
    ("author", "day"),
    [
        ("A <a@example.com> 4102444800 +0000", "2100-01-01"),
        ("A <a@example.com> 99999999999999 +0000", None),
        ("A <a@example.com>", None),
        ("A", None),
    ],
    ids=["2100", "beyond the year 9999", "no date", "no address"],
)
def test_an_author_line_that_git_would_not_write(started: Repo, author: str, day: str | None) -> None:
    tree = started.git("write-tree").strip()
    started.stage("app.py", pair_lines())
    tree = started.git("write-tree").strip()
    text = f"tree {tree}\nauthor {author}\ncommitter A <a@example.com> 1704196800 +0000\n\na commit\n"
    first = started.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=text.encode()).strip()
    started.git("update-ref", "refs/heads/odd", first)
    said = walk(started)
    assert (said.code, [(one.path, one.commit) for one in said.findings]) == (1, [("app.py", first)] * 2), said.err
    assert day is None or {one.author_date for one in said.findings} == {day}


# Secrets


def test_no_report_shows_a_value(started: Repo) -> None:
    started.stage("app.py", pair_lines())
    commit(started, "2024-01-02", message=pair_lines(2))
    for form in ("json", "text"):
        done = started.scan("--history", "--format", form)
        assert done.returncode == 1
        assert not [v for seed in (1, 2) for v in (access_key_id(seed), secret(seed)) if v in done.stdout + done.stderr]


def test_a_message_of_a_merge_is_a_message(started: Repo) -> None:
    started.git("switch", "--quiet", "--create", "topic")
    put(started, "2024-01-02", "topic\n", "topic.py")
    started.git("switch", "--quiet", "main")
    started.git("merge", "--quiet", "--no-ff", f"--message={pair_lines()}", "topic", env=dated("2024-01-03"))
    merge = started.git("rev-parse", "HEAD").strip()
    assert walk(started)[:2] == (1, pair_said(merge, "2024-01-03", MESSAGE))
