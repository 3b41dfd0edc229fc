"""A SARIF report of this program, back in the shape of its JSON report."""

from __future__ import annotations

from typing import Any

from alikey_hook.report import uri
from alikey_hook.report.sarif import SECURITY_SEVERITY

_SEVERITIES = {number: severity for severity, number in SECURITY_SEVERITY.items()}
# What an object that is not built as ours are can raise where it is looked into. The messages of some quote it.
_NOT_SO = (LookupError, TypeError, AttributeError, ValueError)


def as_json(log: dict[str, Any]) -> dict[str, Any] | None:
    """The same report with JSON's keys, not checked any further; None where it is not of one run of this program."""
    try:
        (run,) = log["runs"]
        if log["version"] != "2.1.0" or run["tool"]["driver"]["name"] != "alikey-hook":
            return None
        findings = [_finding(one) for one in run["results"]]
        return {"findings": findings, "summary": run["properties"], "origin": _origin(run)}
    except _NOT_SO:
        return None


def _origin(run: dict[str, Any]) -> dict[str, Any]:
    kind = run["automationDetails"]["id"].split("/")[1]
    seen = run.get("versionControlProvenance", [{}])[0]
    return {
        "kind": "" if kind == "scan" else kind,
        "repository": seen.get("repositoryUri"),
        "revision": seen.get("revisionId"),
        "branch": seen.get("branch"),
        "complete": run["invocations"][0]["executionSuccessful"],
    }


def _finding(result: Any) -> dict[str, Any]:
    """Of a result that is not built as ours are, nothing: then the first key is what is missing."""
    try:
        place, properties = result["locations"][0]["physicalLocation"], result["properties"]
        region = place["region"]
        return {
            "commit": None,
            "partner": None,
            **properties,
            "rule": result["ruleId"],
            "severity": _SEVERITIES[properties["security-severity"]],
            "path": uri.path(place["artifactLocation"]["uri"]),
            "line": region["startLine"],
            "column": region["startColumn"],
            "end_column": region.get("endColumn", region["startColumn"]),
            "in_tip": properties.get("inNewestCommit"),
        }
    except _NOT_SO:
        return {}
