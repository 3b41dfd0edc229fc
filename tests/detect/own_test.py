"""Known values are found wherever they stand, in every form, at their place; and nothing shows them."""

import base64
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alikey_hook.detect import decode
from alikey_hook.detect.own import RULE, Values
from alikey_hook.finding import Detection
from tests.keys import access_key_id, secret

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=.-"
SECRET = secret(1)
# A token has what must be percent-encoded; an STS token ends so too.
TOKEN = f"CAIS{secret(2)}+/{secret(3)}=="


def percent(value: str) -> bytes:
    return urllib.parse.quote(value, safe="").encode()


def percent_lower(value: str) -> bytes:
    return percent(value).replace(b"%2B", b"%2b").replace(b"%2F", b"%2f").replace(b"%3D", b"%3d")


def base64_at(shift: int) -> Callable[[str], bytes]:
    """A text in base64, in which the value begins that many bytes after a multiple of three."""
    return lambda value: base64.b64encode(b"k=:"[:shift] + value.encode() + b"\n")


# Forms that bytes of any kind may surround.
FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "percent": percent,
    "percent in lower case": percent_lower,
    "base64 of the value": lambda value: base64.b64encode(value.encode()),
    **{f"base64 of a text, alignment {shift}": base64_at(shift) for shift in range(3)},
}
WIDE = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def found(data: bytes, *values: str) -> list[Detection]:
    """What is found, asked as `scan` asks."""
    known = Values(values)
    return known.find(data) if known.may_be_in(data) else []


def places(data: bytes, *values: str) -> list[tuple[int, int, int, str]]:
    return sorted((one.line, one.column, one.end_column, one.encoding) for one in found(data, *values))


def span_of(text: str, one: Detection) -> str:
    """The text that a detection points at."""
    ending = "\n" if "\n" in text or "\r" not in text else "\r"
    lines = text.split(ending)
    start = sum(len(line) + 1 for line in lines[: one.line - 1]) + one.column - 1
    return text[start : start + one.end_column - one.column]


def covered(data: bytes, value: str, written: str) -> bool:
    """Whether one of the places of a value covers what is written there."""
    readings = [text for name in decode.charsets(data) or ("",) for text, _ in decode.texts(data, name)]
    ours = [one for one in found(data, value) if one.value == value and one.rule == RULE]
    return any(written in span_of(text, one) for text in readings for one in ours)


def core(value: str, shift: int) -> str:
    """What neighbours cannot change of the value's base64."""
    whole = base64.b64encode(b"\0" * shift + value.encode() + b"\0" * 3).decode()
    return whole[(8 * shift + 5) // 6 : 8 * (shift + len(value)) // 6]


values = st.text(ALPHABET, min_size=16, max_size=200)
# Among them what a decoder takes for the beginning of an escape.
surroundings = st.binary(max_size=60) | st.sampled_from([b"%4", b"%", b"\\", b"\\u00", b"\\x", b"&#3", b"\xc3", b"\x81", b"\0"])
# Not NUL: with it first, the mark of UTF-16 is the mark of UTF-32.
characters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=150, deadline=None)
@given(value=values, before=surroundings, after=surroundings)
def test_any_value_is_found_among_any_bytes(form: str, value: str, before: bytes, after: bytes) -> None:
    written = FORMS[form](value)
    fragment = core(value, int(form[-1])) if form[-1].isdigit() else core(value, 0) if "base64" in form else written.decode()
    assert covered(before + written + after, value, fragment)


@pytest.mark.parametrize("charset", WIDE)
@settings(max_examples=150, deadline=None)
@given(value=values, before=characters, after=characters)
def test_any_value_is_found_in_a_utf_16_text_with_a_mark(charset: str, value: str, before: str, after: str) -> None:
    data = WIDE[charset] + (before + value + after).encode(charset)
    assert covered(data, value, value)


@pytest.mark.parametrize("charset", WIDE)
@settings(max_examples=150, deadline=None)
@given(value=values, before=st.text(ALPHABET + " \n:密钥"), after=st.text(ALPHABET + " \n\"'密钥"))
def test_any_value_is_found_in_a_utf_16_text_without_a_mark(charset: str, value: str, before: str, after: str) -> None:
    assert covered((before + value + after).encode(charset), value, value)


@pytest.mark.parametrize("charset", WIDE)
@settings(max_examples=150, deadline=None)
@given(value=values, before=st.binary(max_size=60), after=st.binary(max_size=60))
def test_any_value_is_found_in_utf_16_among_any_bytes(charset: str, value: str, before: bytes, after: bytes) -> None:
    assert found(before + value.encode(charset) + after, value)


@settings(max_examples=150, deadline=None)
@given(value=values, before=st.text("密钥配置说明abc =:\n"), after=st.text("密钥配置说明abc =:\n"))
def test_any_value_is_found_once_in_a_gbk_text(value: str, before: str, after: str) -> None:
    start = before.rfind("\n") + 1
    line, column = before.count("\n") + 1, len(before) - start + 1
    told = found(f"{before}{value}{after}".encode("gbk"), value)
    assert [(one.line, one.column, one.end_column) for one in told] == [(line, column, column + len(value))]


@settings(max_examples=200, deadline=None)
@given(value=values, data=st.binary(max_size=300))
def test_nothing_is_found_where_nothing_stands(value: str, data: bytes) -> None:
    assert found(data, value) == []
    assert found(data) == []


@pytest.mark.parametrize(
    ("data", "place"),
    [
        pytest.param(f"a\nkey: {SECRET}!\n".encode(), (2, 6, 36, "plain"), id="plain"),
        pytest.param(f"密钥：{SECRET}".encode(), (1, 4, 34, "plain"), id="after Chinese"),
        pytest.param(b"\xef\xbb\xbf" + f"k={SECRET}".encode(), (1, 3, 33, "plain"), id="after a UTF-8 mark"),
        pytest.param(f"密钥说明\r\n密钥：{SECRET}".encode("gbk"), (2, 4, 34, "gb18030"), id="GBK"),
        pytest.param(f"a\rk={SECRET}\r".encode(), (2, 3, 33, "plain"), id="lines that end with CR"),
        pytest.param(f"k={SECRET}".encode("utf-16"), (1, 3, 33, "utf-16"), id="UTF-16 with a mark"),
        pytest.param(f"k={SECRET}".encode("utf-16-be"), (1, 3, 33, "utf-16"), id="UTF-16 without a mark"),
        pytest.param(b"x: " + base64.b64encode(SECRET.encode()), (1, 4, 44, "base64"), id="base64"),
        pytest.param(b"x: " + base64.b64encode(f"k={SECRET}\n".encode()) + b" y", (1, 4, 48, "base64"), id="base64 of a text"),
        pytest.param(b"x: " + base64.b64encode(b"\0\1\2" + SECRET.encode()), (1, 8, 48, "base64"), id="base64 of binary data"),
        pytest.param(b"\0\1\2\3" * 9 + SECRET.encode() + b"\0\1", (1, 37, 67, "plain"), id="in binary data"),
    ],
)
def test_where_it_stands(data: bytes, place: tuple[int, int, int, str]) -> None:
    assert places(data, SECRET) == [place]


@pytest.mark.parametrize("form", ["percent", "percent in lower case"])
def test_a_token_in_a_url(form: str) -> None:
    written = FORMS[form](TOKEN)
    url = b"https://x.example/?SecurityToken=" + written + b"&Expires=1"
    assert places(url, TOKEN) == [(1, 34, 34 + len(written), "percent")]


@pytest.mark.parametrize("form", ["percent", "percent in lower case"])
def test_a_token_behind_a_percent_sign(form: str) -> None:
    """Which with the token's first two letters looks like an escape, so that no decoded text has the token."""
    written = FORMS[form](TOKEN)
    assert places(b"%" + written, TOKEN) == [(1, 2, 2 + len(written), "percent")]


@pytest.mark.parametrize(
    "written",
    [TOKEN.replace("/", r"\/"), TOKEN.replace("+", r"\u002b").replace("=", r"\u003d"), TOKEN.replace("=", "&#61;")],
    ids=["PHP's JSON", "HTML-safe JSON", "HTML"],
)
def test_a_token_with_its_signs_escaped(written: str) -> None:
    assert len(found(f'"token": "{written}"'.encode(), TOKEN)) == 1


@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("shift", range(3))
def test_base64_that_is_wrapped(width: int, shift: int) -> None:
    """What `base64 FILE` and MIME write, wherever in it the value comes."""
    for at in range(0, 240, 5):
        text = "x" * (at + shift) + "\naccess_key_secret = " + SECRET + "\n" + "y" * 80
        encoded = base64.b64encode(text.encode()).decode()
        wrapped = "\n".join(encoded[start : start + width] for start in range(0, len(encoded), width))
        assert len(found(f"{wrapped}\n".encode(), SECRET)) == 1, at


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("%4", "1" + SECRET),
        ("\\", "n" + SECRET),
        ("C:\\keys\\", "t" + SECRET),
        ("\\u00", "41" + SECRET),
        ("\\x4", "1" + SECRET),
    ],
    ids=["a percent sign", "a backslash", "a Windows path", "half an escape of four digits", "half an escape of two"],
)
def test_what_stands_before_it_does_not_swallow_it(before: str, value: str) -> None:
    """A decoder takes these for the beginning of an escape that the value's first characters end."""
    assert len(found(f"{before}{value}".encode(), value)) == 1


def test_a_value_that_is_itself_the_base64_of_a_text() -> None:
    value = base64.b64encode(b"someone's own passphrase").decode()
    assert places(f"k={value}".encode(), value) == [(1, 3, 35, "plain")]


def test_utf_16_in_a_file_of_another_kind() -> None:
    """A log that two programs write, a Windows program with its strings."""
    assert len(found(b"an ASCII line\n" * 9 + f"key={SECRET}\r\n".encode("utf-16-le") + b"and more\n" * 9, SECRET)) == 1
    assert len(found(bytes(range(256)) * 4 + SECRET.encode("utf-16-le") + bytes(range(256)) * 4, SECRET)) == 1


@pytest.mark.parametrize("charset", ["utf-8", "gbk", "utf-16"])
def test_each_place_is_told_once(charset: str) -> None:
    lines = f"密钥 {SECRET} 和 {SECRET}\n没有\n{access_key_id(1)} 密钥 {SECRET}\n"
    told = [place[:3] for place in places(lines.encode(charset), SECRET, access_key_id(1))]
    assert told == [(1, 4, 34), (1, 37, 67), (3, 1, 25), (3, 29, 59)]


@pytest.mark.parametrize("order", [1, -1], ids=["shorter first", "longer first"])
def test_a_value_that_begins_with_another_is_told_once(order: int) -> None:
    """A token with and without its `==`: as a variable has it, and as it stands in a file."""
    both = (TOKEN.rstrip("="), TOKEN)[::order]
    assert [(one.line, one.column) for one in found(f"t: {TOKEN}\n".encode(), *both)] == [(1, 4)]


@pytest.mark.parametrize(
    "text", ["{0}:{1}", "key {1} of {0}", "{0}{1}"], ids=["a colon between", "a sentence", "nothing between"]
)
def test_two_values_in_one_run_of_base64_are_both_told(text: str) -> None:
    """Or whoever allows the one lets the other pass."""
    encoded = base64.b64encode(text.format(access_key_id(1), SECRET).encode())
    told = found(b"auth: " + encoded, access_key_id(1), SECRET)
    assert {one.value for one in told} == {access_key_id(1), SECRET}


def test_what_it_is_called() -> None:
    (one,) = found(f"k = {SECRET}".encode(), SECRET)
    assert (one.rule, one.confidence, one.severity, one.value) == (RULE, "high", "critical", SECRET)
    assert (one.partner, one.inline_allowed) == (None, False)


def test_a_pragma_allows_it() -> None:
    lines = f"k = {SECRET}  # pragma: allowlist secret\nk = {SECRET}\n"
    assert [one.inline_allowed for one in found(lines.encode(), SECRET)] == [True, False]


@pytest.mark.parametrize("form", FORMS)
def test_no_excerpt_shows_it(form: str) -> None:
    known = (SECRET, TOKEN, access_key_id(1))
    line = b" and ".join(b"key " + FORMS[form](value) for value in known)
    told = found(line, *known)
    assert len(told) == 3
    for one in told:
        for value in known:
            shown = [value, percent(value).decode(), *(core(value, shift) for shift in range(3))]
            assert not any(part in one.excerpt for part in shown)


@pytest.mark.parametrize("form", FORMS)
def test_asking_first_never_says_no_where_something_is_found(form: str) -> None:
    data = b"x " + FORMS[form](SECRET) + b" y"
    assert Values([SECRET]).may_be_in(data)
    assert not Values([]).may_be_in(data)
    assert not Values([secret(9)]).may_be_in(data)


@pytest.mark.parametrize("shift", range(3))
def test_asking_first_looks_for_either_half_of_the_base64(shift: int) -> None:
    """A line may end within the first 48 characters, but once only."""
    for value in (SECRET, TOKEN):
        known, part = Values([value]), core(value, shift)[:48]
        half = len(part) // 2
        assert known.may_be_in(part[:half].encode()) and known.may_be_in(part[half:].encode())
        assert not known.may_be_in(part[: half - 1].encode()) and not known.may_be_in(part[half + 1 :].encode())
        assert not known.may_be_in(part[half:-1].encode()) and not known.may_be_in(part[1:half].encode())


def test_asking_first_looks_for_what_no_encoding_changes() -> None:
    known = Values([TOKEN])
    longest = f"CAIS{secret(2)}"
    assert known.may_be_in(longest.encode())
    assert not known.may_be_in(longest[1:].encode()) and not known.may_be_in(longest[:-1].encode())
    assert not known.may_be_in(secret(3).encode())
    assert known.may_be_in(longest.encode("utf-16-le"))
    assert not known.may_be_in(longest[1:].encode("utf-16-le"))


@pytest.mark.parametrize("longest", [11, 12])
def test_asking_first_for_a_value_of_short_pieces(longest: int) -> None:
    value = "a" * longest + "+bc/de=f.g-h"
    known = Values([value])
    for written in (value.encode(), percent(value), percent_lower(value)):
        assert known.may_be_in(written)
        assert known.may_be_in(written[:-1]) is (longest == 12)
    assert known.may_be_in(b"a" * longest) is (longest == 12)
    assert not known.may_be_in(b"a" * 10 + b"+bc")


def test_longer_values_come_first() -> None:
    assert Values(["a" * 16, "b" * 18, "c" * 17]).values == ("b" * 18, "c" * 17, "a" * 16)


def test_values_that_touch_each_other_are_both_told() -> None:
    one, other = SECRET, secret(9)
    assert [place[:3] for place in places(f"{one}{other}{one}".encode(), one, other)] == [(1, 1, 31), (1, 31, 61), (1, 61, 91)]
    assert places(f"x{TOKEN}".encode(), TOKEN, TOKEN.rstrip("=")) == [(1, 2, 2 + len(TOKEN), "plain")]


def test_how_it_is_written_is_told() -> None:
    for sign in ("\\u002b", "\\x2b", "&#43;"):
        written = TOKEN.replace("+", sign)
        assert places(f"k = {written}".encode(), TOKEN) == [(1, 5, 5 + len(written), "escaped")]
    mixed = b"\x01\x02\x03" * 9 + SECRET.encode("utf-16-le")
    assert [place[3] for place in places(mixed, SECRET)] == ["utf-16"]


def test_what_is_shown_of_it() -> None:
    ((line, column, width),) = [
        (one.excerpt, one.excerpt_column, one.excerpt_width) for one in found(f" k={SECRET};".encode(), SECRET)
    ]
    assert (line, column, width) == ("k=" + "*" * 30 + ";", 2, 30)


def test_in_bytes_that_can_be_read_in_two_ways_each_value_is_told_once() -> None:
    data = "密钥".encode("gbk") + f" {SECRET} ".encode() + b"\xff\xff"
    assert len(found(data, SECRET)) == 1
    both = f"密 {SECRET}\n".encode("gbk") + f"{secret(9)} \xff".encode("latin-1")
    assert sorted(one.value for one in found(both, SECRET, secret(9))) == sorted([SECRET, secret(9)])
