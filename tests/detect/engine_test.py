"""Pairs, confidence, places, and that nothing makes detection fail."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alikey_hook.detect.engine import detect
from alikey_hook.detect.gate import may_hold
from alikey_hook.finding import Detection
from tests.keys import access_key_id, legacy_id, secret

ID, SECRET, LEGACY = access_key_id(1), secret(1), legacy_id(1)


def found(text: str, charset: str = "utf-8") -> list[tuple[str, str, str]]:
    return [(d.value, d.confidence, d.severity) for d in detect(text.encode(charset))]


def one(text: str) -> Detection:
    (detection,) = detect(text.encode())
    return detection


def test_an_id_and_its_secret_are_a_critical_pair() -> None:
    first, second = detect(f"id = '{ID}'\nsecret = '{SECRET}'\n".encode())
    assert (first.value, first.partner, first.severity, first.confidence) == (ID, SECRET, "critical", "high")
    assert (second.value, second.partner, second.severity, second.confidence) == (SECRET, ID, "critical", "high")


def test_a_secret_alone_is_high() -> None:
    assert found(f"accessKeySecret={SECRET}") == [(SECRET, "high", "high")]


def test_an_id_alone_is_medium() -> None:
    assert found(f"x {ID}") == [(ID, "high", "medium")]


def test_a_secret_far_from_its_id_is_paired_when_it_has_a_name() -> None:
    filler = "# nothing\n" * 20
    values = {d.value: d.partner for d in detect(f"{ID}\n{filler}secret: {SECRET}\n".encode())}
    assert values == {ID: SECRET, SECRET: ID}


def test_a_nameless_random_text_far_from_an_id_is_not_found() -> None:
    filler = "# nothing\n" * 20
    assert [d.value for d in detect(f"{ID}\n{filler}'{SECRET}'\n".encode())] == [ID]


def test_two_pairs_in_one_line_are_paired_each_with_its_own() -> None:
    other_id, other_secret = access_key_id(2), secret(2)
    text = f"[{{id:'{ID}',key:'{SECRET}'}},{{id:'{other_id}',key:'{other_secret}'}}]"
    assert {d.value: d.partner for d in detect(text.encode())} == {
        ID: SECRET,
        SECRET: ID,
        other_id: other_secret,
        other_secret: other_id,
    }


@pytest.mark.parametrize("mask", ["****", "…", "...", "••••", r"\*\*\*", "[***]"])
def test_a_masked_id_is_not_found(mask: str) -> None:
    assert found(f"accessKeyId: {ID[:20]}{mask}") == []


def test_a_masked_id_beside_a_whole_secret_still_gives_the_secret_away() -> None:
    assert found(f"ak {ID[:20]}**** sk {SECRET}") == [(SECRET, "high", "high")]


def test_a_sentence_may_end_behind_a_value() -> None:
    assert [value for value, _, _ in found(f"Use {ID}, then {SECRET}.")] == [ID, SECRET]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("data:font/woff2;base64,AAAA/{id}+BBBB", id="between / and +"),
        pytest.param("sha512-{id}==", id="base64 padding"),
        pytest.param("X{id}", id="letter before"),
        pytest.param("{id}x", id="letter behind"),
    ],
)
def test_a_piece_of_a_blob_is_not_found(text: str) -> None:
    assert [confidence for _, confidence, _ in found(text.format(id=LEGACY)) if confidence != "low"] == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("密钥{id}。", id="Chinese around it"),
        pytest.param("AccessKeyId%3D{id}%26Action", id="percent-encoded"),
        pytest.param(r"ak: {id}\nsk: x", id="literal \\n behind"),
        pytest.param(r"{{\"ak\":\"{id}\"}}", id="escaped quotes"),
        pytest.param("Credential={id}/20261125/cn-hangzhou/oss", id="credential scope"),
        pytest.param("OSSAccessKeyId={id}&amp;Signature=", id="HTML"),
        pytest.param("OSS_{id}", id="underscore before"),
        pytest.param(r"\u5bc6\u94a5{id}", id="Java properties escapes"),
    ],
)
@pytest.mark.parametrize("value", [ID, LEGACY])
def test_an_id_is_found_whatever_touches_it(text: str, value: str) -> None:
    assert [d.value for d in detect(text.format(id=value).encode())] == [value]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_the_place_is_counted_in_characters_of_the_decoded_line(charset: str) -> None:
    text = f"# one line of plain words before\r\n密钥 𠮷 = {ID}\r\n"
    (detection,) = detect(text.encode(charset))
    assert (detection.line, detection.column, detection.end_column) == (2, 8, 32)


def test_gbk_whose_last_byte_touches_the_secret() -> None:
    (detection,) = detect(f"阿里云\n密碼{SECRET}時效".encode("gbk"))
    assert (detection.value, detection.line, detection.column) == (SECRET, 2, 3)


def test_a_lone_carriage_return_is_no_line_end_where_line_feeds_are() -> None:
    assert one(f"10%\r50%\r100%\nak={ID}").line == 2


def test_carriage_returns_are_line_ends_where_there_is_no_line_feed() -> None:
    assert one(f"one\rtwo\rak={ID}\r").line == 3


def test_the_excerpt_shows_the_line_and_no_secret() -> None:
    first, second = detect(f"  auth('{ID}', '{SECRET}', 'x')".encode())
    assert first.excerpt == second.excerpt == f"auth('{'*' * 24}', '{'*' * 30}', 'x')"
    assert (first.excerpt_column, first.excerpt_width) == (6, 24)
    assert (second.excerpt_column, second.excerpt_width) == (34, 30)


def test_the_excerpt_of_a_long_line_shows_no_piece_of_another_secret() -> None:
    others = ";".join(secret(seed) for seed in range(40))
    (detection,) = [d for d in detect(f"{others};ak={ID};{others}".encode()) if d.value == ID]
    assert len(detection.excerpt) < 200
    assert not any(secret(seed)[start : start + 8] in detection.excerpt for seed in range(40) for start in range(22))


def test_unknown_tokens_are_masked_in_excerpts_too() -> None:
    token = "eyJhbGciOi" + secret(7)
    assert token[:12] not in one(f"ak={ID} jwt={token}").excerpt


@pytest.mark.parametrize(
    ("line", "above", "allowed"),
    [
        ("x # pragma: allowlist secret", "", True),
        ("x // pragma: allowlist secret", "", True),
        ("x", "# pragma: allowlist nextline secret", True),
        ("x # pragma: allowlist nextline secret", "", False),
        ("x", "# pragma: allowlist secret", False),
    ],
)
def test_the_pragmas_are_seen(line: str, above: str, allowed: bool) -> None:
    assert one(f"{above}\n{line.replace('x', f'ak={ID}', 1)}\n").inline_allowed is allowed


def test_of_20_000_random_secrets_at_most_120_are_missed_beside_their_name() -> None:
    rng = random.Random(20261125)
    values = ["".join(rng.choices(string.digits + string.ascii_letters, k=30)) for _ in range(20_000)]
    text = "".join(f"accessKeySecret = {value}\n" for value in values)
    found_values = {d.value for d in detect(text.encode()) if d.confidence != "low"}
    assert len(set(values) - found_values) <= 120


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_detection_never_raises(data: bytes) -> None:
    detect(data)


PIECES = [
    "LTAI",
    "LTAI5t",
    ID,
    SECRET,
    LEGACY,
    "accessKeySecret",
    "=",
    '"',
    "\\u",
    "%",
    "\n",
    "+",
    "/",
    "密",
    "\0",
    "\\",
    "aliyun",
    " ",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["utf-8", "utf-16-le", "gb18030"]))
def test_every_place_holds_the_value_and_the_gate_agrees(pieces: list[str], charset: str) -> None:
    text = "".join(pieces)
    data = text.encode(charset)
    detections = detect(data)
    assert not detections or may_hold(data)
    for detection in detections:
        assert detection.value not in detection.excerpt
        assert detection.end_column > detection.column >= 1
