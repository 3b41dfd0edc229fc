"""Many files: the same findings in the same order, whatever the number of processes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alikey_hook.commands import looks
from tests.history.scanning import ON
from tests.keys import access_key_id, secret
from tests.repository import Repo, pair_lines

FILES = 2 * looks._MANY
LEAKING = range(0, FILES, 97)


@pytest.fixture
def tree(repo: Repo) -> Repo:
    """A tree of many files, some of which hold a pair."""
    for number in range(FILES):
        path = repo.top / f"{number % 40}/{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(pair_lines(number % 60) if number in LEAKING else f"number = {number}\n")
    return repo


def scanned(folder: Path, processors: int, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", ON.format(processors), "scan", "--no-own-keys", *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_one_process_and_many_say_the_same(tree: Repo) -> None:
    alone, together = (scanned(tree.top, processors, "--format", "json") for processors in (1, 3))
    assert (alone.returncode, alone.stderr) == (together.returncode, together.stderr) == (1, "")
    assert alone.stdout == together.stdout
    report = json.loads(alone.stdout)
    assert (len(report["findings"]), report["summary"]["files"]) == (2 * len(LEAKING), FILES)
    values = [value for number in range(60) for value in (access_key_id(number), secret(number))]
    assert not [value for value in values if value in alone.stdout]


@pytest.mark.parametrize("processors", [1, 2])
def test_what_is_no_file_is_said_and_nothing_is_reported(tree: Repo, processors: int) -> None:
    os.mkfifo(tree.top / "7/pipe")
    names = [str(path.relative_to(tree.top)) for path in tree.top.rglob("*") if path.is_file() or path.is_fifo()]
    done = scanned(tree.top, processors, *(name for name in names if not name.startswith(".git")))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: 7/pipe is not a regular file.")


DYING = """\
import os, signal
from alikey_hook import many, scan
here, look = os.getpid(), scan.look
scan.look = lambda *args: look(*args) if os.getpid() == here else os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed_is_an_error(tree: Repo) -> None:
    command = [sys.executable, "-W", "error", "-c", DYING + ON.format(2), "scan", "--no-own-keys"]
    done = subprocess.run(command, cwd=tree.top, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: a process that looks for us has ended.")


ORPHANING = """\
import os, signal, time
from alikey_hook import scan
here, look = os.getpid(), scan.look
def killing(*args):
    if os.getppid() == here:
        os.kill(here, signal.SIGKILL)
        while os.getppid() == here:
            time.sleep(0.01)
    return look(*args)
scan.look = killing
"""


def test_where_the_first_process_is_killed_the_others_end_without_a_word(tree: Repo) -> None:
    command = [sys.executable, "-W", "error", "-c", ORPHANING + ON.format(2), "scan", "--no-own-keys"]
    # It comes back when nobody has the pipes any more: when all of them have ended.
    done = subprocess.run(command, cwd=tree.top, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGKILL, "", "")
