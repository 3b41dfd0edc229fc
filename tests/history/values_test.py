"""From findings back to values, and what `respond` does with them."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from alikey_hook.finding import fingerprint
from alikey_hook.history.values import credentials, replacements
from tests.cloud.calling import ID, LEAK, SECRET, STS_ID, STS_LEAK, STS_SECRET, TOKEN
from tests.keys import access_key_id, secret
from tests.repository import Repo


def test_a_pair_is_found_and_an_id_alone_too() -> None:
    lone = access_key_id(891)
    whole, ids = credentials((LEAK + "\n" * 40 + f'backup_access_key_id = "{lone}"\n').encode())
    assert [(one.key_id, one.secret, one.token) for one in whole] == [(ID, SECRET, None)]
    assert ids == {ID, lone}


def test_an_sts_pair_comes_with_its_nearest_token() -> None:
    whole, _ = credentials(STS_LEAK.encode())
    assert [(one.key_id, one.secret, one.token) for one in whole] == [(STS_ID, STS_SECRET, TOKEN)]


def test_two_pairs_are_not_mixed() -> None:
    other = f'access_key_id = "{access_key_id(892)}"\naccess_key_secret = "{secret(892)}"\n'
    whole, _ = credentials((LEAK + "\n" * 20 + other).encode())
    assert {(one.key_id, one.secret) for one in whole} == {(ID, SECRET), (access_key_id(892), secret(892))}


@pytest.mark.parametrize("content", [b"", b"print()\n", b"\xff\xfe\x00", f'"{SECRET}"'.encode()], ids=range(4))
def test_nothing_makes_no_pair(content: bytes) -> None:
    assert credentials(content) == (set(), set())


def test_a_value_is_replaced_as_it_is_written() -> None:
    written = base64.b64encode(SECRET.encode()).decode()
    content = f"ACCESS_KEY_ID: {base64.b64encode(ID.encode()).decode()}\nACCESS_KEY_SECRET: {written}\n".encode()
    lines = {f"literal:{form}==>REMOVED-BY-ALIKEY-HOOK\n".encode() for form in (SECRET, written)}
    assert replacements(content, fingerprint(SECRET)) == lines
    assert replacements(content, fingerprint("another")) == set()


def respond(repo: Repo, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`alikey-hook respond`, which shows no secret."""
    command = [sys.executable, "-m", "alikey_hook", "respond", *arguments]
    done = subprocess.run(command, cwd=repo.top, capture_output=True, text=True)
    assert SECRET not in done.stdout + done.stderr and ID not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize("value", [ID, fingerprint(SECRET), fingerprint(SECRET)[7:17]], ids=range(3))
def test_respond_finds_what_one_commit_had(repo: Repo, value: str) -> None:
    repo.stage("app.py", LEAK)
    commit = repo.commit()
    repo.stage("app.py", "print()\n")
    repo.commit()
    done = respond(repo, value, "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["evidence"]["staged"], report["evidence"]["files"]) == (1, [], [])
    assert [spot["commit"] for spot in report["evidence"]["spots"] if spot["brings"]] == [commit]


def test_respond_writes_the_replacements_outside_and_for_its_owner_only(repo: Repo, tmp_path: Path) -> None:
    repo.stage("app.py", LEAK)
    repo.commit()
    inside, outside = repo.top / "r.txt", tmp_path / "r.txt"
    assert respond(repo, fingerprint(SECRET), "--write-replacements", str(inside)).returncode == 2
    assert respond(repo, fingerprint(SECRET), "--write-replacements", str(outside)).returncode == 1
    assert not inside.exists()
    assert outside.read_text("utf-8") == f"literal:{SECRET}==>REMOVED-BY-ALIKEY-HOOK\n"
    assert outside.stat().st_mode & 0o077 == 0


def test_respond_knows_where_a_staged_value_is_and_says_when_nothing_has_it(repo: Repo) -> None:
    repo.stage("app.py", LEAK)
    done = respond(repo, ID, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["evidence"]["staged"]) == (1, ["app.py"])
    assert respond(repo, access_key_id(893)).returncode == 0
    assert respond(repo, "frob").returncode == 2
