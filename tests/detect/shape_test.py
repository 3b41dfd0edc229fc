"""Random values pass, placeholders and identifiers do not."""

import random
import string

import pytest

from alikey_hook.detect import shape

BASE62 = string.digits + string.ascii_letters


def random_values(count: int, length: int = 30) -> list[str]:
    rng = random.Random(20261125)
    return ["".join(rng.choices(BASE62, k=length)) for _ in range(count)]


def test_of_100_000_random_secrets_at_most_600_are_turned_away() -> None:
    lost = [value for value in random_values(100_000) if shape.wordlike(value) or shape.placeholder(value)]
    assert len(lost) <= 600


@pytest.mark.parametrize(
    "identifier",
    [
        "getUserByAliyunUidWithCallback",
        "isBase64BodyViaWebsocketV2Flag",
        "NewStaticAKCredentialsProvider",
        "SecretsSpecificationLoaderTest",
        "GetAccessKeyLastUsedIpsRequest",
        "resolveJsr305CustomStateOrNull",
        "AbstractHTTPSURLConnectionImpl",
        "ConfigLoader",
    ],
)
def test_an_identifier_is_wordlike(identifier: str) -> None:
    assert shape.wordlike(identifier)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("0000000000000000000000000000zz", id="one character dominates"),
        pytest.param("ABABABABABABABABABABABABABABAB", id="few characters"),
        pytest.param("abcdefghijklmnopqrstuvwxyz1234", id="the alphabet"),
        pytest.param("1234567890abcdefghijklmnopqrst", id="digits and the alphabet"),
        pytest.param("A1B2C3D4E5F6G7H8I9J0K1L2M3N4O5", id="letters and digits in turn"),
        pytest.param("AbCdEfGhIjKlMnOpQr", id="the alphabet in alternating case"),
        pytest.param("TestSecretKey12345678901234567", id="words"),
        pytest.param("4qXXX9Tz2mKwP7vRb1LsDn8hYc3FgJ", id="a run of X"),
        pytest.param("9TzMockKwP7vRb1LsDn8hYc3FgJq4X", id="Mock as a word"),
        pytest.param("9TzEXAMPLE7vRb1LsDn8hYc3FgJq4X", id="EXAMPLE"),
    ],
)
def test_a_placeholder_is_seen(value: str) -> None:
    assert shape.placeholder(value)


def test_a_short_word_in_mixed_case_is_no_placeholder() -> None:
    assert not shape.placeholder("9TztEsTKwP7vRb1LsDn8hYc3FgJq4X")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("aaaB", False, id="three quarters lower case"),
        pytest.param("aaaaB", True, id="four fifths lower case"),
        pytest.param("aaB", False, id="two thirds lower case"),
        pytest.param("AbAb", True, id="words of two letters: 1 + 1"),
        pytest.param("AbA", False, id="1"),
        pytest.param("AqAbAbAbAb", True, id="a rare beginning: -2 + 4"),
        pytest.param("AqAbAbAb", False, id="-2 + 3"),
        pytest.param("Abb", False, id="a rare pair within a word: 1 + 0"),
        pytest.param("AbaA", True, id="a frequent pair within a word: 1 + 3"),
        pytest.param("AbabA1", True, id="letters and a digit: 1 + 3 + 3 - 4"),
        pytest.param("AbaA1", False, id="1 + 3 - 4"),
        pytest.param("AbabAA", True, id="two capitals: 1 + 3 + 3 - 4"),
        pytest.param("AbaAA", False, id="two capitals: 1 + 3 - 4"),
        pytest.param("1abaA", True, id="a digit first: -4 + 3 + 3"),
        pytest.param("1baA", False, id="-4 + 3"),
        pytest.param("A", False, id="one letter"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_reads_like_words(text: str, answer: bool) -> None:
    assert shape.wordlike(text) is answer


@pytest.mark.parametrize(
    ("text", "answer"), [("aA", True), ("a1", False), ("A1", False), ("1", False), ("", False), ("a", False), ("A", False)]
)
def test_mixed_case(text: str, answer: bool) -> None:
    assert shape.mixed_case(text) is answer


@pytest.mark.parametrize(
    ("text", "alphabet", "answer"),
    [
        pytest.param("axkqmtzd" * 2 + "axkq", 62, False, id="8 kinds of 20"),
        pytest.param("axkqmtz" * 2 + "axkqmt", 62, True, id="7 kinds of 20"),
        pytest.param("02468ac" * 4 + "0246", 16, False, id="7 kinds of 16 possible ones"),
        pytest.param("02468a" * 5 + "02", 16, True, id="6 kinds of 16 possible ones"),
        pytest.param("paqbpcpdpgphpkpmztyl", 62, False, id="7 of 20 are the same"),
        pytest.param("papbpcpdpgphpkpmztyl", 62, True, id="8 of 20 are the same"),
        pytest.param("axkqmtzdgbnrpppw", 62, False, id="three in a row"),
        pytest.param("axkqmtzdgbnrppppw", 62, True, id="four in a row"),
        pytest.param("a0c1f3d55557b9e8", 16, False, id="four in a row of 16 kinds"),
        pytest.param("a0c1f3d555557b9e8", 16, True, id="five in a row of 16 kinds"),
        pytest.param("axkqmtzdgbnxxxw", 62, True, id="xxx"),
        pytest.param("axkqmtzdgbnXXXw", 62, True, id="XXX"),
        pytest.param("axkqmtzdgbn000w", 62, True, id="000"),
        pytest.param("a0c1f3d0007b9e8", 16, False, id="000 of 16 kinds"),
        pytest.param("a1b2c3d4", 62, False, id="four letters and four digits in order"),
        pytest.param("a1b3c5d7e", 62, True, id="five letters in order"),
        pytest.param("1x2q3m4k5", 62, True, id="five digits in order"),
        pytest.param("7x8q9m0k1", 62, True, id="five digits over nine"),
        pytest.param("8x9q0m1k", 62, False, id="four digits over nine"),
        pytest.param("x1Y3z5A7b", 62, True, id="five letters over z, in either case"),
        pytest.param("k789abk", 62, True, id="from nine to a"),
        pytest.param("kyz012k", 62, True, id="from z to zero"),
        pytest.param("edcba", 62, False, id="backwards"),
        pytest.param("abcxdef", 62, False, id="three and three letters in order"),
        pytest.param("acegik", 62, False, id="every other letter"),
        pytest.param("9Tz3mOcK8w", 62, False, id="a word in mixed case"),
        *(pytest.param(f"9Tz{word}8w", 62, True, id=word) for word in ("mock", "Mock", "MOCK", "sEcReT", "Foobar", "YOUR")),
    ],
)
def test_what_nobody_received(text: str, alphabet: int, answer: bool) -> None:
    assert shape.placeholder(text, alphabet) is answer


def test_values_are_of_62_characters_unless_told_otherwise() -> None:
    assert not shape.placeholder("02468acegikmoqsuwyBDFHJLN" * 3)
    assert shape.placeholder("02468ac" * 4 + "0246") and not shape.placeholder("02468acegikmoqsuwyB02468ac")
