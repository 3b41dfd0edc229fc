"""Auditing what we find with the real detect-secrets, in a pseudo-terminal."""

import json
from pathlib import Path

import pytest

from tests.detect_secrets_host import BASELINE, ID_TYPE, OURS, SECRET_TYPE, Entry, Host, entries, filled
from tests.keys import pair
from tests.repository import Repo, pair_lines
from tests.wheel import built, environment

pytestmark = pytest.mark.slow

CALL = 'import x\n\nclient = AcsClient("«ID»", "«SECRET»", "cn-hangzhou")\n'
KNOWN = {
    "an assignment": ("app.py", 'access_key_id = "«ID»"\naccess_key_secret = "«SECRET»"\n'),
    "a call": ("app.py", CALL),
    "a YAML list between mappings": ("a.yml", "env:\n- ACCESS_KEY_ID=«ID»\n- ACCESS_KEY_SECRET=«SECRET»\nname: x\n"),
}
# detect-secrets drops these lines, and with them the end of the file: it looks for a finding again by the number of its line.
DROPPED = {
    "a YAML list at the end": ("a.yml", "name: x\nenv:\n- ACCESS_KEY_ID=«ID»\n- ACCESS_KEY_SECRET=«SECRET»\n"),
    "comments at the end of YAML": ("a.yaml", "name: x\n# access_key_id: «ID»\n# access_key_secret: «SECRET»\n"),
    "comments at the end of INI": ("a.ini", "[a]\nname = x\n# access_key_id = «ID»\n; access_key_secret = «SECRET»\n"),
    "comments in TOML": ("a.toml", '[a]\nname = "x"\n# access_key_id = "«ID»"\n# access_key_secret = "«SECRET»"\n'),
}


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with our wheel and what it needs."""
    folder = tmp_path_factory.mktemp("host")
    return environment(folder / "env", built(folder), "detect-secrets==1.5.0")


@pytest.fixture
def host(programs: Path, repo: Repo) -> Host:
    return Host(programs, repo)


def labels(host: Host, path: str = "app.py") -> dict[str, bool | None]:
    """How our findings in a file are labelled in the baseline, by their type."""
    found = host.baseline()["results"][path]
    return {one["type"]: one.get("is_secret") for one in found if one["type"].startswith(OURS)}


@pytest.mark.parametrize("name", KNOWN)
def test_every_finding_can_be_labelled(host: Host, name: str) -> None:
    path, text = KNOWN[name]
    host.repo.stage(path, filled(text))
    host.take_baseline("--disable-plugin", "KeywordDetector")
    asked = [entry.type for entry in entries(host.baseline())]
    answers = {ID_TYPE: "y", SECRET_TYPE: "n"}
    audited = host.audit(*(answers[kind] for kind in asked))
    assert audited.code == 0, audited.out
    assert "not found" not in audited.out
    assert all(value in audited.out for value in pair(1))  # it shows them to whoever has to decide
    # The question is whether it may be committed: yes is no secret.
    assert labels(host, path) == {ID_TYPE: False, SECRET_TYPE: True}
    assert "Nothing to audit!" in host.audit().out


@pytest.mark.parametrize("name", DROPPED)
def test_what_it_drops_can_be_skipped_and_all_else_labelled(host: Host, name: str) -> None:
    path, text = DROPPED[name]
    host.repo.stage(path, filled(text))
    host.repo.stage("z.py", pair_lines(2))
    host.take_baseline("--disable-plugin", "KeywordDetector")
    audited = host.audit("s", "s", "y", "n")
    assert audited.code == 0, audited.out
    assert audited.out.count("Secret not found on line") == 2
    assert labels(host, "z.py") == {ID_TYPE: False, SECRET_TYPE: True}


@pytest.mark.parametrize("name", KNOWN | DROPPED)
def test_a_report_tells_every_finding(host: Host, name: str) -> None:
    path, text = (KNOWN | DROPPED)[name]
    host.repo.stage(path, filled(text))
    host.take_baseline("--disable-plugin", "KeywordDetector")
    done = host.run("detect-secrets", "audit", "--report", BASELINE)
    assert done.code == 0, done.err
    told = {(one["secrets"], one["filename"], tuple(one["types"])) for one in json.loads(done.out)["results"]}
    key_id, key_secret = pair(1)
    assert told == {(key_id, path, (ID_TYPE,)), (key_secret, path, (SECRET_TYPE,))}


def test_reports_and_statistics_follow_the_labels(host: Host) -> None:
    host.repo.stage("app.py", pair_lines())
    host.take_baseline("--disable-plugin", "KeywordDetector")
    assert host.audit("y", "n").code == 0
    real = json.loads(host.run("detect-secrets", "audit", "--report", "--only-real", BASELINE).out)["results"]
    harmless = json.loads(host.run("detect-secrets", "audit", "--report", "--only-false", BASELINE).out)["results"]
    assert [(one["types"], list(one["lines"])) for one in real] == [([SECRET_TYPE], ["2"])]
    assert [(one["types"], list(one["lines"])) for one in harmless] == [([ID_TYPE], ["1"])]
    counted = json.loads(host.run("detect-secrets", "audit", "--stats", "--json", BASELINE).out)
    raw = {name: stats["stats"]["raw"] for name, stats in counted.items()}
    assert raw == {
        "AlibabaCloudAccessKeyIdDetector": {"true-positives": 0, "false-positives": 1, "unknown": 0},
        "AlibabaCloudAccessKeySecretDetector": {"true-positives": 1, "false-positives": 0, "unknown": 0},
    }
    shown = host.run("detect-secrets", "audit", "--stats", BASELINE)
    assert shown.code == 0
    assert "Plugin: AlibabaCloudAccessKeySecretDetector\nStatistics: True Positives: 1," in shown.out


def test_labels_outlive_a_new_scan(host: Host) -> None:
    host.repo.stage("app.py", pair_lines())
    host.take_baseline("--disable-plugin", "KeywordDetector")
    host.audit("y", "n")
    host.repo.stage("app.py", "\n\n\n" + pair_lines())
    assert host.run("detect-secrets", "scan", "--baseline", BASELINE).code == 0
    assert labels(host) == {ID_TYPE: False, SECRET_TYPE: True}
    assert entries(host.baseline()) == [Entry("app.py", 4, ID_TYPE), Entry("app.py", 5, SECRET_TYPE)]


def test_skipping_going_back_and_quitting(host: Host) -> None:
    host.repo.stage("app.py", pair_lines())
    host.take_baseline("--disable-plugin", "KeywordDetector")
    assert host.audit("s", "b", "n", "q").code == 0
    assert labels(host) == {ID_TYPE: True, SECRET_TYPE: None}


def test_two_baselines_can_be_compared(host: Host) -> None:
    host.repo.stage("app.py", pair_lines())
    host.take_baseline("--disable-plugin", "KeywordDetector")
    host.repo.write("before.json", json.dumps({**host.baseline(), "results": {}}))
    done = host.run("detect-secrets", "audit", "--diff", "before.json", BASELINE, stdin="q\n")
    assert done.code == 0, done.err
    assert "ADDED" in done.out
