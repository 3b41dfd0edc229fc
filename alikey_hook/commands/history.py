"""`alikey-hook scan --history`: has it ever leaked?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from alikey_hook.commands import checking, looks
from alikey_hook.commands.settings import Settings
from alikey_hook.errors import UserError
from alikey_hook.git.process import Blobs, answered
from alikey_hook.git.tree import repository
from alikey_hook.history.walk import Progress, Walked, Wish, walk
from alikey_hook.own_keys import OwnKeys
from alikey_hook.result import Result
from alikey_hook.scan import decided


def main(where: str | None, settings: Settings, all_objects: bool, max_blob_size: int, cache: str | None) -> int:
    """Walk through the history of the repository at `where` (here, if None); gives the exit code."""
    cache = os.path.abspath(cache) if cache else None
    settings.output = os.path.abspath(settings.output) if settings.output else None
    settings.baseline = [os.path.abspath(path) for path in settings.baseline]
    if where is not None:
        try:
            os.chdir(where)
        except OSError as error:
            raise UserError(f"{where} cannot be entered: {error.strerror}.", "Name a folder with a repository.") from None
    repository()
    own = OwnKeys(os.environ).sources if settings.own_keys else {}
    wish = Wish(os.getcwd(), settings.min_confidence, settings.inline_allow, own, all_objects, max_blob_size, cache)
    with _progress(settings) as progress:
        walked = walk(wish, progress)
    complete = not (walked.partial or walked.missing)
    code = checking.report(_judged(walked, settings), looks.COMMITS, settings, summary=True, complete=complete)
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
            head = answered("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
            tip = head.decode("ascii").strip() if head else None
            allowlist = looks.commits([], tip, settings, blobs).allowlist()
        finally:
            blobs.close()
        result.findings = [decided(finding, allowlist, existing=False) for finding in walked.findings]
    return result


def _incomplete(walked: Walked) -> list[str]:
    """What was not looked at, in words."""
    lines = []
    if walked.partial:
        lines.append("interrupted: this report is partial")
    if walked.missing:
        lines.append(f"{walked.missing} objects are not here (a partial clone, or a damaged one) and were not looked at")
    if walked.skipped:
        lines.append(f"note: {walked.skipped} objects over the size limit (--max-blob-size) were not looked at")
    return lines


@contextmanager
def _progress(settings: Settings) -> Iterator[Progress]:
    """A progress bar where a terminal watches and `rich` is installed; nothing elsewhere."""
    if settings.verbosity >= 0 and sys.stderr is not None and sys.stderr.isatty():
        try:
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
            from rich.progress import Progress as Bar
        except ImportError:
            pass
        else:
            columns = (
                BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
                TextColumn("{task.fields[objects]} objects, {task.fields[found]} with findings"),
            )  # fmt: skip
            with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task("history", total=None, objects=0, found=0)

                def show(done: int, total: int, objects: int, found: int) -> None:
                    bar.update(task, completed=done, total=total, objects=objects, found=found)

                yield show
            return
    yield lambda done, total, objects, found: None
