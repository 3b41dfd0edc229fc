"""A review at a terminal, end to end: single keys, and everything that a person may press."""

import pytest

from tests.baseline.commands import id_line, id_print, made, own, recorded, statuses
from tests.baseline.terminal import Terminal
from tests.repository import Repo, pair_lines

pytestmark = pytest.mark.once

ASKS = "[b]ack [q]uit? "
REASON = "reason: "
PATHS = "(empty: everywhere): "
EXPIRES = "(empty: never): "
RECORDS = " records it\n"


@pytest.fixture
def three(repo: Repo) -> Repo:
    """Three files, each with an AccessKey ID."""
    for seed in (1, 2, 3):
        repo.write(f"{'abc'[seed - 1]}.py", id_line(seed))
    return repo


def answer(terminal: Terminal, key: str, reason: str, paths: str = "", expires: str = "") -> None:
    terminal.press(key, "reason")
    terminal.enter(reason, PATHS)
    terminal.enter(paths, EXPIRES)
    terminal.enter(expires, RECORDS)


def go_to(terminal: Terminal, question: int) -> None:
    """Decide about the first value, and go on to a question about the second: 0 is the decision, 1 the reason."""
    terminal.until(ASKS)
    answer(terminal, "t", "a test")
    terminal.until(ASKS)
    if question:
        terminal.press("t", "reason")


def test_a_review_from_the_first_key_to_the_last(three: Repo) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        assert id_print(1) in terminal.until(ASKS)
        answer(terminal, "t", "a test", "*.py", "30")
        terminal.until(ASKS)
        assert "What to do" in terminal.press("l", "as this review found): ")
        terminal.enter("", RECORDS)
        assert id_print(3) in terminal.until(ASKS)
        terminal.press("s")
        assert terminal.end() == (1, "s\n2 decided, 1 of them leaked; 1 left\n")
    kept = {entry.fingerprint: entry for entry in recorded(three)}
    leaked = made(2, status="leaked", reason="leaked, as this review found")
    assert kept[id_print(1)].paths == ("*.py",)
    assert str(kept[id_print(1)].expires_on) == "2026-12-25"
    assert kept[id_print(2)] == leaked
    assert statuses(three, "scan")[1] == [("a.py", 1, "allowed"), ("b.py", 1, "new"), ("c.py", 1, "new")]


def test_one_key_is_enough_and_is_shown(three: Repo) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        terminal.until(ASKS)
        assert terminal.press("e", REASON) == f"e\n{REASON}"


def test_all_keys_at_once(three: Repo) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        terminal.write("tone\n\n\netwo\n\n\nsq")
        code, _ = terminal.end()
        assert (code, "2 decided, 0 of them leaked; 1 left\n" in terminal.shown) == (1, True)
    assert {entry.reason for entry in recorded(three)} == {"one", "two"}


def test_back_skip_and_quit(three: Repo) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        terminal.until(ASKS)
        assert id_print(2) in terminal.press("s", ASKS)
        assert id_print(1) in terminal.press("b", ASKS)
        assert id_print(1) in terminal.press("b", ASKS)
        answer(terminal, "t", "first")
        terminal.until(ASKS)
        assert "decided in this review: test-fixture: first" in terminal.press("b", ASKS)
        terminal.press("q")
        assert terminal.end() == (1, "q\n1 decided, 0 of them leaked; 2 left\n")
    assert recorded(three) == [made(1, reason="first")]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param("x", id="another letter"),
        pytest.param("\n", id="Enter"),
        pytest.param(" ", id="blank"),
        pytest.param("中", id="Chinese"),
        pytest.param("\x1b[D", id="arrow left"),
        pytest.param("\x1b[B", id="arrow down"),
        pytest.param("\x1b[F", id="End"),
        pytest.param("\x1bOR", id="F3"),
        pytest.param("\x1b[3~", id="Delete"),
    ],
)
def test_any_other_key_decides_nothing(three: Repo, keys: str) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        terminal.until(ASKS)
        terminal.press("s", ASKS)
        terminal.press(keys, "one of f, t, e, r, l, s, b, q\n")
        since = terminal.press("q", "left\n")
        assert not [question for question in ("reason", id_print(1), id_print(3)) if question in since]
        assert terminal.end()[0] == 1
    assert recorded(three) == []


@pytest.mark.parametrize("question", [0, 1, 2, 3], ids=["the decision", "the reason", "the paths", "the expiry"])
def test_control_c_ends_with_130_and_keeps_what_is_written(three: Repo, question: int) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        go_to(terminal, question)
        for line, asks in [("why", PATHS), ("", EXPIRES)][: max(0, question - 1)]:
            terminal.enter(line, asks)
        terminal.control("C", single=not question)
        code, shown = terminal.end()
    assert (code, "Traceback" in shown) == (130, False)
    assert recorded(three) == [made(1)]


@pytest.mark.parametrize("question", [0, 1], ids=["the decision", "the reason"])
def test_control_d_ends_the_review(three: Repo, question: int) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        go_to(terminal, question)
        terminal.control("D", single=not question)
        code, shown = terminal.end()
    assert (code, shown.splitlines()[-1]) == (1, "1 decided, 0 of them leaked; 2 left")
    assert recorded(three) == [made(1)]


def test_a_review_goes_on_where_it_was_left(three: Repo) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        terminal.until(ASKS)
        answer(terminal, "t", "a test")
        terminal.until(ASKS)
        terminal.control("C", single=True)
        assert terminal.end()[0] == 130
    with Terminal(three, "baseline", "review") as terminal:
        since = terminal.until(ASKS)
        assert "[1/2] b.py:1:18" in since and id_print(1) not in since
        for seed in (2, 3):
            answer(terminal, "e", f"number {seed}")
        assert terminal.end() == (0, "2 decided, 0 of them leaked; 0 left\n")
    assert len(recorded(three)) == 3


def test_an_invalid_expiry_and_an_empty_reason_are_asked_again(three: Repo) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        terminal.until(ASKS)
        terminal.press("f", REASON)
        assert "an exception needs a reason" in terminal.enter("", REASON)
        terminal.enter("a test", PATHS)
        terminal.enter("", EXPIRES)
        assert "'soon' is no day" in terminal.enter("soon", EXPIRES)
        assert own(1) in terminal.enter("2027-11-25", RECORDS)
        terminal.press("q", "left\n")
        assert terminal.end()[0] == 1
    (entry,) = recorded(three)
    assert (entry.status, str(entry.expires_on)) == ("false-positive", "2027-11-25")


def test_a_typing_error_is_taken_back_with_backspace(three: Repo) -> None:
    with Terminal(three, "baseline", "review") as terminal:
        terminal.until(ASKS)
        answer(terminal, "t", "a tesd\x7ft")
        terminal.press("q")
        terminal.end()
    assert recorded(three) == [made(1)]


@pytest.mark.parametrize(
    ("options", "env", "coloured"),
    [
        pytest.param((), {}, True, id="on a terminal"),
        pytest.param(("--color", "never"), {}, False, id="never"),
        pytest.param((), {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param((), {"TERM": "dumb"}, False, id="a dumb terminal"),
    ],
)
def test_colours(three: Repo, options: tuple[str, ...], env: dict[str, str], coloured: bool) -> None:
    with Terminal(three, "baseline", "review", *options, env=env) as terminal:
        terminal.until(ASKS)
        terminal.press("q")
        assert terminal.end()[0] == 1
        assert ("\x1b[" in terminal.raw) == coloured


def test_a_pair_is_shown_without_its_values(repo: Repo) -> None:
    repo.write("a.py", pair_lines(4))
    with Terminal(repo, "baseline", "review") as terminal:
        terminal.until(ASKS)
        answer(terminal, "t", "a test")
        assert "30 characters" in terminal.until(ASKS)
        answer(terminal, "t", "")
        assert terminal.end() == (0, "2 decided, 0 of them leaked; 0 left\n")
    assert statuses(repo, "scan", "a.py") == (0, [("a.py", 1, "allowed"), ("a.py", 2, "allowed")])
