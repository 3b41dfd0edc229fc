"""The report as SARIF 2.1.0 (OASIS), for code scanning services and editors."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from alikey_hook import __version__
from alikey_hook.clock import utc
from alikey_hook.finding import Finding
from alikey_hook.report import uri
from alikey_hook.report.about import HELP, About, RuleText
from alikey_hook.report.printable import printable, same_width
from alikey_hook.result import Result

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
# GitHub's bands: critical above 9.0, high from 7.0, medium from 4.0.
SECURITY_SEVERITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
_TOP = "%SRCROOT%"


def render(result: Result, about: About) -> str:
    """One run with all rules and findings; allowed ones are suppressed. ASCII only, no complete value in it."""
    known = [rule.id for rule in about.rules]
    seen: Counter[str] = Counter()
    run: dict[str, Any] = {
        "tool": {"driver": _driver(about.rules)},
        "automationDetails": {"id": f"alikey-hook/{about.origin.kind or 'scan'}/"},
        "invocations": [
            {
                "executionSuccessful": about.origin.complete,
                "startTimeUtc": utc(about.started),
                "endTimeUtc": utc(about.ended),
                **_not_looked_at(about),
            }
        ],
        "originalUriBaseIds": {_TOP: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, known, seen) for finding in result.findings],
        "properties": {"files": result.files, "bytes": result.bytes, "unread": result.unread},
    }
    provenance = _provenance(about)
    if provenance:
        run["versionControlProvenance"] = [provenance]
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _not_looked_at(about: About) -> dict[str, Any]:
    lost = (printable(f"{one.repository} was not looked at: {one.why}") for one in about.origin.not_looked_at)
    told = [{"level": "error", "message": {"text": "".join(c for c in words if c not in "[]{}\\")}} for words in lost]
    return {"toolExecutionNotifications": told} if told else {}


def _driver(rules: tuple[RuleText, ...]) -> dict[str, Any]:
    return {
        "name": "alikey-hook",
        "version": __version__,
        "semanticVersion": __version__,
        "shortDescription": {"text": "Keeps Alibaba Cloud AccessKeys out of git."},
        "rules": [_rule(rule) for rule in rules],
    }


def _rule(rule: RuleText) -> dict[str, Any]:
    where = f"docs/rules.md#{rule.id}"
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": f"Leaked Alibaba Cloud credential: {rule.id}"},
        "fullDescription": {"text": rule.says},
        "helpUri": HELP,
        "help": {
            "text": f"{rule.says}\n\n{rule.help}\n\nMore in alikey-hook's {where}.",
            "markdown": f"{rule.says}\n\n```text\n{rule.help}\n```\n\nMore in alikey-hook's `{where}` and in "
            f"[Alibaba Cloud's answer to leaked AccessKeys]({HELP}).",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", "secrets", "alibaba-cloud", "external/cwe/cwe-798"],
            "precision": "high",
            "problem.severity": _LEVELS[rule.severity].replace("note", "recommendation"),
            "security-severity": SECURITY_SEVERITY[rule.severity],
        },
    }


def _result(finding: Finding, known: list[str], seen: Counter[str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": printable(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(finding.path), "region": _region(finding)}}],
        "partialFingerprints": _fingerprints(finding, seen),
        "suppressions": _suppressions(finding),
        "properties": {
            "status": finding.status,
            "confidence": finding.confidence,
            "encoding": printable(finding.encoding),
            "fingerprint": printable(finding.fingerprint),
            "security-severity": SECURITY_SEVERITY[finding.severity],
            **{key: printable(str(getattr(finding, key))) for key in _IF_KNOWN if getattr(finding, key)},
            **({} if finding.in_tip is None else {"inNewestCommit": finding.in_tip}),
            **({"refs": [printable(ref) for ref in finding.refs]} if finding.refs else {}),
            **_for_reading_back(finding),
        },
    }
    if finding.rule in known:
        made["ruleIndex"] = known.index(finding.rule)
    return made


# Under the JSON report's keys.
_IF_KNOWN = ("commit", "author_date", "last_commit", "last_date", "source", "partner", "decided_by", "repository")


def _for_reading_back(finding: Finding) -> dict[str, Any]:
    """What SARIF has no place for and another report needs, under the JSON report's keys."""
    return {
        "redacted": printable(finding.redacted),
        "own_exception": finding.own_exception,
        "excerpt": same_width(finding.excerpt),
        "excerpt_column": finding.excerpt_column,
        "excerpt_width": finding.excerpt_width,
    }


def _message(finding: Finding) -> str:
    """Braces and brackets are markup in SARIF's messages (3.11.5, 3.11.6): none of a finding's own come through."""
    text = f"Leaked {finding.severity} credential: {finding.redacted}"
    if finding.partner:
        text += "; its partner was found too: whoever reads both can use them"
    if finding.repository:
        text += f"; in the repository {finding.repository}"
    if finding.commit:
        text += f"; it came in commit {finding.commit[:12]}" + (f" ({finding.author_date})" if finding.author_date else "")
    return "".join(c for c in printable(text) if c not in "[]{}\\") + "."


def _artifact(path: str) -> dict[str, str]:
    below = uri.relative(path)
    return {"uri": uri.outside(path)} if below is None else {"uri": below, "uriBaseId": _TOP}


def _region(finding: Finding) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": finding.line, "startColumn": finding.column}
    if finding.end_column > finding.column:
        region["endColumn"] = finding.end_column
    return region


def _fingerprints(finding: Finding, seen: Counter[str]) -> dict[str, str]:
    """The value's own identity, and GitHub's name for a place: the value in its file, so that lines may move."""
    place = hashlib.sha256(
        f"{finding.rule}\0{finding.fingerprint}\0{finding.where}".encode("utf-8", "surrogatepass")
    ).hexdigest()
    seen[place] += 1
    return {"alikeyHookSecret/v1": printable(finding.fingerprint), "primaryLocationLineHash": f"{place[:16]}:{seen[place]}"}


def _suppressions(finding: Finding) -> list[dict[str, str]]:
    if finding.status != "allowed":
        return []
    by = finding.decided_by or ""
    kind = "inSource" if "pragma" in by else "external"
    return [{"kind": kind, "status": "accepted", **({"justification": printable(by)} if by else {})}]


def _provenance(about: About) -> dict[str, Any] | None:
    """Which revision was looked at. A staged or changed file is in none; its repository is still known."""
    origin = about.origin
    if not origin.repository:
        return None
    known = {"revisionId": origin.revision, "branch": origin.branch}
    named = {key: printable(value) for key, value in known.items() if value}
    return {"repositoryUri": printable(origin.repository), **named, "mappedTo": {"uriBaseId": _TOP}}
