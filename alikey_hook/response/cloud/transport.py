"""The only module that imports Alibaba Cloud's client; it tightens redirects, proxies, sizes and the debug print."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from alikey_hook import __version__
from alikey_hook.errors import UserError
from alikey_hook.response.cloud.api import Api, Endpoint
from alikey_hook.response.cloud.credential import Credential

_LARGEST = 4 << 20
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{1,99}")
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_MISSING = UserError(
    "this asks Alibaba Cloud by its official client, which is not installed.", "pip install 'alikey-hook[cloud]'"
)


class Raw:
    """What one call brought: `status` 0 and a `trouble` where there was no answer that could be read."""

    __slots__ = ("body", "code", "request_id", "status", "trouble")

    def __init__(self, status: int = 0, code: str = "", request_id: str = "", body: Any = None, trouble: str = "") -> None:
        self.status = status
        self.code = code
        self.request_id = request_id
        self.body: dict[str, Any] = body if isinstance(body, dict) else {}
        self.trouble = trouble


def prepare() -> None:
    """Import the client (some hundred milliseconds) and tighten it. Raises UserError where it is not installed."""
    import logging
    import warnings

    # DEBUG=sdk makes the client log all headers, the security token among them; urllib3 logs URLs when it warns.
    os.environ.pop("DEBUG", None)
    logging.disable(logging.CRITICAL)
    # On Python ≥ 3.12 the client uses what is deprecated; that is its maintainers' business, not our users'.
    warnings.filterwarnings("ignore", module=r"alibabacloud_|darabonba|Tea\b")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import alibabacloud_tea_openapi.client  # noqa: F401
            import darabonba.core
    except ImportError:
        raise _MISSING from None
    if not hasattr(darabonba.core, "Session") or not hasattr(darabonba.core.DaraCore, "_sessions"):
        raise UserError(
            "this version of Alibaba Cloud's client is not known here.", "pip install 'alibabacloud_tea_openapi<0.5'"
        )
    if darabonba.core.Session.__module__ != __name__:
        darabonba.core.Session = _session()
        darabonba.core.DaraCore._sessions.clear()


def call(
    credential: Credential, to: Endpoint, api: Api, action: str, query: Mapping[str, str], timeout: float, region: str
) -> Raw:
    """One call, signed with ACS3-HMAC-SHA256, tried once. Never raises, and keeps nothing of a message.

    `timeout`: seconds to connect, and seconds between any two bytes.
    """
    from alibabacloud_tea_openapi import utils_models
    from alibabacloud_tea_openapi.client import Client
    from darabonba.runtime import RuntimeOptions

    milliseconds = max(1, int(timeout * 1000))
    try:
        client = Client(
            utils_models.Config(
                access_key_id=credential.key_id,
                access_key_secret=credential.secret,
                security_token=credential.token,
                endpoint=to.host,
                protocol=to.protocol,
                region_id=region,
                user_agent=f"alikey-hook/{__version__}",
                connect_timeout=milliseconds,
                read_timeout=milliseconds,
            )
        )
        params = utils_models.Params(
            action=action, version=api.version, protocol=to.protocol.upper(), pathname="/", method="POST",
            auth_type="AK", style="RPC", req_body_type="formData", body_type="json",
        )  # fmt: skip
        brought = client.call_api(params, utils_models.OpenApiRequest(query=dict(query)), RuntimeOptions())
    except Exception as error:
        return _failure(error)
    return _success(brought)


def _success(brought: Any) -> Raw:
    status = brought.get("statusCode") if isinstance(brought, dict) else None
    if not isinstance(status, int):
        return Raw(trouble="an answer that cannot be read")
    body = brought.get("body")
    if 300 <= status < 400:
        return Raw(status, trouble="it redirects elsewhere, which is not followed")
    if not isinstance(body, dict):
        return Raw(status, trouble="an answer that is no JSON object")
    return Raw(status, _matching(_CODE, body.get("Code")), _matching(_REQUEST_ID, body.get("RequestId")), body)


def _failure(error: Exception) -> Raw:
    """An error of the client's, or of what is under it, without its words."""
    from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
    from requests import exceptions

    chain = _chain(error)
    for one in chain:
        if isinstance(one, AlibabaCloudException):
            status = one.status_code if isinstance(one.status_code, int) else 0
            code = "" if one.code == "None" else _matching(_CODE, one.code)
            return Raw(status, code, "" if one.request_id == "None" else _matching(_REQUEST_ID, one.request_id))
    kinds = (
        (exceptions.ProxyError, "the proxy does not answer"),
        (exceptions.SSLError, "no trusted connection (TLS)"),
        (exceptions.Timeout, "no answer in time"),
        (exceptions.ConnectionError, "the connection failed or was cut"),
        (OSError, "the connection failed or was cut"),
    )
    for kind, words in kinds:
        if any(isinstance(one, kind) for one in chain):
            return Raw(trouble=words)
    return Raw(trouble="an answer that cannot be read")


def _chain(error: BaseException | None) -> list[BaseException]:
    """An error, what it wraps, and what it was raised from."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__, getattr(one, "inner_exception", None)]
    return found


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def _session() -> type:
    """The session that the client is made to use, in place of `requests.Session`."""
    from urllib.parse import urlsplit

    from requests import PreparedRequest, Response, Session
    from requests.utils import get_environ_proxies

    class Tight(Session):
        """No redirects (a token would be sent along), proxies as everyone reads NO_PROXY, and answers of a few megabytes."""

        def get_redirect_target(self, resp: Response) -> None:
            return None

        def send(self, request: PreparedRequest, **settings: Any) -> Response:
            url = request.url or ""
            local = urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
            settings |= {"allow_redirects": False, "stream": True, "proxies": {} if local else get_environ_proxies(url)}
            answer = super().send(request, **settings)
            try:
                body = answer.raw.read(_LARGEST + 1, decode_content=True)
            finally:
                answer.close()
            if len(body) > _LARGEST:
                raise ValueError("an answer that is too long")
            answer._content = body
            answer._content_consumed = True
            # JSON was asked for; anything else must not reach the client's XML parser, which expands entities.
            answer.headers["content-type"] = "application/json"
            return answer

    Tight.__module__ = __name__
    return Tight
