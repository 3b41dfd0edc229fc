"""What a commit adds, by the bytes of its files and of those before: naively, without our own git code."""

from typing import NamedTuple

from tests.model.contents import Held

GITLINK, LINK = "160000", "120000"
EMPTY = ("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813")


class File(NamedTuple):
    """What a tree or an index has at a path."""

    mode: str
    blob: str
    held: Held


Tree = dict[str, File]
Leaks = dict[tuple[str, str], frozenset[int] | None]


class Truth(NamedTuple):
    """By path and value: `must` be told as new, with its lines where those are certain; `may` be; nothing else."""

    must: Leaks
    may: set[tuple[str, str]]


def added(after: Tree, parents: list[Tree]) -> Truth:
    """What `after` adds to its parents. A file that one of them has is not new; another one replaces what they have there.

    Where a file may have been renamed, which git tells by similarity, both answers are right.
    """
    must: Leaks = {}
    may: set[tuple[str, str]] = set()
    for path, file in after.items():
        if file.mode == GITLINK or any(_same(parent.get(path), file) for parent in parents):
            continue
        before = [parent[path] for parent in parents if path in parent and parent[path].mode != GITLINK]
        renamed = len(parents) == 1 and _renamed(path, file, after, parents[0])
        for value in {*file.held.values, *file.held.unsure}:
            if any(value in old.held.values for old in before) or renamed:
                continue
            unsure = value in file.held.unsure or any(value in old.held.unsure for old in before)
            if unsure or any(_moved(value, path, after, parent) for parent in parents):
                may.add((path, value))
            else:
                must[path, value] = file.held.values[value]
    return Truth(must, may)


def _same(one: File | None, other: File) -> bool:
    return one is not None and (one.mode, one.blob) == (other.mode, other.blob)


def _gone(path: str, after: Tree) -> bool:
    # An intent to add is an empty file in the index, and none for git.
    return path not in after or after[path].blob in EMPTY


def _moved(value: str, path: str, after: Tree, parent: Tree) -> bool:
    """Whether the value may have come with a file that was renamed to this path."""
    if path in parent:
        return False
    return any(_gone(old, after) and (value in file.held.values or value in file.held.unsure) for old, file in parent.items())


def _renamed(path: str, file: File, after: Tree, parent: Tree) -> bool:
    """Whether the file surely is another one's that is gone: as many are gone as are new with these very bytes."""
    if path in parent or file.mode in (LINK, GITLINK):
        return False
    same = [old for old, known in parent.items() if known.blob == file.blob and known.mode not in (LINK, GITLINK)]
    new = [other for other, known in after.items() if known.blob == file.blob and other not in parent]
    return sum(_gone(old, after) for old in same) >= len(new)
