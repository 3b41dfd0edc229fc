"""One secret in many repositories is one row with many places: for reports that say so."""

from __future__ import annotations

from collections.abc import Iterable

from alikey_hook.finding import SEVERITIES, Finding


def rows(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings of an audit by value and status, the worst and oldest of each first; all others one by one."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        key = (finding.rule, finding.fingerprint, finding.status) if finding.repository else (number,)
        groups.setdefault(key, []).append(finding)
    return [sorted(same, key=lambda finding: SEVERITIES.index(finding.severity)) for same in groups.values()]
