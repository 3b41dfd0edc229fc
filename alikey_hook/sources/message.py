"""A commit message under way, as git will keep it."""

from __future__ import annotations

import re

_SCISSORS = re.compile(rb"^(\S{1,8}) -{24} >8 -{24}\r?$", re.MULTILINE)


def kept(content: bytes, comment: bytes | None, edited: bool) -> bytes:
    """What git keeps of the message file: nothing below the scissors and, where an editor was used, no comment lines.

    `comment`: what comment lines begin with (`core.commentChar`), None where they are kept (`commit.cleanup`) or git chooses
    that itself (`auto`). Without an editor (`git commit -m`) git keeps every line. Comment lines become blank ones, so that
    the numbers of the others stay.
    """
    if not edited:
        return content
    scissors = _SCISSORS.search(content)
    if scissors:
        content = content[: scissors.start()]
        comment = comment and scissors[1]
    if not comment:
        return content
    return re.sub(rb"^" + re.escape(comment) + rb".*$", b"", content, flags=re.MULTILINE)
