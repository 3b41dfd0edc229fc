"""The hook under the real pre-commit and the real prek, installed from a repository as its users install it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.keys import access_key_id, secret
from tests.repository import Repo, isolated, new_repository, pair_lines

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
# What the hook's environment is built from.
SOURCES = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "alikey_hook")
NOTHING = "nothing = 1\n"
ID = access_key_id(1)
FIRST_LINE = f":1:18: alibaba-access-key-id critical {ID[:8]}…{ID[-4:]}"
MANAGERS = {
    "pre-commit": (sys.executable, "-m", "pre_commit"),
    "prek": (str(Path(sys.executable).parent / "prek"),),
}


@pytest.fixture(scope="module", autouse=True)
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home and caches of our own for all tests here; the environments of the hook are built once."""
    folder = tmp_path_factory.mktemp("managers")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in isolated(os.environ, folder / "home").items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)
        patch.setenv("PRE_COMMIT_HOME", str(folder / "pre-commit"))
        patch.setenv("PREK_HOME", str(folder / "prek"))
        yield


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, environment: None) -> tuple[Path, str]:
    """A repository with the sources as they are now, and its commit."""
    repo = new_repository(tmp_path_factory.mktemp("published") / "alikey-hook")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, repo.top / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, repo.top / name)
    repo.git("add", "--all")
    return repo.top, repo.commit()


class Consumer(NamedTuple):
    """A repository whose hook manager runs us."""

    repo: Repo
    command: tuple[str, ...]

    def run(self, *args: str) -> tuple[int, str]:
        """Exit code and output of the manager."""
        done = subprocess.run([*self.command, *args], cwd=self.repo.top, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.decode()

    def commit(self, *args: str) -> tuple[int, str]:
        """Exit code and output of `git commit`."""
        done = self.repo.attempt("commit", "--message=a commit", *args)
        return done.returncode, done.stdout + done.stderr

    def head(self) -> str:
        return self.repo.git("rev-parse", "HEAD").strip()


@pytest.fixture(params=MANAGERS)
def consumer(request: pytest.FixtureRequest, tmp_path: Path, published: tuple[Path, str]) -> Consumer:
    """A repository that has the hook in its .pre-commit-config.yaml, with the manager's own git hook installed."""
    source, commit = published
    repo = new_repository(tmp_path / "consumer")
    hook = f"  - repo: {source}\n    rev: {commit}\n    hooks:\n      - id: alikey-hook\n"
    repo.stage(".pre-commit-config.yaml", f"repos:\n{hook}")
    repo.commit()
    made = Consumer(repo, MANAGERS[request.param])
    code, output = made.run("install")
    assert code == 0, output
    return made


def allow_everything(repo: Repo) -> None:
    """Stage a baseline with all that `scan` finds in the working tree."""
    report = json.loads(repo.scan("--format", "json").stdout)
    assert report["summary"]["new"] > 0
    entry = "  - fingerprint: {}\n    status: test-fixture\n    reason: a value of the tests\n"
    prints = sorted(finding["fingerprint"] for finding in report["findings"])
    repo.stage("baseline/alikey.yaml", "version: 1\nallow:\n" + "".join(map(entry.format, prints)))


def test_a_staged_pair_is_rejected_and_a_clean_commit_passes(consumer: Consumer) -> None:
    before = consumer.head()
    consumer.repo.stage("src/app.py", pair_lines())
    code, output = consumer.commit()
    assert (code, consumer.head()) == (1, before)
    assert "\n- hook id: alikey-hook\n" in output
    assert "\n- exit code: 1\n" in output
    assert re.search(rf"^ *src/app\.py{re.escape(FIRST_LINE)}$", output, re.MULTILINE), output
    assert "What to do" in output
    assert "alikey-hook: 2 leaked in 1 file" in output
    assert secret(1) not in output
    assert ID not in output
    consumer.repo.stage("src/app.py", NOTHING)
    code, output = consumer.commit()
    assert code == 0, output
    assert consumer.head() != before


def test_a_committed_key_is_found_in_all_files_until_it_is_allowed(consumer: Consumer) -> None:
    consumer.repo.stage("src/app.py", pair_lines())
    consumer.repo.stage("src/clean.py", NOTHING)
    consumer.repo.commit()
    for args in (("--all-files",), ("--files", "src/app.py", "src/clean.py")):
        code, output = consumer.run("run", *args)
        assert code == 1, output
        assert "src/app.py" + FIRST_LINE in output
    assert consumer.run("run", "--files", "src/clean.py")[0] == 0
    allow_everything(consumer.repo)
    code, output = consumer.run("run", "--all-files")
    assert code == 0, output
    consumer.repo.stage("src/copy.py", pair_lines())
    code, output = consumer.commit()
    assert code == 0, output


def test_an_old_key_does_not_stop_a_commit(consumer: Consumer) -> None:
    consumer.repo.stage("src/app.py", pair_lines())
    consumer.repo.commit()
    consumer.repo.stage("src/app.py", NOTHING + pair_lines())
    code, output = consumer.commit()
    assert code == 0, output


def test_a_key_that_a_range_adds_and_removes_is_found(consumer: Consumer) -> None:
    start = consumer.head()
    consumer.repo.stage("src/app.py", pair_lines())
    added = consumer.repo.commit()
    consumer.repo.stage("src/app.py", NOTHING)
    end = consumer.repo.commit()
    code, output = consumer.run("run", "--from-ref", start, "--to-ref", end)
    assert code == 1, output
    assert "src/app.py" + FIRST_LINE in output
    assert f"in commit {added[:12]}" in output
    code, output = consumer.run("run", "--from-ref", added, "--to-ref", end)
    assert code == 0, output


def test_only_what_is_staged_counts(consumer: Consumer) -> None:
    consumer.repo.stage("app.py", pair_lines())
    consumer.repo.write("app.py", NOTHING)
    assert consumer.commit()[0] == 1
    consumer.repo.stage("app.py", NOTHING)
    consumer.repo.write("app.py", pair_lines())
    code, output = consumer.commit()
    assert code == 0, output
    assert (consumer.repo.top / "app.py").read_text() == pair_lines()


@pytest.mark.parametrize("args", [("--all",), ("app.py",)], ids=["--all", "a path"])
def test_what_git_commit_stages_by_itself_is_rejected(consumer: Consumer, args: tuple[str, ...]) -> None:
    consumer.repo.stage("app.py", NOTHING)
    consumer.repo.commit()
    consumer.repo.write("app.py", pair_lines())
    code, output = consumer.commit(*args)
    assert code == 1, output
    assert "app.py" + FIRST_LINE in output


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("conf.txt", ("first\r\n" + pair_lines()).encode("utf-16"), id="a UTF-16 file"),
        pytest.param("no suffix", pair_lines().encode(), id="a file without a suffix"),
        pytest.param("密钥 1.py", pair_lines().encode(), id="a Chinese name"),
        pytest.param("-q", pair_lines().encode(), id="a name like an option"),
        pytest.param("logo.png", pair_lines().encode(), id="a text that is called an image"),
    ],
)
def test_no_file_is_left_out(consumer: Consumer, name: str, content: bytes) -> None:
    consumer.repo.stage(name, content)
    code, output = consumer.commit()
    assert code == 1, output
    assert consumer.run("run", "--all-files")[0] == 1


def test_a_symbolic_link_whose_target_holds_a_key_is_rejected(consumer: Consumer) -> None:
    (consumer.repo.top / "link").symlink_to(f"/key/{ID}")
    consumer.repo.stage("link")
    code, output = consumer.commit()
    assert code == 1, output


def test_more_names_than_one_command_line_holds_are_all_looked_at(consumer: Consumer) -> None:
    for number in range(2000):
        consumer.repo.write(f"{'folder' * 10}/file-number-{number:04}-of-many", NOTHING)
    consumer.repo.write(f"{'folder' * 10}/file-number-1000-of-many", pair_lines())
    consumer.repo.git("add", "--all")
    code, output = consumer.commit()
    assert code == 1, output
    assert "/file-number-1000-of-many" + FIRST_LINE in output


def test_a_resolved_conflict_brings_nothing_of_the_other_branch(consumer: Consumer) -> None:
    repo = consumer.repo
    repo.stage("app.py", NOTHING)
    repo.commit()
    repo.git("branch", "theirs")
    repo.stage("app.py", "ours\n")
    repo.commit()
    repo.git("switch", "--quiet", "theirs")
    repo.stage("app.py", pair_lines())
    repo.commit()
    repo.git("switch", "--quiet", "main")
    assert repo.attempt("merge", "theirs").returncode == 1
    repo.stage("app.py", pair_lines() + pair_lines(2))
    assert consumer.commit()[0] == 1
    repo.stage("app.py", pair_lines())
    code, output = consumer.commit()
    assert code == 0, output


def test_a_repository_can_be_tried_out(consumer: Consumer, published: tuple[Path, str]) -> None:
    consumer.repo.git("rm", "--quiet", "--force", ".pre-commit-config.yaml")
    consumer.repo.stage("app.py", pair_lines())
    consumer.repo.commit()
    code, output = consumer.run("try-repo", str(published[0]), "alikey-hook", "--all-files")
    assert code == 1, output
    assert "app.py" + FIRST_LINE in output
