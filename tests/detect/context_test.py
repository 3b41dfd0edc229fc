"""What stands around a candidate: names in its line and above, blocks, calls, quotes, signed URLs."""

import pytest

from alikey_hook.detect import names
from alikey_hook.detect.candidates import Candidate
from alikey_hook.detect.context import Context
from alikey_hook.detect.rules import ACCESS_KEY_SECRET

FUTURE = 4102444800
SIGNATURE = "Signature=" + "x" * 20


def asked(text: str, value: str = "V", *others: str) -> tuple[Context, Candidate]:
    """The context of a text, and the value in it; `others`: other values of the text."""
    spans = {one: (text.index(one), text.index(one) + len(one)) for one in (value, *others)}
    candidate = Candidate(ACCESS_KEY_SECRET, "secret", *spans[value], value, True, False)
    return Context(text, sorted(end for _, end in spans.values())), candidate


def label(text: str, value: str = "V", *others: str) -> tuple[str, bool]:
    context, candidate = asked(text, value, *others)
    secret, is_id = context.label(candidate)
    return secret, is_id


STRONG = "accessKeySecret"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        pytest.param(f"{STRONG} = V", "strong", id="in the line"),
        pytest.param("V", "", id="alone"),
        pytest.param(f"{STRONG}\nV", "strong", id="one line above"),
        pytest.param(f"\n{STRONG}\n-\n-\nV", "strong", id="three lines above"),
        pytest.param(f"{STRONG}\n-\n-\n-\nV", "", id="four lines above"),
        pytest.param(f"\n{STRONG}\n\n\n \n\t\n\nV", "strong", id="above five blank lines"),
        pytest.param(f"\n{STRONG}\n\n\n\n\n\n\nV", "", id="above six blank lines"),
        pytest.param(f"secret\n{STRONG}\nV", "strong", id="the nearest line first"),
        pytest.param(f"{STRONG}\nsecret\nV", "weak", id="the nearest line only"),
        pytest.param(f"-\n{STRONG} " + "-" * 85 + "\nV", "strong", id="above, at 100 characters"),
        pytest.param(f"-\n{STRONG} " + "-" * 1000 + "\nV", "", id="above, beyond 120 characters"),
        pytest.param(f"{STRONG} " + "-" * 101 + " V", "strong", id="in a line, at 120 characters"),
        pytest.param(f"{STRONG} " + "-" * 2000 + " V", "", id="in a long line"),
        pytest.param(f"{STRONG}\n" + "-" * 2000 + " V", "", id="above a long line"),
        pytest.param(f"{STRONG}\n" + "-" * 390 + " V", "strong", id="above a line of 390 characters"),
        pytest.param(f"V // {STRONG}", "strong", id="behind"),
        pytest.param("V" + "-" * 45 + STRONG, "strong", id="behind, up to 60 characters"),
        pytest.param("V" + "-" * 60 + STRONG, "", id="behind, over 60 characters"),
        pytest.param(f"V\n{STRONG}", "", id="below"),
        pytest.param("secret = V\n" + STRONG, "weak", id="below, but named"),
        pytest.param("-\n" * 40 + f"V // {STRONG}\n" + "-\n" * 40, "strong", id="behind, in a text"),
    ],
)
def test_the_name_of_a_value(text: str, secret: str) -> None:
    assert label(text)[0] == secret


def test_a_value_begins_behind_the_value_before() -> None:
    assert label(f"{STRONG} = V, W", "W", "V")[0] == ""
    assert label(f"{STRONG} = V, {STRONG} = W", "W", "V")[0] == "strong"
    assert label(f"{STRONG} = V\nW", "W", "V")[0] == ""
    assert label(f"V\n{STRONG}\nW", "W", "V")[0] == "strong"
    assert label(f"V {STRONG}\nW", "W", "V")[0] == ""
    assert label(f"{STRONG}\nV W", "W", "V")[0] == ""
    assert label(f"U V {STRONG} = W", "W", "U", "V")[0] == "strong"
    assert label(f"{STRONG} = V, W", "V", "W")[0] == "strong"


def test_the_name_of_an_id() -> None:
    assert label("accessKeyId = V") == ("weak", True)
    assert label("V") == ("", False)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        pytest.param("secret: V", False, id="no block"),
        pytest.param("jwt:\n  secret: V", True, id="below another service"),
        pytest.param("aliyun:\n  secret: V", False, id="below Alibaba Cloud"),
        pytest.param("aliyun-jwt:\n  secret: V", False, id="below both"),
        pytest.param("x:\n  secret: V", False, id="below something"),
        pytest.param("jwt:\n  x:\n    secret: V", True, id="two above"),
        pytest.param("aliyun:\n  jwt:\n    secret: V", True, id="the nearest: another service"),
        pytest.param("jwt:\n  aliyun:\n    secret: V", False, id="the nearest: Alibaba Cloud"),
        pytest.param("jwt:\n  a: b\naliyun:\n  secret: V", False, id="a block before"),
        pytest.param("jwt:\n  a: b\nx:\n  secret: V", False, id="a block before, beside something"),
        pytest.param("x:\n  jwt: a\n  secret: V", False, id="beside another service"),
        pytest.param("jwt:\nsecret: V", False, id="not indented"),
        pytest.param("jwt:\n\n  secret: V", True, id="a blank line between"),
        pytest.param("\njwt:\n" + "  a: b\n" * 19 + "  secret: V", True, id="20 lines above"),
        pytest.param("\njwt:\n" + "  a: b\n" * 20 + "  secret: V", False, id="21 lines above"),
        pytest.param("jwt:\n  secret: " + "-" * 389 + "V", True, id="a line of 400 characters"),
        pytest.param("jwt:\n  secret: " + "-" * 390 + "V", False, id="a line of more than 400 characters"),
        pytest.param("\tjwt:\n\t\tsecret: V", True, id="tabs"),
        pytest.param("jwt:\n  secret: V\nredis:\n", True, id="lines below do not count"),
        pytest.param("x:\n  secret: V\njwt:\n", False, id="lines below do not count either"),
    ],
)
def test_the_block_of_some_other_service(text: str, other: bool) -> None:
    context, candidate = asked(text)
    assert context.of_other_service(candidate) is other


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("aliyun" + "-" * 894 + "V", True),
        ("aliyun" + "-" * 895 + "V", False),
        ("V" + "-" * 899 + "aliyun", True),
        ("V" + "-" * 900 + "aliyun", False),
        ("aliyun" + "\n" * 12 + "V", True),
        ("aliyun" + "\n" * 13 + "V", False),
        ("V" + "\n" * 12 + "aliyun", True),
        ("V" + "\n" * 13 + "aliyun", False),
        ("aliyun" + "\n" * 13 + "V" + "\n" * 12 + "aliyun", True),
        ("aliyun" + "\n" * 12 + "V" + "\n" * 13 + "aliyun", True),
        ("aliyun\n\n aliyun" + "\n" * 12 + "V", True),
        ("V", False),
    ],
)
def test_words_are_near_within_900_characters_and_12_lines(text: str, near: bool) -> None:
    context, candidate = asked(text)
    for _ in range(2):
        assert context.near(names.ALIBABA, candidate) is near
        assert context.near(names.STS, candidate) is False


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("new OSSClient('a', 'V", True),
        ("new OSSClient('a')('V", False),
        ("new OSSClient('" + "a" * 230 + "', 'V", True),
        ("new OSSClient('" + "a" * 400 + "', 'V", False),
        ("f('V", False),
        ("V, OSSClient(", False),
    ],
)
def test_calls_that_take_an_access_key(text: str, known: bool) -> None:
    context, candidate = asked(text)
    assert context.in_known_call(candidate) is known
    context, candidate = asked("-" * 500 + text)
    assert context.in_known_call(candidate) is known


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("'V'", True), ('"V"', True), ("`V`", True), ("'V\"", False), ("V", False), ("'V", False), ("V'", False), ("aVa", False)],
)
def test_whole_string_literals(text: str, quoted: bool) -> None:
    for around in (text, f"a = {text};"):
        context, candidate = asked(around)
        assert context.quoted(candidate) is (quoted if around != "V" else False)


def test_the_text_between_two_candidates() -> None:
    text = "a VV b WWW c"
    context, first = asked(text, "VV")
    _, second = asked(text, "WWW")
    assert context.between(first, second) == context.between(second, first) == " b "


URL = "https://b.oss-cn-hangzhou.aliyuncs.com/a"
V4 = "x-oss-date=20260101T000000Z&x-oss-expires=3600"


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        pytest.param(f"{URL}?Expires={FUTURE}&OSSAccessKeyId=V&{SIGNATURE}", (True, FUTURE), id="expiry before"),
        pytest.param(f"{URL}?OSSAccessKeyId=V&{SIGNATURE}&Expires={FUTURE}", (True, FUTURE), id="expiry behind"),
        pytest.param(f"{URL}?{SIGNATURE}&OSSAccessKeyId=V", (True, None), id="no expiry"),
        pytest.param(f"{URL}?{SIGNATURE}&Expires=12345678&OSSAccessKeyId=V", (True, None), id="too short an expiry"),
        pytest.param(f"{URL}?{SIGNATURE}&Expires=123456789012&OSSAccessKeyId=V", (True, None), id="too long an expiry"),
        pytest.param(f"{URL}?{V4}&x-oss-credential=V%2F2026&x-oss-{SIGNATURE.lower()}", (True, 1767229200), id="OSS V4"),
        pytest.param(
            f"{URL}?X-Amz-Credential=V/2026&X-Amz-Date=20260101T000001Z&X-Amz-Expires=1&X-Amz-{SIGNATURE}",
            (True, 1767225602),
            id="S3",
        ),
        pytest.param(
            f"{URL}?x-oss-credential=V&x-oss-{SIGNATURE.lower()}&x-oss-date=20260101T000000Z", (True, None), id="only a date"
        ),
        pytest.param(f"{URL}?x-oss-credential=V&x-oss-{SIGNATURE.lower()}&x-oss-expires=1", (True, None), id="only seconds"),
        pytest.param(
            f"{URL}?x-oss-credential=V&x-oss-{SIGNATURE.lower()}&{V4.replace('0101T', '1301T')}", (True, None), id="no date"
        ),
        pytest.param(f"{URL}%3FOSSAccessKeyId=V&{SIGNATURE}", (True, None), id="escaped question mark"),
        pytest.param(f"{URL}%3Fa%26OSSAccessKeyId=V&{SIGNATURE}", (True, None), id="escaped ampersand"),
        pytest.param(f"?OSSAccessKeyId=V&{SIGNATURE}", (True, None), id="only the question"),
        pytest.param(f"{URL}?OSSAccessKeyId=V", (False, None), id="no signature"),
        pytest.param(f"{URL}?OSSAccessKeyId=V&{SIGNATURE[:-1]}", (False, None), id="too short a signature"),
        pytest.param(f"{URL}?AccessKeyId=V&{SIGNATURE}", (False, None), id="another name"),
        pytest.param(f"{URL}?OSSAccessKeyId=aV&{SIGNATURE}", (False, None), id="not the whole value"),
        *(
            pytest.param(f"{URL}?OSSAccessKeyId=V{mark}&{SIGNATURE}", (False, None), id=f"ends at {ord(mark)}")
            for mark in "\n \"'<>`|\\^{}\x01"
        ),
        *(
            pytest.param(f"{URL}?{SIGNATURE}{mark}?OSSAccessKeyId=V", (False, None), id=f"begins behind {ord(mark)}")
            for mark in "\n \"'<>`|\\^{}\x01"
        ),
        pytest.param(f"a ' b {URL}?{SIGNATURE}&OSSAccessKeyId=V' c d", (True, None), id="in quotes"),
        pytest.param(f"{URL}?{SIGNATURE}&a={'b' * 1400}&OSSAccessKeyId=V", (True, None), id="1,400 characters before"),
        pytest.param(f"{URL}?{SIGNATURE}&a={'b' * 1500}&OSSAccessKeyId=V", (False, None), id="over 1,500 characters before"),
        pytest.param(f"{URL}?OSSAccessKeyId=V&a={'b' * 1400}&{SIGNATURE}", (True, None), id="1,400 characters behind"),
        pytest.param(f"{URL}?OSSAccessKeyId=V&a={'b' * 1500}&{SIGNATURE}", (False, None), id="over 1,500 characters behind"),
    ],
)
def test_signed_urls(text: str, signed: tuple[bool, float | None]) -> None:
    for before in ("", "x = ", "-" * 2000 + " "):
        context, candidate = asked(before + text)
        assert context.signed_url(candidate) == signed
