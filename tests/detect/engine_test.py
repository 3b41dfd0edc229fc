"""Pairs, confidence, places, and that nothing makes detection fail."""

import base64
import random
import string
import sys
import uuid
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alikey_hook.detect import gate
from alikey_hook.detect.engine import _MARGIN, detect
from alikey_hook.finding import Detection
from tests.corpus.fill import credential, js_noise
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


PAIR = f'{ID}", "{SECRET}'
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
    "x",
    "\\n",
    "\\x41",
    "\\u0041",
    "%3D",
    "\x1b[31m",
    "&amp;",
    "STS.N" + ID[4:],
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from(["utf-8", "utf-16-le", "gb18030"]))
def test_every_place_holds_the_value_and_the_gate_agrees(pieces: list[str], charset: str) -> None:
    text = "".join(pieces)
    data = text.encode(charset)
    detections = detect(data, places=[(0, len(data))])
    assert not detections or gate.where(data)
    for detection in detections:
        assert detection.value not in detection.excerpt
        assert detection.end_column > detection.column >= 1


PLAIN_CODE = "total = price * 2  # a comment, as long as lines are\n"
FILLERS = [
    pytest.param(PLAIN_CODE, "utf-8", id="lines"),
    pytest.param("a,bc;", "utf-8", id="one line"),
    pytest.param("# 一行注释\n", "utf-8", id="Chinese"),
    pytest.param("# 一行注释\n", "gb18030", id="GB18030"),
    pytest.param("注释，", "gb18030", id="one line of GB18030"),
    pytest.param("\\u5bc6\\u94a5 \\n", "utf-8", id="escapes"),
    pytest.param(base64.b64encode(b"\x00\xff\x10" * 19).decode() + "\n", "utf-8", id="base64"),
]


@pytest.mark.parametrize(("filler", "charset"), FILLERS)
@settings(max_examples=20, deadline=None)
@given(st.data())
def test_what_is_found_in_a_long_text_does_not_depend_on_windows(filler: str, charset: str, data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.lists(st.sampled_from([*PIECES, PAIR]), max_size=12).map("".join), min_size=1, max_size=4))
    lengths = data.draw(st.lists(st.integers(0, 90_000), min_size=4, max_size=4))
    fillers = [filler * (length // len(filler)) for length in (*lengths, 2 * gate.LONG)]
    text = "".join(a + b for a, b in zip(fillers, [*parts, "", "", "", ""], strict=False)).encode(charset)
    assert detect(text) == detect(text, places=[(0, len(text))])


def test_of_a_long_text_only_the_surroundings_of_a_place_are_looked_at() -> None:
    long = PLAIN_CODE.encode() * 20_000
    text = long + f'{PAIR}\nx = "{SECRET}"\n'.encode() + long
    assert gate.where(text) == [(len(long), len(long) + len(PAIR) + 6 + len(SECRET))]


def made(kind: str, seed: int = 5) -> str:
    return credential(kind, random.Random(seed))


def told(text: str, now: float = 0) -> list[tuple[str, str, str]]:
    return [(d.rule.removeprefix("alibaba-"), d.confidence, d.severity) for d in detect(text.encode(), now)]


def test_an_sts_triple() -> None:
    text = f'{{"AccessKeyId": "{made("stsid")}", "AccessKeySecret": "{made("stssec")}", "SecurityToken": "{made("ststok")}"}}'
    assert told(text) == [
        ("sts-access-key-id", "high", "high"),
        ("sts-access-key-secret", "high", "high"),
        ("sts-security-token", "high", "medium"),
    ]


URL = "https://b.oss-cn-hangzhou.aliyuncs.com/a.zip?Expires=1700000000&OSSAccessKeyId={id}&Signature=abcdefghijklmnopqrstuvwxyz12%3D"
URL4 = (
    "https://b.oss-cn-hangzhou.aliyuncs.com/a?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=20231114T221320Z&x-oss-expires=60"
    "&x-oss-credential={id}%2F20231114%2Fcn-hangzhou%2Foss%2Faliyun_v4_request&x-oss-signature=" + "0123456789abcdef" * 4
)


@pytest.mark.parametrize(
    ("url", "now", "severity"),
    [(URL, 1699999999, "medium"), (URL, 1700000001, "low"), (URL4, 1700000059, "medium"), (URL4, 1700000061, "low")],
)
@pytest.mark.parametrize("kind", ["id", "id16"])
def test_a_signed_url_is_low_once_it_has_expired(url: str, now: float, severity: str, kind: str) -> None:
    assert told(url.format(id=made(kind)), now) == [("oss-signed-url", "high" if kind == "id" else "medium", severity)]


def test_an_id_in_a_url_without_a_signature_is_an_id() -> None:
    assert told(f"https://x/?OSSAccessKeyId={ID}") == [("access-key-id", "high", "medium")]


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("DASHSCOPE_API_KEY={key}", "high"),
        ("dashscope:\n  api-key: {key}", "medium"),
        ('OpenAI(api_key="{key}", base_url="https://dashscope.aliyuncs.com/compatible-mode/v1")', "medium"),
        ("deepseek:\n  api-key: {key}\ndashscope:\n  api-key: x", ""),
        ("api_key = {key}", "low"),
    ],
)
def test_the_nearest_vendor_decides_whose_key_it_is(text: str, confidence: str) -> None:
    assert [c for _, c, _ in told(text.format(key=made("dash")))] == ([confidence] if confidence else [])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"ak={ID}", "plain"),
        (f"ak={ID[:5]}%{ord(ID[5]):02x}{ID[6:]}", "percent"),
        (f"ak={ID[:5]}\\u00{ord(ID[5]):02x}{ID[6:]}", "escaped"),
        (f"ak: {base64.b64encode(ID.encode()).decode()}", "base64"),
    ],
)
def test_the_encoding_is_told(text: str, encoding: str) -> None:
    assert [(d.value, d.encoding) for d in detect(text.encode())] == [(ID, encoding)]


def test_the_encoding_of_the_file_is_told() -> None:
    assert [d.encoding for d in detect(f"密钥 {ID}\n".encode("utf-16"))] == ["utf-16"]
    assert [d.encoding for d in detect(f"密钥 {ID}\n".encode("gb18030"))] == ["gb18030"]


def test_a_secret_in_pieces_is_reported_piece_by_piece() -> None:
    text = f'id = "{ID}"\nsecret = "{SECRET[:10]}" +\n    "{SECRET[10:]}"\n'
    pieces = [(d.line, d.column, d.end_column, d.encoding, d.partner) for d in detect(text.encode()) if d.value == SECRET]
    assert pieces == [(2, 11, 21, "part", ID), (3, 6, 26, "part", ID)]


def test_a_partner_that_joined_pieces_give_away_is_reported_with_its_secret() -> None:
    old = made("old16")
    # By a header that is none but for the strings that seem to be joined.
    row = f'"LTAI4GnN--{old}","{SECRET}","LTAI4GnN--{old}","{SECRET[:28]}Zj"'
    text = f'"User Logon Name","AccessKey ID","AccessKey Secret"\n"ci@1234567890123457.ecret"\n"ci@1234567890123457.on",{row}\n'
    assert {(d.value, d.partner) for d in detect(text.encode())} == {(old, SECRET), (SECRET, old)}


@pytest.mark.parametrize("lines", range(1, 9))
def test_strings_that_seem_to_be_joined_give_nobody_a_partner_that_is_not_reported(lines: int) -> None:
    other = "LTAI" + secret(2)[:12] + "data"
    text = f'{SECRET} "a"\n"b"' + "\n" * lines + "- " * 400 + f'\n{other}("ak")\n'
    found = detect(text.encode())
    assert {d.partner for d in found if d.partner} <= {d.value for d in found}


def test_a_legacy_id_beside_its_secret() -> None:
    old = made("old16")
    assert {(d.value, d.severity) for d in detect(f"accessId: {old}\naccessKey: {SECRET}\naliyun".encode())} == {
        (old, "critical"),
        (SECRET, "critical"),
    }


def test_sixteen_characters_without_a_secret_are_no_id() -> None:
    assert told(f"accessId: {made('old16')}\naliyun") == []


def test_the_excerpt_of_a_long_base64_text_is_short() -> None:
    block = base64.b64encode((f"access_key_id = {ID}\n" * 20).encode()).decode()
    assert {len(d.excerpt) for d in detect(f"config: {block}".encode())} == {len("config: ") + 64}


ADVERSARIES = [
    "LTAI",
    "LTAI5t",
    "STS.N",
    "CAIS",
    "sk-",
    "A9b",
    '"',
    "\\",
    "\\u",
    "\\u0041",
    "%",
    "%25",
    "&amp;",
    "=",
    "TFRB",
    "\n",
    '"a"+',
    " ",
    "/",
    "密",
    "accessKeySecret=",
    "a" * 70 + "\n",
    f"ak={ID} sk={SECRET}\n",
    f"{ID[:20]}** {SECRET}\n",
    f"accessId={SECRET[:16]} accessKey={SECRET}\n",
    f"sk={SECRET} ",
]


def steps(text: str) -> int:
    """How many lines of this package's code run to look into a text."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        nonlocal count
        if "alikey_hook" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()  # coverage has one
    sys.settrace(trace)
    try:
        detect(text.encode())
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", ADVERSARIES, ids=lambda piece: ascii(piece.replace(ID, "ID").replace(SECRET, "SECRET"))[:40])
@pytest.mark.parametrize("wrap", ["{}", "ak={id} {} sk={secret}"], ids=["alone", "between a pair"])
def test_work_grows_linearly_with_size(piece: str, wrap: str) -> None:
    def work(size: int) -> int:
        filler = (piece * (size // len(piece) + 1))[:size]
        return steps(wrap.replace("{}", filler).replace("{id}", ID).replace("{secret}", SECRET))

    small, large = work(2_000), work(16_000)
    assert large <= 8 * small * 1.25 + 500


NOISE: dict[str, Callable[[random.Random], str]] = {
    "base64": lambda rng: base64.b64encode(rng.randbytes(rng.randrange(20, 200))).decode(),
    "base64 for URLs": lambda rng: base64.urlsafe_b64encode(rng.randbytes(rng.randrange(20, 200))).decode(),
    "hexadecimal": lambda rng: rng.randbytes(rng.choice([15, 16, 20, 32])).hex(),
    "UUID": lambda rng: str(uuid.UUID(int=rng.getrandbits(128))),
    "identifier": lambda rng: "".join(
        rng.choice(["get", "Access", "Key", "Secret", "Client", "With", "User"]) for _ in range(6)
    ),
    "lock file": lambda rng: f'"integrity": "sha512-{base64.b64encode(rng.randbytes(64)).decode()}"',
    "go.sum": lambda rng: f"github.com/aliyun/x v1.0.{rng.randrange(99)} h1:{base64.b64encode(rng.randbytes(32)).decode()}",
    "minified": lambda rng: js_noise(rng, 300),
}


@pytest.mark.parametrize("kind", NOISE)
def test_noise_is_not_found(kind: str) -> None:
    rng = random.Random(kind)
    text = "# aliyun oss\n" + "\n".join(NOISE[kind](rng) for _ in range(2000))
    assert [d.line for d in detect(text.encode()) if d.confidence != "low"] == []


@pytest.mark.parametrize(
    ("filler", "charset"),
    [
        pytest.param("x = 1\n", "utf-8", id="lines"),
        pytest.param("- ", "utf-8", id="one line"),
        pytest.param("一行\n", "utf-8", id="Chinese"),
        pytest.param("一，", "gb18030", id="one line of GB18030"),
        pytest.param("x = 1\n", "utf-16", id="UTF-16"),
    ],
)
def test_in_a_long_text_values_are_told_where_they_stand(filler: str, charset: str) -> None:
    around = filler * (100_000 // len(filler))
    pairs = [f"\nid = '{access_key_id(seed)}'\nsecret = '{secret(seed)}'\n" for seed in (1, 2, 3)]
    for parts in (pairs, ["", *pairs[:2], ""], [around, pairs[0], pairs[1]]):
        text = around.join(parts)
        told = [(d.value, d.line, d.column, d.partner, d.confidence) for d in detect(text.encode(charset))]
        expected = []
        for seed in (1, 2, 3):
            for value, partner in (access_key_id(seed), secret(seed)), (secret(seed), access_key_id(seed)):
                at = text.find(value)
                if at >= 0:
                    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
                    expected.append((value, line, column, partner, "high"))
        assert told == sorted(expected, key=lambda one: one[1:3])
        assert len(expected) in (4, 6)


def test_a_value_is_judged_by_what_stands_within_its_window_only() -> None:
    far = "- " * 100_000
    assert found(f"{ID}{far}{SECRET}") == [(ID, "high", "medium")]
    assert found(f"{ID}{far}accessKeySecret = {SECRET}{far}") == [(ID, "high", "medium"), (SECRET, "high", "high")]
    assert found(f"accessKeySecret = {far}{SECRET}") == []


def test_what_the_gate_has_said_counts() -> None:
    text = f"id = '{ID}'\nsecret = '{SECRET}'\n".encode()
    assert detect(text, places=[]) == []
    assert detect(text, places=[(0, len(text))]) == detect(text) != []


def test_a_partner_in_pieces_is_a_partner() -> None:
    found_there = detect(f'ak = "{ID[:9]}" + "{ID[9:]}"\nsk = "{SECRET}"\n'.encode())
    assert [(d.value, d.encoding, d.partner, d.severity, d.line) for d in found_there] == [
        (ID, "part", SECRET, "critical", 1),
        (ID, "part", SECRET, "critical", 1),
        (SECRET, "plain", ID, "critical", 2),
    ]
    text = f'ak = "{ID}"\nsk = "{SECRET[:9]}" + "{SECRET[9:]}"\n'
    assert [(d.value, d.partner) for d in detect(text.encode())] == [(ID, SECRET), (SECRET, ID), (SECRET, ID)]


def test_base64_on_lines_that_are_padded_one_by_one_is_read_line_by_line() -> None:
    for before in ("nothing in this line, no", "nothing in this line, no.", "nothing in this line, no.."):
        for head in ("a", "ab", "abc"):
            lines = [before, f"{head}: the id is {access_key_id(1)}, and so on"]
            text = "".join(base64.b64encode(line.encode()).decode() + "\n" for line in lines)
            assert [(one.value, one.line) for one in detect(text.encode())] == [(access_key_id(1), 2)], text


def test_what_the_end_of_a_window_cuts_in_two_is_no_value() -> None:
    """A text of one line is looked at so far around a place: what looks like a secret there may be half of something."""
    value = access_key_id(1)
    fill = "x = 1; "
    text = f"{fill * 3} {value} "
    name, long = 'accessKeySecret = "', secret(2) + secret(3)
    for shift in range(-4, 5):
        between = _MARGIN - len(name) - 30 + shift
        whole = f'{text}{(fill * between)[:between]}{name}{long}"; {fill * gate.LONG}'
        assert {detection.value for detection in detect(whole.encode())} == {value}
