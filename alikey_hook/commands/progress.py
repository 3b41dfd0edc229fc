"""A progress bar where a terminal watches and `rich` is installed; nothing elsewhere."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress, ProgressColumn


def bar(columns: Callable[[], tuple[ProgressColumn, ...]] = tuple) -> Progress | None:
    """A bar on standard error, to be entered, or None. `columns`: called where there is one; none are the usual ones."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:
        return None
    return Progress(*columns(), console=Console(stderr=True), transient=True)
