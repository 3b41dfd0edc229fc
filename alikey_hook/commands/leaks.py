"""What this repository leaks: in every object, and in the files that lie here; and the credentials in it, in this process."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from alikey_hook.commands.baseline import entries
from alikey_hook.errors import UserError
from alikey_hook.finding import Finding, fingerprint
from alikey_hook.git.process import answered
from alikey_hook.history import values
from alikey_hook.history.walk import found_in
from alikey_hook.history.worker import How
from alikey_hook.response.cloud.credential import Credential
from alikey_hook.sources import files

_ID = re.compile(r"(?:LTAI|STS\.)[0-9A-Za-z]{12,28}")


class Leaks(NamedTuple):
    """What was found: in `objects`, by their ids, and in `staged` and `tree`, what the index and the working tree have."""

    objects: dict[str, list[Finding]]
    staged: list[Finding]
    tree: list[Finding]

    @property
    def findings(self) -> list[Finding]:
        """All of them."""
        return [*(finding for same in self.objects.values() for finding in same), *self.staged, *self.tree]


def leaks(min_confidence: str = "low") -> Leaks:
    """Look at everything that is here, whatever the baseline and the pragmas allow."""
    objects = found_in(How(os.getcwd(), min_confidence, False, {}, in_pieces=True))
    if answered("rev-parse", "--is-inside-work-tree") != b"true\n":
        return Leaks(objects, [], [])
    return Leaks(objects, entries.found([], staged=True), entries.found([]))


def wanted(text: str, found: list[Finding]) -> str:
    """The fingerprint that is meant: all of it or its beginning, or an AccessKey ID."""
    if _ID.fullmatch(text):
        return fingerprint(text)
    digits = entries.digits(text)
    if not digits:
        raise UserError("that is no fingerprint and no AccessKey ID.", "Copy the fingerprint from a report.")
    if len(digits) == 64:
        return f"sha256:{digits}"
    matching = {finding.fingerprint for finding in found if entries.begins(finding, digits)}
    if len(matching) != 1:
        raise UserError(f"{len(matching)} values that are found here begin so.", "Give the whole fingerprint.")
    return matching.pop()


def credentials(found: Leaks, prints: set[str]) -> tuple[list[Credential], set[str]]:
    """The credentials that one of the values belongs to, and the values that nothing was found with to make one."""
    whole: dict[Credential, None] = {}
    for content in _holding(found, prints):
        pairs, _ = values.credentials(content)
        whole |= dict.fromkeys(one for one in pairs if prints & parts(one))
    # Of STS, a pair without its token is worth nothing where the same pair stands elsewhere with one.
    tokened = {(one.key_id, one.secret) for one in whole if one.token}
    kept = [one for one in whole if one.token or (one.key_id, one.secret) not in tokened]
    alone = prints - {part for one in kept for part in parts(one)}
    return sorted(kept, key=lambda one: (one.key_id, one.secret)), alone


def parts(credential: Credential) -> set[str]:
    """The fingerprints of a credential's values."""
    return {fingerprint(value) for value in (credential.key_id, credential.secret, credential.token) if value}


def _holding(found: Leaks, prints: set[str]) -> Iterator[bytes]:
    """The contents of what holds one of the values."""
    objects = [name for name, same in found.objects.items() if any(finding.fingerprint in prints for finding in same)]
    yield from values.texts(objects)
    for path in dict.fromkeys(finding.blob for finding in found.tree if finding.fingerprint in prints):
        yield files.read(path)
