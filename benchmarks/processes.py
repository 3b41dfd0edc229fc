"""Running commands: in what environment, what they print, how long they take and how much memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from alikey_hook.errors import UserError

# A process's peak memory is never less than that of the process that started it (Linux carries it over exec), so a small one
# starts them: without `site`, about 8 MB.
_LAUNCHER = """
import os, resource, sys, time
folder, *argv = sys.argv[1:]
os.chdir(folder)
null = os.open(os.devnull, os.O_RDWR)
actions = [(os.POSIX_SPAWN_DUP2, null, number) for number in (0, 1, 2)]
start = time.perf_counter_ns()
pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=actions)
_, status, usage = os.wait4(pid, 0)
print(time.perf_counter_ns() - start, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""
FLOOR = "Less memory than the 8 MB or so of the launcher cannot be seen."
_MAXRSS_PER_MB = 2**20 if sys.platform == "darwin" else 2**10


class Sample(NamedTuple):
    """One run of a command. `megabytes`: the peak memory of the largest of its processes."""

    milliseconds: float
    megabytes: float
    code: int


def environment(home: Path, peers: Iterable[Path] = ()) -> dict[str, str]:
    """The PATH with what is in the folders of `peers`, and nothing of the user's settings: neither git's nor Python's.

    Makes `home`, where caches go. A folder of `peers` is a virtual environment or one that npm installed into.
    """
    home.mkdir()
    folders = [folder.absolute() / below for folder in peers for below in ("bin", "node_modules/.bin")]
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *(str(folder) for folder in folders if folder.is_dir())])
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}


def found(name: str, path: str) -> str | None:
    """Where on `path` a program is."""
    return shutil.which(name, path=path)


def sample(argv: list[str], folder: Path, environment: dict[str, str]) -> Sample:
    """Run a command once in `folder`; what it prints goes nowhere."""
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(folder), *argv]
    nanoseconds, peak, code = map(int, ran(launcher, environment).split())
    return Sample(nanoseconds / 1e6, peak / _MAXRSS_PER_MB, code)


def ran(argv: list[str], environment: dict[str, str] | None = None, folder: Path | None = None) -> str:
    """What a command prints. Raises UserError where it fails."""
    done = subprocess.run(argv, env=environment, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"{' '.join(argv[:4])} … failed.", (done.stdout + done.stderr)[-1000:])
    return done.stdout


def answer(*argv: str) -> str:
    """What a command prints, without the blanks around it."""
    return ran(list(argv)).strip()
