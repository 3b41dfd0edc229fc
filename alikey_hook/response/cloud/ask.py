"""Asking: how often, how long, and what is tried again."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import NamedTuple

from alikey_hook.clock import utc
from alikey_hook.response.cloud import transport
from alikey_hook.response.cloud.api import Answer, Api, Endpoint
from alikey_hook.response.cloud.credential import Credential

ATTEMPTS = 3
# Throttling is per API and account; ten calls a second are far below what STS, IMS and ActionTrail allow.
_INTERVAL = 0.1
_AGAIN_CODES = ("Throttling", "ServiceUnavailable", "InternalError", "LastTokenProcessing")
_IN_TIME = "no answer in time"
_AGAIN_TROUBLES = (_IN_TIME, "the connection failed or was cut")


class Patience(NamedTuple):
    """`timeout`: seconds to connect, and between any two bytes. `deadline`: for a whole call. `pause`: before a second try."""

    timeout: float = 10
    deadline: float = 30
    pause: float = 0.5


class Cloud:
    """Alibaba Cloud. `endpoint`: asked instead of each product's own host."""

    def __init__(self, endpoint: Endpoint | None = None, patience: Patience | None = None, interval: float = _INTERVAL) -> None:
        """`interval`: seconds between the starts of two calls. Raises UserError where the client is not installed."""
        transport.prepare()
        self._endpoint = endpoint
        self._patience = patience or Patience()
        self._turn = threading.Lock()
        self._interval = interval
        self._next = 0.0

    def host(self, api: Api, region: str = "") -> str:
        """Who is asked, for the words before the first call."""
        return self._to(api, region).host

    def ask(
        self, credential: Credential, api: Api, action: str, query: Mapping[str, str] | None = None, region: str = ""
    ) -> Answer:
        """Call, and call again after throttling, 5xx and lost connections, `ATTEMPTS` times in all. Never raises."""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(self._patience.pause * 2 ** (attempt - 1))
            answer = self._once(credential, api, action, query or {}, region)
            if not _passing(answer):
                break
        return answer

    def _once(self, credential: Credential, api: Api, action: str, query: Mapping[str, str], region: str) -> Answer:
        self._wait()
        at = utc(time.time())
        to, patience = self._to(api, region), self._patience
        brought: list[transport.Raw] = []

        def work() -> None:
            brought.append(transport.call(credential, to, api, action, query, patience.timeout, region or "cn-hangzhou"))

        # A server that sends a byte now and then never runs into a time-out: the whole call has a deadline of its own.
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(patience.deadline)
        raw = brought[0] if brought else transport.Raw(trouble=_IN_TIME)
        code, request_id = credential.blanked(raw.code), credential.blanked(raw.request_id)
        return Answer(raw.status, code, request_id, raw.body, raw.trouble, at)

    def _to(self, api: Api, region: str) -> Endpoint:
        return self._endpoint or Endpoint("https", api.host.format(region=region))

    def _wait(self) -> None:
        """Wait for this call's turn."""
        with self._turn:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + self._interval
        time.sleep(start - now)


def _passing(answer: Answer) -> bool:
    """Whether the same call may bring another answer in a moment."""
    if answer.good:
        return False
    return answer.trouble in _AGAIN_TROUBLES or answer.status >= 500 or answer.code.startswith(_AGAIN_CODES)
