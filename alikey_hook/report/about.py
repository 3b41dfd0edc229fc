"""What a report says beside its findings: the rules, where they were looked for, when, and what to do."""

from __future__ import annotations

from alikey_hook import __version__
from alikey_hook.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HELP = "https://www.alibabacloud.com/help/en/ram/user-guide/solution-to-accesskey-leakage"

# What every JSON report of ours begins with.
JSON_HEAD: dict[str, Any] = {"version": 1, "tool": "alikey-hook", "tool_version": __version__}


class RuleText(NamedTuple):
    """A rule in words: `says` what it finds, `help` what to do about it; `severity` of such a credential alone."""

    id: str
    says: str
    severity: str
    help: str


class Lost(NamedTuple):
    """A repository of an audit, and why it, or something in it, was not looked at."""

    repository: str
    why: str


class Origin(NamedTuple):
    """Where was looked. `kind`: staged | files | commits, or "" for none of them.

    `repository`: the address of its remote, without any name or password in it; `revision` and `branch`: what HEAD is.
    `complete`: whether all of it was looked at. In an audit: how many `repositories`, and what is `not_looked_at`.
    """

    kind: str = ""
    repository: str | None = None
    revision: str | None = None
    branch: str | None = None
    complete: bool = True
    repositories: int = 0
    not_looked_at: tuple[Lost, ...] = ()


class About(NamedTuple):
    """What a report says beside its findings. `language`: en | zh; `steps`: what to do, in order.

    `started`, `ended`: seconds since 1970 UTC.
    """

    rules: tuple[RuleText, ...] = ()
    origin: Origin = Origin()
    language: str = "en"
    steps: tuple[str, ...] = ()
    started: float = 0.0
    ended: float = 0.0
