"""What is found without `re` is what these regular expressions find."""

import itertools
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alikey_hook.detect import names
from alikey_hook.detect.escapes import escapes
from alikey_hook.detect.pattern import Pattern, Span
from alikey_hook.detect.views import _JOINT, _may_be_joined
from alikey_hook.detect.words import folded, names_in, words_in

NAME = re.compile(r"[A-Za-z一-鿿](?:[\w$一-鿿]|[.\-](?=[A-Za-z0-9_]))*")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[一-鿿]+")
SECRET = "s[cert]{3,6}"
STRONG_SECRET = re.compile(
    rf"acc?es+(?:key)?{SECRET}|{SECRET}accesskey|key(?:id)?{SECRET}"
    rf"|(?:ali|oss|odps|sls|sms|dayu|vod)[a-z]{{0,12}}{SECRET}|(?:ali[a-z]{{0,6}}|oss|sls|odps|sms)sk$"
    r"|阿里云?.{0,4}(?:密钥|秘钥|密码)|访问密钥|訪問金鑰"
)
STRONG_ID = re.compile(
    r"acc?es+(?:key)?id|accesskey|(?:^|[^a-z])ak(?:id)?$|keyid|(?:ali|oss|odps|sls|sms)[a-z]{0,8}(?:id|key|ak)$"
)
PHRASE = re.compile(rf"(?i)access ?key ?(id|{SECRET})")
IS_SECRET = re.compile(rf"^{SECRET}s?$")
ESCAPE = re.compile(
    r"""\\u[0-9a-fA-F]{4} | \\x[0-9a-fA-F]{2} | \\[nrt"'/\\] | %[0-9a-fA-F]{2}
      | \x1b\[[0-9;]{0,12}m | &(?:amp|quot|apos|lt|gt|nbsp|\#\d{1,5}|\#x[0-9a-fA-F]{1,4});""",
    re.VERBOSE,
)


def texts(*pieces: str, most: int = 12) -> st.SearchStrategy[str]:
    """Texts of these pieces and of what else there is."""
    return st.lists(st.sampled_from(pieces) | st.text(max_size=2), max_size=most).map("".join)


# Letters that are ASCII's without regard to case are among them: ı, ſ, İ, K (the sign of the kelvin).
NAMES = texts(*"a Z aB HTTPServer x1 _ $ . - .- é ß 密 钥 鿿 ² ٣ ı ſ İ".split(), "\u212a", " ", "=", '"', "\n")
ACCESS = texts(
    "access", "Access", "key", "Key", "id", "ID", "secret", "sercet", "SECRT", "s", "cert", " ", "_", "ſ", "İd", "\u212a"
)
PARTS = (
    "acces access acess acc es s key id secret sercet scrt c e r t ali oss odps sls sms dayu vod sk ak a abcdefgh 1 "
    "阿里 云 密钥 秘钥 访问密钥 訪問金鑰 问 accesskey secretsecret"
).split()
SQUASHED = st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
ESCAPES = texts(
    *r'\u003d \u00 \x3D \x3 \n \t \" \\ \q % %3D %3 & &amp; &quot; &#61; &#123456; &#x3d; &#x; &#٣; &nothing; u x #'.split(),
    "\x1b[31m", "\x1b[", "\x1b[1;2;3;4;5;6;7m", "\x1b[1;2;3;4;5;6m", "m", ";", "é", "密",
)  # fmt: skip
JOINTS = texts('"', "'", "`", '"a', 'a"', " ", " + ", ".", "||", "<<", "~", "&", "\\", "\n", "\r\n", "\t", "@", ",", "a", "é")


@given(NAMES)
def test_names(text: str) -> None:
    assert names_in(text) == NAME.findall(text)


@given(NAMES)
def test_words_of_a_name(text: str) -> None:
    assert words_in(text) == [word.lower() for word in WORD.findall(text)]


def test_every_short_name() -> None:
    for length in range(1, 6):
        for text in map("".join, itertools.product("aB1_密", repeat=length)):
            assert words_in(text) == [word.lower() for word in WORD.findall(text)]
    for length in range(1, 5):
        for text in map("".join, itertools.product("aZ1_.-密 é", repeat=length)):
            assert names_in(text) == NAME.findall(text)


@given(NAMES | ACCESS)
def test_a_text_without_regard_to_case_keeps_its_places(text: str) -> None:
    assert len(folded(text)) == len(text)


@given(ACCESS)
def test_phrases_become_names(text: str) -> None:
    assert names._phrases_joined(text) == PHRASE.sub("AccessKey\\1", text)


@pytest.mark.parametrize(
    "text",
    [
        "my access key id = ",
        "Access Key Secret: ",
        "accesskeyid",
        "ACCESSKEY SECRET",
        "access keys",
        "the access key id 1 and the access key secret 2",
        "accessaccess key id",
        "access key access key id",
    ],
)
def test_these_phrases_become_names(text: str) -> None:
    assert names._phrases_joined(text) == PHRASE.sub("AccessKey\\1", text)
    assert (names._phrases_joined(text) == text) == (text == "access keys")


@given(SQUASHED)
def test_names_of_secrets(text: str) -> None:
    assert names._strongly_secret(text) == (STRONG_SECRET.search(text) is not None)
    assert names._is_secret(text) == (IS_SECRET.match(text) is not None)


def test_every_short_name_of_secrets_and_ids() -> None:
    for text in map("".join, itertools.chain.from_iterable(itertools.product(PARTS, repeat=length) for length in (1, 2, 3))):
        assert names._strongly_secret(text) == (STRONG_SECRET.search(text) is not None)
        assert names._is_secret(text) == (IS_SECRET.match(text) is not None)
        assert names.names_id(text) == (STRONG_ID.search("".join(words_in(text))) is not None)


@pytest.mark.parametrize("between", range(15))
@pytest.mark.parametrize("product", ["ali", "oss", "odps", "sls", "sms", "dayu", "vod"])
def test_how_much_may_stand_in_a_name(product: str, between: int) -> None:
    for end in ("id", "key", "ak", "sk", "secret", "secretx"):
        text = product + "x" * between + end
        assert names._strongly_secret(text) == (STRONG_SECRET.search(text) is not None)
        assert names.names_id(text) == (STRONG_ID.search(text) is not None)


@given(SQUASHED)
def test_names_of_ids(text: str) -> None:
    assert names.names_id(text) == (STRONG_ID.search("".join(words_in(text))) is not None)


@given(ESCAPES)
def test_escape_sequences(text: str) -> None:
    assert [match.span() for match in escapes(text)] == [match.span() for match in ESCAPE.finditer(text)]


@given(JOINTS)
def test_no_joint_of_string_pieces_is_missed(text: str) -> None:
    assert _may_be_joined(text) or _JOINT.search(text) is None


@given(texts("(", ")", "oss2.Auth", "ODPS", " ", "\n", "a", "a" * 120))
def test_no_known_call_is_missed(text: str) -> None:
    assert names.in_known_call(text) == (names._CALL.search(text[-320:]) is not None)


@given(texts("ab", "a", "b", "x", "\n"), st.integers(0, 9), st.integers(0, 9))
def test_a_pattern_finds_what_re_finds(text: str, start: int, end: int) -> None:
    ours, theirs = Pattern("a+b|ab$", "ab"), re.compile("a+b|ab$")
    spans: list[Callable[[Pattern | re.Pattern[str]], object]] = [
        lambda pattern: [match.span() for match in pattern.finditer(text)],
        lambda pattern: str(pattern.search(text)),
        lambda pattern: str(pattern.search(text, start, end)),
        lambda pattern: str(pattern.match(text, start)),
        lambda pattern: str(pattern.fullmatch(text)),
    ]
    for span in spans:
        assert span(ours) == span(theirs)


def test_a_span_is_as_a_match_of_re() -> None:
    ours, theirs = Span("abcd", 1, 3), re.compile("bc").search("abcd")
    assert theirs
    assert (ours[0], ours.start(), ours.end(), ours.span()) == (theirs[0], theirs.start(), theirs.end(), theirs.span())
