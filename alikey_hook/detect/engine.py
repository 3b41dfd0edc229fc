"""The thorough look: decode, find candidates, judge them, and tell where they stand."""

from __future__ import annotations

from alikey_hook.detect import decode, gate
from alikey_hook.detect.excerpt import Lines
from alikey_hook.detect.judge import Judged, judge
from alikey_hook.detect.views import PART, PLAIN, views
from alikey_hook.finding import Detection

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

_Place = tuple[int, int]
# Around a place in a long text: all that a judgement depends on stands within 8,000 characters, which are twice as many in a
# file that escapes some of them.
_MARGIN = 1 << 14
# Such a window ends with a line where one ends soon. What its end may cut in two is no value: those stand further inside.
_EDGE = (gate.APART - 2 * _MARGIN) // 2


def detect(data: bytes, now: float = 0, places: list[_Place] | None = None) -> list[Detection]:
    """Every credential in `data`, of any confidence, in the order in which they stand. Never raises, whatever the bytes.

    `now`: seconds since 1970 UTC; a signed URL that expired before is less severe. `places`: what `gate.where` said of `data`,
    if it was asked.
    """
    places = gate.where(data) if places is None else places
    if not places:
        return []
    found: list[Detection] = []
    readings = [reading for name in decode.charsets(data) for reading in decode.texts(data, name)]
    for text, charset in readings:
        # A second reading of the same bytes only adds values that the first one could not see.
        seen = {detection.value for detection in found}
        whole = places == [(0, len(data))]
        windows = [(0, len(text))] if whole else _windows(text, _in_characters(places, data, text, charset))
        found += [detection for detection in _in_text(text, windows, charset, now) if detection.value not in seen]
    return sorted(found, key=lambda detection: (detection.line, detection.column, detection.rule))


def _in_characters(places: list[_Place], data: bytes, text: str, charset: str) -> list[_Place]:
    """Places in bytes as places in the text that was read from them; a few characters off where they cut one in two."""
    if len(data) == len(text):
        return places
    name = "utf-8" if charset == PLAIN else charset
    edges = [edge for place in places for edge in place]
    offsets, at, before = [], 0, 0
    for edge in edges:
        at += len(data[before:edge].decode(name, "replace"))
        before = edge
        offsets.append(at)
    return list(zip(offsets[::2], offsets[1::2], strict=True))


def _windows(text: str, places: list[_Place]) -> list[_Place]:
    """The parts of a text that have these places in them and enough around them."""
    windows = []
    for first, last in places:
        start, end = max(0, first - _MARGIN), min(len(text), last + _MARGIN)
        before, behind = text.rfind("\n", max(0, start - _EDGE), start), text.find("\n", end, end + _EDGE)
        windows.append((start if before < 0 else before + 1, end if behind < 0 else behind + 1))
    return windows


def _in_text(text: str, windows: list[_Place], charset: str, now: float) -> list[Detection]:
    places: dict[tuple[_Place, str], tuple[Judged, str]] = {}
    for start, end in windows:
        low = start + _EDGE if start else 0
        high = end - _EDGE if end < len(text) else end
        for ((first, last), value), judged in _placed(text[start:end], now).items():
            if low <= start + first and start + last <= high:
                places[(start + first, start + last), value] = judged
    if not places:
        return []
    lines = Lines(text, [place for place, _ in places])
    return [_detection(judged, encoding, place, lines, charset) for (place, _), (judged, encoding) in places.items()]


def _placed(text: str, now: float) -> dict[tuple[_Place, str], tuple[Judged, str]]:
    """What was found, by its place in the text and its value.

    The second view (string pieces joined) adds values that stand in pieces, and partners for those of the first.
    """
    places: dict[tuple[_Place, str], tuple[Judged, str]] = {}
    for index, view in enumerate(views(text)):
        found = judge(view.text, now)
        partners = {judged.partner for judged in found if judged.confidence == "high"}
        paired = []
        for judged in found:
            spans = view.origins(judged.candidate.start, judged.candidate.end)
            for low, high, kind in spans:
                key = ((low, high), judged.candidate.value)
                known = places.get(key)
                placed = judged, PART if len(spans) > 1 else kind
                # What looks like a value only because two strings were joined, its own or its partner's, must be sure, or stand
                # whole beside what is and has it for a partner.
                sure = judged.confidence == "high" or (len(spans) == 1 and judged.candidate.value in partners)
                if index == 0 or (sure and (len(spans) > 1 or judged.partner)):
                    places[key] = placed
                elif known and judged.partner and not known[0].partner:
                    paired.append((key, placed))
        values = {value for _, value in places}
        places.update((key, placed) for key, placed in paired if placed[0].partner in values)
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
        inline_allowed=lines.pragma(start),
        expires=judged.expires,
    )
