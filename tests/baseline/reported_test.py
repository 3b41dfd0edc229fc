"""A review of what a report found, in JSON and in SARIF, without another look."""

import json
import os
from pathlib import Path

import pytest

from tests.baseline.commands import (
    Done,
    alikey,
    baseline,
    id_line,
    id_print,
    made,
    put,
    recorded,
    statuses,
)
from tests.baseline.terminal import Terminal
from tests.keys import access_key_id
from tests.repository import Repo, pair_lines

pytestmark = pytest.mark.once

FORMATS = pytest.mark.parametrize("name", ["json", "sarif"])


def report(repo: Repo, name: str, *arguments: str) -> str:
    """The path of a scan's report, outside the repository."""
    path = repo.top.parent / f"report of {name}"
    done = alikey(repo, "scan", *arguments, "--format", name, "--output", str(path))
    assert done.code == 1, done.err
    return str(path)


def review(repo: Repo, path: str, *answers: str, options: tuple[str, ...] = (), cwd: str = "") -> Done:
    done = baseline(repo, "review", "--from", path, *options, stdin="".join(answer + "\n" for answer in answers), cwd=cwd)
    assert done.err == ""
    return done


@pytest.fixture
def leaky(repo: Repo) -> Repo:
    """A pair, an ID that stands in two files, and one in a file whose name no terminal should show as it is."""
    repo.write("a.py", pair_lines(1))
    repo.write("新 b.py", "x = 1\n\t" + id_line(2))
    repo.write("sub/c.py", id_line(2))
    repo.write("d\x1b[2J.py", id_line(3))
    return repo


@FORMATS
@pytest.mark.parametrize("cwd", ["", "sub"])
def test_it_shows_and_writes_what_a_review_of_the_files_does(leaky: Repo, name: str, cwd: str) -> None:
    path = report(leaky, name)
    answers = ("t", "a test", "", "", "e", "an example", "*.py", "30", "r", "disabled", "", "", "l", "it is real")
    done = review(leaky, path, *answers, cwd=cwd)
    files = {file.name: file.read_bytes() for file in (leaky.top / "baseline").iterdir()}
    assert len(files) == 4
    for file in (leaky.top / "baseline").iterdir():
        file.unlink()
    usual = baseline(leaky, "review", stdin="".join(answer + "\n" for answer in answers), cwd=cwd)
    assert done == usual
    assert {file.name: file.read_bytes() for file in (leaky.top / "baseline").iterdir()} == files
    assert "\x1b" not in done.out


@FORMATS
def test_where_a_line_has_moved_its_place_of_now_is_shown(repo: Repo, name: str) -> None:
    repo.write("a.py", id_line(1) + "x = 1\n" + id_line(1))
    path = report(repo, name)
    repo.write("a.py", "#\n#\n#\nother = 1; " + id_line(1) + "x = 1\n" + id_line(1))
    done = review(repo, path, "q")
    assert done.out.startswith("\n[1/1] a.py:4:29: alibaba-access-key-id")
    assert f'    other = 1; access_key_id = "{"*" * 24}"\n' in done.out
    assert "    also a.py:4:29\n" in done.out  # the nearest to line 3
    assert (done.code, done.out.splitlines()[-1]) == (1, "0 decided, 0 of them leaked; 1 left")


@FORMATS
def test_what_is_not_here_any_more_is_shown_as_the_report_has_it_and_can_be_allowed(repo: Repo, name: str) -> None:
    repo.stage("a.py", "x = 1\n" + id_line(1))
    commit = repo.commit()
    path = report(repo, name, "--commits", "HEAD")
    other = Repo(repo.top.parent / "other")
    other.top.mkdir()
    other.git("init", "--quiet")
    other.write("a.py", "x = 1\n")
    done = review(other, path, "t", "a test", "", "")
    value = access_key_id(1)
    assert done.out.startswith(
        f"\n[1/1] a.py:2:18: alibaba-access-key-id medium {value[:8]}…{value[-4:]}\n"
        f'    access_key_id = "{"*" * 24}"\n                     {"^" * 24}\n'
    )
    assert commit[:12] in done.out and f"    {id_print(1)}\n" in done.out
    assert (done.code, recorded(other)) == (0, [made(1)])
    assert statuses(repo, "scan", "--baseline", str(other.top / "baseline"))[0] == 0


def test_a_report_without_masked_lines_is_shown_without(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    path = Path(report(repo, "json"))
    found = json.loads(path.read_bytes())
    for key in ("excerpt", "excerpt_column", "excerpt_width"):
        del found["findings"][0][key]
    path.write_text(json.dumps(found), "utf-8")
    assert "*" * 24 in review(repo, str(path), "q").out  # the file is here
    repo.write("a.py", "x = 1\n")
    value = access_key_id(1)
    shown = f"\n[1/1] a.py:1:18: alibaba-access-key-id medium {value[:8]}…{value[-4:]}\n    {id_print(1)}\n"
    assert review(repo, str(path), "q").out.startswith(shown)


@FORMATS
def test_what_the_baseline_speaks_of_is_not_asked_about(leaky: Repo, name: str) -> None:
    path = report(leaky, name)
    put(leaky, made(1), made(2, paths=("sub/**",)), made(3, status="leaked"))
    done = review(leaky, path, "q")
    assert "[1/2] a.py:2:" in done.out
    done = review(leaky, path, "s", "q")
    assert "\n[2/2] 新 b.py:2:" in done.out and "also" not in done.out


def test_what_the_report_says_is_allowed_but_this_baseline_does_not_know_is_asked_about(repo: Repo) -> None:
    repo.write("a.py", id_line(1).rstrip() + "  # pragma: allowlist secret\n")
    done = alikey(repo, "scan", "--format", "json", "--output", "r.json")
    assert done.code == 0
    assert [found["status"] for found in json.loads((repo.top / "r.json").read_bytes())["findings"]] == ["allowed"]
    assert review(repo, "r.json", "t", "a test", "", "").code == 0
    assert recorded(repo) == [made(1)]


def test_values_of_low_confidence_are_asked_about_where_wanted(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    path = Path(report(repo, "json"))
    path.write_text(path.read_text("utf-8").replace('"confidence": "high"', '"confidence": "low"'), "utf-8")
    assert review(repo, str(path)).out == "0 decided, 0 of them leaked; 0 left\n"
    assert review(repo, str(path), "q", options=("--min-confidence", "low")).code == 1


@pytest.mark.parametrize("path", ["../outside.py", "fifo", "no\0path", "sub", "-", ""], ids=repr)
def test_what_a_report_calls_a_file_is_not_opened_where_it_is_none_of_this_repository(repo: Repo, path: str) -> None:
    repo.write("a.py", id_line(1))
    (repo.top / "sub").mkdir()
    os.mkfifo(repo.top / "fifo")
    (repo.top.parent / "outside.py").write_text("#\n" + id_line(1), "utf-8")
    name = Path(report(repo, "json", "a.py"))
    found = json.loads(name.read_bytes())
    found["findings"][0]["path"] = path
    name.write_text(json.dumps(found), "utf-8")
    done = review(repo, str(name), "t", "a test", "", "")
    assert ":1:18: alibaba-access-key-id" in done.out
    assert (done.code, recorded(repo)) == (0, [made(1)])


def test_the_answers_come_from_standard_input_and_so_the_report_cannot(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    text = Path(report(repo, "json")).read_text("utf-8")
    done = baseline(repo, "review", "--from", "-", stdin=text)
    assert (done.code, done.out, recorded(repo)) == (2, "", [])
    assert done.err == (
        "alikey-hook: standard input is where the answers come from.\nhelp: Write the report into a file, and name that.\n"
    )


@pytest.mark.parametrize("options", [("a.py",), ("--staged",), ("--history",)], ids=str)
def test_a_report_beside_something_to_look_at_is_refused(repo: Repo, options: tuple[str, ...]) -> None:
    repo.write("a.py", id_line(1))
    done = baseline(repo, "review", "--from", report(repo, "json"), *options)
    assert (done.code, done.out) == (2, "")
    assert "--from takes no PATH" in done.err


def test_a_name_that_is_empty_is_no_wish_to_look_everywhere(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    done = baseline(repo, "review", "--from", "")
    assert (done.code, done.out) == (2, "")


def test_at_a_terminal(repo: Repo) -> None:
    pytest.importorskip("pty")
    repo.write("a.py", id_line(1))
    path = report(repo, "sarif")
    with Terminal(repo, "baseline", "review", "--from", path) as terminal:
        terminal.until("[q]uit? ")
        terminal.press("t", "reason: ")
        terminal.enter("a test", "everywhere): ")
        terminal.enter("", "never): ")
        terminal.enter("", "records it")
        assert terminal.end()[0] == 0
    assert recorded(repo) == [made(1)]
