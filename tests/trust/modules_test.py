"""No Python module and no `git` of the folder that is looked at is run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import Repo, pair_lines
from tests.trust.wires import CLI, ID, Marks, Trap

# What we, or what we are made with, import; some of it only in commands that are rarely called.
MODULES = (
    "__future__ argparse array asyncio base64 collections concurrent contextlib ctypes dask datetime distributed enum fnmatch "
    "functools glob hashlib html inspect ipaddress itertools json logging multiprocessing pickle psutil queue random re rich "
    "secrets select selectors shlex shutil signal site sitecustomize socket ssl stat string struct subprocess tempfile "
    "threading time token tokenize traceback tty types typing unicodedata urllib usercustomize uuid warnings weakref yaml zlib"
).split()
SCRIPT = str(Path(sys.executable).with_name("alikey-hook"))


@pytest.fixture
def littered(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    """A repository that leaks, with a module of each name in it, and with none of that in git's eyes."""
    for name in [name for name in os.environ if name.startswith("COVERAGE_PROCESS_")]:
        monkeypatch.delenv(name)  # what measures a process imports modules in it first
    repo.stage("app.py", pair_lines(1))
    repo.commit()
    repo.stage("app.py", pair_lines(1) + pair_lines(2))
    marks = Marks(tmp_path / "marks")
    for number, name in enumerate(MODULES):
        path = f"{name}/__init__.py" if number % 2 else f"{name}.py"
        repo.write(path, marks.module(name))
    repo.write(".git/info/exclude", "*\n")
    return Trap(repo, marks, "")


COMMANDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "hook": (1, ("hook",)),
    "scan": (1, ("scan", "--format", "html")),
    "scan --history": (1, ("scan", "--history", "--format", "sarif", "--cache", "{cache}")),
    "baseline check": (0, ("baseline", "check")),
    "respond": (1, ("respond", ID)),
    "completion": (0, ("completion", "bash")),
    "audit": (1, ("audit", ".", "--workers", "1", "--cache", "{cache}")),
}


def test_python_runs_what_lies_in_the_current_folder(littered: Trap) -> None:
    for name in MODULES:
        subprocess.run([sys.executable, "-c", f"import {name}"], cwd=littered.repo.top, capture_output=True)
    # Some are loaded before, and some come first in other modules; what is left shows that the litter is live.
    assert {"re", "subprocess", "yaml", "json", "argparse", "multiprocessing", "threading", "socket"} <= littered.marks.taken()


def less_what_python_imports_first(littered: Trap, *start: str) -> None:
    """Take away what a Python that is started so imports by itself, whatever it is to run."""
    while subprocess.run([sys.executable, *start], cwd=littered.repo.top, capture_output=True).returncode:
        for name in littered.marks.taken():
            shutil.rmtree(littered.repo.top / name, ignore_errors=True)
            (littered.repo.top / f"{name}.py").unlink(missing_ok=True)
    littered.marks.taken()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_script_does_not(littered: Trap, tmp_path: Path, name: str) -> None:
    runs_clean(littered, tmp_path, name, SCRIPT)


@pytest.mark.parametrize("name", ["hook", "scan --history"])
@pytest.mark.skipif(sys.version_info < (3, 11), reason="-P is known since 3.11")
def test_python_with_safe_path_does_not(littered: Trap, tmp_path: Path, name: str) -> None:
    runs_clean(littered, tmp_path, name, sys.executable, "-P", "-m", "alikey_hook")


@pytest.mark.parametrize("name", ["hook", "scan", "scan --history"])
def test_python_m_does_not_but_for_what_python_imports_itself(littered: Trap, tmp_path: Path, name: str) -> None:
    littered.repo.write("nothing/__main__.py", "")
    less_what_python_imports_first(littered, "-m", "nothing")
    assert len(list(littered.repo.top.iterdir())) > 40
    runs_clean(littered, tmp_path, name, *CLI)


@pytest.mark.parametrize("name", ["hook", "scan --history"])
def test_a_pythonpath_with_an_empty_entry_is_mended(
    littered: Trap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep + str(tmp_path))
    (littered.repo.top / "__future__.py").unlink()  # what our first lines import, before anything can be mended
    less_what_python_imports_first(littered, "-c", "import re, sys")
    assert len(list(littered.repo.top.iterdir())) > 40
    runs_clean(littered, tmp_path, name, SCRIPT)


def runs_clean(littered: Trap, tmp_path: Path, name: str, *command: str) -> None:
    code, arguments = COMMANDS[name]
    given = [argument.format(cache=tmp_path / "cache") for argument in arguments]
    done = subprocess.run([*command, *given], cwd=littered.repo.top, capture_output=True, text=True, timeout=120)
    assert (done.returncode, littered.marks.taken()) == (code, set()), done.stderr


@pytest.mark.parametrize("guarded", [True, False])
def test_processes_that_are_no_copies_run_none_either(littered: Trap, tmp_path: Path, guarded: bool) -> None:
    """As on systems where a process is begun anew, and not copied."""
    naive = "import contextlib; crew.elsewhere = contextlib.nullcontext"
    script = tmp_path / "probe.py"
    script.write_text(
        f"""
import multiprocessing
from alikey_hook import crew
from alikey_hook.history.worker import How, working_there
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    {"pass" if guarded else naive}
    how = How({str(littered.repo.top)!r}, "medium", True, {{}})
    list(crew.answers(2, working_there, (how,), lambda who: None))
    print("done")
""",
        "utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], cwd=littered.repo.top, capture_output=True, text=True, timeout=120)
    assert bool(littered.marks.taken()) != guarded, done.stderr
    assert not guarded or done.stdout == "done\n", done.stderr


@pytest.mark.parametrize("path", [".", "", "bin"])
def test_a_git_of_the_current_folder_is_not_run(littered: Trap, path: str) -> None:
    program = Path(littered.marks.program("git", copies=False))
    place = littered.repo.top / path / "git"
    place.parent.mkdir(exist_ok=True)
    shutil.copy(program, place)
    env = {"PATH": f"{path}:{os.environ['PATH']}"}
    subprocess.run(["git", "version"], cwd=littered.repo.top, env={**os.environ, **env}, capture_output=True)
    assert littered.marks.taken() == {"git"}, "a shell does"
    for code, arguments in (COMMANDS["hook"], COMMANDS["respond"], (1, ("scan", "--history"))):
        done = subprocess.run([SCRIPT, *arguments], cwd=littered.repo.top, env={**os.environ, **env}, capture_output=True)
        assert (done.returncode, littered.marks.taken()) == (code, set()), done.stderr


def test_a_path_of_relative_folders_only_has_no_git(littered: Trap) -> None:
    env = {**os.environ, "PATH": ".:bin:"}
    done = subprocess.run([SCRIPT, "hook"], cwd=littered.repo.top, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "alikey-hook: git could not be started: No such file or directory.",
    )


def test_pre_commit_does_not_either(littered: Trap) -> None:
    config = f"repos:\n- repo: local\n  hooks:\n  - {{id: a, name: a, language: system, entry: {SCRIPT} hook, args: [--]}}\n"
    littered.repo.stage(".pre-commit-config.yaml", config)
    pre_commit = str(Path(sys.executable).with_name("pre-commit"))
    done = subprocess.run([pre_commit, "run"], cwd=littered.repo.top, capture_output=True, text=True, timeout=120)
    assert (done.returncode, littered.marks.taken()) == (1, set()), done.stdout
    assert "alibaba-access-key-secret" in done.stdout
