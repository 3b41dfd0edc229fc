"""The heart: changes → detect → minus the allowlist → result. Every mode goes through `scan`."""

from __future__ import annotations

from alikey_hook.changes import Change
from alikey_hook.detect import gate
from alikey_hook.detect.own import Values
from alikey_hook.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alikey_hook.allowlist.match import Allowlist
    from alikey_hook.finding import Detection, Finding

    Looked = tuple[Change, int, list[Finding]]


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
    looked: Iterable[Looked], read: Callable[[str], bytes], allowlist: Callable[[], Allowlist], options: Options
) -> Result:
    """What changes leak: what their `after` holds and none of their `before` held, less what is allowed.

    `looked`: see `one_by_one`. `read` gives the bytes that a change names. `allowlist` is called once, and only when something
    was found: a clean commit pays for neither the allowlist nor for anything that is imported here inside functions.
    """
    findings: list[Finding] = []
    files = total = 0
    for change, size, found in looked:
        files += 1
        total += size
        if found:
            existing = {known.fingerprint for blob in change.before for known in look(change, read(blob), options)}
            findings += [decided(finding, allowlist(), finding.fingerprint in existing) for finding in found]
    return Result(findings, files, total)


def one_by_one(changes: Iterable[Change], read: Callable[[str], bytes], options: Options) -> Iterator[Looked]:
    """Each change, the size of what it brings and what that holds."""
    for change in changes:
        data = read(change.after)
        yield change, len(data), look(change, data, options)


def look(change: Change, data: bytes, options: Options) -> list[Finding]:
    """What a blob holds, whatever stood there before. From here on nothing holds a secret.

    `status` is allowed for what a pragma allows, else new: see `decided`.
    """
    own = options.own_values.find(data) if options.own_values.may_be_in(data) else []
    places = gate.where(data)
    if not own and not places:
        return []
    from alikey_hook.clock import now
    from alikey_hook.detect.engine import detect
    from alikey_hook.finding import at_least

    accepted = at_least(options.min_confidence)
    taken = {(detection.line, detection.column, detection.value) for detection in own}
    others = [d for d in detect(data, now(), places) if d.confidence in accepted and (d.line, d.column, d.value) not in taken]
    return [_finding(change, detection, options) for detection in sorted(own + others, key=lambda d: (d.line, d.column))]


def decided(finding: Finding, allowlist: Allowlist, existing: bool) -> Finding:
    """The finding with its status: what a pragma or the baseline says, else whether it was there before."""
    if finding.status == "allowed":
        return finding
    status, by = allowlist.decision(finding.fingerprint, finding.hashed, finding.path)
    return finding._replace(status=status or ("existing" if existing else "new"), decided_by=by)


def _finding(change: Change, detection: Detection, options: Options) -> Finding:
    from alikey_hook.finding import Finding, fingerprint, hashed, redact

    allowed = options.inline_allow and detection.inline_allowed
    return Finding(
        rule=detection.rule,
        status="allowed" if allowed else "new",
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
        hashed=hashed(detection.value),
        decided_by="an inline pragma" if allowed else None,
        source=options.own.get(detection.value),
    )
