"""What came of an audit, told: each repository as it is done, and all of them together."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from alikey_hook.audit.outcome import Outcome, lost, merged
from alikey_hook.commands import looks
from alikey_hook.commands.checking import CLEAN, LEAK
from alikey_hook.commands.formats import write_report, write_text
from alikey_hook.commands.output import write
from alikey_hook.commands.progress import bar
from alikey_hook.commands.settings import Settings
from alikey_hook.report.about import Lost, Origin
from alikey_hook.report.json import fields
from alikey_hook.report.printable import printable
from alikey_hook.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.progress import ProgressColumn

    Told = Callable[[Outcome], None]

LINES = "jsonl"
INCOMPLETE = 2


def report(outcomes: list[Outcome], settings: Settings, unwritten: int) -> int:
    """Report on all of them, and give the exit code."""
    result, missed = merged(outcomes), lost(outcomes)
    origin = Origin(looks.COMMITS, complete=not missed, repositories=len(outcomes), not_looked_at=missed)
    if settings.format == "text":
        write_text(result, looks.COMMITS, settings, summary=True)
    elif settings.format != LINES:
        write_report(result, origin, settings)
    elif settings.output:
        write("".join(map(_as_line, sorted(outcomes, key=lambda outcome: outcome.repository))), settings.output)
    for line in _said(outcomes, missed, unwritten):
        print(f"alikey-hook: {printable(line)}", file=sys.stderr)
    if missed or unwritten:
        return INCOMPLETE
    return LEAK if result.blocking else CLEAN


def _said(outcomes: list[Outcome], missed: Sequence[Lost], unwritten: int) -> Iterator[str]:
    for one in missed:
        yield f"not looked at, or not whole: {one.repository}: {one.why}"
    if skipped := sum(outcome.skipped for outcome in outcomes):
        yield f"note: {skipped} objects over the size limit (--max-blob-size) were not looked at"
    if unwritten:
        yield f"how far it is could not be written down for {unwritten} repositories; --resume would look at them again"
    yield f"{len(outcomes) - len(missed)} of {len(outcomes)} repositories looked at whole"


def write_line(outcome: Outcome) -> None:
    """Write what came of a repository as a line of JSON, at once."""
    write(_as_line(outcome), None)


def _as_line(outcome: Outcome) -> str:
    """One repository as a line of JSON."""
    found = [fields(finding._replace(repository=outcome.repository)) for finding in outcome.findings]
    known = outcome._asdict() | {"findings": found, "problem": outcome.lost}
    return json.dumps(known) + "\n"


@contextmanager
def progress(settings: Settings, repositories: int) -> Iterator[Told]:
    """What is to be told of each outcome, for a bar where a terminal watches."""
    shown = bar(_columns) if settings.verbosity >= 0 else None
    if shown is None:
        yield lambda outcome: None
        return
    total, lost, start = Result([], 0, 0), 0, time.monotonic()

    def told(outcome: Outcome) -> None:
        nonlocal lost
        total.add(Result(outcome.findings, outcome.objects, outcome.bytes))
        lost += outcome.lost is not None
        speed = total.bytes / 1e6 / max(time.monotonic() - start, 0.001)
        words = f"{speed:.1f} MB/s, {len(total.findings)} findings, {lost} not looked at"
        shown.update(task, advance=1, words=words)

    with shown:
        task = shown.add_task("audit", total=repositories, words="")
        yield told


def _columns() -> tuple[ProgressColumn, ...]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    return (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("repositories"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[words]}"),
    )
