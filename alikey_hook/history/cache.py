"""What was looked at before: ids of objects that hold nothing, and what the others hold. No secret is in it."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from alikey_hook import __version__, store
from alikey_hook.clock import now
from alikey_hook.detect.rules import RULES
from alikey_hook.errors import UserError
from alikey_hook.finding import Finding
from alikey_hook.git.process import answered
from alikey_hook.history.worker import Done, How

_MAGIC = b"alikey-hook cache 3\n"
_WIDTHS = (20, 32)  # of ids: SHA-1 and SHA-256
_WALKS = 64
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)  # what `_parse` raises of other bytes than ours


class Cache:
    """The cache of one way to look, in one folder. A file that is broken or another version's is as good as none.

    It knows objects, and of the last repositories what a walk through all of them said.
    """

    def __init__(self, folder: str, how: How) -> None:
        """`how`: to look another way is another file. Raises UserError where nothing can be written in the folder."""
        settings = (__version__, RULES, how.min_confidence, how.inline_allow, sorted(how.own))
        key = hashlib.sha256(repr(settings).encode()).hexdigest()
        self._path = os.path.join(folder, f"alikey-hook-{key[:16]}.cache")
        self._forget()
        store.check(self._path)  # before a long scan, not after it
        self._refuse_committed()
        try:
            with open(self._path, "rb") as file:
                self._parse(file.read())
        except FileNotFoundError:
            pass
        except OSError as error:
            raise UserError(f"{self._path} cannot be read: {error.strerror}.", "Check its permissions.") from None
        except _BROKEN:
            self._forget()

    def _refuse_committed(self) -> None:
        """Whoever writes the cache says what holds nothing: it must not come with the repository."""
        if answered("ls-files", "--error-unmatch", "--", self._path) is not None:
            raise UserError(f"{self._path} is tracked by git.", "Take it out, or name another --cache: it must be yours alone.")

    def _forget(self) -> None:
        self.clean: set[bytes] = set()
        self.findings: dict[str, list[Finding]] = {}
        self._walks: dict[str, dict[str, Any]] = {}
        self._changed = False

    def knows(self, name: str) -> bool:
        """Whether an object was looked at."""
        return name in self.findings or bytes.fromhex(name) in self.clean

    def walk(self, state: str) -> dict[str, Any] | None:
        """What a walk through a repository in this state said, None if that is not known."""
        walked = self._walks.get(state)
        return {**walked, "findings": [_finding(one) for one in walked["findings"]]} if walked else None

    def add(self, done: Done) -> None:
        """Take in what was looked at."""
        self._changed = True
        self.clean.update(bytes.fromhex(name) for name in done.ids if name not in done.found and name not in done.unread)
        self.findings.update({name: same for name, same in done.found.items() if name not in done.unread})

    def remember(self, state: str, walked: dict[str, Any]) -> None:
        """Take in what a walk said."""
        self._changed = True
        self._walks[state] = {**walked, "findings": [one._asdict() for one in walked["findings"]]}

    def save(self) -> None:
        """Write the file where there is something new, with what another run has written meanwhile."""
        if not self._changed:
            return

        def merged(content: bytes) -> bytes:
            try:
                self._parse(content)
            except _BROKEN:
                pass  # empty, or not to be used: what this run knows is enough
            return self._written()

        store.update(self._path, merged, 0o600)  # digests of values are nobody else's business

    def _written(self) -> bytes:
        found = {name: [one._asdict() for one in same] for name, same in self.findings.items()}
        ids = [sorted(name for name in self.clean if len(name) == width) for width in _WIDTHS]
        head = {"clean": [len(same) for same in ids], "findings": found, "walks": dict(list(self._walks.items())[-_WALKS:])}
        body = json.dumps(head).encode("ascii") + b"\n" + b"".join(name for same in ids for name in same)
        return _MAGIC + hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body

    def _parse(self, content: bytes) -> None:
        magic, digest, body = content[: len(_MAGIC)], content[len(_MAGIC) :][:64], content[len(_MAGIC) + 65 :]
        if magic != _MAGIC or hashlib.sha256(body).hexdigest().encode("ascii") != digest:
            raise ValueError("not a cache, or not a whole one")
        line, _, ids = body.partition(b"\n")
        head = json.loads(line)
        time = now()
        findings = {name: [_finding(one) for one in same] for name, same in head["findings"].items()}
        walks = {**head["walks"], **self._walks}
        said = {state: [_finding(one) for one in walked["findings"]] for state, walked in walks.items()}
        clean: list[bytes] = []
        for width, count in zip(_WIDTHS, head["clean"], strict=True):
            if not 0 <= count * width <= len(ids):
                raise ValueError("more ids than there are")
            clean += [ids[at : at + width] for at in range(0, count * width, width)]
            ids = ids[count * width :]
        findings = {name: same for name, same in findings.items() if _true(same, time)}
        walks = {state: walks[state] for state, same in said.items() if _true(same, time)}
        self.clean.update(clean)
        self.findings.update(findings)
        self._walks = walks


def _true(findings: list[Finding], time: float) -> bool:
    """Whether the same is found now: a signed URL is less severe once it has expired."""
    return all(one.expires is None or (one.expires < time) == (one.severity == "low") for one in findings)


def _finding(fields: dict[str, Any]) -> Finding:
    return Finding(**{**fields, "refs": tuple(fields["refs"])})
