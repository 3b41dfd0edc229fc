"""What is meant: a fingerprint, its first digits, an AccessKey ID; and what is none of that."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from alikey_hook.finding import fingerprint
from tests.corpus.fill import credential
from tests.history.scanning import NOTHING, READS, grown, put, shim
from tests.keys import access_key_id, legacy_id, secret
from tests.repository import Repo, pair_lines
from tests.response.incidents import CLI, of, ran, told

ERROR = "alikey-hook: that is no fingerprint and no AccessKey ID.\nhelp: Copy the fingerprint from a report.\n"


@pytest.fixture
def leaked(repo: Repo) -> Repo:
    """A repository with a committed pair."""
    put(repo, "2024-01-01", NOTHING, "other.py")
    put(repo, "2024-01-02")
    return repo


@pytest.mark.parametrize(
    "value",
    [of(1), of(1).removeprefix("sha256:"), of(1)[:15], of(1)[7:15], of(1)[:40], access_key_id(1)],
    ids=["fingerprint", "its digits", "sha256: and 8 digits", "8 digits", "33 digits", "AccessKey ID"],
)
def test_what_is_meant(leaked: Repo, value: str) -> None:
    done = ran(leaked.top, value, "--format", "json")
    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads(done.stdout)
    key = access_key_id(1)
    assert {name: report[name] for name in ("rule", "redacted", "fingerprint", "severity")} == {
        "rule": "alibaba-access-key-id",
        "redacted": f"{key[:8]}…{key[-4:]}",
        "fingerprint": of(1),
        "severity": "critical",
    }


def test_a_secret_by_its_fingerprint(leaked: Repo) -> None:
    report = json.loads(ran(leaked.top, fingerprint(secret(1)), "--format", "json").stdout)
    assert (report["rule"], report["redacted"]) == ("alibaba-access-key-secret", "30 characters")


@pytest.mark.parametrize("kind", ["legacy", "sts"])
def test_other_ids(repo: Repo, kind: str) -> None:
    value = legacy_id(3) if kind == "legacy" else credential("stsid", random.Random("a test"))
    put(repo, "2024-01-02", f'access_key_id = "{value}"\naccess_key_secret = "{secret(3)}"\n')
    done = ran(repo.top, value, "--format", "json")
    assert (done.returncode, json.loads(done.stdout or '{"fingerprint": ""}')["fingerprint"]) == (1, fingerprint(value))


def test_a_value_that_a_pragma_and_a_baseline_allow_is_there_all_the_same(repo: Repo) -> None:
    put(repo, "2024-01-02", f'access_key_id = "{access_key_id(1)}"  # pragma: allowlist secret\n')
    entry = f"  - fingerprint: {of(1)}\n    status: revoked\n    reason: a test\n"
    put(repo, "2024-01-03", f"version: 1\nallow:\n{entry}", "baseline/alikey.yaml")
    assert told(repo, 1).code == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (access_key_id(2), of(2)[:19]),
        (of(2), of(2)[:19]),
        (of(2).removeprefix("sha256:"), of(2)[:19]),
        ("0" * 64, "sha256:" + "0" * 12),
    ],
    ids=["AccessKey ID", "fingerprint", "digits", "zeros"],
)
def test_what_nothing_has(leaked: Repo, value: str, shown: str) -> None:
    done = ran(leaked.top, value)
    said = f"{shown}…: nothing that is known here has it: no object, no file, not the index\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


def test_an_empty_repository_has_nothing(repo: Repo) -> None:
    assert ran(repo.top, access_key_id(1)).returncode == 0


@pytest.mark.parametrize("value", ["", "1234567", "sha512:" + "0" * 64, "0" * 65, "LTAI" + "x" * 40])
def test_nonsense(leaked: Repo, value: str) -> None:
    done = ran(leaked.top, value)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", ERROR)


def test_a_secret_itself_is_refused_and_not_repeated(leaked: Repo) -> None:
    done = ran(leaked.top, secret(1))
    assert (done.returncode, done.stdout, done.stderr) == (2, "", ERROR)


def test_digits_of_nothing(leaked: Repo) -> None:
    done = ran(leaked.top, "00000000")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "alikey-hook: 0 values that are found here begin so.\nhelp: Give the whole fingerprint.\n"


def collision() -> tuple[str, str]:
    """Two AccessKey IDs whose fingerprints begin with the same 8 digits."""
    rng, seen = random.Random("a collision"), dict[str, str]()
    while True:
        value = credential("id", rng)
        start = fingerprint(value)[:15]
        if start in seen:
            return seen[start], value
        seen[start] = value


def test_digits_of_two_values(repo: Repo) -> None:
    one, two = collision()
    put(repo, "2024-01-02", f'access_key_id = "{one}"\n', "one.py")
    put(repo, "2024-01-03", f'access_key_id = "{two}"\n', "two.py")
    done = ran(repo.top, fingerprint(one)[:15])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "alikey-hook: 2 values that are found here begin so.\nhelp: Give the whole fingerprint.\n"
    assert one not in done.stderr
    done = ran(repo.top, fingerprint(two), "--format=json")
    assert json.loads(done.stdout)["evidence"]["files"] == ["two.py"]


@pytest.mark.parametrize("args", [[], ["one", "two"], ["--format=xml", "12345678"], ["--unknown", "12345678"]])
def test_wrong_usage(leaked: Repo, args: list[str]) -> None:
    done = ran(leaked.top, *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert "alikey-hook respond: error: " in done.stderr


def test_help_names_the_exit_codes(leaked: Repo) -> None:
    done = ran(leaked.top, "--help")
    assert done.returncode == 0
    assert "exit code: 1 it is here, 0 nothing has it, 2 it could not look" in " ".join(done.stdout.split())


def test_outside_a_repository(tmp_path: Path, home: Path) -> None:
    done = ran(tmp_path, access_key_id(1), env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: git rev-parse failed: fatal: not a git repository")


def test_a_damaged_object_is_an_error(leaked: Repo) -> None:
    put(leaked, "2024-01-03", "something = 2\n" * 200, "damaged.py")
    blob = leaked.git("rev-parse", "HEAD:damaged.py").strip()
    path = leaked.top / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:20])
    done = ran(leaked.top, access_key_id(2))
    assert (done.returncode, done.stdout) == (2, "")
    assert blob in done.stderr


def test_an_interrupt_is_no_answer(repo: Repo, tmp_path: Path) -> None:
    grown(repo, 40, {395: pair_lines()})
    marks = tmp_path / "marks"
    env = shim(tmp_path / "shim", f'{READS} echo >>"{marks}"; sleep 0.3;; esac')
    command = [*CLI, "respond", access_key_id(1)]
    process = subprocess.Popen(
        command, cwd=repo.top, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    while not marks.exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    # Not 0 («nothing has it»), and no evidence of half of the objects.
    assert (process.returncode in (2, 130), out) == (True, b"")
