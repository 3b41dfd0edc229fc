"""The heart: changes → detect → minus the allowlist → result. Every mode goes through `scan`."""

from __future__ import annotations

from alikey_hook.changes import Change
from alikey_hook.detect import gate
from alikey_hook.detect.own import Values
from alikey_hook.errors import TimeUp
from alikey_hook.result import Result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alikey_hook.allowlist.match import Allowlist
    from alikey_hook.finding import Detection, Finding

    Looked = tuple[Change, int, list[Finding]]

# Bytes; of larger files a piece is looked at after the other, see `detect.large`, and of huge ones each piece passes the gate.
_LARGE, _HUGE = 8 << 20, 64 << 20


class Options:
    """How to look. `min_confidence`: low | medium | high. `inline_allow`: whether pragmas in the text count.

    `own`: values of this machine's own configuration that are looked for exactly, each with where it is configured.
    `in_pieces`: see `gate.where`.
    """

    __slots__ = ("in_pieces", "inline_allow", "min_confidence", "own", "own_values")

    def __init__(
        self,
        min_confidence: str = "medium",
        inline_allow: bool = True,
        own: dict[str, str] | None = None,
        in_pieces: bool = True,
    ) -> None:
        self.min_confidence = min_confidence
        self.inline_allow = inline_allow
        self.in_pieces = in_pieces
        self.own = own or {}
        self.own_values = Values(self.own)


def scan(
    looked: Iterable[Looked], read: Callable[[str], bytes], allowlist: Callable[[], Allowlist], options: Options
) -> Result:
    """What changes leak: what their `after` holds and none of their `before` held, less what is allowed.

    `looked`: see `one_by_one`. `read` gives the bytes that a change names. `allowlist` is called once, and only when something
    was found: a clean commit pays for neither the allowlist nor for anything that is imported here inside functions. When the
    time is over, it gives what was found until then.
    """
    result = Result([], 0, 0)
    try:
        for change, size, found in looked:
            if found:
                existing = {known.fingerprint for blob in change.before for known in look(change, read(blob), options)}
                result.findings += [decided(finding, allowlist(), finding.fingerprint in existing) for finding in found]
            result.files += 1
            result.bytes += size
    except TimeUp as over:
        result.over = over.message
    return result


def one_by_one(changes: Iterable[Change], read: Callable[[str], bytes], options: Options) -> Iterator[Looked]:
    """Each change, the size of what it brings and what that holds."""
    for change in changes:
        data = read(change.after)
        yield change, len(data), look(change, data, options)


def look(change: Change, data: bytes, options: Options) -> list[Finding]:
    """What a blob holds, whatever stood there before. From here on nothing holds a secret.

    `status` is allowed for what a pragma allows, else new: see `decided`.
    """
    large, huge = len(data) > _LARGE, len(data) > _HUGE
    own = _own(data, options.own_values) if options.own_values.may_be_in(data) else []
    places = [] if huge else gate.where(data, options.in_pieces)
    if not (own or huge or places):
        return []
    from alikey_hook.clock import now
    from alikey_hook.detect.engine import detect
    from alikey_hook.finding import at_least

    accepted = at_least(options.min_confidence)
    taken = {(detection.line, detection.column, detection.value) for detection in own}
    time = now()

    def found(part: bytes) -> list[Detection]:
        return detect(part, time, gate.where(part, options.in_pieces))

    detected = _by_parts(data, found) if large else detect(data, time, places)
    others = [d for d in detected if d.confidence in accepted and (d.line, d.column, d.value) not in taken]
    return [_finding(change, detection, options) for detection in sorted(own + others, key=lambda d: (d.line, d.column))]


def _own(data: bytes, values: Values) -> list[Detection]:
    return _by_parts(data, values.find) if len(data) > _LARGE else values.find(data)


def _by_parts(data: bytes, find: Callable[[bytes], list[Detection]]) -> list[Detection]:
    from alikey_hook.detect.large import found

    return found(data, find)


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
        expires=detection.expires,
    )
