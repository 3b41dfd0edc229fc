"""`alikey-hook keys`: how the AccessKeys of one's own account stand to the best practices."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence

from alikey_hook.clock import today
from alikey_hook.commands import cloud as shared
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.output import write
from alikey_hook.report import standing
from alikey_hook.response.cloud.practices import Survey

_DESCRIPTION = """\
List the AccessKeys of an account with their age, last use and owner, the best practices that they break, and what mends it.
Only reads: IMS ListUsers, ListAccessKeys, GetAccessKeyLastUsed, GetLoginProfile, GetUserMFAInfo, GetAccountMFAInfo,
GetPasswordPolicy, GetAccountSecurityPracticeReport; Security Center DescribeAccesskeyLeakList.
What the credential may not read is listed as not asked."""
_EPILOG = "exit code: 0 nothing is to be mended, 1 something is, 2 not everything could be asked, and nothing else was found"
_REGIONS = ("cn-shanghai", "ap-southeast-1")


def main(argv: Sequence[str]) -> int:
    """Ask and print; the exit code is 0 (all well), 1 (something is to be mended) or 2 (not everything was answered)."""
    options = parser().parse_args(list(argv))
    cloud = shared.connected(options)
    found = Survey(cloud, shared.caller(options.profile), options.region, today()).standing()
    write(standing.RENDER[options.format](found), options.output)
    return 1 if found.advice else 2 if found.not_asked else 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook keys", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=RawDescriptionHelpFormatter)
    shared.add_as(made, required=True)
    words = f"where the account's Security Center is: {' or '.join(_REGIONS)} (default: {_REGIONS[0]})"
    made.add_argument("--region", type=_region, default=_REGIONS[0], metavar="REGION", help=words)
    shared.add_options(made)
    return made


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}-[a-z0-9-]+", text):
        raise ArgumentTypeError(f"{text!a} is no region like {_REGIONS[0]}")
    return text
