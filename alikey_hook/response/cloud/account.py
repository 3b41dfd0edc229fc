"""What IMS says of the AccessKeys of an account, and the two calls that change one: its status, its network policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from alikey_hook.response.cloud.api import IMS, Answer, another, listed, text
from alikey_hook.response.cloud.ask import Cloud
from alikey_hook.response.cloud.credential import Credential

ACTIVE, INACTIVE = "Active", "Inactive"
_PAGE, _MOST_USERS = "100", 10_000


class Key(NamedTuple):
    """An AccessKey as its account lists it. `user`: the RAM user's logon name, "" for the caller itself."""

    key_id: str
    status: str
    created: str
    user: str


class Refusal(Exception):
    """A call was answered with something else than what it is for."""

    def __init__(self, action: str, answer: Answer) -> None:
        super().__init__(action)
        self.action = action
        self.answer = answer


class Account:
    """The account of a credential."""

    def __init__(self, cloud: Cloud, credential: Credential) -> None:
        self._cloud = cloud
        self._credential = credential

    def call(self, action: str, **query: str) -> Answer:
        """One call of IMS's. Raises Refusal where it is not answered as it should be."""
        answer = self._cloud.ask(self._credential, IMS, action, {key: value for key, value in query.items() if value})
        if not answer.good:
            raise Refusal(action, answer)
        return answer

    def _list(self, action: str, path: tuple[str, str], **query: str) -> tuple[list[dict[str, Any]], Answer]:
        answer = self.call(action, **query)
        found = listed(answer.body, *path)
        if found is None:
            raise Refusal(action, another(answer))
        return found, answer

    def users(self) -> Iterator[str]:
        """The logon names of all RAM users. Raises Refusal."""
        marker, seen = "", 0
        while True:
            found, answer = self._list("ListUsers", ("Users", "User"), MaxItems=_PAGE, Marker=marker)
            names, body = [text(user, "UserPrincipalName") for user in found], answer.body
            yield from filter(None, names)
            seen += len(names)
            following = text(body, "Marker")
            if body.get("IsTruncated") is not True or not following or following == marker or seen >= _MOST_USERS:
                return
            marker = following

    def keys(self, user: str = "") -> list[Key]:
        """The AccessKeys of a RAM user, or of the caller itself. Raises Refusal."""
        found, _ = self._list("ListAccessKeys", ("AccessKeys", "AccessKey"), UserPrincipalName=user)
        return [Key(text(one, "AccessKeyId"), text(one, "Status"), text(one, "CreateDate"), user) for one in found]

    def find(self, key_id: str) -> Key | None:
        """A key of the account: the caller's own, or one of its RAM users'. Raises Refusal where the users are not listed."""
        try:
            own = self.keys()
        except Refusal:  # a role has no keys of its own
            own = []
        for key in own:
            if key.key_id == key_id:
                return key
        for user in self.users():
            for key in self.keys(user):
                if key.key_id == key_id:
                    return key
        return None

    def status(self, key: Key) -> str:
        """The key's status now; "" where it is not listed any more. Raises Refusal."""
        return next((one.status for one in self.keys(key.user) if one.key_id == key.key_id), "")

    def disable(self, key: Key) -> Answer:
        """Make a key Inactive. Raises Refusal."""
        return self.call("UpdateAccessKey", UserPrincipalName=key.user, UserAccessKeyId=key.key_id, Status=INACTIVE)

    def policy(self, key: Key) -> str:
        """The key's network access policy, as JSON; "" where it has none. Raises Refusal."""
        answer = self.call("GetAccessKeyPolicy", UserPrincipalName=key.user, UserAccessKeyId=key.key_id)
        return text(answer.body, "AccessKeyPolicy")

    def contain(self, key: Key, networks: list[str]) -> Answer:
        """Let a key be used from these networks only. Raises Refusal."""
        rule = {"Type": "ClassicWhiteList", "IPList": networks}
        policy = json.dumps({"Version": 1, "Status": "Active", "Statements": [rule]})
        return self.call("SetAccessKeyPolicy", UserPrincipalName=key.user, UserAccessKeyId=key.key_id, AccessKeyPolicy=policy)
