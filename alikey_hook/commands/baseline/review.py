"""`alikey-hook baseline review`: go through what is found and not allowed yet, and decide."""

from __future__ import annotations

import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence

from alikey_hook import clock
from alikey_hook.allowlist.match import Entry, covers
from alikey_hook.commands import reading
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.baseline import entries
from alikey_hook.commands.baseline.asking import Asker, Quit
from alikey_hook.commands.baseline.words import words
from alikey_hook.commands.output import chosen_language, use_color
from alikey_hook.errors import UserError
from alikey_hook.finding import CONFIDENCES, Finding, at_least
from alikey_hook.git.tree import repository
from alikey_hook.report import text, uri
from alikey_hook.report.printable import printable
from alikey_hook.response.advice import advice
from alikey_hook.result import Result

_DESCRIPTION = """\
Go through what is found and not decided yet. Each decision is written at once, so that a review can be left and taken
up again at any time. On a terminal one key is enough; from a pipe, answers are read line by line: the decision (letter
or word), then for an exception the reason, the paths and the expiry, each on a line that may be empty where it says so.
exit code: 0 everything is decided and nothing of it leaked, 1 something is left or leaked, 2 it could not look"""
_STATUS = {"f": "false-positive", "t": "test-fixture", "e": "example", "r": "revoked", "l": "leaked"}
_CHOICES = {**_STATUS, "s": "skip", "b": "back", "q": "quit"}
_PLACES = 8


def main(argv: Sequence[str]) -> int:
    """Review; the exit code is 0 or 1."""
    options = parser().parse_args(list(argv))
    if options.staged and (options.paths or options.history):
        parser().error("--staged takes no PATH and no --history")
    if options.report is None:
        found = entries.found(options.paths, options.staged, options.history)
    elif options.paths or options.staged or options.history:
        parser().error("--from takes no PATH, no --staged and no --history")
    else:
        found = _reported(options.report)
    accepted = at_least(options.min_confidence)
    groups = _undecided([f for f in found if f.confidence in accepted], entries.entries(options.baseline))
    review = _Review(groups, options.baseline, options.file, chosen_language(options.lang), use_color(options.color, None))
    try:
        review.run()
    except Quit:
        print()
    return review.finish()


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook baseline review", description=_DESCRIPTION, formatter_class=RawDescriptionHelpFormatter)
    entries.add_where(made)
    add = made.add_argument
    add("--from", dest="report", metavar="REPORT", help="what a JSON or SARIF report found, instead of looking")
    entries.add_baseline(made)
    add("--file", metavar="PATH", help="write into this file, instead of one a value below baseline/")
    add("--min-confidence", choices=CONFIDENCES, default="medium", help="as for scan (default: medium)")
    add("--color", choices=("auto", "always", "never"), default="auto", help="colour the findings (default: on a terminal)")
    add(
        "--lang",
        choices=("auto", "en", "zh"),
        default="auto",
        help="language of findings, questions and advice (default: the locale's)",
    )
    return made


def _reported(name: str) -> list[Finding]:
    """What a report found; where a value still stands in its file here, with its line of now."""
    if name == reading.STDIN:
        raise UserError("standard input is where the answers come from.", "Write the report into a file, and name that.")
    reported = reading.report(name)[0].findings
    top = repository().top
    # A report may come from anywhere: what it names outside the repository is not opened.
    named = dict.fromkeys(os.path.join(top, one.path) for one in reported if uri.relative(one.path) is not None)
    paths = [path for path in named if os.path.isfile(path)]
    here: dict[tuple[str, str], list[Finding]] = {}
    for one in entries.found(paths) if paths else []:
        here.setdefault((one.path, one.fingerprint), []).append(one)
    return [_now(one, here.get((one.path, one.fingerprint))) for one in reported]


def _now(reported: Finding, here: list[Finding] | None) -> Finding:
    if not here:
        return reported
    now = min(here, key=lambda one: (abs(one.line - reported.line), abs(one.column - reported.column)))
    return reported._replace(
        line=now.line,
        column=now.column,
        end_column=now.end_column,
        excerpt=now.excerpt,
        excerpt_column=now.excerpt_column,
        excerpt_width=now.excerpt_width,
    )


def _undecided(found: list[Finding], known: list[Entry]) -> list[list[Finding]]:
    """The findings of each value that no entry speaks of, not even one that says `leaked`, in the order of their places."""
    today = clock.today()
    decided: dict[str, list[Entry]] = {}
    for entry in known:
        if entry.expires_on is None or entry.expires_on >= today:
            decided.setdefault(entry.fingerprint, []).append(entry)
    groups: dict[str, list[Finding]] = {}
    for finding in found:
        if not any(covers(entry, finding.path) for entry in decided.get(finding.fingerprint, ())):
            groups.setdefault(finding.fingerprint, []).append(finding)
    return list(groups.values())


class _Review:
    """The state of one session: which value is asked about, and what was written for each."""

    def __init__(self, groups: list[list[Finding]], named: list[str], file: str | None, language: str, color: bool) -> None:
        self._groups = groups
        self._named = named
        self._file = file
        self._language = language
        self._color = color
        self._written: dict[int, Entry] = {}
        self._words = words(language)
        self._ask = Asker(self._words.one_of)
        self._reason = ""

    def run(self) -> None:
        """Ask about one value after the other, until all are decided or skipped."""
        at = 0
        while at < len(self._groups):
            self._show(at)
            choice = self._ask.choice(self._words.question, _CHOICES)
            if choice == "q":
                return
            if choice == "b":
                at = max(0, at - 1)
                continue
            if choice in _STATUS:
                self._decide(at, _STATUS[choice])
            at += 1

    def finish(self) -> int:
        """Tell what is left; gives the exit code."""
        leaked = sum(entry.status == "leaked" for entry in self._written.values())
        # Counted by what the baseline now says: paths may cover some places of a value and not others.
        left = len(_undecided([finding for group in self._groups for finding in group], entries.entries(self._named)))
        print(self._words.end.format(decided=len(self._written), leaked=leaked, left=left))
        return 1 if left or leaked else 0

    def _show(self, at: int) -> None:
        group = self._groups[at]
        first = group[0]._replace(status="new")
        print(
            f"\n[{at + 1}/{len(self._groups)}] {text.render(Result([first], 1, 0), self._language, self._color, True)}", end=""
        )
        for other in group[1 : 1 + _PLACES]:
            place = f"{printable(other.path)}:{other.line}:{other.column}"
            print(f"    {self._words.also.format(place=place)}")
        if len(group) > 1 + _PLACES:
            print(f"    {self._words.more.format(count=len(group) - 1 - _PLACES)}")
        if first.partner:
            print(f"    {self._words.partner.format(partner=f'{first.partner[:19]}…')}")
        print(f"    {first.fingerprint}")
        if at in self._written:
            written = self._written[at]
            print(f"    {self._words.before.format(status=written.status, reason=printable(written.reason))}")

    def _decide(self, at: int, status: str) -> None:
        finding = self._groups[at][0]
        if status == "leaked":
            print("\n" + advice([finding], self._language, "commits" if finding.commit else "files", leaked=True), end="")
        words = self._words
        usual = words.leaked if status == "leaked" else self._reason
        asked = words.reason_or.format(usual=usual) if usual else words.reason
        reason = self._ask.until(asked, lambda line: entries.made(None, "", status, line or usual, (), "")) or usual
        if status != "leaked":
            self._reason = reason
        paths, expires = "", ""
        if status != "leaked":
            paths = self._ask.line(words.paths)
            expires = self._ask.until(words.expires, entries.expiry)
        entry = entries.made(finding, finding.fingerprint, status, reason, paths.split(), expires)
        known = entries.entries(self._named)
        before = self._written.get(at)
        if before and before.paths != entry.paths:
            entries.erase([old for old in known if (old.fingerprint, old.paths) == (before.fingerprint, before.paths)])
            known = entries.entries(self._named)
        print(words.records.format(file=printable(entries.write(entry, self._file, known))))
        self._written[at] = entry
