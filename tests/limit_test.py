"""`--timeout`: whatever the command is stuck in, it ends with exit code 2, says what it knows, and leaves nothing behind."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from alikey_hook import limit
from alikey_hook.errors import UserError
from alikey_hook.git import blobs, objects
from tests.history.scanning import READS, shim
from tests.repository import Repo, found, pair_at, pair_lines

GIT = shutil.which("git") or "git"
SLEEP = 1_000_000 + os.getpid()  # seconds; nobody else sleeps so long, nor another process of tests
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(not hasattr(os, "fork") or not os.path.isdir("/proc"), reason="needs fork and /proc"),
]


def stuck_git(folder: Path, command: str) -> dict[str, str]:
    """The environment in which git never ends when it is asked for a command, and does not mind being told to."""
    folder.mkdir()
    script = folder / "git"
    script.write_text(
        f'#!/bin/sh\ncase " $* " in *" {command} "*) trap "" TERM INT; sleep {SLEEP}; esac\nexec {shlex.quote(GIT)} "$@"\n'
    )
    script.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def sleeping() -> list[str]:
    """What is left of such a git."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            pass
    return [line for line in lines if str(SLEEP) in line and "pytest" not in line]


def begun(repo: Repo, files: int = 150) -> Repo:
    """A repository with a pair in its second file, all of it staged: more files than are read one by one."""
    repo.write("b.py", pair_lines())
    for number in range(files):
        repo.write(f"c/{number:03}.py", f"x = {number}\n")
    repo.write("a.py", "clean\n")
    repo.stage(".")
    return repo


def test_what_ends_in_time_is_as_without_it(repo: Repo) -> None:
    begun(repo)
    without, within = (repo.hook("--format", "json", *more) for more in ([], ["--timeout", "300"]))
    assert without.returncode == within.returncode == 1
    assert json.loads(without.stdout) == json.loads(within.stdout)
    repo.stage("b.py", "clean\n")
    done = repo.hook("--timeout", "300")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("command", ["diff-index", "cat-file"])
def test_a_git_that_hangs_ends_a_hook(repo: Repo, tmp_path: Path, command: str) -> None:
    begun(repo)
    done = repo.hook("--timeout", "1", env=stuck_git(tmp_path / "bin", command))
    assert (done.returncode, done.stdout) == (2, "")
    assert "it took longer than 1 seconds (--timeout)" in done.stderr
    if command == "cat-file":
        assert (
            "0 of 152 files were looked at; not looked at: a.py, b.py, c/000.py, c/001.py, c/002.py and 147 more" in done.stderr
        )
    assert not sleeping()


@pytest.mark.parametrize("command", ["rev-list", "log", "for-each-ref"])
def test_a_git_that_hangs_ends_a_history_and_what_was_found_is_told(repo: Repo, tmp_path: Path, command: str) -> None:
    begun(repo).commit()
    report = tmp_path / "report.json"
    asked = ("--history", "--timeout", "2", "--format", "json", "--output", str(report))
    done = repo.scan(*asked, env=stuck_git(tmp_path / "bin", command))
    assert done.returncode == 2
    assert "it took longer than 2 seconds (--timeout): this report is partial; 0 objects were not looked at" in done.stderr
    told = json.loads(report.read_text())
    assert [one["path"] for one in told["findings"]] == ["(not placed)"] * 2
    assert told["origin"]["complete"] is False
    assert not sleeping()


@pytest.mark.parametrize("command", ["cat-file"])
def test_a_history_of_which_nothing_can_be_read_says_so(repo: Repo, tmp_path: Path, command: str) -> None:
    begun(repo).commit()
    done = repo.scan("--history", "--timeout", "1", env=stuck_git(tmp_path / "bin", command))
    assert (done.returncode, done.stdout) == (2, "")
    assert "it took longer than 1 seconds (--timeout)" in done.stderr
    assert not sleeping()


_FALLS_SILENT = """
import os, subprocess, sys, time
git = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE)
written = 0
while written < 10_000_000:
    written += os.write(1, os.read(git.stdout.fileno(), 65536))
time.sleep(int(sys.argv[1]))
"""


def test_what_was_read_of_a_history_in_time_is_placed(repo: Repo, tmp_path: Path) -> None:
    filling = "".join(f"x{number} = {number}\n" for number in range(5000))
    for number in range(200):  # 13 MB, of which a piece of 8 MB is looked at before git falls silent
        repo.write(f"{number}.py", (pair_lines(number) if number % 10 == 0 else f"y = {number}\n") + filling)
    repo.stage(".")
    commit = repo.commit()
    (tmp_path / "falls_silent.py").write_text(_FALLS_SILENT)
    silent = shlex.join([sys.executable, str(tmp_path / "falls_silent.py"), str(SLEEP)])
    env = shim(tmp_path / "bin", f'{READS} exec {silent} "$GIT" "$@";; esac')
    done = repo.scan("--history", "--timeout", "3", "--format", "json", env=env)
    assert done.returncode == 2, done.stderr
    left = re.search(r"this report is partial; (\d+) objects were not looked at", done.stderr)
    assert left and 0 < int(left[1]) < 202
    told = json.loads(done.stdout)["findings"]
    assert 0 < len(told) <= 40
    assert {one["commit"] for one in told} == {commit}
    assert "(not placed)" not in {one["path"] for one in told}
    assert not sleeping()


def test_what_was_found_in_time_is_reported_as_partial(repo: Repo, tmp_path: Path) -> None:
    begun(repo)
    report = tmp_path / "report.json"
    # Standard input is named last, and never ends.
    command = [sys.executable, "-m", "alikey_hook", "scan", "--timeout", "1.5", "--format", "json", "--output", str(report)]
    with subprocess.Popen(
        [*command, "b.py", "a.py", "-"], cwd=repo.top, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr
        said = process.stderr.read().decode()
    assert process.returncode == 2
    assert "this is not complete: 2 of 3 files were looked at; not looked at: -." in said
    told = report.read_text()
    assert found(told) == pair_at("b.py")
    assert json.loads(told)["origin"]["complete"] is False
    assert sorted(os.listdir(tmp_path)) == ["home", "repo", "report.json"]


_IMPATIENT = """
import sys
from alikey_hook import cli, limit
limit.GRACE = 1.0
sys.exit(cli.main(sys.argv[1:]))
"""


def copy_of(process: int) -> int:
    """The process that does the work."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.01)
    raise AssertionError("there is no copy")


def started(repo: Repo, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _IMPATIENT, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=repo.top, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def test_what_does_not_answer_is_killed(repo: Repo) -> None:
    with started(repo, "scan", "-", "--timeout", "1") as process:
        os.kill(copy_of(process.pid), signal.SIGSTOP)  # as deaf as in one endless operation
        assert process.stdout and process.stderr
        said = process.stdout.read(), process.stderr.read()
    assert process.returncode == 2
    assert said[0] == ""
    assert said[1].startswith("alikey-hook: it took longer than 1 seconds (--timeout); it did not answer and was killed.")


def test_what_hangs_before_it_has_a_session_is_killed(repo: Repo) -> None:
    stopped = "import os, signal\nos.setsid = lambda: os.kill(os.getpid(), signal.SIGSTOP)\n"
    command = [sys.executable, "-c", stopped + _IMPATIENT, "scan", "-", "--timeout", "1"]
    done = subprocess.run(command, cwd=repo.top, input="", capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "it did not answer and was killed" in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_who_is_told_to_end_leaves_no_copy(repo: Repo, number: int, code: int) -> None:
    with started(repo, "scan", "-", "--timeout", "300") as process:
        copy = copy_of(process.pid)
        time.sleep(0.5)  # until it has set its signals
        os.kill(process.pid, number)
        assert process.wait(30) == code
    assert not os.path.exists(f"/proc/{copy}")


def test_a_copy_that_is_killed_is_no_clean_look(repo: Repo) -> None:
    with started(repo, "scan", "-", "--timeout", "300") as process:
        os.kill(copy_of(process.pid), signal.SIGKILL)
        assert process.stderr
        said = process.stderr.read()
    assert process.returncode == 2
    assert "the process that looked was killed (signal 9)" in said


def test_a_copy_that_is_killed_leaves_no_half_of_a_report(repo: Repo, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    killed = "import os, signal\nos.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    arguments = ["scan", "-", "--timeout", "300", "--format", "json", "--output", str(report)]
    command = [sys.executable, "-c", killed + _IMPATIENT, *arguments]
    done = subprocess.run(command, cwd=repo.top, input="", capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "was killed (signal 9)" in done.stderr
    assert sorted(os.listdir(tmp_path)) == ["home", "repo"]


# As on Windows, where no process can be copied, and there is no timer that sends a signal.
_WITHOUT_COPIES = "import os, signal\ndel os.fork, signal.setitimer\n"


def test_without_copies_the_time_is_limited_too(repo: Repo) -> None:
    command = [sys.executable, "-c", _WITHOUT_COPIES + _IMPATIENT, "scan", "-", "--timeout", "1"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=repo.top, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout and process.stderr
        said = process.stdout.read(), process.stderr.read()
    assert (process.returncode, said[0]) == (2, "")
    assert said[1].startswith("alikey-hook: it took longer than 1 seconds (--timeout). Nothing is reported.\nhelp: ")


def test_without_copies_what_ends_in_time_is_as_without_it(repo: Repo) -> None:
    repo.stage("app.py", pair_lines())
    command = [sys.executable, "-c", _WITHOUT_COPIES + _IMPATIENT, "hook", "--format", "json"]
    without, within = (
        subprocess.run([*command, *more], cwd=repo.top, capture_output=True, text=True, timeout=60)
        for more in ([], ["--timeout", "300"])
    )
    assert without.returncode == within.returncode == 1, within.stderr
    assert found(without.stdout) == found(within.stdout) == pair_at("app.py")


def test_what_has_just_ended_need_not_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    monkeypatch.setattr(os, "listdir", lambda _: [str(process.pid), "self"])
    assert limit._session(process.pid) == []
    monkeypatch.setattr(limit, "_session", lambda _: [process.pid])
    limit._kill_copy(process.pid)


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan", "1e9"])
def test_only_a_number_of_seconds_is_taken(repo: Repo, text: str) -> None:
    done = repo.scan(f"--timeout={text}", "-")
    assert done.returncode == 2
    assert "is no number of seconds" in done.stderr


def damaged(repo: Repo, says: int, digit: str) -> str:
    """A loose object of 50 bytes that says another size."""
    name = "ab" + digit * 38
    folder = repo.top / ".git/objects/ab"
    folder.mkdir(exist_ok=True)
    (folder / name[2:]).write_bytes(zlib.compress(b"blob %d\0" % says + b"x" * 50))
    return name


def test_a_git_that_falls_silent_is_not_waited_for_for_ever(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    name = damaged(repo, 100, "1")  # git announces 100 bytes, gives 50, and waits for the next question
    monkeypatch.chdir(repo.top)
    monkeypatch.setattr(objects, "SILENCE", 0.2)
    with pytest.raises(UserError, match=r"git has been silent for 0\.2 seconds"):
        list(objects.contents([name]))
    monkeypatch.setattr(blobs, "SILENCE", 0.2)
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", ".git/objects")  # so that git reads it, not we
    reader = blobs.Blobs()
    with pytest.raises(UserError, match=r"git has been silent for 0\.2 seconds"):
        reader.read(name)
    reader.close()


def test_an_object_that_gives_more_than_it_says_is_damaged(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    name = damaged(repo, 20, "2")
    monkeypatch.chdir(repo.top)
    with pytest.raises(UserError, match=f"object {name} cannot be read"):
        list(objects.contents([name]))
