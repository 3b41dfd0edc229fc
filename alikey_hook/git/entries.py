"""What trees have at some paths. Commits share most of their folders: each is read once, not once a commit."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from alikey_hook.git.objects import tree_contents

_TREE, _SUBMODULE = b"40000", b"160000"
# Mode, name and id of an entry, https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
_ENTRY = {width: re.compile(rb"(\d+) ([^\0]+)\0(.{%d})" % width, re.DOTALL) for width in (20, 32)}


class Entries:
    """What some trees have at some paths."""

    def __init__(self, trees: Iterable[str], paths: Iterable[str]) -> None:
        """`trees`: their ids."""
        self._names: dict[str, set[bytes]] = {"": set()}  # by folder ("" is the top): what leads to one of the paths
        for path in paths:
            parts = path.split("/")
            for depth, name in enumerate(parts):
                self._names.setdefault("/".join(parts[:depth]), set()).add(os.fsencode(name))
        self._known: dict[tuple[str, str], list[tuple[str, bytes, str]]] = {}  # by tree and folder: path, mode, id
        asked = {(tree, "") for tree in trees}
        while asked:
            asked = set(self._below(sorted(asked)))

    def _below(self, folders: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Learn what is in these folders; give those in them that lead further and are not known."""
        for (tree, folder), content in zip(folders, tree_contents(tree for tree, _ in folders), strict=True):
            names = self._names[folder]
            above = f"{folder}/" if folder else ""
            entries = _ENTRY[len(tree) // 2].findall(content)
            known = [(above + os.fsdecode(name), mode, id_.hex()) for mode, name, id_ in entries if name in names]
            self._known[tree, folder] = known
            yield from ((found, path) for path, mode, found in known if mode == _TREE and path in self._names)

    def of(self, tree: str) -> Iterator[tuple[str, str]]:
        """(path, id) of all blobs that a tree has at one of the paths, or at the beginning of one."""
        folders = [(tree, "")]
        while folders:
            for path, mode, found in self._known[folders.pop()]:
                if mode not in (_TREE, _SUBMODULE):
                    yield path, found
                elif mode == _TREE and path in self._names:
                    folders.append((found, path))
