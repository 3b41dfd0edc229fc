"""The thorough look: decode, find candidates, judge them, and tell where they stand."""

from __future__ import annotations

from alikey_hook.detect import decode, gate
from alikey_hook.detect.excerpt import Lines
from alikey_hook.detect.judge import Judged, judge
from alikey_hook.detect.views import PART, PLAIN, views
from alikey_hook.finding import Detection

_Place = tuple[int, int]


def detect(data: bytes, now: float = 0) -> list[Detection]:
    """Every credential in `data`, of any confidence, in the order in which they stand. Never raises, whatever the bytes.

    `now`: seconds since 1970 UTC; a signed URL that expired before is less severe.
    """
    if not gate.may_hold(data):
        return []
    found: list[Detection] = []
    readings = [reading for name in decode.charsets(data) for reading in decode.texts(data, name)]
    for text, charset in readings:
        # A second reading of the same bytes only adds values that the first one could not see.
        seen = {detection.value for detection in found}
        found += [detection for detection in _in_text(text, charset, now) if detection.value not in seen]
    return sorted(found, key=lambda detection: (detection.line, detection.column, detection.rule))


def _in_text(text: str, charset: str, now: float) -> list[Detection]:
    places = _placed(text, now)
    if not places:
        return []
    lines = Lines(text, [place for place, _ in places])
    return [_detection(judged, encoding, place, lines, charset) for (place, _), (judged, encoding) in places.items()]


def _placed(text: str, now: float) -> dict[tuple[_Place, str], tuple[Judged, str]]:
    """What was found, by its place in the file and its value.

    The second view (string pieces joined) adds values that stand in pieces, and partners for those of the first.
    """
    places: dict[tuple[_Place, str], tuple[Judged, str]] = {}
    for index, view in enumerate(views(text)):
        for judged in judge(view.text, now):
            spans = view.origins(judged.candidate.start, judged.candidate.end)
            for low, high, kind in spans:
                key = ((low, high), judged.candidate.value)
                known = places.get(key)
                # What looks like a value only because two strings were joined must be sure.
                in_pieces = len(spans) > 1 and judged.confidence == "high"
                if index == 0 or in_pieces or (known and judged.partner and not known[0].partner):
                    places[key] = judged, PART if len(spans) > 1 else kind
    return places


def _detection(judged: Judged, encoding: str, place: _Place, lines: Lines, charset: str) -> Detection:
    start, end = place
    line, column = lines.locate(start)
    excerpt, at, width = lines.excerpt(start, end)
    return Detection(
        rule=judged.rule.id,
        value=judged.candidate.value,
        line=line,
        column=column,
        end_column=column + end - start,
        confidence=judged.confidence,
        severity=judged.severity,
        encoding=charset if encoding == PLAIN else encoding,
        partner=judged.partner,
        excerpt=excerpt,
        excerpt_column=at,
        excerpt_width=width,
        inline_allowed=lines.pragma(line),
    )
