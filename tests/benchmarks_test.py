"""The benchmarks run, and write what they measured. Never how long it took."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.scenarios import GREP, HISTORY, HOOK, LOG, SCENARIOS
from tests.repository import Repo, pair_lines

pytestmark = pytest.mark.once
ROOT = Path(__file__).parent.parent


def benchmarks(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`python -m benchmarks --quick`, which measures what is installed here."""
    command = [sys.executable, "-m", "benchmarks", "--quick", "--python-env", sys.prefix, *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, text=True)


def codes(scenario: Mapping[str, Any]) -> dict[str, list[int]]:
    """The exit codes of each command."""
    return {one["name"]: [sample["code"] for sample in one["samples"]] for one in scenario["commands"]}


def test_every_scenario_is_measured_and_written(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    report, document = tmp_path / "report.json", tmp_path / "performance.md"
    document.write_text("the last time's", "utf-8")
    done = benchmarks("--no-peers", "--json", str(report), "--write", str(document), env={"TMPDIR": str(folder)})
    assert (done.returncode, done.stderr) == (0, "")
    assert list(folder.iterdir()) == []
    written, data = document.read_text("utf-8"), json.loads(report.read_text("utf-8"))
    assert "LTAI" not in done.stdout + written + report.read_text("utf-8")
    head, *sections = written.split("\n## ")
    assert head.startswith("# Performance\n") and date.today().isoformat() in head and data["about"] in head
    assert done.stdout == "".join(f"## {section.strip()}\n\n" for section in sections) + data["about"] + "\n"
    assert len(sections) == len(data["scenarios"]) == len(SCENARIOS)
    kept = (ROOT / "docs" / "performance.md").read_text("utf-8")
    for section, scenario in zip(sections, data["scenarios"], strict=True):
        assert f"\n## {scenario['title']}\n" in kept
        assert section.startswith(scenario["title"])
        for name, got in codes(scenario).items():
            assert f"\n| `{name}` | " in section
            assert got == [1 if name == GREP or (name, scenario["title"]) == (HOOK, "A commit with a finding") else 0]
        for bar in scenario["bars"]:
            assert f"\n| {bar['words']} | " in section
            assert bar["verdict"] == "not measured" if bar["measured"] is None else bar["verdict"] in ("met", "missed")
            lacking = "peer" in bar["words"] or (f"`{GREP}`" in bar["words"] and shutil.which(GREP) is None)
            assert (bar["measured"] is None) == lacking


@pytest.mark.gives_away  # it makes what is measured
def test_limits_are_measured_and_written(home: Path, tmp_path: Path) -> None:
    folder, page = tmp_path / "temporary", tmp_path / "limits.md"
    folder.mkdir()
    kept = (ROOT / "docs/limits.md").read_text("utf-8")
    page.write_text(kept, "utf-8")
    command = [sys.executable, "-m", "benchmarks.limits", "--scale", "0.001", "--write", str(page)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr  # every input has the exit code that is right
    assert list(folder.iterdir()) == []
    written = page.read_text("utf-8")
    assert "LTAI" not in done.stdout + written
    assert done.stdout.strip() in written
    table = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if line.startswith("| ")]
    assert all(len(row) == 6 for row in table)
    for row in table[2:]:
        assert f"\n| {row[0]} | " in kept
        assert float(row[4].replace(",", "")) <= float(row[5].replace(",", "")), row[0]


def test_peers_take_part(home: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    assert benchmarks("--only", "finding", "--json", str(report)).returncode == 0
    (scenario,) = json.loads(report.read_text("utf-8"))["scenarios"]
    assert codes(scenario)["detect-secrets-hook"] == [1]
    assert [bar["measured"] is None for bar in scenario["bars"]] == [False, False, False]


def test_a_peer_that_takes_too_long_is_left_out(home: Path, tmp_path: Path) -> None:
    done = benchmarks("--only", "finding", "--patience", "0.001")
    assert done.returncode == 0
    assert "| `detect-secrets-hook` | more than 0.001 s. | | | | |" in done.stdout


def test_a_history_of_ones_own_is_measured_beside_or_instead(repo: Repo, tmp_path: Path) -> None:
    repo.stage("app.py", pair_lines())
    repo.commit()
    report = tmp_path / "report.json"
    done = benchmarks("--no-peers", "--repository", str(repo.top), "--json", str(report))
    assert (done.returncode, done.stderr) == (0, "")
    (scenario,) = json.loads(report.read_text("utf-8"))["scenarios"]
    assert scenario["title"] == "The history of repo"
    assert codes(scenario)[HISTORY] == [1]
    assert codes(scenario)[LOG] == [0]


def test_a_history_that_lacks_objects_may_end_with_2_and_nothing_is_fetched(repo: Repo, tmp_path: Path) -> None:
    for content in ("old = 1\n", "new = 1\n"):
        repo.stage("app.py", content)
        repo.commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = Repo(tmp_path / "clone")
    repo.git("clone", "--quiet", "--filter=blob:none", f"file://{repo.top}", str(clone.top))
    missing = clone.git("rev-list", "--objects", "--all", "--missing=print").count("?")
    assert missing
    report = tmp_path / "report.json"
    done = benchmarks("--repository", str(clone.top), "--json", str(report))
    assert (done.returncode, done.stderr) == (0, "")
    (scenario,) = json.loads(report.read_text("utf-8"))["scenarios"]
    assert codes(scenario)[HISTORY] == [2]
    assert LOG not in codes(scenario)
    assert clone.git("rev-list", "--objects", "--all", "--missing=print").count("?") == missing


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--runs", "0"], "--runs must be at least 1"),
        (["--only", "nothing"], "invalid choice: 'nothing'"),
        (["--python-env", "/nowhere"], "has no alikey-hook"),
        (["--repository", "/nowhere"], "/nowhere"),
        (["--no-peers", "--only", "commit", "--json", "/nowhere/report.json"], "No such file or directory"),
    ],
    ids=["no runs", "no such scenario", "no such environment", "no such repository", "nowhere to write"],
)
def test_what_cannot_be_measured_or_written_is_an_error(home: Path, arguments: list[str], said: str) -> None:
    done = benchmarks(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
