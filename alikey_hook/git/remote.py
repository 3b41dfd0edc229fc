"""Copying repositories from elsewhere. Nothing of theirs is run, nobody is asked anything, no other protocol is spoken."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable

from alikey_hook.git import promised
from alikey_hook.git.process import GitError, command, environment, not_started

_SAFE = (
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "fetch.recurseSubmodules=false",
    "-c", "gc.auto=0",  # what it would do in the background is in nobody's hands
    "-c", "maintenance.auto=false",
)  # fmt: skip
# Credentials come from git's helpers alone: neither the terminal nor a window is asked.
_UNASKED = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never"}
_USER_INFO = re.compile(r"(?<=//)[^/\s'@]*@")


def clone(url: str, folder: str, protocols: Iterable[str]) -> None:
    """Make a mirror of a repository in a new folder. Raises GitError."""
    _run(("clone", "--mirror", "--quiet", "--template=", "--no-recurse-submodules", "--", url, folder), protocols)


def refs(remote: str) -> bytes:
    """What `git ls-remote` says of a configured remote. Raises GitError; also where the repository would have a program run."""
    return promised.contacted("ls-remote", "--", remote)


def fetch(folder: str, protocols: Iterable[str]) -> None:
    """Bring a mirror up to date. Raises GitError."""
    _run((f"--git-dir={folder}", "fetch", "--prune", "--quiet", "--no-recurse-submodules", "origin"), protocols)


def _run(arguments: tuple[str, ...], protocols: Iterable[str]) -> None:
    # Unlike protocol.allow, nothing that is configured on this machine can widen GIT_ALLOW_PROTOCOL.
    env = {**environment(), **_UNASKED, "GIT_ALLOW_PROTOCOL": ":".join(protocols)}
    del env["GIT_NO_LAZY_FETCH"]
    quiet = subprocess.DEVNULL
    try:  # a session of its own has no terminal that ssh could ask
        done = subprocess.run(  # noqa: S603
            command(*_SAFE, *arguments), stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, env=env, start_new_session=True
        )
    except OSError as error:
        raise not_started(error) from None
    if done.returncode:
        raise GitError(_said(done.stderr) or f"git ended with {done.returncode}.", "Can `git ls-remote` read it from here?")


def _said(stderr: bytes) -> str:
    """What git itself complains of: not what the other side says, and without user names in addresses."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    said = [line for line in lines if line.startswith(("fatal:", "error:", "ssh:"))]
    return _USER_INFO.sub("", " ".join(said))[:500]
