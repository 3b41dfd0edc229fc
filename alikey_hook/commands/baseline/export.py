"""`alikey-hook baseline export`: what is allowed, as a detect-secrets baseline."""

from __future__ import annotations

import datetime
import hashlib
import json
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import baseline, secret_types
from alikey_hook.clock import now
from alikey_hook.commands.baseline import entries
from alikey_hook.commands.output import write
from alikey_hook.detect.engine import detect
from alikey_hook.finding import Detection
from alikey_hook.git.tree import repository
from alikey_hook.sources import files


def main(argv: Sequence[str]) -> int:
    """Print the baseline; the exit code is 0."""
    options = parser().parse_args(list(argv))
    report = {
        **_settings(),
        "results": _results(options.paths, options.baseline),
        "generated_at": datetime.datetime.fromtimestamp(now(), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    write(json.dumps(report, indent=2) + "\n", options.output)
    return 0


def _settings() -> dict[str, object]:
    """The plugins and filters that detect-secrets uses where nothing else is said, and ours: without any it finds nothing."""
    from detect_secrets.__version__ import VERSION
    from detect_secrets.settings import default_settings

    with default_settings() as settings:
        used = settings.json()
    known = {plugin["name"] for plugin in used["plugins_used"]}
    ours = [{"name": name} for name in secret_types.PLUGINS if name not in known]
    return {"version": VERSION, **used, "plugins_used": sorted([*used["plugins_used"], *ours], key=lambda one: one["name"])}


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
        "type": secret_types.OF_RULES[found.rule],
        "filename": path,
        "hashed_secret": hashlib.sha1(found.value.encode(), usedforsecurity=False).hexdigest(),
        "is_verified": False,
        "line_number": found.line,
        "is_secret": False,
    }
