"""When each secret entered, and when it left: inline SVG, one line a secret."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from alikey_hook.finding import Finding
from alikey_hook.report.html.escape import text
from alikey_hook.report.html.words import Words
from alikey_hook.report.printable import printable, width
from alikey_hook.report.words import shown

_SHOWN = 100
_LABELS, _WIDTH, _RIGHT, _ROW, _TOP = 300, 1000, 90, 22, 34
_TICKS = 6
_CELLS = 40


class Span(NamedTuple):
    """One secret's time, in days (`date.toordinal`). `in_tip`: whether files still have it, None where that is not known."""

    finding: Finding
    start: int
    end: int | None
    in_tip: bool | None
    pushed: bool


def spans(findings: list[Finding]) -> list[Span]:
    """The secrets whose commits are known, oldest first."""
    by_value: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.author_date:
            by_value.setdefault(finding.fingerprint, []).append(finding)
    return sorted((_span(same) for same in by_value.values()), key=lambda span: span.start)


def _span(same: list[Finding]) -> Span:
    first = min(same, key=lambda finding: finding.author_date or "")
    tips = {finding.in_tip for finding in same}
    in_tip = True if True in tips else False if False in tips else None
    last = max((finding.last_date or finding.author_date or "" for finding in same), default="")
    pushed = any(ref.startswith("refs/remotes/") for finding in same for ref in finding.refs)
    start = _day(first.author_date or "")
    return Span(first, start, max(start, _day(last)) if in_tip is False else None, in_tip, pushed)


def _day(date: str) -> int:
    return datetime.date.fromisoformat(date).toordinal()


def timeline(findings: list[Finding], today: float, phrases: Words) -> str:
    """The section with the picture; nothing where no commit is known. `today`: seconds since 1970."""
    every = spans(findings)
    if not every:
        return ""
    shown = every[:_SHOWN]
    last_day = datetime.datetime.fromtimestamp(today, datetime.timezone.utc).date().toordinal()
    low, high = shown[0].start, max(last_day, *(span.end or span.start for span in shown)) + 1
    rows = "".join(_row(span, at, low, high, phrases) for at, span in enumerate(shown))
    height = _TOP + _ROW * len(shown) + 10
    more = phrases.more.format(shown=len(shown), count=len(every)) if len(every) > len(shown) else ""
    return (
        f'<section><h2 id="timeline">{text(phrases.timeline)}</h2>'
        f'<p class="quiet">{text(phrases.timeline_says)} {text(more)}</p>{_legend(phrases)}'
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="timeline">'
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="timeline">{_axis(low, high, height)}{rows}</svg>'
        "</div></section>\n"
    )


def _x(day: int, low: int, high: int) -> float:
    return round(_LABELS + (_WIDTH - _RIGHT - _LABELS) * (day - low) / (high - low), 1)


def _axis(low: int, high: int, height: int) -> str:
    ticks = min(_TICKS, high - low)
    lines = []
    for number in range(ticks + 1):
        day = low + (high - low) * number // ticks
        x = _x(day, low, high)
        date = datetime.date.fromordinal(min(day, high - 1)).isoformat()
        lines.append(f'<line class="grid" x1="{x}" x2="{x}" y1="22" y2="{height}"/>')
        lines.append(f'<text class="tick" x="{x}" y="15" text-anchor="middle">{date}</text>')
    return "".join(lines)


def _row(span: Span, at: int, low: int, high: int, phrases: Words) -> str:
    finding, middle = span.finding, _TOP + _ROW * at + _ROW // 2
    start, edge = _x(span.start, low, high), _x(high, low, high)
    dates = {"start": finding.author_date, "end": _iso(span.end)}
    redacted = shown(finding.redacted, phrases.characters)
    said = f"{redacted}, {finding.path}: {phrases.bar[span.in_tip].format(**dates)}"
    shapes = ""
    if span.in_tip:
        shapes = _bar("live", start, edge, middle)
    elif span.end is not None:
        end = _x(span.end, low, high)
        shapes = _bar("gone", start, end, middle)
        shapes += f'<line class="history" x1="{max(end, start + 4)}" x2="{edge}" y1="{middle}" y2="{middle}"/>'
    pushed = f'<text x="{edge + 6}" y="{middle + 4}">{text(phrases.pushed)}</text>' if span.pushed else ""
    allowed = " allowed" if finding.status == "allowed" else ""
    return (
        f'<g class="secret{allowed}" data-start="{finding.author_date}" data-end="{_iso(span.end) or ""}">'
        f"<title>{text(said)}</title>"
        f'<text x="8" y="{middle + 4}">{text(_short(printable(f"{redacted}  {finding.path}")[:400]))}</text>'
        f'{shapes}<circle class="entry" cx="{start}" cy="{middle}" r="4"/>{pushed}</g>'
    )


def _bar(kind: str, start: float, end: float, middle: int) -> str:
    return f'<rect class="{kind}" x="{start}" y="{middle - 5}" width="{round(max(4.0, end - start), 1)}" height="10" rx="2"/>'


def _iso(day: int | None) -> str | None:
    return None if day is None else datetime.date.fromordinal(day).isoformat()


def _short(label: str) -> str:
    """What fits beside the bars: the beginning and the end, as a path is known by both."""
    if width(label) <= _CELLS:
        return label
    kept = len(label)
    while width(label[: kept // 2]) + width(label[-(kept // 2) :]) >= _CELLS:
        kept -= 2
    return f"{label[: kept // 2]}…{label[-(kept // 2) :]}"


def _legend(phrases: Words) -> str:
    shapes = {
        "live": '<rect class="live" y="1" width="28" height="10" rx="2"/>',
        "gone": '<rect class="gone" y="1" width="28" height="10" rx="2"/>',
        "history": '<line class="history" x1="0" x2="28" y1="6" y2="6"/>',
        "allowed": '<g class="allowed"><rect class="live" y="1" width="28" height="10" rx="2"/></g>',
    }
    entries = (
        f'<li><svg viewBox="0 0 28 12" aria-hidden="true">{shapes[key]}</svg> {text(says)}</li>'
        for key, says in phrases.legend.items()
    )
    return f'<ul class="legend">{"".join(entries)}</ul>'
