"""Dask clusters: one of this machine's processes, or one that is there already."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import dask
import psutil
from distributed import Client, LocalCluster, Security
from distributed.utils import silence_logging_cmgr

from alikey_hook.crew import elsewhere
from alikey_hook.errors import UserError

_PATIENCE = 30  # seconds
_STARTS = 3
_SILENT = logging.CRITICAL  # what goes wrong is in the report
_SETTINGS = {
    # What is in memory is never written to disk.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    # A repository that needs more memory than there is ends every process that tries it.
    "distributed.scheduler.allowed-failures": 5,
    "distributed.scheduler.no-workers-timeout": "10 minutes",
    "distributed.deploy.lost-worker-timeout": "10 seconds",
}


class Tls(NamedTuple):
    """Files in PEM's form: the authority's certificate, ours, our key."""

    ca_file: str
    cert: str
    key: str


@contextmanager
def local(workers: int, memory_limit: int | str, dashboard: str | None) -> Iterator[Client]:
    """Processes of this machine, for as long as it takes. They speak TLS: others may be logged in here.

    Raises UserError where they cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="alikey-hook-") as folder, elsewhere(folder), dask.config.set(_SETTINGS):
        cluster = _started(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            memory_limit=memory_limit,
            dashboard_address=dashboard,
            # Its HTTP server is there without the dashboard too, and at a port that another audit has.
            scheduler_kwargs={} if dashboard else {"dashboard_address": "127.0.0.1:0"},
            security=Security.temporary(),
            local_directory=folder,
            silence_logs=_SILENT,
        )
        with cluster, Client(cluster, set_as_default=False) as client, _tended(cluster, workers):
            try:
                yield client
            except BaseException:
                _end_children()  # else the end waits for what they do
                raise


def _started(starts: int = _STARTS, **options: Any) -> LocalCluster:
    """A cluster. One of its processes may be killed even while it starts: then it is started again."""
    try:
        return LocalCluster(**options)
    except (RuntimeError, OSError) as error:
        if starts > 1:
            return _started(starts - 1, **options)
        words = f"no processes could be started ({type(error).__name__})."
        raise UserError(words, "Is there disk and memory?") from None


@contextmanager
def _tended(cluster: LocalCluster, workers: int) -> Iterator[None]:
    """Dask starts a process again that was killed, but not one that was killed while it started."""
    over = threading.Event()

    def tend() -> None:
        while not over.wait(_PATIENCE / 10):
            cluster.scale(workers)

    thread = threading.Thread(target=tend, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _end_children() -> None:
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()


@contextmanager
def remote(address: str, tls: Tls | None) -> Iterator[Client]:
    """A cluster that is there. Raises UserError where it is not, or has no workers."""
    with silence_logging_cmgr(_SILENT):
        try:
            client = Client(address, security=_security(tls), timeout=_PATIENCE, set_as_default=False)
        except OSError as error:
            raise UserError(f"the scheduler {address} does not answer ({type(error).__name__}).", "Is it there?") from None
        with client:
            try:
                client.wait_for_workers(1, timeout=_PATIENCE)
            except TimeoutError:
                raise UserError(f"the scheduler {address} has no workers.", "Start some: dask worker ADDRESS") from None
            yield client


def _security(tls: Tls | None) -> Security | None:
    """Who we are for the cluster. Raises UserError where the files do not say so."""
    if tls is None:
        return None
    security = Security(tls_ca_file=tls.ca_file, tls_client_cert=tls.cert, tls_client_key=tls.key, require_encryption=True)
    try:
        security.get_connection_args("client")
    except OSError as error:
        raise UserError(f"the files for TLS cannot be used: {error.strerror}.", "Name three in PEM's form.") from None
    return security


def processors() -> int:
    """How many processes this machine has processors for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
