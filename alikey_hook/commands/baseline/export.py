"""`alikey-hook baseline export`: what is allowed, as a detect-secrets baseline."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import baseline, secret_types
from alikey_hook.clock import now, utc
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.baseline import entries
from alikey_hook.commands.output import write
from alikey_hook.detect.engine import detect
from alikey_hook.finding import hashed
from alikey_hook.git.tree import repository
from alikey_hook.sources import files


def main(argv: Sequence[str]) -> int:
    """Print the baseline; the exit code is 0."""
    options = parser().parse_args(list(argv))
    report = {
        **_settings(),
        "results": _results(options.paths, options.baseline),
        "generated_at": utc(now()),
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
    made = Parser(
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
    wanted = paths or [here.top]
    read = files.reader(wanted)
    for change in files.changes(files.below(wanted), here.prefix):
        ours = [
            (secret_types.OF_RULES[found.rule], hashed(found.value), found.line)
            for found in detect(read(change.after))
            if allowed.status(found.value, change.path) == "allowed"
        ]
        if ours:
            theirs = _found_by_host(here.top, change.path, {digest for _, digest, _ in ours})
            rows = sorted(dict.fromkeys([*ours, *theirs]), key=lambda row: (row[2], row[0]))
            results[change.path] = [_result(change.path, *row) for row in rows]
    return dict(sorted(results.items()))


def _found_by_host(top: str, path: str, hashes: set[str]) -> list[tuple[str, str, int]]:
    """What detect-secrets' own plugins find of these values: it knows a finding by its type too."""
    from detect_secrets.core.secrets_collection import SecretsCollection
    from detect_secrets.settings import default_settings

    with default_settings():
        collection = SecretsCollection(root=top)
        collection.scan_file(path)
        return [(one.type, one.secret_hash, one.line_number) for _, one in collection if one.secret_hash in hashes]


def _result(path: str, kind: str, digest: str, line: int) -> dict[str, object]:
    return {
        "type": kind,
        "filename": path,
        "hashed_secret": digest,
        "is_verified": False,
        "line_number": line,
        "is_secret": False,
    }
