"""What time it is."""

from __future__ import annotations

import os
import time


def now() -> float:
    """Seconds since 1970 UTC; SOURCE_DATE_EPOCH where it is set (https://reproducible-builds.org/specs/source-date-epoch/)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return float(epoch) if epoch.isdecimal() else time.time()
