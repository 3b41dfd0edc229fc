"""What one process does: read some objects and give back what they hold. Nothing that it gives back holds a secret."""

from __future__ import annotations

from typing import NamedTuple

from alikey_hook.changes import Change
from alikey_hook.finding import Finding
from alikey_hook.git.objects import contents
from alikey_hook.scan import Options, look
from alikey_hook.sources.commits import MESSAGE, TAG_MESSAGE, day_of
from alikey_hook.sources.lfs import Resolved


class Job(NamedTuple):
    """Objects to look at, in git's order, and how."""

    ids: list[str]
    repository: str
    min_confidence: str
    inline_allow: bool
    own: dict[str, str]


class Done(NamedTuple):
    """What a job found: findings by object, how much was read, and how many files are in Git LFS and not here."""

    findings: dict[str, list[Finding]]
    objects: int
    bytes: int
    unread: int


def run(job: Job) -> Done:
    """Look at a job's objects. Raises GitError where one cannot be read."""
    import os

    os.chdir(job.repository)
    options = Options(job.min_confidence, job.inline_allow, job.own)
    lfs = Resolved(lambda name: b"")
    found: dict[str, list[Finding]] = {}
    size = 0
    for name, kind, content in contents(job.ids):
        size += len(content)
        if kind == "blob":
            findings = look(Change("", (), name), lfs.resolve(content), options)
        else:
            header, _, message = content.partition(b"\n\n")
            findings = look(Change(MESSAGE if kind == "commit" else TAG_MESSAGE, (), name, name), message, options)
            findings = [finding._replace(author_date=day_of(header)) for finding in findings]
        if findings:
            found[name] = findings
    return Done(found, len(job.ids), size, lfs.unread)
