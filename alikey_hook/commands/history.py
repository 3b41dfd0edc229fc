"""`alikey-hook scan --history`: has it ever leaked?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from alikey_hook.commands import checking, looks
from alikey_hook.commands.progress import bar
from alikey_hook.commands.settings import Settings
from alikey_hook.errors import UserError
from alikey_hook.git.blobs import Blobs
from alikey_hook.git.diff import commit_of
from alikey_hook.git.tree import repository
from alikey_hook.history.cache import Cache
from alikey_hook.history.walk import Progress, Walked, Wish, walk
from alikey_hook.history.worker import How
from alikey_hook.limit import rest
from alikey_hook.own_keys import OwnKeys
from alikey_hook.result import Result
from alikey_hook.scan import decided

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.progress import ProgressColumn


def main(where: str | None, settings: Settings, all_objects: bool, max_blob_size: int, cache_folder: str | None) -> int:
    """Walk through the history of the repository at `where` (here, if None); gives the exit code."""
    folder = os.path.abspath(cache_folder) if cache_folder else None
    settings.output = os.path.abspath(settings.output) if settings.output else None
    settings.baseline = [os.path.abspath(path) for path in settings.baseline]
    if where is not None:
        try:
            os.chdir(where)
        except OSError as error:
            raise UserError(f"{where} cannot be entered: {error.strerror}.", "Name a folder with a repository.") from None
    repository()
    own = OwnKeys(os.environ).sources if settings.own_keys else {}
    how = How(os.getcwd(), settings.min_confidence, settings.inline_allow, own)
    cache = Cache(folder, how) if folder else None
    with _progress(settings) as progress:
        walked = walk(Wish(how, all_objects, max_blob_size, cache), progress)
    counts = ("bytes", walked.bytes, "skipped", walked.skipped, "missing", walked.missing)
    sys.audit("alikey_hook", "objects", walked.objects, *counts, "findings", len(walked.findings))
    complete = not (walked.partial or walked.missing)
    result = _judged(walked, settings)
    rest()
    code = checking.report(result, looks.COMMITS, settings, summary=True, complete=complete)
    if cache:
        cache.save()
    for line in _incomplete(walked):
        print(f"alikey-hook: {line}", file=sys.stderr)
    return code if complete else 2


def _judged(walked: Walked, settings: Settings) -> Result:
    """What was found, with what the baseline of HEAD (or of --baseline-ref) says of it."""
    result = Result(walked.findings, walked.objects, walked.bytes)
    result.unread = walked.unread
    if walked.findings:
        blobs = Blobs()
        try:
            allowlist = looks.commits([], commit_of("HEAD"), settings, blobs).allowlist()
        finally:
            blobs.close()
        result.findings = [decided(finding, allowlist, existing=False) for finding in walked.findings]
    return result


def _incomplete(walked: Walked) -> list[str]:
    """What was not looked at, in words."""
    lines = []
    if walked.partial:
        left = f"; {walked.left} objects were not looked at" if walked.over else ""
        lines.append(f"{walked.over or 'interrupted'}: this report is partial{left}")
    if walked.missing:
        lines.append(f"{walked.missing} objects are not here (a partial clone, or a damaged one) and were not looked at")
    if walked.skipped:
        lines.append(f"note: {walked.skipped} objects over the size limit (--max-blob-size) were not looked at")
    return lines


def _columns() -> tuple[ProgressColumn, ...]:
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    words = TextColumn("{task.fields[objects]} objects, {task.fields[found]} with findings")
    return BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(), words


@contextmanager
def _progress(settings: Settings) -> Iterator[Progress]:
    shown = bar(_columns) if settings.verbosity >= 0 else None
    if shown is None:
        yield lambda done, total, objects, found: None
        return
    with shown:
        task = shown.add_task("history", total=None, objects=0, found=0)
        yield lambda done, total, objects, found: shown.update(task, completed=done, total=total, objects=objects, found=found)
