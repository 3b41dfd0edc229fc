"""Wrong usage is refused before anything is done: exit code 2, nothing on standard output, a word on what is right."""

import os
import subprocess
import sys

import pytest

from tests.keys import access_key_id
from tests.repository import Repo, pair_lines

ID = access_key_id(1)
WRONG = {
    "scan: files beside what is staged": (["scan", "--staged", "a.py"], "take no PATH"),
    "scan: files beside commits": (["scan", "--commits", "HEAD", "a.py"], "take no PATH"),
    "scan: a revision that is not there": (["scan", "--baseline-ref", "nowhere", "a.py"], "nowhere is no commit here"),
    "hook: a message that is not named": (["hook", "--stage", "commit-msg"], "commit-msg takes one file, the message"),
    "hook: two messages": (["hook", "--stage", "commit-msg", "a.py", "a.py"], "commit-msg takes one file, the message"),
    "events: a region by its name": (["events", ID, "--as", "env", "--region", "Hangzhou"], "'Hangzhou' is no region like"),
    "events: one of many regions": (["events", ID, "--as", "env", "--region", "cn-beijing,x"], "'x' is no region like"),
    "keys: a region by its name": (["keys", "--as", "env", "--region", "Hangzhou"], "'Hangzhou' is no region like"),
    "verify: no time at all": (["verify", "--timeout", "0"], "'0' is no number of seconds up to 600"),
    "verify: too much time": (["verify", "--timeout", "601"], "'601' is no number of seconds up to 600"),
    "verify: a time in words": (["verify", "--timeout", "soon"], "'soon' is no number of seconds up to 600"),
    "verify: a time that is none": (["verify", "--timeout", "nan"], "'nan' is no number of seconds up to 600"),
    "disable: no id": (["disable", "LTAI", "--as", "env"], "that is no AccessKey ID"),
    "baseline: no command": (["baseline"], "usage: alikey-hook baseline COMMAND"),
    "baseline: no such command": (["baseline", "forget"], "usage: alikey-hook baseline COMMAND"),
}


def alikey(repo: Repo, *arguments: str, **options: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "alikey_hook", *arguments]
    return subprocess.run(command, cwd=repo.top, capture_output=True, text=True, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_refused(repo: Repo, name: str) -> None:
    arguments, words = WRONG[name]
    repo.write("a.py", pair_lines())
    done = alikey(repo, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_help_of_the_baseline_is_no_error(repo: Repo) -> None:
    done = alikey(repo, "baseline", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: alikey-hook baseline COMMAND")


def test_a_report_from_standard_input_that_is_closed(repo: Repo) -> None:
    command = f"{sys.executable} -m alikey_hook report --from - --format json <&-"
    done = subprocess.run(["sh", "-c", command], cwd=repo.top, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "standard input is closed" in done.stderr


def test_without_any_locale_it_speaks_english(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LC_")] + ["LANG", "LANGUAGE"]:
        monkeypatch.delenv(name, raising=False)
    repo.write("a.py", pair_lines())
    done = alikey(repo, "scan", "a.py")
    assert done.returncode == 1
    assert "What to do" in done.stdout


def test_without_git_a_report_says_nothing_of_a_repository(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("a.py", pair_lines())
    repo.git("remote", "add", "origin", "https://example.com/a.git")
    assert '"repository": "https://example.com/a.git"' in alikey(repo, "scan", "--format=json", "a.py").stdout
    monkeypatch.setenv("PATH", str(repo.top))
    done = alikey(repo, "scan", "--format=json", "a.py")
    assert done.returncode == 1
    assert '"repository": null' in done.stdout


def test_what_pre_commit_runs_with_is_the_range_that_it_names(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("a.py", "nothing = 1\n")
    start = repo.commit()
    repo.stage("a.py", pair_lines())
    repo.commit()
    repo.stage("a.py", "nothing = 2\n")
    end = repo.commit()
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", start)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", end)
    done = alikey(repo, "hook", "a.py")
    assert done.returncode == 1
    assert done.stdout.count("a.py:") == 2
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", end)
    assert alikey(repo, "hook", "a.py").returncode == 0
