"""How sure a value is, by what stands around it, where the value itself does not say."""

import random

import pytest

from alikey_hook.detect.engine import detect
from tests.corpus.fill import credential
from tests.keys import access_key_id, secret


def made(kind: str) -> str:
    return credential(kind, random.Random(5))


def told(text: str, now: float = 0) -> list[tuple[str, str]]:
    return [(one.rule.removeprefix("alibaba-"), one.confidence) for one in detect(text.encode(), now)]


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("x = '{}'", "medium"),
        ('x = "{}"', "medium"),
        ("x = `{}`", "medium"),
        ("x {} y", "low"),
        ('x = "{} and more"', "low"),
        ("access_key_id = {}", "high"),
    ],
)
def test_an_id_of_letters_only_needs_a_name_or_to_be_all_of_a_literal(text: str, confidence: str) -> None:
    assert told(text.format(made("id16nd"))) == [("access-key-id", confidence)]


def test_a_token_that_does_not_look_like_all_others_needs_a_name() -> None:
    odd = "CAIS" + "AA" + made("ststok")[30:]
    assert told(f"securityToken={odd}") == [("sts-security-token", "medium")]
    assert told(odd) == [("sts-security-token", "low")]


def test_the_secret_of_sts_alone_is_as_sure_as_its_name() -> None:
    value = made("stssec")
    assert told(f'aliyun_access_key_secret = "{value}"') == [("sts-access-key-secret", "medium")]
    assert told(f'sts alibaba secret = "{value}"') == [("sts-access-key-secret", "low")]


def test_an_old_id_far_from_the_secret_is_no_id() -> None:
    line = f'access_key_secret = "{secret(1)}"\n'
    old = made("old16")
    assert told(f"access_key_id = {old}\n{line}") == [("access-key-id", "high"), ("access-key-secret", "high")]
    assert told(line + "# nothing\n" * 28 + f"access_key_id = {old}\n") == [("access-key-secret", "high")]


def test_the_block_that_a_secret_stands_in_says_whose_it_is() -> None:
    blocks = "{}:\n  key:\n    secret_key: {}\n"
    assert told(blocks.format("aliyun", secret(1))) == [("access-key-secret", "medium")]
    assert told(blocks.format("aws", secret(1))) == [("access-key-secret", "low")]


def test_what_only_names_a_value_is_none() -> None:
    assert told(f'access_key_secret = "${{{secret(1)}}}"') == []
    assert told(f'access_key_secret = "{{{{{secret(1)}}}}}"') == []


def test_a_url_signed_on_no_day_does_not_expire() -> None:
    url = (
        "https://b.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date={}T221320Z"
        f"&x-oss-expires=60&x-oss-credential={access_key_id(1)}%2F20231114%2Fcn-hangzhou%2Foss%2Faliyun_v4_request"
        "&x-oss-signature=" + "0123456789abcdef" * 4
    )
    severities = [[one.severity for one in detect(url.format(day).encode(), 1_800_000_000)] for day in ("20231114", "20231399")]
    assert severities == [["low"], ["medium"]]
