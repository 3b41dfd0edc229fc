"""Running us and our peers on a folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from alikey_hook.errors import UserError
from benchmarks import processes, reports
from benchmarks.peers import PATTERN, REPORT, Scanner, scanners, titled
from benchmarks.processes import found, ran
from benchmarks.reports import Hit

OURS = Scanner("alikey-hook", ["scan", "--format", "json", "."], reports.alikey_hook)
_ALIBABA = re.compile("alibaba|aliyun|alicloud", re.IGNORECASE)


class Tool(NamedTuple):
    """A scanner that is here: its name with its version, its program, the environment variables it gets."""

    name: str
    program: str
    scanner: Scanner
    environment: dict[str, str]

    @property
    def ours(self) -> bool:
        """Whether it is what we compare with the others."""
        return self.scanner is OURS


def tools(home: Path, peers: Iterable[Path] = ()) -> list[Tool]:
    """Us, then every peer that is on the PATH or in one of the folders; `home` is made, for their caches."""
    variables = processes.environment(home, peers)
    here = f"{Path(sys.executable).parent}{os.pathsep}{variables['PATH']}"
    program = found(OURS.executable, here)
    if program is None:
        raise UserError(f"{OURS.executable} is not on the PATH.", "Install the project: `pip install --editable .`")
    ours = variables
    if "PYTHONPATH" in os.environ:  # to measure another checkout than the one that is installed
        ours = {**variables, "PYTHONPATH": os.environ["PYTHONPATH"]}
    others = [Tool(titled(scanner, program, variables), program, scanner, variables) for scanner, program in scanners(here)]
    return [Tool(titled(OURS, program, ours), program, OURS, ours), *others]


def scan(tool: Tool, folder: Path, report: Path) -> list[Hit]:
    """What the tool finds in a folder; `report` is where it may write that, a `.json`. Raises UserError where it fails."""
    try:
        return tool.scanner.read(said(tool, folder, report), folder)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # Not the error's own words: they may quote what was read.
        raise UserError(
            f"{tool.name}: a report of another form ({type(error).__name__}).", "See benchmarks/reports.py."
        ) from None


def said(tool: Tool, folder: Path, report: Path) -> str:
    """The tool's report of a folder, in its own format. Raises UserError where the scan fails."""
    report.unlink(missing_ok=True)
    variables = tool.environment
    if tool.scanner.tracked_only:
        variables = {**variables, **_tracked(folder, variables)}
    argv = [tool.program, *(argument.replace(REPORT, str(report)) for argument in tool.scanner.arguments)]
    done = subprocess.run(argv, cwd=folder, env=variables, capture_output=True)
    if done.returncode not in tool.scanner.codes:
        # Only ours is known to keep values out of what it says to people.
        last_words = done.stderr.decode("utf-8", "replace") if tool.ours else "Run it by hand on a folder."
        raise UserError(f"{tool.name}: exit code {done.returncode}.", last_words.strip())
    written = report.read_bytes() if report.is_file() else done.stdout or done.stderr
    return written.decode("utf-8", "replace")


def is_alibaba(hit: Hit) -> bool:
    """Whether the rule is one for Alibaba Cloud by its name."""
    return bool(_ALIBABA.search(hit.rule))


def _tracked(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """Make the folder a repository's work tree; the repository stands beside it, where the other tools do not look."""
    variables = {"GIT_DIR": f"{folder}.git", "GIT_WORK_TREE": str(folder)}
    for arguments in (["init", "--quiet"], ["config", "secrets.patterns", PATTERN], ["add", "--all", "--force", "."]):
        ran(["git", *arguments], {**environment, **variables}, folder)
    return variables
