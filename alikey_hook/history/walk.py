"""The walk through a repository's objects: list, leave out what is known, look on all processors, place what was found."""

from __future__ import annotations

import os
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

from alikey_hook.finding import Finding
from alikey_hook.git.objects import Listing, everything, reachable
from alikey_hook.history import worker
from alikey_hook.history.cache import Cache
from alikey_hook.history.place import Place, age, places, refs_with

_JOB_BYTES, _JOB_OBJECTS = 8 << 20, 4000
_WORTH_PROCESSES = 24 << 20
UNREACHABLE = "(unreachable)"


class Wish(NamedTuple):
    """What to look at, and how. `all_objects`: also what no ref reaches. `cache`: its folder."""

    repository: str
    min_confidence: str
    inline_allow: bool
    own: dict[str, str]
    all_objects: bool
    max_blob_size: int
    cache: str | None


class Walked(NamedTuple):
    """What was found, one finding a value and path, and what was looked at.

    `skipped`: blobs over the size limit. `missing`: objects that are not here. `partial`: whether it was interrupted.
    `unread`: files in Git LFS whose content is not here.
    """

    findings: list[Finding]
    objects: int
    bytes: int
    skipped: int
    missing: int
    partial: bool
    unread: int


Progress = Callable[[int, int, int, int], None]


def walk(wish: Wish, progress: Progress) -> Walked:
    """Walk. `progress` is told (bytes done, bytes in all, objects done, findings) now and then; an interrupt ends it early."""
    objects = everything()
    cache = Cache(wish.cache, f"{wish.min_confidence} {wish.inline_allow} {sorted(wish.own)}") if wish.cache else None
    small = array("L", (at for at in range(len(objects)) if objects.sizes[at] <= wish.max_blob_size))
    new = array("L", (at for at in small if not (cache and cache.knows(objects.id(at)))))
    found = {name: cache.findings[name] for name in map(objects.id, small) if name in cache.findings} if cache else {}
    with ThreadPoolExecutor(1) as beside:
        reached = beside.submit(reachable)
        done, partial, unread = _looked(objects, new, wish, found, progress, cache)
        known = reached.result()
    if cache:
        cache.save()
    if not wish.all_objects:
        found = {name: found[name] for name in known.among(found)}
    size = sum(objects.sizes[at] for at in small)
    skipped = len(objects) - len(small)
    return Walked(_placed(found), len(small) - len(new) + done, size, skipped, known.missing, partial, unread)


def found_in(wish: Wish) -> dict[str, list[Finding]]:
    """What every object holds, by its id; of blobs without a path or a commit, of messages with both."""
    objects = everything()
    found: dict[str, list[Finding]] = {}
    _, partial, _ = _looked(objects, array("L", range(len(objects))), wish, found, lambda *_: None, None)
    if partial:
        raise KeyboardInterrupt  # half of an answer would read as "nothing has it"
    return found


def _looked(
    objects: Listing, new: array[int], wish: Wish, found: dict[str, list[Finding]], progress: Progress, cache: Cache | None
) -> tuple[int, bool, int]:
    """Look at the new objects and put what they hold into `found`; how many were looked at, was it cut, how many in LFS."""
    total = sum(objects.sizes[at] for at in new)
    done = size = unread = 0
    try:
        for ids, result in _results(_jobs(objects, new, wish), total):
            found.update(result.findings)
            if cache:
                cache.add(ids, result.findings)
            done += result.objects
            size += result.bytes
            unread += result.unread
            progress(size, total, done, len(found))
    except KeyboardInterrupt:
        return done, True, unread
    return done, False, unread


def _jobs(objects: Listing, new: array[int], wish: Wish) -> Iterator[worker.Job]:
    """The objects in pieces of some megabytes, in their order, since git reads neighbours together."""
    ids: list[str] = []
    size = 0
    for at in new:
        if ids and (size + objects.sizes[at] > _JOB_BYTES or len(ids) >= _JOB_OBJECTS):
            yield worker.Job(ids, wish.repository, wish.min_confidence, wish.inline_allow, wish.own)
            ids, size = [], 0
        ids.append(objects.id(at))
        size += objects.sizes[at]
    if ids:
        yield worker.Job(ids, wish.repository, wish.min_confidence, wish.inline_allow, wish.own)


def _results(jobs: Iterator[worker.Job], total: int) -> Iterator[tuple[list[str], worker.Done]]:
    processors = os.cpu_count() or 1
    if processors == 1 or total < _WORTH_PROCESSES:
        for job in jobs:
            yield job.ids, worker.run(job)
        return
    with ProcessPoolExecutor(processors, initializer=_ignore_interrupts) as pool:
        # Few jobs at a time, so that neither they nor their results pile up.
        under_way = deque((job.ids, pool.submit(worker.run, job)) for job in islice(jobs, 2 * processors))
        try:
            while under_way:
                ids, result = under_way.popleft()
                yield ids, result.result()
                under_way.extend((job.ids, pool.submit(worker.run, job)) for job in islice(jobs, 1))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _ignore_interrupts() -> None:
    """An interrupt from the terminal reaches every process of the group; only the parent acts on it."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _placed(found: dict[str, list[Finding]]) -> list[Finding]:
    """One finding a value and path, at the oldest commit that brings it there; messages as they are."""
    messages = [finding for same in found.values() for finding in same if finding.commit]
    blobs = [name for name, same in found.items() if not same[0].commit]
    where = places(blobs) if blobs else {}
    still = refs_with({blob: {place.path for place in where.get(blob, ())} for blob in blobs}) if blobs else {}
    spots: dict[tuple[str, str], list[tuple[Place | None, Finding]]] = {}
    for blob in blobs:
        everywhere: list[Place | None] = [*where.get(blob, ())]
        for place in everywhere or [None]:
            for finding in found[blob]:
                path = place.path if place else UNREACHABLE
                spots.setdefault((finding.fingerprint, path), []).append((place, finding))
    placed = [_at(path, same, still) for (_, path), same in spots.items()]
    return sorted(placed + messages, key=lambda finding: (finding.author_date or "", finding.path, finding.line))


def _at(path: str, spots: list[tuple[Place | None, Finding]], still: dict[tuple[str, str], list[str]]) -> Finding:
    """One finding for all the blobs that hold a value at a path."""
    refs = tuple(dict.fromkeys(ref for _, finding in spots for ref in still.get((finding.blob, path), ())))
    # A pragma allows its own line of its own version only: what it does not allow is told.
    refused = [spot for spot in spots if spot[1].status != "allowed"]
    known = [(place, finding) for place, finding in refused or spots if place]
    if not known:
        return (refused or spots)[0][1]._replace(path=path, in_tip=False)
    place, finding = min(known, key=lambda spot: age(spot[0].first))
    last = max((place for place, _ in known), key=lambda place: age(place.last)).last
    return finding._replace(
        path=path,
        commit=place.first.commit,
        author_date=place.first.day,
        last_commit=last.commit,
        last_date=last.day,
        refs=refs,
        in_tip=bool(refs),
    )
