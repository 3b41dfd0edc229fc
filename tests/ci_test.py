"""What docs/ci.md and action.yml say is valid, and the action does what it says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from alikey_hook import __version__
from tests.repository import Repo, pair_lines

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "ci.md").read_text("utf-8")
ACTION = (ROOT / "action.yml").read_text("utf-8")
COVERAGE = (ROOT / ".github" / "workflows" / "coverage.yml").read_text("utf-8")


def snippets(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)


GITHUB, GITLAB, FLOW, PRE_COMMIT, WEEKLY = snippets("yaml")


def linted(text: str, folder: Path, schema: str) -> None:
    file = folder / "file.yml"
    file.write_text(text, "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        pytest.param(GITHUB, "vendor.github-workflows", id="GitHub"),
        pytest.param(WEEKLY, "vendor.github-workflows", id="weekly"),
        pytest.param(WEEKLY, "custom.github-workflows-require-timeout", id="weekly ends"),
        pytest.param(GITLAB, "vendor.gitlab-ci", id="GitLab"),
        pytest.param(ACTION, "vendor.github-actions", id="action"),
        pytest.param(COVERAGE, "vendor.github-workflows", id="coverage"),
        pytest.param(COVERAGE, "custom.github-workflows-require-timeout", id="coverage ends"),
    ],
)
def test_snippets_are_valid(text: str, schema: str, tmp_path: Path) -> None:
    linted(text, tmp_path, schema)


# The document says to pin actions to commits, and cannot: it does not know when it is read.
ZIZMOR = "rules:\n  unpinned-uses:\n    disable: true\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GITHUB, id="GitHub"),
        pytest.param(WEEKLY, id="weekly"),
        pytest.param(ACTION, id="action"),
        pytest.param(COVERAGE, id="coverage"),
    ],
)
def test_workflows_and_the_action_are_safe(text: str, tmp_path: Path) -> None:
    file = tmp_path / ("action.yml" if text == ACTION else ".github/workflows/file.yml")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    (tmp_path / "zizmor.yml").write_text(ZIZMOR, "utf-8")
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    command = [zizmor, "--offline", "--config", str(tmp_path / "zizmor.yml"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "completed" in done.stderr


def test_the_flow_of_yunxiao_has_the_parts_that_its_documentation_asks_for() -> None:
    flow = yaml.safe_load(FLOW)
    assert set(flow["sources"]["app"]) == {"type", "name", "endpoint", "branch", "triggerEvents", "certificate"}
    job = flow["stages"]["check"]["jobs"]["alikey_hook"]
    (step,) = job["steps"].values()
    assert (step["step"], job["runsOn"]) == ("Command", "public/cn-beijing")
    assert re.fullmatch(r"[A-Za-z]\w{0,29}", "alikey_hook")


def test_the_configuration_for_pre_commit_ci_is_one(tmp_path: Path) -> None:
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(PRE_COMMIT, "utf-8")
    done = subprocess.run([sys.executable, "-m", "pre_commit", "validate-config", str(file)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout


def test_the_jenkinsfile_is_balanced_and_its_script_is_one() -> None:
    (pipeline,) = snippets("groovy")
    (script,) = re.findall(r"'''(.*?)'''", pipeline, re.DOTALL)
    rest = pipeline.replace(script, "")
    for opening, closing in ("{}", "()"):
        assert rest.count(opening) == rest.count(closing)
    assert subprocess.run(["sh", "-n"], input=script, text=True).returncode == 0


def test_every_script_is_one_that_a_shell_understands() -> None:
    scripts = [step["run"] for step in yaml.safe_load(ACTION)["runs"]["steps"]]
    scripts += [step["run"] for job in yaml.safe_load(WEEKLY)["jobs"].values() for step in job["steps"] if "run" in step]
    scripts += ["\n".join(yaml.safe_load(GITLAB)["alikey-hook"]["script"])]
    scripts += [yaml.safe_load(FLOW)["stages"]["check"]["jobs"]["alikey_hook"]["steps"]["scan"]["with"]["run"], *snippets("sh")]
    for script in scripts:
        assert subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0, script
        assert "${{" not in script, "an expression in a script lets whoever names a branch write into it"


def test_every_command_and_option_exists() -> None:
    for command, options in re.findall(r"alikey-hook (scan|report|hook)((?: +[^ \n`|]+)+)", DOCUMENT):
        helped = subprocess.run([sys.executable, "-m", "alikey_hook", command, "--help"], capture_output=True, text=True).stdout
        for option in re.findall(r" (--[a-z-]+)", options):
            assert option in helped, f"{command} {option}"


def test_versions_are_this_one() -> None:
    assert set(re.findall(r"(?:alikey-hook@|rev: )v([0-9.]+[0-9])", DOCUMENT)) == {__version__}


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """What a runner gives an action: a folder for its files, here with alikey-hook in it."""
    tool = tmp_path / "runner" / "alikey-hook" / "bin" / "alikey-hook"
    tool.parent.mkdir(parents=True)
    tool.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}:$PYTHONPATH" exec "{sys.executable}" -m alikey_hook "$@"\n', "utf-8")
    tool.chmod(0o755)
    return tmp_path / "runner"


def act(repo: Repo, runner: Path, **env: str) -> tuple[int, str, str]:
    """Run the action's second step as GitHub does; gives its exit code, what it printed and its outputs."""
    step = yaml.safe_load(ACTION)["runs"]["steps"][1]
    assert set(step["env"]) == {"COMMITS", "BASELINE_REF", "SARIF", "BEFORE", "AFTER"}
    known = {"COMMITS": "", "BASELINE_REF": "", "SARIF": "out.sarif", "BEFORE": "0" * 40, "AFTER": "HEAD", **env}
    known |= {"RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(runner / "output")}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, cwd=repo.top, env={**os.environ, **known}, capture_output=True, text=True)
    output = runner / "output"
    return done.returncode, done.stdout, output.read_text("utf-8") if output.exists() else ""


def test_the_action_annotates_and_reports_what_a_push_brings(repo: Repo, runner: Path) -> None:
    repo.stage("old.py", pair_lines(1))
    before = repo.commit()
    repo.stage("new.py", pair_lines(2))
    repo.commit()
    code, printed, output = act(repo, runner, BEFORE=before)
    assert (code, output) == (1, "sarif=out.sarif\n")
    assert re.findall(r"^::error file=(\S+?),", printed, re.MULTILINE) == ["new.py", "new.py"]
    (run,) = json.loads((repo.top / "out.sarif").read_text("utf-8"))["runs"]
    assert len(run["results"]) == 2


def test_the_action_looks_at_all_of_a_new_branch_and_passes_where_nothing_leaks(repo: Repo, runner: Path) -> None:
    repo.stage("a.py", "pass\n")
    first = repo.commit()
    assert act(repo, runner) == (0, "", "sarif=out.sarif\n")
    repo.stage("b.py", pair_lines(1))
    repo.commit()
    assert act(repo, runner)[0] == 1
    assert act(repo, runner, COMMITS=first)[0] == 0


def test_the_action_fails_where_it_could_not_look(repo: Repo, runner: Path) -> None:
    repo.stage("a.py", pair_lines(1))
    repo.commit()
    assert act(repo, runner, BASELINE_REF="nowhere") == (2, "", "")
    assert act(repo, runner, COMMITS="--help")[0] == 2
