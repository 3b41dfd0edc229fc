"""What was looked at before: ids of objects that hold nothing, and what the others hold. No secret is in it."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from alikey_hook import __version__, store
from alikey_hook.detect.rules import RULES
from alikey_hook.finding import Finding

_MAGIC = b"alikey-hook cache 1\n"


class Cache:
    """The cache of one way to look, in one folder. A file that is broken or another version's is as good as none."""

    def __init__(self, folder: str, settings: str) -> None:
        """`settings`: what else the findings depend on, in words; another wording is another file."""
        key = hashlib.sha256(repr((__version__, RULES, settings)).encode()).hexdigest()
        self._path = os.path.join(folder, f"alikey-hook-{key[:16]}.cache")
        self.clean: set[bytes] = set()
        self.findings: dict[str, list[Finding]] = {}
        try:
            with open(self._path, "rb") as file:
                self._parse(file.read())
        except (OSError, ValueError, KeyError, TypeError):
            self.clean, self.findings = set(), {}

    def knows(self, name: str) -> bool:
        """Whether an object was looked at."""
        return name in self.findings or bytes.fromhex(name) in self.clean

    def add(self, ids: list[str], found: dict[str, list[Finding]]) -> None:
        """Take in what was looked at: `ids`, of which `found` hold something."""
        self.clean.update(bytes.fromhex(name) for name in ids if name not in found)
        self.findings.update(found)

    def save(self) -> None:
        """Write the file, with what another run has written meanwhile."""

        def merged(content: bytes) -> bytes:
            try:
                self._parse(content)
            except (ValueError, KeyError, TypeError):
                pass  # empty, or not to be used: what this run knows is enough
            return self._written()

        store.update(self._path, merged)

    def _written(self) -> bytes:
        found = json.dumps({name: [one._asdict() for one in same] for name, same in self.findings.items()}).encode("ascii")
        ids = sorted(self.clean)
        body = json.dumps([len(ids), len(ids[0]) if ids else 20, len(found)]).encode("ascii") + b"\n" + b"".join(ids) + found
        return _MAGIC + hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body

    def _parse(self, content: bytes) -> None:
        magic, digest, body = content[: len(_MAGIC)], content[len(_MAGIC) :][:64], content[len(_MAGIC) + 65 :]
        if magic != _MAGIC or hashlib.sha256(body).hexdigest().encode("ascii") != digest:
            raise ValueError("not a cache, or not a whole one")
        head, _, rest = body.partition(b"\n")
        count, width, _ = json.loads(head)
        found: dict[str, list[dict[str, Any]]] = json.loads(rest[count * width :])
        self.clean |= {rest[at : at + width] for at in range(0, count * width, width)}
        self.findings |= {name: [_finding(one) for one in same] for name, same in found.items()}


def _finding(fields: dict[str, Any]) -> Finding:
    return Finding(**{**fields, "refs": tuple(fields["refs"])})
