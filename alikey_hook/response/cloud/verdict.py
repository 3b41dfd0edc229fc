"""Is a key alive? What an answer to STS GetCallerIdentity proves, and what it does not."""

from __future__ import annotations

import re
from typing import NamedTuple

from alikey_hook.response.cloud.api import STS, Answer, text
from alikey_hook.response.cloud.ask import Cloud
from alikey_hook.response.cloud.credential import Credential

LIVE, DISABLED, GONE, OTHER_SECRET, EXPIRED, UNKNOWN = (
    "live", "disabled", "deleted", "secret-differs", "expired", "unknown",
)  # fmt: skip
DEAD = (DISABLED, GONE, EXPIRED)
# (HTTP status, code) → verdict. Whatever is not here proves nothing, and never that a key is dead.
_PROOFS = {
    (400, "InvalidAccessKeyId.Inactive"): DISABLED,
    (404, "InvalidAccessKeyId.NotFound"): GONE,
    (400, "SignatureDoesNotMatch"): OTHER_SECRET,
    (400, "InvalidSecurityToken.Expired"): EXPIRED,
    (403, "InvalidSecurityToken.Expired"): EXPIRED,
}
_KINDS = {"account": "root account", "ramuser": "RAM user", "assumedrole": "assumed role"}
_ARN = re.compile(r"acs:(?:ram|sts)::\d{4,20}:[\w.:/@+=-]{1,256}")
_NUMBER = re.compile(r"\d{4,20}")


class Verdict(NamedTuple):
    """What is known of a key. `who`: root account, RAM user or assumed role of a live one. `why`: of an unknown one."""

    state: str
    who: str
    account: str
    arn: str
    code: str
    request_id: str
    at: str
    why: str


def not_asked(why: str) -> Verdict:
    """The verdict where nothing could be asked."""
    return Verdict(UNKNOWN, "", "", "", "", "", "", why)


def asked(cloud: Cloud, credential: Credential) -> Verdict:
    """Ask who the credential is. STS answers everyone, and records the call in ActionTrail."""
    if credential.temporary and not credential.token:
        # Without its token STS calls it not found, which would prove nothing.
        return not_asked("its security token is not found with it")
    return judged(cloud.ask(credential, STS, "GetCallerIdentity"), credential)


def judged(answer: Answer, credential: Credential) -> Verdict:
    """What an answer proves. Anything but the documented answers is unknown."""
    if answer.good:
        arn = credential.blanked(text(answer.body, "Arn"))
        if answer.request_id and _ARN.fullmatch(arn):
            who = _KINDS.get(text(answer.body, "IdentityType").lower(), "")
            account = text(answer.body, "AccountId")
            account = account if _NUMBER.fullmatch(account) else arn.split(":")[3]
            return Verdict(LIVE, who or _by_arn(arn), account, arn, "", answer.request_id, answer.at, "")
        why = "an answer that is not GetCallerIdentity's"
        return Verdict(UNKNOWN, "", "", "", "", answer.request_id, answer.at, why)
    state = _PROOFS.get((answer.status, answer.code), UNKNOWN) if answer.request_id and not answer.trouble else UNKNOWN
    why = "" if state != UNKNOWN else answer.trouble or answer.code or f"HTTP status {answer.status}"
    return Verdict(state, "", "", "", answer.code, answer.request_id, answer.at, why)


def _by_arn(arn: str) -> str:
    resource = arn.split(":", 4)[4]
    if resource == "root":
        return "root account"
    return "assumed role" if resource.startswith("assumed-role/") else "RAM user"
