"""Imports go down only; `detect` and `report` are pure; the hook's path stays cheap."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.keys import access_key_id, secret
from tests.repository import Repo

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "alikey_hook"
FLOORS = {
    "__main__": 9,
    "cli": 8,
    "commands": 7,
    "audit": 6,
    "history": 5,
    "many": 5,
    "scan": 4,
    "sources": 3,
    "baseline": 3,
    "own_keys": 3,
    "store": 3,
    "detect_secrets_plugin": 3,
    "detect_secrets_module": 4,
    "response": 3,
    "detect": 2,
    "allowlist": 2,
    "report": 2,
    "git": 2,
    "result": 1,
    "finding": 0,
    "record": -1,
    "changes": 0,
    "crew": 1,
    "crash": 0,
    "debug": 1,
    "errors": 0,
    "limit": 1,
    "clock": 0,
    "secret_types": 0,
    "__init__": 0,
}
IMPURE = {"os", "sys", "subprocess", "io", "pathlib", "socket", "tempfile", "shutil", "alikey_hook.git"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names += [
                f"{node.module}.{alias.name}" if node.module == "alikey_hook" else str(node.module) for alias in node.names
            ]
    return names


def room(name: str) -> str:
    return [*name.split("."), "__init__"][1] if name.startswith("alikey_hook") else ""


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    own = room_of(path)
    for name in imports(path):
        other = room(name)
        if other in ("", "__version__") or other == own:
            continue
        assert FLOORS[other] < FLOORS[own], f"{own} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_detection_and_reports_are_pure(path: Path) -> None:
    if room_of(path) in ("detect", "report"):
        assert not IMPURE & set(imports(path))


def test_only_git_runs_processes() -> None:
    users = {room_of(path) for path in MODULES if {"subprocess"} & set(imports(path))}
    assert users == {"git"}


# Neither a clean commit nor one with a usual finding needs any of these.
HEAVY = (
    "argparse collections contextlib dataclasses datetime detect_secrets enum fnmatch functools glob hashlib inspect json "
    "pathlib re requests socket subprocess tempfile typing yaml"
).split()


def loaded(folder: Path, name: str) -> str:
    """The exit code of the hook for a staged file, and what it imports of the above."""
    probe = (
        "import sys; before = set(sys.modules); from alikey_hook.cli import main; code = main(['hook', sys.argv[1]]);"
        f"print(code, sorted(set({HEAVY!r}) & (set(sys.modules) - before)))"
    )
    command = [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {probe}", name]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


def test_a_clean_commit_loads_nothing_heavy(repo: Repo) -> None:
    repo.stage("a.py", "print('clean')\n")
    assert loaded(repo.top, "a.py") == "0 []"


USUAL = {
    "Python": ("a.py", "access_key_id = '{id}'\naccess_key_secret = '{secret}'\nprint('%d of %s\\n' % (1, \"a\"))\n"),
    "Java": ("A.java", 'String accessKeyId = "{id}";\nString accessKeySecret = "{secret}";\nString s = "a\\tb" + x;\n'),
    "Go": ("a.go", 'client, err := oss.New("oss-cn-hangzhou.aliyuncs.com", "{id}", "{secret}")\n'),
    "YAML": ("a.yml", "image: a@sha256:" + "5c" * 32 + "\naliyun:\n  access-key-id: {id}\n  access-key-secret: {secret}\n"),
    "JSON": ("a.json", '{{"AccessKeyId": "{id}", "AccessKeySecret": "{secret}", "path": "C:\\\\a"}}\n'),
    "properties": ("a.properties", "# 阿里云密钥\noss.accessKeyId={id}\noss.accessKeySecret={secret}\n"),
    "shell": (".env", "ALIBABA_CLOUD_ACCESS_KEY_ID={id}\nALIBABA_CLOUD_ACCESS_KEY_SECRET={secret}\n"),
    "Terraform": ("a.tf", 'provider "alicloud" {{\n  access_key = "{id}"\n  secret_key = "{secret}"\n}}\n'),
    "Markdown": ("a.md", "| AccessKey ID | AccessKey Secret |\n| --- | --- |\n| {id} | {secret} |\n"),
    "a secret alone": ("a.js", "const accessKeySecret = '{secret}', {{ describeAllOfIt }} = require('./descriptions')\n"),
    "an id alone": ("b.py", "key = '{id}'\n"),
}


@pytest.mark.parametrize(("name", "content"), USUAL.values(), ids=USUAL)
def test_a_commit_with_a_finding_loads_nothing_heavy(repo: Repo, name: str, content: str) -> None:
    repo.stage(name, content.format(id=access_key_id(1), secret=secret(1)))
    assert loaded(repo.top, name) == "1 []"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_and_functions_are_small_and_documented(path: Path) -> None:
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "no module docstring"
    assert path.name == "rules.py" or len(source.splitlines()) <= 250
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and node.col_offset == 0:
            assert ast.get_docstring(node), f"{node.name} has no docstring"
