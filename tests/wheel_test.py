"""The wheel: what is in it, and the hook that is installed from it, under the real pre-commit."""

import configparser
import email
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keys import access_key_id, secret
from tests.repository import Repo, pair_lines
from tests.wheel import ROOT, built, environment

pytestmark = pytest.mark.slow

# The wheel has this module in detect-secrets' folder, and perhaps in ours too.
MODULE = "alikey_hook/detect_secrets_module.py"
PLUGIN = "detect_secrets/plugins/alibaba_cloud.py"
NOTHING = "nothing = 1\n"
# A hook of the user's own repository: pre-commit makes an environment and installs the wheel into it.
CONFIG = """\
repos:
  - repo: local
    hooks:
      - id: alikey-hook
        name: Alibaba Cloud AccessKeys
        entry: alikey-hook hook
        language: python
        additional_dependencies: [{wheel}]
        args: [--]
        types: []
        types_or: [file, symlink]
        require_serial: true
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def archive(wheel: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(wheel) as opened:
        yield opened


@pytest.fixture(scope="module")
def pre_commit_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the hook's environment, so that it is built once."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def consumer(repo: Repo, wheel: Path, pre_commit_home: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository whose pre-commit runs the hook from the wheel."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(pre_commit_home))
    repo.stage(".pre-commit-config.yaml", CONFIG.format(wheel=wheel))
    repo.commit()
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=repo.top, check=True, capture_output=True)
    return repo


def test_the_wheel_holds_the_package_and_one_module_for_detect_secrets(archive: zipfile.ZipFile) -> None:
    names = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "alikey_hook").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names | {MODULE} == package | {PLUGIN}
    assert "alikey_hook/py.typed" in names
    assert archive.read(PLUGIN) == (ROOT / MODULE).read_bytes()


def test_every_file_is_as_it_is_here(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.startswith("alikey_hook/"):
            assert archive.read(name) == (ROOT / name).read_bytes(), name


def test_the_wheel_says_what_it_is(archive: zipfile.ZipFile) -> None:
    (folder,) = {name.partition("/")[0] for name in archive.namelist() if ".dist-info/" in name}
    metadata = email.message_from_bytes(archive.read(f"{folder}/METADATA"))
    assert (metadata["Name"], metadata["Requires-Python"], metadata["License-Expression"]) == (
        "alikey-hook",
        ">=3.10",
        "Apache-2.0",
    )
    always = [needed for needed in metadata.get_all("Requires-Dist", []) if "extra ==" not in needed]
    assert always == ["detect-secrets>=1.5.0", "pyyaml>=6.0"]
    assert archive.read(f"{folder}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    points = configparser.ConfigParser()
    points.read_string(archive.read(f"{folder}/entry_points.txt").decode())
    assert {name: dict(points[name]) for name in points.sections()} == {
        "console_scripts": {"alikey-hook": "alikey_hook.cli:main"}
    }
    assert "Root-Is-Purelib: true" in archive.read(f"{folder}/WHEEL").decode()


def test_the_installed_program_finds_a_pair(wheel: Path, repo: Repo, tmp_path: Path) -> None:
    programs = environment(tmp_path / "env", wheel)
    repo.stage("app.py", pair_lines())
    done = subprocess.run([programs / "alikey-hook", "hook"], cwd=repo.top, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("app.py:1:18: alibaba-access-key-id critical ")
    repo.stage("app.py", NOTHING)
    done = subprocess.run([programs / "alikey-hook", "hook"], cwd=repo.top, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_staged_pair_is_refused_and_a_clean_commit_passes_under_pre_commit(consumer: Repo) -> None:
    before = consumer.git("rev-parse", "HEAD")
    consumer.stage("src/app.py", pair_lines())
    refused = consumer.attempt("commit", "--message=a commit")
    output = refused.stdout + refused.stderr
    assert (refused.returncode, consumer.git("rev-parse", "HEAD")) == (1, before)
    assert "\n- hook id: alikey-hook\n- exit code: 1\n" in output
    assert "src/app.py:1:18: alibaba-access-key-id critical " in output
    assert access_key_id(1) not in output
    assert secret(1) not in output
    consumer.stage("src/app.py", NOTHING)
    passed = consumer.attempt("commit", "--message=a commit")
    assert passed.returncode == 0, passed.stderr
    assert consumer.git("rev-parse", "HEAD") != before


def test_a_message_is_looked_at_under_pre_commit(consumer: Repo) -> None:
    config = (consumer.top / ".pre-commit-config.yaml").read_text()
    message_hook = config.replace("alikey-hook hook\n", "alikey-hook hook --stage commit-msg\n        stages: [commit-msg]\n")
    consumer.stage(".pre-commit-config.yaml", message_hook.replace("        args: [--]\n", ""))
    consumer.commit()
    install = [sys.executable, "-m", "pre_commit", "install", "--hook-type", "commit-msg"]
    subprocess.run(install, cwd=consumer.top, check=True, capture_output=True)
    consumer.stage("app.py", NOTHING)
    refused = consumer.attempt("commit", f"--message=Use {pair_lines()}")
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "alibaba-access-key-secret" in refused.stdout + refused.stderr
    assert consumer.attempt("commit", "--message=Use a key").returncode == 0
