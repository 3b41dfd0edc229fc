"""The values that detection and scanning hand on."""

from __future__ import annotations

from alikey_hook.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import sha1, sha256
else:
    try:  # as `random` of the standard library does: `hashlib` loads OpenSSL, which takes longer than to look for what leaks
        from _sha1 import sha1

        try:
            from _sha2 import sha256
        except ImportError:  # before Python 3.12
            from _sha256 import sha256
    except ImportError:
        from hashlib import sha1, sha256

# A console's temporary id is not among them: whoever has it needs nothing else.
_SHOWN_IDS = ("alibaba-access-key-id", "alibaba-sts-access-key-id", "alibaba-oss-signed-url")
CONFIDENCES = ("low", "medium", "high")
SEVERITIES = ("critical", "high", "medium", "low")


class Detection(NamedTuple):
    """A credential in one text. The only value that holds a secret; it never leaves `scan`.

    `line` and `column` count from 1, columns in characters of the decoded line; `end_column` is the column after the last
    character. `excerpt` is the line (or a piece of a long one) with every secret masked, `excerpt_column` where the value
    stands in it, from 0. `expires`: when a signed URL does, in seconds since 1970 UTC.
    """

    rule: str
    value: str
    line: int
    column: int
    end_column: int
    confidence: str
    severity: str
    encoding: str
    partner: str | None
    excerpt: str
    excerpt_column: int
    excerpt_width: int
    inline_allowed: bool
    expires: float | None = None


class Finding(NamedTuple):
    """A credential in one change, as reports show it: no secret in it.

    `status`: new | existing (stood there before) | allowed | expired (its allowlist entry has run out).
    `fingerprint` and `partner`: see `fingerprint`. Of a finding in a commit, `author_date` is the author's day, and `in_tip`
    whether the value is still in the newest commit looked at. `blob`: where it was read from. `decided_by`: what made it
    allowed or expired: the file and line of a baseline entry, or an inline pragma. `own_exception`: whether that entry's file
    is changed by what was looked at itself. `source`: where the value is configured on this machine.
    `hashed`: see `hashed`. Of a finding in the history, `last_commit` is the newest that touches it (on the day
    `last_date`), and `refs` still have it. `repository`: of one in an audit of many, the repository's name.
    `expires`: when a signed URL does, in seconds since 1970 UTC.
    """

    rule: str
    status: str
    confidence: str
    severity: str
    path: str
    line: int
    column: int
    end_column: int
    commit: str | None
    fingerprint: str
    redacted: str
    partner: str | None
    encoding: str
    excerpt: str
    excerpt_column: int
    excerpt_width: int
    blob: str
    hashed: str
    author_date: str | None = None
    in_tip: bool | None = None
    decided_by: str | None = None
    own_exception: bool = False
    source: str | None = None
    last_commit: str | None = None
    refs: tuple[str, ...] = ()
    last_date: str | None = None
    repository: str | None = None
    expires: float | None = None

    @property
    def blocks(self) -> bool:
        """Whether a commit with it is refused."""
        return self.status in ("new", "expired")

    @property
    def where(self) -> str:
        """The path, in an audit behind the repository's name."""
        return f"{self.repository}:{self.path}" if self.repository else self.path


def at_least(confidence: str) -> tuple[str, ...]:
    """The confidences from this one up."""
    return CONFIDENCES[CONFIDENCES.index(confidence) :]


def fingerprint(value: str) -> str:
    """`sha256:` and the hex SHA-256 of the value's UTF-8 bytes: the identity of a secret everywhere in this program."""
    return "sha256:" + sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def hashed(value: str) -> str:
    """The hex SHA-1 of a value, which is what detect-secrets' baselines know it by."""
    return sha1(value.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def redact(rule: str, value: str) -> str:
    """What may be shown of a value: an id's first 8 and last 4 characters, of a secret only its length.

    The owner must recognise the id in the console; nothing of a secret helps anyone but a thief.
    """
    if rule in _SHOWN_IDS and len(value) > 12:
        return f"{value[:8]}…{value[-4:]}"
    return f"{len(value)} characters"
