"""Checkov's fork of detect-secrets, bc-detect-secrets, takes our plugins too."""

import json
from pathlib import Path

import pytest

from tests.detect_secrets_host import BASELINE, ID_TYPE, PLUGINS, SECRET_TYPE, Host, entries, filled, pair_entries
from tests.keys import secret
from tests.repository import Repo, pair_lines
from tests.wheel import built, environment, pip

pytestmark = pytest.mark.slow

CALL = 'import x\nclient = AcsClient("«ID»", "«SECRET»", "cn-hangzhou")\n'
DIFF_SCAN = """\
import json, sys
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings
with default_settings():
    found = SecretsCollection()
    found.scan_diff(sys.stdin.read())
    print(json.dumps(sorted([one.filename, one.line_number, one.type] for _, one in found)))
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with the fork instead of detect-secrets: both are the package `detect_secrets`."""
    folder = tmp_path_factory.mktemp("host")
    bin_folder = environment(folder / "env", "bc-detect-secrets", "pyyaml")
    pip(bin_folder, "install", "--no-deps", str(built(folder)))
    return bin_folder


@pytest.fixture
def host(programs: Path, repo: Repo) -> Host:
    return Host(programs, repo)


def test_the_fork_knows_our_plugins(host: Host) -> None:
    assert set(PLUGINS) <= set(host.run("detect-secrets", "scan", "--list-all-plugins").out.split())


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_scan(host: Host, method: str) -> None:
    host.repo.stage("app.py", filled(CALL))
    host.repo.stage("a.yml", "name: x\n" + filled("env:\n- ACCESS_KEY_ID=«ID»\n- ACCESS_KEY_SECRET=«SECRET»\n", 2))
    expected = [*pair_entries("a.yml", 3, 4), *pair_entries("app.py", 2, 2)]
    assert sorted(entries(host.scan_started_by(method))) == sorted(expected)


def test_the_hook_with_a_baseline(host: Host) -> None:
    host.repo.stage("app.py", pair_lines())
    refused = host.hook("app.py")
    assert refused.code == 1
    assert secret(1) not in refused.out + refused.err
    host.take_baseline()
    assert host.hook("--baseline", BASELINE, "app.py").code == 0
    host.repo.stage("app.py", pair_lines() + pair_lines(2))
    assert host.hook("--baseline", BASELINE, "app.py").code == 1


def test_audit(host: Host) -> None:
    host.repo.stage("app.py", pair_lines())
    host.take_baseline("--disable-plugin", "KeywordDetector")
    assert host.audit("y", "n").code == 0
    found = host.baseline()["results"]["app.py"]
    assert {one["type"]: one["is_secret"] for one in found} == {ID_TYPE: False, SECRET_TYPE: True}
    done = host.run("detect-secrets", "audit", "--report", BASELINE)
    assert done.code == 0, done.err
    assert len(json.loads(done.out)["results"]) == 2


def scanned_diff(host: Host, diff: str) -> list[list[object]]:
    done = host.run("python", "-c", DIFF_SCAN, stdin=diff)
    assert done.code == 0, done.err
    return [found for found in json.loads(done.out) if found[2] in (ID_TYPE, SECRET_TYPE)]


def test_a_diff_of_a_file_that_is_as_the_diff_leaves_it(host: Host) -> None:
    host.repo.stage("app.py", "import x\n" * 20)
    host.repo.commit()
    host.repo.stage("app.py", "import x\n" * 20 + pair_lines())
    diff = host.repo.git("diff", "--cached")
    assert scanned_diff(host, diff) == [["app.py", 21, ID_TYPE], ["app.py", 22, SECRET_TYPE]]


def test_a_diff_of_history_tells_what_stood_there(host: Host) -> None:
    """Checkov scans the diffs of old commits, whatever stands in the working tree today."""
    host.repo.stage("app.py", "import x\n")
    host.repo.commit()
    host.repo.stage("app.py", "import x\n" + pair_lines())
    host.repo.commit()
    host.repo.stage("app.py", "import x\n")
    host.repo.commit()
    diff = host.repo.git("diff", "HEAD~2", "HEAD~1")
    assert scanned_diff(host, diff) == [["app.py", 2, ID_TYPE], ["app.py", 3, SECRET_TYPE]]
