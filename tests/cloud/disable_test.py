"""`alikey-hook disable`: another credential makes a key dead, and nothing else is done."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cloud.calling import ADMIN, ADMIN_ID, ADMIN_SECRET, ID, LEAK, SECRET, SHOWN, call, config
from tests.cloud.server import REQUEST_ID, Asked, Reply, error, good, running
from tests.keys import access_key_id
from tests.repository import Repo

pytestmark = pytest.mark.once

KNOWN = {ADMIN_ID: ADMIN_SECRET}
OWNER = "ci-bot@example.onaliyun.com"
LAST = ID[-4:]


class Account:
    """An account with a RAM user who has the leaked key, and what it remembers. `root`: the caller has it instead."""

    def __init__(self, status: str = "Active", root: bool = False, slow: int = 0, pages: int = 1) -> None:
        self.status = status
        self.root = root
        self.slow = slow
        self.pages = pages
        self.policy = ""

    def __call__(self, one: Asked) -> Reply:
        return getattr(self, one.action, lambda _: error(404, "InvalidAction.NotFound"))(one.parameters)

    def ListAccessKeys(self, query: dict[str, str]) -> Reply:
        user = query.get("UserPrincipalName", "")
        key = {"AccessKeyId": ID, "Status": self.status, "CreateDate": "2024-01-01T00:00:00Z"}
        if self.status == "going" and self.slow:
            self.slow -= 1
            key["Status"] = "Active"
        elif self.status == "going":
            key["Status"] = "Inactive"
        mine = user == ("" if self.root else OWNER)
        other = {"AccessKeyId": access_key_id(870), "Status": "Active", "CreateDate": "2024-01-01T00:00:00Z"}
        return good(AccessKeys={"AccessKey": [other, key] if mine else [other]})

    def ListUsers(self, query: dict[str, str]) -> Reply:
        page = int(query.get("Marker", "0"))
        last = page + 1 >= self.pages
        name = OWNER if last else f"user{page}@example.onaliyun.com"
        more: dict[str, Any] = {} if last else {"Marker": str(page + 1)}
        return good(Users={"User": [{"UserPrincipalName": name, "UserId": "1"}]}, IsTruncated=not last, **more)

    def UpdateAccessKey(self, query: dict[str, str]) -> Reply:
        assert query["UserAccessKeyId"] == ID and query["Status"] == "Inactive"
        assert query.get("UserPrincipalName", "") == ("" if self.root else OWNER)
        self.status = "going"
        return good()

    def GetAccessKeyPolicy(self, _: dict[str, str]) -> Reply:
        return good(AccessKeyId=ID, AccessKeyPolicy=self.policy)

    def SetAccessKeyPolicy(self, query: dict[str, str]) -> Reply:
        self.policy = query["AccessKeyPolicy"]
        return good(AccessKeyId=ID, AccessKeyPolicy=self.policy)


def test_a_users_key_is_found_and_disabled(repo: Repo) -> None:
    with running(KNOWN, Account(pages=3)) as server:
        done = call(repo, "disable", ID, "--as", "env", "--endpoint", server.endpoint, stdin=LAST + "\n", env=ADMIN)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{SHOWN}: disabled at ") and lines[0].endswith(f"RequestId {REQUEST_ID}")
    assert lines[1] == "    before: Active, after: Inactive"
    undo = f'aliyun ims UpdateAccessKey --UserAccessKeyId "$ACCESSKEY_ID" --Status Active --UserPrincipalName {OWNER}'
    assert lines[3].strip() == undo
    assert server.actions == [
        "ListAccessKeys", "ListUsers", "ListAccessKeys", "ListUsers", "ListAccessKeys", "ListUsers", "ListAccessKeys",
        "UpdateAccessKey", "ListAccessKeys",
    ]  # fmt: skip
    assert f"{ID[:8]}…: Active, made 2024-01-01T00:00:00Z, of {OWNER}" in done.stderr


def test_the_callers_own_other_key_is_disabled(repo: Repo) -> None:
    with running(KNOWN, Account(root=True, slow=1)) as server:
        done = call(repo, "disable", ID, "--as", "env", "--format=json", "--endpoint", server.endpoint, stdin=LAST, env=ADMIN)
    report = json.loads(done.stdout)
    assert (report["before"], report["after"], report["request_id"]) == ("Active", "Inactive", REQUEST_ID)
    assert server.actions == ["ListAccessKeys", "UpdateAccessKey", "ListAccessKeys", "ListAccessKeys"]
    assert "--UserPrincipalName" not in report["undo"]


def test_a_role_without_keys_of_its_own_finds_those_of_users(repo: Repo) -> None:
    class Role(Account):
        def ListAccessKeys(self, query: dict[str, str]) -> Reply:
            own = "UserPrincipalName" not in query
            return error(400, "InvalidParameter.UserPrincipalName") if own else super().ListAccessKeys(query)

    with running(KNOWN, Role()) as server:
        done = call(repo, "disable", ID, "--as", "env", "--endpoint", server.endpoint, stdin=LAST + "\n", env=ADMIN)
    assert (done.returncode, server.actions.count("UpdateAccessKey")) == (0, 1), done.stderr


def test_the_named_owner_is_not_looked_for(repo: Repo) -> None:
    arguments = ("disable", ID, "--as", "env", "--user", OWNER)
    with running(KNOWN, Account("Inactive")) as server:
        done = call(repo, *arguments, "--endpoint", server.endpoint, env=ADMIN)
    assert (done.returncode, server.actions) == (0, ["ListAccessKeys"])
    assert "it was disabled already" in done.stdout


@pytest.mark.parametrize("typed", ["", "\n", "yes\n", "xxxx\n", ID[-5:-1] + "\n"], ids=range(5))
def test_nothing_is_changed_without_the_last_characters(repo: Repo, typed: str) -> None:
    with running(KNOWN, Account()) as server:
        done = call(repo, "disable", ID, "--as", "env", "--endpoint", server.endpoint, stdin=typed, env=ADMIN)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing was changed" in done.stderr
    assert "UpdateAccessKey" not in server.actions


def test_a_key_that_does_not_become_inactive_is_said_to_live(repo: Repo) -> None:
    with running(KNOWN, Account(slow=99)) as server:
        done = call(repo, "disable", ID, "--as", "env", "--endpoint", server.endpoint, stdin=LAST, env=ADMIN)
    assert done.returncode == 1
    assert "not seen yet" in done.stdout and "after: Active" in done.stdout


@pytest.mark.parametrize("action", ["ListUsers", "UpdateAccessKey"])
def test_a_refusal_is_told_with_code_and_request_only(repo: Repo, action: str) -> None:
    account = Account()

    def answer(one: Asked) -> Reply:
        return error(403, "Forbidden.RAM") if one.action == action else account(one)

    with running(KNOWN, answer) as server:
        done = call(repo, "disable", ID, "--as", "env", "--endpoint", server.endpoint, stdin=LAST, env=ADMIN)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{action}: Forbidden.RAM (RequestId {REQUEST_ID}): the credential may not do this" in done.stderr
    assert "restrictive protection" in done.stderr


def test_a_key_of_another_account_is_not_touched(repo: Repo) -> None:
    with running(KNOWN, Account()) as server:
        other = access_key_id(871)
        done = call(repo, "disable", other, "--as", "env", "--endpoint", server.endpoint, stdin=other[-4:], env=ADMIN)
    assert done.returncode == 2
    assert "is no AccessKey of this account" in done.stderr
    assert set(server.actions) == {"ListAccessKeys", "ListUsers"}


def test_the_leaked_key_and_leaked_credentials_may_not_be_used(repo: Repo, home: Path) -> None:
    repo.stage("app.py", LEAK)
    leaked = {"ALIBABA_CLOUD_ACCESS_KEY_ID": ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET}
    config(home, {"name": "p", "mode": "AK", "access_key_id": ADMIN_ID, "access_key_secret": SECRET})
    with running({ID: SECRET}, Account()) as server:
        itself = call(repo, "disable", ID, "--as", "env", "--endpoint", server.endpoint, stdin=LAST, env=leaked)
        found = call(repo, "disable", access_key_id(872), "--as", "env", "--endpoint", server.endpoint, env=leaked)
        half = call(repo, "keys", "--as", "p", "--endpoint", server.endpoint)
    assert "env is the very key that leaked" in itself.stderr
    for done in (found, half):
        assert "holds a credential that this repository leaks" in done.stderr
    assert {itself.returncode, found.returncode, half.returncode} == {2}
    assert server.asked == []


def test_containing_a_key_sets_its_policy_and_says_how_to_undo_it(repo: Repo) -> None:
    account = Account()
    networks = ("203.0.113.0/24", "2001:db8::1")
    arguments = ("disable", ID, "--as", "env", "--user", OWNER, "--contain", *networks)
    with running(KNOWN, account) as server:
        done = call(repo, *arguments, "--endpoint", server.endpoint, stdin=LAST, env=ADMIN)
    assert done.returncode == 0, done.stderr
    assert json.loads(account.policy) == {
        "Version": 1,
        "Status": "Active",
        "Statements": [{"Type": "ClassicWhiteList", "IPList": ["203.0.113.0/24", "2001:db8::1/128"]}],
    }
    assert server.actions == ["ListAccessKeys", "GetAccessKeyPolicy", "SetAccessKeyPolicy"]
    assert """--AccessKeyPolicy '{"Version":1,"Status":"Inactive","Statements":[]}'""" in done.stdout


@pytest.mark.parametrize("arguments", [("--contain", "300.1.1.1"), ("--contain", "203.0.113.7/24"), ("--user",)], ids=str)
def test_wrong_usage_asks_nothing(repo: Repo, arguments: tuple[str, ...]) -> None:
    with running(KNOWN, Account()) as server:
        done = call(repo, "disable", ID, "--as", "env", "--endpoint", server.endpoint, *arguments, env=ADMIN)
    assert (done.returncode, server.asked) == (2, [])


def test_without_a_credential_it_says_what_to_do_by_hand(repo: Repo) -> None:
    done = call(repo, "disable", ID)
    assert (done.returncode, done.stderr) == (1, "")
    assert "https://ram.console.aliyun.com/users" in done.stdout and "profile/access-keys" in done.stdout
    assert 'aliyun ims UpdateAccessKey --UserAccessKeyId "$ACCESSKEY_ID" --Status Inactive' in done.stdout
    assert SHOWN in done.stdout


def test_profiles_of_the_cli_are_read_and_never_run(repo: Repo, home: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    admin = {"access_key_id": ADMIN_ID, "access_key_secret": ADMIN_SECRET}
    config(
        home,
        {"name": "admin", "mode": "AK", **admin},
        {"name": "outside", "mode": "External", "process_command": f"touch {ran}", **admin},
        {"name": "role", "mode": "RamRoleArn", **admin},
        {"name": "empty", "mode": "AK"},
        {"name": "odd", "mode": "AK", "access_key_id": ADMIN_ID, "access_key_secret": f"{ADMIN_SECRET}\r\nX: y"},
    )
    arguments = ("disable", ID, "--user", OWNER)
    with running(KNOWN, Account("Inactive")) as server:
        assert call(repo, *arguments, "--as", "admin", "--endpoint", server.endpoint).returncode == 0
        for name in ("outside", "role", "empty", "odd", "nobody", "env"):
            done = call(repo, *arguments, "--as", name, "--endpoint", server.endpoint)
            assert (done.returncode, done.stdout) == (2, "")
        assert len(server.asked) == 1
        for content in ("", "[]", "{", '{"profiles": 1}', None):
            if content is None:
                (home / ".aliyun" / "config.json").unlink()
            else:
                (home / ".aliyun" / "config.json").write_text(content, "utf-8")
            assert call(repo, *arguments, "--as", "admin", "--endpoint", server.endpoint).returncode == 2
    assert not ran.exists()


def test_what_was_done_is_told_though_nobody_lets_us_look_at_it(repo: Repo) -> None:
    class Silent(Account):
        def ListAccessKeys(self, query: dict[str, str]) -> Reply:
            return error(403, "NoPermission") if self.status == "going" else super().ListAccessKeys(query)

    account = Silent(root=True)
    with running(KNOWN, account) as server:
        done = call(repo, "disable", ID, "--as", "env", "--endpoint", server.endpoint, stdin=LAST + "\n", env=ADMIN)
    assert account.status == "going"
    assert done.returncode == 1
    assert done.stdout.startswith(f"{SHOWN}: asked for, but not seen yet: look again")


def test_outside_a_repository_there_is_no_leak_to_compare_the_credential_with(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with running(KNOWN, Account("Inactive")) as server:
        done = call(Repo(tmp_path), "disable", ID, "--as", "env", "--user", OWNER, "--endpoint", server.endpoint, env=ADMIN)
    assert (done.returncode, server.actions) == (0, ["ListAccessKeys"])
