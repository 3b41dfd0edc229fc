"""`alikey-hook events`: what was done with a leaked key."""

from __future__ import annotations

import re
import time
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from alikey_hook.clock import utc
from alikey_hook.commands import cloud as shared
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.output import write
from alikey_hook.finding import redact
from alikey_hook.report import trail
from alikey_hook.response.cloud.trail import REGIONS, Event, Seen, looked_up

_DESCRIPTION = """\
List what was done with an AccessKey: ActionTrail LookupEvents by AccessKey ID, region by region. What a thief does first
(new users, keys, roles, machines, messages; marked !!) comes first."""
_EPILOG = """\
ActionTrail keeps 90 days; data events (single reads of OSS objects) are not among its events.
permission: actiontrail:LookupEvents. exit code: 0 nothing was done with it, 1 something was, 2 a region could not be asked"""
_DEFAULT = "cn-hangzhou,ap-southeast-1"
_REGION = re.compile(r"[a-z]{2}-[a-z]+(?:-[a-z0-9]+)*")
_DAY = 86_400
_AT_ONCE = 4


def main(argv: Sequence[str]) -> int:
    """Look up and print the events; the exit code is 0 (none), 1 (some) or 2 (a region could not be asked)."""
    options = parser().parse_args(list(argv))
    cloud = shared.connected(options)
    credential = shared.caller(options.profile, options.key)
    now = time.time()
    # A minute less than the whole window: ActionTrail refuses what began more than 90 days ago by its own clock.
    start, end = utc(now - options.days * _DAY + 60), utc(now)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        seen = list(
            pool.map(
                lambda region: looked_up(cloud, credential, options.key, region, start, end, options.limit), options.regions
            )
        )
    made = _trail(redact("alibaba-access-key-id", options.key), start, end, seen)
    write(trail.RENDER[options.format](made), options.output)
    return 1 if made.events else 2 if made.refused else 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook events", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=RawDescriptionHelpFormatter)
    add = made.add_argument
    add("key", type=shared.key_id, metavar="ACCESSKEY_ID", help="the leaked key's id (an id is no secret)")
    shared.add_as(made, required=True)
    regions = f"comma-separated, or all (default: {_DEFAULT})"
    add("--regions", type=_regions, default=_regions(_DEFAULT), metavar="REGIONS", help=regions)
    add("--days", type=_days, default=90, metavar="N", help="how far back, up to 90 (default: 90)")
    add("--limit", type=_limit, default=1000, metavar="N", help="events a region at most (default: 1000)")
    shared.add_options(made)
    return made


def _trail(redacted: str, start: str, end: str, seen: list[Seen]) -> trail.Trail:
    """Put together what the regions know; an event that several of them know is one."""
    unique: dict[str, Event] = {}
    for at, event in enumerate(event for region in seen for event in region.events):
        unique.setdefault(event.event_id or f"#{at}", event)
    newest = sorted(unique.values(), key=lambda event: event.time, reverse=True)
    asked = [one.region for one in seen if one.refused is None]
    return trail.Trail(
        redacted=redacted,
        start=start,
        end=end,
        events=sorted(newest, key=lambda event: (not event.important, bool(event.error))),
        asked=asked,
        refused=[(one.region, one.refused.why) for one in seen if one.refused],
        not_asked=[region for region in REGIONS if region not in {one.region for one in seen}],
        more=[one.region for one in seen if one.more],
    )


def _regions(text: str) -> list[str]:
    if text == "all":
        return list(REGIONS)
    regions = list(dict.fromkeys(text.split(",")))
    for region in regions:
        if not _REGION.fullmatch(region):
            raise ArgumentTypeError(f"{region!a} is no region like cn-hangzhou")
    return regions


def _days(text: str) -> int:
    return _between(text, 90)


def _limit(text: str) -> int:
    return _between(text, 100_000)


def _between(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
        raise ArgumentTypeError(f"{text!a} is no number from 1 to {most}")
    return int(text)
