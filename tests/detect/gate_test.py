"""What may hold a credential, and above all what cannot: there the thorough look is saved."""

import base64
import random
import string

import pytest

from alikey_hook.detect.engine import detect
from alikey_hook.detect.gate import APART, LONG, table, where
from tests.corpus.fill import credential
from tests.keys import access_key_id, secret

RANDOM = secret(1)
PROSE = "The quick brown fox jumps over the lazy dog, and then it sleeps.\n"


def drawn(alphabet: str, length: int) -> str:
    return "".join(random.Random(f"{alphabet}/{length}").choices(alphabet, k=length))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def may_hold(data: bytes) -> bool:
    """Whether a short text must be looked at, then whole; a long one of the same content must be too, around a place."""
    places = where(data)
    assert places in ([], [(0, len(data))])
    return bool(places)


def holds(text: str) -> bool:
    return may_hold(text.encode("utf-8", "surrogateescape"))


def places(*parts: str | int) -> list[tuple[int, int]]:
    """Where a text must be looked at that is made of parts; a number is so much of nothing."""
    return where("".join("- " * (part // 2) if isinstance(part, int) else part for part in parts).encode())


def test_a_long_text_is_looked_at_around_its_places_only() -> None:
    assert places(LONG) == []
    assert places("LTAI", LONG - 4) == [(0, LONG)]
    assert places("LTAI", LONG) == [(0, 4)]
    assert places(LONG, RANDOM) == [(LONG, LONG + 30)]
    assert places(LONG, f"x = {RANDOM};", LONG) == [(LONG + 4, LONG + 34)]
    assert places(LONG, encoded(RANDOM), LONG) == [(LONG, LONG + 40)]
    assert places(LONG, "x CAIS", "a" * 16, LONG) == [(LONG + 2, LONG + 22)]
    assert places(LONG, "x CAIS", "a" * 15, LONG) == []


def test_places_that_stand_near_each_other_are_one() -> None:
    assert places(LONG, "LTAI", APART, "LTAI") == [(LONG, LONG + APART + 8)]
    assert places(LONG, "LTAI", APART + 2, "LTAI") == [(LONG, LONG + 4), (LONG + APART + 6, LONG + APART + 10)]
    # Those of one kind are in order, but not those of several.
    assert places(LONG, f" {RANDOM} LTAI", APART, f"LTAI {RANDOM} ") == [(LONG + 1, LONG + APART + 71)]
    assert places(LONG, f" {RANDOM} ", LONG, "LTAI", LONG, f" {RANDOM} ") == [
        (LONG + 1, LONG + 31),
        (2 * LONG + 32, 2 * LONG + 36),
        (3 * LONG + 37, 3 * LONG + 67),
    ]
    assert places(LONG, f"LTAI{RANDOM[:26]}", LONG) == [(LONG, LONG + 30)]
    many: list[str | int] = ["LTAI-" * 3, 100] * 400
    assert places(LONG, *many) == [(LONG, LONG + 400 * 115 - 101)]


def test_a_long_text_in_another_encoding_is_looked_at_whole() -> None:
    data = ("- " * LONG + RANDOM).encode("utf-16")
    assert where(data) == [(0, len(data))]
    assert where(("- " * LONG).encode("utf-16")) == []


def test_a_table_tells_one_kind_of_bytes_from_all_others() -> None:
    assert b"aZ 09\xff\n".translate(table(b"Z9a")) == b"aa  a  "


@pytest.mark.parametrize(
    ("literal", "more"), [("LTAI", 0), ("STS.", 20), ("CAIS", 16), ("CAES", 16), ("sk-ws-", 0), ("sk-sp-", 0)]
)
def test_what_begins_a_credential_and_how_much_must_follow(literal: str, more: int) -> None:
    rest = "aZ0+/%" * 4
    assert holds(f"x = {literal}{rest[:more]}")
    assert holds(literal + rest)
    assert holds(f"x{literal}{rest} {literal}{rest}")
    assert not holds(f"x{literal}{rest}")
    assert not holds(f"{literal.swapcase()}{rest}")
    if more:
        assert not holds(f"x = {literal}{rest[: more - 1]}")
        assert not holds(f"x = {literal}{rest[: more - 1]}-{rest}")
        assert not holds(f"x = {literal}{rest[: more - 1]}\n{rest}")
        assert holds(f"x = {literal}- {literal}{rest}")


@pytest.mark.parametrize(
    "before", ["", " ", "-", "密", "\\n", "=\\t", "%3D", "\\x3d", "\\u003d", "\x1b[m", "\x1b[1;31m", "\udcd6a"]
)
def test_behind_these_a_credential_may_begin(before: str) -> None:
    assert holds(f"{before}LTAI")
    assert holds(f"{'x ' * 20}{before}LTAI")
    assert holds(f"{before}{RANDOM}")


@pytest.mark.parametrize(
    "before",
    [
        "x",
        "9",
        "xn",
        "3D",
        "x3d",
        "u003d",
        "%D",
        "%33D",
        "\\x3",
        "\\x33d",
        "\\u03d",
        "\\u0033d",
        "[31m",
        "\x1b31m",
        "\x1b[31n",
        "\udcd6ab",
    ],
)
def test_behind_these_none_begins(before: str) -> None:
    assert not holds(f"{before}LTAI")
    assert not holds(f"{before}{RANDOM}")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param(RANDOM, True, id="30 characters"),
        pytest.param(RANDOM[:29], False, id="29 characters"),
        pytest.param(f"{RANDOM}a", False, id="31 characters"),
        pytest.param(f"{PROSE}{RANDOM[:29]} {RANDOM}\n{PROSE}", True, id="within a text"),
        pytest.param(f"{RANDOM}ab {RANDOM}", True, id="the second run"),
        *(pytest.param(f"{sign}{RANDOM}", False, id=f"behind {sign}") for sign in "+/"),
        *(pytest.param(f"{RANDOM}{sign}", False, id=f"before {sign}") for sign in "+/="),
        *(pytest.param(f"{sign}{RANDOM}{sign}", True, id=f"between {sign}") for sign in "'-.:"),
        pytest.param("getUserByAliyunUidWithCallback", False, id="an identifier"),
        pytest.param("x" * 30, False, id="one letter"),
        pytest.param(RANDOM.upper(), False, id="capitals only"),
        pytest.param(RANDOM.lower(), False, id="small letters only"),
        pytest.param(drawn(string.ascii_lowercase, 28) + "Q7", False, id="nearly only small letters"),
        pytest.param(drawn(string.ascii_letters + string.digits, 42), False, id="42 characters"),
        pytest.param(drawn(string.ascii_letters + string.digits, 43), True, id="43 characters"),
        pytest.param(drawn(string.ascii_letters + string.digits, 44), True, id="44 characters"),
        pytest.param(drawn(string.ascii_letters + string.digits, 45), False, id="45 characters"),
        pytest.param("\\n" + drawn(string.ascii_letters + string.digits, 43), True, id="43 behind an escape"),
        pytest.param("\\n" + drawn(string.ascii_letters + string.digits, 44), True, id="44 behind an escape"),
        pytest.param("\\n" + drawn(string.ascii_letters + string.digits, 45), False, id="45 behind an escape"),
        pytest.param("sk-" + drawn("0123456789abcdef", 32), True, id="32 hexadecimal digits behind sk-"),
        pytest.param("sk-" + drawn("abcdef", 32), True, id="32 hexadecimal letters behind sk-"),
        pytest.param("xk-" + drawn("0123456789abcdef", 32), False, id="32 hexadecimal digits"),
        pytest.param("sk-" + drawn("0123456789abcdef", 31), False, id="31 hexadecimal digits behind sk-"),
        pytest.param("TMP." + drawn(string.ascii_letters + string.digits, 94), True, id="94 characters behind TMP."),
        pytest.param("TMQ." + drawn(string.ascii_letters + string.digits, 94), False, id="94 characters"),
        pytest.param("TMP." + drawn(string.ascii_letters + string.digits, 93), False, id="93 characters behind TMP."),
        pytest.param("", False, id="nothing"),
        pytest.param(PROSE * 100, False, id="prose"),
    ],
)
def test_runs_of_letters_and_digits(text: str, answer: bool) -> None:
    assert holds(text) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param(encoded(RANDOM), True, id="a secret"),
        pytest.param(encoded(f"{RANDOM}\r\n"), True, id="a secret and a line end"),
        pytest.param(encoded(f"the secret: {RANDOM}, and more"), True, id="in a text"),
        pytest.param(encoded(encoded(f"the secret: {RANDOM}, and more")), True, id="in base64 in base64"),
        pytest.param(encoded(encoded(RANDOM)), True, id="a secret in base64 in base64"),
        pytest.param(base64.encodebytes(f"{PROSE * 3}{RANDOM}\n".encode()).decode(), True, id="wrapped"),
        pytest.param(encoded(f"{PROSE * 9}{RANDOM}\n"), True, id="at the end of a long text"),
        pytest.param(f"{encoded(PROSE)}\n\n-{encoded(PROSE)}- {encoded(f'the secret: {RANDOM}, and')}", True, id="the third"),
        pytest.param(encoded(PROSE), False, id="prose"),
        pytest.param(encoded(encoded(encoded(PROSE))), False, id="prose, thrice"),
        pytest.param(encoded(RANDOM[:29]), False, id="29 characters"),
        pytest.param(encoded(f"{RANDOM}a"), False, id="31 characters"),
        pytest.param(encoded("\x01\x02" + f"the secret: {RANDOM}, and more"), False, id="no text"),
        pytest.param("- " * 30 + encoded("\x01\x02" + f"the secret: {RANDOM}, and more"), False, id="no text, far behind"),
    ],
)
def test_base64(text: str, answer: bool) -> None:
    assert holds(text) is answer


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_other_encodings(charset: str) -> None:
    assert may_hold(f"the secret: {RANDOM}\n".encode(charset))
    assert not may_hold(PROSE.encode(charset))


def test_broken_utf_16_is_read_as_far_as_it_goes() -> None:
    assert may_hold(f"the secret: {RANDOM}\n".encode("utf-16") + b"\0")
    assert not may_hold(PROSE.encode("utf-16") + b"\0")


def test_binary_data_holds_nothing() -> None:
    assert not may_hold(b"\0\1\2\3" + RANDOM.encode())


@pytest.mark.parametrize("kind", ["id", "id16", "sec", "stsid", "stssec", "ststok", "tmp", "dashws"])
def test_every_kind_of_credential_is_let_through(kind: str) -> None:
    for seed in range(20):
        value = credential(kind, random.Random(f"{kind}/{seed}"))
        assert holds(f'key = "{value}"\n')


def test_string_pieces_alone_are_a_question_that_can_be_left_out() -> None:
    value = secret(1)
    text = f'accessKeySecret = "{value[:15]}" + "{value[15:]}"\n'.encode()
    assert where(text) == [(0, len(text))]
    assert where(text, in_pieces=False) == []
    beside = f'id = "{access_key_id(1)}"\n'.encode() + text
    assert where(beside, in_pieces=False) == [(0, len(beside))]


@pytest.mark.parametrize("before", ["\\n", "\\t", "%0a", "%3D", "\\u003d", "é", "À", "密", "\udce0\udc80", "\\x3d", "\x1b[1m"])
@pytest.mark.parametrize("inner", ["accessKeySecret: {}", "[oss]\r\nsecret = {}"])
def test_base64_right_behind_what_touches_it(before: str, inner: str) -> None:
    data = f'x = "{before}{encoded(inner.format(RANDOM))}"'.encode("utf-8", "surrogateescape")
    assert RANDOM in {detection.value for detection in detect(data, places=[(0, len(data))])}
    assert may_hold(data)


@pytest.mark.parametrize("quote", "\"'`")
@pytest.mark.parametrize("kind", ["id", "sec"])
def test_a_value_in_two_string_pieces_wherever_it_is_cut(kind: str, quote: str) -> None:
    value = credential(kind, random.Random(3))
    name = {"id": "accessKeyId", "sec": "accessKeySecret"}[kind]
    for cut in range(1, len(value)):
        pieces = f"{quote}{value[:cut]}{quote} + {quote}{value[cut:]}{quote}"
        assert holds(f"{name} = {pieces}; y = [1]"), cut
        assert cut % 5 or places(f"{name} = {pieces};", LONG) == [(0, len(f"{name} = {pieces};") + LONG)]


@pytest.mark.parametrize(
    "before, behind, answer", [("{+", "+}", True), ("{+", "+", False), ("{", "+}", False), ("+", "+}", False)]
)
def test_a_value_that_word_diff_shows_as_added(before: str, behind: str, answer: bool) -> None:
    assert holds(f"accessKeySecret: {before}{RANDOM}{behind}") is answer


@pytest.mark.parametrize(("blanks", "answer"), [(0, True), (4, True), (40, True), (41, False)])
@pytest.mark.parametrize("width", [60, 64])
def test_base64_in_lines_that_are_indented(blanks: int, answer: bool, width: int) -> None:
    text = encoded(f"{PROSE}accessKeySecret: {RANDOM}\n")
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    data = ("key: |\n" + "".join(f"{' ' * blanks}{line}\n" for line in lines)).encode()
    assert (RANDOM in {detection.value for detection in detect(data, places=[(0, len(data))])}) is answer
    assert may_hold(data) or not answer


@pytest.mark.parametrize("before", ["", "x", "9", "[-old-]", "%", "\\n"])
def test_what_word_diff_shows_as_added_stands_alone(before: str) -> None:
    text = f"accessKeySecret: {before}{{+{RANDOM}+}}\n"
    assert [detection.value for detection in detect(text.encode())] == [RANDOM]
