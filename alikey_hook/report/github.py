"""The report as GitHub workflow commands: one annotation a finding, at its line of the changed file."""

from __future__ import annotations

from alikey_hook.finding import Finding
from alikey_hook.report.about import About
from alikey_hook.report.printable import printable
from alikey_hook.report.words import shown, words
from alikey_hook.result import Result

_COMMANDS = {"new": "error", "expired": "error", "existing": "warning"}
_WORDS = {
    "en": (
        "Leaked Alibaba Cloud credential ({severity})", "{redacted}.", " A pair: its partner was found too.",
        " Already committed.", " Its exception has expired.", " Came in commit {commit}.",
        " Was it ever pushed? Then disable it in the console first.",
    ),
    "zh": (
        "阿里云凭证泄露（{severity}）", "{redacted}。", "与另一处配成一对。", "此前已提交。", "豁免已过期。",
        "由提交 {commit} 带入。", "曾经推送过？请先到控制台禁用它。",
    ),
}  # fmt: skip


def render(result: Result, about: About) -> str:
    """One line a finding, allowed ones left out; nothing where there is nothing."""
    return "".join(f"{_annotation(finding, about.language)}\n" for finding in result.findings if finding.status in _COMMANDS)


def _annotation(finding: Finding, language: str) -> str:
    title, value, pair, existing, expired, commit, pushed = _WORDS["zh" if language == "zh" else "en"]
    phrases = words(language)
    said = value.format(redacted=shown(finding.redacted, phrases.characters))
    said += pair if finding.partner else ""
    said += {"existing": existing, "expired": expired}.get(finding.status, "")
    said += commit.format(commit=finding.commit[:12]) if finding.commit else ""
    fields = {
        "file": finding.where,
        "line": str(finding.line),
        "endLine": str(finding.line),
        "col": str(finding.column),
        "endColumn": str(max(finding.end_column, finding.column)),
        "title": f"{title.format(severity=phrases.severity[finding.severity])}: {finding.rule}",
    }
    named = ",".join(f"{key}={_property(text)}" for key, text in fields.items())
    return f"::{_COMMANDS[finding.status]} {named}::{_message(said + pushed)}"


def _message(text: str) -> str:
    """Nothing in it can end the line or act on a terminal; `%` is what the runner unescapes (actions/toolkit, command.ts)."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
