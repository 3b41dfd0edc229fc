"""The heart: changes → detect → minus the allowlist → result. Every mode goes through `scan`."""

from __future__ import annotations

from alikey_hook.changes import Change
from alikey_hook.detect.gate import may_hold
from alikey_hook.detect.own import Values
from alikey_hook.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alikey_hook.allowlist.match import Allowlist
    from alikey_hook.finding import Detection, Finding


class Options:
    """How to look. `min_confidence`: low | medium | high. `inline_allow`: whether pragmas in the text count.

    `own`: values of this machine's own configuration that are looked for exactly, each with where it is configured.
    """

    __slots__ = ("inline_allow", "min_confidence", "own", "own_values")

    def __init__(self, min_confidence: str = "medium", inline_allow: bool = True, own: dict[str, str] | None = None) -> None:
        self.min_confidence = min_confidence
        self.inline_allow = inline_allow
        self.own = own or {}
        self.own_values = Values(self.own)


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
        detections = _detect(data, options)
        if detections:
            findings += _findings(change, detections, read, allowlist, options)
    return Result(findings, files, size)


def _detect(data: bytes, options: Options) -> list[Detection]:
    own = options.own_values.find(data) if options.own_values.may_be_in(data) else []
    if not may_hold(data):
        return own
    from alikey_hook.clock import now
    from alikey_hook.detect.engine import detect
    from alikey_hook.finding import CONFIDENCES

    accepted = CONFIDENCES[CONFIDENCES.index(options.min_confidence) :]
    taken = {(detection.line, detection.column) for detection in own}
    others = [d for d in detect(data, now()) if d.confidence in accepted and (d.line, d.column) not in taken]
    return sorted(own + others, key=lambda d: (d.line, d.column)) if own else others


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

    found = [_finding(change, detection, *status(detection)) for detection in detections]
    if not options.own:
        return found
    sources = [options.own.get(detection.value) for detection in detections]
    return [finding._replace(source=source) for finding, source in zip(found, sources, strict=True)]


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
