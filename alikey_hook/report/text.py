"""The report for people: where, what, in which line, and what to do."""

from __future__ import annotations

from alikey_hook.report.about import HELP
from alikey_hook.report.printable import printable, same_width, width
from alikey_hook.report.words import Words, counted, shown, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alikey_hook.finding import Finding
    from alikey_hook.result import Result

    Paint = Callable[[str, str], str]

_BOLD, _RED, _YELLOW, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[0m"
# OSC 8
_LINK = f"\x1b]8;;{HELP}\x1b\\{{words}}\x1b]8;;\x1b\\"

_PLACES = 5


def render(result: Result, language: str, color: bool, verbose: bool, links: bool = False) -> str:
    """One block a finding, of commits one block a secret; allowed ones only when `verbose`. Empty where there is nothing.

    `links`: whether a rule's name is a link, for terminals that follow those.
    """
    phrases = words(language)
    lines_of = {(f.where, f.commit, f.fingerprint): f.line for f in reversed(result.findings)}
    blocks = []
    for same in _grouped([finding for finding in result.findings if verbose or finding.status != "allowed"]):
        first = same[0]
        partner = lines_of.get((first.where, first.commit, first.partner or ""))
        blocks.append(_block(same, partner, phrases, _painter(color), links))
    return "\n".join(blocks)


def _grouped(findings: list[Finding]) -> list[list[Finding]]:
    """Findings of commits by secret and status, in the order in which they came; all others one by one.

    What a later commit still has of a secret that an earlier one brings is not told again.
    """
    brought = {finding.fingerprint for finding in findings if finding.commit and finding.status == "new"}
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        if finding.commit and finding.status == "existing" and finding.fingerprint in brought:
            continue
        key = (finding.fingerprint, finding.status) if finding.commit else (number,)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def summary(result: Result, language: str) -> str:
    """One line: what was found where, in numbers."""
    phrases = words(language)
    said = ([] if result.blocking else [phrases.clean]) + [counts(result, language, phrases.counts)]
    return phrases.summary.format(counts=phrases.comma.join(filter(None, said)), files=counted(result.files, language))


def counts(result: Result, language: str, of: Iterable[str]) -> str:
    """How many there are of each of these (a status, or `unread`), in words; those of which there is none are left out."""
    phrases = words(language)
    numbers = {key: result.unread if key == "unread" else result.count(key) for key in of}
    return phrases.comma.join(phrases.counts[key].format(count=count) for key, count in numbers.items() if count)


def _block(same: list[Finding], partner_line: int | None, phrases: Words, paint: Paint, links: bool) -> str:
    finding = same[0]
    where = f"{printable(finding.where)}:{finding.line}:{finding.column}:"
    rule = _LINK.format(words=finding.rule) if links else finding.rule
    severity = paint(phrases.severity[finding.severity], _RED if finding.blocks else _YELLOW)
    lines = [f"{paint(where, _BOLD)} {rule} {severity} {shown(finding.redacted, phrases.characters)}"]
    if finding.excerpt:  # reports of earlier versions have none
        lines += [f"    {line}" for line in _shown_line(finding, paint)]
    notes = list(_notes(finding, partner_line, phrases))
    if notes:
        lines.append(f"    {phrases.semicolon.join(notes)}")
    lines += [f"    {phrases.also.format(place=_place(other, phrases))}" for other in same[1 : 1 + _PLACES]]
    if len(same) > 1 + _PLACES:
        lines.append(f"    {phrases.more.format(count=len(same) - 1 - _PLACES)}")
    return "\n".join(lines) + "\n"


def _painter(color: bool) -> Paint:
    return (lambda text, code: f"{code}{text}{_PLAIN}") if color else (lambda text, code: text)


def _shown_line(finding: Finding, paint: Paint) -> Iterable[str]:
    excerpt = same_width(finding.excerpt)
    before = excerpt[: finding.excerpt_column]
    value = excerpt[finding.excerpt_column : finding.excerpt_column + finding.excerpt_width]
    yield excerpt
    yield " " * width(before) + paint("^" * max(1, width(value)), _RED)


def _notes(finding: Finding, partner_line: int | None, phrases: Words) -> Iterable[str]:
    if phrases.status[finding.status]:
        yield phrases.status[finding.status] + _decided(finding, phrases)
    if finding.source:
        yield phrases.own.format(source=printable(finding.source))
    if partner_line is not None:
        yield phrases.pair.format(line=partner_line)
    if finding.encoding != "plain":
        yield phrases.decoded.format(encoding=finding.encoding)
    if finding.commit:
        yield _came_in(finding, phrases)
    if finding.refs:
        names = [printable(ref.removeprefix("refs/").removeprefix("heads/")) for ref in finding.refs]
        yield phrases.refs.format(refs=", ".join(names[:_PLACES] + ["…"] * (len(names) > _PLACES)))
    elif finding.in_tip is not None:
        away = f" ({finding.last_commit[:12]})" if finding.last_commit and not finding.in_tip else ""
        yield phrases.in_tip[finding.in_tip] + away


def _decided(finding: Finding, phrases: Words) -> str:
    if not finding.decided_by:
        return ""
    of_this_commit = phrases.of_this_commit if finding.own_exception else ""
    return " " + phrases.decided.format(what=printable(finding.decided_by)) + of_this_commit


def _came_in(finding: Finding, phrases: Words) -> str:
    date = f" ({finding.author_date})" if finding.author_date else ""
    return phrases.in_commit.format(commit=(finding.commit or "")[:12], date=date)


def _place(finding: Finding, phrases: Words) -> str:
    return f"{printable(finding.where)}:{finding.line}:{finding.column}, {_came_in(finding, phrases)}"
