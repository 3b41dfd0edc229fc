"""How sure a candidate is: by its partner and how far that is, by its name, by its shape."""

import random
import re
import string

import pytest

from alikey_hook.detect.judge import judge
from tests.corpus.fill import credential

VALUES = {
    "ID": credential("id", random.Random("judge")),
    "ID2": credential("id", random.Random("judge 2")),
    "LEG": credential("id16", random.Random("judge")),
    "NOD": credential("id16nd", random.Random("judge")),
    "SEC": credential("sec", random.Random("judge")),
    "SEC2": credential("sec", random.Random("judge 2")),
    "OLD": credential("old16", random.Random("judge")),
    "OLD2": credential("old16", random.Random("judge 2")),
    "STSID": credential("stsid", random.Random("judge")),
    "STSSEC": credential("stssec", random.Random("judge")),
    "STSTOK": credential("ststok", random.Random("judge")),
    "CAES": "CAES" + "".join(random.Random("judge").choices(string.ascii_letters, k=210)),
    "DASH": credential("dash", random.Random("judge")),
    "DASHWS": credential("dashws", random.Random("judge")),
    "TMP": credential("tmp", random.Random("judge")),
}
NAMES = {value: name for name, value in VALUES.items()}
NAMES["LTAI" + VALUES["SEC2"][:14]] = "ODD"  # of no usual length
LINE = "-\n"


def judged(template: str, now: float = 0) -> set[tuple[str, str, str, str | None]]:
    """(name of the value, confidence, severity, name of its partner) of what is found in a text; values by their names."""
    values = {name: value for value, name in NAMES.items()}
    text = re.sub(r"\b[A-Z0-9]+\b", lambda match: values.get(match[0], match[0]), template)
    return {
        (NAMES[one.candidate.value], one.confidence, one.severity, one.partner and NAMES[one.partner])
        for one in judge(text, now)
    }


def pair(confidence: str = "high") -> set[tuple[str, str, str, str | None]]:
    return {("ID", "high", "critical", "SEC"), ("SEC", confidence, "critical", "ID")}


ID_ALONE = {("ID", "high", "medium", None)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ID\nSEC", pair(), id="below"),
        pytest.param("SEC\nID", pair(), id="above"),
        pytest.param("ID\n" + LINE * 3 + "SEC", pair(), id="4 lines"),
        pytest.param("ID\n" + LINE * 4 + "SEC", ID_ALONE, id="5 lines"),
        pytest.param("ID" + "-" * 700 + "SEC", pair(), id="700 characters"),
        pytest.param("ID" + "-" * 701 + "SEC", pair("medium"), id="701 characters"),
        pytest.param("ID" + "-" * 2500 + "SEC", pair("medium"), id="2,500 characters"),
        pytest.param("ID" + "-" * 2501 + "SEC", ID_ALONE, id="2,501 characters"),
        pytest.param("SEC" + "-" * 2500 + "ID", pair("medium"), id="2,500 characters before"),
        pytest.param("SEC" + "-" * 2501 + "ID", ID_ALONE, id="2,501 characters before"),
        pytest.param("ID\n" + LINE * 24 + "secret: SEC", pair("medium"), id="weak name, 25 lines"),
        pytest.param("ID\n" + LINE * 25 + "secret: SEC", ID_ALONE | {("SEC", "low", "high", None)}, id="weak name, 26 lines"),
        pytest.param("ID\n" + LINE * 24 + "accessKeySecret: SEC", pair(), id="strong name, 25 lines"),
        pytest.param("ID\ntoken: SEC", {("ID", "high", "medium", None), ("SEC", "low", "high", None)}, id="some other name"),
        pytest.param("token: SEC", set(), id="some other name alone"),
        pytest.param("accessKeySecret: SEC", {("SEC", "high", "high", None)}, id="strong name alone"),
        pytest.param("secret: SEC", {("SEC", "low", "high", None)}, id="weak name alone"),
        pytest.param("# aliyun\nsecret: SEC", {("SEC", "medium", "high", None)}, id="weak name near Alibaba words"),
        pytest.param("# aliyun\njwt:\n  secret: SEC", {("SEC", "low", "high", None)}, id="weak name of some other service"),
        pytest.param("# aliyun\nfoo: SEC", set(), id="unknown name near Alibaba words"),
        pytest.param("new OSSClient('x', 'SEC')", {("SEC", "medium", "high", None)}, id="in a call"),
        pytest.param("SEC", set(), id="alone"),
        pytest.param("LTAI5t**** SEC", {("SEC", "high", "high", None)}, id="a masked id of six characters"),
        pytest.param("ID**** SEC", {("SEC", "high", "high", None)}, id="a masked id"),
        pytest.param(
            "ID SEC  ID2 SEC2", pair() | {("ID2", "high", "critical", "SEC2"), ("SEC2", "high", "critical", "ID2")}, id="two"
        ),
        pytest.param(
            "SEC\n-\nID\nID2\n-\nSEC2",
            {("ID", "high", "critical", "SEC"), ("SEC", "high", "critical", "ID")}
            | {("ID2", "high", "critical", "SEC2"), ("SEC2", "high", "critical", "ID2")},
            id="the nearest by lines",
        ),
        pytest.param(
            "ID -- SEC - ID2",
            {("ID", "high", "critical", "SEC"), ("SEC", "high", "critical", "ID2"), ("ID2", "high", "critical", "SEC")},
            id="the nearest in a line",
        ),
        pytest.param("ID\nSEC\nID2", pair() | {("ID2", "high", "critical", "SEC")}, id="of two as near, the one before"),
    ],
)
def test_secrets_and_ids(text: str, expected: set[tuple[str, str, str, str | None]]) -> None:
    assert judged(text.replace("LTAI5t****", "LTAI5t" + "x" * 18)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("LEG", {("LEG", "medium", "medium", None)}, id="16 characters, with a digit"),
        pytest.param("x LEG", {("LEG", "medium", "medium", None)}, id="within a text"),
        pytest.param("accessKeyId LEG", {("LEG", "high", "medium", None)}, id="named"),
        pytest.param("NOD", {("NOD", "low", "medium", None)}, id="without a digit"),
        pytest.param("'NOD'", {("NOD", "medium", "medium", None)}, id="without a digit, quoted"),
        pytest.param("accessKeyId NOD", {("NOD", "high", "medium", None)}, id="without a digit, named"),
        pytest.param("ODD", {("ODD", "low", "medium", None)}, id="of no usual length"),
        pytest.param("accessKeyId = 'ODD'", {("ODD", "low", "medium", None)}, id="of no usual length, named"),
        pytest.param(
            "ODD SEC", {("ODD", "medium", "critical", "SEC"), ("SEC", "high", "critical", "ODD")}, id="beside a secret"
        ),
        pytest.param(
            "LEG SEC", {("LEG", "high", "critical", "SEC"), ("SEC", "high", "critical", "LEG")}, id="16 beside a secret"
        ),
        pytest.param(
            "NOD SEC", {("NOD", "high", "critical", "SEC"), ("SEC", "high", "critical", "NOD")}, id="no digit, a secret"
        ),
        pytest.param("ODD\ntoken: SEC", {("ODD", "low", "medium", None), ("SEC", "low", "high", None)}, id="an unsure secret"),
    ],
)
def test_ids_that_are_not_certain_by_themselves(text: str, expected: set[tuple[str, str, str, str | None]]) -> None:
    assert judged(text) == expected


def test_words_and_one_case_make_an_id_unsure() -> None:
    def confidences(value: str) -> list[str]:
        return [one.confidence for one in judge(value, 0)]

    assert confidences("LTAIConfigLoaderWith") == ["low"]
    assert confidences("LTAI5tConfigLoaderWithLoade") == ["low"]
    assert confidences("LTAI" + VALUES["LEG"][4:].upper()) == ["low"]


OLD_PAIR = {("OLD", "high", "critical", "SEC"), ("SEC", "high", "critical", "OLD")}
UNSURE = {("OLD", "medium", "critical", "SEC"), ("SEC", "high", "critical", "OLD")}
SECRET_ALONE = {("SEC", "high", "high", None)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("accessId: OLD\naccessKeySecret: SEC", OLD_PAIR, id="named"),
        pytest.param("accessKeySecret: SEC\naccessKeyId: OLD", OLD_PAIR, id="named, below"),
        pytest.param("accessKeySecret: SEC\n-\n-\n-\naccessKeyId: OLD", OLD_PAIR, id="named, 4 lines below"),
        pytest.param("accessKeySecret: SEC\n-\n-\n-\n-\naccessKeyId: OLD", SECRET_ALONE, id="named, 5 lines below"),
        pytest.param("key: OLD\naccessKeySecret: SEC", UNSURE, id="weak name"),
        pytest.param("key: OLD\n-\naccessKeySecret: SEC", SECRET_ALONE, id="weak name, 2 lines above"),
        pytest.param("foo: OLD\naccessKeySecret: SEC", SECRET_ALONE, id="unknown name"),
        pytest.param("token: OLD\naccessKeySecret: SEC", SECRET_ALONE, id="some other name"),
        pytest.param(
            "new OSSClient('OLD', 'SEC')",
            {("OLD", "medium", "critical", "SEC"), ("SEC", "high", "critical", "OLD")},
            id="positional",
        ),
        pytest.param("new OSSClient('OLD', a, 'SEC')", {("SEC", "medium", "high", None)}, id="something between"),
        pytest.param(
            "new OSSClient('OLD',\n'SEC')",
            {("OLD", "medium", "critical", "SEC"), ("SEC", "high", "critical", "OLD")},
            id="two lines",
        ),
        pytest.param("new OSSClient('OLD',\n\n'SEC')", {("SEC", "medium", "high", None)}, id="three lines"),
        pytest.param("token = f('OLD', 'SEC')\nnew OSSClient(", set(), id="behind some other name"),
        pytest.param("accessKeyId: ID\naccessKeySecret: SEC\nak: OLD", pair(), id="the secret has an id"),
        pytest.param(
            "ID\naccessKeySecret: SEC\n" + LINE * 30 + "key: OLD\nkeySecret: SEC2",
            pair() | {("OLD", "medium", "critical", "SEC2"), ("SEC2", "high", "critical", "OLD")},
            id="of another secret",
        ),
        pytest.param(
            "secret: SEC\naccessKeyId: OLD",
            {("OLD", "high", "critical", "SEC"), ("SEC", "medium", "critical", "OLD")},
            id="named, unsure secret",
        ),
        pytest.param("accessId: OLD\naccessKeySecret: SEC\n-\nfoo: SEC2", OLD_PAIR, id="a random text below them"),
        pytest.param("secret: SEC\nkey: OLD", {("SEC", "low", "high", None)}, id="weak name, unsure secret"),
        pytest.param("key: OLD", set(), id="no secret"),
        pytest.param(
            "accessKeyId: OLD\naccessKeySecret: SEC\naccessKeyId: OLD2\naccessKeySecret: SEC2",
            OLD_PAIR | {("OLD2", "high", "critical", "SEC"), ("SEC2", "high", "critical", "OLD2")},
            id="two pairs",
        ),
    ],
)
def test_ids_without_a_prefix(text: str, expected: set[tuple[str, str, str, str | None]]) -> None:
    assert judged(text) == expected


STS_ALONE = {("STSID", "high", "medium", None)}
STS_PAIR = {("STSID", "high", "high", "STSSEC"), ("STSSEC", "high", "high", "STSID")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("STSID\nSTSSEC", STS_PAIR, id="an id near"),
        pytest.param("STSID\n-\n-\n-\nSTSSEC", STS_PAIR, id="4 lines"),
        pytest.param("STSID\n-\n-\n-\n-\nSTSSEC", STS_ALONE, id="5 lines"),
        pytest.param("STSID\n" + LINE * 9 + "secret: STSSEC", STS_PAIR, id="10 lines and a weak name"),
        pytest.param("STSID\n" + LINE * 9 + "accessKeySecret: STSSEC", STS_PAIR, id="10 lines and a strong name"),
        pytest.param("STSID\ntoken: STSSEC", STS_ALONE, id="some other name"),
        pytest.param("accessKeySecret: STSSEC", {("STSSEC", "medium", "high", None)}, id="a strong name alone"),
        pytest.param("secret: STSSEC", set(), id="a weak name alone"),
        pytest.param("# sts\nsecret: STSSEC", {("STSSEC", "low", "high", None)}, id="a weak name and the word"),
        pytest.param("# sts\nSTSSEC", set(), id="no name and the word"),
        pytest.param("STSSEC", set(), id="alone"),
        pytest.param("STSID\nSEC", STS_ALONE, id="a secret of another family"),
        pytest.param("ID\nSTSSEC", ID_ALONE, id="an id of another family"),
        pytest.param("CAES", {("CAES", "low", "medium", None)}, id="a token alone"),
        pytest.param("securityToken = 'CAES", {("CAES", "medium", "medium", None)}, id="a named token"),
        pytest.param("securityToken = foo('CAES", {("CAES", "low", "medium", None)}, id="the name of something else"),
        pytest.param("STSID\nCAES", {*STS_ALONE, ("CAES", "medium", "medium", None)}, id="a token and an id"),
        pytest.param("STSID\n" + LINE * 24 + "CAES", {*STS_ALONE, ("CAES", "medium", "medium", None)}, id="25 lines"),
        pytest.param("STSID\n" + LINE * 25 + "CAES", {*STS_ALONE, ("CAES", "low", "medium", None)}, id="26 lines"),
        pytest.param("STSID\nSTSSEC\nCAES", {*STS_PAIR, ("CAES", "medium", "medium", None)}, id="a triple"),
        pytest.param(
            "CAES\nSTSSEC", {("CAES", "low", "medium", None), ("STSSEC", "high", "high", None)}, id="token and secret"
        ),
    ],
)
def test_temporary_credentials(text: str, expected: set[tuple[str, str, str, str | None]]) -> None:
    assert judged(text) == expected


def model(text: str) -> str | None:
    """How sure we are of the key in a text; None where it is not found."""
    found = judged(text)
    assert {(name, severity, partner) for name, _, severity, partner in found} <= {("DASH", "high", None)}
    return next((confidence for _, confidence, _, _ in found), None)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("DASH", "low"),
        ("DASHSCOPE_API_KEY=DASH", "high"),
        ("dashscope\nkey: DASH", "medium"),
        ("key: DASH\ndashscope", "medium"),
        ("DEEPSEEK_API_KEY=DASH", None),
        ("key: DASH\ndeepseek", None),
        ("deepseek: x\ndashscope = DASH", "high"),
        ("dashscope: x\ndeepseek = DASH", None),
        ("dashscope = DASH\ndeepseek", "high"),
        ("deepseek = DASH\ndashscope", None),
        ("dashscope\n deepseek\n dashscope: DASH", "high"),
        ("key: DASH\ndashscope deepseek", "medium"),
        ("dashscope" + "-" * 591 + "DASH", "high"),
        ("dashscope" + "-" * 592 + "DASH", "low"),
        ("DASH" + "-" * 591 + "dashscope", "medium"),
        ("DASH" + "-" * 592 + "dashscope", "low"),
    ],
)
def test_the_nearest_vendor(text: str, confidence: str | None) -> None:
    assert model(text.replace("DASHSCOPE", "dashscope")) == confidence


def test_keys_that_are_certain_by_their_shape() -> None:
    assert judged("DASHWS") == {("DASHWS", "high", "high", None)}
    assert {(name, confidence) for name, confidence, _, _ in judged("TMP")} == {("TMP", "high")}


URL = "https://b.oss-cn-hangzhou.aliyuncs.com/a?Expires=1700000000&OSSAccessKeyId={}&Signature=" + "x" * 20


@pytest.mark.parametrize(("now", "severity"), [(1699999999, "medium"), (1700000000, "medium"), (1700000000.5, "low")])
def test_a_signed_url(now: float, severity: str) -> None:
    assert judged(URL.format("ID"), now) == {("ID", "high", severity, None)}
    assert judged(URL.format("LEG"), now) == {("LEG", "medium", severity, None)}
    assert {one.rule.id for one in judge(URL.format(VALUES["ID"]), now)} == {"alibaba-oss-signed-url"}
    assert judged(URL.format("ID") + "\nSEC", now) == pair()
    assert judged(URL.format("ID").replace("Expires", "Expire"), now) == {("ID", "high", "medium", None)}


def test_a_secret_within_a_token_is_not_one() -> None:
    token = f"sk-sp-{VALUES['SEC']}"
    assert [one.candidate.value for one in judge(f"accessKeySecret = {token}", 0)] == [token]
    assert [one.candidate.value for one in judge(f"{token} accessKeySecret = {VALUES['SEC2']}", 0)] == [VALUES["SEC2"], token]
    two = [f"sk-sp-{VALUES[name]}" for name in ("SEC", "SEC2")]
    assert [one.candidate.value for one in judge(f"accessKeySecret = {two[0]}, accessKeySecret = {two[1]}", 0)] == two
