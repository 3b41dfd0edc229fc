"""`alikey-hook respond`: what to do about a leak, with evidence."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import store
from alikey_hook.commands.leaks import Leaks, leaks
from alikey_hook.commands.leaks import wanted as meant
from alikey_hook.commands.output import chosen_language, write
from alikey_hook.errors import UserError
from alikey_hook.git.process import Blobs
from alikey_hook.git.tree import Repository, repository
from alikey_hook.history import values
from alikey_hook.report import incident
from alikey_hook.response.evidence import Sightings, gathered
from alikey_hook.response.steps import plan
from alikey_hook.sources.commits import TAG_MESSAGE

_NOTHING = "nothing that is known here has it: no object, no file, not the index"


def main(argv: Sequence[str]) -> int:
    """Print the evidence and the plan; the exit code is 1 (it leaked), or 0 where nothing has it."""
    options = parser().parse_args(list(argv))
    here = repository()
    found = leaks()
    wanted = meant(options.value, found.findings)
    seen = _sightings(found, wanted)
    if not any(seen):
        write(f"{wanted[:19]}…: {_NOTHING}\n", None)
        return 0
    evidence = gathered(seen, here, options.ask_remote)
    one = next(finding for finding in found.findings if finding.fingerprint == wanted)
    target = os.path.abspath(options.write_replacements or "../replacements.txt")
    if options.write_replacements:
        _write_replacements(target, wanted, seen.blobs, here)
    language = chosen_language(options.lang)
    steps = plan(evidence, one.rule, language, target)
    if options.verified:
        steps = steps._replace(verdict=steps.verdict + _alive(options.verified, wanted, language))
    write(incident.RENDER[options.format](one, evidence, steps, language), options.output)
    return 1


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = ArgumentParser(
        "alikey-hook respond",
        description="What to do about a leak: where it is, since when, whether it was pushed, and what to do, in order. "
        "No network is asked unless --ask-remote is given.",
        epilog="exit code: 1 it is here, 0 nothing has it, 2 it could not look",
    )
    add = made.add_argument
    add(
        "value",
        metavar="FINGERPRINT|ACCESSKEY_ID",
        help="sha256:… as reports show it (8 digits do), or an AccessKey ID",
    )
    add("--ask-remote", action="store_true", help="ask the remotes which refs they have (git ls-remote), also pull requests'")
    add("--format", choices=tuple(incident.RENDER), default="text", help="what to print (default: text); markdown is a record")
    add("--output", metavar="FILE", help="write to FILE instead of standard output")
    add("--lang", choices=("auto", "en", "zh"), default="auto", help="language (default: the locale's)")
    add("--verified", metavar="VERDICTS.json", help="tell what `alikey-hook verify --format json` found out about it, too")
    add(
        "--write-replacements",
        metavar="FILE",
        help="write the value for git filter-repo, outside the repository",
    )
    return made


def _alive(path: str, wanted: str, language: str) -> str:
    """A sentence on whether the key is alive, after a report of `verify`."""
    try:
        with open(path, encoding="utf-8") as file:
            keys = json.load(file)["keys"]
        key = next((one for one in keys if wanted in (one["fingerprint"], one["secret_fingerprint"])), None)
        if key is None:
            raise UserError(f"{path} says nothing of this value.", f"Ask: alikey-hook verify {wanted[:19]} --format json")
        words = [str(key[name]) for name in ("state", "who", "code", "at") if key[name]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UserError(f"{path} is no report of verdicts.", "Give what `alikey-hook verify --format json` writes.") from None
    return (" 密钥状态：{}。" if language == "zh" else " Is it alive: {}.").format(", ".join(words))


def _sightings(found: Leaks, wanted: str) -> Sightings:
    """Where the value of a fingerprint was found."""
    same = [(name, one) for name, findings in found.objects.items() for one in findings if one.fingerprint == wanted]
    said = {name: one for name, one in same if one.commit}
    staged, tree = (sorted({one.path for one in some if one.fingerprint == wanted}) for some in (found.staged, found.tree))
    return Sightings(
        blobs=list(dict.fromkeys(name for name, one in same if not one.commit)),
        messages={name: one.author_date or "" for name, one in said.items() if one.path != TAG_MESSAGE},
        tags={name: one.author_date or "" for name, one in said.items() if one.path == TAG_MESSAGE},
        staged=staged,
        files=tree,
    )


def _write_replacements(path: str, wanted: str, blobs: list[str], here: Repository) -> None:
    """Write what git filter-repo is to replace. Nothing else ever writes a secret, and this only on request."""
    for inside in (here.top, os.path.abspath(here.git_dir)):
        if os.path.commonpath((os.path.realpath(inside), os.path.realpath(path))) == os.path.realpath(inside):
            raise UserError(f"{path} is inside the repository.", "Name a place outside it; it will hold the secret.")
    reader = Blobs()
    try:
        contents = [reader.read(blob) for blob in blobs]
    finally:
        reader.close()
    forms = sorted({form for content in contents for form in values.spellings(content, wanted)})
    lines = "".join(f"literal:{form}==>REMOVED-BY-ALIKEY-HOOK\n" for form in forms)
    before = os.umask(0o077)
    try:
        store.update(path, lambda _: lines.encode("utf-8"))
    finally:
        os.umask(before)
