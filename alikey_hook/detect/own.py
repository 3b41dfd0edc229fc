"""Known values, looked for exactly: plain, escaped, percent-encoded, in base64 at any alignment, in UTF-16."""

from __future__ import annotations

from alikey_hook.detect.decode import charsets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from alikey_hook.detect.excerpt import Lines
    from alikey_hook.finding import Detection

RULE = "alibaba-own-key"


class Values:
    """Values to look for, made ready once for many blobs."""

    __slots__ = ("_forms", "values")

    def __init__(self, values: Iterable[str]) -> None:
        self.values = tuple(values)
        self._forms = [form for value in self.values for form in _forms(value.encode("ascii"))]

    def may_be_in(self, data: bytes) -> bool:
        """Whether a blob can hold one of the values. Cheap: a few searches for bytes."""
        if not self._forms:
            return False
        if b"\0" in data:  # UTF-16 of ASCII text; taking the NUL bytes out is cheaper than decoding
            data = data + data.replace(b"\0", b"")
        return any(form in data for form in self._forms)

    def find(self, data: bytes) -> list[Detection]:
        """Every place where one of the values stands."""
        from alikey_hook.detect import decode

        found: list[Detection] = []
        for name in charsets(data) or ("",):
            for text, charset in decode.texts(data, name):
                seen = {(known.line, known.column) for known in found}
                found += [new for new in self._in_text(text, charset) if (new.line, new.column) not in seen]
        return found

    def _in_text(self, text: str, charset: str) -> list[Detection]:
        from alikey_hook.detect.excerpt import Lines
        from alikey_hook.detect.views import BASE64, PLAIN, views

        places: dict[tuple[int, int], tuple[str, str]] = {}
        for view in views(text):
            for value in self.values:
                for at in _all(view.text, value):
                    for low, high, kind in view.origins(at, at + len(value)):
                        places.setdefault((low, high), (value, charset if kind == PLAIN else kind))
        for value in self.values:
            for core in _cores(value.encode("ascii")):
                for at in _all(text, core.decode("ascii")):
                    if not any(low <= at < high for low, high in places):
                        places[at, at + len(core)] = value, BASE64
        lines = Lines(text, list(places))
        return [_detection(place, value, encoding, lines) for place, (value, encoding) in places.items()]


def _detection(place: tuple[int, int], value: str, encoding: str, lines: Lines) -> Detection:
    from alikey_hook.finding import Detection

    start, end = place
    line, column = lines.locate(start)
    excerpt, at, width = lines.excerpt(start, end)
    return Detection(
        rule=RULE,
        value=value,
        line=line,
        column=column,
        end_column=column + end - start,
        confidence="high",
        severity="critical",
        encoding=encoding,
        partner=None,
        excerpt=excerpt,
        excerpt_column=at,
        excerpt_width=width,
        inline_allowed=lines.pragma(line),
    )


def _all(text: str, part: str) -> list[int]:
    found, at = [], text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + len(part))
    return found


def _forms(value: bytes) -> list[bytes]:
    percent = b"".join(b"%%%02X" % c if c in b"+/=" else bytes((c,)) for c in value)
    return list(dict.fromkeys([value, percent, percent.replace(b"%2B", b"%2b").replace(b"%2F", b"%2f"), *_cores(value)]))


def _cores(value: bytes) -> list[bytes]:
    """What a value looks like in base64, wherever in it it begins: the characters that its neighbours do not change."""
    import binascii

    cores = []
    for shift in range(3):
        encoded = binascii.b2a_base64(b"\0" * shift + value + b"\0" * (-(shift + len(value)) % 3), newline=False)
        first = (8 * shift + 5) // 6
        last = 8 * (shift + len(value)) // 6
        cores.append(encoded[first:last])
    return cores
