"""The cache: the next time reads only what is new, and reports all the same; whatever befalls its file."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.history.scanning import (
    CLI,
    MAIN,
    NOTHING,
    READS,
    VALUES,
    Walked,
    commit,
    drop_reflogs,
    gone,
    pair_kept,
    put,
    ran,
    shim,
    walk,
)
from tests.keys import access_key_id
from tests.lfs_test import pointer, stored
from tests.repository import Repo, new_repository, pair_lines
from tests.store_test import without_root

pytestmark = pytest.mark.once


class Cached:
    """A repository with a cache beside it, and a git that writes down which objects it is asked to read."""

    def __init__(self, repo: Repo, tmp_path: Path) -> None:
        self.repo = repo
        self.folder = tmp_path / "cache"
        self._read = tmp_path / "read"
        script = f'{READS} tee -a "{self._read}" | "$GIT" "$@"; exit $?;; esac'
        self._env = shim(tmp_path / "shim", script)

    def walk(self, *args: str, env: Mapping[str, str] | None = None, where: Repo | None = None) -> Walked:
        """Scan with the cache."""
        self._read.write_text("")
        return walk(where or self.repo, "--cache", str(self.folder), *args, env={**self._env, **(env or {})})

    def read(self) -> set[str]:
        """The objects that the last scan read."""
        return {line.split()[1] for line in self._read.read_text().splitlines() if line.startswith("contents ")}

    def files(self) -> list[Path]:
        """The files of the cache."""
        return sorted(self.folder.iterdir())

    def file(self) -> Path:
        """The only file of the cache."""
        (path,) = self.files()
        return path

    def objects(self) -> set[str]:
        """All blobs, commits and tags of the repository."""
        lines = self.repo.git("cat-file", "--batch-all-objects", "--batch-check").splitlines()
        return {line.split()[0] for line in lines if line.split()[1] != "tree"}


@pytest.fixture
def cached(repo: Repo, tmp_path: Path) -> Cached:
    """A repository in which a key came and went, looked at once with a cache."""
    put(repo, "2024-01-01", NOTHING, "other.py")
    put(repo, "2024-01-02")
    gone(repo, "2024-01-03")
    made = Cached(repo, tmp_path)
    assert made.walk().code == 1
    assert made.read() == made.objects()
    return made


def test_the_second_run_reads_nothing_and_says_the_same(cached: Cached) -> None:
    again = cached.walk()
    assert cached.read() == set()
    assert again == walk(cached.repo)
    before = cached.file().read_bytes()
    assert cached.walk() == again
    assert cached.file().read_bytes() == before


def test_nothing_else_is_left_in_the_folder(cached: Cached) -> None:
    assert [path.suffix for path in cached.files()] == [".cache"]


def test_only_new_objects_are_read(cached: Cached) -> None:
    first = put(cached.repo, "2024-01-04", path="new.py", seed=2)
    blob = cached.repo.git("rev-parse", "HEAD:new.py").strip()
    said = cached.walk()
    assert cached.read() == {first, blob}
    assert said.findings[2:] == pair_kept(first, "2024-01-04", first, MAIN, path="new.py")
    assert said == walk(cached.repo)


def test_a_known_blob_at_a_new_path_is_found_there(cached: Cached) -> None:
    first = put(cached.repo, "2024-01-04", path="new.py")
    said = cached.walk()
    assert cached.read() == {first}
    assert said.findings[2:] == pair_kept(first, "2024-01-04", first, MAIN, path="new.py")


def test_findings_in_messages_are_kept_too(cached: Cached) -> None:
    commit(cached.repo, "2024-01-04", message=pair_lines(2))
    assert len(cached.walk().findings) == 4
    assert cached.walk() == walk(cached.repo)
    assert cached.read() == set()


def test_what_is_no_longer_reachable_is_not_reported(cached: Cached) -> None:
    put(cached.repo, "2024-01-04", path="new.py", seed=2)
    cached.repo.git("branch", "--quiet", "topic")
    cached.repo.git("reset", "--quiet", "--hard", "HEAD~1")
    assert len(cached.walk().findings) == 4
    cached.repo.git("branch", "--quiet", "-D", "topic")
    assert len(cached.walk().findings) == 2
    assert len(cached.walk("--all-objects").findings) == 4
    assert cached.read() == set()


def test_what_is_no_longer_here_is_not_reported(cached: Cached) -> None:
    cached.repo.git("update-ref", "-d", MAIN)
    drop_reflogs(cached.repo)
    cached.repo.git("prune", "--expire=now")
    assert cached.walk("--all-objects")[:2] == (0, [])


def test_a_value_that_came_back_is_reported_again(cached: Cached) -> None:
    tip = cached.repo.git("rev-parse", "HEAD").strip()
    cached.repo.git("update-ref", "-d", MAIN)
    assert cached.walk()[:2] == (0, [])
    cached.repo.git("update-ref", MAIN, tip)
    assert cached.walk() == walk(cached.repo)


def test_another_repository_may_share_the_folder(cached: Cached, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other")
    first = put(other, "2024-02-01", seed=2)
    assert cached.walk(where=other)[:2] == (1, pair_kept(first, "2024-02-01", first, MAIN))
    assert cached.walk() == walk(cached.repo)
    assert cached.read() == set()
    assert len(cached.files()) == 1


def test_a_repository_of_sha_256_may_share_the_folder(cached: Cached, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other", "--object-format=sha256")
    put(other, "2024-02-01", seed=2)
    put(other, "2024-02-02", NOTHING, "clean.py")
    for where in (other, cached.repo):
        cached.walk(where=where)
    for where in (other, cached.repo):
        assert cached.walk(where=where) == walk(where)
        assert cached.read() == set()


def test_the_baseline_and_pragmas_are_judged_anew(cached: Cached) -> None:
    put(cached.repo, "2024-01-04", f'access_key_id = "{access_key_id(3)}"  # pragma: allowlist secret\n', "allowed.py")
    assert cached.walk().summary["allowed"] == 1
    assert cached.walk().summary["allowed"] == 1
    assert cached.walk("--no-inline-allow").summary["allowed"] == 0


# Other ways to look


@pytest.mark.parametrize("args", [["--min-confidence=high"], ["--no-inline-allow"]], ids=["confidence", "pragmas"])
def test_other_settings_are_another_file(cached: Cached, args: list[str]) -> None:
    cached.walk(*args)
    assert cached.read() == cached.objects()
    assert len(cached.files()) == 2
    assert cached.walk(*args).out == walk(cached.repo, *args).out
    assert cached.read() == set()


def test_own_keys_are_another_file_and_do_not_show_in_it(cached: Cached) -> None:
    value = "own" + access_key_id(5)[4:]
    put(cached.repo, "2024-01-04", f"x = {value}\n", "own.py")
    cached.walk()
    env = {"ALIBABA_CLOUD_ACCESS_KEY_ID": access_key_id(5), "ALIBABA_CLOUD_ACCESS_KEY_SECRET": value}
    command = [*CLI, "scan", "--history", "--cache", str(cached.folder)]
    for _ in range(2):
        done = subprocess.run(command, cwd=cached.repo.top, env={**os.environ, **env}, capture_output=True, text=True)
        assert (done.returncode, value in done.stdout, "alibaba-own-key" in done.stdout) == (1, False, True)
    assert len(cached.files()) == 2
    assert not [path for path in cached.files() if value.encode() in path.read_bytes()]
    assert "alibaba-own-key" not in cached.walk().out


@pytest.mark.parametrize(
    "change", ["alikey_hook.__version__ = 'other'", "alikey_hook.detect.rules.RULES = alikey_hook.detect.rules.RULES[:-1]"],
    ids=["version", "rules"],
)  # fmt: skip
def test_another_version_or_other_rules_are_another_file(cached: Cached, change: str) -> None:
    code = f"import sys, alikey_hook.detect.rules\n{change}\nfrom alikey_hook.cli import main\nsys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "scan", "--history", "--cache", str(cached.folder)]
    assert subprocess.run(command, cwd=cached.repo.top, capture_output=True).returncode == 1
    assert len(cached.files()) == 2


def test_a_larger_limit_reads_what_was_left_out(cached: Cached) -> None:
    put(cached.repo, "2024-01-04", "x = 1\n" * 500 + pair_lines(2), "large.py")
    assert len(cached.walk("--max-blob-size=1K").findings) == 2
    assert len(cached.walk().findings) == 4
    assert cached.read() == {cached.repo.git("rev-parse", "HEAD:large.py").strip()}
    said = cached.walk("--max-blob-size=1K")
    assert (len(said.findings), "1 objects over the size limit" in said.err) == (2, True)


def test_a_signed_url_expires_with_a_cache_too(cached: Cached) -> None:
    query = f"OSSAccessKeyId={access_key_id(4)}&Expires=1800000000&Signature=abcdefghijABCDEFGHIJ1234567%3D"
    put(cached.repo, "2024-01-04", f"https://b.oss-cn-hangzhou.aliyuncs.com/o?{query}\n", "url.txt")
    before, after = ({"SOURCE_DATE_EPOCH": str(time)} for time in (1_700_000_000, 1_900_000_000))
    assert cached.walk(env=before).out == walk(cached.repo, env=before).out
    assert walk(cached.repo, env=before).out != walk(cached.repo, env=after).out
    assert cached.walk(env=before).out == walk(cached.repo, env=before).out
    assert cached.read() == set()
    for when, read in ((after, 1), (after, 0), (before, 1)):
        assert cached.walk(env=when).out == walk(cached.repo, env=when).out
        assert len(cached.read()) == read


def test_an_object_of_git_lfs_that_comes_later_is_read_then(cached: Cached) -> None:
    content = pair_lines(2).encode()
    put(cached.repo, "2024-01-04", pointer(content), "large.bin")
    assert [cached.walk().summary["unread"] for _ in range(2)] == [1, 1]
    stored(cached.repo, content)
    said = cached.walk()
    assert (len(said.findings), said.summary["unread"]) == (4, 0)


# Files that are no cache


def test_what_is_no_cache_is_as_good_as_none(cached: Cached) -> None:
    path = cached.file()
    content = path.read_bytes()
    expected = walk(cached.repo)
    others = {"emptied": b"", "cut": content[:-7], "magic only": content[:20], "foreign": os.urandom(len(content))}
    others |= {"text": b"{}\n", "longer": content + b"\n", "older": content.replace(b"cache 3", b"cache 2", 1)}
    for how, other in others.items():
        path.write_bytes(other)
        assert (how, cached.walk(), cached.read()) == (how, expected, cached.objects())
        assert path.read_bytes() == content


def test_a_folder_in_its_place_is_an_error(cached: Cached) -> None:
    path = cached.file()
    path.unlink()
    path.mkdir()
    assert cached.walk()[:2] == (2, [])


def test_no_flipped_bit_changes_the_report(cached: Cached) -> None:
    path = cached.file()
    content = path.read_bytes()
    expected = walk(cached.repo)
    for number in range(6):
        at = number * (len(content) - 1) // 5
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << number % 8]) + content[at + 1 :])
        assert cached.walk() == expected, at
        assert path.read_bytes() == content


def test_a_body_that_we_would_not_write(cached: Cached) -> None:
    expected = walk(cached.repo)
    heads: tuple[object, ...] = ({}, [], {"clean": [1, 0]}, {"clean": [0], "findings": {}}, {"clean": [0, 0], "findings": []})
    odd = ({"clean": [9, 9], "findings": {}, "walks": {}}, {"clean": [0, 0], "findings": {"a": [{}]}, "walks": {}})
    for body in (b"x\n", b"", b"[" * 100_000, *(json.dumps(head).encode() + b"\n" for head in (*heads, *odd))):
        digest = hashlib.sha256(body).hexdigest().encode()
        cached.file().write_bytes(b"alikey-hook cache 3\n" + digest + b"\n" + body)
        assert (body, cached.walk()[:2]) == (body, expected[:2])


def test_a_cache_that_may_not_be_read_is_an_error(cached: Cached) -> None:
    cached.file().chmod(0)
    command = [*without_root(), *CLI, "scan", "--history", "--no-own-keys", "--format", "json", "--cache", str(cached.folder)]
    done = subprocess.run(command, cwd=cached.repo.top, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be read: Permission denied." in done.stderr


def test_a_folder_that_may_not_be_written_is_an_error_before_the_scan(cached: Cached) -> None:
    cached.folder.chmod(0o555)
    command = [*without_root(), *CLI, "scan", "--history", "--no-own-keys", "--cache", str(cached.folder)]
    done = subprocess.run(command, cwd=cached.repo.top, capture_output=True, text=True)
    cached.folder.chmod(0o755)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written: Permission denied." in done.stderr


def test_a_cache_that_cannot_be_written_is_an_error(cached: Cached, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = ran(cached.repo.top, "--cache", str(tmp_path / "file"))
    assert done.returncode == 2
    assert done.stderr.startswith(f"alikey-hook: {tmp_path}/file/alikey-hook-")


# Secrets


def test_no_value_is_in_the_cache(cached: Cached) -> None:
    commit(cached.repo, "2024-01-04", message=pair_lines(2))
    put(cached.repo, "2024-01-05", f"a = '{access_key_id(3)}'; b = 'LTAI' + '{access_key_id(4)[4:]}'\n", "more.py")
    assert len(cached.walk().findings) > 4
    content = cached.file().read_bytes()
    assert not [value for value in VALUES if value.encode() in content or value[8:].encode() in content]


def test_the_folder_is_from_where_we_stand_not_from_the_repository(cached: Cached, tmp_path: Path) -> None:
    done = ran(tmp_path, "repo", "--cache", "relative/cache")
    assert done.returncode == 1
    assert len(list((tmp_path / "relative/cache").iterdir())) == 1


# At the same time


def test_two_runs_at_the_same_time_keep_what_both_saw(cached: Cached, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other")
    for number in range(1, 9):
        put(other, f"2024-02-0{number}", path=f"{number}.py", seed=number)
        put(cached.repo, f"2024-03-0{number}", path=f"{number}.py", seed=20 + number)
    command = [*CLI, "scan", "--history", "--no-own-keys", "--format", "json", "--cache", str(cached.folder)]
    running = [
        subprocess.Popen(command, cwd=place.top, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for place in (other, cached.repo) * 3
    ]
    for process, place in zip(running, (other, cached.repo) * 3, strict=True):
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err, out) == (1, "", walk(place).out)
    for place in (other, cached.repo):
        assert cached.walk(where=place) == walk(place)
        assert cached.read() == set()
    assert len(cached.files()) == 1


def test_a_run_that_is_killed_leaves_the_cache_as_it_was(cached: Cached, tmp_path: Path) -> None:
    content = cached.file().read_bytes()
    put(cached.repo, "2024-01-04", path="new.py", seed=2)
    env = shim(tmp_path / "slow", f'{READS} echo >"{tmp_path}/begun"; sleep 1;; esac')
    command = [*CLI, "scan", "--history", "--cache", str(cached.folder)]
    process = subprocess.Popen(command, cwd=cached.repo.top, env={**os.environ, **env}, start_new_session=True)
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert cached.file().read_bytes() == content
    assert cached.walk() == walk(cached.repo)
