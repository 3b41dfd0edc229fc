"""Running commands: in what environment, what they print, how long they take and how much memory."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
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
taken = time.perf_counter_ns() - start
print(taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""
FLOOR = "Less memory than the 8 MB or so of the launcher cannot be seen."
_MAXRSS_PER_MB = 2**20 if sys.platform == "darwin" else 2**10
_INTERVAL = 0.01


class Sample(NamedTuple):
    """One run of a command. `processors`: the milliseconds that it and what it starts keep processors busy.

    `megabytes`: the peak memory of the largest of its processes.
    """

    milliseconds: float
    processors: float
    megabytes: float
    code: int


class TookTooLong(UserError):
    """A command that was ended since nobody waits so long."""


def environment(home: Path, peers: Iterable[Path] = ()) -> dict[str, str]:
    """The PATH with what is in the folders of `peers`, and nothing of the user's settings: neither git's nor Python's.

    Makes `home`, where caches go. A folder of `peers` is a virtual environment or one that npm installed into.
    """
    home.mkdir()
    path = os.pathsep.join(
        [os.environ.get("PATH", os.defpath), *(str(programs) for one in peers for programs in _programs(one))]
    )
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}


def _programs(folder: Path) -> list[Path]:
    programs = [one for below in ("bin", "node_modules/.bin") if (one := folder.absolute() / below).is_dir()]
    if not programs:
        raise UserError(f"{folder} is no environment with tools.", "Name the folder that has a bin or a node_modules.")
    return programs


def found(name: str, path: str) -> str | None:
    """Where on `path` a program is."""
    return shutil.which(name, path=path)


def sample(argv: list[str], folder: Path, environment: dict[str, str], patience: float | None = None) -> Sample:
    """Run a command once in `folder`; what it prints goes nowhere. Raises TookTooLong after `patience` seconds."""
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(folder), *argv]
    with subprocess.Popen(launcher, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            said, _ = process.communicate(timeout=patience)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise TookTooLong(f"more than {patience:g} s.", "Wait longer: --patience.") from None
            raise
    if process.returncode:
        raise UserError(f"{argv[0]} could not be started.", "Run it by hand.")
    nanoseconds, seconds, peak, code = said.split()
    return Sample(int(nanoseconds) / 1e6, float(seconds) * 1000, int(peak) / _MAXRSS_PER_MB, int(code))


def together(argv: list[str], folder: Path, environment: dict[str, str]) -> float:
    """The peak memory in MB of all processes of a command that are not git's, looked at again and again while it runs.

    What they share counts in each. git's are left out since it maps whole packs, which costs nobody memory. 0 without /proc.
    """
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(argv, cwd=folder, env=environment, stdout=nowhere, stderr=nowhere, start_new_session=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_sizes(process.pid)))
        time.sleep(_INTERVAL)
    return peak


def _sizes(session: int) -> Iterator[float]:
    page = os.sysconf("SC_PAGE_SIZE") / 2**20
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            command, _, rest = stat.read_text("utf-8", "replace").partition("(")[2].rpartition(")")
        except OSError:
            continue  # it has just ended
        fields = rest.split()  # proc_pid_stat(5), from the third on: state, parent, group, session, …
        if int(fields[3]) == session and command != "git":
            yield int(fields[21]) * page


def ran(argv: list[str], environment: dict[str, str] | None = None, folder: Path | None = None) -> str:
    """What a command prints. Raises UserError where it fails."""
    done = subprocess.run(argv, env=environment, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"{' '.join(argv[:4])} … failed.", (done.stdout + done.stderr)[-1000:])
    return done.stdout


def answer(*argv: str) -> str:
    """What a command prints, without the blanks around it."""
    return ran(list(argv)).strip()
