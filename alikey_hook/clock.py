"""What time it is."""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime


def now() -> float:
    """Seconds since 1970 UTC; SOURCE_DATE_EPOCH where it is set (https://reproducible-builds.org/specs/source-date-epoch/)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return float(epoch) if epoch.isdecimal() else time.time()


def today() -> datetime.date:
    """The day in UTC."""
    import datetime

    return datetime.datetime.fromtimestamp(now(), datetime.timezone.utc).date()


def utc(seconds: float) -> str:
    """A time as ISO 8601 has it, `2026-11-25T08:00:00Z`: what SARIF, detect-secrets and Alibaba Cloud write."""
    import datetime

    return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
