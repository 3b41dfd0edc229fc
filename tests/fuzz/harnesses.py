"""Every harness: a function that takes any bytes, returns where all is well, and raises where something is wrong."""

from collections.abc import Callable
from typing import NamedTuple

from tests.fuzz import detecting, parsing, reading


class Harness(NamedTuple):
    """`run`: see above. `about`: what it tries."""

    name: str
    run: Callable[[bytes], None]
    about: str


HARNESSES = (
    Harness("detect-anything", detecting.anything, "the engine on any bytes"),
    Harness("detect-pieces", detecting.pieces, "the engine on credentials and what stands beside them, in every encoding"),
    Harness("detect-planted", detecting.planted, "a credential in a line of its own between any others"),
    Harness("detect-own", detecting.own, "this machine's own values"),
    Harness("git-changes", parsing.raw_changes, "git's raw diff formats"),
    Harness("git-log", parsing.logged, "git's log"),
    Harness("git-objects", parsing.stored, "`git cat-file --batch` and loose objects"),
    Harness("git-lists", parsing.listed, "`git ls-files`, `git ls-tree`, `git rev-list`, the list of all objects"),
    Harness("git-headers", parsing.headers, "commits and tags that anybody may have made"),
    Harness("git-pushes", parsing.pushed, "what git tells pre-push and pre-receive"),
    Harness("messages", parsing.messages, "commit messages under way"),
    Harness("configuration", parsing.configured, "credential files, Git LFS pointers, paths as URIs"),
    Harness("baseline", reading.baseline, "baselines of any bytes"),
    Harness("baseline-entries", reading.entries, "baselines of entries with any texts"),
    Harness("baseline-detect-secrets", reading.detect_secrets, "baselines of detect-secrets"),
    Harness("report", reading.report, "reports that are read back"),
    Harness("report-fields", reading.report_fields, "reports with wrong values in them"),
    Harness("cache", reading.cache_file, "the history's cache"),
    Harness("cache-fields", reading.cache_fields, "the same with wrong values in it"),
    Harness("journal", reading.journal, "the journal of an audit"),
    Harness("journal-fields", reading.journal_fields, "the same with wrong values in it"),
    Harness("addresses", reading.addresses, "names of repositories to audit"),
)
