"""What is not here and a remote is asked for: never by a program that the repository's own configuration names."""

from __future__ import annotations

import os
import re
import subprocess

from alikey_hook.git import process
from alikey_hook.git.process import GitError, answered, command

# What git would run to reach a remote, besides what protocols name.
_PROGRAMS = (
    r"^(core\.(sshcommand|gitproxy|askpass|alternaterefscommand)|credential\.(.*\.)?helper|remote\..*\.(vcs|uploadpack))$"
)
_PARTIAL = r"^(extensions\.partialclone|remote\..*\.promisor)$"
_PROTOCOLS = ("file", "git", "http", "https", "ssh")  # no `ext`, which is a program by another name
_OF_THE_REPOSITORY = (b"local", b"worktree")
# No hook of the repository is run, nor what runs some in the background.
_QUIET = {"core.hooksPath": os.devnull, "gc.auto": "0", "maintenance.auto": "false"}


def environment() -> dict[str, str] | None:
    """What git is run with so that it fetches what a partial clone lacks; None where this is no partial clone.

    Raises GitError where to fetch would run a program that the repository's configuration names.
    """
    return _contacting() if answered("config", "--get-regexp", _PARTIAL) else None


def contacted(*arguments: str) -> bytes:
    """What git prints when it asks a remote. Raises GitError as `environment` does, and where git fails."""
    done = subprocess.run(command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, env=_contacting())  # noqa: S603
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
        raise GitError(f"git {arguments[0]} failed: {said}", "Mend what git complains about, then try again.")
    return done.stdout


def _contacting() -> dict[str, str]:
    programs = _programs()
    if programs:
        raise GitError(
            f"this repository's own configuration has git run a program to reach a remote ({', '.join(programs)}).",
            "Look at it. If it is yours, run `git fetch` yourself, or move it to your own configuration (git config --global).",
        )
    env = process.environment()
    del env["GIT_NO_LAZY_FETCH"]
    allowed = os.environ.get("GIT_ALLOW_PROTOCOL")
    env["GIT_ALLOW_PROTOCOL"] = ":".join(name for name in _PROTOCOLS if allowed is None or name in allowed.split(":")) or "none"
    return _configured(env)


def _configured(env: dict[str, str]) -> dict[str, str]:
    """The environment with what no repository can set otherwise."""
    count = env.get("GIT_CONFIG_COUNT", "0")
    start = int(count) if count.isdecimal() else 0
    for number, (key, value) in enumerate(_QUIET.items(), start):
        env[f"GIT_CONFIG_KEY_{number}"], env[f"GIT_CONFIG_VALUE_{number}"] = key, value
    return {**env, "GIT_CONFIG_COUNT": str(start + len(_QUIET))}


def _programs() -> list[str]:
    """The names of the settings in the repository's own configuration that have git run something."""
    output = answered("config", "--null", "--show-scope", "--get-regexp", _PROGRAMS) or b""
    fields = output.split(b"\0")
    keys = [entry.split(b"\n", 1)[0] for scope, entry in zip(fields[::2], fields[1::2]) if scope in _OF_THE_REPOSITORY]  # noqa: B905
    return sorted({re.sub(r"[^\w.@:/-]", "?", key.decode("utf-8", "replace")) for key in keys})
