"""What the documents say is true: commands, outputs, hooks, options, rules, exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from alikey_hook import __version__
from alikey_hook.allowlist.parse import parse
from alikey_hook.commands.baseline import COMMANDS
from alikey_hook.detect.rules import RULES
from alikey_hook.report.words import words
from alikey_hook.response.consoles import MODEL_KEYS, RAM_USER_KEYS, ROOT_KEYS
from tests.corpus.fill import B58

ROOT = Path(__file__).parent.parent
READMES = {"en": (ROOT / "README.md").read_text("utf-8"), "zh": (ROOT / "README.zh.md").read_text("utf-8")}
README = READMES["en"]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
in_each_language = pytest.mark.parametrize("language", READMES)


def blocks(kind: str, language: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", READMES[language], re.DOTALL | re.MULTILINE)


def demo_id() -> str:
    """The AccessKey ID that scripts/demo makes; it belongs to nobody."""
    import random

    return "LTAI5t" + "".join(random.Random(20261125).choices(B58, k=18))


def in_shell(command: str, cwd: Path) -> str:
    env = {**os.environ, "PATH": f"{cwd / 'bin'}:{os.environ['PATH']}", "SOME_ACCESS_KEY_ID": demo_id(), "LC_ALL": "C.UTF-8"}
    return subprocess.run(["sh", "-c", command + " 2>&1"], cwd=cwd, env=env, capture_output=True, text=True).stdout


@in_each_language
def test_every_console_block_prints_what_it_shows(language: str, tmp_path: Path) -> None:
    command = tmp_path / "bin" / "alikey-hook"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}:$PYTHONPATH" exec "{sys.executable}" -m alikey_hook "$@"\n', "utf-8")
    command.chmod(0o755)
    (block,) = blocks("console", language)
    steps = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    assert len(steps) == 4
    for step in steps:
        line, _, output = step.partition("\n")
        assert in_shell(line, tmp_path) == output


@pytest.mark.slow
@in_each_language
def test_the_demonstration_prints_what_the_readme_shows(language: str, tmp_path: Path) -> None:
    # From a clone of what the working tree holds, as the demonstration installs the hook from a commit.
    copy = tmp_path / "alikey-hook"
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    ).stdout.split(b"\0")
    for name in filter(None, files):
        source, target = ROOT / os.fsdecode(name), copy / os.fsdecode(name)
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
    for arguments in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-q", "-m", "copy"]):
        subprocess.run(["git", *arguments], cwd=copy, check=True)
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
    env["PYTHON"] = sys.executable
    command = blocks("sh", language)[0].partition("\n")[0]
    done = subprocess.run(["sh", "-c", command], cwd=copy, env=env, capture_output=True, text=True)
    (shown,) = blocks("text demo", language)
    assert done.stdout.strip("\n") == shown.strip("\n"), done.stderr


@in_each_language
def test_the_configuration_block_names_hooks_and_the_version_that_exist(language: str) -> None:
    configuration = yaml.safe_load(blocks("yaml", language)[0])
    (repository,) = configuration["repos"]
    assert {hook["id"] for hook in repository["hooks"]} <= {hook["id"] for hook in HOOKS}
    assert repository["rev"] == f"v{__version__}"


@in_each_language
def test_the_baseline_block_is_a_baseline(language: str) -> None:
    (entry,) = parse(blocks("yaml", language)[1].encode(), "the block")
    assert entry.paths == ("tests/**",)


@in_each_language
def test_every_hook_stands_in_the_readme_with_its_stages(language: str) -> None:
    for hook in HOOKS:
        assert f"| `{hook['id']}` | {', '.join(hook['stages'])} |" in READMES[language]


@in_each_language
def test_every_rule_stands_in_the_readme_with_its_severity(language: str) -> None:
    rows = re.findall(r"^\| `(alibaba-[a-z-]+)` \| .* \| (\w+) \|$", READMES[language], re.MULTILINE)
    assert rows == [(rule.id, words(language).severity[rule.severity]) for rule in RULES]


def test_the_rules_command_and_the_rules_document_tell_of_every_rule() -> None:
    shown = in_shell(f'"{sys.executable}" -m alikey_hook rules', ROOT)
    assert [line.split()[:2] for line in shown.splitlines()] == [[rule.id, rule.severity] for rule in RULES]
    document = (ROOT / "docs" / "rules.md").read_text("utf-8")
    table = re.findall(r"^\| \[`([a-z-]+)`\]\(#([a-z-]+)\) \| (\w+) \|", document, re.MULTILINE)
    assert table == [(rule.id, rule.id, rule.severity) for rule in RULES]
    sections = re.split(r"^## ", document, flags=re.MULTILINE)[1:]
    assert [section.partition("\n")[0] for section in sections] == [rule.id for rule in RULES]
    for section in sections:
        assert re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\*", section, re.MULTILINE) == ["What", "Why", "Example", "What to do"]


@pytest.mark.parametrize("command", ["hook", "scan"])
def test_every_common_option_stands_in_the_readme(command: str) -> None:
    shown = in_shell(f'"{sys.executable}" -m alikey_hook {command} --help', ROOT)
    options = set(re.findall(r"--[a-z][a-z-]+", shown))
    # What the README tells of in its text; and pre-commit's own, in the description.
    options -= {"--help", "--stage", "--staged", "--commits", "--history", "--allowed-remote", "--quiet", "--verbose"}
    options -= {"--all-files", "--files", "--from-ref", "--to-ref"}
    listed = set(re.findall(r"^\| `(--[a-z-]+)", README, re.MULTILINE))
    of_history = {"--all-objects", "--max-blob-size", "--cache"}
    assert options == (listed if command == "scan" else listed - of_history)


def test_the_exit_codes_of_the_readme_are_those_of_the_help() -> None:
    shown = in_shell(f'"{sys.executable}" -m alikey_hook --help', ROOT)
    for code, meaning in re.findall(r"^\| (\d) \| ([a-z ]+[a-z])", README, re.MULTILINE):
        assert re.search(rf"^ +{code}  {meaning}", shown.replace("exit code", "         "), re.MULTILINE)


EVERYWHERE = {"--help", "--debug"}  # of all commands: the README has them
CLOUD = ("verify", "disable", "events", "keys")


@pytest.mark.parametrize("command", CLOUD)
def test_the_document_on_the_cloud_has_every_option_and_every_call(command: str) -> None:
    document = (ROOT / "docs" / "cloud.md").read_text("utf-8")
    shown = in_shell(f'"{sys.executable}" -m alikey_hook {command} --help', ROOT)
    options = set(re.findall(r"--[a-z][a-z-]+", shown)) - EVERYWHERE
    assert {option for option in options if f"`{option}" not in document and f" {option}" not in document} == set()
    (row,) = re.findall(rf"^\| `{command}` \| (.*?) \|", document, re.MULTILINE)
    promised = set(re.findall(r"`([A-Z]\w+)`", row))
    named = set(re.findall(r"\b(?:Get|List|Describe|Lookup|Update|Set)[A-Z][A-Za-z]+", shown))
    assert named <= promised


def test_the_document_on_the_cloud_has_every_call_of_the_code() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "alikey_hook" / "response" / "cloud").glob("*.py"))
    called = set(re.findall(r'"((?:Get|List|Describe|Lookup|Update|Set|Create|Delete)[A-Z]\w+)"', sources))
    table = (ROOT / "docs" / "cloud.md").read_text("utf-8").partition("What is not in this table")[0]
    assert called - {"CreateDate"} == set(re.findall(r"`([A-Z]\w+)`", table))


def test_the_page_on_scale_has_every_option() -> None:
    page = (ROOT / "docs" / "scale.md").read_text("utf-8")
    shown = in_shell(f'"{sys.executable}" -m alikey_hook audit --help', ROOT)
    common = EVERYWHERE | {"--min-confidence", "--no-inline-allow", "--output", "--color", "--lang", "--quiet", "--verbose"}
    options = set(re.findall(r"--[a-z][a-z-]+", shown)) - common
    assert {option for option in options if not re.search(rf"`{option}\b(?!-)", page)} == set()


def test_the_page_on_leaks_has_every_option_and_every_console() -> None:
    page = (ROOT / "docs" / "leak-response.md").read_text("utf-8")
    shown = in_shell(f'"{sys.executable}" -m alikey_hook respond --help', ROOT)
    options = set(re.findall(r"--[a-z][a-z-]+", shown)) - EVERYWHERE
    assert {option for option in options if not re.search(rf"[` ]{option}\b(?!-)", page)} == set()
    assert {address for address in (RAM_USER_KEYS, ROOT_KEYS, MODEL_KEYS) if f"<{address}>" not in page} == set()


def test_the_version_is_one() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'\nversion = "{__version__}"\n' in project


def test_every_baseline_command_stands_in_the_readme() -> None:
    shown = set(re.findall(r"^\| `alikey-hook baseline (\w+)", README, re.MULTILINE)) | {"export"}
    assert shown == set(COMMANDS)


def test_schema_and_readme_agree_on_statuses() -> None:
    schema = json.loads((ROOT / "baseline" / "schema.json").read_text("utf-8"))
    for status in schema["$defs"]["entry"]["properties"]["status"]["enum"]:
        assert status in README


def test_no_key_shaped_value_is_committed() -> None:
    pattern = r"(^|[^A-Za-z0-9+/=])(LTAI(5t|4G|4F)[1-9A-HJ-NP-Za-km-z]{18}|STS\.N[1-9A-HJ-NP-Za-km-z]{24})([^A-Za-z0-9+/=]|$)"
    done = subprocess.run(["git", "grep", "-InE", pattern], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == ""
