"""Paths of a repository as URIs."""

from __future__ import annotations

from urllib.parse import quote, unquote_to_bytes


def relative(path: str) -> str | None:
    """A path below the top of the repository as a relative URI (RFC 3986); None for one that is not below it."""
    if path.startswith("/") or ".." in path.split("/"):
        return None
    return _quoted(path)


def outside(path: str) -> str:
    """Any other path as a URI: absolute where it is."""
    return "file://" + _quoted(path) if path.startswith("/") else _quoted(path)


def path(uri: str) -> str:
    """The path that one of these URIs stands for, as `os.fsdecode` gives it."""
    return unquote_to_bytes(uri.removeprefix("file://")).decode("utf-8", "surrogateescape")


def _quoted(path: str) -> str:
    """Percent-encoded byte by byte, `/` apart; bytes that are no UTF-8 (lone surrogates of `os.fsdecode`) too."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte: only a report from elsewhere has one
        return quote(path.encode("utf-8", "surrogatepass"), safe="/")
