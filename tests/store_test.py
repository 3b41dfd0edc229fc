"""A file is written whole or not at all, one writer at a time, whatever happens to the writer."""

import errno
import fcntl
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from alikey_hook import store
from alikey_hook.errors import UserError

OLD, NEW = b"the old content\n", b"the new content\n"


def refuse(content: bytes) -> bytes:
    raise UserError("no.")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def code(body: str) -> list[str]:
    return [sys.executable, "-c", "import sys; from alikey_hook import store\n" + textwrap.dedent(body)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with content, alone in its folder."""
    made = tmp_path / "folder" / "file"
    made.parent.mkdir()
    made.write_bytes(OLD)
    return made


def test_the_content_is_replaced(file: Path) -> None:
    store.update(str(file), lambda content: content + NEW)
    assert (file.read_bytes(), names(file.parent)) == (OLD + NEW, ["file"])


def test_a_new_file_and_its_folders_are_made(tmp_path: Path) -> None:
    store.update(str(tmp_path / "a" / "b" / "file"), lambda content: content + NEW)
    assert (tmp_path / "a" / "b" / "file").read_bytes() == NEW


@pytest.mark.parametrize("runs", [1, 2])
def test_none_removes_the_file_whoever_was_first(file: Path, runs: int) -> None:
    for _ in range(runs):
        store.update(str(file), lambda content: None)
    assert names(file.parent) == []


def test_a_relative_path(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    store.update("file", lambda content: NEW)
    assert file.read_bytes() == NEW


def test_none_removes_the_file(file: Path) -> None:
    store.update(str(file), lambda content: None)
    assert names(file.parent) == []


def test_the_same_content_is_not_written(file: Path) -> None:
    before = file.stat()
    store.update(str(file), lambda content: content)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_empty_file_is_made_where_there_was_none(tmp_path: Path) -> None:
    store.update(str(tmp_path / "file"), lambda content: b"")
    assert (tmp_path / "file").read_bytes() == b""


@pytest.mark.parametrize("content", [b"old", b"new"])
def test_the_rights_that_are_asked_for(file: Path, content: bytes) -> None:
    file.write_bytes(b"old")
    file.chmod(0o644)
    store.update(str(file), lambda _: content, 0o600)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (content, 0o600)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_the_rights_are_kept(file: Path, mode: int) -> None:
    file.chmod(mode)
    store.update(str(file), lambda content: NEW)
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.parametrize("target", ["folder/file", "folder/none"], ids=["a file", "nothing yet"])
def test_a_link_is_refused_and_stays(file: Path, tmp_path: Path, target: str) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / target)
    with pytest.raises(UserError, match="is a symbolic link, and is not written through"):
        store.update(str(link), lambda content: NEW)
    with pytest.raises(UserError, match="is a symbolic link, and is not written through"):
        store.check(str(link))
    assert (file.read_bytes(), names(file.parent), link.is_symlink()) == (OLD, ["file"], True)


def test_no_moment_shows_what_is_the_owner_s_only(file: Path) -> None:
    # From its creation on, whatever the umask is.
    probe = """
    import os
    os.umask(0)
    chmod, seen = os.chmod, []
    os.chmod = lambda path, mode: (seen.append(os.stat(path).st_mode & 0o777), chmod(path, mode))
    store.replace(sys.argv[1], b'secret', 0o600)
    print(seen)
    """
    done = subprocess.run([*code(probe), str(file)], capture_output=True, text=True, check=True)
    assert done.stdout == f"[{0o600}]\n"


def test_a_change_that_refuses_leaves_the_file(file: Path) -> None:
    with pytest.raises(UserError, match=r"^no\.$"):
        store.update(str(file), refuse)
    assert (file.read_bytes(), names(file.parent)) == (OLD, ["file"])


@pytest.mark.parametrize("name", ["folder", "folder/file/below"], ids=["a folder", "below a file"])
def test_what_is_no_place_for_a_file_is_refused(file: Path, name: str) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        store.update(str(file.parent.parent / name), lambda content: NEW)
    assert (file.read_bytes(), names(file.parent)) == (OLD, ["file"])


def test_what_a_killed_process_of_the_same_number_left_is_in_nobodys_way(file: Path) -> None:
    # In a container every run may be process 7.
    (file.parent / f"file.{os.getpid()}.tmp").write_bytes(b"half of the n")
    store.update(str(file), lambda content: NEW)
    assert (file.read_bytes(), names(file.parent)) == (NEW, ["file"])


def test_a_writer_waits_for_the_other_and_sees_what_it_wrote(file: Path) -> None:
    writer = code("store.update(sys.argv[1], lambda content: content + b'second\\n')")
    lock = os.open(file.parent, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with subprocess.Popen([*writer, str(file)]) as waiting:
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(0.5)
        file.write_bytes(b"first\n")
        os.close(lock)
        assert waiting.wait(10) == 0
    assert file.read_bytes() == b"first\nsecond\n"


def test_a_writer_through_a_link_waits_for_those_of_the_file(file: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(file.parent)
    link = tmp_path / "elsewhere" / "file"
    writer = code("store.update(sys.argv[1], lambda content: content + b'second\\n')")
    lock = os.open(file.parent, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with subprocess.Popen([*writer, str(link)]) as waiting:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(0.5)
        finally:
            os.close(lock)
        assert waiting.wait(10) == 0


def test_many_writers_lose_nothing(file: Path) -> None:
    body = "for n in range(25): store.update(sys.argv[1], lambda old: old + f'{sys.argv[2]} {n}\\n'.encode())"
    started = [subprocess.Popen([*code(body), str(file), name]) for name in "abcdefgh"]
    assert [process.wait(60) for process in started] == [0] * 8
    lines = file.read_text().splitlines()[1:]
    assert sorted(lines) == sorted(f"{name} {n}" for name in "abcdefgh" for n in range(25))
    assert names(file.parent) == ["file"]


@pytest.mark.parametrize(("seen", "times"), [(OLD, 40), (NEW * 100_000, 10)], ids=["a small file", "a large file"])
def test_a_reader_never_sees_half_a_file(file: Path, seen: bytes, times: int) -> None:
    other = bytes(reversed(seen))
    file.write_bytes(seen)
    body = f"for _ in range({times}): store.update(sys.argv[1], lambda old: bytes(reversed(old)))"
    with subprocess.Popen([*code(body), str(file)]) as writer:
        while writer.poll() is None:
            assert file.read_bytes() in (seen, other)
        assert writer.returncode == 0


def killed(file: Path, body: str) -> subprocess.Popen[bytes]:
    """A writer of 20 MB that is killed as soon as it writes."""
    writer = subprocess.Popen([*code(body), str(file)])
    deadline = time.monotonic() + 20
    while names(file.parent) == ["file"] and writer.poll() is None:
        assert time.monotonic() < deadline
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    return writer


def test_a_killed_writer_leaves_the_old_content_or_the_new_one_and_the_lock_is_free(file: Path) -> None:
    large = b"x" * 20_000_000
    writer = killed(file, "store.update(sys.argv[1], lambda old: b'x' * 20_000_000)")
    assert writer.returncode == -signal.SIGKILL
    assert file.read_bytes() in (OLD, large)
    store.update(str(file), lambda content: NEW)
    assert file.read_bytes() == NEW


def test_what_will_be_refused_is_known_before(file: Path) -> None:
    store.check(str(file.parent / "new" / "file"))
    assert names(file.parent / "new") == []
    for place in (file.parent, file / "below"):
        with pytest.raises(UserError, match="cannot be written"):
            store.check(str(place))
    body = (
        "from alikey_hook.errors import UserError\n"
        "try: store.check(sys.argv[1])\n"
        "except UserError as error: print(error.message)\n"
    )
    file.parent.chmod(0o555)
    done = subprocess.run([*without_root(), *code(body), str(file)], capture_output=True, text=True)
    assert done.stdout == f"{file} cannot be written: {os.strerror(errno.EACCES)}.\n"


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_at_no_moment_can_others_read_what_is_being_written(file: Path, mode: int) -> None:
    body = f"import os; os.umask(0); store.update(sys.argv[1], lambda old: b'x' * 20_000_000, {mode})"
    assert killed(file, body).returncode == -signal.SIGKILL
    (left,) = file.parent.glob("file.*.tmp")
    assert stat.S_IMODE(left.stat().st_mode) == 0o600


def limited(bytes_: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))


def test_a_file_that_may_not_grow_stays_as_it_is(file: Path) -> None:
    said = (
        "from alikey_hook.errors import UserError\n"
        "try: store.update(sys.argv[1], lambda old: b'x' * 20_000)\n"
        "except UserError as error: print(error.message)\n"
    )
    done = subprocess.run([*code(said), str(file)], capture_output=True, text=True, preexec_fn=lambda: limited(10_000))
    assert done.stdout == f"{file} cannot be written: {os.strerror(errno.EFBIG)}.\n"
    assert (file.read_bytes(), names(file.parent)) == (OLD, ["file"])


def test_a_folder_that_may_not_be_written_leaves_the_file(file: Path) -> None:
    body = (
        "from alikey_hook.errors import UserError\n"
        "try: store.update(sys.argv[1], lambda old: b'new')\n"
        "except UserError as error: print(error.message)\n"
    )
    file.parent.chmod(0o555)
    done = subprocess.run([*without_root(), *code(body), str(file)], capture_output=True, text=True)
    assert done.stdout == f"{file} cannot be written: {os.strerror(errno.EACCES)}.\n"
    assert (file.read_bytes(), names(file.parent)) == (OLD, ["file"])


def without_root() -> list[str]:
    """What makes root heed permissions; nothing where we are not root."""
    if os.geteuid():
        return []
    command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    if not shutil.which("setpriv") or subprocess.run([*command, "true"], capture_output=True).returncode:
        pytest.skip("root writes everywhere")
    return command
