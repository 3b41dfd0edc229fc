"""A review from a pipe: letters and words, a line each; what is asked, what is written, what the exit code says."""

from datetime import timedelta
from pathlib import Path

import pytest

from alikey_hook.finding import fingerprint
from tests.baseline.commands import (
    TODAY,
    Done,
    alikey,
    baseline,
    id_line,
    id_print,
    made,
    own,
    put,
    recorded,
    statuses,
)
from tests.keys import access_key_id, secret
from tests.repository import Repo, new_repository, pair_lines

QUESTION = "[f]alse positive [t]est fixture [e]xample [r]evoked [l]eaked [s]kip [b]ack [q]uit? \n"
REASON, AGAIN = "reason: \n", "reason (empty: {}): \n"
PATHS = "only under, as globs like tests/** (empty: everywhere): \n"
EXPIRES = "expires on 2027-11-25 or in so many days (empty: never): \n"
CHOICES = "  one of f, t, e, r, l, s, b, q\n"


def shown(at: int, of: int, seed: int, path: str, line: int = 1, severity: str = "medium") -> str:
    value = access_key_id(seed)
    return (
        f"\n[{at}/{of}] {path}:{line}:18: alibaba-access-key-id {severity} {value[:8]}…{value[-4:]}\n"
        f'    access_key_id = "{"*" * 24}"\n'
        f"                     {'^' * 24}\n"
    )


def review(repo: Repo, *answers: str, options: tuple[str, ...] = (), ending: str = "\n", cwd: str = "") -> Done:
    done = baseline(repo, "review", *options, stdin="".join(answer + ending for answer in answers), cwd=cwd)
    assert done.err == ""
    return done


def last(done: Done) -> str:
    return done.out.splitlines()[-1]


@pytest.fixture
def two(repo: Repo) -> Repo:
    """Two files, each with an AccessKey ID."""
    repo.write("a.py", id_line(1))
    repo.write("b.py", "x = 1\n" + id_line(2))
    return repo


def test_a_whole_review_word_for_word(two: Repo) -> None:
    two.write("c.py", id_line(1))
    done = review(two, "test-fixture", "a test", "", "", "leaked", "")
    advice = done.out[done.out.index("\nWhat to do\n") : done.out.index(AGAIN.format("leaked, as this review found"))]
    assert done == Done(
        1,
        shown(1, 2, 1, "a.py")
        + f"    also c.py:1:18\n    {id_print(1)}\n{QUESTION}"
        + f"{REASON}{PATHS}{EXPIRES}{own(1)} records it\n"
        + shown(2, 2, 2, "b.py", 2)
        + f"    {id_print(2)}\n{QUESTION}{advice}{AGAIN.format('leaked, as this review found')}{own(2)} records it\n"
        + "2 decided, 1 of them leaked; 0 left\n",
        "",
    )
    assert "ActionTrail" in advice and "https://ram.console.aliyun.com/users" in advice
    assert "baseline" not in advice  # no exception is proposed for what is known to be real
    leaked = made(2, status="leaked", reason="leaked, as this review found")
    assert recorded(two) == sorted([made(1), leaked], key=lambda entry: entry.file)


def test_letters_and_words(repo: Repo) -> None:
    words = ("false-positive", "test-fixture", "example", "revoked")
    answers = [*"fter", *words, "F", " Revoked "]
    expected = [*words, *words, "false-positive", "revoked"]
    for seed in range(len(answers)):
        repo.write(f"{seed}.py", id_line(seed))
    done = review(repo, *(line for answer in answers for line in (answer, "a test", "", "")))
    assert (done.code, last(done)) == (0, "10 decided, 0 of them leaked; 0 left")
    assert sorted(recorded(repo)) == sorted(made(seed, status=status) for seed, status in enumerate(expected))
    assert statuses(repo, "scan")[0] == 0


@pytest.mark.parametrize("answer", ["false positive", "test fixture"])
def test_words_as_the_question_has_them(repo: Repo, answer: str) -> None:
    repo.write("a.py", id_line(1))
    assert review(repo, answer, "a test", "", "").code == 0


@pytest.mark.parametrize("answer", ["l", "leaked"])
def test_leaked_is_recorded_and_still_blocks(repo: Repo, answer: str) -> None:
    repo.write("a.py", id_line(1))
    done = review(repo, answer, "pasted into a chat")
    assert (done.code, last(done)) == (1, "1 decided, 1 of them leaked; 0 left")
    assert recorded(repo) == [made(1, status="leaked", reason="pasted into a chat")]
    assert statuses(repo, "scan", "a.py") == (1, [("a.py", 1, "new")])
    repo.git("add", "--all")
    assert statuses(repo, "hook") == (1, [("a.py", 1, "new")])
    assert review(repo).out == "0 decided, 0 of them leaked; 0 left\n"  # what is known to have leaked is decided


def test_what_is_no_choice_is_asked_again(two: Repo) -> None:
    done = review(two, "x", "", "test", "ft", "q")
    assert done.out == shown(1, 2, 1, "a.py") + f"    {id_print(1)}\n{QUESTION}" + (CHOICES + QUESTION) * 4 + (
        "0 decided, 0 of them leaked; 2 left\n"
    )
    assert (done.code, recorded(two)) == (1, [])


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        pytest.param((), 2, id="at once"),
        pytest.param(("t",), 2, id="before the reason"),
        pytest.param(("t", "a test"), 2, id="before the paths"),
        pytest.param(("t", "a test", ""), 2, id="before the expiry"),
        pytest.param(("t", "a test", "", ""), 1, id="after a whole answer"),
        pytest.param(("s",), 2, id="after a skip"),
    ],
)
def test_where_the_input_ends_what_was_decided_is_kept(two: Repo, answers: tuple[str, ...], left: int) -> None:
    done = review(two, *answers)
    assert (done.code, last(done)) == (1, f"{2 - left} decided, 0 of them leaked; {left} left")
    assert recorded(two) == [made(1)][: 2 - left]


def test_the_last_line_may_lack_its_end(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    done = baseline(repo, "review", stdin="t\na test\n\n30")
    assert (done.code, recorded(repo)) == (0, [made(1, expires_on=TODAY + timedelta(30))])


def test_windows_line_endings(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    done = review(repo, "t", "a test", "*.py", "30", ending="\r\n")
    assert done.code == 0
    assert recorded(repo) == [made(1, paths=("*.py",), expires_on=TODAY + timedelta(30))]


def test_a_reason_is_asked_for_until_there_is_one_and_offered_again(two: Repo) -> None:
    done = review(two, "t", "", "   ", "a test", "", "", "e", "", "", "")
    assert (REASON + "  an exception needs a reason. Say why this value may be committed.\n") * 2 + REASON in done.out
    assert AGAIN.format("a test") in done.out
    assert [entry.reason for entry in recorded(two)] == ["a test"] * 2


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        pytest.param("30", 30, id="days"),
        pytest.param("30d", 30, id="days with their letter"),
        pytest.param(" 30 ", 30, id="blanks around"),
        pytest.param("0", 0, id="today"),
        pytest.param("2027-11-25", 365, id="date"),
        pytest.param("", None, id="never"),
    ],
)
def test_an_expiry(repo: Repo, answer: str, days: int | None) -> None:
    repo.write("a.py", id_line(1))
    assert review(repo, "t", "a test", "", answer).code == 0
    assert recorded(repo) == [made(1, expires_on=None if days is None else TODAY + timedelta(days))]


def test_an_expiry_that_is_none_is_asked_again(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    wrong = ("next year", "2027-02-30", "-3", "3.5", "d", "99999999999", "2027-11-25 10:00")
    done = review(repo, "t", "a test", "", *wrong, "2027-11-25")
    said = [f"  {answer!r} is no day. Write it as 2027-11-25, or as a number of days.\n" for answer in wrong]
    assert EXPIRES + EXPIRES.join(said) + EXPIRES in done.out
    assert (done.code, recorded(repo)) == (0, [made(1, expires_on=TODAY + timedelta(365))])


def test_back_decides_again(two: Repo) -> None:
    done = review(two, "b", "t", "first", "", "", "b", "e", "second", "", "", "s")
    assert "    decided in this review: test-fixture: first\n" in done.out
    assert (done.code, last(done)) == (1, "1 decided, 0 of them leaked; 1 left")
    assert recorded(two) == [made(1, status="example", reason="second")]


@pytest.mark.parametrize("options", [(), ("--file", "baseline/alikey.yaml")], ids=["a file of its own", "one file"])
def test_back_with_other_paths_replaces_what_was_written(two: Repo, options: tuple[str, ...]) -> None:
    answers = ("t", "first", "a.py", "", "b", "t", "second", "*.py", "", "t", "third", "", "")
    assert review(two, *answers, options=options).code == 0
    file = "baseline/alikey.yaml" if options else ""
    expected = [made(1, file, reason="second", paths=("*.py",)), made(2, file, reason="third")]
    assert sorted(recorded(two)) == sorted(expected)


def test_a_skipped_value_that_was_decided_stays_decided(two: Repo) -> None:
    done = review(two, "t", "a test", "", "", "b", "s", "q")
    assert (done.code, last(done)) == (1, "1 decided, 0 of them leaked; 1 left")
    assert recorded(two) == [made(1)]


def test_a_review_goes_on_where_it_stopped(two: Repo) -> None:
    assert review(two, "t", "a test", "", "", "q").code == 1
    done = review(two, "t", "a test", "", "")
    assert done.out.startswith(shown(1, 1, 2, "b.py", 2))
    assert (done.code, last(done)) == (0, "1 decided, 0 of them leaked; 0 left")
    assert review(two) == Done(0, "0 decided, 0 of them leaked; 0 left\n", "")


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(("t", "a test", "docs/**", ""), id="paths that cover none of its places"),
        pytest.param(("t", "a test", "a.py", ""), id="paths that cover one of its places"),
        pytest.param(("t", "a test", "", "2020-01-01"), id="an expiry in the past"),
    ],
)
def test_exit_code_0_means_that_a_scan_passes(repo: Repo, answers: tuple[str, ...]) -> None:
    repo.write("a.py", id_line(1))
    repo.write("b.py", id_line(1))
    done = review(repo, *answers)
    assert (done.code == 0) == (statuses(repo, "scan")[0] == 0), done.out


def test_an_expired_exception_is_asked_about_again(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    put(repo, made(1, expires_on=TODAY - timedelta(1)))
    assert review(repo, "t", "still a test", "", "90").code == 0
    assert recorded(repo) == [made(1, reason="still a test", expires_on=TODAY + timedelta(90))]


def test_a_value_that_is_allowed_elsewhere_only_is_asked_about(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    put(repo, made(1, paths=("tests/**",)))
    done = review(repo, "t", "here too", "*.py", "")
    assert done.code == 0
    assert sorted(recorded(repo)) == sorted([made(1, reason="here too", paths=("*.py",)), made(1, paths=("tests/**",))])


def test_many_places_are_counted(repo: Repo) -> None:
    for number in range(12):
        repo.write(f"f{number:02}.py", id_line(1))
    done = review(repo, "q")
    places = "".join(f"    also f{number:02}.py:1:18\n" for number in range(1, 9))
    assert places + f"    and 3 more places\n    {id_print(1)}\n" in done.out


def test_a_pair_names_its_partner(repo: Repo) -> None:
    repo.write("a.py", pair_lines(1))
    done = review(repo, "q")
    assert done.out.startswith(shown(1, 2, 1, "a.py", severity="critical") + "    its partner is sha256:")


def test_what_is_staged(two: Repo) -> None:
    two.stage("a.py")
    done = review(two, "t", "a test", "", "", options=("--staged",))
    assert (done.code, last(done)) == (0, "1 decided, 0 of them leaked; 0 left")
    assert recorded(two) == [made(1)]


@pytest.mark.parametrize(
    ("path", "cwd"), [("b.py", ""), ("../b.py", "sub"), ("sub/..", "")], ids=["a file", "from below", "a folder"]
)
def test_named_paths(two: Repo, path: str, cwd: str) -> None:
    (two.top / "sub").mkdir()
    two.write("a.py", "x = 1\n")
    done = review(two, "t", "a test", "b.py", "", options=(path,), cwd=cwd)
    assert (done.code, last(done)) == (0, "1 decided, 0 of them leaked; 0 left")
    assert recorded(two) == [made(2, paths=("b.py",))]


def test_paths_beside_staged_are_refused_as_scan_refuses_them(two: Repo) -> None:
    two.stage("a.py")
    done = baseline(two, "review", "--staged", "b.py")
    assert (done.code, done.out) == (2, "")


def test_history_shows_what_only_commits_have(repo: Repo) -> None:
    repo.stage("a.py", id_line(1))
    commit = repo.commit()
    repo.stage("a.py", "x = 1\n")
    repo.commit()
    assert review(repo) == Done(0, "0 decided, 0 of them leaked; 0 left\n", "")
    done = review(repo, "r", "disabled last week", "", "", options=("--history",))
    assert done.out.startswith(shown(1, 1, 1, "a.py"))
    assert f"came in with commit {commit[:12]}" in done.out or commit[:12] in done.out
    assert (done.code, last(done)) == (0, "1 decided, 0 of them leaked; 0 left")
    assert recorded(repo) == [made(1, status="revoked", reason="disabled last week")]
    repo.git("add", "--all")
    repo.commit()
    assert statuses(repo, "scan", "--commits", "HEAD") == (0, [("a.py", 1, "allowed")])


def test_values_of_low_confidence_are_asked_about_where_wanted(repo: Repo) -> None:
    repo.write("a.py", f"secret: {secret(1)}\n")
    low = statuses(repo, "scan", "--min-confidence", "low")
    usual = statuses(repo, "scan")
    assert (low[0], usual[0]) == (1, 0), "choose another line of low confidence"
    assert review(repo).code == 0
    assert review(repo, "q", options=("--min-confidence", "low")).code == 1


def test_in_chinese(repo: Repo) -> None:
    repo.write("a.py", pair_lines(1))
    repo.write("b.py", id_line(1))
    done = review(repo, "x", "t", "", "测试", "tests/**", "30", "b", "l", "", "q", options=("--lang", "zh"))
    partner = f"另一半是 {fingerprint(secret(1))[:19]}…"
    first = shown(1, 2, 1, "a.py", severity="严重") + f"    另见 b.py:1:18\n    {partner}\n    {id_print(1)}\n"
    question = "[f] 误报 [t] 测试数据 [e] 示例 [r] 已失效 [l] 已泄露 [s] 跳过 [b] 返回 [q] 退出？ \n"
    second = done.out[done.out.index("\n[2/2]") : done.out.index("\n[1/2]", 1)]
    advice = done.out[done.out.index("\n怎么办\n") : done.out.index("理由（留空：审核时确认已泄露）")]
    assert done.out == (
        f"{first}{question}  请选择 f, t, e, r, l, s, b, q\n{question}"
        "理由：\n  an exception needs a reason. Say why this value may be committed.\n理由：\n"
        "只在哪些路径下豁免，如 tests/**（留空：不限）：\n哪天到期，如 2027-11-25，或多少天后到期（留空：永不）：\n"
        f"已写入 {own(1)}\n{second}{first}    本次审核已决定：test-fixture：测试\n"
        f"{question}{advice}理由（留空：审核时确认已泄露）：\n已写入 {own(1)}\n"
        f"{second}已决定 1 个，其中 1 个已泄露；还剩 1 个\n"
    )
    assert "alibaba-access-key-secret 严重 30 个字符\n" in second and second.endswith(question)
    assert [entry.reason for entry in recorded(repo)] == ["审核时确认已泄露"]


@pytest.mark.parametrize("reason", ['it\'s: #1 "really"', "是示例", "- no", "yes", "2026-01-01", "🔑"])
def test_a_reason_of_any_letters(repo: Repo, reason: str) -> None:
    repo.write("a.py", id_line(1))
    assert review(repo, "t", reason, "", "").code == 0
    assert recorded(repo) == [made(1, reason=reason)]


def test_a_reason_that_is_not_utf_8_is_no_bug(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    done = alikey(repo, "baseline", "review", stdin=b"t\na \xff test\na test\n\n\n")
    assert done.code in (0, 1, 2), done.err


def test_outside_a_repository(home: Path, tmp_path: Path) -> None:
    done = baseline(Repo(tmp_path), "review")
    assert (done.code, done.out) == (2, "")


def test_without_a_name_in_git_nobody_is_named(repo: Repo, home: Path) -> None:
    (home / ".gitconfig").write_text("")
    repo.write("a.py", id_line(1))
    assert review(repo, "t", "a test", "", "").code == 0
    assert recorded(repo) == [made(1, reviewed_by="")]


def test_in_a_new_repository_without_findings(home: Path, tmp_path: Path) -> None:
    assert review(new_repository(tmp_path / "other")) == Done(0, "0 decided, 0 of them leaked; 0 left\n", "")
