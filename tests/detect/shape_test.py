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
