"""What SECURITY.md names is there, and what it says of numbers and names is so."""

import re
import stat
import subprocess
from pathlib import Path

import pytest

from alikey_hook import __version__
from tests.repository import Repo, pair_lines

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")


def test_every_test_and_script_that_it_names_is_there() -> None:
    named = set(re.findall(r"`(?:sh |python )?((?:tests|scripts|docs|alikey_hook)/[\w/.]+)", PAGE))
    assert len(named) > 15
    assert {path for path in named if not (ROOT / path).is_file()} == set()
    for path in re.findall(r"\]\(([\w./]+)\)", PAGE):
        assert (ROOT / path).is_file()


def test_every_row_of_what_is_kept_from_happening_has_its_test() -> None:
    table = PAGE.partition("### What is kept from happening")[2].partition("### What is not")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith(("| claim", "| ---"))]
    assert len(rows) >= 10
    assert [row for row in rows if "tests/" not in row.rsplit("|", 2)[1]] == []


def test_every_option_and_command_that_it_names_exists() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "alikey_hook").rglob("*.py"))
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "scripts").iterdir())
    for option in set(re.findall(r"`[^`]*?(--[a-z][a-z-]+)", PAGE)) - {"--no-verify", "--sign", "--check"}:
        assert f'"{option}"' in sources + scripts, option


def test_the_version_is_this_one() -> None:
    assert set(re.findall(r"v(\d+\.\d+\.\d+)", PAGE)) == {__version__}


def test_both_readmes_lead_to_it() -> None:
    for name in ("README.md", "README.zh.md"):
        assert "](SECURITY.md)" in (ROOT / name).read_text("utf-8")


def test_stored_files_have_the_rights_that_it_says(repo: Repo, tmp_path: Path) -> None:
    repo.stage("app.py", pair_lines(1))
    repo.commit()
    assert repo.scan("--history", "--cache", str(tmp_path / "cache")).returncode == 1
    (cache,) = (tmp_path / "cache").iterdir()
    assert f"{stat.S_IMODE(cache.stat().st_mode):04o}" == "0600"
    assert "| 0600 |" in PAGE


@pytest.mark.once
def test_it_runs_git_and_nothing_else(repo: Repo, tmp_path: Path) -> None:
    repo.stage("app.py", pair_lines(1))
    repo.commit()
    log = tmp_path / "calls"
    strace = ["strace", "-f", "-qq", "-e", "trace=execve", "-o", str(log)]
    try:
        watched = subprocess.run([*strace, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        watched = False
    if not watched:
        pytest.skip("strace is not here, or may not watch")
    import sys

    for arguments in (("hook",), ("scan",), ("scan", "--history"), ("baseline", "check")):
        subprocess.run([*strace, sys.executable, "-m", "alikey_hook", *arguments], cwd=repo.top, capture_output=True)
        started = set(re.findall(r'execve\("([^"]+)".* = 0$', log.read_text("utf-8"), re.MULTILINE))
        names = {Path(path).name for path in started} - {Path(sys.executable).name}
        assert names <= {"git"}, names
