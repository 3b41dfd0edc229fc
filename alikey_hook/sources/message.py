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
    comments = re.compile(rb"(?:\n|(?:" + marks + rb")[^\n]*)*")
    done = 0
    for scissors in re.finditer(rb"^(?:" + marks + rb") -{24} >8 -{24}$", content, re.MULTILINE):
        if scissors.start() < done:
            continue  # among the comments behind the last one: what follows them is the same
        behind = comments.match(content, scissors.start())
        done = behind.end() if behind else 0
        if certain or content.startswith(b"diff --", done):
            return content[: scissors.start()]
    return content


def without_comments(content: bytes, comment: str | None) -> bytes:
    """The message with its comment lines blank, so that the numbers of the others stay; as it is where `comment` is None."""
    if comment is None:
        return content
    return re.sub(rb"^" + re.escape(comment.encode("utf-8", "surrogateescape")) + rb".*$", b"", content, flags=re.MULTILINE)
