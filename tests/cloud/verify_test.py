"""`alikey-hook verify` as people call it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from alikey_hook.finding import fingerprint
from tests.cloud.calling import (
    ID,
    LEAK,
    NEVER_SHOWN,
    SECRET,
    SHOWN,
    STS_ID,
    STS_LEAK,
    STS_SECRET,
    call,
    command,
    environment,
)  # fmt: skip
from tests.cloud.server import REQUEST_ID, Asked, Reply, error, identity, running
from tests.keys import access_key_id, pair, secret
from tests.repository import Repo, new_repository

pytestmark = pytest.mark.once

KNOWN = {ID: SECRET, STS_ID: STS_SECRET}
USER = identity("RAMUser", "acs:ram::1234567890123456:user/ci-bot")
ROOT = identity("Account", "acs:ram::1234567890123456:root")
ROLE = identity("AssumedRoleUser", "acs:ram::1234567890123456:assumed-role/deploy/session-1")


@pytest.fixture
def leaky(repo: Repo) -> Repo:
    """A repository with a key that one commit brings and the next one takes out."""
    repo.stage("app.py", LEAK)
    repo.commit()
    repo.stage("app.py", "print()\n")
    repo.commit()
    return repo


@pytest.mark.parametrize("value", [ID, fingerprint(ID), fingerprint(SECRET), fingerprint(SECRET)[7:19]], ids=range(4))
def test_a_key_of_the_history_is_found_by_any_of_its_names(leaky: Repo, value: str) -> None:
    with running(KNOWN, lambda _: USER) as server:
        done = call(leaky, "verify", value, "--yes", "--endpoint", server.endpoint)
    assert done.returncode == 1
    first, *more = done.stdout.splitlines()
    assert first == f"{SHOWN}: LIVE"
    assert more[0] == "    RAM user, account 1234567890123456: acs:ram::1234567890123456:user/ci-bot"
    assert f"RequestId {REQUEST_ID}" in more[1]
    assert server.actions == ["GetCallerIdentity"] and server.other == []
    assert done.stderr == ""


def test_the_root_account_is_named_as_the_worst(leaky: Repo) -> None:
    with running(KNOWN, lambda _: ROOT) as server:
        done = call(leaky, "verify", "--yes", "--endpoint", server.endpoint)
    assert "Avoid AccessKeys for the root account" in done.stdout


@pytest.mark.parametrize(
    ("reply", "state", "code"),
    [
        pytest.param(USER, "live", 1, id="live"),
        pytest.param(error(400, "InvalidAccessKeyId.Inactive"), "disabled", 0, id="disabled"),
        pytest.param(error(404, "InvalidAccessKeyId.NotFound"), "deleted", 0, id="deleted"),
        pytest.param(error(400, "SignatureDoesNotMatch"), "secret-differs", 1, id="another secret"),
        pytest.param(error(403, "Forbidden.RAM"), "unknown", 2, id="unknown"),
    ],
)
def test_the_exit_code_and_the_report_say_the_verdict(leaky: Repo, reply: Reply, state: str, code: int) -> None:
    with running(KNOWN, lambda _: reply) as server:
        done = call(leaky, "verify", "--yes", "--format", "json", "--endpoint", server.endpoint)
        text = call(leaky, "verify", "--yes", "--endpoint", server.endpoint)
    assert done.returncode == text.returncode == code
    report = json.loads(done.stdout)
    (key,) = report["keys"]
    assert (key["redacted"], key["fingerprint"], key["secret_fingerprint"]) == (SHOWN, fingerprint(ID), fingerprint(SECRET))
    assert key["state"] == state and report["summary"][state] == 1
    assert len(text.stdout.splitlines()) >= 2


def test_an_sts_triple_in_a_file_is_asked_about_with_its_token(repo: Repo) -> None:
    repo.write("not_staged.py", STS_LEAK)
    with running(KNOWN, lambda _: ROLE) as server:
        done = call(repo, "verify", "--yes", "--endpoint", server.endpoint)
    assert (done.returncode, server.actions) == (1, ["GetCallerIdentity"])
    assert "assumed role" in done.stdout


def test_half_a_key_cannot_be_asked_about(repo: Repo) -> None:
    repo.stage("id.py", f'access_key_id = "{access_key_id(821)}"\n')
    with running({}, lambda _: USER) as server:
        done = call(repo, "verify", "--yes", "--endpoint", server.endpoint)
    assert (done.returncode, server.asked) == (2, [])
    assert "no secret is found with it" in done.stdout


def test_many_keys_are_asked_about_once_each(repo: Repo) -> None:
    pairs = dict(pair(seed) for seed in range(830, 842))
    for number, (key, value) in enumerate(pairs.items()):
        repo.stage(f"{number}.py", f'access_key_id = "{key}"\naccess_key_secret = "{value}"\n')
    dead = sorted(pairs)[:3]
    inactive = error(400, "InvalidAccessKeyId.Inactive")
    with running(pairs, lambda one: inactive if one.signer in dead else USER) as server:
        done = call(repo, "verify", "--yes", "--format", "json", "--endpoint", server.endpoint)
    summary = json.loads(done.stdout)["summary"]
    assert (summary["live"], summary["disabled"], done.returncode) == (9, 3, 1)
    assert sorted(one.signer for one in server.asked) == sorted(pairs)


def test_nothing_is_asked_from_a_pipe_without_yes(leaky: Repo) -> None:
    with running(KNOWN, lambda _: USER) as server:
        done = call(leaky, "verify", "--endpoint", server.endpoint, stdin="y\n")
    assert (done.returncode, done.stdout, server.asked) == (2, "", [])
    assert f"1 AccessKeys are about to be asked about at 127.0.0.1:{server.port}" in done.stderr
    assert "no secret" in done.stderr and "--yes" in done.stderr


@pytest.mark.parametrize(("typed", "code", "calls"), [("y\n", 1, 2), ("n\n", 2, 0), ("\n", 2, 0), ("\x04", 2, 0)], ids=range(4))
def test_a_person_is_asked_before_the_first_call(leaky: Repo, typed: str, code: int, calls: int) -> None:
    pty = pytest.importorskip("pty")
    leaky.write("more.py", STS_LEAK)
    with running(KNOWN, lambda _: USER) as server:
        ours, theirs = pty.openpty()
        arguments = command("verify", "--endpoint", server.endpoint)
        process = subprocess.Popen(
            arguments, cwd=leaky.top, env=environment(), stdin=theirs, stdout=subprocess.PIPE, stderr=theirs
        )
        os.close(theirs)
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(ours, 4096)
            assert server.asked == []
        os.write(ours, typed.encode())
        out, _ = process.communicate(timeout=30)
        while chunk := _read(ours):
            shown += chunk
        os.close(ours)
    assert (process.returncode, len(server.asked)) == (code, calls)
    assert out.count(b"LIVE") == calls
    assert not any(value.encode() in out + shown for value in NEVER_SHOWN)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side is closed
        return b""


def test_an_expired_sts_triple_is_recorded_with_its_token(repo: Repo) -> None:
    repo.write("app.py", STS_LEAK)
    with running(KNOWN, lambda _: error(400, "InvalidSecurityToken.Expired")) as server:
        done = call(repo, "verify", "--yes", "--record", "--endpoint", server.endpoint)
    assert (done.returncode, len(list((repo.top / "baseline").glob("*.yaml")))) == (0, 3)
    assert repo.scan("app.py").returncode == 0


def test_the_verdicts_can_be_given_to_respond(leaky: Repo, tmp_path: Path) -> None:
    verdicts = tmp_path / "verdicts.json"
    with running(KNOWN, lambda _: USER) as server:
        call(leaky, "verify", "--yes", "--format", "json", "--output", str(verdicts), "--endpoint", server.endpoint)
    for language, words in (("en", "Is it alive: live, RAM user, "), ("zh", "密钥状态：live, RAM user, ")):
        done = call(leaky, "respond", fingerprint(SECRET), "--verified", str(verdicts), "--lang", language)
        assert done.returncode == 1 and words in done.stdout
    leaky.stage("b.py", f'access_key_id = "{access_key_id(822)}"\n')
    assert "says nothing of this value" in call(leaky, "respond", access_key_id(822), "--verified", str(verdicts)).stderr
    for content in ("", "[]", '{"keys": [1]}', '{"keys": 1}'):
        verdicts.write_text(content, "utf-8")
        done = call(leaky, "respond", ID, "--verified", str(verdicts))
        assert (done.returncode, done.stdout) == (2, "")
        assert "is no report of verdicts" in done.stderr


def test_reports_and_fingerprints_are_read_from_files_and_standard_input(leaky: Repo, tmp_path: Path) -> None:
    report = leaky.scan("--history", "--format", "json").stdout
    (tmp_path / "report.json").write_text(report, "utf-8")
    with running(KNOWN, lambda _: USER) as server:
        for arguments, stdin in (
            (("--from", str(tmp_path / "report.json")), ""),
            (("-",), report),
            (("-",), f"{fingerprint(SECRET)}\n"),
        ):
            done = call(leaky, "verify", *arguments, "--yes", "--endpoint", server.endpoint, stdin=stdin)
            assert (done.returncode, done.stdout.splitlines()[0]) == (1, f"{SHOWN}: LIVE")
        for bad in ("{", '{"findings": 1}', '{"findings": [1]}'):
            assert call(leaky, "verify", "-", "--yes", "--endpoint", server.endpoint, stdin=bad).returncode == 2
        assert call(leaky, "verify", "--from", "nowhere.json", "--yes", "--endpoint", server.endpoint).returncode == 2
    assert len(server.asked) == 3


@pytest.mark.parametrize("name", ["json", "sarif"])
def test_of_a_report_only_what_it_found_is_asked_about(leaky: Repo, tmp_path: Path, name: str) -> None:
    leaky.write("sts.py", STS_LEAK)
    leaky.write("allowed.py", f'key = "{access_key_id(823)}"  # pragma: allowlist secret\n')
    report = leaky.scan("sts.py", "allowed.py", "--format", name).stdout
    (tmp_path / "report").write_text(report, "utf-8")
    with running(KNOWN, lambda _: error(400, "InvalidSecurityToken.Expired")) as server:
        for source, stdin in ((str(tmp_path / "report"), ""), ("-", report)):
            done = call(leaky, "verify", "--from", source, "--yes", "--endpoint", server.endpoint, stdin=stdin)
            assert (done.returncode, done.stderr) == (0, "")
        assert call(leaky, "verify", "-", "--yes", "--endpoint", server.endpoint, stdin=report).returncode == 0
    assert [one.signer for one in server.asked] == [STS_ID] * 3


@pytest.mark.parametrize("name", ["json", "sarif"])
@pytest.mark.parametrize(
    ("reply", "code"),
    [(USER, 1), (error(400, "InvalidAccessKeyId.Inactive"), 2)],
    ids=["another one lives", "another one is dead"],
)
def test_what_a_report_found_and_is_not_here_any_more_is_unknown(
    leaky: Repo, tmp_path: Path, name: str, reply: Reply, code: int
) -> None:
    gone = access_key_id(824)
    leaky.write("app.py", LEAK + f'other = "{gone}"\n')
    report = tmp_path / "report"
    report.write_text(leaky.scan("app.py", "--format", name).stdout, "utf-8")
    leaky.write("app.py", "print()\n")  # the history still has the pair
    with running(KNOWN, lambda _: reply) as server:
        ask = ("verify", "--from", str(report), "--yes", "--record", "--endpoint", server.endpoint)
        text, as_json = call(leaky, *ask), call(leaky, *ask, "--format", "json")
    assert text.returncode == as_json.returncode == code
    assert f"{gone[:8]}…{gone[-4:]}, {fingerprint(gone)[:19]}…: unknown\n    it is nowhere in this repository" in text.stdout
    states = {key["fingerprint"]: key["state"] for key in json.loads(as_json.stdout)["keys"]}
    assert states == {fingerprint(ID): "live" if code == 1 else "disabled", fingerprint(gone): "unknown"}
    assert not list((leaky.top / "baseline").glob(f"*{fingerprint(gone)[7:15]}*"))


def test_in_another_repository_nothing_of_a_report_is_asked_about(leaky: Repo, tmp_path: Path) -> None:
    report = tmp_path / "report"
    report.write_text(leaky.scan("--history", "--format", "json").stdout, "utf-8")
    with running(KNOWN, lambda _: USER) as server:
        done = call(new_repository(tmp_path / "other"), "verify", "--from", str(report), "--endpoint", server.endpoint)
    assert (done.returncode, server.asked) == (2, [])
    assert done.stdout.count("it is nowhere in this repository") == 2


def test_a_name_of_a_report_that_is_empty_is_no_wish_to_ask_about_everything(leaky: Repo) -> None:
    with running(KNOWN, lambda _: USER) as server:
        done = call(leaky, "verify", "--from", "", "--yes", "--endpoint", server.endpoint)
    assert (done.returncode, done.stdout, server.asked) == (2, "", [])


@pytest.mark.parametrize("value", ["frob", "sha256:" + "0" * 64, "deadbeef", secret(899)], ids=range(4))
def test_what_is_not_here_is_an_error_and_is_not_repeated(leaky: Repo, value: str) -> None:
    with running(KNOWN, lambda _: USER) as server:
        done = call(leaky, "verify", value, "--yes", "--endpoint", server.endpoint)
    assert (done.returncode, done.stdout, server.asked) == (2, "", [])
    assert secret(899) not in done.stderr


def test_what_the_baseline_allows_is_left_alone(leaky: Repo) -> None:
    prints = [fingerprint(ID), fingerprint(SECRET)]
    entries = "".join(f"  - fingerprint: {one}\n    status: example\n    reason: a test\n" for one in sorted(prints))
    leaky.write("baseline/alikey.yaml", f"version: 1\nallow:\n{entries}")
    with running(KNOWN, lambda _: USER) as server:
        done = call(leaky, "verify", "--yes", "--endpoint", server.endpoint)
    assert (done.returncode, server.asked) == (0, [])
    assert "nothing here to ask about" in done.stderr


def test_what_is_dead_can_be_recorded_and_then_passes(leaky: Repo) -> None:
    with running(KNOWN, lambda _: error(400, "InvalidAccessKeyId.Inactive")) as server:
        done = call(leaky, "verify", "--yes", "--record", "--endpoint", server.endpoint)
        again = call(leaky, "verify", "--yes", "--record", ID, "--endpoint", server.endpoint)
    assert (done.returncode, again.returncode, again.stderr) == (0, 0, "")
    recorded = sorted((leaky.top / "baseline").glob("alikey-*.yaml"))
    assert len(recorded) == 2
    for path in recorded:
        (entry,) = yaml.safe_load(path.read_text("utf-8"))["allow"]
        assert entry["fingerprint"] in (fingerprint(ID), fingerprint(SECRET))
        assert entry["status"] == "revoked" and entry["expires_on"] > entry["reviewed_on"]
        assert "disabled, InvalidAccessKeyId.Inactive" in entry["reason"] and REQUEST_ID in entry["reason"]
    leaky.write("app.py", LEAK)
    assert leaky.scan("app.py").returncode == 0


@pytest.mark.parametrize("reply", [USER, error(400, "SignatureDoesNotMatch"), error(400, "Forbidden")], ids=range(3))
def test_what_is_not_dead_is_not_recorded(leaky: Repo, reply: Reply) -> None:
    with running(KNOWN, lambda _: reply) as server:
        call(leaky, "verify", "--yes", "--record", "--endpoint", server.endpoint)
    assert not (leaky.top / "baseline").exists()


@pytest.mark.parametrize("name", ["verify", "disable", "events", "keys"])
def test_without_the_extra_it_says_how_to_install_it(leaky: Repo, tmp_path: Path, name: str) -> None:
    missing = tmp_path / "missing" / "alibabacloud_tea_openapi"
    missing.mkdir(parents=True)
    (missing / "__init__.py").write_text("raise ImportError('not here')\n", "utf-8")
    arguments = {"verify": [], "keys": ["--as", "env"]}.get(name, [ID, "--as", "env"])
    path = f"{missing.parent}:{Path(__file__).parents[2]}"
    done = call(leaky, name, *arguments, env={"PYTHONPATH": path})
    assert (done.returncode, done.stdout) == (2, "")
    assert "help: pip install 'alikey-hook[cloud]'" in done.stderr


def test_another_version_of_the_client_is_refused(leaky: Repo, tmp_path: Path) -> None:
    for module in ("alibabacloud_tea_openapi/client.py", "darabonba/core.py"):
        file = tmp_path / "other" / module
        file.parent.mkdir(parents=True)
        (file.parent / "__init__.py").touch()
        file.touch()
    done = call(leaky, "verify", "--yes", env={"PYTHONPATH": f"{tmp_path / 'other'}:{Path(__file__).parents[2]}"})
    assert (done.returncode, done.stdout) == (2, "")
    assert "this version of Alibaba Cloud's client is not known here" in done.stderr


def test_a_secret_without_its_id_cannot_be_asked_about(repo: Repo) -> None:
    repo.write("app.py", LEAK.splitlines()[1])
    done = call(repo, "verify", "--yes")
    assert done.returncode == 2
    assert "alibaba-access-key-secret: it is not found with what it belongs to" in done.stdout


@pytest.mark.parametrize("host", ["evil.example.com", "sts.aliyuncs.com.evil.example", "http://sts.aliyuncs.com", "a b", "-x"])
def test_nothing_goes_to_a_host_that_is_not_alibabas(leaky: Repo, host: str) -> None:
    done = call(leaky, "verify", "--yes", f"--endpoint={host}")
    assert (done.returncode, done.stdout) == (2, "")


def test_the_proxy_is_used_for_hosts_outside(leaky: Repo) -> None:
    with running({}, lambda _: USER) as proxy:
        env = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), f"http://127.0.0.1:{proxy.port}")
        done = call(leaky, "verify", "--yes", "--timeout", "2", env=env)
    assert done.returncode == 2
    assert "the proxy does not answer" in done.stdout
    assert set(proxy.other) == {"CONNECT sts.aliyuncs.com:443"}


def test_no_process_ever_has_a_secret_in_its_arguments(leaky: Repo) -> None:
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("needs /proc")
    seen: set[bytes] = set()
    session = 0

    def look() -> None:
        # Of the command's own session: other tests may run beside this one.
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if os.getsid(int(path.parent.name)) == session:
                    seen.add(path.read_bytes())
            except OSError:
                continue

    def answer(_: Asked) -> Reply:
        look()
        return USER

    with running(KNOWN, answer) as server:
        arguments = command("verify", fingerprint(SECRET), "--yes", "--endpoint", server.endpoint)
        process = subprocess.Popen(
            arguments, cwd=leaky.top, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
        session = process.pid
        while process.poll() is None:
            look()
        out, err = process.communicate(timeout=10)
    assert b"LIVE" in out and err == b""
    assert any(fingerprint(SECRET).encode() in arguments for arguments in seen) and len(seen) >= 2
    assert not any(value.encode() in arguments for value in NEVER_SHOWN for arguments in seen)


def test_a_scan_never_loads_the_client(leaky: Repo) -> None:
    probe = (
        "import sys; from alikey_hook.cli import main; main(['hook']); main(['scan', '--history']); main(['verify', '--help']);"
        "print(sorted(n for n in sys.modules if n.startswith(('alibabacloud', 'darabonba', 'Tea', 'requests'))))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=leaky.top, env=environment(), capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"
