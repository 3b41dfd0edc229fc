"""What one process does: read objects and give back what they hold. Nothing that it gives back holds a secret."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from alikey_hook.changes import Change
from alikey_hook.finding import Finding
from alikey_hook.git.objects import Reader
from alikey_hook.scan import Options, look
from alikey_hook.sources.commits import MESSAGE, TAG_MESSAGE, day_of
from alikey_hook.sources.lfs import Resolved

_BLOB = Change("", (), "")


class How(NamedTuple):
    """How to look, see `scan.Options`, and where. `alone`: in this process only, whatever there is to do.

    In a history a value in string pieces that has nothing beside it is no question, but for one that is asked about.
    """

    repository: str
    min_confidence: str
    inline_allow: bool
    own: dict[str, str]
    alone: bool = False
    in_pieces: bool = False


class Done(NamedTuple):
    """What was looked at: its ids, what was found by id, how much was read, and which blobs point into Git LFS to nothing."""

    ids: list[str]
    found: dict[str, list[Finding]]
    bytes: int
    unread: list[str]


class Worker:
    """Looks at objects, all of them read by one process of git."""

    def __init__(self, how: How) -> None:
        self._options = Options(how.min_confidence, how.inline_allow, how.own, how.in_pieces)
        self._lfs = Resolved(lambda name: b"")
        self._reader = Reader(many=True)

    def look(self, ids: list[str]) -> Done:
        """Look at some objects. Raises GitError where one cannot be read."""
        done = Done(ids, {}, 0, [])
        size = 0
        for name, kind, content in self._reader.read(ids):
            size += len(content)
            if kind == "blob":
                unread = self._lfs.unread
                findings = look(_BLOB, self._lfs.resolve(content), self._options)
                findings = [finding._replace(blob=name) for finding in findings]
                done.unread.extend([name] * (self._lfs.unread - unread))
            else:
                header, _, message = content.partition(b"\n\n")
                findings = look(Change(MESSAGE if kind == "commit" else TAG_MESSAGE, (), name, name), message, self._options)
                findings = [finding._replace(author_date=day_of(header)) for finding in findings]
            if findings:
                done.found[name] = findings
        return done._replace(bytes=size)

    def close(self) -> None:
        """End git's process."""
        self._reader.close()


@contextmanager
def working(how: How) -> Iterator[Callable[[list[str]], Done]]:
    """How to look at objects in this process."""
    worker = Worker(how)
    try:
        yield worker.look
    finally:
        worker.close()


@contextmanager
def working_there(how: How) -> Iterator[Callable[[list[str]], Done]]:
    """The same for a process that was started anywhere."""
    os.chdir(how.repository)
    with working(how) as look:
        yield look
