"""The record of one leak: evidence and plan as text, Markdown or JSON. No secret in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from alikey_hook.finding import Finding
from alikey_hook.report.about import JSON_HEAD
from alikey_hook.report.printable import printable

_SHOWN = 12
# A word of these is text to every Markdown. In GitHub's, @name also tells somebody, and $ and ~~ are markup.
_PLAIN = re.compile(r"[^@$~`*_\\<>\[\]{}|!#&]*")
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
    words = _words(language)
    lines = [f"{words['what']}: {finding.rule} {finding.redacted} {finding.fingerprint}", f"{words['where']}:"]
    lines += [f"  {line}" for line in _where(evidence, language, printable)]
    lines += ["", f"{words['pushed']}: {printable(plan.verdict)}", "", f"{words['steps']}:"]
    lines += [f"  {number}. {step}" for number, step in enumerate(plan.steps, 1)]
    if plan.commands:
        lines += ["", f"{words['commands']}:", *(f"  {printable(command)}" for command in plan.commands)]
    lines += ["", plan.over]
    return "\n".join(lines) + "\n"


def markdown(finding: Finding, evidence: Any, plan: Any, language: str) -> str:
    """A record for an incident tracker."""
    words = _words(language)
    lines = [f"# {words['incident']}", "", f"## {words['what']}", ""]
    lines += [f"- `{finding.rule}`, {finding.redacted}", f"- `{finding.fingerprint}`", "", f"## {words['where']}", ""]
    lines += [f"- {line}" for line in _where(evidence, language, _code)]
    lines += ["", f"## {words['pushed']}", "", _inert(plan.verdict), "", f"## {words['steps']}", ""]
    lines += [f"- [ ] {number}. {step}" for number, step in enumerate(plan.steps, 1)]
    if plan.commands:
        lines += ["", f"## {words['commands']}", "", "```sh", *(printable(command) for command in plan.commands), "```"]
    return "\n".join([*lines, "", f"## {words['over']}", "", plan.over, ""])


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


def cut(names: Iterable[str], language: str) -> list[str]:
    """The first dozen of them, and how many more there are."""
    listed = list(names)
    more = _words(language)["more"].format(count=len(listed) - _SHOWN)
    return [*listed[:_SHOWN], more] if len(listed) > _SHOWN else listed


def _where(evidence: Any, language: str, shown: Callable[[str], str]) -> Iterator[str]:
    """The lines of the evidence. `shown`: how what comes from the repository is written in them."""
    words = _words(language)
    for key in ("staged", "files"):
        yield from cut((f"{words[key]}: {shown(path)}" for path in getattr(evidence, key)), language)
    spots = ((one.day, words["brings" if one.brings else "takes"], one.commit[:12], shown(one.path)) for one in evidence.spots)
    yield from cut((f"{day} {what} {commit}: {path}" for day, what, commit, path in spots), language)
    if evidence.refs:
        yield f"{words['refs']}: {', '.join(cut(map(shown, evidence.refs), language))}"
    for key in ("unreachable", "unheard"):
        if getattr(evidence, key):
            yield f"{words[key]}: {getattr(evidence, key)}"


def _words(language: str) -> dict[str, str]:
    return _CHINESE if language == "zh" else _ENGLISH


def _code(text: str) -> str:
    """A name as Markdown code: nothing in it is markup, an address or somebody's name."""
    name = printable(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", name)), default=0) + 1)
    edge = " " if name.strip(" `") != name else ""
    return f"{fence}{edge}{name}{edge}{fence}"


def _inert(text: str) -> str:
    """A sentence as Markdown, in which words that may mean more than themselves are code."""
    return " ".join(word if _PLAIN.fullmatch(word) else _code(word) for word in printable(text).split(" "))
