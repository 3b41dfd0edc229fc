"""The heart: changes → detect → minus the allowlist → result. Every mode goes through `scan`."""

from __future__ import annotations

from alikey_hook.changes import Change
from alikey_hook.detect.gate import may_hold
from alikey_hook.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alikey_hook.allowlist.match import Allowlist
    from alikey_hook.finding import Detection, Finding


class Options:
    """How to look. `min_confidence`: low | medium | high. `inline_allow`: whether pragmas in the text count."""

    __slots__ = ("inline_allow", "min_confidence")

    def __init__(self, min_confidence: str = "medium", inline_allow: bool = True) -> None:
        self.min_confidence = min_confidence
        self.inline_allow = inline_allow


def scan(
    changes: Iterable[Change], read: Callable[[str], bytes], allowlist: Callable[[], Allowlist], options: Options
) -> Result:
    """What the changes leak: what their `after` holds and none of their `before` held, less what is allowed.

    `read` gives the bytes that a change names. `allowlist` is called once, and only when something was found: a clean
    commit pays for neither the allowlist nor for anything that is imported here inside functions.
    """
    findings: list[Finding] = []
    files = size = 0
    for change in changes:
        data = read(change.after)
        files += 1
        size += len(data)
        if may_hold(data):
            detections = _detect(data, options)
            if detections:
                findings += _findings(change, detections, read, allowlist, options)
    return Result(findings, files, size)


def _detect(data: bytes, options: Options) -> list[Detection]:
    from alikey_hook.clock import now
    from alikey_hook.detect.engine import detect
    from alikey_hook.finding import CONFIDENCES

    accepted = CONFIDENCES[CONFIDENCES.index(options.min_confidence) :]
    return [detection for detection in detect(data, now()) if detection.confidence in accepted]


def _findings(
    change: Change,
    detections: list[Detection],
    read: Callable[[str], bytes],
    allowlist: Callable[[], Allowlist],
    options: Options,
) -> list[Finding]:
    existing = {known.value for blob in change.before for known in _detect(read(blob), options)}
    allowed = allowlist()

    def status(detection: Detection) -> tuple[str, str | None]:
        if options.inline_allow and detection.inline_allowed:
            return "allowed", "an inline pragma"
        decided, by = allowed.decision(detection.value, change.path)
        return decided or ("existing" if detection.value in existing else "new"), by

    return [_finding(change, detection, *status(detection)) for detection in detections]


def _finding(change: Change, detection: Detection, status: str, decided_by: str | None) -> Finding:
    """The detection without its value: from here on nothing holds a secret."""
    from alikey_hook.finding import Finding, fingerprint, redact

    return Finding(
        rule=detection.rule,
        status=status,
        confidence=detection.confidence,
        severity=detection.severity,
        path=change.path,
        line=detection.line,
        column=detection.column,
        end_column=detection.end_column,
        commit=change.commit,
        fingerprint=fingerprint(detection.value),
        redacted=redact(detection.rule, detection.value),
        partner=fingerprint(detection.partner) if detection.partner else None,
        encoding=detection.encoding,
        excerpt=detection.excerpt,
        excerpt_column=detection.excerpt_column,
        excerpt_width=detection.excerpt_width,
        blob=change.after,
        decided_by=decided_by,
    )
