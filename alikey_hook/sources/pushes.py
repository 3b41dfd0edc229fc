"""What a push sends, as git tells its hooks pre-push and pre-receive on standard input."""

from __future__ import annotations

from typing import NamedTuple

from alikey_hook.changes import Change
from alikey_hook.errors import UserError
from alikey_hook.git import diff
from alikey_hook.git.blobs import Blobs
from alikey_hook.sources import commits


class Update(NamedTuple):
    """One ref that a push moves: from `old` (None: it is new) to `new`."""

    ref: str
    old: str | None
    new: str


class Pushed(NamedTuple):
    """What one ref brings. `tip`: its commit, None where it points to something else."""

    tip: str | None
    changes: list[Change]


def pre_push(stdin: bytes) -> list[Update]:
    """The updates in `local-ref local-id remote-ref remote-id` lines; deletions bring nothing.

    The local ref is whatever was given to `git push`, also `HEAD^{/a subject}`, with blanks in it.
    """
    return _updates([line.rsplit(" ", 3) for line in _lines(stdin)], 4, ref=0, new=1, old=3)


def pre_receive(stdin: bytes) -> list[Update]:
    """The updates in `old-id new-id ref` lines; deletions bring nothing."""
    return _updates([line.split(" ") for line in _lines(stdin)], 3, ref=2, new=1, old=0)


def _lines(stdin: bytes) -> list[str]:
    """Lines as git ends them; Unicode knows line ends that a branch may be named with."""
    return stdin.decode("utf-8", "surrogateescape").removesuffix("\n").split("\n") if stdin else []


def _updates(lines: list[list[str]], width: int, ref: int, new: int, old: int) -> list[Update]:
    updates = []
    for fields in lines:
        if len(fields) != width or not all(_is_id(fields[place]) for place in (new, old)):
            raise UserError(
                "standard input is not what git gives this hook.", "Let git call it, or see docs/git-hooks.md for the format."
            )
        if fields[new].strip("0"):
            updates.append(Update(fields[ref], fields[old] if fields[old].strip("0") else None, fields[new]))
    return updates


def _is_id(text: str) -> bool:
    return len(text) in (40, 64) and all(character in "0123456789abcdef" for character in text)


def brought(updates: list[Update], known: str, blobs: Blobs) -> list[Pushed]:
    """What the updates bring that the other side does not have.

    `known`: the option of `git rev-list` for what it is known to have (`--remotes=NAME`, `--all`); the ids that its refs
    point to count too, where this repository has them. A commit that two refs bring is looked at once.
    """
    had = [old for old in dict.fromkeys(update.old for update in updates) if old and diff.is_here(old)]
    seen: set[str] = set()
    pushed = []
    for update in updates:
        changes, tip = commits.tagged(update.ref, update.new, blobs)
        if tip:
            new = [commit for commit in diff.commits([tip], *had, known) if commit not in seen]
            seen.update(new)
            changes = commits.changes(new) + changes
        pushed.append(Pushed(tip, changes))
    return pushed
