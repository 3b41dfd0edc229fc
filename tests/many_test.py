"""Many changes: the same findings in the same order, whatever the number of processes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alikey_hook.commands import looks
from tests.history.scanning import NOTHING, ON
from tests.keys import access_key_id, secret
from tests.lfs_test import pointer
from tests.repository import Repo, pair_lines

pytestmark = pytest.mark.once

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


# As if twenty changes were many, and ten objects worth a git that prepares them.
SOON = """\
from alikey_hook import many
from alikey_hook.commands import looks
from alikey_hook.git import blobs
looks._MANY, many._PIECE, many._PIECES, blobs._MANY = 20, 7, 2, 5
"""
STREAMS = {"staged": ("scan", "--staged"), "commits": ("scan", "--commits", "HEAD"), "a hook": ("hook",)}


def looked(repo: Repo, processors: int, *command: str, before: str = SOON) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-W", "error", "-c", before + ON.format(processors), *command, "--no-own-keys"]
    return subprocess.run(argv, cwd=repo.top, capture_output=True, text=True, timeout=60)


@pytest.fixture
def changed(repo: Repo) -> Repo:
    """A commit with a pair; staged after it: that pair moved, more pairs, some of them allowed, a pointer to nothing."""
    repo.stage("old.py", pair_lines(1))
    repo.commit()
    repo.git("mv", "old.py", "moved.py")
    for number in range(60):
        repo.write(f"{number % 3}/{number}.py", pair_lines(number) if number % 9 == 2 else f"number = {number}\n" * 40)
    repo.write("2/large.bin", pointer(b"nowhere"))
    repo.write("3/allowed.py", pair_lines(50).replace("\n", "  # pragma: allowlist secret\n"))
    repo.write("3/again.py", pair_lines(1))
    repo.git("add", ".")
    return repo


@pytest.mark.parametrize("stream", STREAMS)
def test_what_git_has_is_looked_at_with_the_same_result_by_one_process_and_by_several(changed: Repo, stream: str) -> None:
    if stream == "commits":
        changed.commit()
    command = (*STREAMS[stream], "--format", "json")
    alone, together = (looked(changed, processors, *command) for processors in (1, 3))
    assert (alone.returncode, alone.stderr) == (together.returncode, together.stderr) == (1, "")
    assert alone.stdout == together.stdout
    report = json.loads(alone.stdout)
    assert report["summary"]["unread"] == 1
    assert {finding["status"] for finding in report["findings"]} >= {"new", "allowed"}
    assert {finding["path"] for finding in report["findings"]} >= {"2/2.py", "2/11.py", "2/56.py", "3/again.py", "3/allowed.py"}


COUNTING = """\
import sys
forks = []
sys.addaudithook(lambda event, _: forks.append(1) if event == "os.fork" else None)
import atexit
atexit.register(lambda: print(len(forks), file=sys.stderr))
"""


@pytest.mark.parametrize(("processors", "forks"), [(1, 0), (3, 3)])
def test_processes_are_started_for_many_changes_only(changed: Repo, processors: int, forks: int) -> None:
    assert looked(changed, processors, "scan", "--staged", "-q", before=COUNTING + SOON).stderr.splitlines()[-1] == str(forks)
    assert looked(changed, processors, "scan", "--staged", "-q", before=COUNTING).stderr.splitlines()[-1] == "0"


@pytest.mark.parametrize("processors", [1, 3])
def test_an_object_that_cannot_be_read_is_an_error_whoever_reads_it(changed: Repo, processors: int) -> None:
    blob = changed.git("rev-parse", ":1/40.py").strip()
    path = changed.top / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"nothing that git has written")
    done = looked(changed, processors, "hook")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"alikey-hook: object {blob} cannot be read: ")


def test_a_process_that_is_killed_over_what_git_has_is_an_error(changed: Repo) -> None:
    done = looked(changed, 2, "hook", before=DYING + SOON)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: a process that looks for us has ended.")


def test_where_the_first_process_fails_none_waits_for_another(changed: Repo) -> None:
    changed.stage("kept.py", NOTHING)
    changed.commit()
    changed.stage("kept.py", NOTHING + pair_lines(3))
    for number in range(60):
        changed.stage(f"{number % 3}/{number}.py", pair_lines(number))
    # The baseline is read first, by a git that the others then know of, and ends when nobody can ask it any more.
    changed.stage("baseline/alikey.yaml", "version: 1\nallow: []\n")
    changed.git(
        "pack-objects", "-q", ".git/objects/pack/pack", stdin=changed.git("rev-parse", ":baseline/alikey.yaml").encode()
    )
    changed.git("prune-packed")
    replaced = changed.git("rev-parse", "HEAD:kept.py").strip()
    (changed.top / ".git/objects" / replaced[:2] / replaced[2:]).unlink()
    done = looked(changed, 2, "hook")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"alikey-hook: object {replaced} cannot be read: ")
