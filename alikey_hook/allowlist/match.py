"""Which values are allowed where: the entries of a baseline, matched by fingerprint, path and date."""

from __future__ import annotations

from alikey_hook.allowlist.glob import matches
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
        self._known: dict[tuple[str, str, str], tuple[str | None, str | None]] = {}  # a file may hold a value many times

    def __len__(self) -> int:
        return sum(map(len, self._entries.values())) + len(self._hashes)

    def status(self, value: str, path: str) -> str | None:
        """allowed, expired, or None where no entry speaks of this value at this path."""
        return self.decision(fingerprint(value), hashed(value), path)[0]

    def decision(self, fingerprint: str, hashed: str, path: str) -> tuple[str | None, str | None]:
        """The status of a value by its fingerprint and SHA-1, and what decided it: the entry's file and line, or another."""
        key = (fingerprint, hashed, path)
        if key not in self._known:
            self._known[key] = self._decision(fingerprint, hashed, path)
        return self._known[key]

    def _decision(self, fingerprint: str, hashed: str, path: str) -> tuple[str | None, str | None]:
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
