"""How the AccessKeys of an account stand to Alibaba Cloud's account security best practices. Everything here only reads."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from alikey_hook.finding import redact
from alikey_hook.response.cloud.account import ACTIVE, Account, Key, Refusal
from alikey_hook.response.cloud.api import SECURITY_CENTER, another, listed, text
from alikey_hook.response.cloud.ask import Cloud
from alikey_hook.response.cloud.credential import Credential

OLD_DAYS = UNUSED_DAYS = 90
_AT_ONCE = 4
_NO_PROFILE = "EntityNotExist"
_LEAKS = "DescribeAccesskeyLeakList"
_HANDLED = ("disable", "manual", "add-whitelist")


class Row(NamedTuple):
    """An AccessKey of the account. Days are counted until today; `unused` is None where that is not known."""

    redacted: str
    owner: str
    status: str
    age: int | None
    last_used: str
    unused: int | None


class Advice(NamedTuple):
    """A practice that something breaks, and the step that mends it."""

    practice: str
    subject: str
    step: str


class NotAsked(NamedTuple):
    """A question without an answer."""

    action: str
    subject: str
    why: str


class Standing(NamedTuple):
    """What was found."""

    rows: list[Row]
    advice: list[Advice]
    not_asked: list[NotAsked]


class _Facts(NamedTuple):
    """Of one owner: a RAM user, or "" for the caller itself."""

    owner: str
    keys: list[Key]
    used: dict[str, str]
    console: bool | None
    mfa: bool | None


class Survey:
    """The questions to one account, and which of them were not answered."""

    def __init__(self, cloud: Cloud, credential: Credential, region: str, today: datetime.date) -> None:
        self._cloud = cloud
        self._credential = credential
        self._account = Account(cloud, credential)
        self._region = region
        self._today = today
        self._not_asked: list[NotAsked] = []

    def standing(self) -> Standing:
        """Ask everything, and judge."""
        owners = [""]
        try:
            owners += self._account.users()
        except Refusal as refusal:
            self._missed(refusal, "RAM users")
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            facts = list(pool.map(self._facts, owners))
        rows = [self._row(key, one) for one in facts for key in one.keys]
        advice = [*self._of_the_account(), *(found for one in facts for found in self._of_an_owner(one)), *self._leaks()]
        return Standing(rows, advice, sorted(set(self._not_asked)))

    def _ask(self, action: str, subject: str, key: str, kind: type, **query: str) -> Any:
        """One field of an answer; None where there is none of this kind, which is noted."""
        try:
            answer = self._account.call(action, **query)
            value = answer.body.get(key)
            if not isinstance(value, kind):
                raise Refusal(action, another(answer))
        except Refusal as refusal:
            self._missed(refusal, subject)
            return None
        return value

    def _missed(self, refusal: Refusal, subject: str) -> None:
        self._not_asked.append(NotAsked(refusal.action, subject, refusal.answer.why))

    def _facts(self, owner: str) -> _Facts:
        try:
            keys = self._account.keys(owner)
        except Refusal as refusal:
            self._missed(refusal, owner or "the caller's own keys")
            keys = []
        used = {}
        for key in keys:
            shown = redact("alibaba-access-key-id", key.key_id)
            query = {"UserPrincipalName": owner, "UserAccessKeyId": key.key_id}
            found = self._ask("GetAccessKeyLastUsed", shown, "AccessKeyLastUsed", dict, **query)
            if found is not None:
                used[key.key_id] = text(found, "LastUsedDate").replace("N/A", "")
        console, mfa = self._console(owner) if owner else (None, None)
        return _Facts(owner, keys, used, console, mfa)

    def _console(self, owner: str) -> tuple[bool | None, bool | None]:
        """Whether a user may sign in to the console, and whether with a second factor."""
        try:
            answer = self._account.call("GetLoginProfile", UserPrincipalName=owner)
        except Refusal as refusal:
            if refusal.answer.code.startswith(_NO_PROFILE):
                return False, None
            self._missed(refusal, owner)
            return None, None
        if text(_object(answer.body, "LoginProfile"), "Status") == "Inactive":
            return False, None
        try:
            found = self._account.call("GetUserMFAInfo", UserPrincipalName=owner).body
        except Refusal as refusal:
            if refusal.answer.code.startswith(_NO_PROFILE):
                return True, False
            self._missed(refusal, owner)
            return True, None
        return True, bool(found.get("IsMFAEnable")) or bool(_object(found, "MFADevice"))

    def _row(self, key: Key, of: _Facts) -> Row:
        last = of.used.get(key.key_id, "?")
        since = self._days(last) if last not in ("", "?") else self._days(key.created) if last == "" else None
        owner = of.owner or "(the caller itself)"
        return Row(redact("alibaba-access-key-id", key.key_id), owner, key.status, self._days(key.created), last, since)

    def _days(self, when: str) -> int | None:
        try:
            return (self._today - datetime.date.fromisoformat(when[:10])).days
        except ValueError:
            return None

    def _of_an_owner(self, of: _Facts) -> Iterator[Advice]:
        rows = [(key, self._row(key, of)) for key in of.keys]
        for key, row in rows:
            if key.status != ACTIVE:
                continue
            subject = f"{row.redacted} of {row.owner}"
            if row.unused is not None and row.unused > UNUSED_DAYS:
                yield Advice(
                    "revoke what is not needed", f"{subject}: unused for {row.unused} days", "disable it, then delete it"
                )
            if row.age is not None and row.age > OLD_DAYS:
                yield Advice(
                    "rotate AccessKeys", f"{subject}: {row.age} days old", "make a new one, move to it, disable this one"
                )
        active = [key for key in of.keys if key.status == ACTIVE]
        if len(active) > 1:
            yield Advice(
                "one AccessKey a user, two only while rotating", f"{of.owner or '(the caller itself)'}: {len(active)} active",
                "finish the rotation: disable the older one",
            )  # fmt: skip
        if active and of.console:
            yield Advice(
                "separate console users from API users", f"{of.owner}: signs in to the console and has an AccessKey",
                "make a user of its own for the program, without a login profile",
            )  # fmt: skip
        if of.console and of.mfa is False:
            yield Advice("multi-factor authentication", f"{of.owner}: signs in without it", "bind an MFA device")

    def _of_the_account(self) -> Iterator[Advice]:
        root = "the root account"
        report = self._ask("GetAccountSecurityPracticeReport", "the account", "AccountSecurityPracticeInfo", dict)
        count = _object(report or {}, "AccountSecurityPracticeUserInfo").get("RootWithAccessKey")
        if isinstance(count, int) and count > 0:
            step = "give programs RAM users or roles, then disable and delete it"
            yield Advice("no AccessKey for the root account", f"{root}: has {count}", step)
        if self._ask("GetAccountMFAInfo", root, "IsMFAEnable", bool) is False:
            yield Advice("multi-factor authentication", f"{root}: signs in without it", "bind an MFA device")
        policy = self._ask("GetPasswordPolicy", "the password policy", "PasswordPolicy", dict) or {}
        length = policy.get("MinimumPasswordLength")
        if isinstance(length, int) and length < 8:
            yield Advice("a strong password policy", f"the password policy: {length} characters do", "ask for at least 8")
        wanted = [name for name in ("Lowercase", "Uppercase") if policy.get(f"Require{name}Characters") is False]
        wanted += [name for name in ("Numbers", "Symbols") if policy.get(f"Require{name}") is False]
        if wanted:
            kinds = ", ".join(wanted).lower()
            yield Advice("a strong password policy", f"the password policy: not required: {kinds}", "require them")

    def _leaks(self) -> Iterator[Advice]:
        """What Security Center saw in public (on GitHub only)."""
        query = {"CurrentPage": "1", "PageSize": "100"}
        answer = self._cloud.ask(self._credential, SECURITY_CENTER, _LEAKS, query, self._region)
        leaks = listed(answer.body, "AccessKeyLeakList")
        if not answer.good or leaks is None:
            why = (another(answer) if answer.good else answer).why
            self._not_asked.append(NotAsked(_LEAKS, "Security Center", why))
            return
        for leak in leaks:
            if text(leak, "DealType") not in _HANDLED and text(leak, "Status") != "dealed":
                shown = redact("alibaba-access-key-id", text(leak, "AccesskeyId"))
                yield Advice("check regularly for leaks", f"{shown}: seen in public by Security Center", "disable it now")


def _object(body: dict[str, Any], key: str) -> dict[str, Any]:
    value = body.get(key)
    return value if isinstance(value, dict) else {}
