"""The cleaning commands, run as they are printed with the real git-filter-repo: nothing is found afterwards."""

import base64
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from alikey_hook.finding import fingerprint
from tests.history.scanning import NOTHING, commit, dated, gone, put, walk
from tests.keys import access_key_id, secret
from tests.repository import Repo, new_repository, pair_lines
from tests.response.incidents import ran
from tests.wheel import environment

pytestmark = pytest.mark.slow

ALL = "--all-objects"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the program git-filter-repo."""
    return environment(tmp_path_factory.mktemp("filter-repo") / "venv", "git-filter-repo")


@pytest.fixture
def shared(repo: Repo, tmp_path: Path) -> Repo:
    """A repository with one clean commit and a remote."""
    new_repository(tmp_path / "bare.git", "--bare")
    repo.git("remote", "add", "origin", str(tmp_path / "bare.git"))
    put(repo, "2024-01-01", NOTHING, "other.py")
    return repo


def clean(repo: Repo, programs: Path, *values: str) -> Path:
    """Ask about these values, then do what the answers say, one after the other; gives the clone that was cleaned."""
    work = repo.top.parent / "work"
    work.mkdir()
    scripts = []
    for number, value in enumerate(values):
        target = repo.top.parent / f"replacements-{number}.txt"
        done = ran(repo.top, fingerprint(value), "--ask-remote", "--format", "json", f"--write-replacements={target}")
        commands = json.loads(done.stdout)["plan"]["commands"]
        assert [command for command in commands if "git filter-repo" in command], commands
        script = "\n".join(commands).replace("URL", f"file://{repo.top.parent}/bare.git")
        assert value not in script
        scripts.append((target, script.replace("clean.git", f"clean-{number}.git")))
    for target, script in scripts:
        env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(["sh", "-e", "-c", script], cwd=work, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        assert not target.exists()
    return work / f"clean-{len(values) - 1}.git"


def committed(repo: Repo) -> None:
    put(repo, "2024-01-02")


def removed(repo: Repo) -> None:
    put(repo, "2024-01-02")
    gone(repo, "2024-01-03")


def renamed(repo: Repo) -> None:
    put(repo, "2024-01-02", path="old.py")
    repo.git("mv", "old.py", "new.py")
    commit(repo, "2024-01-03")


def tagged(repo: Repo) -> None:
    put(repo, "2024-01-02")
    repo.git("tag", "v1")
    repo.git("tag", "--annotate", "--message=a tag", "v2", env=dated("2024-01-02"))
    gone(repo, "2024-01-03")


def on_a_branch(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--create", "topic")
    put(repo, "2024-01-02")
    repo.git("switch", "--quiet", "main")


def in_a_pull_request(repo: Repo) -> None:
    on_a_branch(repo)
    repo.git("update-ref", "refs/pull/7/head", "topic")


def in_a_merge(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--create", "topic")
    put(repo, "2024-01-02", "topic\n", "other.py")
    repo.git("switch", "--quiet", "main")
    put(repo, "2024-01-03", "main\n", "other.py")
    assert repo.attempt("merge", "--quiet", "topic").returncode == 1
    repo.stage("other.py", pair_lines())
    commit(repo, "2024-01-04")


def in_a_note(repo: Repo) -> None:
    repo.git("notes", "add", f"--message={pair_lines()}", "HEAD", env=dated("2024-01-02"))


def in_gbk(repo: Repo) -> None:
    put(repo, "2024-01-02", ("# 配置\r\n" + pair_lines()).encode("gbk"))


def in_base64(repo: Repo) -> None:
    lines = "".join(f"{name} = {base64.b64encode(value.encode()).decode()}\n" for name, value in _named())
    put(repo, "2024-01-02", lines)


def in_a_text_in_base64(repo: Repo) -> None:
    put(repo, "2024-01-02", f"data: {base64.b64encode(pair_lines().encode()).decode()}\n")


def escaped(repo: Repo) -> None:
    lines = (f'"{name}": "{value[:5]}\\u{ord(value[5]):04x}{value[6:]}"\n' for name, value in _named())
    put(repo, "2024-01-02", "".join(lines))


def in_pieces(repo: Repo) -> None:
    put(repo, "2024-01-02", "".join(f'{name} = "{value[:12]}" + "{value[12:]}"\n' for name, value in _named()))


def in_pieces_over_two_lines(repo: Repo) -> None:
    put(repo, "2024-01-02", "".join(f'{name} = "{value[:12]}" +\n    "{value[12:]}"\n' for name, value in _named()))


def in_wrapped_base64(repo: Repo) -> None:
    text = base64.b64encode(pair_lines().encode()).decode()
    put(repo, "2024-01-02", "\n".join(text[at : at + 64] for at in range(0, len(text), 64)) + "\n")


def in_utf_16(repo: Repo) -> None:
    put(repo, "2024-01-02", pair_lines().encode("utf-16"))


def beside_a_nul_byte(repo: Repo) -> None:
    put(repo, "2024-01-02", b"a\0b\n" + pair_lines().encode())


def in_a_commit_message(repo: Repo) -> None:
    commit(repo, "2024-01-02", message=f"Use this\n\n{pair_lines()}")
    commit(repo, "2024-01-03")


def in_a_tag_message(repo: Repo) -> None:
    repo.git("tag", "--annotate", f"--message={pair_lines()}", "v1", env=dated("2024-01-02"))


def _named() -> tuple[tuple[str, str], tuple[str, str]]:
    return (("access_key_id", access_key_id(1)), ("access_key_secret", secret(1)))


WAYS = (
    committed, removed, renamed, tagged, on_a_branch, in_a_pull_request, in_a_merge, in_a_note, in_gbk, in_base64,
    in_a_text_in_base64, escaped, in_pieces, in_pieces_over_two_lines, in_wrapped_base64, in_utf_16, beside_a_nul_byte,
    in_a_commit_message, in_a_tag_message,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.replace("_", " "))
def test_the_commands_leave_nothing(shared: Repo, programs: Path, way: Callable[[Repo], None]) -> None:
    way(shared)
    shared.git("push", "--quiet", "--mirror", "origin")
    bare = shared.top.parent / "bare.git"
    assert walk(bare).code == 1
    cleaned = clean(shared, programs, access_key_id(1), secret(1))
    assert walk(cleaned, ALL)[:2] == (0, [])
    assert walk(bare)[:2] == (0, [])
    Repo(bare).git("gc", "--quiet", "--prune=now")
    assert walk(bare, ALL)[:2] == (0, [])


def test_the_commands_keep_the_rest(shared: Repo, programs: Path) -> None:
    tagged(shared)
    put(shared, "2024-01-04", "another = 2\n", "more.py")
    shared.git("push", "--quiet", "--mirror", "origin")
    cleaned = Repo(clean(shared, programs, access_key_id(1), secret(1)))
    assert cleaned.git("log", "--format=%as %s", "main") == shared.git("log", "--format=%as %s", "main")
    assert cleaned.git("show", "main:more.py") == "another = 2\n"
    mark = "REMOVED-BY-ALIKEY-HOOK"
    assert cleaned.git("show", "v1:app.py") == f'access_key_id = "{mark}"\naccess_key_secret = "{mark}"\n'


def test_a_file_with_nul_bytes_stays_and_so_does_a_submodule(shared: Repo, programs: Path) -> None:
    put(shared, "2024-01-02", pair_lines().encode("utf-16"))
    shared.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    commit(shared, "2024-01-03")
    shared.git("push", "--quiet", "--mirror", "origin")
    cleaned = Repo(clean(shared, programs, access_key_id(1), secret(1)))
    blob = subprocess.run(["git", "cat-file", "blob", "main:app.py"], cwd=cleaned.top, capture_output=True, check=True).stdout
    mark = "REMOVED-BY-ALIKEY-HOOK"
    assert blob.decode("utf-16") == f'access_key_id = "{mark}"\naccess_key_secret = "{mark}"\n'
    assert cleaned.git("rev-parse", "main:module").strip() == "1" * 40


def test_what_the_same_repository_is_told_afterwards(shared: Repo, programs: Path) -> None:
    removed(shared)
    shared.git("push", "--quiet", "--mirror", "origin")
    cleaned = clean(shared, programs, access_key_id(1), secret(1))
    for value in (access_key_id(1), secret(1)):
        assert ran(cleaned, fingerprint(value)).returncode == 0
    # Our own clone still has it, and says so.
    assert ran(shared.top, access_key_id(1)).returncode == 1
