"""A commit message under way, as git will keep it. Where that is not certain, more is kept."""

from __future__ import annotations

import re

# What git may choose where core.commentChar is `auto` (builtin/commit.c).
_CHOSEN = "#;@!$%^&|:"


def above_scissors(content: bytes, comment: str | None, certain: bool) -> bytes:
    """What stands above git's scissors, `# ------------------------ >8 ------------------------`.

    `comment`: what begins it, None where git chooses. `certain`: whether git surely cuts there (`commit.verbose`,
    `commit.cleanup=scissors`); else only where git's own diff follows, since `git commit -v` does not tell its hooks.
    """
    starts = [comment] if comment else list(_CHOSEN)
    marks = b"|".join(re.escape(start.encode("utf-8", "surrogateescape")) for start in starts)
    for scissors in re.finditer(rb"^(?:" + marks + rb") -{24} >8 -{24}$", content, re.MULTILINE):
        rest = re.sub(rb"\A(?:\n|(?:" + marks + rb")[^\n]*)*", b"", content[scissors.start() :])
        if certain or rest.startswith(b"diff --"):
            return content[: scissors.start()]
    return content


def without_comments(content: bytes, comment: str | None) -> bytes:
    """The message with its comment lines blank, so that the numbers of the others stay; as it is where `comment` is None."""
    if comment is None:
        return content
    return re.sub(rb"^" + re.escape(comment.encode("utf-8", "surrogateescape")) + rb".*$", b"", content, flags=re.MULTILINE)
