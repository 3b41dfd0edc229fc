"""What the workers do: bring a repository here and look at its history. Nothing that they give back holds a secret."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from alikey_hook import __version__, baseline, crash
from alikey_hook.audit.alone import alone
from alikey_hook.audit.mirror import mirrored
from alikey_hook.audit.outcome import Outcome
from alikey_hook.audit.sources import Source
from alikey_hook.audit.terms import Terms
from alikey_hook.errors import UserError
from alikey_hook.finding import Finding
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.diff import commit_of
from alikey_hook.git.objects import Reachable, everything
from alikey_hook.git.tree import repository
from alikey_hook.history.place import placed
from alikey_hook.history.shares import Shares
from alikey_hook.history.walk import Wish, walk
from alikey_hook.history.worker import Done, How, working
from alikey_hook.own_keys import OwnKeys
from alikey_hook.scan import decided

_PACKS = (os.path.join(".git", "objects", "pack"), os.path.join("objects", "pack"))
T = TypeVar("T")


class Large(NamedTuple):
    """A repository to be looked at in pieces: the ids of the objects of each, and how many are over the size limit."""

    pieces: list[list[str]]
    skipped: int


class Seen(NamedTuple):
    """What the pieces of a repository held, by the objects' ids, and how much was looked at."""

    found: dict[str, list[Finding]]
    objects: int
    bytes: int
    skipped: int
    unread: int


def look(source: Source, terms: Terms) -> Outcome | Large:
    """Bring a repository up to date and look at all of it, or say in which pieces that is to be done."""

    def work(how: How) -> Outcome | Large:
        if _packed() > terms.split:
            return _divided(terms)
        walked = walk(Wish(how, False, terms.max_blob_size, None), lambda *_: None)
        findings, problem = _judged(walked.findings, terms)
        counts = walked._asdict()
        known = {key: counts[key] for key in ("objects", "bytes", "skipped", "missing", "unread")}
        return Outcome(source.name, findings, **known, problem=problem)

    return _tried(source, terms, work, fresh=True)


def look_at(source: Source, terms: Terms, ids: list[str]) -> Done | Outcome:
    """Look at one piece of a large repository; an outcome where that cannot be done."""

    def work(how: How) -> Done:
        with working(how) as look_through:
            return look_through(ids)._replace(ids=[])  # they are known where they came from

    return _tried(source, terms, work)


def place(source: Source, terms: Terms, seen: Seen) -> Outcome:
    """What the pieces held, at its places in the history."""

    def work(how: How) -> Outcome:
        with Reachable() as reached:
            findings, problem = _judged(placed(seen.found, reached, all_objects=False), terms)
            counts = (seen.objects, seen.bytes, seen.skipped, reached.missing, seen.unread)
        return Outcome(source.name, findings, *counts, problem)

    return _tried(source, terms, work)


def _tried(source: Source, terms: Terms, work: Callable[[How], T], fresh: bool = False) -> T | Outcome:
    """What the work gives, in the repository's folder; an outcome that says why where there is nothing to give.

    No error leaves a worker: its words might quote what was read, and Dask would log them.
    """
    crash.quiet()
    try:
        if terms.version != __version__:
            raise UserError(f"the worker has alikey-hook {__version__}, not {terms.version}.")
        with alone(terms.timeout):
            os.chdir(_here(source, terms, fresh))
            own = OwnKeys(os.environ).sources if terms.own_keys else {}
            return work(How(os.getcwd(), terms.min_confidence, terms.inline_allow, own, alone=True))
    except Exception as error:
        return Outcome(source.name, problem=why(error))


def why(error: BaseException) -> str:
    """An error in words, which quote nothing that was read."""
    if isinstance(error, UserError):
        return " ".join(error.message.split())
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return crash.summary(error)


def _here(source: Source, terms: Terms, fresh: bool) -> str:
    """The folder of a repository. A path is one itself: git would take the next one above it that is."""
    if source.url:
        return mirrored(source.url, terms.cache, terms.protocols, fresh)
    path = source.name
    bare = all(os.path.exists(os.path.join(path, name)) for name in ("HEAD", "objects", "refs"))
    if not bare and not os.path.lexists(os.path.join(path, ".git")):
        raise UserError("there is no repository.")
    return path


def _packed() -> int:
    """The size of this repository's packs. What is large is packed: git does that by itself."""
    folder = next((folder for folder in _PACKS if os.path.isdir(folder)), None)
    return sum(entry.stat().st_size for entry in os.scandir(folder)) if folder else 0


def _divided(terms: Terms) -> Large:
    objects = everything()
    wanted = array("L", (at for at in range(len(objects)) if objects.sizes[at] <= terms.max_blob_size))
    shares = Shares(objects, wanted, 1)
    return Large(list(iter(lambda: shares.piece(0), [])), len(objects) - len(wanted))


def _judged(findings: list[Finding], terms: Terms) -> tuple[list[Finding], str | None]:
    """What the baseline in HEAD says of the findings; where that cannot be read, why not, and nothing is allowed."""
    if not findings or not terms.own_baseline:
        return findings, None
    blobs = Blobs()
    try:
        tip = commit_of("HEAD")
        allowlist = baseline.from_commit(tip, [], repository(), blobs.read) if tip else baseline.empty()
        return [decided(finding, allowlist, existing=False) for finding in findings], None
    except UserError as error:
        return findings, why(error)
    finally:
        blobs.close()
