"""The engine on any bytes: what it finds stands there, nothing that it gives back shows it, and a planted key is found."""

import base64
from functools import cache

from alikey_hook.changes import Change
from alikey_hook.detect import engine, gate, shape
from alikey_hook.detect.own import Values
from alikey_hook.finding import Detection, at_least
from alikey_hook.scan import Options, look
from tests.corpus.fill import credential
from tests.fuzz.drawing import Bytes
from tests.fuzz.readings import shown

_SEEDS = 8
_KINDS = "id id16 id16nd old16 sec secnd stsid stssec ststok tmp dash dashws".split()
_AROUND = (
    "LTAI", "LTAI5t", "STS.", "STS.N", "CAIS", "sk-", "sk-ws-", "TMP.", "TFRBS", "accessKeySecret", "access_key_id = ",
    "AccessKeyId=", "secret: ", "aliyun", "oss", "dashscope", "md5", "=", "==", '"', "'", "`", "\\", "\\u", "\\u0041", "\\x41",
    "\\n", "%", "%25", "%3D", "&amp;", "&#65;", "\x1b[31m", "\n", "\r\n", "\r", "\t", " ", "    ", "+", "/", '" + "', '"\n"',
    "密", "密钥：", "é", "𠮷", "\0", "\ufeff", "\ufffd", "*", "****", "…", "{+", "+}", "**", "${", "{{", ".", "-", "_", "(",
    "x", "LTAI" * 6, "a" * 30, "A9b" * 10, "0" * 64, "QUJD" * 16 + "\n",
    "# pragma: allowlist secret", "# pragma: allowlist nextline secret\n",
)  # fmt: skip
_CHARSETS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030")


@cache
def _value(kind: str, seed: int) -> str:
    import random

    return credential(kind, random.Random(f"fuzz/{kind}/{seed}"))


def anything(data: bytes) -> None:
    """Bytes as they are."""
    _examined(data)


def pieces(data: bytes) -> None:
    """Credentials and what means something beside them, put together and encoded in every way."""
    drawn = Bytes(data)
    charset = drawn.choice(_CHARSETS)
    parts: list[str] = []
    while drawn and len(parts) < 40:
        parts.append(_piece(drawn))
    text = "".join(parts)
    _examined(text.encode(charset, "replace"))


def _piece(drawn: Bytes) -> str:
    sort = drawn.number(8)
    if sort < 4:
        return drawn.choice(_AROUND)
    if sort == 4:
        return drawn.take(24).decode("utf-8", "replace")
    value = _value(drawn.choice(_KINDS), drawn.number(_SEEDS))
    if sort == 5:
        return value
    start, size = drawn.number(len(value)), drawn.number(40)
    part = value[start : start + size]
    if sort == 6:
        return part
    # A line feed belongs to what is encoded as often as not.
    encoded = base64.b64encode((value + drawn.choice(("", "\n", '"\n'))).encode()).decode()
    return encoded if drawn.number(2) else encoded[: 20 + size] + "\n" + encoded[20 + size :]


def _examined(data: bytes) -> list[Detection]:
    """What is found, with all that is promised of it."""
    if not gate.where(data):
        missed = engine.detect(data, places=[(0, len(data))])
        # Of values in pieces the gate knows those whose pieces are plain text, see `planted`.
        missed = [one for one in missed if one.encoding != "part" and not _escaped_within(data, one)]
        assert not missed, "the gate lets nothing pass, and the engine would find something"
        return []
    found = engine.detect(data)
    assert not found or engine.detect(data) == found, "the second look found something else"
    values = {detection.value for detection in found}
    # What looks like a word, or is shorter than any real id, may be shown as a part of another one.
    secrets = {one.value for one in found if len(one.value) >= 16 and not _like_words(one.value) and one.confidence != "low"}
    for detection in found:
        assert detection.line > 0 < detection.column < detection.end_column, "the place is none"
        assert shown(data, detection), "the value does not stand at its place"
        assert not any(value in detection.excerpt for value in secrets), "the excerpt shows a value"
        end = detection.excerpt_column + detection.excerpt_width
        assert detection.excerpt[detection.excerpt_column : end] == "*" * detection.excerpt_width, "the mask is elsewhere"
        # Of what stands in pieces, or is the partner of that, only what is sure by itself is told.
        partner, in_pieces = detection.partner, detection.encoding == "part"
        assert not partner or in_pieces or partner in values or partner.encode() not in data, "the partner was not found"
    for finding in look(Change("a", (), "b"), data, Options("low")) if found else ():
        assert not any(value in repr(finding) for value in secrets), "what leaves the scan shows a value"
    return found


def _escaped_within(data: bytes, one: Detection) -> bool:
    """Whether nothing that it begins with tells it, and a letter in it is written as an escape sequence: see docs/limits.md."""
    told = one.encoding not in ("escaped", "percent") or one.value.startswith(("LTAI", "STS.", "CAIS", "CAES"))
    return not told and one.value.encode() not in data.replace(b"\0", b"")


def _like_words(value: str) -> bool:
    return shape.wordlike(value) or shape.wordlike(value.removeprefix("LTAI"))


_LINES = (
    ('access_key_id = "{}"', "id"),
    ("ALIBABA_CLOUD_ACCESS_KEY_ID={}", "id"),
    ("os.getenv('ALIBABA_CLOUD_ACCESS_KEY_ID', '{}')", "id"),
    ('accessKeySecret: "{}"', "sec"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET={}", "sec"),
    ('"SecurityToken": "{}"', "ststok"),
    ("DASHSCOPE_API_KEY={}", "dash"),
    ('accessKeySecret = "{a}" + "{b}"', "sec"),
    ("accessKeySecret = '{a}'\n    '{b}'", "sec"),
    ('AccessKeyId: "{a}" . "{b}"', "id"),
)


@cache
def _planted(line: str, kind: str) -> tuple[str, ...]:
    """Values that are found in this line alone; of random ones a few look like words or like placeholders."""
    values = tuple(_value(kind, seed) for seed in range(4 * _SEEDS))
    kept = tuple(value for value in values if value in _sure(_written(line, value, 0).encode()))
    assert len(kept) > 3 * _SEEDS
    return kept


def _written(line: str, value: str, split: int) -> str:
    """The line with the value in it, where it takes two pieces split somewhere."""
    at = 1 + split % (len(value) - 1)
    return line.format(value, a=value[:at], b=value[at:])


def _sure(data: bytes) -> set[str]:
    return {detection.value for detection in _examined(data) if detection.confidence in at_least("medium")}


def planted(data: bytes) -> None:
    """A line with a credential between any other lines."""
    drawn = Bytes(data)
    line, kind = drawn.choice(_LINES)
    value = drawn.choice(_planted(line, kind))
    ending, charset = drawn.choice(("\n", "\r\n")), drawn.choice(_CHARSETS)
    # Behind it, a line that no string piece goes on in.
    written = _written(line, value, drawn.number(256)) + ending + ";"
    before = drawn.take()
    after = drawn.rest()
    if charset == "utf-8":  # any bytes around it, but not those that make a file binary
        text = ending.encode().join((_textual(before), written.encode(), _textual(after)))
    else:
        around = [_lines(part, charset) for part in (before, after)]
        text = ending.join((around[0], written, around[1])).encode(charset, "replace")
    assert value in _sure(text), "the planted value is not found"


def _lines(data: bytes, charset: str) -> str:
    """Text for this encoding; where no mark tells UTF-16, only what shows that it is."""
    text = _textual(data).decode("utf-8", "replace").replace("\0", "")
    if charset not in ("utf-16-le", "utf-16-be"):
        return text
    return "".join(c for c in text if c in "\t\r\n" or (c.isprintable() and c != "\ufffd" and ord(c) % 256))


_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\f\v\b\x1b") + b"\x7f"


def _textual(data: bytes) -> bytes:
    return data.translate(None, _CONTROLS)


_OWN = tuple(_value(kind, seed) for seed in range(3) for kind in _KINDS)


def own(data: bytes) -> None:
    """This machine's own values are found however they are written, and the cheap question agrees with the thorough one."""
    drawn = Bytes(data)
    values = Values(_OWN[: 1 + drawn.number(len(_OWN))])
    value = drawn.choice(values.values)
    charset, form = drawn.choice(_CHARSETS), drawn.number(4)
    before, after = (_lines(part, charset) for part in (drawn.take(), drawn.rest()))
    if form == 1:
        value_as_written = base64.b64encode(value.encode()).decode()
    elif form == 2:
        value_as_written = "".join(f"\\u{ord(c):04x}" if c in "+/=" else c for c in value)
    elif form == 3:
        value_as_written = "".join(f"%{ord(c):02X}" if c in "+/=" else c for c in value)
    else:
        value_as_written = value
    content = f"{before}\n{value_as_written}\n{after}".encode(charset, "replace")
    for blob in (data, content):
        found = values.find(blob)
        assert not found or values.may_be_in(blob), "the cheap question says no, and a value is there"
        for detection in found:
            assert not any(known in detection.excerpt for known in values.values), "the excerpt shows a value"
            assert detection.line > 0 < detection.column < detection.end_column, "the place is none"
    assert value in {detection.value for detection in found}, "the value is not found"
