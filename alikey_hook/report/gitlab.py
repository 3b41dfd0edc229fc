"""The report for GitLab's secret detection (security report schema 15)."""

from __future__ import annotations

import json
import uuid
from typing import Any

from alikey_hook import __version__
from alikey_hook.clock import utc
from alikey_hook.finding import Finding
from alikey_hook.report.about import HELP, About, RuleText
from alikey_hook.report.printable import printable, same_width
from alikey_hook.result import Result

_SCHEMA_VERSION = "15.0.7"
# What GitLab's own analyzer names where there is no commit yet.
_NO_COMMIT = "0000000"
_NAMESPACE = uuid.UUID("6f0c2f0e-5d7c-5c0e-9a55-0a1d3b7f4e21")
_ANALYZER = {"id": "alikey-hook", "name": "alikey-hook", "version": __version__, "vendor": {"name": "alikey-hook"}}


def render(result: Result, about: About) -> str:
    """One vulnerability a finding; allowed ones, which somebody has reviewed, are none. ASCII only."""
    rules = {rule.id: rule for rule in about.rules}
    report = {
        "version": _SCHEMA_VERSION,
        "scan": {
            "analyzer": _ANALYZER,
            "scanner": _ANALYZER,
            "type": "secret_detection",
            "start_time": utc(about.started).rstrip("Z"),
            "end_time": utc(about.ended).rstrip("Z"),
            "status": "success" if about.origin.complete else "failure",
        },
        "vulnerabilities": [_vulnerability(f, rules.get(f.rule)) for f in result.findings if f.status != "allowed"],
    }
    return json.dumps(report, indent=2) + "\n"


def _vulnerability(finding: Finding, rule: RuleText | None) -> dict[str, Any]:
    name = printable(finding.rule)
    return {
        "id": _id(finding),
        "category": "secret_detection",
        "name": f"Leaked Alibaba Cloud credential: {name}"[:255],
        "description": _markdown(_description(finding, rule)),
        "severity": finding.severity.capitalize(),
        **({"solution": rule.help[:7000]} if rule else {}),
        "scanner": {"id": _ANALYZER["id"], "name": _ANALYZER["name"]},
        "location": {
            "file": printable(finding.where),
            "start_line": finding.line,
            "end_line": finding.line,
            "commit": _commit(finding),
        },
        "identifiers": [{"type": "alikey_hook_rule_id", "name": f"alikey-hook rule {name}", "value": name or "unknown"}],
        "links": [{"name": "Alibaba Cloud: solution to AccessKey leakage", "url": HELP}],
        "details": _details(finding),
    }


def _id(finding: Finding) -> str:
    """The same finding has the same id in every report."""
    named = (finding.rule, finding.fingerprint, finding.where, finding.commit or "", finding.line, finding.column)
    return str(uuid.uuid5(_NAMESPACE, ascii(named)))


def _description(finding: Finding, rule: RuleText | None) -> str:
    text = f"{finding.redacted}. " + (f"{rule.says}. " if rule else "")
    if finding.partner:
        text += "Its partner was found too: whoever reads both can use them. "
    if finding.status == "existing":
        text += "It was committed before. "
    return printable(text.strip())


def _commit(finding: Finding) -> dict[str, str]:
    known = {"sha": printable(finding.commit or "") or _NO_COMMIT}
    return known | ({"date": f"{finding.author_date}T00:00:00Z"} if finding.author_date else {})


def _details(finding: Finding) -> dict[str, Any]:
    details: dict[str, Any] = {
        "fingerprint": {"type": "text", "name": "Fingerprint", "value": printable(finding.fingerprint)},
        "confidence": {"type": "text", "name": "Confidence", "value": finding.confidence},
    }
    if finding.excerpt:
        details["line"] = {"type": "code", "name": "Line, with every value masked", "value": same_width(finding.excerpt)}
    if finding.refs:
        items = [{"type": "text", "value": printable(ref)} for ref in finding.refs]
        details["refs"] = {"type": "list", "name": "Still in these refs", "items": items}
    return details


def _markdown(text: str) -> str:
    """The text as GitLab Flavored Markdown in which nothing is markup, a mention or a reference."""
    return "".join("\\" + c if c in "\\`*_{}[]()<>#+-!|~$@&:%^" else c for c in text)
