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
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.process import run
from alikey_hook.git.tree import repository, setting
from alikey_hook.sources import commits, files, message, pushes
from alikey_hook.sources.paths import in_repository


def range_of(end: str, known: list[str], settings: Settings, blobs: Blobs, remote: str = "") -> list[Look]:
    """Every commit that `end` reaches and `known` do not, nor the remote-tracking refs of `remote`, where one is given.

    The baseline is that of the last commit. Where `end` is a tag, its own message is looked at too.
    """
    others = [f"--remotes={remote}"] if remote else []
    changes, tip = commits.tagged(end, diff.resolved(end), blobs)
    found = diff.commits([tip] if tip else [], *map(diff.resolved, known), *others)
    return [looks.commits(commits.changes(found) + changes, tip if found else None, settings, blobs)]


def _commit_msg(named: list[str], settings: Settings, blobs: Blobs) -> list[Look]:
    if len(named) != 1:
        raise UserError("commit-msg takes one file, the message.", "Let git call the hook: it names that file.")
    here = repository()
    edited = os.environ.get("GIT_EDITOR") != ":"  # what git sets where no editor is used (githooks(5))
    cleanup = setting("commit.cleanup") or "default"
    dropped = _comment_character() if cleanup == "strip" or (cleanup == "default" and edited) else None
    verbose = cleanup == "scissors" or setting("commit.verbose") not in (None, "false", "0", "no", "off")
    content = files.read(named[0])
    if edited:
        content = message.above_scissors(content, _comment_character(), certain=verbose)
    content = message.without_comments(content, dropped)
    return [looks.message(Change(in_repository(named[0], here.prefix), (), ""), content, here, settings, blobs)]


def _comment_character() -> str | None:
    """What begins a line that git drops from an edited message; None where git chooses it by itself (`auto`)."""
    version = [int(part) for part in run("version").decode("ascii", "replace").split()[2].split(".")[:2]]
    longer = setting("core.commentString") if version >= [2, 45] else None
    character = longer or setting("core.commentChar") or "#"
    return None if character == "auto" else character


def _pre_push(named: list[str], settings: Settings, blobs: Blobs) -> list[Look]:
    environment = os.environ
    remote = environment.get("PRE_COMMIT_REMOTE_NAME") or (named[0] if named else "")
    url = environment.get("PRE_COMMIT_REMOTE_URL") or (named[1] if len(named) > 1 else "")
    if settings.allowed_remotes and (remote or url):
        _guard(url or remote, settings.allowed_remotes)
    start, end = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    branch = environment.get("PRE_COMMIT_LOCAL_BRANCH")
    if start and end:
        return range_of(end, [start], settings, blobs, remote)
    if branch and remote:
        return range_of(branch, [], settings, blobs, remote)
    if "PRE_COMMIT" in environment:  # run by hand for all files, not by a push
        here = repository()
        return [looks.tree([here.top], "", settings, blobs)]
    if not remote:
        raise UserError("pre-push takes the remote and its URL.", "Let git call the hook: it names them.")
    return _pushed(pushes.pre_push(sys.stdin.buffer.read()), f"--remotes={remote}", settings, blobs)


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

    shown = re.sub(r"^([a-z][a-z0-9+.-]*://)[^/]*@", r"\1", url, flags=re.IGNORECASE)
    if not any(fnmatchcase(shown, pattern) for pattern in allowed):
        raise RemoteRefused(f"pushing to {shown} is not allowed here.", f"Allowed are {', '.join(allowed)} (--allowed-remote).")


class RemoteRefused(UserError):
    """A remote that no `--allowed-remote` names: what was checked is refused, as a leak is."""

    exit_code = 1


LOOKS = {"commit-msg": _commit_msg, "pre-push": _pre_push, "pre-receive": _pre_receive}
