"""The thorough look: candidates by shape, partners by nearness, confidence by context."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from alikey_hook.detect import decode, gate, names, shape
from alikey_hook.detect.excerpt import Lines
from alikey_hook.detect.rules import RULES, Rule
from alikey_hook.detect.views import View, unescaped
from alikey_hook.finding import Detection

_CLOSE_LINES, _FAR_LINES, _CLOSE, _FAR = 4, 25, 700, 2500
_PATTERNS = {rule.id: re.compile(rf"(?<![0-9A-Za-z]){rule.pattern}(?![0-9A-Za-z])") for rule in RULES}
_CERTAIN = {rule.id: re.compile(rule.certain) for rule in RULES}
_ALNUM = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


class Candidate(NamedTuple):
    """A value of a rule's shape, at `start:end` of a view. `whole`: not masked, no placeholder; only whole ones are found."""

    rule: Rule
    start: int
    end: int
    value: str
    whole: bool
    certain: bool


class Judged(NamedTuple):
    """A candidate and what its context makes of it."""

    candidate: Candidate
    confidence: str
    partner: str | None


def detect(data: bytes) -> list[Detection]:
    """Every credential in `data`, of any confidence, in the order in which they stand. Never raises, whatever the bytes."""
    if not gate.may_hold(data):
        return []
    found: list[Detection] = []
    for text in decode.texts(data, decode.charset(data) or ""):
        # A second reading of undecodable bytes only adds values that the first one could not see.
        seen = {detection.value for detection in found}
        found += [detection for detection in _in_text(text) if detection.value not in seen]
    return sorted(found, key=lambda detection: (detection.line, detection.column, detection.rule))


def _in_text(text: str) -> list[Detection]:
    view = unescaped(text)
    judged = [judged for judged in _judge_all(view) if judged.confidence]
    lines = Lines(text, [view.span(j.candidate.start, j.candidate.end) for j in judged])
    return [_detection(j, lines, view) for j in judged]


def _detection(judged: Judged, lines: Lines, view: View) -> Detection:
    candidate = judged.candidate
    start, end = view.span(candidate.start, candidate.end)
    line, column = lines.locate(start)
    excerpt, at, width = lines.excerpt(start, end)
    return Detection(
        rule=candidate.rule.id,
        value=candidate.value,
        line=line,
        column=column,
        end_column=column + end - start,
        confidence=judged.confidence,
        severity="critical" if judged.partner else candidate.rule.severity,
        encoding=view.encoding,
        partner=judged.partner,
        excerpt=excerpt,
        excerpt_column=at,
        excerpt_width=width,
        inline_allowed=lines.pragma(line),
    )


def _judge_all(view: View) -> list[Judged]:
    text = view.text
    ids: list[Candidate] = []
    secrets: list[Candidate] = []
    for rule in RULES:
        (ids if rule.role == "id" else secrets).extend(_candidates(rule, text))
    context = _Context(text, ids + secrets)
    id_starts = [candidate.start for candidate in ids]
    judged = [_judge_secret(secret, _nearest(secret, ids, id_starts, text), context) for secret in secrets]
    kept = [j.candidate for j in judged if j.confidence in ("medium", "high")]
    kept_starts = [candidate.start for candidate in kept]
    for candidate in ids:
        if candidate.whole:
            judged.append(_judge_id(candidate, _nearest(candidate, kept, kept_starts, text), context))
    return judged


def _candidates(rule: Rule, text: str) -> list[Candidate]:
    found = []
    for match in _PATTERNS[rule.id].finditer(text):
        value = match[0]
        sure = bool(rule.certain) and _CERTAIN[rule.id].fullmatch(value) is not None
        before, after = text[max(0, match.start() - 3) : match.start()], text[match.end() : match.end() + 10]
        if not (_id_edges(before, after, sure) if rule.role == "id" else _secret_edges(before, after)):
            continue
        body = value[4:] if rule.role == "id" else value
        whole = not (_masked(before, after) or shape.placeholder(body) or shape.placeholder(value))
        if rule.role == "secret" and not (whole and shape.mixed_case(value) and not shape.wordlike(value)):
            continue
        found.append(Candidate(rule, match.start(), match.end(), value, whole, sure))
    return found


def _id_edges(before: str, after: str, certain: bool) -> bool:
    """`+ / =` are value characters: an id between them is a piece of base64, unless its shape is beyond chance."""
    if before.endswith("+") or after.startswith("+") or after.startswith("=="):
        return False
    if before.endswith("/") and not (certain and not after.startswith("/")):
        return False
    return certain or not after.startswith("/") or re.match(r"/\d{8}/", after) is not None


def _secret_edges(before: str, after: str) -> bool:
    last, following = before[-1:], after[:1]
    if last in ("+", "/", "_", "$", "\\") or following in ("+", "/", "_", "=", "(", "$"):
        return False
    if last in (".", "-") and before[-2:-1] in _ALNUM:
        return False
    if before[-2:] == "${" or before[-2:] == "{{":
        return False
    return not (following in (".", "-", ":") and after[1:2] in _ALNUM and following != ":")


def _masked(before: str, after: str) -> bool:
    """Whether the value goes on behind a mask: `LTAI5tAb****`, `…`, `\\*\\*`, `LTAI5t•••`."""
    return after[:1] in ("*", "…", "•", "●", "·", "⋯") or after[:2] in ("..", "\\*", "[*") or before[-1:] in ("*", "…", "•")


def _nearest(candidate: Candidate, others: list[Candidate], starts: list[int], text: str) -> tuple[Candidate, int] | None:
    """The nearest partner and how many lines lie between, ones before the candidate first where the lines are as many."""
    at = bisect_left(starts, candidate.start)
    best: tuple[int, int, Candidate] | None = None
    for other in others[max(0, at - 1) : at + 1]:
        low, high = min(candidate.end, other.end), max(candidate.start, other.start)
        if high - low > _FAR:
            continue
        between = text.count("\n", low, high)
        ranked = (between, high - low if between == 0 else int(other.start > candidate.start), other)
        if between <= _FAR_LINES and (best is None or ranked[:2] < best[:2]):
            best = ranked
    return (best[2], best[0]) if best else None


class _Context:
    """The words around candidates. Looks only at bounded windows, so that its cost is linear whatever the text."""

    def __init__(self, text: str, candidates: list[Candidate]) -> None:
        self._text = text
        self._ends = sorted(candidate.end for candidate in candidates)
        self._alibaba: names.AlibabaWords | None = None

    def label(self, candidate: Candidate) -> names.Label:
        text, start = self._text, candidate.start
        line_start = text.rfind("\n", max(0, start - 400), start) + 1 or max(0, start - 400)
        index = bisect_right(self._ends, start)
        previous = self._ends[index - 1] if index else 0
        before = text[max(line_start, previous) : start]
        line_end = text.find("\n", candidate.end, candidate.end + 80)
        after = text[candidate.end : line_end if line_end >= 0 else candidate.end + 80]
        above = "" if previous > line_start else self._above(line_start, previous)
        return names.label(before, after, above)

    def _above(self, line_start: int, previous: int) -> str:
        """The nearest line above that is not blank, if no value stands in it or below it."""
        end = line_start - 1
        for _ in range(3):
            start = self._text.rfind("\n", max(0, end - 200), max(0, end)) + 1
            if end <= 0 or start < previous:
                return ""
            line = self._text[start:end]
            if line.strip():
                return line
            end = start - 1
        return ""

    def alibaba_near(self, candidate: Candidate) -> bool:
        if self._alibaba is None:
            self._alibaba = names.AlibabaWords(self._text)
        return self._alibaba.near(candidate.start)

    def in_known_call(self, candidate: Candidate) -> bool:
        return names.in_known_call(self._text[max(0, candidate.start - 320) : candidate.start])

    def quoted(self, candidate: Candidate) -> bool:
        before, after = self._text[candidate.start - 1 : candidate.start], self._text[candidate.end : candidate.end + 1]
        return before == after and before in ("'", '"', "`")


def _judge_secret(candidate: Candidate, nearest: tuple[Candidate, int] | None, context: _Context) -> Judged:
    label = context.label(candidate)
    partner, lines = nearest or (None, 0)
    shown = partner.value if partner and partner.whole else None
    if label.secret == "strong":
        return Judged(candidate, "high", shown)
    if label.secret == "other":
        return Judged(candidate, "low" if partner else "", None)
    if partner and lines <= _CLOSE_LINES:
        gap = max(candidate.start, partner.start) - min(candidate.end, partner.end)
        return Judged(candidate, "high" if gap <= _CLOSE else "medium", shown)
    if partner and label.secret == "weak":
        return Judged(candidate, "medium", shown)
    if context.in_known_call(candidate):
        return Judged(candidate, "medium", None)
    if label.secret == "weak":
        return Judged(candidate, "medium" if context.alibaba_near(candidate) else "low", None)
    return Judged(candidate, "", None)


def _judge_id(candidate: Candidate, nearest: tuple[Candidate, int] | None, context: _Context) -> Judged:
    partner = nearest[0].value if nearest else None
    body = candidate.value[4:]
    if candidate.certain and not shape.wordlike(body):
        return Judged(candidate, "high", partner)
    if partner:
        return Judged(candidate, "high" if len(candidate.value) in (16, 24) else "medium", partner)
    if len(candidate.value) not in (16, 24) or not shape.mixed_case(body):
        return Judged(candidate, "low", None)
    named = context.label(candidate).id
    if shape.wordlike(body):
        return Judged(candidate, "low", None)
    if any(character.isdigit() for character in body) or named or context.quoted(candidate):
        return Judged(candidate, "high" if named else "medium", None)
    return Judged(candidate, "low", None)
