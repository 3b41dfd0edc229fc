"""Known values, looked for exactly: plain, escaped, percent-encoded, in base64 at any alignment, in UTF-16."""

from __future__ import annotations

from alikey_hook.detect.decode import charsets

BASE64, PLAIN = "base64", "plain"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alikey_hook.detect.excerpt import Lines
    from alikey_hook.detect.views import View
    from alikey_hook.finding import Detection

RULE = "alibaba-own-key"


class Values:
    """Values to look for, made ready once for many blobs."""

    __slots__ = ("_forms", "values")

    def __init__(self, values: Iterable[str]) -> None:
        self.values = tuple(sorted(values, key=len, reverse=True))  # a value that begins with another comes first
        self._forms = list(dict.fromkeys(form for value in self.values for form in _forms(value.encode("ascii"))))

    def may_be_in(self, data: bytes) -> bool:
        """Whether a blob can hold one of the values. Cheap: a few searches for bytes."""
        if not self._forms:
            return False
        if any(form in data for form in self._forms):
            return True
        if b"\0" not in data:
            return False
        narrow = data.replace(b"\0", b"")  # UTF-16 of ASCII text; taking the NUL bytes out is cheaper than decoding
        return any(form in narrow for form in self._forms)

    def find(self, data: bytes) -> list[Detection]:
        """Every place where one of the values stands."""
        from alikey_hook.detect import decode

        found: list[Detection] = []
        for name in charsets(data) or ("",):
            for text, charset in decode.texts(data, name):
                seen = {known.value for known in found}  # a second reading of the same bytes has other columns
                found += [new for new in self._in_text(text, charset) if new.value not in seen]
        return found

    def _in_text(self, text: str, charset: str) -> list[Detection]:
        from alikey_hook.detect.excerpt import Lines
        from alikey_hook.detect.taken import Taken

        places: dict[tuple[int, int, str], str] = {}
        taken = Taken(self.values)
        for low, high, value, kind in self._written(text, charset):
            if taken.take(low, high, value):
                places[low, high, value] = kind
        lines = Lines(text, [(low, high) for low, high, _ in places])
        return [_detection((low, high), value, kind, lines) for (low, high, value), kind in places.items()]

    def _written(self, text: str, charset: str) -> Iterator[tuple[int, int, str, str]]:
        """Where each value stands in a text, from and to, and how it is written; a place may come more than once."""
        for view, plain in _views(text, charset):
            for value in self.values:
                for at in _all(view.text, value):
                    spans = view.origins(at, at + len(value))
                    yield spans[0][0], spans[-1][1], value, next((kind for _, _, kind in spans if kind != PLAIN), plain)
        for value in self.values:
            encoded = value.encode("ascii")
            forms = dict.fromkeys((_percent(encoded), _lower(encoded)), "percent") | dict.fromkeys(_cores(encoded), BASE64)
            for form, kind in forms.items():
                if form != encoded:
                    yield from ((at, at + len(form), value, kind) for at in _all(text, form.decode("ascii")))


def _views(text: str, charset: str) -> Iterator[tuple[View, str]]:
    """The text as it stands, without the NULs of UTF-16 in another encoding, and as its reader means it."""
    from alikey_hook.detect.views import Piece, View, views

    whole = View(text, [Piece(0, 0, len(text), PLAIN)])
    yield whole, charset
    if "\0" in text:
        kept = [at for at, character in enumerate(text) if character != "\0"]
        pieces = [Piece(new, at, at + 1, PLAIN) for new, at in enumerate(kept)]
        yield View("".join(text[at] for at in kept), pieces), "utf-16"
    for view in views(text):
        yield view, charset


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
        inline_allowed=lines.pragma(start),
    )


def _all(text: str, part: str) -> list[int]:
    found, at = [], text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + len(part))
    return found


def _forms(value: bytes) -> list[bytes]:
    """What a blob with the value in it holds: its longest piece that no encoding changes, or of its base64 a piece.

    Wrapped base64 breaks at most once in the first 48 characters: the first 24 are whole, or those after them.
    """
    runs = bytes(c if c not in b"+/=.-" else 32 for c in value).split()
    longest = max(runs, key=len) if runs else value
    pieces = [piece for core in _cores(value) for piece in (core[: len(core[:48]) // 2], core[len(core[:48]) // 2 : 48])]
    plain = [longest] if len(longest) >= 12 else [value, _percent(value), _lower(value)]
    return [*plain, *pieces]


def _percent(value: bytes, code: bytes = b"%%%02X") -> bytes:
    return b"".join(code % c if c in b"+/=" else bytes((c,)) for c in value)


def _lower(value: bytes) -> bytes:
    return _percent(value, b"%%%02x")


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
