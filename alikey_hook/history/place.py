"""Where in the history a blob stood: its paths, the commits that brought and last touched it, the refs that still have it."""

from __future__ import annotations

from typing import NamedTuple

from alikey_hook.git.objects import Introduction, introductions
from alikey_hook.git.process import answered, run
from alikey_hook.git.tree import tree_blobs


class Place(NamedTuple):
    """A blob at a path: the oldest commit that brings it, by its author's time, and the newest that brings or removes it."""

    path: str
    first: Introduction
    last: Introduction


def places(blobs: list[str]) -> dict[str, list[Place]]:
    """The places of each blob, oldest first."""
    seen: dict[tuple[str, str], list[Introduction]] = {}
    for one in introductions(blobs):
        seen.setdefault((one.blob, one.path), []).append(one)
    found: dict[str, list[Place]] = {}
    for (blob, path), all_of_it in seen.items():
        bringing = [one for one in all_of_it if one.brings] or all_of_it
        found.setdefault(blob, []).append(Place(path, min(bringing, key=age), max(all_of_it, key=age)))
    for same in found.values():
        same.sort(key=lambda place: age(place.first))
    return found


def age(one: Introduction) -> tuple[int, int]:
    """What is older is less: by the author's time, in one second by git's order."""
    return one.author_time, -one.order


def refs() -> list[str]:
    """The full names of all refs that point to commits, at once or by a tag."""
    names = run("for-each-ref", "--format=%(refname) %(objecttype) %(*objecttype)").decode("utf-8", "surrogateescape")
    return [line.split(" ")[0] for line in names.splitlines() if "commit" in line.split(" ")[1:]]


def refs_with(wanted: dict[str, set[str]]) -> dict[tuple[str, str], list[str]]:
    """Which refs still have a blob at a path, by both: `wanted` names the paths of each blob."""
    found: dict[tuple[str, str], list[str]] = {}
    paths = _by_path(wanted)
    for ref in refs():
        for blob, path in _at(ref, list(paths)):
            if blob in paths[path]:
                found.setdefault((blob, path), []).append(ref)
    return {key: list(dict.fromkeys(names)) for key, names in found.items()}


def _by_path(wanted: dict[str, set[str]]) -> dict[str, set[str]]:
    by_path: dict[str, set[str]] = {}
    for blob, paths in wanted.items():
        for path in paths:
            by_path.setdefault(path, set()).add(blob)
    return by_path


def _at(ref: str, paths: list[str]) -> list[tuple[str, str]]:
    """(blob, path) of what a ref has at these paths; a few at a time, as many as a pipe holds."""
    # A request is a line: a path of two lines is looked up in the list of all that the ref has.
    found = [(blob, path) for path, blob in tree_blobs(ref)] if any("\n" in path for path in paths) else []
    found = [(blob, path) for blob, path in found if "\n" in path and path in paths]
    plain = [path for path in paths if "\n" not in path]
    for start in range(0, len(plain), 50):
        some = plain[start : start + 50]
        names = "".join(f"{ref}:{path}\n" for path in some).encode("utf-8", "surrogateescape")
        output = answered("cat-file", "--batch-check=%(objectname)", stdin=names) or b""
        answers = output.decode("utf-8", "surrogateescape").splitlines()
        found += [(line, path) for line, path in zip(answers, some, strict=False) if not line.endswith(" missing")]
    return found
