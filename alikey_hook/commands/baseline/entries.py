"""What the baseline commands share: the entries as they are, the files they stand in, and what is found."""

from __future__ import annotations

import datetime
import os
import re
from argparse import ArgumentParser
from collections.abc import Iterable

from alikey_hook import baseline, store
from alikey_hook.allowlist import edit
from alikey_hook.allowlist.match import STATUSES, Entry
from alikey_hook.clock import today
from alikey_hook.commands import looks
from alikey_hook.commands.settings import Settings
from alikey_hook.errors import UserError
from alikey_hook.finding import Finding
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.tree import repository, setting
from alikey_hook.history.walk import Wish, walk
from alikey_hook.history.worker import How
from alikey_hook.scan import Options, scan
from alikey_hook.sources.staged import Staged

_FINGERPRINT = re.compile(r"(?:sha256:)?([0-9a-f]{8,64})")


def add_baseline(parser: ArgumentParser) -> None:
    """Add the option that names baseline files instead of the default ones."""
    parser.add_argument(
        "--baseline", action="append", default=[], metavar="PATH", help="instead of baseline/alikey*.yaml; repeatable"
    )


def add_where(parser: ArgumentParser) -> None:
    """Add the arguments that say where to look for what is (not) allowed."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or folders (default: the repository)")
    parser.add_argument("--staged", action="store_true", help="what is staged, instead of files")
    add_history(parser)


def add_history(parser: ArgumentParser) -> None:
    """Add the option that takes the history in."""
    parser.add_argument("--history", action="store_true", help="every commit of every branch and tag too")


def entries(named: list[str]) -> list[Entry]:
    """The entries of the baseline in the working tree, in the order of their files."""
    return baseline.entries(named, baseline.top_or_here())


def found(paths: list[str], staged: bool = False, history: bool = False) -> list[Finding]:
    """What is found, of any confidence, whatever the baseline and the pragmas allow. `status` is not to be relied on."""
    blobs = Blobs()
    settings = Settings()
    try:
        here = repository()
        if staged:
            look = looks.staged(Staged(here.git_dir).changes, here, settings, blobs)
        else:
            look = looks.tree(paths or [here.top], here.prefix, settings, blobs)
        options = Options("low", inline_allow=False)
        now = scan(look.looked(options), look.read, baseline.empty, options).findings
        if not history:
            return now
        how = How(os.getcwd(), "low", inline_allow=False, own={}, in_pieces=True)
        return now + walk(Wish(how, all_objects=False, max_blob_size=1 << 40, cache=None), lambda *_: None).findings
    finally:
        blobs.close()


def everywhere(history: bool) -> list[Finding]:
    """What is found in the files and in what is staged, and in the history if asked for: what an exception may be for."""
    return found([], staged=True) + found([], history=history)


def digits(text: str) -> str | None:
    """The digits of a fingerprint or of its beginning, 8 at least; None for any other text."""
    part = _FINGERPRINT.fullmatch(text)
    return part[1] if part else None


def begins(finding: Finding, digits: str) -> bool:
    """Whether a finding's fingerprint begins with these digits."""
    return finding.fingerprint.removeprefix("sha256:").startswith(digits)


def own_file(fingerprint: str) -> str:
    """The file that a new exception is written to: one of its own, so that two branches never touch the same lines."""
    digest = fingerprint.removeprefix("sha256:")
    return os.path.join(baseline.top_or_here(), baseline.FOLDER, f"alikey-{digest[:8]}.yaml")


def write(entry: Entry, path: str | None, known: Iterable[Entry]) -> str:
    """Record an entry: where its fingerprint and paths stand already, else in `path`, else in a file of its own.

    Gives the file's path, from the current folder.
    """
    same = [old.file for old in known if (old.fingerprint, old.paths) == (entry.fingerprint, entry.paths)]
    target = same[0] if same else path or own_file(entry.fingerprint)
    shown = os.path.relpath(target)
    refuse_outside(target)
    store.update(target, lambda content: edit.inserted(content, shown, entry))
    return shown


def refuse_outside(path: str) -> None:
    """Raise UserError for a file of the repository that a symbolic link on the way leads out of it."""
    top = baseline.top_or_here()
    lies = os.path.abspath(path)
    real = os.path.join(os.path.realpath(os.path.dirname(lies)), os.path.basename(lies))
    roots = {top, os.path.realpath(top)}
    inside = any(os.path.commonpath((root, lies)) == root for root in roots)
    if inside and os.path.commonpath((os.path.realpath(top), real)) != os.path.realpath(top):
        raise UserError(f"{os.path.relpath(path)} leads out of the repository, by a symbolic link.", "Name the place itself.")


def erase(unwanted: Iterable[Entry]) -> list[str]:
    """Remove entries from their files; a file that only held them goes too. Gives the files' paths."""
    by_file: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for entry in unwanted:
        by_file.setdefault(entry.file, set()).add((entry.fingerprint, entry.paths))
    for path, keys in by_file.items():
        refuse_outside(path)
        store.update(path, lambda content, path=path, keys=keys: _without(content, path, keys))  # type: ignore[misc]
    return list(by_file)


def _without(content: bytes, path: str, keys: set[tuple[str, tuple[str, ...]]]) -> bytes | None:
    if not content:  # whoever removed the last entry meanwhile removed the file
        return None
    left = edit.removed(content, path, keys)
    return None if left.split() == b"version: 1 allow: []".split() else left


def reviewer() -> str:
    """The one who decides, as git knows them: `Name <mail>`."""
    name, mail = ((setting(f"user.{key}") or "").strip() for key in ("name", "email"))
    return f"{name} <{mail}>" if name and mail else name or mail


def expiry(text: str) -> datetime.date | None:
    """The day that `2027-11-25` or a number of days from today stands for; None for an empty text."""
    if not text.strip():
        return None
    days = text.strip().rstrip("d")
    try:
        last = today() + datetime.timedelta(days=int(days)) if days.isdecimal() else datetime.date.fromisoformat(days)
    except (ValueError, OverflowError):
        raise UserError(f"{text.strip()!a} is no day.", "Write it as 2027-11-25, or as a number of days.") from None
    if last < today():
        raise UserError(f"{last} is over.", "Take a later day.")
    return last


def made(finding: Finding | None, fingerprint: str, status: str, reason: str, paths: Iterable[str], expires: str) -> Entry:
    """A new entry, reviewed today by the one whom git knows."""
    if status not in STATUSES:
        raise UserError(f"{status!a} is no status.", f"Take one of {', '.join(STATUSES)}.")
    if not reason.strip():
        raise UserError("an exception needs a reason.", "Say why this value may be committed.")
    return Entry(
        fingerprint=fingerprint,
        status=status,
        reason=" ".join(reason.split()),
        paths=tuple(sorted(path.strip() for path in paths if path.strip())),
        expires_on=expiry(expires),
        rule=finding.rule if finding else "",
        redacted=finding.redacted if finding else "",
        reviewed_by=reviewer(),
        reviewed_on=today(),
    )
