"""What an answer of Alibaba Cloud's proves: the real client over a socket, with the official package as the oracle."""

import json
import random
from typing import Any
from urllib.parse import quote

import pytest

from alikey_hook.response.cloud.api import STS, Answer, endpoint
from alikey_hook.response.cloud.ask import ATTEMPTS, Cloud, Patience
from alikey_hook.response.cloud.credential import Credential
from alikey_hook.response.cloud.verdict import DEAD, Verdict, asked, judged
from tests.cloud import signature
from tests.cloud.server import REQUEST_ID, Reply, Server, error, good, identity, running
from tests.keys import access_key_id, secret

ID, SECRET = access_key_id(801), secret(801)
STS_ID = "STS." + access_key_id(802)[4:]
TOKEN = (
    "CAIS" + "".join(random.Random(803).choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789+/", k=400)) + "=="
)
KEY, STS_KEY = Credential(ID, SECRET), Credential(STS_ID, SECRET, TOKEN)
KNOWN = {ID: SECRET, STS_ID: SECRET}
QUICK = Patience(timeout=1.0, deadline=2.0, pause=0.01)
NOT_IDENTITY, REDIRECTS = "an answer that is not GetCallerIdentity's", "it redirects elsewhere, which is not followed"
NOT_FOUND, INACTIVE = "InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive"
XML = f"<Error><Code>{NOT_FOUND}</Code><RequestId>{REQUEST_ID}</RequestId></Error>".encode()
ROOT = identity("Account", "acs:ram::1234567890123456:root")
USER = identity("RAMUser", "acs:ram::1234567890123456:user/ci-bot")
ROLE = identity("AssumedRoleUser", "acs:ram::1234567890123456:assumed-role/deploy/session-1", RoleId="3")


def named(reply: Reply) -> str:
    """What a reply is called in the name of a test."""
    fields = reply.body if isinstance(reply.body, dict) else {}
    return fields.get("Code") or fields.get("IdentityType") or reply.odd or "garbage"


def verdict(reply: Reply, key: Credential = KEY, known: dict[str, str] = KNOWN) -> tuple[Verdict, Server]:
    with running(known, lambda _: reply) as server:
        return asked(Cloud(endpoint(server.endpoint), QUICK), key), server


def test_the_official_vector_of_signature_v3_holds() -> None:
    image = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = f"ImageId={quote(image)}&RegionId=cn-shanghai"
    made = signature.signature("YourAccessKeySecret", "POST", "/", query, headers, sorted(headers), b"")
    assert made == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


@pytest.mark.parametrize(
    ("reply", "key", "who"),
    [
        pytest.param(ROOT, KEY, "root account", id="the root account"),
        pytest.param(USER, KEY, "RAM user", id="a RAM user"),
        pytest.param(ROLE, STS_KEY, "assumed role", id="an assumed role"),
        pytest.param(identity("ACCOUNT", "acs:ram::1234567890123456:root"), KEY, "root account", id="in capitals"),
        pytest.param(identity("", "acs:ram::1234567890123456:root"), KEY, "root account", id="root by its ARN only"),
        pytest.param(
            identity("RAMUser", "acs:ram::1234567890123456:user/a", New={"Deep": [1]}, Code=None),
            KEY,
            "RAM user",
            id="new fields",
        ),
    ],
)
def test_a_live_key_says_who_it_is(reply: Reply, key: Credential, who: str) -> None:
    found, server = verdict(reply, key)
    assert (found.state, found.who, found.account, found.request_id) == ("live", who, "1234567890123456", REQUEST_ID)
    assert found.arn == reply.body["Arn"]
    assert found.at.endswith("Z")
    assert server.actions == ["GetCallerIdentity"]


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        pytest.param(error(400, INACTIVE), "disabled", id="inactive"),
        pytest.param(error(404, NOT_FOUND), "deleted", id="not found"),
        pytest.param(error(400, "SignatureDoesNotMatch"), "secret-differs", id="another secret"),
        pytest.param(error(400, "InvalidSecurityToken.Expired"), "expired", id="expired token"),
    ],
)
def test_the_documented_codes_are_verdicts(reply: Reply, state: str) -> None:
    found, server = verdict(reply)
    assert (found.state, found.code, found.request_id) == (state, reply.body["Code"], REQUEST_ID)
    assert len(server.asked) == 1


def test_the_server_itself_tells_a_wrong_secret_and_an_unknown_id() -> None:
    assert verdict(USER, KEY, {ID: secret(899)})[0].state == "secret-differs"
    assert verdict(USER, KEY, {})[0].state == "deleted"


@pytest.mark.parametrize(
    ("reply", "why", "calls"),
    [
        pytest.param(error(400, "Throttling.User"), "Throttling.User", ATTEMPTS, id="throttling"),
        pytest.param(error(503, "ServiceUnavailable"), "ServiceUnavailable", ATTEMPTS, id="503"),
        pytest.param(error(500, NOT_FOUND), NOT_FOUND, ATTEMPTS, id="right code, 500"),
        pytest.param(error(403, INACTIVE), INACTIVE, 1, id="right code, other status"),
        pytest.param(error(403, "Forbidden.RAM"), "Forbidden.RAM", 1, id="restrictive protection"),
        pytest.param(error(400, "InvalidAccessKeyId"), "InvalidAccessKeyId", 1, id="only like a documented code"),
        pytest.param(error(400, "InvalidSecurityToken.Malformed"), "InvalidSecurityToken.Malformed", 1, id="another token's"),
        pytest.param(error(404, NOT_FOUND, RequestId=None), NOT_FOUND, 1, id="no request"),
        pytest.param(Reply(404, {"Message": "gone"}), "HTTP status 404", 1, id="404 without a code"),
        pytest.param(Reply(404, XML), None, 1, id="XML"),
        pytest.param(
            Reply(404, XML, {"Content-Type": "text/xml;charset=utf-8"}),
            None, 1, id="XML that says so",
        ),
        pytest.param(Reply(200, b"<html>Sign in to the airport</html>"), None, 1, id="a captive portal"),
        pytest.param(Reply(200, []), None, 1, id="a list"),
        pytest.param(Reply(400, [INACTIVE]), None, 1, id="a list that fails"),
        pytest.param(Reply(200, b""), None, 1, id="nothing"),
        pytest.param(Reply(200, b"\xff\xfe\x00garbage"), None, 1, id="bytes"),
        pytest.param(good(), NOT_IDENTITY, 1, id="200 without an ARN"),
        pytest.param(identity("Account", "arn:aws:iam::123456789012:root"), NOT_IDENTITY, 1, id="AWS"),
        pytest.param(Reply(200, {"Code": NOT_FOUND, "RequestId": REQUEST_ID}), None, 1, id="a code with 200"),
        pytest.param(Reply(302, {}, {"Location": "/elsewhere"}), REDIRECTS, 1, id="redirect"),
        pytest.param(Reply(307, USER.body, {"Location": "/"}), REDIRECTS, 1, id="redirect back"),
        pytest.param(Reply(odd="cut"), "the connection failed or was cut", ATTEMPTS, id="cut"),
        pytest.param(Reply(404, error(404, NOT_FOUND).body, odd="half"), None, None, id="cut in the body"),
        pytest.param(Reply(200, b"[" * 100_000), None, 1, id="deep"),
        pytest.param(Reply(200, USER.body | {"More": "x" * (5 << 20)}), None, 1, id="five megabytes"),
    ],
)  # fmt: skip
def test_anything_else_is_unknown(reply: Reply, why: str | None, calls: int | None) -> None:
    found, server = verdict(reply)
    assert found.state == "unknown"
    assert found.why == (why or found.why) and found.why
    assert len(server.asked) == (calls or len(server.asked))
    assert server.other == []


@pytest.mark.parametrize("odd", ["silent", "drip"])
def test_a_server_that_never_ends_is_left(odd: str) -> None:
    # The dripping one would be through after some seconds, with a good answer.
    patience = Patience(timeout=0.4, deadline=0.8, pause=0.01)
    with running(KNOWN, lambda _: Reply(200, USER.body, odd=odd)) as server:
        found = asked(Cloud(endpoint(server.endpoint), patience), KEY)
        assert (found.state, found.why) == ("unknown", "no answer in time")
        assert len(server.asked) == ATTEMPTS


def test_nobody_there_is_unknown() -> None:
    with running({}, lambda _: good()) as server:
        gone = server.endpoint
    found = asked(Cloud(endpoint(gone), QUICK), KEY)
    assert (found.state, found.why) == ("unknown", "the connection failed or was cut")


@pytest.mark.parametrize("first", [error(400, "Throttling"), error(500, "InternalError"), Reply(odd="cut")], ids=named)
def test_what_passes_is_tried_again(first: Reply) -> None:
    replies = [first, USER]
    with running(KNOWN, lambda _: replies.pop(0)) as server:
        assert asked(Cloud(endpoint(server.endpoint), QUICK), KEY).state == "live"
        assert len(server.asked) == 2


def test_a_temporary_id_without_its_token_is_not_asked_about() -> None:
    found, server = verdict(USER, Credential(STS_ID, SECRET))
    assert (found.state, found.why, server.asked) == ("unknown", "its security token is not found with it", [])


def test_a_credential_never_shows_its_secret() -> None:
    shown = f"{KEY!r} {STS_KEY} {[KEY]}"
    assert not any(value in shown for value in (ID, STS_ID, SECRET, TOKEN))


ORACLE = [USER, ROOT, error(400, INACTIVE), error(404, NOT_FOUND),
          error(400, "SignatureDoesNotMatch"), error(400, "InvalidSecurityToken.Expired"), error(400, "Throttling"),
          error(503, "ServiceUnavailable"), error(403, "Forbidden"), Reply(200, b"garbage"), Reply(odd="cut")]  # fmt: skip


@pytest.mark.parametrize("reply", ORACLE, ids=named)
@pytest.mark.parametrize("key", [KEY, STS_KEY], ids=["AccessKey", "STS"])
def test_the_official_package_of_sts_agrees(reply: Reply, key: Credential) -> None:
    from alibabacloud_sts20150401.client import Client
    from alibabacloud_tea_openapi.utils_models import Config

    with running(KNOWN, lambda _: reply) as server:
        ours = Cloud(endpoint(server.endpoint), QUICK).ask(key, STS, "GetCallerIdentity")
        config = Config(access_key_id=key.key_id, access_key_secret=key.secret, security_token=key.token, protocol="http",
                        endpoint=f"127.0.0.1:{server.port}")  # fmt: skip
        theirs: tuple[int, str | None]
        try:
            answer = Client(config).get_caller_identity()
            theirs = answer.status_code, answer.body.arn
        except Exception as failure:
            theirs = getattr(failure, "status_code", 0) or 0, getattr(failure, "code", None)
        assert server.asked[0] == server.asked[-1]
    if ours.good:
        assert theirs == (200, ours.body["Arn"])
    elif ours.code:
        assert theirs == (ours.status, ours.code)
    else:
        assert theirs[1] is None


def _value(rng: random.Random, depth: int = 0) -> Any:
    kinds = [None, True, 0, -1, 1e300, "", "InvalidAccessKeyId", "Arn", "\u0000", "x" * 300, REQUEST_ID]
    if depth < 2 and rng.random() < 0.3:
        return [_value(rng, depth + 1) for _ in range(3)] if rng.random() < 0.5 else {"Code": _value(rng, depth + 1)}
    return rng.choice(kinds)


def _fuzzed(rng: random.Random) -> Reply:
    codes = [
        INACTIVE,
        NOT_FOUND,
        "SignatureDoesNotMatch",
        "InvalidSecurityToken.Expired",
    ]
    near = [
        rng.choice([code.lower(), code + " ", code[:-1], code + ".More", code.replace(".", "_"), [code], {code: 1}])
        for code in codes
    ]
    status = rng.choice([200, 201, 204, 301, 400, 401, 403, 404, 405, 418, 429, 500, 502, 503])
    code = rng.choice([*codes, *near, _value(rng), "Throttling", "Forbidden", "Success"])
    body = {rng.choice(["Code", "code", "CODE", "Codes"]): code, rng.choice(["RequestId", "requestId", "Id"]): _value(rng)}
    body |= {rng.choice(["Arn", "AccountId", "Message", "IdentityType"]): _value(rng) for _ in range(rng.randrange(4))}
    content = json.dumps(body).encode()
    if rng.random() < 0.3:
        at = rng.randrange(len(content))
        content = content[:at] + rng.randbytes(rng.randrange(4)) + content[at + rng.randrange(6) :]
    return Reply(status, b"" if status == 204 else content)


def test_a_thousand_odd_answers_never_make_a_key_dead() -> None:
    rng = random.Random(808)
    proofs = {(400, INACTIVE), (404, NOT_FOUND), (400, "InvalidSecurityToken.Expired"),
              (403, "InvalidSecurityToken.Expired")}  # fmt: skip
    dead = 0
    current = [USER]
    cloud_patience = Patience(timeout=2, deadline=5, pause=0)
    with running(KNOWN, lambda _: current[0]) as server:
        cloud = Cloud(endpoint(server.endpoint), cloud_patience, interval=0)
        for _ in range(1000):
            current[0] = _fuzzed(rng)
            found = asked(cloud, KEY)
            if found.state in DEAD:
                dead += 1
                fields = json.loads(current[0].body)
                assert (current[0].status, fields.get("Code") or fields.get("code")) in proofs
                assert found.request_id
            assert found.state != "live"
    assert 0 < dead < 100


def test_no_answer_at_all_and_no_request_id_are_unknown() -> None:
    for answer in (
        Answer(0, NOT_FOUND, "x" * 9, {}, "cut", ""),
        Answer(404, NOT_FOUND, "", {}, "", ""),
    ):
        assert judged(answer, KEY).state == "unknown"
