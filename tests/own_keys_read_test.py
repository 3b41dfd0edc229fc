"""Which values a machine's configuration gives, what they are called, and that no file does any harm."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from alikey_hook.own_keys import OwnKeys
from tests.corpus.fill import credential
from tests.keys import access_key_id, legacy_id, secret
from tests.own_configurations import KINDS, NAMED_FILE, VARIABLES, Machine, machine, random_machine
from tests.repository import Repo

CLI = ".aliyun/config.json"
INI = ".alibabacloud/credentials"
RCLONE = ".config/rclone/rclone.conf"
TOKEN = f"CAIS{secret(1)}+/{secret(2)}{secret(3)}=="
PROFILES = [
    {"name": "first", "mode": "AK", "access_key_id": access_key_id(1), "access_key_secret": secret(1), "sts_token": ""},
    {"name": "second", "mode": "AK", "access_key_id": access_key_id(2), "access_key_secret": secret(2), "sts_token": ""},
]
IN_PROFILES = {
    access_key_id(1): f"profile first of ~/{CLI}",
    secret(1): f"profile first of ~/{CLI}",
    access_key_id(2): f"profile second of ~/{CLI}",
    secret(2): f"profile second of ~/{CLI}",
}


@pytest.fixture(autouse=True)
def bare(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is configured but what a test configures."""
    for name in (*VARIABLES, NAMED_FILE):
        monkeypatch.delenv(name, raising=False)


def read(home: Path, path: str = CLI, content: str | bytes = "", **variables: str) -> OwnKeys:
    """The keys of a machine with one file."""
    target = home / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return OwnKeys(variables)


@pytest.mark.parametrize("kind", KINDS)
def test_all_values_of_each_kind_with_their_sources(home: Path, kind: str) -> None:
    made = machine([kind], kind)
    own = OwnKeys(made.set_up(home))
    assert (own.sources, own.warnings) == (made.sources, [])


def test_all_values_of_many_machines(home: Path) -> None:
    """Tokens that end with `=` have a test of their own."""
    for number in range(300):
        made = random_machine(number)
        for old in home.rglob("*"):
            if old.is_file() and old.name != ".gitconfig":
                old.unlink()
        own = OwnKeys(made.set_up(home))
        shown = {value.rstrip("="): source for value, source in own.sources.items()}
        assert shown == {value.rstrip("="): source for value, source in made.sources.items()}, number


def test_no_configuration(home: Path) -> None:
    assert (OwnKeys({}).sources, OwnKeys({}).warnings) == ({}, [])
    assert OwnKeys(dict.fromkeys(VARIABLES, "")).sources == {}
    assert OwnKeys({NAMED_FILE: "~/not/there"}).warnings == []


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"current": "first", "profiles": PROFILES}, indent="\t"),
        json.dumps({"current": "first", "profiles": PROFILES}),
        json.dumps({"current": "first", "profiles": PROFILES}, separators=(",", ":")),
        json.dumps({"current": "first", "profiles": PROFILES}, indent=2).replace("\n", "\r\n"),
        json.dumps({"current": "first", "profiles": PROFILES}, indent=2, sort_keys=True),
        "\ufeff" + json.dumps({"current": "first", "profiles": PROFILES}, indent=2),
    ],
    ids=["tabs", "one line", "no blanks", "CRLF", "keys in alphabetical order", "a mark"],
)
def test_json_however_it_is_written(home: Path, text: str) -> None:
    assert read(home, CLI, text).sources == IN_PROFILES


@pytest.mark.parametrize(
    "text",
    [
        "[p]\naccess_key_id = {0}\naccess_key_secret = {1}\n",
        "[p]\r\naccess_key_id={0}\r\naccess_key_secret={1}\r\n",
        "  [p]\n  access_key_id : {0}\n  ACCESS_KEY_SECRET : {1}",
        "[p]\naccess_key_id = '{0}'\naccess_key_secret = \"{1}\"\n",
        "[p]\naccess_key_secret = {1}\naccess_key_id = {0} # a comment\n",
        "\ufeff[p]\naccess_key_id = {0}\naccess_key_secret = {1}\n",
    ],
    ids=["plain", "CRLF", "indented", "quoted", "with a comment", "a mark"],
)
def test_ini_however_it_is_written(home: Path, text: str) -> None:
    source = f"profile p of ~/{INI}"
    own = read(home, INI, text.format(access_key_id(1), secret(1)))
    assert own.sources == {access_key_id(1): source, secret(1): source}


def test_what_is_commented_out_or_named_otherwise_is_not_taken(home: Path) -> None:
    text = f"[p]\n#access_key_id = {access_key_id(1)}\n;access_key_secret={secret(1)}\nother_secret = {secret(2)}\n"
    assert read(home, INI, text).sources == {}


@pytest.mark.parametrize("path", [CLI, INI, ".ossutilconfig"])
def test_a_token_is_taken_whole(home: Path, path: str) -> None:
    """With its `==`, as it stands in a file: else its fingerprint is not the one that a baseline knows."""
    json_text = json.dumps({"profiles": [{"name": "p", "sts_token": TOKEN}]}, indent="\t")
    own = read(home, path, json_text if path == CLI else f"[p]\nstsToken={TOKEN}\nsecurity_token = {TOKEN}\n")
    assert own.sources == {TOKEN: f"profile p of ~/{path}"}


def test_of_rclone_only_the_remotes_at_alibaba_are_taken(home: Path) -> None:
    text = f"[a]\nprovider = AWS\nsecret_access_key = {secret(1)}\n[b]\nsecret_access_key = {secret(2)}\nprovider = Alibaba\n"
    text += f"[c]\nsecret_access_key = {secret(3)}\ntype = s3\n[d]\nprovider = alibaba\nsession_token = {TOKEN[:-2]}\n"
    own = read(home, RCLONE, text)
    assert own.sources == {secret(2): f"profile b of ~/{RCLONE}", TOKEN[:-2]: f"profile d of ~/{RCLONE}"}


def test_a_value_of_two_places_has_the_first_as_its_source(home: Path) -> None:
    own = read(home, INI, f"[p]\naccess_key_secret = {secret(1)}\n", OSS_ACCESS_KEY_SECRET=secret(1))
    assert own.sources == {secret(1): "the variable OSS_ACCESS_KEY_SECRET"}


@pytest.mark.parametrize(
    "value", ["a" * 30, "<your-access-key-secret>", "YourAccessKeySecretGoesHere", "LTAI5tExample", "x" * 15]
)
def test_placeholders_and_short_values_are_not_taken(home: Path, value: str) -> None:
    assert read(home, INI, f"[p]\naccess_key_secret = {value}\n", ALICLOUD_SECRET_KEY=value).sources == {}


def test_sixteen_characters_are_enough(home: Path) -> None:
    assert list(OwnKeys({"ALICLOUD_ACCESS_KEY": legacy_id(1)}).sources) == [legacy_id(1)]


@pytest.mark.parametrize("kind", ["id", "id16", "sec", "stsid", "stssec", "ststok", "dash", "dashws"])
def test_real_values_are_not_taken_for_placeholders(home: Path, kind: str) -> None:
    """What the rules accept to miss: two in a thousand."""
    rng = random.Random(kind)
    drawn = [credential(kind, rng) for _ in range(4000)]
    taken = [value for value in drawn if OwnKeys({"DASHSCOPE_API_KEY": value}).sources]
    assert len(drawn) - len(taken) <= 0.002 * len(drawn)


def test_a_source_shows_no_value(home: Path) -> None:
    """Profiles may be called by their AccessKey ID."""
    own = read(home, INI, f"[{access_key_id(1)}]\naccess_key_id = {access_key_id(1)}\n")
    assert list(own.sources) == [access_key_id(1)]
    assert access_key_id(1) not in "".join(own.sources.values())


def _directory(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _large(path: Path) -> None:
    path.write_bytes(b"# nothing\n" * 500_000)


UNREADABLE: dict[str, Callable[[Path], None]] = {
    "a directory": _directory,
    "a pipe": _pipe,
    "a link to itself": _loop,
    "a link to a device": _link_to_a_device,
    "5 MB": _large,
}
READABLE = {
    "nothing": b"",
    "NUL bytes": b"\0" * 4096,
    "any bytes": bytes(range(256)) * 16,
    "broken JSON": b'{"current": "default", "profiles": [{"name": "default", "access_key_id":',
    "deep JSON": b"[" * 100_000,
    "brackets": b"[[[]]]\n[]\n[\n]\n",
    "an open section": b"[default\naccess_key_id\naccess_key_secret =\n",
    "one long line": b"access_key_id = " + b"a" * 1_000_000,
    "many sections": b"[p]\n" * 100_000,
}


def hook(repo: Repo, *args: str) -> subprocess.CompletedProcess[str]:
    """The hook, which must end by itself."""
    command = [sys.executable, "-m", "alikey_hook", "hook", *args]
    return subprocess.run(command, cwd=repo.top, capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("path", [CLI, RCLONE])
def test_what_cannot_be_read_is_one_warning_with_verbose(repo: Repo, home: Path, path: str, name: str) -> None:
    repo.stage("readme", "nothing\n")
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    UNREADABLE[name](home / path)
    silent, verbose = hook(repo), hook(repo, "--verbose")
    assert (silent.returncode, silent.stdout, silent.stderr) == (0, "", "")
    assert (verbose.returncode, verbose.stdout) == (0, "")
    (warning,) = verbose.stderr.splitlines()
    assert warning.startswith(f"alikey-hook: note: ~/{path} ")


def test_a_file_where_a_folder_should_be_and_a_variable_that_names_a_pipe(repo: Repo, home: Path) -> None:
    (home / ".aliyun").write_text("a file")
    os.mkfifo(home / "pipe")
    own = OwnKeys({NAMED_FILE: "~/pipe"})
    assert own.sources == {}
    assert len(own.warnings) == 2


@pytest.mark.parametrize("name", READABLE)
def test_nonsense_in_a_file_does_no_harm(repo: Repo, home: Path, name: str) -> None:
    repo.stage("readme", "nothing\n")
    for path in (INI, CLI):
        assert read(home, path, READABLE[name]).sources == {}
    done = hook(repo, "--verbose")
    assert (done.returncode, done.stdout) == (0, "")
    assert len(done.stderr.splitlines()) <= 1


@pytest.mark.parametrize("name", READABLE)
def test_a_value_before_nonsense_is_still_taken(home: Path, name: str) -> None:
    content = f"[p]\naccess_key_secret = {secret(1)}\n".encode() + READABLE[name][:500_000]
    assert list(read(home, INI, content).sources) == [secret(1)]


def test_a_link_to_a_file_is_followed(home: Path) -> None:
    (home / "dotfiles").write_text(f"[p]\naccess_key_secret = {secret(1)}\n")
    (home / ".alibabacloud").mkdir()
    (home / INI).symlink_to(home / "dotfiles")
    assert OwnKeys({}).sources == {secret(1): f"profile p of ~/{INI}"}


def test_a_file_that_a_variable_names_anywhere(home: Path, tmp_path: Path) -> None:
    (tmp_path / "my keys").write_text(f"[p]\naccess_key_secret = {secret(1)}\n")
    own = OwnKeys({NAMED_FILE: str(tmp_path / "my keys")})
    assert own.sources == {secret(1): f"profile p of {tmp_path}/my keys"}


def test_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "")
    assert OwnKeys({"ALICLOUD_SECRET_KEY": secret(1)}).sources == {secret(1): "the variable ALICLOUD_SECRET_KEY"}


def test_warnings_hold_no_value(home: Path) -> None:
    made = Machine({}, {INI: f"[p]\naccess_key_secret = {secret(1)}\n" + "#" * (1 << 20)}, {}, [])
    own = OwnKeys(made.set_up(home))
    assert own.sources == {}
    assert own.warnings == [f"~/{INI} is not a file of at most 1 MiB"]
