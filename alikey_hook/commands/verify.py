"""`alikey-hook verify`: is the leaked key alive?"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

from alikey_hook.commands import cloud as shared
from alikey_hook.commands import reading
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.leaks import Leaks, credentials, leaks, parts, wanted
from alikey_hook.commands.output import use_color, write
from alikey_hook.commands.progress import bar
from alikey_hook.errors import UserError
from alikey_hook.finding import Finding, fingerprint
from alikey_hook.git.tree import repository
from alikey_hook.report import verdicts
from alikey_hook.report.printable import printable
from alikey_hook.report.read import read
from alikey_hook.response.cloud.api import STS
from alikey_hook.response.cloud.ask import Cloud
from alikey_hook.response.cloud.credential import Credential
from alikey_hook.response.cloud.verdict import DEAD, LIVE, OTHER_SECRET, Verdict, asked, not_asked

_DESCRIPTION = """\
Ask Alibaba Cloud whether leaked AccessKeys are alive: STS GetCallerIdentity, which needs no permission and changes nothing.
The values are looked up in this repository; no secret is sent, shown, or taken from the command line."""
_EPILOG = """\
verdicts: live, disabled, deleted or never existed, id real but secret differs, expired, unknown (never taken for dead)
exit code: 0 all are dead, 1 one is live or real, 2 one could not be asked about"""
_FAMILIES = ("alibaba-access-key-id", "alibaba-access-key-secret", "alibaba-sts-access-key-id", "alibaba-sts-access-key-secret")
_AT_ONCE = 8


class Row(NamedTuple):
    """One key of the report. `fingerprint`: the id's, or of the value that stands alone; `secret`: its secret's.

    `all_of_it`: the fingerprints of all its values, the token's too.
    """

    redacted: str
    fingerprint: str
    secret: str | None
    verdict: Verdict
    all_of_it: tuple[str, ...] = ()


def main(argv: Sequence[str]) -> int:
    """Ask and print the verdicts; the exit code is 0 (all dead), 1 (one lives) or 2 (one is unknown)."""
    options = parser().parse_args(list(argv))
    repository()
    named, reported = _given(options)
    cloud = shared.connected(options)
    everything = not options.values and options.report is None
    found = leaks("medium" if everything else "low")
    prints = _not_allowed(found) if everything else _meant(named, reported, found)
    pairs, alone = credentials(found, prints)
    if pairs and not options.yes:
        _confirm(len(pairs), cloud.host(STS))
    rows = [*_asked(cloud, pairs), *_alone(found, alone, reported)]
    if not rows:
        print("alikey-hook: nothing here to ask about", file=sys.stderr)
    color = options.format == "text" and use_color("auto", options.output)
    write(verdicts.RENDER[options.format](rows, color), options.output)
    if options.record:
        _record(rows, found)
    states = {row.verdict.state for row in rows}
    return 1 if states & {LIVE, OTHER_SECRET} else 0 if states <= set(DEAD) else 2


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser("alikey-hook verify", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=RawDescriptionHelpFormatter)
    add = made.add_argument
    add(
        "values",
        nargs="*",
        metavar="FINGERPRINT",
        help="sha256:… or an AccessKey ID; - reads them, or a report, from standard input "
        "(default: every AccessKey here that the baseline does not allow)",
    )
    add("--from", dest="report", metavar="REPORT", help="what a JSON or SARIF report of `scan` or `hook` found")
    add("--yes", action="store_true", help="do not ask before the first call")
    add("--record", action="store_true", help="write what is dead into the baseline, as revoked")
    shared.add_options(made)
    return made


def _given(options: Namespace) -> tuple[list[str], list[Finding]]:
    """What values are called on the command line or standard input, and what reports found that can be asked about."""
    named = [value for value in options.values if value != reading.STDIN]
    reported = reading.report(options.report)[0].findings if options.report is not None else []
    if reading.STDIN in options.values:
        text = reading.text(reading.STDIN)
        if text.lstrip().startswith("{"):
            reported = reported + read(text)[0].findings
        else:
            named += text.split()
    return named, [finding for finding in reported if finding.rule in _FAMILIES and finding.status != "allowed"]


def _meant(named: list[str], reported: list[Finding], found: Leaks) -> set[str]:
    """The fingerprints that are asked about. Raises UserError for one that is named and that nothing here has."""
    prints = {wanted(value, found.findings) for value in named}
    missing = prints - {finding.fingerprint for finding in found.findings}
    if missing:
        raise UserError(f"{min(missing)[:19]}… is nowhere in this repository.", "Go to the repository that has it.")
    return prints | {finding.fingerprint for finding in reported}


def _not_allowed(found: Leaks) -> set[str]:
    from alikey_hook.commands.baseline import entries

    reviewed = {entry.fingerprint for entry in entries.entries([]) if entry.status != "leaked"}
    return {finding.fingerprint for finding in found.findings if finding.rule in _FAMILIES} - reviewed


def _confirm(count: int, host: str) -> None:
    """Say what goes where, and wait for a yes. Raises UserError where nobody is there to say it."""
    say = (
        f"{count} AccessKeys are about to be asked about at {host}: STS GetCallerIdentity.\n"
        "Sent are each AccessKey ID, a signature made with its secret, and the STS token where it has one; no secret.\n"
        "The owner's ActionTrail records each call. Ask only about keys that are yours to ask about."
    )
    print(say, file=sys.stderr)
    if sys.stdin is None or not sys.stdin.isatty():
        raise UserError("nobody is there to say yes.", "Say it beforehand, with --yes.")
    print("Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UserError("nothing was asked.")


def _asked(cloud: Cloud, pairs: list[Credential]) -> list[Row]:
    with _progress(len(pairs)) as tick, ThreadPoolExecutor(_AT_ONCE) as pool:

        def one(credential: Credential) -> Row:
            verdict = asked(cloud, credential)
            tick()
            key, value = fingerprint(credential.key_id), fingerprint(credential.secret)
            return Row(credential.shown, key, value, verdict, tuple(sorted(parts(credential))))

        return list(pool.map(one, pairs))


def _alone(found: Leaks, prints: set[str], reported: list[Finding]) -> Iterator[Row]:
    """What cannot be asked about: half a key, and what a report found and nothing here has."""
    told = {finding.fingerprint: finding for finding in reported}
    seen = {finding.fingerprint: finding for finding in found.findings}
    for value in sorted(prints):
        finding = seen.get(value) or told[value]
        if value not in seen:
            why = "it is nowhere in this repository (any more)"
        elif finding.rule.endswith("-id"):
            why = "no secret is found with it"
        else:
            why = f"{finding.rule}: it is not found with what it belongs to"
        yield Row(f"{finding.redacted}, {value[:19]}…", value, None, not_asked(why))


def _record(rows: list[Row], found: Leaks) -> None:
    """Write the dead keys into the baseline. Raises UserError where that cannot be written."""
    from alikey_hook.commands.baseline import entries

    known = entries.entries([])
    seen = {finding.fingerprint: finding for finding in found.findings}
    for row in rows:
        verdict = row.verdict
        if verdict.state not in DEAD:
            continue
        reason = f"asked on {verdict.at[:10]} and {verdict.state}, {verdict.code}, RequestId {verdict.request_id}"
        # A disabled key can be enabled again, and a deleted one restored for a while: look again after a quarter.
        for value in row.all_of_it:
            if value in {entry.fingerprint for entry in known if not entry.paths}:
                continue
            entry = entries.made(seen.get(value), value, "revoked", reason, (), "90")
            print(f"alikey-hook: recorded in {printable(entries.write(entry, None, known))}", file=sys.stderr)
            known.append(entry)


@contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    shown = bar() if count > 1 else None
    if shown is None:
        yield lambda: None
        return
    with shown:
        task = shown.add_task("asking", total=count)
        yield lambda: shown.advance(task)
