"""`alikey-hook baseline export`: what is allowed, as a detect-secrets baseline."""

from __future__ import annotations

import datetime
import hashlib
import json
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import baseline
from alikey_hook.clock import now
from alikey_hook.commands.baseline import entries
from alikey_hook.commands.output import write
from alikey_hook.detect.engine import detect
from alikey_hook.finding import Detection
from alikey_hook.git.tree import repository
from alikey_hook.secret_types import OF_RULES
from alikey_hook.sources import files


def main(argv: Sequence[str]) -> int:
    """Print the baseline; the exit code is 0."""
    options = parser().parse_args(list(argv))
    report = {
        "version": "1.5.0",
        "plugins_used": [],
        "filters_used": [],
        "results": _results(options.paths, options.baseline),
        "generated_at": datetime.datetime.fromtimestamp(now(), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    write(json.dumps(report, indent=2) + "\n", options.output)
    return 0


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = ArgumentParser(
        "alikey-hook baseline export",
        description="Write what the files here hold and the baseline allows in detect-secrets' format, audited as no secret.",
    )
    made.add_argument("paths", nargs="*", metavar="PATH", help="files or folders (default: the repository)")
    made.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")
    entries.add_baseline(made)
    return made


def _results(paths: list[str], named: list[str]) -> dict[str, list[dict[str, object]]]:
    here = repository()
    allowed = baseline.from_files(named, here.top)
    results: dict[str, list[dict[str, object]]] = {}
    for change in files.changes(files.below(paths or [here.top]), here.prefix):
        for found in detect(files.read(change.after)):
            if allowed.status(found.value, change.path) == "allowed":
                results.setdefault(change.path, []).append(_result(change.path, found))
    return dict(sorted(results.items()))


def _result(path: str, found: Detection) -> dict[str, object]:
    return {
        "type": OF_RULES[found.rule],
        "filename": path,
        "hashed_secret": hashlib.sha1(found.value.encode(), usedforsecurity=False).hexdigest(),
        "is_verified": False,
        "line_number": found.line,
        "is_secret": False,
    }
