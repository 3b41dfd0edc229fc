"""The tasks of an audit on a Dask cluster: what is handed out, what comes back, and what is lost on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any

from distributed import Client, Future, KilledWorker, as_completed

from alikey_hook.audit.look import Large, Seen, look, look_at, place, why
from alikey_hook.audit.outcome import Outcome
from alikey_hook.audit.sources import Source
from alikey_hook.audit.terms import Terms
from alikey_hook.errors import UserError
from alikey_hook.history.worker import Done

_AHEAD = 1000  # tasks that the scheduler knows at a time: enough for some hundred workers, and little for it to hold
_TRIES = 3
Connect = Callable[[], AbstractContextManager[Client]]


class _SchedulerLost(Exception):
    """The connection to the scheduler broke: it knows nothing of our tasks any more."""


def outcomes(connect: Connect, sources: list[Source], terms: Terms) -> Iterator[Outcome]:
    """What came of each repository, as soon as it is known. Raises UserError where there is no cluster to begin with.

    Where the scheduler is lost, what is not done is begun again on a new connection.
    """
    left = {source.name: source for source in sources}
    refused = None
    for attempt in range(_TRIES):
        try:
            with connect() as client:
                for outcome in _Round(client, terms).outcomes(list(left.values())):
                    del left[outcome.repository]
                    yield outcome
            return
        except _SchedulerLost:
            refused = "the connection to the scheduler was lost"
        except UserError as error:
            if not attempt:
                raise
            refused = why(error)
    for name in left:
        yield Outcome(name, problem=refused)


class _Pieces:
    """A large repository whose pieces are looked at. `left`: how many are not done."""

    def __init__(self, large: Large) -> None:
        self.seen = Seen({}, 0, 0, large.skipped, 0)
        self.left = len(large.pieces)
        self.problem: str | None = None

    def add(self, done: Done | Outcome, objects: int) -> None:
        """Take in what a piece of so many objects held, or why it was not looked at."""
        self.left -= 1
        if isinstance(done, Outcome):
            self.problem = f"in a piece of it: {done.problem}"
            return
        self.seen.found.update(done.found)
        counts = (self.seen.objects + objects, self.seen.bytes + done.bytes)
        self.seen = self.seen._replace(objects=counts[0], bytes=counts[1], unread=self.seen.unread + len(done.unread))


class _Round:
    """The tasks of one connection."""

    def __init__(self, client: Client, terms: Terms) -> None:
        self._client = client
        self._terms = terms
        self._done = as_completed(loop=client.loop, with_results=True, raise_errors=False)
        self._then: dict[str, tuple[Source, Callable[[Any], Outcome | None]]] = {}
        self._number = 0

    def outcomes(self, sources: list[Source]) -> Iterator[Outcome]:
        waiting = iter(sources)
        for source in islice(waiting, _AHEAD):
            self._begin(source)
        for future, result in self._done:
            if future.status in ("cancelled", "lost"):
                raise _SchedulerLost
            source, then = self._then.pop(future.key)
            if future.status == "error":
                result = Outcome(source.name, problem=_failed(future.exception()))
            future.release()
            outcome = then(result)
            if outcome:
                yield outcome
                for another in islice(waiting, 1):
                    self._begin(another)

    def _submit(
        self, source: Source, then: Callable[[Any], Outcome | None], function: Callable[..., Any], *arguments: Any, first: int
    ) -> None:
        """Hand out a task; `then` is called with what it gives. The higher `first`, the sooner."""
        # The name of a task is shown in dashboards and logs: nothing of the repository is in it.
        self._number += 1
        digest = hashlib.sha256(source.name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        key = f"{function.__name__}-{digest}-{self._number}"
        self._then[key] = (source, then)
        future: Future[Any] = self._client.submit(
            function, source, self._terms, *arguments, key=key, pure=False, priority=first
        )
        self._done.add(future)

    def _begin(self, source: Source) -> None:
        self._submit(source, lambda result: self._looked(source, result), look, first=0)

    def _looked(self, source: Source, result: Outcome | Large) -> Outcome | None:
        if isinstance(result, Outcome):
            return result
        pieces = _Pieces(result)
        for ids in result.pieces:
            # Before other repositories are begun: a large one is to be over early.
            self._submit(source, self._piece_looked(source, pieces, len(ids)), look_at, ids, first=1)
        if not result.pieces:
            self._place(source, pieces)
        return None

    def _piece_looked(self, source: Source, pieces: _Pieces, objects: int) -> Callable[[Done | Outcome], None]:
        def then(result: Done | Outcome) -> None:
            pieces.add(result, objects)
            if not pieces.left:
                self._place(source, pieces)

        return then

    def _place(self, source: Source, pieces: _Pieces) -> None:
        def then(outcome: Outcome) -> Outcome:
            return outcome._replace(problem=pieces.problem) if pieces.problem else outcome

        self._submit(source, then, place, pieces.seen, first=2)


def _failed(error: BaseException | None) -> str:
    """Why a task gave nothing, in words."""
    if isinstance(error, KilledWorker):
        return "the processes that looked at it were killed, one after the other: is there memory for it?"
    return why(error) if error else "its task failed"
