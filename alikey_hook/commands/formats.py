"""Every format of a report, and what goes into it."""

from __future__ import annotations

import sys

from alikey_hook.commands.output import chosen_language, use_color, use_links, write
from alikey_hook.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alikey_hook.commands.settings import Settings
    from alikey_hook.finding import Finding
    from alikey_hook.report.about import About, Origin

    Render = Callable[[Result, About], str]


def _json() -> Render:
    from alikey_hook.report.json import render

    return render


def _sarif() -> Render:
    from alikey_hook.report.sarif import render

    return render


def _github() -> Render:
    from alikey_hook.report.github import render

    return render


def _gitlab() -> Render:
    from alikey_hook.report.gitlab import render

    return render


def _html() -> Render:
    from alikey_hook.report.html.page import render

    return render


# Beside text, which needs to know the terminal. Each is imported only when it is asked for.
RENDERERS: dict[str, Callable[[], Render]] = {
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "html": _html,
}


def write_report(result: Result, origin: Origin, settings: Settings) -> None:
    """Write a report of any format but text. The log of a GitHub workflow has the summary too, for who reads it there."""
    language = chosen_language(settings.language)
    write(RENDERERS[settings.format]()(result, _about(result, origin, settings, language)), settings.output)
    if settings.format == "github" and settings.verbosity >= 0:
        from alikey_hook.report import text

        print(text.summary(result, language), file=sys.stderr, flush=True)


def write_text(result: Result, kind: str, settings: Settings, summary: bool) -> None:
    """Write the text report with the advice, and the summary on standard error. `kind`: where it was found."""
    from alikey_hook.report import text

    language = chosen_language(settings.language)
    color, links = (use(settings.color, settings.output) for use in (use_color, use_links))
    rendered = text.render(result, language, color, settings.verbosity > 0, links)
    if result.blocking:
        from alikey_hook.response.advice import advice

        rendered += "\n" + advice(result.blocking, language, kind)
    if rendered or settings.output:
        write(rendered, settings.output)
    if settings.verbosity >= 0 and (summary or rendered or result.unread):
        print(text.summary(result, language), file=sys.stderr, flush=True)


def _about(result: Result, origin: Origin, settings: Settings, language: str) -> About:
    from alikey_hook.clock import now
    from alikey_hook.detect.rules import RULES
    from alikey_hook.report.about import About, RuleText
    from alikey_hook.response.advice import remedy

    ended = now()
    rules = tuple(RuleText(rule.id, rule.says, rule.severity, remedy(rule, "en")) for rule in RULES)
    steps = _steps(result.blocking, origin.kind, language)
    return About(rules, origin, language, steps, min(settings.started or ended, ended), ended)


def _steps(blocking: Iterable[Finding], kind: str, language: str) -> tuple[str, ...]:
    """What to do, in order: what a commit holds may have been pushed, so then disabling comes first."""
    if not blocking:
        return ()
    if kind == "commits":
        from alikey_hook.response.steps import exposed

        return exposed((finding.rule for finding in blocking), language)
    from alikey_hook.response.advice import procedure

    told = procedure(blocking, language, kind or "files", leaked=True)
    # Broken for a terminal, but before a console's address, which is indented; a page breaks lines itself.
    glue = "" if language == "zh" else " "
    return tuple("\n".join(part.replace("\n", glue) for part in step.split("\n  ")) for step in told)
