"""What came of one repository, and of all of them together. No secret in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from alikey_hook.finding import Finding
from alikey_hook.report.about import Lost
from alikey_hook.report.read import finding
from alikey_hook.result import Result


class Outcome(NamedTuple):
    """What was found in a repository, and how much of it was looked at, see `history.walk.Walked`.

    `problem`: why it, or something in it, was not looked at.
    """

    repository: str
    findings: list[Finding] = []  # noqa: RUF012 - never changed
    objects: int = 0
    bytes: int = 0
    skipped: int = 0
    missing: int = 0
    unread: int = 0
    problem: str | None = None

    @property
    def lost(self) -> str | None:
        """What was not looked at, in words; None where all was."""
        if self.missing and not self.problem:
            return f"{self.missing} objects are not here (a partial clone, or a damaged one)"
        return self.problem


def as_fields(outcome: Outcome) -> dict[str, Any]:
    """An outcome as what JSON has."""
    return {**outcome._asdict(), "findings": [finding._asdict() for finding in outcome.findings]}


def from_fields(fields: dict[str, Any]) -> Outcome:
    """And back. Raises TypeError, KeyError or UserError where it is none."""
    findings = [_whole(at, one) for at, one in enumerate(fields["findings"])]
    outcome = Outcome(**{**fields, "findings": findings})
    numbers = (outcome.objects, outcome.bytes, outcome.skipped, outcome.missing, outcome.unread)
    texts = isinstance(outcome.repository, str) and isinstance(outcome.problem, (str, type(None)))
    if not texts or not all(type(number) is int for number in numbers):
        raise TypeError("no outcome")
    return outcome


def _whole(at: int, fields: dict[str, Any]) -> Finding:
    """A finding with what a report leaves out."""
    blob, hashed = fields["blob"], fields["hashed"]
    if not isinstance(blob, str) or not isinstance(hashed, str):
        raise TypeError("no finding")
    return finding(at, fields)._replace(blob=blob, hashed=hashed)


def merged(outcomes: Iterable[Outcome]) -> Result:
    """All of them as one result; in whatever order they came, it is the same."""
    total = Result([], 0, 0)
    for outcome in outcomes:
        findings = [finding._replace(repository=outcome.repository) for finding in outcome.findings]
        one = Result(findings, outcome.objects, outcome.bytes)
        one.unread = outcome.unread
        total.add(one)
    total.findings.sort(key=lambda f: (f.author_date or "", f.repository, f.path, f.line, f.column, f.rule, f.fingerprint))
    return total


def lost(outcomes: Iterable[Outcome]) -> tuple[Lost, ...]:
    """What was not looked at, by the repositories' names."""
    known = ((outcome.repository, outcome.lost) for outcome in outcomes)
    return tuple(sorted(Lost(repository, why) for repository, why in known if why))
