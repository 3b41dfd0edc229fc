"""`alikey-hook disable`: make a leaked key dead."""

from __future__ import annotations

import ipaddress
import json
import shlex
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Sequence

from alikey_hook.commands import cloud as shared
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.output import write
from alikey_hook.errors import UserError
from alikey_hook.finding import redact
from alikey_hook.report.printable import printable
from alikey_hook.response.cloud.account import INACTIVE, Account, Key, Refusal
from alikey_hook.response.cloud.api import Answer
from alikey_hook.response.consoles import RAM_USER_KEYS, ROOT_KEYS

_DESCRIPTION = """\
Disable an AccessKey with another credential of its account (IMS UpdateAccessKey: Inactive), after asking for its last
4 characters. Nothing is deleted and nothing created. Read before: ListAccessKeys, ListUsers (unless --user names the owner).
Without --as it prints what to do by hand, and does nothing."""
_EPILOG = """\
permissions: ram:UpdateAccessKey, ram:ListAccessKeys, ram:ListUsers; --contain: ram:SetAccessKeyPolicy, ram:GetAccessKeyPolicy
exit code: 0 it is disabled (or contained), 1 it is not, 2 it could not be tried"""
_BY_HAND = """\
Nothing was done. By hand:
  a RAM user's:       {users}, the user, Authentication 认证管理, AccessKey, Disable 禁用
  the root account's: {root}, Disable 禁用
or with the aliyun CLI and another credential (leave --UserPrincipalName out for the caller's own key):
  ACCESSKEY_ID=…  # {shown}
  {line}
"""
_LINE = 'aliyun ims UpdateAccessKey --UserAccessKeyId "$ACCESSKEY_ID" --Status {status}{user}'
_CONTAIN_UNDO = 'aliyun ims SetAccessKeyPolicy --UserAccessKeyId "$ACCESSKEY_ID" --AccessKeyPolicy {policy}{user}'
_NO_POLICY = '{"Version":1,"Status":"Inactive","Statements":[]}'
_POLLS, _PAUSE = 5, 1.0


def main(argv: Sequence[str]) -> int:
    """Disable or contain the key; the exit code is 0 (done) or 1 (not done)."""
    options = parser().parse_args(list(argv))
    shown = redact("alibaba-access-key-id", options.key)
    if options.profile is None:
        line = _LINE.format(status=INACTIVE, user=f" --UserPrincipalName {shlex.quote(options.user or 'USER@DOMAIN')}")
        by_hand = _BY_HAND.format(users=RAM_USER_KEYS, root=ROOT_KEYS, shown=shown, line=printable(line))
        write(by_hand, options.output)
        return 1
    cloud = shared.connected(options)
    account = Account(cloud, shared.caller(options.profile, options.key))
    try:
        key = _found(account, options.key, options.user)
        if key is None:
            raise UserError(f"{shown} is no AccessKey of this account.", "Ask as its own account, or look into the console.")
        done = _contain(account, key, options.networks) if options.networks else _disable(account, key)
    except Refusal as refusal:
        raise UserError(
            shared.refused(refusal.action, refusal.answer), "Until then: `alikey-hook disable` without --as."
        ) from None
    write((_json if options.format == "json" else _text)(key, shown, *done), options.output)
    return 0 if done[1] != "Active" else 1


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook disable", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=RawDescriptionHelpFormatter)
    add = made.add_argument
    add("key", type=shared.key_id, metavar="ACCESSKEY_ID", help="the leaked key's id (an id is no secret)")
    shared.add_as(made, required=False)
    add("--user", metavar="NAME@DOMAIN", help="the RAM user who owns it (default: looked for)")
    add(
        "--contain", dest="networks", nargs="+", type=_network, metavar="CIDR",
        help="the milder measure: let it be used from these networks only (SetAccessKeyPolicy), and leave it enabled",
    )  # fmt: skip
    shared.add_options(made)
    return made


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise ArgumentTypeError(f"{text!a} is no address and no network like 203.0.113.0/24") from None


def _found(account: Account, key_id: str, user: str | None) -> Key | None:
    if user is None:
        return account.find(key_id)
    return next((key for key in account.keys(user) if key.key_id == key_id), None)


def _confirm(key: Key, what: str) -> None:
    """Wait for the key's last characters. Raises UserError where they are not given."""
    owner = printable(key.user) or "the caller itself"
    shown = f"{key.key_id[:8]}…"
    print(
        f"{shown}: {printable(key.status)}, made {printable(key.created) or '?'}, of {owner}. It will be {what}.",
        file=sys.stderr,
    )
    print("Its last 4 characters, to go on: ", end="", file=sys.stderr, flush=True)
    typed = sys.stdin.readline().strip() if sys.stdin is not None else ""
    if typed != key.key_id[-4:]:
        raise UserError("that is not how it ends; nothing was changed.")


def _disable(account: Account, key: Key) -> tuple[str, str, Answer | None, str]:
    """(what was done, the status after it, the answer, how to undo it)."""
    undo = _LINE.format(status="Active", user=_user(key))
    if key.status == INACTIVE:
        return "it was disabled already", INACTIVE, None, undo
    _confirm(key, "disabled: what uses it fails from then on")
    answer = account.disable(key)
    after = ""
    for attempt in range(_POLLS):
        time.sleep(_PAUSE if attempt else 0)
        try:
            after = account.status(key)
        except Refusal:  # it is done all the same; only the look at it failed
            continue
        if after == INACTIVE:
            return "disabled", after, answer, undo
    return "asked for, but not seen yet: look again", after or "Active", answer, undo


def _contain(account: Account, key: Key, networks: list[str]) -> tuple[str, str, Answer | None, str]:
    before = account.policy(key)
    _confirm(key, f"usable from {', '.join(networks)} only")
    answer = account.contain(key, networks)
    undo = _CONTAIN_UNDO.format(policy=shlex.quote(printable(before) or _NO_POLICY), user=_user(key))
    return f"usable from {', '.join(networks)} only; disable it as soon as you can", f"contained, {key.status}", answer, undo


def _user(key: Key) -> str:
    return f" --UserPrincipalName {shlex.quote(printable(key.user))}" if key.user else ""


def _text(key: Key, shown: str, done: str, after: str, answer: Answer | None, undo: str) -> str:
    asked = f" at {answer.at}, RequestId {answer.request_id}" if answer else ""
    lines = [printable(f"{shown}: {done}{asked}"), f"    before: {printable(key.status)}, after: {printable(after)}"]
    lines += ["    to undo it (ACCESSKEY_ID being its id):", f"    {undo}"]
    lines += ["    now: alikey-hook events ACCESSKEY_ID --as PROFILE (what was done with it), then replace it, then delete it"]
    return "\n".join(lines) + "\n"


def _json(key: Key, shown: str, done: str, after: str, answer: Answer | None, undo: str) -> str:
    request = {"request_id": answer.request_id, "at": answer.at} if answer else {}
    report = {"version": 1, "redacted": shown, "user": key.user, "done": done, "before": key.status, "after": after}
    return json.dumps({**report, **request, "undo": undo}, indent=2) + "\n"
