"""How sure a candidate is: by its shape, its partner, its name and the words near by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from alikey_hook.detect import names, shape
from alikey_hook.detect.candidates import Candidate, candidates
from alikey_hook.detect.context import Context
from alikey_hook.detect.rules import OSS_SIGNED_URL, Rule

_CLOSE_LINES, _FAR_LINES, _CLOSE, _FAR = 4, 25, 700, 2500
_VENDOR = 600
_PAIR = {"access-key": "critical", "sts": "high"}  # an STS triple expires by itself


class Judged:
    """A candidate and what its context makes of it. `confidence` is "" for what is no credential after all.

    `expires`: when a signed URL does, in seconds since 1970 UTC.
    """

    __slots__ = ("candidate", "confidence", "expires", "partner", "rule", "severity")

    def __init__(
        self,
        candidate: Candidate,
        rule: Rule,
        confidence: str,
        severity: str,
        partner: str | None = None,
        expires: float | None = None,
    ) -> None:
        self.candidate = candidate
        self.rule = rule
        self.confidence = confidence
        self.severity = severity
        self.partner = partner
        self.expires = expires


class _Near:
    """A candidate, and how many lines and characters stand between it and another."""

    __slots__ = ("candidate", "gap", "lines")

    def __init__(self, candidate: Candidate, lines: int, gap: int) -> None:
        self.candidate = candidate
        self.lines = lines
        self.gap = gap


class _Partners:
    """Candidates by family and place, to find the nearest of a family in logarithmic time."""

    def __init__(self, text: str, candidates: list[Candidate]) -> None:
        self._text = text
        self._families: dict[str, tuple[list[int], list[Candidate]]] = {}
        for candidate in sorted(candidates, key=lambda candidate: candidate.start):
            starts, members = self._families.setdefault(candidate.rule.family, ([], []))
            starts.append(candidate.start)
            members.append(candidate)

    def nearest(self, candidate: Candidate) -> _Near | None:
        """The nearest of the same family: by lines, then what stands before, in one line by distance."""
        starts, members = self._families.get(candidate.rule.family, ([], []))
        at = bisect_left(starts, candidate.start)
        best: tuple[tuple[int, int], _Near] | None = None
        for other in members[max(0, at - 1) : at + 1]:
            low, high = min(candidate.end, other.end), max(candidate.start, other.start)
            if high - low > _FAR:
                continue
            lines = self._text.count("\n", low, high)
            rank = (lines, high - low if lines == 0 else int(other.start > candidate.start))
            if lines <= _FAR_LINES and (best is None or rank < best[0]):
                best = rank, _Near(other, lines, high - low)
        return best[1] if best else None


def judge(text: str, now: float) -> list[Judged]:
    """Every candidate in a text that may be a credential. `now`: seconds since 1970 UTC, for the expiry of URLs."""
    ids, tokens, secrets = candidates(text, "id"), candidates(text, "token"), candidates(text, "secret")
    context = Context(text, sorted(candidate.end for candidate in (*ids, *tokens, *secrets)))
    partners = _Partners(text, [*ids, *tokens])
    secrets = [secret for secret in secrets if not _inside(secret, tokens)]
    judged = [_secret(secret, partners.nearest(secret), context) for secret in secrets]
    legacy = _legacy_ids(text, judged, ids, context)
    if legacy:
        partners = _Partners(text, [j.candidate for j in legacy])
        judged = [_paired(j, partners) for j in judged]
    kept = _Partners(text, [j.candidate for j in judged if j.confidence in ("medium", "high")])
    known_ids = _Partners(text, ids)
    judged += [_id(candidate, kept.nearest(candidate), context, now) for candidate in ids if candidate.whole]
    judged += [_token(candidate, known_ids.nearest(candidate), context) for candidate in tokens if candidate.whole]
    return [j for j in judged + legacy if j.confidence]


def _inside(candidate: Candidate, tokens: list[Candidate]) -> bool:
    at = bisect_right(tokens, candidate.start, key=lambda token: token.start)
    return at > 0 and candidate.end <= tokens[at - 1].end


def _made(candidate: Candidate, confidence: str, partner: Candidate | None = None) -> Judged:
    value = partner.value if partner and partner.whole and partner.role != "token" else None
    severity = _PAIR.get(candidate.rule.family, candidate.rule.severity) if value else candidate.rule.severity
    return Judged(candidate, candidate.rule, confidence, severity, value)


def _paired(judged: Judged, partners: _Partners) -> Judged:
    near = None if judged.partner or not judged.confidence else partners.nearest(judged.candidate)
    if near is None or near.lines > _CLOSE_LINES:
        return judged
    return _made(judged.candidate, "medium" if judged.confidence == "low" else "high", near.candidate)


def _secret(candidate: Candidate, near: _Near | None, context: Context) -> Judged:
    label = context.label(candidate)
    partner = near.candidate if near else None
    if candidate.rule.family == "sts":
        return _sts_secret(candidate, near, label, context)
    if label.secret == "strong":
        return _made(candidate, "high", partner)
    if label.secret == "other":
        return _made(candidate, "low" if partner else "")
    if near and near.lines <= _CLOSE_LINES:
        return _made(candidate, "high" if near.gap <= _CLOSE else "medium", partner)
    if near and label.secret == "weak":
        return _made(candidate, "medium", partner)
    if context.in_known_call(candidate):
        return _made(candidate, "medium")
    if label.secret == "weak":
        near_by = context.near(names.ALIBABA, candidate) and not context.of_other_service(candidate)
        return _made(candidate, "medium" if near_by else "low")
    return _made(candidate, "")


def _sts_secret(candidate: Candidate, near: _Near | None, label: names.Label, context: Context) -> Judged:
    """44 characters of base58 are a wallet's address as often as not: only STS's own words count."""
    if label.secret == "other":
        return _made(candidate, "")
    if near and (near.lines <= _CLOSE_LINES or label.secret in ("strong", "weak")):
        return _made(candidate, "high", near.candidate)
    if len(candidate.value) > 40 and label.secret == "strong":
        return _made(candidate, "medium")
    return _made(candidate, "low" if label.secret == "weak" and context.near(names.STS, candidate) else "")


def _id(candidate: Candidate, near: _Near | None, context: Context, now: float) -> Judged:
    partner = near.candidate if near else None
    if candidate.rule.family == "access-key" and not partner:
        signed, expiry = context.signed_url(candidate)
        if signed:
            expired = expiry is not None and expiry < now
            confidence = "high" if candidate.certain else "medium"
            severity = "low" if expired else OSS_SIGNED_URL.severity
            return Judged(candidate, OSS_SIGNED_URL, confidence, severity, expires=expiry)
    return _made(candidate, _id_confidence(candidate, near, context), partner)


def _id_confidence(candidate: Candidate, near: _Near | None, context: Context) -> str:
    body = candidate.value[4:]
    wordlike = shape.wordlike(body)
    if candidate.certain and not wordlike:
        return "high"
    usual = len(candidate.value) in (16, 24)
    if near:
        return "high" if usual else "medium"
    if not usual or wordlike or not shape.mixed_case(body):
        return "low"
    named = context.label(candidate).id
    if any(character.isdigit() for character in body) or named or context.quoted(candidate):
        return "high" if named else "medium"
    return "low"


def _legacy_ids(text: str, judged: list[Judged], ids: list[Candidate], context: Context) -> list[Judged]:
    """Ids of 16 characters without a prefix: beside a secret that has no other id, and named or positional."""
    secrets = [j.candidate for j in judged if j.confidence and j.rule.family == "access-key"]
    unsure = {j.candidate for j in judged if j.confidence == "low"}
    by_place = _Partners(text, secrets)
    taken = {near.candidate for near in map(by_place.nearest, ids) if near and near.lines <= _CLOSE_LINES}
    free = _Partners(text, [secret for secret in secrets if secret not in taken])
    found = []
    for candidate in candidates(text, "legacy-id") if len(taken) < len(secrets) else []:
        near = free.nearest(candidate)
        if near is None or near.lines > _CLOSE_LINES:
            continue
        label = context.label(candidate)
        beside = near.lines <= 1 and near.candidate not in unsure
        positional = beside and not any(character.isalnum() for character in context.between(candidate, near.candidate))
        if label.id or (beside and label.secret == "weak") or (positional and label.secret != "other"):
            found.append(_made(candidate, "high" if label.id else "medium", near.candidate))
    return found


def _token(candidate: Candidate, near: _Near | None, context: Context) -> Judged:
    if candidate.certain:
        return _made(candidate, "high")
    if candidate.rule.family == "model-studio":
        return _made(candidate, _model_confidence(candidate, context))
    named = names.SECURITY_TOKEN.search(context.text[max(0, candidate.start - 80) : candidate.start]) is not None
    return _made(candidate, "medium" if near or named else "low")


def _model_confidence(candidate: Candidate, context: Context) -> str:
    """Others give out keys of the same shape (`sk-` and hexadecimal digits): the nearest vendor's name decides.

    First what stands before (the parent in YAML, the variable), then what stands behind (the base URL).
    """
    before = context.text[max(0, candidate.start - _VENDOR) : candidate.start]
    named = list(names.MODEL_VENDOR.finditer(before))
    nearest = named[-1] if named else names.MODEL_VENDOR.search(context.text, candidate.end, candidate.end + _VENDOR)
    if nearest is None:
        return "low"
    if nearest["other"]:
        return ""
    return "high" if named and "\n" not in before[nearest.end() :] else "medium"
