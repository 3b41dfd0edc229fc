"""Where was looked, as reports name it."""

from __future__ import annotations

import re
from urllib.parse import quote

from alikey_hook.detect.engine import detect
from alikey_hook.git.process import GitError, answered
from alikey_hook.report.about import Origin


def origin(kind: str, complete: bool) -> Origin:
    """The repository around the current folder, as far as there is one. No network is asked, no name or password told."""
    try:
        revision = _line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        branch = _line("symbolic-ref", "--quiet", "--short", "HEAD") if revision else None
        url = _line("remote", "get-url", "origin")
    except GitError:
        return Origin(kind, complete=complete)
    address = public_url(url or "")
    if address and detect(address.encode("utf-8", "surrogateescape")):
        address = None  # a report holds no value, also none that stands in an address
    return Origin(kind, address, revision, branch, complete)


def public_url(url: str) -> str | None:
    """The address of a remote repository without user name, password, query; None for a path of this machine."""
    scp = re.fullmatch(r"(?:[^@/]*@)?([A-Za-z0-9.-]{2,}):(?!//|:)(.+)", url)
    if scp:
        return f"ssh://{scp[1]}/{_path(scp[2].lstrip('/'))}"
    full = re.fullmatch(r"(https?|ssh|git)://(?:[^/]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:\d+)?(/[^?#]*)?(?:[?#].*)?", url)
    return f"{full[1]}://{full[2]}{full[3] or ''}{_path(full[4] or '')}" if full else None


def _path(path: str) -> str:
    return quote(path.encode("utf-8", "surrogateescape"), safe="/%~")


def _line(*arguments: str) -> str | None:
    """What git answers, None where it has no answer."""
    answer = answered(*arguments)
    return answer.decode("utf-8", "surrogateescape").removesuffix("\n") if answer else None
