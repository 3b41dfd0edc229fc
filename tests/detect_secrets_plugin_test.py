"""The detectors on detect-secrets' contract, without its programs, and scanning and hooking with the real ones."""

import ast
import json
import re
import sys
from pathlib import Path

import pytest
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.util.inject import call_function_with_arguments

from alikey_hook import detect_secrets_module, secret_types
from alikey_hook import detect_secrets_plugin as plugin
from alikey_hook.detect.rules import RULES
from tests.detect_secrets_host import (
    BASELINE,
    ID_TYPE,
    PLUGINS,
    SECRET_TYPE,
    Entry,
    Host,
    entries,
    filled,
    pair_entries,
)
from tests.keys import access_key_id, pair, secret
from tests.repository import Repo, pair_lines
from tests.wheel import ROOT, built, environment, pip, pythons

# These stand in the baselines of users: whoever changes one makes each of their findings a new one.
TYPES = {
    "AlibabaCloudAccessKeyIdDetector": "Alibaba Cloud AccessKey ID",
    "AlibabaCloudAccessKeySecretDetector": "Alibaba Cloud AccessKey Secret",
    "AlibabaCloudStsTokenDetector": "Alibaba Cloud STS Token",
    "AlibabaCloudApiKeyDetector": "Alibaba Cloud API Key",
}
CALL = 'client = AcsClient("«ID»", "«SECRET»", "cn-hangzhou")\n'
# A file, and the lines of the id and of the secret in it. Each has a line that detect-secrets hands over.
CONTEXTS = {
    "an assignment": ("app.py", 'access_key_id = "«ID»"\naccess_key_secret = "«SECRET»"\n', 1, 2),
    "AcsClient": ("app.py", "import sdk\n" + CALL, 2, 2),
    "oss2.Auth": ("app.py", 'import oss2\nauth = oss2.Auth("«ID»", "«SECRET»")\n', 2, 2),
    "getProfile": ("App.java", 'class App {\nvar p = DefaultProfile.getProfile("cn", "«ID»", "«SECRET»");\n}\n', 2, 2),
    "getenv with a default": (
        "app.py",
        'import os\nkey_id = os.getenv("OSS_ACCESS_KEY_ID", "«ID»")\nkey = os.getenv("OSS_ACCESS_KEY_SECRET", "«SECRET»")\n',
        2,
        3,
    ),
    "a YAML mapping": ("app.yaml", "oss:\n  access-key-id: «ID»\n  access-key-secret: «SECRET»\n", 2, 3),
    "a YAML list between mappings": ("a.yml", "env:\n- ACCESS_KEY_ID=«ID»\n- ACCESS_KEY_SECRET=«SECRET»\nname: x\n", 2, 3),
    "a YAML list at the end": ("a.yml", "name: x\nenv:\n- ACCESS_KEY_ID=«ID»\n- ACCESS_KEY_SECRET=«SECRET»\n", 3, 4),
    "nothing but a YAML list": ("a.yml", "- ACCESS_KEY_ID=«ID»\n- ACCESS_KEY_SECRET=«SECRET»\n", 1, 2),
    "comments in YAML": ("a.yaml", "name: x\n# access_key_id: «ID»\n# access_key_secret: «SECRET»\n", 2, 3),
    "comments in INI": ("a.ini", "[a]\nname = x\n# access_key_id = «ID»\n; access_key_secret = «SECRET»\n", 3, 4),
    "comments in TOML": ("a.toml", '[a]\nname = "x"\n# access_key_id = "«ID»"\n# access_key_secret = "«SECRET»"\n', 3, 4),
    "a comment in Python": ("app.py", '# old: access_key_id = "«ID»", access_key_secret = "«SECRET»"\n', 1, 1),
    "JSON": ("a.json", '{\n "accessKeyId": "«ID»",\n "accessKeySecret": "«SECRET»"\n}\n', 2, 3),
    "CRLF": ("a.env", "A=1\r\nALIYUN_ACCESS_KEY_ID=«ID»\r\nALIYUN_ACCESS_KEY_SECRET=«SECRET»\r\n", 2, 3),
    "no line feed at the end": ("a.env", "ACCESS_KEY_ID=«ID»\nACCESS_KEY_SECRET=«SECRET»", 1, 2),
    "Chinese": ("readme.md", "密钥如下\nAccessKey ID：«ID»\nAccessKey Secret：«SECRET»\n", 2, 3),
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with our wheel and what it needs."""
    return environment(tmp_path_factory.mktemp("host") / "env", wheel, "detect-secrets==1.5.0")


@pytest.fixture
def host(programs: Path, repo: Repo) -> Host:
    return Host(programs, repo)


def found_in_line(name: str, path: str, line: str, number: int = 1, **options: str) -> list[tuple[str | None, int]]:
    """Values and lines that a detector finds, called as the host calls it."""
    detector = getattr(plugin, name)(**options)
    found = call_function_with_arguments(detector.analyze_line, filename=path, line=line, line_number=number, context=None)
    return sorted((one.secret_value, one.line_number) for one in found)


def test_the_names_in_baselines_never_change() -> None:
    assert {name: getattr(plugin, name).secret_type for name in TYPES} == TYPES
    assert len(set(TYPES.values())) == len(TYPES)


def test_the_module_for_the_wheel_has_the_detectors_and_imports_nothing_else() -> None:
    assert sorted(detect_secrets_module.__all__) == sorted(TYPES)
    imported = [node for node in ast.walk(ast.parse(Path(detect_secrets_module.__file__).read_text())) if "Import" in str(node)]
    assert [getattr(node, "module", None) for node in imported] == ["alikey_hook.detect_secrets_plugin"]


def test_every_rule_has_a_secret_type() -> None:
    assert set(secret_types.OF_RULES) == {rule.id for rule in RULES} - {"alibaba-own-key"}
    assert set(secret_types.OF_RULES.values()) == set(TYPES.values())


@pytest.mark.parametrize("name", TYPES)
def test_a_detector_is_what_the_host_takes_for_one(name: str) -> None:
    detector = getattr(plugin, name)()
    assert isinstance(detector, RegexBasedDetector)
    assert detector.json() == {"name": name}
    assert detector == getattr(plugin, name)(unknown_option=1)
    assert detector.verify("anything").name == "UNVERIFIED"


def test_a_line_of_no_file_is_looked_at_by_itself() -> None:
    line = filled(CALL).rstrip()
    assert found_in_line(PLUGINS[0], "adhoc-string-scan", line, 0) == [(access_key_id(1), 0)]
    assert found_in_line(PLUGINS[1], "adhoc-string-scan", line, 7) == [(secret(1), 7)]
    assert found_in_line(PLUGINS[2], "adhoc-string-scan", line) == []
    assert found_in_line(PLUGINS[1], "adhoc-string-scan", f'\ud800\0 access_key_secret = "{secret(1)}"') == [(secret(1), 1)]


@pytest.mark.parametrize("confidence", ["low", "medium", "high"])
def test_the_option_min_confidence(confidence: str) -> None:
    lines = {"low": 'secret = "{}"', "medium": '# aliyun: key = "{}"', "high": 'access_key_secret = "{}"'}
    accepted = list(lines)[list(lines).index(confidence) :]
    found = {
        sure
        for sure, line in lines.items()
        if found_in_line(PLUGINS[1], "x", line.format(secret(1)), min_confidence=confidence)
    }
    assert found == set(accepted)
    assert plugin.AlibabaCloudApiKeyDetector(min_confidence=confidence).json() == {
        "name": "AlibabaCloudApiKeyDetector",
        **({} if confidence == "medium" else {"min_confidence": confidence}),
    }


def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    for seed in (1, 2):
        path.write_text("\n" * seed + pair_lines(seed))
        assert found_in_line(PLUGINS[1], str(path), "") == [(secret(seed), seed + 2)]
    path.unlink()
    assert found_in_line(PLUGINS[1], str(path), "") == []


def test_the_first_line_tells_all_and_each_other_its_own(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_text("import x\n" + filled(CALL) + "\n" + filled(CALL, 2))
    detector = plugin.AlibabaCloudAccessKeySecretDetector()
    lines = path.read_text().splitlines()
    told = [
        sorted(one.line_number for one in detector.analyze_line(str(path), lines[number - 1], number))
        for number in (1, 2, 3, 4, 1)
    ]
    assert told == [[2, 4], [2], [], [4], [2, 4]]


def documented_file() -> str:
    """The file that `docs/detect-secrets.md` has people write."""
    (text,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "detect-secrets.md").read_text("utf-8"), re.DOTALL)
    return str(text)


def test_the_one_line_file_without_the_wheel(repo: Repo) -> None:
    """The editable install of the tests has no module in the host's folder, as an environment without our wheel."""
    host = Host(Path(sys.executable).parent, repo)
    if PLUGINS[0] in host.run("detect-secrets", "scan", "--list-all-plugins").out:
        pytest.skip("our wheel is installed here")
    repo.stage("detect_secrets_alibaba.py", documented_file())
    repo.stage("app.py", "import x\n" + filled(CALL))
    made = host.take_baseline("-p", "detect_secrets_alibaba.py")
    assert sorted(entries(made)) == pair_entries("app.py", 2, 2)
    assert {entry["name"] for entry in made["plugins_used"] if "path" in entry} == set(PLUGINS)
    assert host.hook("--baseline", BASELINE, "app.py").code == 0
    repo.stage("other.py", pair_lines(2))
    assert host.hook("--baseline", BASELINE, "other.py").code == 1


@pytest.mark.slow
def test_the_one_line_file_beside_the_wheel(host: Host) -> None:
    host.repo.stage("detect_secrets_alibaba.py", documented_file())
    host.repo.stage("app.py", pair_lines())
    done = host.run("detect-secrets", "scan", "-p", "detect_secrets_alibaba.py")
    assert done.code == 0, done.err
    assert entries(json.loads(done.out)) == pair_entries("app.py", 1, 2)


@pytest.mark.slow
def test_the_host_knows_our_plugins_without_a_path(host: Host) -> None:
    assert set(PLUGINS) <= set(host.run("detect-secrets", "scan", "--list-all-plugins").out.split())
    used = host.scan()["plugins_used"]
    assert [entry for entry in used if entry["name"] in PLUGINS] == [{"name": name} for name in sorted(PLUGINS)]


@pytest.mark.slow
@pytest.mark.parametrize("context", CONTEXTS)
def test_a_pair_is_found_in_its_lines(host: Host, context: str) -> None:
    path, text, id_line, secret_line = CONTEXTS[context]
    host.repo.stage(path, filled(text))
    expected = sorted(pair_entries(path, id_line, secret_line))
    assert sorted(entries(host.scan())) == expected
    assert host.hook(path).code == 1


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_many_files_however_processes_are_started(host: Host, method: str) -> None:
    expected = []
    for number in range(60):
        path = f"src/app{number:02}.py"
        host.repo.write(path, "import x\n" * number + filled(CALL, number) if number % 3 else "nothing = 1\n")
        expected += pair_entries(path, number + 1, number + 1) if number % 3 and number else []
    host.repo.git("add", "--all")
    assert sorted(entries(host.scan_started_by(method))) == sorted(expected)


@pytest.mark.slow
def test_the_hook_without_and_with_a_baseline(host: Host) -> None:
    host.repo.stage("app.py", pair_lines())
    refused = host.hook("app.py")
    assert refused.code == 1
    assert f"Secret Type: {ID_TYPE}\nLocation:    app.py:1\n" in refused.out
    assert f"Secret Type: {SECRET_TYPE}\nLocation:    app.py:2\n" in refused.out
    assert secret(1) not in refused.out + refused.err
    host.take_baseline()
    assert host.hook("--baseline", BASELINE, "app.py").code == 0
    host.repo.stage("app.py", pair_lines() + pair_lines(2))
    refused = host.hook("--baseline", BASELINE, "app.py")
    assert refused.code == 1
    assert "Location:    app.py:4" in refused.out
    assert "Location:    app.py:2" not in refused.out
    host.repo.stage("app.py", "\n\n" + pair_lines())
    assert host.hook("--baseline", BASELINE, "app.py").code == 3  # it has written the new lines into its baseline
    assert entries(host.baseline()) == pair_entries("app.py", 3, 4)


@pytest.mark.slow
def test_a_plugin_can_be_disabled(host: Host) -> None:
    host.repo.stage("app.py", pair_lines())
    made = host.take_baseline("--disable-plugin", PLUGINS[1])
    assert entries(made) == [Entry("app.py", 1, ID_TYPE)]
    assert PLUGINS[1] not in {entry["name"] for entry in made["plugins_used"]}
    host.repo.stage("app.py", pair_lines() + f'oss_access_key_secret = "{secret(2)}"\n')
    told = host.hook("--baseline", BASELINE, "--disable-plugin", "KeywordDetector", "app.py")
    assert SECRET_TYPE not in told.out
    everything = [argument for name in PLUGINS for argument in ("--disable-plugin", name)]
    assert entries(host.scan(*everything)) == []


@pytest.mark.slow
def test_a_baseline_works_in_another_folder(host: Host, tmp_path: Path) -> None:
    host.repo.stage("src/app.py", pair_lines())
    host.take_baseline()
    assert str(tmp_path) not in (host.repo.top / BASELINE).read_text()
    host.repo.commit()
    host.repo.git("clone", "--quiet", ".", str(tmp_path / "elsewhere"))
    moved = Host(host.programs, Repo(tmp_path / "elsewhere"))
    assert moved.hook("--baseline", BASELINE, "src/app.py").code == 0
    moved.repo.stage("src/app.py", pair_lines(2))
    assert moved.hook("--baseline", BASELINE, "src/app.py").code == 1


@pytest.mark.slow
def test_an_existing_baseline_takes_the_plugins_up(host: Host) -> None:
    host.repo.stage("app.py", "import x\n" + filled(CALL))
    before = host.take_baseline(*(argument for name in PLUGINS for argument in ("--disable-plugin", name)))
    assert not set(PLUGINS) & {entry["name"] for entry in before["plugins_used"]}
    assert host.hook("--baseline", BASELINE, "app.py").code == 0
    done = host.run("detect-secrets", "scan", "--baseline", BASELINE, "--force-use-all-plugins")
    assert done.code == 0, done.err
    after = host.baseline()
    assert set(PLUGINS) <= {entry["name"] for entry in after["plugins_used"]}
    assert sorted(entries(after)) == pair_entries("app.py", 2, 2)
    host.repo.git("add", "--all")
    host.repo.stage("new.py", pair_lines(2))
    assert host.hook("--baseline", BASELINE, "app.py", "new.py").code == 1


@pytest.mark.slow
def test_options_survive_in_a_baseline(host: Host) -> None:
    host.repo.stage("app.py", f'secret = "{secret(1)}"\naccess_key_secret = "{secret(2)}"\n')
    made = host.take_baseline("--disable-plugin", "KeywordDetector")
    assert entries(made) == [Entry("app.py", 2, SECRET_TYPE)]
    for entry in made["plugins_used"]:
        if entry["name"] == PLUGINS[1]:
            entry["min_confidence"] = "low"
    host.write_baseline(made)
    assert host.hook("--baseline", BASELINE, "app.py").code == 1
    assert host.run("detect-secrets", "scan", "--baseline", BASELINE).code == 0
    after = host.baseline()
    assert {"name": PLUGINS[1], "min_confidence": "low"} in after["plugins_used"]
    assert {"name": PLUGINS[0]} in after["plugins_used"]
    assert entries(after) == [Entry("app.py", 1, SECRET_TYPE), Entry("app.py", 2, SECRET_TYPE)]
    host.repo.git("add", "--all")
    assert host.hook("--baseline", BASELINE, "app.py").code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        ('access_key_id = "«ID»"  # pragma: allowlist secret\naccess_key_secret = "«SECRET»"\n', [2], [1]),
        ('access_key_id = "«ID»"\naccess_key_secret = "«SECRET»"  # pragma: allowlist secret\n', [1], [2]),
        ('x = 1\n# pragma: allowlist nextline secret\naccess_key_id = "«ID»"\naccess_key_secret = "«SECRET»"\n', [4], [3]),
        # detect-secrets never hands over a call's line, and so cannot show what a pragma hides there.
        ("import x\n" + CALL.replace("\n", "  # pragma: allowlist secret\n"), [], []),
        ("import x\n# pragma: whitelist secret\n" + CALL, [3, 3], []),
        ('x = 1  # pragma: allowlist secret\n\naccess_key_id = "«ID»"\naccess_key_secret = "«SECRET»"\n', [3, 4], []),
    ],
    ids=[
        "on the id's line",
        "on the secret's line",
        "on the line above",
        "on a call's line",
        "on the line above, but for its own line",
        "on a harmless line",
    ],
)
def test_pragmas_hide_and_only_allowlisted_shows_what_they_hide(
    host: Host, text: str, shown: list[int], hidden: list[int]
) -> None:
    host.repo.stage("app.py", filled(text))
    assert [entry.line for entry in entries(host.scan())] == shown
    assert [entry.line for entry in entries(host.scan("--only-allowlisted"))] == hidden
    assert host.hook("--disable-plugin", "KeywordDetector", "app.py").code == (1 if shown else 0)


@pytest.mark.slow
def test_a_string_given_by_hand(host: Host) -> None:
    key_id, key_secret = pair(1)
    for text in (filled(CALL), f"AccessKeyId={key_id}&AccessKeySecret={key_secret}"):
        done = host.run("detect-secrets", "scan", "--string", text)
        told = {name: said.strip() for name, _, said in (line.partition(":") for line in done.out.splitlines())}
        told = {name.strip(): said for name, said in told.items()}
        assert [told[name] for name in PLUGINS] == ["True  (unverified)", "True  (unverified)", "False", "False"]
    done = host.run("detect-secrets", "scan", "--string", stdin="nothing here\n")
    assert done.code == 0
    assert "AlibabaCloudApiKeyDetector         : False" in done.out


@pytest.mark.slow
@pytest.mark.parametrize("version", list(pythons()))
def test_every_python(wheel: Path, repo: Repo, tmp_path: Path, version: str) -> None:
    host = Host(environment(tmp_path / "env", wheel, python=pythons()[version]), repo)
    repo.stage("app.py", "import x\n" + filled(CALL))
    repo.stage("b.yml", filled(CONTEXTS["nothing but a YAML list"][1], 2))
    assert len(entries(host.take_baseline())) == 4
    assert host.hook("--baseline", BASELINE, "app.py", "b.yml").code == 0
    assert host.hook("app.py").code == 1


@pytest.mark.slow
def test_without_us_a_baseline_that_names_us_fails_closed(wheel: Path, repo: Repo, tmp_path: Path) -> None:
    programs = environment(tmp_path / "env", wheel)
    host = Host(programs, repo)
    repo.stage("app.py", pair_lines())
    host.take_baseline()
    assert host.hook("--baseline", BASELINE, "app.py").code == 0
    pip(programs, "uninstall", "--yes", "alikey-hook")
    done = host.hook("--baseline", BASELINE, "app.py")
    assert done.code not in (0, 3)
    assert "No such `AlibabaCloudAccessKeyIdDetector` plugin" in done.err
    # What else detect-secrets does goes on as if we had never been there.
    assert not set(PLUGINS) & set(host.run("detect-secrets", "scan", "--list-all-plugins").out.split())
    assert entries(host.scan()) == []
