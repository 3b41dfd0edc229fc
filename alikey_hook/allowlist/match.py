"""Which values are allowed where: the entries of a baseline, matched by fingerprint, path and date."""

from __future__ import annotations

from alikey_hook.finding import fingerprint, hashed
from alikey_hook.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

STATUSES = ("false-positive", "test-fixture", "example", "revoked", "leaked")


class Entry(NamedTuple):
    """One reviewed value. `paths`: git-style globs it is allowed under, () for everywhere. `line`: in its file, from 1."""

    fingerprint: str
    status: str
    reason: str
    paths: tuple[str, ...]
    expires_on: datetime.date | None
    file: str = ""
    line: int = 0
    rule: str = ""
    redacted: str = ""
    reviewed_by: str = ""
    reviewed_on: datetime.date | None = None


class Allowlist:
    """The entries of all baseline files. `today`: the UTC date that `expires_on` is compared with, None where none has that."""

    def __init__(self, entries: Iterable[Entry], hashes: Iterable[tuple[str, str]], today: datetime.date | None) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.fingerprint, []).append(entry)
        self._hashes = frozenset(hashes)
        self._today = today

    def __len__(self) -> int:
        return sum(map(len, self._entries.values())) + len(self._hashes)

    def status(self, value: str, path: str) -> str | None:
        """allowed, expired, or None where no entry speaks of this value at this path."""
        return self.decision(fingerprint(value), hashed(value), path)[0]

    def decision(self, fingerprint: str, hashed: str, path: str) -> tuple[str | None, str | None]:
        """The status of a value by its fingerprint and SHA-1, and what decided it: the entry's file and line, or another."""
        if (path, hashed) in self._hashes:
            return "allowed", "a detect-secrets baseline"
        if not self._entries:
            return None, None
        entries = [entry for entry in self._entries.get(fingerprint, ()) if covers(entry, path)]
        if not entries or any(entry.status == "leaked" for entry in entries):
            return None, None
        valid = next((entry for entry in entries if not self._expired(entry)), None)
        decisive = valid or entries[0]
        return "allowed" if valid else "expired", f"{decisive.file}:{decisive.line}"

    def _expired(self, entry: Entry) -> bool:
        return entry.expires_on is not None and self._today is not None and entry.expires_on < self._today


def covers(entry: Entry, path: str) -> bool:
    """Whether an entry speaks of this path."""
    return not entry.paths or any(matches(pattern, path) for pattern in entry.paths)


def matches(pattern: str, path: str) -> bool:
    """Whether a path fits a git-style glob from the top of the repository (gitglossary, `glob` pathspecs).

    `*`, `?` and `[…]` stay within a folder; `**/` stands for any folders, also none, and `/**` for all below.
    All ways to match are followed at once, so that no pattern takes longer than its length times the path's.
    """
    import re

    tokens = re.findall(_TOKEN, pattern.lstrip("/"), re.DOTALL)
    states = _entered(tokens, {0})
    for character in path:
        states = _entered(tokens, {after for state in states for after in _steps(tokens, state, character)})
    return len(tokens) in states


# Any folders, stars, a set, an escaped character, any other one.
_TOKEN = r"(?:(?<=/)|^)\*{2,}/|\*+|\[(?:[!^]|(?![!^]))(?:\\.|[^\\])(?:\\.|[^\]\\])*\]|\\.|."
_RANGE = r"\\?(.)(?:-\\?(.))?"


def _entered(tokens: list[str], states: set[float]) -> set[float]:
    """The states with those that are reached without a character: stars and folders may stand for nothing."""
    reached = set(states)
    for state in sorted(states):
        while state == int(state) and state < len(tokens) and tokens[int(state)].startswith("*"):
            state += 1
            reached.add(state)
    return reached


def _steps(tokens: list[str], state: float, character: str) -> set[float]:
    """Where a character leads; a state between two tokens is within folders that `**/` stands for."""
    at = int(state)
    if at == len(tokens):
        return set()
    token = tokens[at]
    if token.startswith("**") and token.endswith("/"):
        return {at + 0.5, at + 1} if character == "/" else {at + 0.5}
    if token.startswith("**") and at == len(tokens) - 1 and tokens[at - 1 : at] in ([], ["/"]):
        return {state}  # `/**` at the end; two stars that are no whole name are one
    if token.startswith("*"):
        return {state} if character != "/" else set()
    return {at + 1} if _fits(token, character) else set()


def _fits(token: str, character: str) -> bool:
    if token == "?":
        return character != "/"
    if token in ("[", "\\"):
        return False  # a set that nothing closes, an escape of nothing
    if token.startswith("["):
        import re

        negated = token[1] in "!^"
        ranges = re.findall(_RANGE, token[2 if negated else 1 : -1], re.DOTALL)
        inside = any(character == low or low < character <= high for low, high in ranges)
        return character != "/" and inside != negated
    return character == token[-1]
