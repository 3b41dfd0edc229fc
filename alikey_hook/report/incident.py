"""The record of one leak: evidence and plan as text, Markdown or JSON. No secret in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from alikey_hook.finding import Finding
from alikey_hook.report.about import JSON_HEAD
from alikey_hook.report.printable import printable

_SHOWN = 12
_ENGLISH = {
    "what": "What",
    "where": "Where",
    "staged": "staged",
    "files": "in the working tree",
    "brings": "brought by",
    "takes": "taken away by",
    "refs": "still reached by",
    "unheard": "refs of the remote whose commits are not here",
    "unreachable": "objects that no commit has",
    "more": "and {count} more",
    "pushed": "How far it got",
    "steps": "What to do, in this order",
    "commands": "Commands",
    "over": "When it is over",
    "incident": "Incident: a leaked Alibaba Cloud credential",
}
_CHINESE = {
    "what": "是什么",
    "where": "在哪里",
    "staged": "暂存区",
    "files": "工作区",
    "brings": "带入的提交",
    "takes": "移除的提交",
    "refs": "仍可到达的引用",
    "unheard": "远程仓库中本地没有其提交的引用",
    "unreachable": "没有提交引用的对象",
    "more": "另有 {count} 项",
    "pushed": "扩散到哪里",
    "steps": "按此顺序处理",
    "commands": "命令",
    "over": "何时算结束",
    "incident": "事件记录：阿里云凭证泄露",
}


def text(finding: Finding, evidence: Any, plan: Any, language: str) -> str:
    """For a terminal."""
    words = _CHINESE if language == "zh" else _ENGLISH
    lines = [f"{words['what']}: {finding.rule} {finding.redacted} {finding.fingerprint}", f"{words['where']}:"]
    lines += [f"  {line}" for line in _where(evidence, words)]
    lines += ["", f"{words['pushed']}: {printable(plan.verdict)}", "", f"{words['steps']}:"]
    lines += [f"  {number}. {step}" for number, step in enumerate(plan.steps, 1)]
    lines += ["", f"{words['commands']}:", *(f"  {printable(command)}" for command in plan.commands), "", plan.over]
    return "\n".join(lines) + "\n"


def markdown(finding: Finding, evidence: Any, plan: Any, language: str) -> str:
    """A record for an incident tracker."""
    words = _CHINESE if language == "zh" else _ENGLISH
    lines = [f"# {words['incident']}", "", f"## {words['what']}", ""]
    lines += [f"- `{finding.rule}`, {finding.redacted}", f"- `{finding.fingerprint}`", "", f"## {words['where']}", ""]
    lines += [f"- {_escaped(line)}" for line in _where(evidence, words)]
    lines += ["", f"## {words['pushed']}", "", _escaped(printable(plan.verdict)), "", f"## {words['steps']}", ""]
    lines += [f"- [ ] {number}. {step}" for number, step in enumerate(plan.steps, 1)]
    lines += ["", f"## {words['commands']}", "", "```sh", *(printable(command) for command in plan.commands), "```", ""]
    return "\n".join([*lines, f"## {words['over']}", "", plan.over, ""])


def as_json(finding: Finding, evidence: Any, plan: Any, language: str) -> str:
    """For programs."""
    spots = [spot._asdict() for spot in evidence.spots]
    what = {key: getattr(finding, key) for key in ("rule", "redacted", "fingerprint", "severity")}
    report = {
        **JSON_HEAD,
        **what,
        "evidence": {**evidence._asdict(), "spots": spots},
        "plan": plan._asdict(),
    }
    return json.dumps(report, indent=2) + "\n"


RENDER: dict[str, Callable[[Finding, Any, Any, str], str]] = {"text": text, "markdown": markdown, "json": as_json}


def _where(evidence: Any, words: dict[str, str]) -> Iterable[str]:
    for key in ("staged", "files"):
        yield from (f"{words[key]}: {printable(path)}" for path in getattr(evidence, key)[:_SHOWN])
    for spot in evidence.spots[:_SHOWN]:
        yield f"{spot.day} {words['brings' if spot.brings else 'takes']} {spot.commit[:12]}: {printable(spot.path)}"
    if len(evidence.spots) > _SHOWN:
        yield words["more"].format(count=len(evidence.spots) - _SHOWN)
    if evidence.refs:
        names = [printable(ref) for ref in evidence.refs[:_SHOWN]]
        more = [words["more"].format(count=len(evidence.refs) - _SHOWN)] if len(evidence.refs) > _SHOWN else []
        yield f"{words['refs']}: {', '.join(names + more)}"
    for key in ("unreachable", "unheard"):
        if getattr(evidence, key):
            yield f"{words[key]}: {getattr(evidence, key)}"


def _escaped(line: str) -> str:
    """A line as Markdown text: nothing in it is markup."""
    return "".join("\\" + c if c in r"\`*_{}[]<>#|!" else c for c in line)
