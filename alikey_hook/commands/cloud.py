"""What the commands share that ask Alibaba Cloud: their options, whom they ask as, and who may not be used for that."""

from __future__ import annotations

import os
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from alikey_hook.commands.leaks import leaks, parts
from alikey_hook.errors import UserError
from alikey_hook.git.process import answered
from alikey_hook.response.cloud import profiles
from alikey_hook.response.cloud.api import Answer, endpoint
from alikey_hook.response.cloud.ask import Cloud, Patience
from alikey_hook.response.cloud.credential import Credential

_KEY_ID = re.compile(r"[0-9A-Za-z.]{12,64}")


def add_options(parser: ArgumentParser) -> None:
    """Add the options of every command that asks Alibaba Cloud."""
    add = parser.add_argument
    add("--endpoint", metavar="HOST", help="ask this host of Alibaba Cloud's instead of the usual one")
    add("--timeout", type=_seconds, default=10.0, metavar="SECONDS", help="for a connection, and for each wait (default: 10)")
    add("--format", choices=("text", "json"), default="text", help="what to print (default: text)")
    add("--output", metavar="FILE", help="write to FILE instead of standard output")


def add_as(parser: ArgumentParser, required: bool) -> None:
    """Add the option that says whom to ask as."""
    words = "a profile of ~/.aliyun/config.json (mode AK or StsToken), or env for ALIBABA_CLOUD_ACCESS_KEY_ID and its likes"
    parser.add_argument("--as", dest="profile", metavar="PROFILE", required=required, help=words)


def connected(options: Namespace) -> Cloud:
    """Alibaba Cloud, as the options say. Raises UserError where the client is not installed."""
    host = endpoint(options.endpoint) if options.endpoint else None
    return Cloud(host, Patience(options.timeout, 3 * options.timeout, 0.5))


def caller(name: str, about: str | None = None) -> Credential:
    """The credential to ask as. Raises UserError where it is `about` itself, or where this repository leaks it."""
    credential = profiles.named(name, os.environ)
    help = "Use another credential: whoever has this one can use it too."
    if credential.key_id == about:
        raise UserError(f"{name} is the very key that leaked.", help)
    if answered("rev-parse", "--git-dir") is not None:
        found = {finding.fingerprint for finding in leaks().findings}
        if found & parts(credential):
            raise UserError(f"{name} holds a credential that this repository leaks.", help)
    return credential


def key_id(text: str) -> str:
    """An AccessKey ID from the command line."""
    if not _KEY_ID.fullmatch(text):
        raise ArgumentTypeError("that is no AccessKey ID")
    return text


def refused(action: str, answer: Answer) -> str:
    """In words, that a call did not do what it was to do."""
    hint = ""
    if answer.code.startswith(("Forbidden", "NoPermission")):
        hint = ": the credential may not do this, or is itself under restrictive protection; use the console or another one"
    return f"{action}: {answer.why}{hint}"


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 600:
        raise ArgumentTypeError(f"{text!a} is no number of seconds up to 600")
    return seconds
