"""Paths of the command line, as git names them."""

from __future__ import annotations

import os


def in_repository(path: str, prefix: str) -> str:
    """A path of the command line as git names it: from the top of the repository, with `/`."""
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    return os.path.normpath(os.path.join(prefix, relative)).replace(os.sep, "/")
