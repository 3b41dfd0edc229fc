"""git's hooks: where they are, and running one as git would, in a scratch index that leaves the repository as it is."""

from __future__ import annotations

import os
from typing import NamedTuple

from alikey_hook.git import process
from alikey_hook.git.tree import Repository, git_path

_ALONE = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.splitIndex=false")


class Tried(NamedTuple):
    """How a hook ended: its exit code and what it printed."""

    code: int
    output: str


def folder() -> str:
    """Where git looks for this repository's hooks (core.hooksPath, or below the git folder)."""
    return os.path.abspath(git_path("--git-path", "hooks"))


def try_hook(path: str, here: Repository, work: str, files: list[str]) -> Tried:
    """Run the hook at `path` as `git commit` would, with `files` of the folder `work` staged and nothing else.

    Index, objects and working tree are scratch ones below `work`'s parent; the repository lends its configuration, its
    hooks and, for reading, its objects. Nothing of the repository is run but this hook: no filter, no other hook.
    """
    import subprocess

    scratch = os.path.dirname(work)
    objects = os.path.abspath(git_path("--git-path", "objects"))
    alternates = [objects, *filter(None, [os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")])]
    env = {
        **os.environ,
        "GIT_DIR": os.path.abspath(here.git_dir),
        "GIT_WORK_TREE": work,
        "GIT_INDEX_FILE": os.path.join(scratch, "index"),
        "GIT_OBJECT_DIRECTORY": os.path.join(scratch, "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(alternates),
        "GIT_EDITOR": ":",
    }
    os.makedirs(env["GIT_OBJECT_DIRECTORY"], exist_ok=True)
    staging = {**process.environment(), **env, "PATH": process.environment()["PATH"]}

    def git(*arguments: str) -> str:
        argv = process.command(*_ALONE, *arguments)
        return subprocess.run(argv, cwd=work, env=staging, check=True, capture_output=True, text=True).stdout  # noqa: S603

    # Not `git add`, which would have the repository's filters and its hook post-index-change run.
    for name in files:
        blob = git("hash-object", "-w", "--no-filters", "--", name).strip()
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    done = subprocess.run(  # noqa: S603
        [path], cwd=work, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return Tried(done.returncode, done.stdout.decode("utf-8", "replace"))
