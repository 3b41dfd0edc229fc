"""The stages of `alikey-hook hook` beside pre-commit: commit-msg, pre-push, pre-receive."""

from __future__ import annotations

import os
import sys

from alikey_hook.changes import Change
from alikey_hook.commands import looks
from alikey_hook.commands.looks import Look
from alikey_hook.commands.settings import Settings
from alikey_hook.errors import UserError
from alikey_hook.git import diff
from alikey_hook.git.process import Blobs, answered
from alikey_hook.git.tree import repository
from alikey_hook.sources import commits, files, message, pushes
from alikey_hook.sources.paths import in_repository


def range_of(wanted: list[str], known: list[str], settings: Settings, blobs: Blobs) -> list[Look]:
    """Every commit that `wanted` reach and `known` do not; its baseline is that of the last one."""
    found = diff.commits(wanted, *known)
    return [looks.commits(commits.changes(found), found[-1] if found else None, settings, blobs)]


def _commit_msg(named: list[str], settings: Settings, blobs: Blobs) -> list[Look]:
    if len(named) != 1:
        raise UserError("commit-msg takes one file, the message.", "Let git call the hook: it names that file.")
    here = repository()
    content = message.kept(files.read(named[0]), _comment_character(), os.environ.get("GIT_EDITOR") != ":")
    look = looks.staged([Change(in_repository(named[0], here.prefix), (), "")], here, settings, blobs)
    look.read = lambda _: content
    return [look]


def _comment_character() -> bytes | None:
    """What begins a line that git drops from an edited message; None where git drops none or chooses it by itself."""
    cleanup = (answered("config", "--get", "commit.cleanup") or b"").strip()
    if cleanup in (b"verbatim", b"whitespace", b"scissors"):
        return None
    configured = answered("config", "--get", "core.commentString") or answered("config", "--get", "core.commentChar")
    character = (configured or b"#").rstrip(b"\n")
    return None if character == b"auto" else character


def _pre_push(named: list[str], settings: Settings, blobs: Blobs) -> list[Look]:
    environment = os.environ
    remote = environment.get("PRE_COMMIT_REMOTE_NAME") or (named[0] if named else "")
    url = environment.get("PRE_COMMIT_REMOTE_URL") or (named[1] if len(named) > 1 else "")
    if settings.allowed_remotes and (remote or url):
        _guard(url or remote, settings.allowed_remotes)
    start, end = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    branch = environment.get("PRE_COMMIT_LOCAL_BRANCH")
    known = [f"--remotes={remote}"] if remote else []
    if start and end:
        return range_of([end], [start, *known], settings, blobs)
    if branch and remote:
        return range_of([branch], known, settings, blobs)
    if "PRE_COMMIT" in environment:  # run by hand for all files, not by a push
        here = repository()
        return [looks.files(files.below([here.top]), "", settings, blobs)]
    if not remote:
        raise UserError("pre-push takes the remote and its URL.", "Let git call the hook: it names them.")
    return _pushed(pushes.pre_push(sys.stdin.buffer.read()), known[0], settings, blobs)


def _pre_receive(named: list[str], settings: Settings, blobs: Blobs) -> list[Look]:
    if named:
        raise UserError("pre-receive takes no files.", "Let git call the hook: it tells what is pushed on standard input.")
    return _pushed(pushes.pre_receive(sys.stdin.buffer.read()), "--all", settings, blobs)


def _pushed(updates: list[pushes.Update], known: str, settings: Settings, blobs: Blobs) -> list[Look]:
    return [looks.commits(one.changes, one.tip, settings, blobs) for one in pushes.brought(updates, known, blobs)]


def _guard(url: str, allowed: list[str]) -> None:
    """Refuse a remote before anything is sent to it. User names and passwords in the URL are neither matched nor shown."""
    import re
    from fnmatch import fnmatchcase

    shown = re.sub(r"^([a-z][a-z0-9+.-]*://)[^/@]*@", r"\1", url, flags=re.IGNORECASE)
    if not any(fnmatchcase(shown, pattern) for pattern in allowed):
        raise RemoteRefused(f"pushing to {shown} is not allowed here.", f"Allowed are {', '.join(allowed)} (--allowed-remote).")


class RemoteRefused(UserError):
    """A remote that no `--allowed-remote` names: what was checked is refused, as a leak is."""

    exit_code = 1


LOOKS = {"commit-msg": _commit_msg, "pre-push": _pre_push, "pre-receive": _pre_receive}
