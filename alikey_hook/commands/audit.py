"""`alikey-hook audit`: the histories of many repositories."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from functools import partial

from alikey_hook import baseline
from alikey_hook.audit.journal import Journal
from alikey_hook.audit.outcome import Outcome
from alikey_hook.audit.sources import PROTOCOLS, Source, sources
from alikey_hook.audit.terms import Terms
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.audited import LINES, progress, report, write_line
from alikey_hook.commands.settings import (
    LARGEST,
    Settings,
    add_look_options,
    add_report_options,
    report_settings,
    seconds,
    size,
)
from alikey_hook.errors import UserError
from alikey_hook.scan import decided

TYPE_CHECKING = False
if TYPE_CHECKING:
    from alikey_hook.allowlist.match import Allowlist
    from alikey_hook.audit.engine import Connect
    from alikey_hook.commands.audited import Told

FORMATS = ("text", "json", LINES, "sarif", "html")
_INTERRUPTED = "the audit was interrupted"
_DESCRIPTION = "Look at the whole history of many repositories, with the processes of this machine or of a Dask cluster."


def main(argv: Sequence[str]) -> int:
    """Audit; the exit code is 0 (nothing leaks), 1, or 2 where anything was not looked at."""
    options = parser().parse_args(list(argv))
    settings = report_settings(options)
    connect = _connect(options)
    terms = _terms(options)
    found = sources(options.sources, terms.protocols, sys.stdin or ())
    if not found:
        raise UserError("no repository is named.", "Name some, or a file with one a line.")
    allowlist = baseline.from_files(options.baseline, os.getcwd()) if options.baseline else None
    journal = Journal(terms.cache, terms, options.resume)
    try:
        told = write_line if settings.format == LINES and not settings.output else None
        done = {one.repository: one for one in _all(found, connect, terms, journal, told, allowlist, settings)}
    finally:
        journal.close()
    return report(list(done.values()), settings, journal.unwritten)


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    epilog = "exit code: 0 nothing leaks, 1 something leaks, 2 something was not looked at: the report says what"
    made = Parser("alikey-hook audit", description=_DESCRIPTION, epilog=epilog)
    add = made.add_argument
    words = "repositories: paths, addresses to clone from, files with one a line; - is standard input"
    add("sources", nargs="+", metavar="SOURCE", help=words)
    add("--cache", metavar="DIR", help="for mirrors, and how far it is (default: alikey-hook/audit in the user's cache)")
    add("--resume", action="store_true", help="go on with an audit that was not finished")
    add("--timeout", type=seconds, default=3600.0, metavar="SECONDS", help="for a repository, or a piece (default: 3600)")
    add("--max-blob-size", type=size, default=LARGEST, metavar="SIZE", help="leave out larger files, and say so (default: 64M)")
    add("--split", type=size, default=64 << 20, metavar="SIZE", help="look in pieces at what is larger packed (default: 64M)")
    words = f"clone by this protocol, instead of {', '.join(PROTOCOLS)}; repeatable"
    add("--protocol", action="append", metavar="PROTOCOL", help=words)
    add("--workers", type=_count, metavar="N", help="so many processes (default: one a processor)")
    add("--memory-limit", type=size, metavar="SIZE", help="for each of them (default: its share of what there is)")
    add("--dashboard", metavar="ADDRESS", help="Dask's dashboard, as 127.0.0.1:8787 (default: none)")
    add(
        "--scheduler",
        type=_address,
        metavar="ADDRESS",
        help="a Dask cluster that is there, as tcp://HOST:8786 or tls://HOST:8786",
    )
    add("--tls-ca-file", metavar="FILE", help="with --scheduler: the certificate of its authority")
    add("--tls-cert", metavar="FILE", help="with --scheduler: our certificate")
    add("--tls-key", metavar="FILE", help="with --scheduler: our key")
    words = "allowlist file or folder, instead of each repository's own baseline/alikey*.yaml; repeatable"
    add("--baseline", action="append", default=[], metavar="PATH", help=words)
    add_look_options(made)
    add_report_options(made, FORMATS)
    return made


def _connect(options: Namespace) -> Connect:
    """How to get at a cluster. Raises UserError where the extra is not installed."""
    of_others = [options.tls_ca_file, options.tls_cert, options.tls_key]
    of_ours = [options.workers, options.memory_limit, options.dashboard]
    if options.scheduler and any(of_ours):
        parser().error("--workers, --memory-limit and --dashboard are the cluster's own business with --scheduler")
    if any(of_others) and not (all(of_others) and options.scheduler):
        parser().error("--tls-ca-file, --tls-cert and --tls-key go together, and with --scheduler")
    try:
        from alikey_hook.audit import cluster
    except ImportError:
        raise UserError("audits are done by Dask, which is not installed.", "pip install 'alikey-hook[audit]'") from None
    if options.scheduler:
        return partial(cluster.remote, options.scheduler, cluster.Tls(*of_others) if any(of_others) else None)
    workers = options.workers or cluster.processors()
    return partial(cluster.local, workers, options.memory_limit or "auto", options.dashboard)


def _terms(options: Namespace) -> Terms:
    default = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "alikey-hook", "audit")
    return Terms(
        cache=os.path.abspath(options.cache or default),
        protocols=tuple(options.protocol or PROTOCOLS),
        min_confidence=options.min_confidence,
        inline_allow=not options.no_inline_allow,
        # Those of another machine are its own.
        own_keys=not (options.no_own_keys or options.scheduler),
        own_baseline=not options.baseline,
        max_blob_size=options.max_blob_size,
        split=options.split,
        timeout=options.timeout,
    )


def _all(
    found: list[Source],
    connect: Connect,
    terms: Terms,
    journal: Journal,
    told: Told | None,
    allowlist: Allowlist | None,
    settings: Settings,
) -> Iterator[Outcome]:
    """What came of every repository, as soon as it is known; also of those that an interrupt leaves."""
    from alikey_hook.audit.engine import outcomes

    refused = [Outcome(source.name, problem=source.problem) for source in found if source.problem]
    known = [journal.done[source.name] for source in found if source.name in journal.done]
    left = {source.name: source for source in found if not source.problem and source.name not in journal.done}

    def looked() -> Iterator[Outcome]:
        yield from refused + known
        try:
            for outcome in outcomes(connect, list(left.values()), terms) if left else ():
                del left[outcome.repository]
                sys.audit("alikey_hook", "a repository", outcome.objects, "objects", len(outcome.findings), "findings")
                journal.add(outcome)
                yield outcome
        except KeyboardInterrupt:
            yield from (Outcome(name, problem=_INTERRUPTED) for name in left)

    with progress(settings, len(found)) as further:
        for outcome in looked():
            if allowlist is not None:
                judged = [decided(finding, allowlist, existing=False) for finding in outcome.findings]
                outcome = outcome._replace(findings=judged)
            if told:
                told(outcome)
            further(outcome)
            yield outcome


def _address(text: str) -> str:
    if not re.fullmatch(r"(tcp|tls|ws|wss)://[^\s/]+:\d+/?", text):
        raise ArgumentTypeError(f"{text!a} is no scheduler's address, as tcp://HOST:8786")
    return text


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10000:
        raise ArgumentTypeError(f"{text!a} is no number of processes")
    return int(text)
