"""The table of findings: complete without JavaScript, sorted and filtered with it.

Rows are grids, so that of many a browser lays out only those in sight (thousands would take seconds); roles say what they are.
"""

from __future__ import annotations

from collections.abc import Iterable

from alikey_hook.finding import SEVERITIES, Finding
from alikey_hook.report.html.escape import isolated, line, text
from alikey_hook.report.html.words import Words
from alikey_hook.report.rows import rows
from alikey_hook.report.words import shown

_STATUSES = ("new", "expired", "existing", "allowed")
_REFS = 5
_PLACES = 50
_MANY = 200


def table(findings: list[Finding], phrases: Words) -> str:
    """The section with the filter and the table; nothing where nothing was found."""
    if not findings:
        return ""
    ordered = sorted(rows(findings), key=lambda same: (SEVERITIES.index(same[0].severity), _STATUSES.index(same[0].status)))
    headings = "".join(f'<th scope="col" role="columnheader">{text(heading)}</th>' for heading in phrases.columns.values())
    dated = "" if any(finding.commit for finding in findings) else " undated"
    many = ' class="many"' if len(ordered) > _MANY else ""
    lines = "".join(_row(same, phrases) for same in ordered)
    return (
        f'<section><h2 id="findings">{text(phrases.findings)}</h2>{_filter(findings, phrases)}'
        '<div class="wide" tabindex="0" role="region" aria-labelledby="findings">'
        f'<table class="findings{dated}" role="table"><thead role="rowgroup"><tr role="row">{headings}</tr></thead>'
        f'<tbody role="rowgroup"{many}>\n{lines}</tbody></table></div></section>\n'
    )


def _filter(findings: list[Finding], phrases: Words) -> str:
    severities = {name: phrases.severity[name] for name in SEVERITIES if any(f.severity == name for f in findings)}
    statuses = {name: phrases.status[name] for name in _STATUSES if any(f.status == name for f in findings)}
    rules = {rule: rule for rule in sorted({f.rule for f in findings})}
    return (
        '<form class="filter" hidden>'
        f'<label>{text(phrases.search)}<input name="search" type="search" autocomplete="off"></label>'
        f"{_select('severity', phrases.columns['severity'], severities, phrases)}"
        f"{_select('status', phrases.columns['status'], statuses, phrases)}"
        f"{_select('rule', phrases.columns['what'], rules, phrases)}"
        f'<output data-words="{text(phrases.shown)}"></output></form>'
    )


def _select(name: str, label: str, options: dict[str, str], phrases: Words) -> str:
    listed = "".join(f'<option value="{text(value)}">{text(says)}</option>' for value, says in options.items())
    return f'<label>{text(label)}<select name="{name}"><option value="">{text(phrases.any)}</option>{listed}</select></label>'


def _row(same: list[Finding], phrases: Words) -> str:
    """One row: a finding, or in an audit a value with all its places."""
    finding = same[0]
    severity, status = finding.severity, finding.status
    place = f"{finding.where} {finding.line:09} {finding.column:09}"
    cells = (
        _cell(str(SEVERITIES.index(severity)), f'<span class="severity {severity}">{text(phrases.severity[severity])}</span>'),
        _cell(str(_STATUSES.index(status)), text(phrases.status[status]) + _decided(finding, phrases)),
        _cell(finding.rule, _what(finding, phrases)),
        _cell(place, _where(finding) + _also(same[1:], phrases)),
        _cell(finding.author_date or "", _since(finding, phrases), phrases.columns["since"]),
        _cell(str(finding.in_tip), _still(finding, phrases), phrases.columns["still"]),
    )
    keys = f'data-severity="{severity}" data-status="{status}" data-rule="{text(finding.rule)}"'
    return f'<tr role="row" {keys}>{"".join(cells)}</tr>\n'


def _cell(key: str, content: str, label: str = "") -> str:
    """One cell; `label`: what stands above it in a narrow window, where the headings do not."""
    labelled = f' data-label="{text(label)}"' if label else ""
    return f'<td role="cell" data-key="{text(key)}"{labelled}>{content}</td>'


def _decided(finding: Finding, phrases: Words) -> str:
    return _notes([phrases.by.format(what=finding.decided_by)] if finding.decided_by else [])


def _what(finding: Finding, phrases: Words) -> str:
    notes = [phrases.pair] if finding.partner else []
    if finding.encoding != "plain":
        notes.append(phrases.encoded.format(encoding=finding.encoding))
    if finding.source:
        notes.append(phrases.own.format(source=finding.source))
    return (
        f'<a href="#{text(finding.rule)}">{text(finding.rule)}</a><br>{isolated(shown(finding.redacted, phrases.characters))}'
        f'<br><code class="short" title="{text(finding.fingerprint)}">{text(finding.fingerprint[:19])}…</code>{_notes(notes)}'
    )


def _where(finding: Finding) -> str:
    place = f"<code>{isolated(finding.where)}:{finding.line}:{finding.column}</code>"
    if not finding.excerpt:
        return place
    shown = line(finding.excerpt, finding.excerpt_column, finding.excerpt_width)
    return f'{place}<pre dir="ltr"><code>{shown}</code></pre>'


def _also(others: list[Finding], phrases: Words) -> str:
    places = (f"{other.where}:{other.line}:{other.column}" for other in others[:_PLACES])
    more = [phrases.more_places.format(count=len(others) - _PLACES)] if len(others) > _PLACES else []
    return _notes([*(phrases.also.format(place=place) for place in places), *more])


def _since(finding: Finding, phrases: Words) -> str:
    notes = [phrases.until.format(date=finding.last_date)] if finding.in_tip is False and finding.last_date else []
    commit = f"<br><code>{text(finding.commit[:12])}</code>" if finding.commit else ""
    return text(finding.author_date or "") + commit + _notes(notes)


def _still(finding: Finding, phrases: Words) -> str:
    names = [ref.removeprefix("refs/").removeprefix("heads/") for ref in finding.refs]
    more = [f"+ {len(names) - _REFS}"] if len(names) > _REFS else []
    return text(phrases.in_tip[finding.in_tip]) + _notes(names[:_REFS] + more)


def _notes(notes: Iterable[str]) -> str:
    return "".join(f'<br><span class="note">{isolated(note)}</span>' for note in notes)
