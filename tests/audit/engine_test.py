"""The tasks of an audit on clusters of threads in this process: more than are known at a time, and clusters that are lost."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from alikey_hook.audit import cluster, engine
from alikey_hook.audit.engine import outcomes
from alikey_hook.audit.look import Large
from alikey_hook.audit.outcome import Outcome
from alikey_hook.audit.sources import PROTOCOLS, Source
from alikey_hook.audit.terms import Terms
from alikey_hook.errors import UserError
from alikey_hook.history import shares
from tests.audit.fleets import repository

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("home")]


def terms(tmp_path: Path, **more: Any) -> Terms:
    known = Terms(str(tmp_path / "cache"), PROTOCOLS, "medium", True, False, True, 1 << 20, 1 << 30, 60.0)
    return known._replace(**more)


# Its HTTP server is there without the dashboard too.
_QUIET = {"dashboard_address": None, "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"}, "silence_logs": 50}


@pytest.fixture(autouse=True)
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a task makes quiet in a worker's process is ours here: it is put back."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


@contextmanager
def threads(**options: Any) -> Iterator[Any]:
    """A cluster of one thread."""
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, **_QUIET, **options) as made:
        yield made


@contextmanager
def connected() -> Iterator[Any]:
    with threads() as made, distributed.Client(made, set_as_default=False) as client:
        yield client


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Source]:
    """Three repositories, of which the second leaks."""
    monkeypatch.chdir(tmp_path)
    names = [f"r{number}.git" for number in range(3)]
    for number, name in enumerate(names):
        repository(tmp_path / name, 60, 5 if number == 1 else None)
        subprocess.run(["git", "repack", "-adq"], cwd=tmp_path / name, check=True)  # what is not packed is not divided
    return [Source(str(tmp_path / name), None) for name in names]


def brief(found: list[Outcome]) -> dict[str, tuple[int, str | None]]:
    return {os.path.basename(one.repository): (len(one.findings), one.problem) for one in found}


WHOLE = {"r0.git": (0, None), "r1.git": (2, None), "r2.git": (0, None)}


@pytest.mark.parametrize("ahead", [1, 2, 1000])
def test_no_more_tasks_are_handed_out_than_the_scheduler_is_to_know(
    fleet: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setattr(engine, "_AHEAD", ahead)
    assert brief(list(outcomes(connected, fleet, terms(tmp_path)))) == WHOLE


def test_in_pieces_it_is_the_same(fleet: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_PIECE_BYTES", 20_000)
    whole = list(outcomes(connected, fleet, terms(tmp_path)))
    handed_out = []
    begun = engine._Round._piece_looked

    def counted(self: Any, source: Source, *more: Any) -> Any:
        handed_out.append(source)
        return begun(self, source, *more)

    monkeypatch.setattr(engine._Round, "_piece_looked", counted)
    pieces = list(outcomes(connected, fleet, terms(tmp_path, split=1)))
    assert set(handed_out) == set(fleet) and len(handed_out) > 2 * len(fleet)
    assert sorted(pieces) == sorted(whole)


def test_all_objects_may_be_too_large(fleet: list[Source], tmp_path: Path) -> None:
    (one,) = outcomes(connected, fleet[1:2], terms(tmp_path, split=1, max_blob_size=1))
    assert (one.findings, one.objects, one.problem) == ([], 0, None)
    assert one.skipped > 0


def test_a_worker_of_another_version_looks_at_nothing(fleet: list[Source], tmp_path: Path) -> None:
    (one,) = outcomes(connected, fleet[:1], terms(tmp_path, version="0.0.1"))
    assert "not 0.0.1" in (one.problem or "")


class Lost:
    """A client whose cluster forgets a task as soon as it has it."""

    def __init__(self, client: Any) -> None:
        self._client, self.loop = client, client.loop

    def submit(self, *arguments: Any, **options: Any) -> Any:
        """The task, which nobody does."""
        future = self._client.submit(*arguments, **options)
        self._client.cancel(future)
        return future


def test_a_cluster_that_is_lost_and_does_not_come_back(fleet: list[Source], tmp_path: Path) -> None:
    tries: list[int] = []

    @contextmanager
    def lost() -> Iterator[Any]:
        tries.append(1)
        if len(tries) > 1:
            raise UserError("the scheduler does not answer.")
        with connected() as client:
            yield Lost(client)

    told = dict.fromkeys(WHOLE, (0, "the scheduler does not answer."))
    assert (brief(list(outcomes(lost, fleet, terms(tmp_path)))), len(tries)) == (told, 3)


def test_a_cluster_that_is_lost_and_comes_back(fleet: list[Source], tmp_path: Path) -> None:
    tries: list[int] = []

    @contextmanager
    def lost() -> Iterator[Any]:
        tries.append(1)
        with connected() as client:
            yield client if len(tries) > 1 else Lost(client)

    assert (brief(list(outcomes(lost, fleet, terms(tmp_path)))), len(tries)) == (WHOLE, 2)


def test_a_cluster_that_is_lost_again_and_again(fleet: list[Source], tmp_path: Path) -> None:
    @contextmanager
    def lost() -> Iterator[Any]:
        with connected() as client:
            yield Lost(client)

    told = dict.fromkeys(WHOLE, (0, "the connection to the scheduler was lost"))
    assert brief(list(outcomes(lost, fleet, terms(tmp_path)))) == told


def test_without_a_cluster_to_begin_with_it_is_an_error(fleet: list[Source], tmp_path: Path) -> None:
    @contextmanager
    def none() -> Iterator[Any]:
        raise UserError("there is none.")
        yield

    with pytest.raises(UserError, match="there is none"):
        list(outcomes(none, fleet, terms(tmp_path)))


def test_a_piece_that_was_not_looked_at_is_told() -> None:
    pieces = engine._Pieces(Large([[], []], 0))
    pieces.add(Outcome("a.git", problem="it took too long."), 5)
    assert (pieces.left, pieces.problem, pieces.seen.objects) == (1, "in a piece of it: it took too long.", 0)


def test_a_task_that_fails_without_a_word_is_told() -> None:
    assert engine._failed(None) == "its task failed"


def test_a_cluster_that_cannot_be_started_is_tried_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def refused(**_: Any) -> None:
        tries.append(1)
        raise OSError("too many open files")

    monkeypatch.setattr(cluster, "LocalCluster", refused)
    with pytest.raises(UserError, match=r"no processes could be started \(OSError\)"), cluster.local(1, 0, None):
        pass
    assert len(tries) == 3


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 1)


@pytest.mark.usefixtures("hurried")
def test_a_scheduler_that_does_not_answer() -> None:
    with pytest.raises(UserError, match=r"tcp://127\.0\.0\.1:1 does not answer"), cluster.remote("tcp://127.0.0.1:1", None):
        pass


@pytest.mark.usefixtures("hurried")
def test_a_scheduler_without_workers() -> None:
    with (
        distributed.LocalCluster(n_workers=0, processes=False, protocol="tcp", host="127.0.0.1", **_QUIET) as made,
        pytest.raises(UserError, match="has no workers"),
        cluster.remote(made.scheduler_address, None),
    ):
        pass


def test_a_scheduler_that_speaks_tls(fleet: list[Source], tmp_path: Path) -> None:
    made = distributed.Security.temporary()
    files = [tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem")]
    for file, content in zip(files, (made.tls_ca_file, made.tls_client_cert, made.tls_client_key), strict=True):
        file.touch(0o600)
        file.write_text(content)
    tls = cluster.Tls(*map(str, files))
    with threads(security=made, protocol="tls", host="127.0.0.1") as theirs:
        assert theirs.scheduler_address.startswith("tls://")
        found = outcomes(lambda: cluster.remote(theirs.scheduler_address, tls), fleet, terms(tmp_path))
        assert brief(list(found)) == WHOLE
