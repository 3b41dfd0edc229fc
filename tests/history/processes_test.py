"""One process or many: the same report; an interrupt leaves a partial one and no process; a bar where a terminal watches."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.history.scanning import CLI, NOTHING, ON, READS, commit, grown, kept, put, ran, shim, walk
from tests.repository import Repo, pair_lines
from tests.wheel import ROOT, pythons

pytestmark = pytest.mark.once

LEAKING = range(0, 640, 32)
FINDINGS = 2 * len(LEAKING)
OBJECTS = 1280  # a blob and a commit each
SOME = 500  # enough for a piece or two of each process
PARTIAL = "alikey-hook: interrupted: this report is partial"


def on(processors: int) -> list[str]:
    """The command line of us on a machine with so many processors."""
    return [sys.executable, "-c", ON.format(processors)]


class Under(NamedTuple):
    """A scan under way in a session of its own."""

    process: subprocess.Popen[str]

    def ends(self) -> tuple[int, str, str]:
        """Exit code, output and errors; no process of it is left."""
        out, err = self.process.communicate(timeout=60)
        deadline = time.monotonic() + 10
        while left := in_session(self.process.pid):
            assert time.monotonic() < deadline, f"left behind: {left}"
            time.sleep(0.05)
        return self.process.returncode, out, err


def in_session(leader: int) -> list[str]:
    """The names of the processes of a session that still run."""
    names = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        state, _, _, session = rest.split()[:4]
        if int(session) == leader and state != "Z":
            names.append(name)
    return names


def interrupted(repo: Repo, env: dict[str, str], marks: Path, after: int, *args: str, processors: int = 2) -> Under:
    """Start a scan, and interrupt it as a terminal does (all processes of the group) once so many objects were asked for."""
    process = subprocess.Popen(
        [*on(processors), "scan", "--history", "--no-own-keys", *args],
        cwd=repo.top,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not marks.exists() or marks.read_text().count("\n") < after:
        assert process.poll() is None, "it ended before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    return Under(process)


@pytest.fixture(scope="module")
def grown_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for the repository of `big`."""
    return tmp_path_factory.mktemp("big") / "repo"


@pytest.fixture
def big(grown_once: Path, home: Path) -> Repo:
    """64 MB in 640 files, of which every 32nd holds a pair; made once, and only read. Eight pieces of 8 MB."""
    repo = Repo(grown_once)
    if not grown_once.exists():
        grown_once.mkdir()
        repo.git("init", "--quiet")
        grown(repo, 64, {number: pair_lines(number // 32) for number in LEAKING})
    return repo


def slow(tmp_path: Path, also: str = "") -> tuple[dict[str, str], Path]:
    """A git that takes its time to read objects; it writes a line into a file for each of them."""
    marks = tmp_path / "marks"
    asked = f'while read -r name; do echo >>"{marks}"; sleep 0.003; echo "$name"; done'
    return shim(tmp_path / "shim", f'{READS} {asked} | "$GIT" "$@"; exit $?;; {also} esac'), marks


# The same report


def test_one_process_and_many_say_the_same(big: Repo) -> None:
    reports = []
    for processors in (1, 3):
        command = [*on(processors), "scan", "--history", "--no-own-keys", "--format", "json"]
        done = subprocess.run(command, cwd=big.top, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (1, "")
        reports.append(done.stdout)
    found = kept(json.loads(reports[0]))
    assert sorted({one.path for one in found}) == sorted(f"big/{number}.txt" for number in LEAKING)
    assert len(found) == FINDINGS
    assert reports[0] == reports[1]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_however_processes_are_started(big: Repo, method: str) -> None:
    code = f"import multiprocessing\nmultiprocessing.set_start_method({method!r})\n{ON.format(2)}"
    command = [sys.executable, "-W", "error", "-c", code, "scan", "--history", "--no-own-keys", "--format", "json"]
    done = subprocess.run(command, cwd=big.top, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (1, "")
    assert len(json.loads(done.stdout)["findings"]) == FINDINGS


def test_a_repository_s_order_on_disk_changes_nothing(repo: Repo) -> None:
    for day, seed in (("2024-01-02", 1), ("2024-01-03", 2), ("2024-01-04", 3)):
        put(repo, day, path=f"{seed}.py", seed=seed)
        repo.git("branch", f"at-{seed}")
    put(repo, "2024-01-05", pair_lines(1) + pair_lines(2), "1.py")
    loose = walk(repo)
    repo.git("repack", "-a", "-d", "-q")
    packed = walk(repo)
    assert loose.out == packed.out


@pytest.mark.parametrize(
    "version", [pytest.param(one, marks=[] if one == "3.13" else pytest.mark.slow) for one in ("3.10", "3.11", "3.12", "3.13")]
)
def test_no_python_warns(big: Repo, version: str) -> None:
    # Python 3.12 warns of a fork where threads run: it may never come back.
    python = pythons().get(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    command = [python, "-W", "always", "-m", "alikey_hook", "scan", "--history", "--no-own-keys", "--format", "json"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *(path for path in sys.path if "site-packages" in path)])}
    done = subprocess.run(command, cwd=big.top, env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    assert len(json.loads(done.stdout)["findings"]) == FINDINGS


# Interrupts


@pytest.mark.parametrize("processors", [1, 2], ids=["one process", "two processes"])
def test_an_interrupt_leaves_a_partial_report(big: Repo, tmp_path: Path, processors: int) -> None:
    env, marks = slow(tmp_path)
    code, out, err = interrupted(big, env, marks, SOME, "--format", "json", processors=processors).ends()
    assert (code, err.splitlines()) == (2, [PARTIAL])
    assert 0 < len(json.loads(out)["findings"]) < FINDINGS


@pytest.fixture
def partial(big: Repo, grown_once: Path, tmp_path: Path) -> str:
    """The report of a scan that was interrupted; interrupted once only."""
    report = grown_once.parent / "partial.json"
    if not report.exists():
        env, marks = slow(tmp_path)
        assert interrupted(big, env, marks, SOME, "--format", "json", "--output", str(report)).ends() == (2, "", f"{PARTIAL}\n")
    return report.read_text()


def test_a_partial_report_is_a_file_too(partial: str) -> None:
    assert 0 < len(json.loads(partial)["findings"]) < FINDINGS


def test_a_partial_report_says_itself_that_it_is_partial(partial: str) -> None:
    assert json.loads(partial)["origin"]["complete"] is False


def test_a_partial_report_counts_what_was_looked_at(partial: str) -> None:
    summary = json.loads(partial)["summary"]
    assert 0 < summary["files"] < OBJECTS
    assert 0 < summary["bytes"] < 60_000_000


def test_a_partial_text_report(big: Repo, tmp_path: Path) -> None:
    env, marks = slow(tmp_path)
    code, out, err = interrupted(big, env, marks, SOME, "--lang", "en").ends()
    assert (code, err.splitlines()[-1]) == (2, PARTIAL)
    assert "big/" in out


def test_an_interrupt_while_git_lists_what_is_reachable(big: Repo, tmp_path: Path) -> None:
    # The terminal's interrupt reaches git too; that it ends then is no reason to throw away what was found.
    env, marks = slow(tmp_path, "*rev-list*) sleep 5;;")
    code, out, err = interrupted(big, env, marks, SOME, "--format", "json").ends()
    assert (code, err.splitlines()[-1:]) == (2, [PARTIAL])
    assert json.loads(out)["findings"]


def test_after_an_interrupt_the_cache_goes_on(big: Repo, tmp_path: Path) -> None:
    env, marks = slow(tmp_path)
    cache = f"--cache={tmp_path / 'cache'}"
    assert interrupted(big, env, marks, SOME, "--format", "json", cache).ends()[0] == 2
    begun = marks.read_text().count("\n")
    assert walk(big, cache, env=env)[:2] == walk(big)[:2]
    assert 0 < marks.read_text().count("\n") - begun < OBJECTS - 100


def test_an_interrupt_before_anything_was_read(big: Repo, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    env = shim(tmp_path / "shim", f'case "$*" in *--batch-all-objects*) echo >>"{marks}"; sleep 2;; esac')
    code, out, _ = interrupted(big, env, marks, 1, "--format", "json").ends()
    assert (code in (2, 130), out) == (True, "")


# A terminal


def watched(repo: Repo, *args: str) -> tuple[int, str, str]:
    """Run a scan whose standard error is a terminal; exit code, output, what the terminal shows."""
    ours, theirs = pty.openpty()
    command = [*CLI, "scan", "--history", "--no-own-keys", "--format", "json", *args]
    process = subprocess.Popen(
        command, cwd=repo.top, env={**os.environ, "TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs, text=True
    )
    os.close(theirs)
    out, _ = process.communicate(timeout=60)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        shown += piece
        if not piece:
            break
    os.close(ours)
    return process.returncode, out, shown.decode()


def test_a_terminal_sees_how_far_it_is(big: Repo) -> None:
    code, out, shown = watched(big)
    assert (code, len(json.loads(out)["findings"])) == (1, FINDINGS)
    assert "objects, " in shown
    assert "with findings" in shown


def test_quiet_shows_no_progress(big: Repo) -> None:
    assert watched(big, "-q")[2] == ""


def test_no_terminal_sees_nothing_of_it(repo: Repo) -> None:
    put(repo, "2024-01-01", NOTHING)
    commit(repo, "2024-01-02")
    assert ran(repo.top, "--format", "json").stderr == ""


@pytest.mark.parametrize("version", ["2.35.8", "2.9.5 (Apple Git-1)", "of nothing"])
def test_an_older_git(repo: Repo, tmp_path: Path, version: str) -> None:
    grown(repo, 12, {5: pair_lines()})
    old = f'case "$*" in *version) echo "git version {version}"; exit 0;; *--batch-command*) exit 129;; esac'
    assert walk(repo, env=shim(tmp_path / "shim", old)).out == walk(repo).out
