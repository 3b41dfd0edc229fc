"""The walk through a repository's objects: list, leave out what is known, look, place what was found."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable
from typing import NamedTuple

from alikey_hook.errors import TimeUp
from alikey_hook.finding import Finding
from alikey_hook.git.objects import Listing, Reachable, everything, names
from alikey_hook.git.process import GitError, answered, run
from alikey_hook.history.cache import Cache
from alikey_hook.history.place import UNPLACED, placed
from alikey_hook.history.shares import looked
from alikey_hook.history.worker import How
from alikey_hook.limit import a_last_time, rest

_PIECE = 1 << 20  # bytes


class Wish(NamedTuple):
    """What to look at, and how. `all_objects`: also what no ref reaches. `cache`: it is asked and told, and saved by nobody."""

    how: How
    all_objects: bool
    max_blob_size: int
    cache: Cache | None


class Walked(NamedTuple):
    """What was found, one finding a value and path, and what was looked at.

    `skipped`: blobs over the size limit. `missing`: objects that are not here. `partial`: whether it was interrupted.
    `unread`: files in Git LFS whose content is not here. `left`: objects that an interrupt left; `over`: in words, why it came,
    where that was no Ctrl-C.
    """

    findings: list[Finding]
    objects: int
    bytes: int
    skipped: int
    missing: int
    partial: bool
    unread: int
    left: int = 0
    over: str = ""


Progress = Callable[[int, int, int, int], None]


def walk(wish: Wish, progress: Progress) -> Walked:
    """Walk. `progress` is told (bytes done, bytes in all, objects done, findings) now and then; an interrupt ends it early."""
    state = _state(wish) if wish.cache else ""
    known = wish.cache.walk(state) if wish.cache else None
    if known:
        return Walked(**known)
    with Reachable() as reached:
        walked = _walked(wish, progress, reached)
    if wish.cache and state and not (walked.partial or walked.unread):
        wish.cache.remember(state, walked._asdict())
    return walked


def found_in(how: How) -> dict[str, list[Finding]]:
    """What every object holds, by its id; of blobs without a path or a commit, of messages with both.

    Raises GitError where objects are missing: one of them may hold what is asked for.
    """
    found: dict[str, list[Finding]] = {}
    with Reachable() as reached:
        objects = everything()
        seen = _look(objects, array("L", range(len(objects))), how, found, lambda *_: None, None)
        if seen.partial:
            raise KeyboardInterrupt  # half of an answer would read as "nothing has it"
        missing = reached.missing
    if missing:
        words = f"{missing} objects are not here (a partial clone, or a damaged one) and may hold it."
        raise GitError(words, "Ask in a full clone, or run `git fsck`.")
    return found


def _walked(wish: Wish, progress: Progress, reached: Reachable) -> Walked:
    cache, objects = wish.cache, everything()
    small = array("L", (at for at in range(len(objects)) if objects.sizes[at] <= wish.max_blob_size))
    new = array("L", (at for at in small if not (cache and cache.knows(objects.id(at)))))
    found = {name: cache.findings[name] for name in map(objects.id, small) if name in cache.findings} if cache else {}
    known = sum(objects.sizes[at] for at in small) - sum(objects.sizes[at] for at in new)
    seen = _look(objects, new, wish.how, found, progress, cache)
    counts = (len(small) - len(new) + seen.objects, known + seen.bytes, len(objects) - len(small))
    left = len(new) - seen.objects
    try:
        if seen.over:
            a_last_time()
        findings, missing = placed(found, reached, wish.all_objects), reached.missing
        if seen.over:
            rest()
        return Walked(findings, *counts, missing, seen.partial, seen.unread, left, seen.over)
    except TimeUp as over:  # git took long: what was found is told without its places
        rest()
        unplaced = [one._replace(path=one.path or UNPLACED) for same in found.values() for one in same]
        return Walked(unplaced, *counts, 0, True, seen.unread, left, over.message)


class _Seen(NamedTuple):
    objects: int
    bytes: int
    unread: int
    partial: bool
    over: str = ""


def _look(
    objects: Listing, new: array[int], how: How, found: dict[str, list[Finding]], progress: Progress, cache: Cache | None
) -> _Seen:
    """Look at the new objects and put what they hold into `found`, and into the cache."""
    total = sum(objects.sizes[at] for at in new)
    count = size = unread = 0
    try:
        for done in looked(objects, new, how):
            found.update(done.found)
            if cache:
                cache.add(done)
            count += len(done.ids)
            size += done.bytes
            unread += len(done.unread)
            progress(size, total, count, len(found))
    except KeyboardInterrupt as interrupt:
        return _Seen(count, size, unread, partial=True, over=interrupt.message if isinstance(interrupt, TimeUp) else "")
    return _Seen(count, size, unread, partial=False)


def _state(wish: Wish) -> str:
    """All that the history's findings depend on besides the cache's settings, as a digest; "" where that is not known."""
    if wish.all_objects:
        return ""  # reflogs count too
    with names() as listed:  # git lists them while the rest is asked
        known = (
            run("for-each-ref", "--format=%(objectname) %(refname)"),
            run("rev-list", "--no-walk", "--all"),  # HEAD of every worktree
            answered("rev-parse", "--symbolic-full-name", "HEAD") or b"",
            str(wish.max_blob_size).encode(),
        )
        digest = hashlib.sha256(b"\0".join(known) + b"\0")
        while piece := listed.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
