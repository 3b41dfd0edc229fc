"""Where in the history a blob stood: its paths, the commits that brought and last touched it, the refs that still have it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from alikey_hook.finding import Finding
from alikey_hook.git.entries import Entries
from alikey_hook.git.log import Introduction, introductions
from alikey_hook.git.objects import Reachable, reached_paths, resolved
from alikey_hook.git.process import GitError, answered, run

UNREACHABLE = "(unreachable)"
UNPLACED = "(not placed)"  # the time was over
TAGGED = "(tagged)"  # a blob that a tag names, and that no commit has
_HEAD = "HEAD"


class Place(NamedTuple):
    """A blob at a path: the oldest commit that brings it, by its author's time, and the newest that brings or removes it.

    Both are None where no commit is known to bring it.
    """

    path: str
    first: Introduction | None
    last: Introduction | None


def placed(found: dict[str, list[Finding]], reached: Reachable, all_objects: bool) -> list[Finding]:
    """One finding a value and path, at the oldest commit that brings it there; messages as they are.

    `found`: what objects hold, by their ids. Without `all_objects` only what a ref reaches.
    """
    known = reached.among(found)
    # Whichever process found it, and wherever git keeps it: the same report.
    held = {name: found[name] for name in sorted(found) if all_objects or name in known}
    messages = [finding for same in held.values() for finding in same if finding.commit]
    blobs = [name for name, same in held.items() if not same[0].commit]
    if not blobs:
        return sorted(messages, key=_order)
    where = _places(blobs, reached, known, all_objects)
    refs = _refs()
    having = _having({(blob, place.path) for blob, places in where.items() for place in places}, refs)
    spots: dict[tuple[str, str], list[tuple[Place, Finding]]] = {}
    for blob in blobs:
        for place in where.get(blob) or [Place(UNREACHABLE, None, None)]:
            for finding in held[blob]:
                spots.setdefault((finding.fingerprint, place.path), []).append((place, finding))
    in_place = [
        _merged(path, same)._replace(
            refs=tuple(ref for ref in refs if any((ref, finding.blob, path) in having for _, finding in same)),
            in_tip=any((_HEAD, finding.blob, path) in having for _, finding in same),
        )
        for (_, path), same in spots.items()
    ]
    return sorted(in_place + messages, key=_order)


def _order(finding: Finding) -> tuple[str, str, int, int]:
    return finding.author_date or "", finding.path, finding.line, finding.column


def _merged(path: str, spots: list[tuple[Place, Finding]]) -> Finding:
    """One finding for all the blobs that hold a value at a path."""
    # A pragma allows its own line of its own version only: what it does not allow is told.
    refused = [spot for spot in spots if spot[1].status != "allowed"] or spots
    brought = [(place.first, finding) for place, finding in refused if place.first]
    touched = [place.last for place, _ in refused if place.last]
    first, finding = min(brought, key=lambda one: age(one[0])) if brought else (None, refused[0][1])
    last = max(touched, key=age) if touched else None
    return finding._replace(
        path=path,
        commit=first.commit if first else None,
        author_date=first.day if first else None,
        last_commit=last.commit if last else None,
        last_date=last.day if last else None,
    )


def _places(blobs: list[str], reached: Reachable, known: set[str], all_objects: bool) -> dict[str, list[Place]]:
    """The places of each blob; one without a commit where no commit has it, or what git needs to find it is not here."""
    missing = bool(reached.missing)
    try:
        found = _by_blob(introductions(blobs, reflog=all_objects, commits=None if all_objects else reached.commits))
    except GitError:
        if not missing:
            raise
        found = {}
    lost = [blob for blob in blobs if blob in known and blob not in found]
    paths = reached_paths(lost) if lost else {}
    if missing and paths:
        try:
            found |= _by_blob(introductions(lost, reflog=all_objects, paths=sorted(set(paths.values()))))
        except GitError:
            pass  # a tree on the way is not here either
    return {**{blob: [Place(path or TAGGED, None, None)] for blob, path in paths.items()}, **found}


def _by_blob(introduced: Iterable[Introduction]) -> dict[str, list[Place]]:
    seen: dict[tuple[str, str], list[Introduction]] = {}
    for one in introduced:
        seen.setdefault((one.blob, one.path), []).append(one)
    found: dict[str, list[Place]] = {}
    for (blob, path), all_of_it in seen.items():
        bringing = [one for one in all_of_it if one.brings] or all_of_it
        found.setdefault(blob, []).append(Place(path, min(bringing, key=age), max(all_of_it, key=age)))
    return found


def age(one: Introduction) -> tuple[int, int]:
    """What is older is less: by the author's time, in one second by git's order."""
    return one.author_time, -one.order


def _refs() -> list[str]:
    """The full names of all refs in git's order, and HEAD where it is on no branch."""
    names = run("for-each-ref", "--format=%(refname)").decode("utf-8", "surrogateescape").splitlines()
    return names if answered("symbolic-ref", "--quiet", _HEAD) is not None else [_HEAD, *names]


def _having(wanted: set[tuple[str, str]], refs: list[str]) -> set[tuple[str, str, str]]:
    """(ref, blob, path) of all refs, and HEAD, that have one of the blobs at its path."""
    if not wanted:
        return set()
    asked = list(dict.fromkeys([_HEAD, *refs]))
    having: set[tuple[str, str, str]] = set()
    if any(path == TAGGED for _, path in wanted):
        peeled = zip(asked, resolved(f"{ref}^{{}}" for ref in asked), strict=True)
        having.update((ref, name, TAGGED) for ref, (name, _) in peeled if (name, TAGGED) in wanted)
    roots = _root_trees(asked)
    entries = Entries(roots.values(), {path for _, path in wanted})
    having.update((ref, blob, path) for ref, root in roots.items() for path, blob in entries.of(root) if (blob, path) in wanted)
    return having


def _root_trees(refs: list[str]) -> dict[str, str]:
    """The id of each ref's tree, of those that have one."""
    listed = answered("for-each-ref", "--format=%(refname) %(tree)%(*tree)") or b""  # nothing where a ref leads nowhere
    known = dict(line.rpartition(" ")[::2] for line in listed.decode("utf-8", "surrogateescape").splitlines())
    others = [ref for ref in refs if not known.get(ref)]  # a tag of a tag, HEAD
    trees = zip(others, resolved(f"{ref}^{{tree}}" for ref in others), strict=True)
    return {ref: tree for ref, tree in known.items() if tree} | {ref: name for ref, (name, kind) in trees if kind}
