"""`alikey-hook keys`: the standing advice on an account, which is only read."""

import datetime
import json
from typing import Any

import pytest

from tests.cloud.calling import ADMIN, ADMIN_ID, ADMIN_SECRET, call
from tests.cloud.server import REQUEST_ID, Asked, Reply, error, good, running
from tests.keys import access_key_id
from tests.repository import Repo

pytestmark = pytest.mark.once

KNOWN = {ADMIN_ID: ADMIN_SECRET}
NOW = {**ADMIN, "SOURCE_DATE_EPOCH": "1795651200"}  # 2026-11-26
TODAY = datetime.date(2026, 11, 26)
NAMED = {
    "ListUsers", "ListAccessKeys", "GetAccessKeyLastUsed", "GetLoginProfile", "GetUserMFAInfo", "GetAccountMFAInfo",
    "GetPasswordPolicy", "GetAccountSecurityPracticeReport", "DescribeAccesskeyLeakList",
}  # fmt: skip
OLD, FRESH, SECOND, STALE = (access_key_id(seed) for seed in (881, 882, 883, 884))


def ago(days: int) -> str:
    """A time so many days before today, as IMS writes it."""
    return f"{TODAY - datetime.timedelta(days):%Y-%m-%d}T08:00:00Z"


KEYS = {
    "": [],
    "old@x.onaliyun.com": [(OLD, "Active", 400, 1)],
    "two@x.onaliyun.com": [(FRESH, "Active", 10, 1), (SECOND, "Active", 20, 2)],
    "stale@x.onaliyun.com": [(STALE, "Active", 89, 0), (access_key_id(885), "Inactive", 900, 800)],
}


class Account:
    """An account with much to mend; `well`: one with nothing to mend."""

    def __init__(self, well: bool = False) -> None:
        self.well = well

    def __call__(self, one: Asked) -> Reply:
        return getattr(self, one.action)(one.parameters)  # type: ignore[no-any-return]

    def ListUsers(self, _: dict[str, str]) -> Reply:
        users = [] if self.well else [{"UserPrincipalName": name} for name in KEYS if name]
        return good(Users={"User": users}, IsTruncated=False)

    def ListAccessKeys(self, query: dict[str, str]) -> Reply:
        keys = [] if self.well else KEYS[query.get("UserPrincipalName", "")]
        found = [{"AccessKeyId": key, "Status": status, "CreateDate": ago(age)} for key, status, age, _ in keys]
        return good(AccessKeys={"AccessKey": found})

    def GetAccessKeyLastUsed(self, query: dict[str, str]) -> Reply:
        used = {key: last for keys in KEYS.values() for key, _, _, last in keys}[query["UserAccessKeyId"]]
        return good(AccessKeyLastUsed={"LastUsedDate": ago(used) if used else "", "ServiceName": "Oss"})

    def GetLoginProfile(self, query: dict[str, str]) -> Reply:
        if query["UserPrincipalName"].startswith("old"):
            return good(LoginProfile={"Status": "Active", "MFABindRequired": False})
        return error(404, "EntityNotExist.User.LoginProfile")

    def GetUserMFAInfo(self, _: dict[str, str]) -> Reply:
        return error(404, "EntityNotExist.User.MFADevice")

    def GetAccountMFAInfo(self, _: dict[str, str]) -> Reply:
        return good(IsMFAEnable=self.well)

    def GetPasswordPolicy(self, _: dict[str, str]) -> Reply:
        kinds = ("LowercaseCharacters", "UppercaseCharacters", "Numbers", "Symbols")
        required = {f"Require{kind}": self.well for kind in kinds}
        return good(PasswordPolicy={"MinimumPasswordLength": 12 if self.well else 6, **required})

    def GetAccountSecurityPracticeReport(self, _: dict[str, str]) -> Reply:
        found = {"RootWithAccessKey": 0 if self.well else 1, "BindMfa": self.well}
        return good(AccountSecurityPracticeInfo={"Score": 50, "AccountSecurityPracticeUserInfo": found})

    def DescribeAccesskeyLeakList(self, _: dict[str, str]) -> Reply:
        handled = {"AccesskeyId": FRESH, "DealType": "disable", "Status": "dealed"}
        seen = [handled] if self.well else [handled, {"AccesskeyId": OLD, "DealType": "pending", "Status": "pending"}]
        return good(AccessKeyLeakList=seen, TotalCount=len(seen))


def shown(key: str) -> str:
    """How a key is shown."""
    return f"{key[:8]}…{key[-4:]}"


def keys(repo: Repo, answer: Any, *more: str) -> tuple[int, str, list[str]]:
    """Exit code, output, and the calls."""
    with running(KNOWN, answer) as server:
        done = call(repo, "keys", "--as", "env", *more, "--endpoint", server.endpoint, env=NOW)
    assert done.stderr == "" and server.other == []
    for key in (OLD, FRESH, SECOND, STALE):
        assert key not in done.stdout
    return done.returncode, done.stdout, server.actions


def test_every_broken_practice_is_told_with_the_step_that_mends_it(repo: Repo) -> None:
    code, out, actions = keys(repo, Account(), "--format", "json")
    report = json.loads(out)
    told = {(one["practice"], one["subject"]) for one in report["advice"]}
    assert told == {
        ("no AccessKey for the root account", "the root account: has 1"),
        ("multi-factor authentication", "the root account: signs in without it"),
        ("multi-factor authentication", "old@x.onaliyun.com: signs in without it"),
        ("a strong password policy", "the password policy: 6 characters do"),
        ("a strong password policy", "the password policy: not required: lowercase, uppercase, numbers, symbols"),
        ("rotate AccessKeys", f"{shown(OLD)} of old@x.onaliyun.com: 400 days old"),
        ("separate console users from API users", "old@x.onaliyun.com: signs in to the console and has an AccessKey"),
        ("one AccessKey a user, two only while rotating", "two@x.onaliyun.com: 2 active"),
        ("check regularly for leaks", f"{shown(OLD)}: seen in public by Security Center"),
    }
    assert all(one["step"] for one in report["advice"])
    assert (code, report["not_asked"], len(report["keys"])) == (1, [], 5)
    stale = next(one for one in report["keys"] if one["redacted"] == shown(STALE))
    assert (stale["age"], stale["last_used"], stale["unused"]) == (89, "", 89)
    assert set(actions) == NAMED


def test_an_unused_key_is_to_be_revoked(repo: Repo) -> None:
    class Unused(Account):
        def GetAccessKeyLastUsed(self, _: dict[str, str]) -> Reply:
            return good(AccessKeyLastUsed={"LastUsedDate": ago(91)})

    _, out, _ = keys(repo, Unused())
    assert f"{shown(STALE)} of stale@x.onaliyun.com: unused for 91 days" in out
    assert out.count("revoke what is not needed") == 4  # the inactive one needs nothing


def test_who_cannot_sign_in_to_the_console_needs_no_second_factor(repo: Repo) -> None:
    class Closed(Account):
        def GetLoginProfile(self, query: dict[str, str]) -> Reply:
            return good(LoginProfile={"Status": "Inactive"})

    _, out, actions = keys(repo, Closed())
    assert "signs in to the console" not in out
    assert "GetUserMFAInfo" not in actions


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"IsMFAEnable": True}, False),
        ({"MFADevice": {"SerialNumber": "acs:ram::1:mfa/x", "Type": "VMFA"}}, False),
        ({}, True),
    ],
    ids=str,
)
def test_a_second_factor_counts_however_it_is_told(repo: Repo, found: dict[str, Any], told: bool) -> None:
    class Factor(Account):
        def GetUserMFAInfo(self, _: dict[str, str]) -> Reply:
            return good(**found)

    _, out, _ = keys(repo, Factor())
    assert ("old@x.onaliyun.com: signs in without it" in out) == told


def test_dates_that_are_none_are_not_counted_with(repo: Repo) -> None:
    class Timeless(Account):
        def GetAccessKeyLastUsed(self, _: dict[str, str]) -> Reply:
            return good(AccessKeyLastUsed={"LastUsedDate": "yesterday"})

    _, out, _ = keys(repo, Timeless(), "--format", "json")
    report = json.loads(out)
    assert {(one["last_used"], one["unused"]) for one in report["keys"]} == {("yesterday", None)}
    assert not [one for one in report["advice"] if "unused" in one["subject"]]


def test_an_account_that_is_well_is_0(repo: Repo) -> None:
    code, out, actions = keys(repo, Account(well=True))
    assert (code, out) == (0, "0 AccessKeys\n\nTo be mended: 0\n\nNot asked: 0\n")
    assert set(actions) <= NAMED


@pytest.mark.parametrize("action", sorted(NAMED))
def test_what_may_not_be_asked_is_listed_and_the_rest_is_asked(repo: Repo, action: str) -> None:
    account = Account()

    def answer(one: Asked) -> Reply:
        return error(403, "NoPermission") if one.action == action else account(one)

    code, out, actions = keys(repo, answer)
    asked = out.partition("Not asked: ")[2]
    assert f"  {action} (" in asked and f"NoPermission (RequestId {REQUEST_ID})" in asked
    assert code == 1
    assert len(set(actions)) >= 5


def test_nothing_answered_is_2(repo: Repo) -> None:
    code, out, _ = keys(repo, lambda _: error(403, "Forbidden"))
    assert code == 2
    assert "0 AccessKeys" in out and "Not asked: 6" in out


def test_answers_to_something_else_are_no_facts(repo: Repo) -> None:
    odd = good(Users=[1], AccessKeys="x", PasswordPolicy=[], IsMFAEnable="no", AccessKeyLeakList={"a": 1}, Marker=3)
    code, out, _ = keys(repo, lambda _: odd)
    assert code == 2
    assert out.startswith("0 AccessKeys\n\nTo be mended: 0\n\nNot asked: 6\n")
    assert out.count("an answer to something else") == 6
