"""The calls that there are: products, versions, hosts. What is not listed here is never called."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from alikey_hook.errors import UserError

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_ENDPOINT = re.compile(r"(?:(https?)://)?((?:[A-Za-z0-9][A-Za-z0-9.-]*|\[::1\]))(:\d{1,5})?/?")


class Api(NamedTuple):
    """One product of Alibaba Cloud: its API version, and the host that answers (`{region}` is filled in)."""

    version: str
    host: str


STS = Api("2015-04-01", "sts.aliyuncs.com")
IMS = Api("2019-08-15", "ims.aliyuncs.com")
ACTIONTRAIL = Api("2020-07-06", "actiontrail.{region}.aliyuncs.com")
SECURITY_CENTER = Api("2018-12-03", "tds.{region}.aliyuncs.com")


class Endpoint(NamedTuple):
    """A host (with its port, if it is not the usual one), and how it is spoken to."""

    protocol: str
    host: str


class Answer(NamedTuple):
    """What came back from one call.

    `status`: of HTTP, 0 where no answer came. `code`: Alibaba's error code, "" where it is none or none that can be read.
    `body`: the answer's fields where `status` is 200. `trouble`: in words, why there is no answer. `at`: when, in UTC.
    The message of an error is not kept: it echoes what was signed, the id and the token in it.
    """

    status: int
    code: str
    request_id: str
    body: dict[str, Any]
    trouble: str
    at: str

    @property
    def good(self) -> bool:
        """Whether the call did what it was to do."""
        return self.status == 200 and not self.code and not self.trouble

    @property
    def why(self) -> str:
        """Why it did not, in a few words: the code and the request's id, which Alibaba's support asks for."""
        said = self.trouble or self.code or f"HTTP status {self.status} without a code"
        return f"{said} (RequestId {self.request_id})" if self.request_id else said


def endpoint(text: str) -> Endpoint:
    """The endpoint that a user names: a host of Alibaba Cloud's, or this machine. Raises UserError for any other."""
    parts = _ENDPOINT.fullmatch(text)
    if not parts:
        raise UserError(f"{text!a} is no endpoint.", "Write it as sts.cn-hangzhou.aliyuncs.com.")
    protocol, host, port = parts[1] or "https", parts[2].lower(), parts[3] or ""
    if host not in _LOOPBACK and not host.endswith(".aliyuncs.com"):
        raise UserError(f"{host} is no host of Alibaba Cloud's.", "Nothing is sent to any host but *.aliyuncs.com.")
    if protocol == "http" and host not in _LOOPBACK:
        raise UserError("http is for this machine only.", "Leave the protocol out: https is used.")
    return Endpoint(protocol, host + port)


def listed(body: dict[str, Any], *path: str) -> list[dict[str, Any]] | None:
    """The objects in a list somewhere in an answer; None where it is not there or something else: that is no answer."""
    found: Any = body
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else None


def another(answer: Answer) -> Answer:
    """An answer whose fields are not those of what was asked, as the failure that it is."""
    return answer._replace(trouble="an answer to something else", body={})


def text(body: dict[str, Any], key: str) -> str:
    """A text in an answer; "" where it is not there or something else."""
    value = body.get(key)
    return value if isinstance(value, str) else ""
