"""From a source to an exit code: what `hook` and `scan` both do after they know where to look."""

from __future__ import annotations

import os
import sys

from alikey_hook.changes import Change
from alikey_hook.commands.settings import Settings
from alikey_hook.scan import Options, scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from alikey_hook.allowlist import Allowlist
    from alikey_hook.result import Result

LEAK, CLEAN = 1, 0


class Check:
    """One look: `changes` and how to `read` them, the `allowlist` that goes with them.

    `staged`: whether the changes are about to be committed; `summary`: whether to say so when nothing leaks.
    """

    __slots__ = ("allowlist", "changes", "read", "staged", "summary")

    def __init__(
        self,
        changes: list[Change],
        read: Callable[[str], bytes],
        allowlist: Callable[[], Allowlist],
        staged: bool = False,
        summary: bool = False,
    ) -> None:
        self.changes = changes
        self.read = read
        self.allowlist = allowlist
        self.staged = staged
        self.summary = summary


def check(look: Check, settings: Settings) -> int:
    """Scan, report, and give the exit code."""
    allowlist = _once(look.allowlist)
    if any(change.path.startswith("baseline/alikey") for change in look.changes):
        allowlist()  # a broken baseline is refused when it is committed, not when the next finding needs it
    result = scan(look.changes, look.read, allowlist, Options(settings.min_confidence, settings.inline_allow))
    if result.findings or look.summary or settings.format != "text" or settings.output:
        _report(result, look, settings)
    return LEAK if result.blocks else CLEAN


def _once(load: Callable[[], Allowlist]) -> Callable[[], Allowlist]:
    loaded: list[Allowlist] = []

    def get() -> Allowlist:
        if not loaded:
            loaded.append(load())
        return loaded[0]

    return get


def _report(result: Result, look: Check, settings: Settings) -> None:
    from alikey_hook.commands.output import chosen_language, use_color, write

    if settings.format == "json":
        from alikey_hook.report import json

        write(json.render(result), settings.output)
        return
    from alikey_hook.report import text

    language = chosen_language(settings.language)
    color = use_color(settings.color, settings.output)
    rendered = text.render(result, language, color, settings.verbosity > 0)
    blocking = [finding for finding in result.findings if finding.status in ("new", "expired")]
    if blocking:
        from alikey_hook.response.advice import advice

        rendered += "\n" + advice(blocking, language, look.staged)
    if rendered or settings.output:
        write(rendered, settings.output)
    if settings.verbosity >= 0 and (look.summary or rendered):
        print(text.summary(result, language), file=sys.stderr, flush=True)


def top_or_here() -> str:
    """The top of the repository around the current folder, or that folder where there is no repository."""
    from alikey_hook.git.process import GitError
    from alikey_hook.git.tree import repository

    try:
        return repository().top
    except GitError:
        return os.getcwd()
