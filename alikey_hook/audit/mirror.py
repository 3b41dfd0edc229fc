"""The cache of mirrors: one folder a repository, cloned once and fetched the next time."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
from collections.abc import Iterable

from alikey_hook import store
from alikey_hook.git.process import GitError
from alikey_hook.git.remote import clone, fetch

_NAME = "mirror.git"


def mirrored(url: str, cache: str, protocols: Iterable[str], fresh: bool) -> str:
    """The mirror of a repository; made where there is none, and brought up to date if it is to be `fresh`.

    Raises GitError where git cannot, OSError where the disk does not take it.
    """
    folder = os.path.join(cache, "mirrors", hashlib.sha256(url.encode("utf-8", "surrogateescape")).hexdigest()[:32])
    mirror = os.path.join(folder, _NAME)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with store.locked(folder):
        if os.path.isdir(mirror) and (not fresh or _fetched(mirror, protocols)):
            return mirror
        # Under the lock, what is called so is what a killed process has left.
        for left in glob.glob(os.path.join(glob.escape(folder), "*.tmp")):
            shutil.rmtree(left, ignore_errors=True)
        new = os.path.join(folder, f"{os.getpid()}.tmp")
        try:
            clone(url, new, protocols)
            shutil.rmtree(mirror, ignore_errors=True)
            os.rename(new, mirror)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return mirror


def _fetched(mirror: str, protocols: Iterable[str]) -> bool:
    """Whether it could be brought up to date: one that a killed process or a full disk left half is cloned anew."""
    try:
        fetch(mirror, protocols)
    except GitError:
        return False
    return True
