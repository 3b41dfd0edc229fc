"""A credential: what a call is signed with. It never shows its secret."""

from __future__ import annotations

from alikey_hook.finding import redact

STS_PREFIX = "STS."


class Credential:
    """An AccessKey ID with its secret and, where it is temporary, its security token. Not a NamedTuple: those show all."""

    __slots__ = ("key_id", "secret", "token")

    def __init__(self, key_id: str, secret: str, token: str | None = None) -> None:
        self.key_id = key_id
        self.secret = secret
        self.token = token

    def __repr__(self) -> str:
        return f"Credential({self.shown})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Credential) and self._all == other._all

    def __hash__(self) -> int:
        return hash(self._all)

    @property
    def _all(self) -> tuple[str, str, str | None]:
        return self.key_id, self.secret, self.token

    @property
    def temporary(self) -> bool:
        """Whether it is one of STS, which is worth nothing without its token."""
        return self.key_id.startswith(STS_PREFIX)

    @property
    def shown(self) -> str:
        """What may be shown of it: the id's first 8 and last 4 characters."""
        return redact("alibaba-access-key-id", self.key_id)

    def blanked(self, text: str) -> str:
        """A text that somebody else wrote, without anything of this credential in it."""
        for value in filter(None, (self.token, self.secret, self.key_id)):
            text = text.replace(value, "…")
        return text
