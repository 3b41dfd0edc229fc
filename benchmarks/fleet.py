"""What an audit of many repositories costs, and whether it survives: `python -m benchmarks.fleet`, on a generated fleet.

The sizes of the repositories are log-normal, one has 50 times the median, one in a hundred leaks. Measured are `scan --history`
in a loop and audits on one core and on two; then workers are killed at random moments, and a cluster of others is asked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from benchmarks import ROOT
from tests.keys import pair

REPOSITORIES, MEDIAN, SIGMA, LARGE, LEAKING = 300, 2_000_000, 1.0, 50, 0.01
_FILE, _FILES_OF_COMMIT = 8_000, 5
_START = 4  # seconds: killed faster than they can start, workers never do anything
_US = (sys.executable, "-m", "alikey_hook")
_WORDS = (
    "the client returns a list of buckets and objects for region endpoint timeout retry if error import public def var".split()
)


class Fleet(NamedTuple):
    """The repositories, with what is planted in which."""

    folder: Path
    names: list[str]
    planted: dict[str, tuple[str, str]]


class Run(NamedTuple):
    """One way to look at all of it: how long it took, how much was read, the report (of a loop: none).

    `cpu`: the seconds of all its processes, which tell the cost where the machine has others to serve too.
    """

    seconds: float
    cpu: float
    megabytes: float
    objects: int
    report: str


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where something was not found, not the same, or left behind."""
    parser = argparse.ArgumentParser("python -m benchmarks.fleet", description="What an audit of many repositories costs.")
    parser.add_argument("--repositories", type=int, default=REPOSITORIES, metavar="N", help=f"default: {REPOSITORIES}")
    parser.add_argument("--median", type=int, default=MEDIAN, metavar="BYTES", help=f"default: {MEDIAN}")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each kind; the fastest counts (default: 3)")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="of workers (default: 20)")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        fleet = _fleet(Path(folder) / "fleet", options.repositories, options.median)
        work = Path(folder) / "work"
        work.mkdir()
        right = _costs(fleet, work, options.runs) & _faults(fleet, work, options.kills)
        left = _left(work, fleet)
    print(f"\nfiles below the working folders with a planted value: {left}")
    return 0 if right and not left else 1


def _fleet(folder: Path, count: int, median: int) -> Fleet:
    drawn = random.Random(7)
    text = "\n".join(" ".join(drawn.choices(_WORDS, k=9)) for _ in range(50_000)).encode()
    sizes = [int(drawn.lognormvariate(0, SIGMA) * median) for _ in range(count - 1)]
    sizes.insert(count // 3, LARGE * median)
    names = [f"repository-{number:04}.git" for number in range(count)]
    leaking = drawn.sample(names, max(3, round(count * LEAKING)))
    planted = {name: pair(1000 + number) for number, name in enumerate(leaking)}
    for name, size in zip(names, sizes, strict=True):
        _repository(folder / name, size, text, drawn, planted.get(name))
    return Fleet(folder, names, planted)


def _repository(top: Path, size: int, text: bytes, drawn: random.Random, leak: tuple[str, str] | None) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", "--template=", top], check=True)
    files = max(1, size // _FILE)
    command = ["git", "-c", "core.compression=1", "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--force"]
    with subprocess.Popen(command, cwd=top, stdin=subprocess.PIPE) as process:
        assert process.stdin  # noqa: S101 - for the type checker
        for number in range(files):
            if number % _FILES_OF_COMMIT == 0:
                time_ = 1_500_000_000 + 3600 * number
                process.stdin.write(b"commit refs/heads/main\ncommitter A <a@example.com> %d +0000\ndata 1\n.\n" % time_)
            at = drawn.randrange(len(text) - _FILE)
            content = text[at : at + _FILE]
            if leak and number == files // 2:
                content += b'\naccess_key_id = "%s"\naccess_key_secret = "%s"\n' % tuple(part.encode() for part in leak)
            path = b"src/%d/%d.txt" % (number // 50, number)
            process.stdin.write(b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(content), content))
    if process.returncode:
        raise SystemExit("git fast-import failed")


def _costs(fleet: Fleet, work: Path, runs: int) -> bool:
    """Print what it costs; whether every planted value was found every time."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    ways: dict[str, Callable[[], Run]] = {
        "`scan --history` in a loop, 1 core": lambda: _loop(fleet, cores[:1]),
        "`audit --workers 1`, 1 core": lambda: _audit(fleet, work, 1, cores[:1]),
        "`audit --workers 1`, 2 cores": lambda: _audit(fleet, work, 1, cores),
        "`audit --workers 2`, 2 cores": lambda: _audit(fleet, work, 2, cores),
    }
    # In turns, so that what else the machine does befalls all of them.
    every = [{name: way() for name, way in ways.items()} for _ in range(runs)]
    best = {name: min((run[name] for run in every), key=lambda one: one.seconds) for name in ways}
    print(f"| {len(fleet.names)} repositories | s | CPU s | repositories/s | objects/s | MB/s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, run in best.items():
        speeds = (len(fleet.names) / run.seconds, run.objects / run.seconds, run.megabytes / run.seconds)
        print(f"| {name} | {run.seconds:.1f} | {run.cpu:.1f} | " + " | ".join(f"{speed:,.0f}" for speed in speeds) + " |")
    loop, alone, one, two = (best[name].seconds for name in ways)
    print(f"\noverhead over the loop, on one core: {alone / loop - 1:+.0%} (bar: 10 %)")
    print(
        f"two workers have {one / two:.2f} times the throughput of one on the same two cores,"
        f" {alone / two:.2f} times that of one on one core"
    )
    found = [_found(fleet, run.report) for each in every for name, run in each.items() if run.report]
    print(f"planted leaks found: {min(found)} of {len(fleet.planted)}")
    return min(found) == len(fleet.planted)


def _loop(fleet: Fleet, cores: list[int]) -> Run:
    start, cpu, size, objects = time.perf_counter(), _cpu(), 0, 0
    for name in fleet.names:
        command = [*_US, "scan", "--history", "--no-own-keys", "--format", "json"]
        summary = json.loads(_ran(command, fleet.folder / name, cores))["summary"]
        size, objects = size + summary["bytes"], objects + summary["files"]
    return Run(time.perf_counter() - start, _cpu() - cpu, size / 1e6, objects, "")


def _cpu() -> float:
    """The processor's seconds of all processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _audit(fleet: Fleet, work: Path, workers: int, cores: list[int], *more: str) -> Run:
    start, cpu = time.perf_counter(), _cpu()
    report = _ran(_command(fleet, work, *(more or ("--workers", str(workers)))), work, cores)
    seconds, cpu = time.perf_counter() - start, _cpu() - cpu
    summary = json.loads(report)["summary"]
    return Run(seconds, cpu, summary["bytes"] / 1e6, summary["files"], report)


def _command(fleet: Fleet, work: Path, *more: str) -> list[str]:
    (work / "list").write_text("".join(f"{fleet.folder / name}\n" for name in fleet.names))
    cache = ["--cache", str(work / "cache"), "--split", "8M"]
    return [*_US, "audit", "--no-own-keys", "--format", "json", *cache, *more, str(work / "list")]


def _ran(command: list[str], folder: Path, cores: list[int]) -> str:
    """What one of us prints, on these processors."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as errors:
        done = subprocess.run(
            command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=errors, text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )  # fmt: skip
        if done.returncode not in (0, 1):
            errors.seek(0)
            raise SystemExit(errors.read().decode("utf-8", "replace"))
    return done.stdout


def _found(fleet: Fleet, report: str) -> int:
    rows: list[dict[str, Any]] = json.loads(report)["findings"]
    where = [Path(place["repository"]).name for row in rows for place in row["places"]]
    return sum(where.count(name) == 2 for name in fleet.planted)


def _faults(fleet: Fleet, work: Path, kills: int) -> bool:
    """Kill workers at random moments, and ask a cluster of others: whether the report is the same."""
    cores = sorted(os.sched_getaffinity(0))
    quiet = _audit(fleet, work, 2, cores)
    killed, same, drawn = 0, True, random.Random(20)
    while killed < kills:
        with _killing(drawn, quiet.seconds, kills - killed) as done:
            report = _audit(fleet, work, 2, cores).report
        killed += len(done)
        same = same and report == quiet.report
        if not done:
            raise SystemExit("no worker could be killed")
    print(f"\nworkers killed: {killed}; the report is {'identical' if same else 'NOT the same'}")
    with _cluster(work) as address:
        theirs = _audit(fleet, work, 2, cores, "--scheduler", address).report
    equal = theirs == quiet.report
    print(f"a scheduler and two workers started apart: the report is {'identical' if equal else 'NOT the same'}")
    return same and equal


@contextmanager
def _killing(drawn: random.Random, seconds: float, most: int) -> Iterator[list[float]]:
    """Kill a worker of ours now and then, at most as often as said; when, is given back."""
    over, killed, start = threading.Event(), list[float](), time.monotonic()

    def kill() -> None:
        while len(killed) < most and not over.wait(drawn.uniform(0, max(_START, seconds / 4))):
            workers = [each for each in psutil.Process().children(recursive=True) if _is_worker(each)]
            if workers:
                drawn.choice(workers).kill()
                killed.append(time.monotonic() - start)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def _is_worker(process: psutil.Process) -> bool:
    try:
        return any("multiprocessing.spawn" in argument for argument in process.cmdline())
    except psutil.Error:
        return False


@contextmanager
def _cluster(work: Path) -> Iterator[str]:
    """A scheduler and two workers of one thread, by Dask's own commands; what they say goes below `work`."""
    port = 20_000 + os.getpid() % 20_000
    address = f"tcp://127.0.0.1:{port}"
    dask, env = [sys.executable, "-m", "dask"], {**os.environ, "PYTHONPATH": str(ROOT)}
    worker = [*dask, "worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory"]
    commands = [
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
        *([*worker, str(work / name)] for name in ("worker-1", "worker-2")),
    ]
    with (work / "cluster.log").open("ab") as log:
        processes = [subprocess.Popen(command, cwd=work, env=env, stdout=log, stderr=log) for command in commands]
    try:
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def _left(work: Path, fleet: Fleet) -> int:
    """How many files below the working folders hold a planted value."""
    values = [part.encode() for both in fleet.planted.values() for part in both]
    contents = (path.read_bytes() for path in work.rglob("*") if path.is_file())
    return sum(any(value in content for value in values) for content in contents)


if __name__ == "__main__":
    sys.exit(main())
