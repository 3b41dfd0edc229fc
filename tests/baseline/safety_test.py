"""`baseline allow` is killed, meets others, finds no room or no rights: no entry is lost and the file is always readable."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from subprocess import DEVNULL

import pytest

from alikey_hook.allowlist.parse import parse
from alikey_hook.commands.baseline.entries import entries, erase
from tests.allowlist.drawn import digest
from tests.baseline.commands import CLI, Done, alikey, baseline, recorded
from tests.repository import Repo, new_repository
from tests.store_test import without_root

pytestmark = pytest.mark.once

FILE = "baseline/alikey.yaml"
RUNS = 200


def allowing(fingerprint: str, *options: str) -> list[str]:
    return [*CLI, "baseline", "allow", fingerprint, "--status=example", "--reason=a test", *options]


def prints(repo: Repo) -> list[str]:
    return [entry.fingerprint for entry in parse((repo.top / FILE).read_bytes(), FILE)]


def names(repo: Repo) -> list[str]:
    return sorted(path.name for path in (repo.top / "baseline").iterdir())


@pytest.fixture
def filled(repo: Repo) -> Repo:
    """A repository whose baseline has 20 entries."""
    entry = "  - fingerprint: {}\n    status: example\n    reason: a test\n"
    repo.write(FILE, "version: 1\nallow:\n" + "".join(entry.format(digest(number)) for number in range(20)))
    return repo


def killed_after(repo: Repo, fingerprint: str, seconds: float) -> int | None:
    """The exit code of an `allow` that is killed when it takes longer."""
    with subprocess.Popen(allowing(fingerprint, f"--file={FILE}"), cwd=repo.top, stdout=DEVNULL, stderr=DEVNULL) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return process.wait()


def killed_while_writing(repo: Repo, fingerprint: str, spins: int) -> int | None:
    """The exit code of an `allow` that is killed some moments after something new stands in the folder."""
    with subprocess.Popen(allowing(fingerprint, f"--file={FILE}"), cwd=repo.top, stdout=DEVNULL, stderr=DEVNULL) as process:
        before = set(os.listdir(repo.top / "baseline"))
        while set(os.listdir(repo.top / "baseline")) <= before and process.poll() is None:
            pass
        for _ in range(spins):
            pass
        process.send_signal(signal.SIGKILL)
        return process.wait()


def survives(repo: Repo, rng: random.Random, runs: int) -> tuple[int, int, int]:
    """How many runs were killed, how many of these had written their entry, how many temporary files were left."""
    start = time.monotonic()
    assert killed_after(repo, digest("first"), 60) == 0
    usual = time.monotonic() - start
    killed = written = 0
    for number in range(runs):
        before, new = prints(repo), digest(("new", number))
        if number % 2:
            code = killed_after(repo, new, rng.uniform(0, 1.2 * usual))
        else:
            code = killed_while_writing(repo, new, rng.randrange(20_000))
        after = prints(repo)
        assert sorted(after) in (sorted(before), sorted([*before, new]))
        assert code == -signal.SIGKILL or (code == 0 and new in after)
        killed += code != 0
        written += code != 0 and new in after
    return killed, written, len(names(repo)) - 1


def test_killed_at_random_moments_it_leaves_the_old_entries_or_the_new_ones(filled: Repo) -> None:
    survives(filled, random.Random("few kills"), 8)
    assert killed_after(filled, digest("last"), 60) == 0
    assert digest("last") in prints(filled)


@pytest.mark.slow
def test_killed_200_times_it_leaves_the_old_entries_or_the_new_ones(filled: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    killed, written, left = survives(filled, random.Random("kills"), RUNS)
    with capsys.disabled():
        print(f"\n{RUNS} runs: {killed} killed, {written} of them had written, {left} temporary files left")
    assert killed > RUNS / 2
    assert killed_after(filled, digest("last"), 60) == 0
    assert digest("last") in prints(filled)


def test_a_killed_run_leaves_nothing_that_git_would_commit(filled: Repo) -> None:
    filled.stage(FILE)
    filled.commit()
    for number in range(3):
        killed_while_writing(filled, digest(("new", number)), 0)
    assert killed_after(filled, digest("last"), 60) == 0
    assert names(filled) == ["alikey.yaml"]


def test_eight_at_once_lose_no_entry(filled: Repo) -> None:
    before = prints(filled)
    new = [digest(("new", number)) for number in range(8)]
    started = [subprocess.Popen(allowing(one, f"--file={FILE}"), cwd=filled.top, stdout=DEVNULL) for one in new]
    assert [process.wait(60) for process in started] == [0] * 8
    assert sorted(prints(filled)) == sorted([*before, *new])
    assert names(filled) == ["alikey.yaml"]


def test_eight_at_once_each_in_a_file_of_its_own(repo: Repo) -> None:
    new = [digest(("new", number)) for number in range(8)]
    started = [subprocess.Popen(allowing(one), cwd=repo.top, stdout=DEVNULL, stderr=DEVNULL) for one in new]
    assert [process.wait(60) for process in started] == [0] * 8
    assert sorted(entry.fingerprint for entry in recorded(repo)) == sorted(new)


def test_those_who_write_and_those_who_remove_lose_no_entry(filled: Repo) -> None:
    new = [digest(("new", number)) for number in range(6)]
    prune = [*CLI, "baseline", "prune", "--write"]
    calls = [
        *(allowing(one, f"--file={FILE}") for one in new[:3]),
        prune,
        prune,
        *(allowing(one, f"--file={FILE}") for one in new[3:]),
    ]
    started = [subprocess.Popen(call, cwd=filled.top, stdout=DEVNULL, stderr=subprocess.PIPE, text=True) for call in calls]
    said = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0] * 8, said
    left = prints(filled) if (filled.top / FILE).exists() else []
    # What was there when a remover looked may be gone, as it matches nothing; whole entries only, each once.
    assert set(left) <= {*new, *(digest(number) for number in range(20))}
    assert len(left) == len(set(left))


def test_of_two_who_remove_the_same_the_second_finds_nothing_left_to_do(filled: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(filled.top)
    gone = entries([])
    for _ in range(2):
        assert erase(gone) == [FILE]
        assert names(filled) == []


def test_files_that_another_run_writes_meanwhile_are_in_nobodys_way(filled: Repo) -> None:
    loop = "import sys; from alikey_hook import store\nwhile 1: store.update(sys.argv[1], lambda old: old[1:] or b'ab')"
    with subprocess.Popen([sys.executable, "-c", loop, "baseline/notes.txt"], cwd=filled.top) as writer:
        try:
            wrong = [allow for number in range(8) if (allow := allowed(filled, number)).code]
        finally:
            writer.kill()
    assert not wrong, wrong


def allowed(repo: Repo, number: int) -> Done:
    return baseline(repo, "allow", digest(("new", number)), "--status=example", "--reason=a test", f"--file={FILE}")


def test_without_room_the_file_stays_and_the_exit_code_is_2(filled: Repo) -> None:
    content = (filled.top / FILE).read_bytes()
    done = subprocess.run(
        allowing(digest("new"), f"--file={FILE}"),
        cwd=filled.top,
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")},  # it would write, too
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert (done.returncode, done.stdout) == (2, "")
    shown = os.path.realpath(filled.top / FILE)
    assert done.stderr == f"alikey-hook: {shown} cannot be written: File too large.\nhelp: Check permissions and disk.\n"
    assert (filled.top / FILE).read_bytes() == content
    assert names(filled) == ["alikey.yaml"]


def test_on_a_full_disk_the_file_stays_and_the_exit_code_is_2(home: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)], capture_output=True)
    if mount.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        repo = new_repository(disk / "repo")
        done = baseline(repo, "allow", digest(1), "--status=example", "--reason=a test", f"--file={FILE}")
        assert done.code == 0
        content = (repo.top / FILE).read_bytes()
        try:
            (disk / "full").write_bytes(bytes(1_000_000))
        except OSError:
            pass
        done = baseline(repo, "allow", digest(2), "--status=example", "--reason=a test", f"--file={FILE}")
        assert (done.code, done.out) == (2, "")
        assert done.err.endswith(f"{FILE} cannot be written: No space left on device.\nhelp: Check permissions and disk.\n")
        assert (repo.top / FILE).read_bytes() == content
        assert names(repo) == ["alikey.yaml"]
        (disk / "full").unlink()
        done = baseline(repo, "allow", digest(2), "--status=example", "--reason=a test", f"--file={FILE}")
        assert done.code == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("options", [(f"--file={FILE}",), ()], ids=["a named file", "a file of its own"])
def test_in_a_folder_that_may_not_be_written_the_exit_code_is_2(filled: Repo, options: tuple[str, ...]) -> None:
    content = (filled.top / FILE).read_bytes()
    (filled.top / "baseline").chmod(0o555)
    command = [*without_root(), *allowing(digest("new"), *options)]
    done = subprocess.run(command, cwd=filled.top, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(" cannot be written: Permission denied.\nhelp: Check permissions and disk.\n")
    assert (filled.top / FILE).read_bytes() == content
    assert names(filled) == ["alikey.yaml"]


def test_a_baseline_that_may_not_be_read_is_refused(filled: Repo) -> None:
    (filled.top / FILE).chmod(0)
    command = [*without_root(), *CLI, "baseline", "list"]
    done = subprocess.run(command, cwd=filled.top, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{FILE} cannot be read: Permission denied." in done.stderr


def test_a_file_that_is_a_folder_is_refused(repo: Repo) -> None:
    (repo.top / "conf").mkdir()
    done = alikey(repo, *allowing(digest(1), "--file=conf")[3:])
    assert done == Done(
        2,
        "",
        f"alikey-hook: {os.path.realpath(repo.top / 'conf')} cannot be written: Is a directory.\n"
        "help: Check permissions and disk.\n",
    )
