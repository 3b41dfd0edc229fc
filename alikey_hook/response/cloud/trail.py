"""What was done with a key: ActionTrail's events, region by region, page by page."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from alikey_hook.response.cloud.api import ACTIONTRAIL, Answer, another, listed, text
from alikey_hook.response.cloud.ask import Cloud
from alikey_hook.response.cloud.credential import Credential

# Where ActionTrail keeps events. RAM's and STS's are kept in each of them, or in the account's home region.
REGIONS = tuple(
    "cn-hangzhou cn-shanghai cn-beijing cn-shenzhen cn-qingdao cn-zhangjiakou cn-huhehaote cn-wulanchabu cn-heyuan "
    "cn-guangzhou cn-chengdu cn-hongkong ap-southeast-1 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7 "
    "ap-northeast-1 ap-northeast-2 us-east-1 us-west-1 eu-central-1 eu-west-1 me-east-1".split()
)
# What a thief does first: keep a way in, then take machines, data and messages.
_FIRST = re.compile(
    r"Create(?:User|AccessKey|LoginProfile|Role|Policy\w*|SecurityToken\w*)|Attach\w+|UpdateLoginProfile|UpdateAccessKey|"
    r"AddUserToGroup|AssumeRole\w*|SetDefaultPolicyVersion|RunInstances|CreateInstance\w*|RunCommand|SendSms|SendBatchSms|"
    r"(?:Delete|Stop|Disable)(?:Trail|Logging)|StopLogging|PutBucketAcl|PutBucketPolicy|Delete\w+"
)
_PAGE = 50
_WORD = re.compile(r"[\w.:/@ +-]{1,128}")


class Event(NamedTuple):
    """One call that was made with the key. `error`: its error code, "" where it succeeded. `important`: look at it first."""

    time: str
    region: str
    service: str
    name: str
    address: str
    user: str
    error: str
    important: bool
    event_id: str


class Seen(NamedTuple):
    """What one region knows. `refused`: the answer that was none; `more`: there are more events than were read."""

    region: str
    events: list[Event]
    refused: Answer | None
    more: bool


def looked_up(cloud: Cloud, credential: Credential, key_id: str, region: str, start: str, end: str, most: int) -> Seen:
    """The events of a key in a region, newest first, at most so many."""
    query = {
        "LookupAttribute.1.Key": "EventAccessKeyId", "LookupAttribute.1.Value": key_id,
        "StartTime": start, "EndTime": end, "MaxResults": str(_PAGE),
    }  # fmt: skip
    events: list[Event] = []
    tokens: set[str] = set()
    while True:
        answer = cloud.ask(credential, ACTIONTRAIL, "LookupEvents", query, region)
        found = listed(answer.body, "Events")
        if not answer.good or found is None:
            return Seen(region, events, another(answer) if answer.good else answer, False)
        events += [_event(one, region, key_id) for one in found]
        following = text(answer.body, "NextToken")
        if not following or following in tokens:
            return Seen(region, events[:most], None, len(events) > most)
        if len(events) >= most:
            return Seen(region, events[:most], None, True)
        tokens.add(following)
        query["NextToken"] = following


def _event(one: dict[str, Any], region: str, key_id: str) -> Event:
    identity = one.get("userIdentity")
    user = text(identity, "userName") if isinstance(identity, dict) else ""
    name = _word(one, "eventName", key_id)
    service = _word(one, "serviceName", key_id)
    error = _word(one, "errorCode", key_id)
    return Event(
        time=_word(one, "eventTime", key_id),
        region=_word(one, "acsRegion", key_id) or region,
        service=service,
        name=name,
        address=_word(one, "sourceIpAddress", key_id),
        user=user.replace(key_id, "…") if _WORD.fullmatch(user) else "",
        error=error,
        important=bool(_FIRST.fullmatch(name)),
        event_id=_word(one, "eventId", key_id),
    )


def _word(one: dict[str, Any], key: str, key_id: str) -> str:
    """A field of an event, if it is a plain word or two: what somebody else wrote must not look like our words."""
    value = text(one, key)
    return value.replace(key_id, "…") if _WORD.fullmatch(value) else ""
