"""What is to be audited: paths and addresses, as people name them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from alikey_hook.errors import UserError

STDIN = "-"
PROTOCOLS = ("https", "ssh", "file")
_HELPER = re.compile(r"([A-Za-z0-9+.-]+)::")
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCP = re.compile(r"[^/:]+:(?!//)")
_WITH_PASSWORD = "its address has a user name or password in it; git's credential helpers have a place for those"


class Source(NamedTuple):
    """One repository, by the name under which reports have it. `url`: to be mirrored; None for a path, looked at in place.

    `problem`: why it is not to be looked at at all.
    """

    name: str
    url: str | None
    problem: str | None = None


def sources(named: Iterable[str], protocols: Iterable[str], stdin: Iterable[str]) -> list[Source]:
    """The repositories that are named: each once. A name is a path, an address, a file with one a line, or `-` for `stdin`.

    Raises UserError where a list cannot be read.
    """
    allowed = frozenset(protocols)
    listed = (line for name in named for line in _lines(name, stdin))
    found = (_source(text, allowed) for text in listed)
    return list({source.name: source for source in found}.values())


def _lines(name: str, stdin: Iterable[str]) -> list[str]:
    """What a name stands for: itself, or what is in the list."""
    if name != STDIN and not os.path.isfile(name):
        return [name]
    try:
        if name == STDIN:
            lines = list(stdin)
        else:
            with open(name, encoding="utf-8", errors="surrogateescape") as file:
                lines = list(file)
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror}.", "Name a file with one repository a line.") from None
    stripped = (line.strip() for line in lines)
    return [line for line in stripped if line and not line.startswith("#")]


def _source(text: str, allowed: frozenset[str]) -> Source:
    helper, address = _HELPER.match(text), _ADDRESS.match(text)
    if helper:
        return Source(f"{helper[1]}::…", None, f"the protocol {helper[1]!a} is never allowed")
    if address:
        protocol = address[1].lower()
        shown = _without_secrets(text)
        if shown != text:
            return Source(shown, None, _WITH_PASSWORD)
    elif _SCP.match(text) and not os.path.lexists(text):
        protocol = "ssh"
    else:
        return Source(os.path.abspath(text), None)
    if protocol not in allowed:
        return Source(text, None, f"the protocol {protocol!a} is not allowed (--protocol)")
    return Source(text, text)


def _without_secrets(url: str) -> str:
    """The address less what may be a password: it would stand in every process list and log. ssh's user name is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    user, _, host = parts.netloc.rpartition("@")
    kept = parts.netloc if parts.scheme == "ssh" and ":" not in user else host
    return url if kept == parts.netloc and not parts.query else parts._replace(netloc=kept, query="").geturl()
