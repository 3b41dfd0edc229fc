"""Nobody commits her own key: what this machine is configured with is found everywhere, and nothing of it is shown."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from alikey_hook.finding import fingerprint
from tests.keys import access_key_id, secret
from tests.own_configurations import (
    FILES,
    FORMS,
    KINDS,
    NAMED_FILE,
    VARIABLES,
    Machine,
    leaks,
    leaky_message,
    machine,
    random_machine,
    traces,
)
from tests.repository import Repo

pytestmark = pytest.mark.once

RULE = "alibaba-own-key"
MACHINES = int(os.environ.get("MACHINES", "40"))
CLI = ".aliyun/config.json"
_ALL_VARIABLES = (*VARIABLES, NAMED_FILE, "ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET")


@pytest.fixture(autouse=True)
def bare(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is configured but what a test configures."""
    for name in _ALL_VARIABLES:
        monkeypatch.delenv(name, raising=False)


class Ran(NamedTuple):
    """How the program ended, its report, and all that it printed, wrote and told its children."""

    code: int
    findings: list[dict[str, Any]]
    said: str
    shown: str

    def own(self) -> list[dict[str, Any]]:
        return [finding for finding in self.findings if finding["rule"] == RULE]


class Bench(NamedTuple):
    """A repository, and a `git` in the way that keeps what it is called with."""

    repo: Repo
    folder: Path

    def run(self, *args: str, machine: Machine | None = None, stdin: bytes = b"", text: bool = False) -> Ran:
        """`alikey-hook` on a machine; the JSON report goes to a file."""
        report, calls = self.folder / "report", self.folder / "calls"
        for left in (report, calls):
            left.unlink(missing_ok=True)
        path = f"{self.folder / 'shim'}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [sys.executable, "-m", "alikey_hook", *args, *([] if text else ["--format", "json", "--output", str(report)])],
            cwd=self.repo.top,
            env={**os.environ, "PATH": path, **(machine.variables if machine else {})},
            input=stdin,
            capture_output=True,
        )
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        written = report.read_text() if report.exists() else ""
        told = calls.read_text("utf-8", "replace") if calls.exists() else ""
        return Ran(done.returncode, json.loads(written)["findings"] if written else [], err, out + err + written + told)


@pytest.fixture
def bench(repo: Repo, tmp_path: Path) -> Bench:
    shim = tmp_path / "bench" / "shim" / "git"
    shim.parent.mkdir(parents=True)
    shim.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>"{tmp_path}/bench/calls"\nexec "{shutil.which("git")}" "$@"\n')
    shim.chmod(0o755)
    repo.stage("readme", "nothing\n")
    repo.commit()
    return Bench(repo, tmp_path / "bench")


def check(ran: Ran, machine: Machine, places: dict[str, list[tuple[str, int]]]) -> None:
    """All values are found at their places (path and line), as what they are, and nothing shows them."""
    assert ran.code == 1, ran.said
    told = {(one["path"], one["line"], one["source"], one["severity"], one["confidence"], one["status"]) for one in ran.own()}
    expected = {
        (*place, source, "critical", "high", "new") for value, source in machine.sources.items() for place in places[value]
    }
    assert told == expected
    assert not [trace for trace in traces([*machine.sources, *machine.foreign]) if trace in ran.shown]


def try_all_streams(bench: Bench, machine: Machine, home: Path) -> None:
    """Leak every value of a machine in every form in what is staged, files, a message, commits and a push."""
    repo, values = bench.repo, list(machine.sources)
    machine.set_up(home)
    files = leaks(values)
    for name, content in files.items():
        repo.write(f"leaks/{name}", content)
    repo.git("add", "--all")
    in_files = {value: [(f"leaks/{name}", line) for name in files] for line, value in enumerate(values, 2)}
    check(bench.run("hook", machine=machine), machine, in_files)
    check(bench.run("scan", "leaks", machine=machine), machine, in_files)
    message = leaky_message(values)
    repo.write("message", message)
    lines = {value: [3 + at + len(values) * number for number in range(len(FORMS))] for at, value in enumerate(values)}
    in_message = {value: [("message", line) for line in at] for value, at in lines.items()}
    check(bench.run("hook", "--stage", "commit-msg", "message", machine=machine), machine, in_message)
    repo.git("commit", "--quiet", "--no-verify", "--file=message", "--cleanup=verbatim")
    in_commits = {value: in_files[value] + [("(commit message)", line) for line in at] for value, at in lines.items()}
    check(bench.run("scan", "--commits=HEAD~1..HEAD", machine=machine), machine, in_commits)
    old, new = repo.git("rev-parse", "HEAD~1", "HEAD").split()
    update = f"refs/heads/main {new} refs/heads/main {old}\n".encode()
    check(bench.run("hook", "--stage=pre-push", "origin", "a-url", machine=machine, stdin=update), machine, in_commits)
    shown = bench.run("scan", "leaks", "--verbose", "--color=always", machine=machine, text=True)
    assert shown.code == 1
    assert not [trace for trace in traces(values) if trace in shown.shown]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_configuration_in_every_form_and_stream(bench: Bench, home: Path, kind: str) -> None:
    try_all_streams(bench, machine([kind], kind), home)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(MACHINES))
def test_random_machines_in_every_form_and_stream(bench: Bench, home: Path, number: int) -> None:
    try_all_streams(bench, random_machine(number), home)


def test_a_credential_of_another_cloud_is_not_ours(bench: Bench, home: Path) -> None:
    made = machine(["rclone's configuration"], "rclone")
    made.set_up(home)
    bench.repo.stage("leak", "\n".join(made.foreign))
    assert bench.run("hook").findings == []


def test_it_can_be_turned_off(bench: Bench) -> None:
    made = machine(["ALIYUN_ACCESS_KEY_SECRET"], "off")
    bench.repo.stage("leak", "".join(made.sources))
    assert bench.run("hook", machine=made).code == 1
    for args in (("hook",), ("scan",), ("scan", "--staged")):
        off = bench.run(*args, "--no-own-keys", machine=made)
        assert (off.code, off.findings) == (0, [])


def test_without_a_configuration_nothing_is_said(bench: Bench) -> None:
    bench.repo.stage("leak", f"{secret(1)}\n")
    ran = bench.run("hook", "-v", text=True)
    assert (ran.code, ran.said) == (0, "")


def test_it_is_told_in_words(bench: Bench, home: Path) -> None:
    (home / ".aliyun").mkdir()
    (home / CLI).write_text(json.dumps({"profiles": [{"name": "default", "access_key_secret": secret(1)}]}))
    bench.repo.stage("leak", f"x {secret(1)}\n")
    shown = bench.run("hook", text=True).shown
    assert f"leak:1:3: {RULE} critical 30 characters\n    x {'*' * 30}\n" in shown
    assert "    this machine's own: profile default of ~/.aliyun/config.json\n" in shown
    assert "    本机配置的密钥：profile default of ~/.aliyun/config.json\n" in bench.run("hook", "--lang=zh", text=True).shown


@pytest.mark.parametrize("form", FORMS)
def test_where_another_rule_fires_too_it_is_told_once(bench: Bench, form: str) -> None:
    made = Machine(
        {"ALIYUN_ACCESS_KEY_ID": access_key_id(1), "ALIYUN_ACCESS_KEY_SECRET": secret(1)},
        {},
        {access_key_id(1): "the variable ALIYUN_ACCESS_KEY_ID", secret(1): "the variable ALIYUN_ACCESS_KEY_SECRET"},
        [],
    )
    written = FORMS[form]
    bench.repo.stage("app.py", f"access_key_id = '{written(access_key_id(1))}'\naccess_key_secret = '{written(secret(1))}'\n")
    found = bench.run("hook", machine=made).findings
    assert [(one["rule"], one["line"]) for one in found] == [(RULE, 1), (RULE, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "https://b.oss-cn-hangzhou.aliyuncs.com/o?OSSAccessKeyId={}&Expires=9999999999&Signature=abc",
        'AcsClient("{}", "x", "cn")',
    ],
    ids=["a signed URL", "a call"],
)
def test_in_a_url_and_in_a_call_it_is_told_once(bench: Bench, text: str) -> None:
    made = Machine({"OSS_ACCESS_KEY_ID": access_key_id(1)}, {}, {access_key_id(1): "the variable OSS_ACCESS_KEY_ID"}, [])
    bench.repo.stage("leak", text.format(access_key_id(1)))
    assert [one["rule"] for one in bench.run("hook", machine=made).findings] == [RULE]


def test_it_hides_nothing_else_at_its_place(bench: Bench) -> None:
    """In base64 two credentials have one place: allowing the own AccessKey ID must not allow a secret beside it."""
    made = Machine({"OSS_ACCESS_KEY_ID": access_key_id(1)}, {}, {access_key_id(1): "the variable OSS_ACCESS_KEY_ID"}, [])
    text = f"access_key_id = {access_key_id(1)}\naccess_key_secret = {secret(1)}\n"
    bench.repo.stage("leak", f"data: {base64.b64encode(text.encode()).decode()}\n")
    assert len(bench.run("hook", "--no-own-keys", machine=made).findings) == 2
    found = {one["rule"]: one["fingerprint"] for one in bench.run("hook", machine=made).findings}
    assert found == {RULE: fingerprint(access_key_id(1)), "alibaba-access-key-secret": fingerprint(secret(1))}


def test_a_token_that_two_places_have_is_told_once(bench: Bench, home: Path) -> None:
    """`aliyun configure` keeps it, and a shell script exports it."""
    token = f"CAIS{secret(1)}+/{secret(2)}{secret(3)}=="
    (home / ".alibabacloud").mkdir()
    (home / ".alibabacloud/credentials").write_text(f"[default]\nsecurity_token = {token}\n")
    made = Machine({"ALIBABA_CLOUD_SECURITY_TOKEN": token}, {}, {token: ""}, [])
    bench.repo.stage("leak", f"{token}\n")
    assert len(bench.run("hook", machine=made).findings) == 1


@pytest.mark.parametrize("kind", ["ALIYUN_ACCESS_KEY_ID", *FILES])
def test_an_entry_of_the_baseline_allows_it(bench: Bench, home: Path, kind: str) -> None:
    made = machine([kind], kind)
    made.set_up(home)
    bench.repo.stage("leak", "\n".join(made.sources))
    entry = "  - fingerprint: {}\n    status: test-fixture\n    reason: a value of the tests\n"
    allowed = "".join(entry.format(fingerprint(value)) for value in made.sources)
    bench.repo.stage("baseline/alikey.yaml", f"version: 1\nallow:\n{allowed}")
    ran = bench.run("hook", machine=made)
    assert ran.code == 0, [one for one in ran.findings if one["status"] != "allowed"]
    assert {(one["rule"], one["status"]) for one in ran.findings} == {(RULE, "allowed")}


def test_what_was_committed_before_does_not_stop_a_commit(bench: Bench) -> None:
    made = machine(["ALIYUN_ACCESS_KEY_SECRET"], "before")
    (value,) = made.sources
    bench.repo.stage("leak", value)
    bench.repo.commit()
    bench.repo.stage("leak", f"moved\n{value}\n")
    ran = bench.run("hook", machine=made)
    assert (ran.code, [one["status"] for one in ran.own()]) == (0, ["existing"])


def test_a_pragma_allows_it_unless_pragmas_are_refused(bench: Bench) -> None:
    made = machine(["ALIYUN_ACCESS_KEY_SECRET"], "pragma")
    bench.repo.stage("leak", f"{''.join(made.sources)}  # pragma: allowlist secret\n")
    assert bench.run("hook", machine=made).code == 0
    assert bench.run("hook", "--no-inline-allow", machine=made).code == 1


def test_a_process_command_is_never_run(bench: Bench, home: Path) -> None:
    (home / ".aliyun").mkdir()
    mark = home / "was-run"
    profile = {"name": "default", "mode": "External", "process_command": f"touch {mark}", "access_key_secret": secret(1)}
    (home / CLI).write_text(json.dumps({"current": "default", "profiles": [profile]}))
    bench.repo.stage("leak", f"{secret(1)} touch {mark}\n")
    ran = bench.run("hook")
    assert [one["source"] for one in ran.findings] == ["profile default of ~/.aliyun/config.json"]
    assert not mark.exists()
