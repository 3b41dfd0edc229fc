"""Repositories, workers, schedulers or the disk fail: the audit goes on and says what was not looked at."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.audit.fleets import CLI, Audited, audit, environment, holding, repository, said
from tests.history.scanning import READS, VALUES, shim

pytestmark = pytest.mark.slow
LEAKING = {"r01.git": 1, "r04.git": 4}
WHOLE = "alikey-hook: 5 of 5 repositories looked at whole\n"
NAMES = [f"r{number}.git" for number in ("00", "01", "02", "03", "04")]


@pytest.fixture
def whole(fleet: list[Path], made: Path) -> Audited:
    """What an audit of them says that nothing has happened to; asked once only."""
    report = made / "report"
    if not report.exists():
        done = audit(made, "--format", "json", *fleet)
        assert (done.code, done.err) == (1, WHOLE)
        report.write_text(done.out)
    return Audited(1, report.read_text(), WHOLE)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for five repositories, of which two leak and one is larger."""
    return tmp_path_factory.mktemp("fleet")


@pytest.fixture
def fleet(made: Path, home: Path) -> list[Path]:
    """The repositories; made once, and only read."""
    for name in NAMES:
        if not (made / name).exists():
            repository(made / name, 2000 if name == "r04.git" else 30, LEAKING.get(name))
    return [made / name for name in NAMES]


def until(done: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


@contextmanager
def listening() -> Iterator[int]:
    """A server that takes connections and never says a word; its port."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        yield server.getsockname()[1]


def test_sick_repositories_do_not_keep_the_others_from_being_looked_at(fleet: list[Path], tmp_path: Path) -> None:
    corrupt, empty = tmp_path / "corrupt.git", tmp_path / "empty.git"
    shutil.copytree(fleet[4], corrupt)
    (pack,) = (corrupt / "objects" / "pack").glob("*.pack")
    pack.chmod(0o644)
    with pack.open("r+b") as file:
        file.seek(pack.stat().st_size // 2)
        file.write(bytes(4000))
    repository(empty, 0)
    shutil.copytree(fleet[0], tmp_path / "stuck.git")
    stuck = Slow(tmp_path, "stuck.git", 60)
    (tmp_path / "folder").mkdir()
    with listening() as port:
        done = audit(
            tmp_path, "--format", "json", "--timeout", "4", "--protocol", "git", "--protocol", "file", *fleet,
            corrupt, empty, "folder", "missing", "stuck.git", "file:///missing.git", f"git://127.0.0.1:{port}/hanging.git",
            env=stuck.env,
        )  # fmt: skip
    assert done.code == 2
    assert {name for name, _ in done.places} == set(LEAKING)
    assert set(done.lost) == {"corrupt.git", "folder", "missing", "missing.git", "hanging.git", "stuck.git"}
    assert done.lost["folder"] == done.lost["missing"] == "there is no repository."
    assert done.lost["hanging.git"] == done.lost["stuck.git"] == "it took longer than 4 seconds (--timeout)."
    assert "does not appear to be a git repository" in done.lost["missing.git"]
    assert re.search("object [0-9a-f]{40}", done.lost["corrupt.git"])
    assert done.err.endswith("alikey-hook: 6 of 12 repositories looked at whole\n")


def test_objects_that_are_missing_are_told_and_the_rest_is_looked_at(fleet: list[Path], tmp_path: Path) -> None:
    shutil.copytree(fleet[1], tmp_path / "torn.git")
    torn = tmp_path / "torn.git"
    pack = next(iter((torn / "objects" / "pack").glob("*.pack")), None)
    if pack:
        pack.rename(tmp_path / "pack")
        subprocess.run(["git", "unpack-objects", "-q"], cwd=torn, stdin=(tmp_path / "pack").open("rb"), check=True)
    blob = subprocess.run(["git", "rev-parse", "main:src/0.txt"], cwd=torn, capture_output=True, text=True, check=True).stdout
    (torn / "objects" / blob[:2] / blob[2:].strip()).unlink()
    done = audit(tmp_path, "--format", "json", "torn.git")
    assert (done.code, done.places) == (2, {("torn.git", "src/1.txt")})
    assert done.lost == {"torn.git": "1 objects are not here (a partial clone, or a damaged one)"}


def test_a_mirror_that_is_damaged_is_made_anew(fleet: list[Path], tmp_path: Path) -> None:
    url = f"file://{fleet[4]}"
    whole = audit(tmp_path, "--format", "json", url)
    (mirror,) = (tmp_path / "cache" / "mirrors").glob("*/mirror.git")
    (mirror / "HEAD").unlink()
    (mirror.parent / "1.tmp").mkdir()
    assert audit(tmp_path, "--format", "json", url) == whole
    assert os.listdir(mirror.parent) == ["mirror.git"]


def test_nothing_of_a_repository_is_run(fleet: list[Path], tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.git"
    shutil.copytree(fleet[1], hostile)
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/run\nexit 1\n", "utf-8")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "core.askPass", "uploadpack.packObjectsHook", "gpg.program"):
        subprocess.run(["git", "config", key, str(program)], cwd=hostile, check=True)
    subprocess.run(["git", "config", "log.showSignature", "true"], cwd=hostile, check=True)
    (hostile / "hooks").mkdir(exist_ok=True)
    for hook in ("post-checkout", "reference-transaction", "post-update", "pre-auto-gc", "post-index-change"):
        (hostile / "hooks" / hook).symlink_to(program)
    for source in (hostile, f"file://{hostile}", f"file://{hostile}"):
        assert audit(tmp_path, "--format", "json", source).code == 1
    assert not (tmp_path / "run").exists()


# Workers


class Slow:
    """A git that takes some time for the objects of one repository, and writes a line into a file when it begins."""

    def __init__(self, tmp_path: Path, name: str, seconds: float) -> None:
        self.begun = tmp_path / "begun"
        script = f'case "$PWD" in *{name}) {READS} echo >>"{self.begun}"; sleep {seconds};; esac;; esac'
        self.env = shim(tmp_path / "shim", script)


@contextmanager
def under_way(where: Path, *arguments: str | Path, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """An audit that is not waited for."""
    command = [*CLI, "--cache", where / "cache", "--format", "json", *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, cwd=where, env=environment(env), stdout=pipe, stderr=pipe, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        for each in in_session(process.pid):
            with suppress(psutil.NoSuchProcess):
                each.kill()
        process.communicate()


def in_session(leader: int) -> list[psutil.Process]:
    """The processes of an audit; also those that it has left behind."""
    return [each for each in psutil.process_iter() if _session(each.pid) == leader]


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def ended(process: subprocess.Popen[str]) -> Audited:
    out, err = process.communicate(timeout=120)
    return said(process.returncode, out, err)


def worker_of(child: psutil.Process) -> psutil.Process | None:
    """The process of Python that has started this git; None where it is no git, or has ended meanwhile."""
    try:
        if child.name() not in ("git", "sh", "sleep"):
            return None
        while "python" not in child.name():
            child = child.parent()
        return child
    except psutil.NoSuchProcess:
        return None


def busy(process: subprocess.Popen[str]) -> set[psutil.Process]:
    """The workers of an audit that run git now."""
    below = psutil.Process(process.pid).children(recursive=True)
    return {worker for child in below if (worker := worker_of(child))}


def test_a_killed_worker_changes_nothing(fleet: list[Path], whole: Audited, tmp_path: Path) -> None:
    slow = Slow(tmp_path, "r01.git", 3)
    with under_way(tmp_path, "--workers", "2", *fleet, env=slow.env) as process:
        until(slow.begun.exists)
        for worker in busy(process):
            with suppress(psutil.NoSuchProcess):
                worker.kill()
        assert ended(process) == whole
    assert slow.begun.read_text() == "\n\n"  # it was begun again
    assert holding(tmp_path) == []


def test_a_repository_that_kills_every_worker_is_given_up(fleet: list[Path], tmp_path: Path) -> None:
    # The parent of git is the worker; the shell in between is replaced by git elsewhere.
    deadly = shim(tmp_path / "shim", f'case "$PWD" in *r01.git) {READS} kill -9 $PPID; exit 1;; esac;; esac')
    done = audit(tmp_path, "--format", "json", *fleet, env=deadly)
    assert (done.code, {name for name, _ in done.places}) == (2, {"r04.git"})
    assert list(done.lost) == ["r01.git"]
    assert "were killed, one after the other" in done.lost["r01.git"]


def test_an_interrupt_leaves_a_partial_report_and_the_audit_is_resumed(
    fleet: list[Path], whole: Audited, tmp_path: Path
) -> None:
    slow = Slow(tmp_path, "r03.git", 30)
    journal = tmp_path / "cache" / "audit.jsonl"
    with under_way(tmp_path, "--workers", "2", *fleet, env=slow.env) as process:
        until(lambda: slow.begun.exists() and journal.read_text().count("\n") == len(fleet))
        os.killpg(process.pid, signal.SIGINT)
        partial = ended(process)
    assert (partial.code, partial.lost) == (2, {"r03.git": "the audit was interrupted"})
    assert not partial.report["origin"]["complete"]
    again = shim(tmp_path / "again", f'pwd >>"{tmp_path}/looked"')
    assert audit(tmp_path, "--resume", "--format", "json", *fleet, env=again) == whole
    assert set((tmp_path / "looked").read_text().split()) == {str(fleet[3])}


def test_a_killed_audit_is_resumed(fleet: list[Path], whole: Audited, tmp_path: Path) -> None:
    slow = Slow(tmp_path, "r03.git", 30)
    journal = tmp_path / "cache" / "audit.jsonl"
    with under_way(tmp_path, "--workers", "2", *fleet, env=slow.env) as process:
        until(lambda: slow.begun.exists() and journal.read_text().count("\n") == len(fleet))
        process.kill()
        process.wait()
    shutil.rmtree(tmp_path / "shim")
    assert audit(tmp_path, "--resume", "--format", "json", *fleet) == whole


# The disk


def limited(where: Path, blocks: int, *arguments: str | Path) -> Audited:
    """An audit in which no file may grow beyond so many blocks of 512 bytes, as on a disk that is full."""
    script = f'ulimit -f {blocks}; exec "$@"'
    command = ["sh", "-c", script, "sh", *CLI, "--cache", where / "cache", "--workers", "1", "--format", "json", *arguments]
    done = subprocess.run(command, cwd=where, env=environment(), capture_output=True, text=True, timeout=120)
    return said(done.returncode, done.stdout, done.stderr)


def test_a_disk_that_is_full_for_a_mirror(fleet: list[Path], tmp_path: Path) -> None:
    names: list[str | Path] = [fleet[0], fleet[1], f"file://{fleet[4]}"]
    whole = audit(tmp_path, "--format", "json", *names)
    shutil.rmtree(tmp_path / "cache")
    full = limited(tmp_path, 500, *names)
    assert (full.code, list(full.lost), {name for name, _ in full.places}) == (2, ["r04.git"], {"r01.git"})
    assert audit(tmp_path, "--resume", "--format", "json", *names) == whole


def test_a_disk_that_is_full_for_the_state(fleet: list[Path], tmp_path: Path) -> None:
    forks = [tmp_path / f"fork{number}.git" for number in range(6)]
    for fork in forks:
        shutil.copytree(fleet[1], fork)
    whole = audit(tmp_path, "--format", "json", *forks)
    full = limited(tmp_path, 16, *forks)
    assert (full.code, full.out) == (2, whole.out)
    assert re.search(r"could not be written down for [1-5] repositories", full.err)
    assert audit(tmp_path, "--resume", "--format", "json", *forks) == whole


# A cluster of others


class Cluster:
    """A scheduler and two workers, each started apart. What they print goes into files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start all of it."""
        port = self.address.rpartition(":")[2]
        self._run("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        for number in (1, 2):
            where = self._folder / f"work{number}"
            once = ("--nthreads", "2", "--no-dashboard", "--local-directory", str(where))
            self._run("worker", self.address, *once)

    def _run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "dask", *arguments]
        with (self._folder / f"{arguments[0]}.log").open("ab") as log:
            self._processes.append(subprocess.Popen(command, cwd=self._folder, env=environment(), stdout=log, stderr=log))

    def kill(self) -> None:
        """End all of it, at once."""
        for process in self._processes:
            for each in [*psutil.Process(process.pid).children(recursive=True), process]:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            process.wait()
        self._processes.clear()


@pytest.fixture
def cluster(tmp_path: Path, home: Path) -> Iterator[Cluster]:
    """One that is not started yet; it is ended with the test."""
    made = Cluster(tmp_path)
    with ExitStack() as stack:
        stack.callback(made.kill)
        yield made


def test_workers_of_others_say_the_same(fleet: list[Path], tmp_path: Path, cluster: Cluster) -> None:
    names: list[str | Path] = [*fleet, f"file://{fleet[1]}", "missing"]
    ours = audit(tmp_path, "--format", "json", "--split", "1M", *names)
    cluster.start()
    theirs = audit(tmp_path, "--scheduler", cluster.address, "--format", "json", "--split", "1M", *names, workers=None)
    assert theirs == ours
    cluster.kill()
    assert holding(tmp_path) == []
    logs = (tmp_path / "worker.log").read_text() + (tmp_path / "scheduler.log").read_text()
    assert "Starting Worker" in logs or "Start worker at" in logs
    assert not [value for value in VALUES if value in logs]


def test_a_scheduler_that_is_started_again(fleet: list[Path], whole: Audited, tmp_path: Path, cluster: Cluster) -> None:
    slow = Slow(tmp_path, "r03.git", 5)
    os.environ["PATH"] = slow.env["PATH"]  # put back by the fixture `home`
    cluster.start()
    with under_way(tmp_path, "--scheduler", cluster.address, *fleet, env={}) as process:
        until(slow.begun.exists)
        cluster.kill()
        cluster.start()
        assert ended(process) == whole


def test_without_a_scheduler_there_is_nothing_to_look_with(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    files = ("--tls-ca-file", "empty", "--tls-cert", "empty", "--tls-key", "empty")
    done = audit(tmp_path, "--scheduler", "tls://127.0.0.1:1", *files, ".", workers=None)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("alikey-hook: the files for TLS cannot be used")
