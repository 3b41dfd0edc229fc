"""The page: what was found, since when, what to do. Everything from the repository is text in it, and acts on nothing."""

from __future__ import annotations

import base64
import datetime
import hashlib
import re

from alikey_hook import __version__
from alikey_hook.report.about import About
from alikey_hook.report.html.escape import isolated, text
from alikey_hook.report.html.script import SCRIPT
from alikey_hook.report.html.style import STYLE
from alikey_hook.report.html.table import table
from alikey_hook.report.html.timeline import timeline
from alikey_hook.report.html.words import Words, words
from alikey_hook.report.text import counts
from alikey_hook.result import Result

_LINK = re.compile(r"https://[^\s<>()（）&；，。]+[^\s<>()（）&；，。.,;]")
_CODE = re.compile(r"`([^`]+)`")


def render(result: Result, about: About) -> str:
    """One page that asks no network and works without JavaScript; its policy lets nothing run but its own script."""
    phrases = words(about.language)
    language = "zh-Hans" if about.language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">\n'
        f"<title>{text(phrases.title)}</title>\n<style>{STYLE}</style></head>\n<body>\n"
        f"{_header(result, about, phrases)}<main>\n{_summary(result, phrases)}{_lost(about, phrases)}{_steps(about, phrases)}"
        f"{timeline(result.findings, about.ended, phrases)}{table(result.findings, phrases)}"
        f"{_rules(result, about, phrases)}</main>\n"
        f'<footer><p class="quiet">{text(phrases.masked)}</p></footer>\n<script>{SCRIPT}</script></body></html>\n'
    )


def _policy() -> str:
    """Nothing but this page's own style and script, known by their hashes (CSP level 2)."""
    style, script = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (STYLE, SCRIPT))
    return f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"


def _header(result: Result, about: About, phrases: Words) -> str:
    time = datetime.datetime.fromtimestamp(int(about.ended), datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
    verdict = counts(result, about.language, ("new", "expired")) or phrases.clean
    kind = "leaks" if result.blocking else "clean"
    unread = counts(result, about.language, ("unread",))
    origin = about.origin
    known = [
        (phrases.repository, origin.repository),
        (phrases.revision, " ".join(filter(None, (origin.branch, origin.revision)))),
    ]
    lines = [f"{text(name)}: {isolated(value)}" for name, value in known if value]
    lines += [text(phrases.looked_at.format(files=f"{result.files:,}", bytes=f"{result.bytes:,}"))]
    lines += [text(unread)] if unread else []
    if origin.repositories:
        looked = origin.repositories - len(origin.not_looked_at)
        lines += [text(phrases.repositories.format(looked=f"{looked:,}", count=f"{origin.repositories:,}"))]
    lines += [text(phrases.made.format(version=__version__, time=time))]
    partial = "" if origin.complete else f'<p class="partial">{text(phrases.incomplete)}</p>'
    return (
        f'<header><h1>{text(phrases.title)}</h1><p class="verdict {kind}">{text(verdict)}</p>{partial}'
        + "".join(f'<p class="quiet">{shown}</p>' for shown in lines)
        + "</header>\n"
    )


def _summary(result: Result, phrases: Words) -> str:
    counts = {phrases.counts[status]: result.count(status) for status in phrases.counts}
    boxes = "".join(f"<div><dt>{text(name)}</dt><dd>{count:,}</dd></div>" for name, count in counts.items())
    heading = f'<h2 id="summary">{text(phrases.summary)}</h2>'
    return f'<section aria-labelledby="summary">{heading}<dl class="counts">{boxes}</dl></section>\n'


def _lost(about: About, phrases: Words) -> str:
    """What of an audit was not looked at."""
    entries = "".join(f"<dt>{isolated(one.repository)}</dt><dd>{isolated(one.why)}</dd>" for one in about.origin.not_looked_at)
    if not entries:
        return ""
    return f'<section aria-labelledby="lost"><h2 id="lost">{text(phrases.lost)}</h2><dl>{entries}</dl></section>\n'


def _steps(about: About, phrases: Words) -> str:
    if not about.steps:
        return ""
    steps = "".join(
        f"<li>{'<br>'.join(_coded(_linked(text(line))) for line in step.splitlines())}</li>" for step in about.steps
    )
    return (
        f'<section aria-labelledby="steps"><h2 id="steps">{text(phrases.steps)}</h2><ol class="steps">{steps}</ol></section>\n'
    )


def _linked(escaped: str) -> str:
    return _LINK.sub(lambda found: f'<a href="{found[0]}" rel="noreferrer noopener">{found[0]}</a>', escaped)


def _coded(escaped: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escaped)


def _rules(result: Result, about: About, phrases: Words) -> str:
    """The rules that found something, in words."""
    found = {finding.rule for finding in result.findings}
    entries = "".join(
        f'<dt id="{text(rule.id)}"><code>{text(rule.id)}</code></dt><dd>{_coded(text(rule.says))}</dd>'
        for rule in about.rules
        if rule.id in found
    )
    if not entries:
        return ""
    return f'<section aria-labelledby="rules"><h2 id="rules">{text(phrases.rules)}</h2><dl>{entries}</dl></section>\n'
