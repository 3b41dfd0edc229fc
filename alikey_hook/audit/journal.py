"""The state of an audit on disk: a line for each repository that was looked at, so that another run can go on from there."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from alikey_hook.audit.outcome import Outcome, as_fields, from_fields
from alikey_hook.audit.terms import Terms
from alikey_hook.detect.rules import RULES
from alikey_hook.errors import UserError

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, UserError)


class Journal:
    """`done`: what an earlier audit on the same terms has looked at whole. `unwritten`: how many could not be written down."""

    def __init__(self, folder: str, terms: Terms, resume: bool) -> None:
        """Begin anew, or go on. Raises UserError where nothing can be written, or another audit does so."""
        self._path = os.path.join(folder, "audit.jsonl")
        self.done: dict[str, Outcome] = {}
        self.unwritten = 0
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _NO_LINK, 0o600)
            _lock(self._file)
            head = {"audit": _digest(terms)}
            known = self._known(head) if resume else None
            if known is None:
                os.ftruncate(self._file, 0)
                self._write(head)
        except BlockingIOError:
            raise UserError(f"another audit is under way in {folder}.", "Wait for it, or name another --cache.") from None
        except OSError as error:
            raise UserError(f"{self._path} cannot be written: {error.strerror}.", "Check permissions and disk.") from None
        self.done = known or {}

    def _known(self, head: dict[str, Any]) -> dict[str, Outcome] | None:
        """What was looked at; None where this is another audit's. A line that is not whole is as good as none."""
        with open(self._path, "rb") as file:
            lines = file.read().split(b"\n")
        if _parsed(lines[0]) != head:
            return None
        if lines[-1]:
            os.write(self._file, b"\n")
        found: dict[str, Outcome] = {}
        for line in lines[1:]:
            try:
                outcome = from_fields(json.loads(line))
            except _BROKEN:
                continue
            found[outcome.repository] = outcome
        return {name: outcome for name, outcome in found.items() if not outcome.lost}

    def add(self, outcome: Outcome) -> None:
        """Write down what came of a repository. A disk that is full does not end the audit."""
        try:
            self._write(as_fields(outcome))
        except OSError:
            self.unwritten += 1

    def _write(self, fields: dict[str, Any]) -> None:
        """Append a line, or nothing."""
        size = os.fstat(self._file).st_size
        line = json.dumps(fields).encode("ascii") + b"\n"
        try:
            if os.write(self._file, line) < len(line):
                raise OSError("the disk took a part")
        except OSError:
            os.truncate(self._file, size)
            raise

    def close(self) -> None:
        """Let another audit have it."""
        os.close(self._file)


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except _BROKEN:
        return None


def _digest(terms: Terms) -> str:
    """All that findings depend on beside the repositories."""
    known = (RULES, terms._replace(cache="", protocols=(), split=0, timeout=0.0))
    return hashlib.sha256(repr(known).encode()).hexdigest()


def _lock(file: int) -> None:
    """Raises BlockingIOError where another process has it."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
