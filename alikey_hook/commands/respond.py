"""`alikey-hook respond`: what to do about a leak, with evidence."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from alikey_hook import store
from alikey_hook.commands.arguments import Parser
from alikey_hook.commands.leaks import Leaks, leaks
from alikey_hook.commands.leaks import wanted as meant
from alikey_hook.commands.output import chosen_language, write
from alikey_hook.errors import UserError
from alikey_hook.git.tree import Repository, enclosing, repository
from alikey_hook.history import values
from alikey_hook.report import incident
from alikey_hook.response.cleaning import Cleaning
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
    target = _outside(options.write_replacements, here)
    lines, cleaning = _replacements(seen, wanted, target, here)
    evidence = gathered(seen, here, options.ask_remote)
    if options.write_replacements:
        _write(target, lines)
    one = next(finding for finding in found.findings if finding.fingerprint == wanted)
    language = chosen_language(options.lang)
    steps = plan(evidence, one.rule, cleaning, language)
    if options.verified:
        steps = steps._replace(verdict=steps.verdict + _alive(options.verified, wanted, language))
    write(incident.RENDER[options.format](one, evidence, steps, language), options.output)
    return 1


def parser() -> ArgumentParser:
    """The parser of this command's arguments."""
    made = Parser(
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
        help="write what git filter-repo is to replace, readable by you only; outside every repository, as it holds the value",
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


def _outside(named: str | None, here: Repository) -> str:
    """Where the file of replacements goes: the place that was named, or one beside the outermost repository that we are in.

    Raises UserError for a place in a work tree or a git directory, ours or any other.
    """
    if named is None:
        outermost = enclosing(os.path.join(here.top, "file")) or os.path.realpath(here.top)
        return os.path.join(os.path.dirname(outermost), "replacements.txt")
    path, top = os.path.abspath(named), os.path.realpath(here.top)
    if enclosing(path) or os.path.commonpath((top, os.path.realpath(path))) == top:
        raise UserError(f"{path} is inside a repository.", "Name a place outside it; it will hold the secret.")
    return path


def _replacements(seen: Sightings, wanted: str, target: str, here: Repository) -> tuple[set[bytes], Cleaning]:
    """The lines that tell git filter-repo what to replace, and where it is to do that."""
    lines: set[bytes] = set()
    binary = lfs = False
    for content in values.texts(seen.blobs):
        found = values.replacements(content, wanted)
        lines |= found
        lfs |= not found  # it holds the value only by leading to it
        binary |= bool(found) and b"\0" in content
    for message in values.texts([*seen.messages, *seen.tags]):
        lines |= values.replacements(message, wanted)
    return lines, Cleaning(target, here.prefix, bool(lines), bool(seen.messages or seen.tags), binary, lfs)


def _write(path: str, lines: set[bytes]) -> None:
    """Write the file of replacements. Nothing else ever writes a secret, and this only on request."""
    if not lines:
        print("alikey-hook: no object has anything that can be replaced: no file is written", file=sys.stderr)
        return
    before = os.umask(0o077)
    try:
        store.update(path, lambda _: b"".join(sorted(lines)), 0o600)
    finally:
        os.umask(before)
