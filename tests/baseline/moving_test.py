"""Moving, re-indenting and renaming files with allowed values never makes the hook fail; leaving the paths does."""

import random
from collections.abc import Callable

import pytest

from alikey_hook.finding import fingerprint
from tests.baseline.commands import baseline, made, put, statuses
from tests.keys import secret
from tests.repository import Repo, pair_lines

pytestmark = pytest.mark.once

EDITS = 100
Edit = Callable[[str, random.Random], str]


def at_random(text: str, rng: random.Random, new: str) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines) + 1), new)
    return "".join(lines)


def more_lines(text: str, rng: random.Random) -> str:
    return at_random(text, rng, f"number = {rng.random()}\n" * rng.randrange(1, 30))


def indented(text: str, rng: random.Random) -> str:
    return "".join(" " * rng.choice([0, 2, 4, 8]) + line.lstrip(" ") for line in text.splitlines(keepends=True))


def shuffled(text: str, rng: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(rng.sample(lines, len(lines)))


def requoted(text: str, rng: random.Random) -> str:
    return text.replace('"', "'") if rng.random() < 0.5 else text.replace("'", '"')


def renamed_names(text: str, rng: random.Random) -> str:
    spaces = " " * rng.randrange(3)
    return text.replace("access_key_id = ", f"ACCESS_KEY_ID{spaces}= ").replace(
        "access_key_secret = ", f"accessKeySecret{spaces}= "
    )


def other_endings(text: str, rng: random.Random) -> str:
    return text.replace("\r\n", "\n") if "\r\n" in text else text.replace("\n", "\r\n")


def fewer_lines(text: str, rng: random.Random) -> str:
    lines = [line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("number") or rng.random() < 0.5]
    return "".join(lines)


CHANGES: tuple[Edit, ...] = (more_lines, indented, shuffled, requoted, renamed_names, other_endings, fewer_lines)


class Moving:
    """A repository whose commits our hook checks, with allowed values in files that are moved about."""

    def __init__(self, repo: Repo, folders: list[str], *paths: str) -> None:
        self.repo = repo
        self.folders = folders
        self.files = [f"{folders[0]}/first.py", f"{folders[0]}/second.py"]
        for seed, path in enumerate(self.files, 1):
            repo.stage(path, pair_lines(seed) + "number = 1\n" * 3)
            put(repo, made(seed, paths=paths), made(seed, paths=paths, fingerprint=fingerprint(secret(seed))))
        repo.git("add", "--all")
        repo.install_hook()

    def edit(self, number: int, rng: random.Random) -> int:
        """Move, copy or change a file or two, each in one of many ways, and stage that; gives how many."""
        chosen = rng.sample(range(len(self.files)), rng.choice([1, 2]))
        for at in chosen:
            path = self.files[at]
            text = (self.repo.top / path).read_bytes().decode()
            for change in rng.sample(CHANGES, rng.randrange(3)):
                text = change(text, rng)
            way = rng.choice(["stay", "stay", "move", "move", "rename", "copy"])
            if way != "stay":
                folder = rng.choice(self.folders) if way != "rename" else path.rpartition("/")[0]
                self.files[at] = (
                    f"{folder}/{rng.choice(['', 'deep/er/', '文件 '])}file{number}_{at}.{rng.choice(['py', 'yml', 'txt'])}"
                )
                if way != "copy":
                    (self.repo.top / path).unlink()
            self.repo.write(self.files[at], text)
        self.repo.git("add", "--all")
        return len(chosen)

    def commit(self) -> None:
        """Commit what is staged; the hook must not object."""
        done = self.repo.attempt("commit", "--quiet", "--allow-empty", "--message=an edit")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "edits", [pytest.param(8, id="a few edits"), pytest.param(EDITS // 2, id="a hundred edits", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    ("folders", "paths"),
    [
        pytest.param(["src", "docs/en", "配置"], (), id="everywhere"),
        pytest.param(["tests", "tests/deep", "conf"], ("conf/**", "tests/**"), id="within the paths"),
    ],
)
def test_random_edits_of_files_with_allowed_values_pass(
    repo: Repo, folders: list[str], paths: tuple[str, ...], edits: int
) -> None:
    rng = random.Random(f"edits {folders}")
    moving = Moving(repo, folders, *paths)
    moving.commit()
    done = 0
    while done < edits:
        done += moving.edit(done, rng)
        moving.commit()
    code, found = statuses(repo, "scan")
    assert (code, {status for _, _, status in found}) == (0, {"allowed"})
    code, found = statuses(repo, "scan", "--commits", "HEAD")
    assert (code, {status for _, _, status in found}) == (0, {"allowed"})
    assert len(found) > edits
    assert baseline(repo, "check").code == 0


@pytest.fixture
def limited(repo: Repo) -> Moving:
    """Values that are allowed below tests/ only, committed there."""
    moving = Moving(repo, ["tests"], "tests/**")
    moving.commit()
    return moving


@pytest.mark.parametrize("path", ["src/first.py", "first.py", "src/tests/first.py", "tests.py"])
def test_a_copy_outside_the_paths_is_rejected(limited: Moving, path: str) -> None:
    limited.repo.stage(path, (limited.repo.top / "tests/first.py").read_bytes())
    assert statuses(limited.repo, "hook") == (1, [(path, 1, "new"), (path, 2, "new")])
    limited.repo.git("mv", "--force", path, "tests/deep.py")
    assert statuses(limited.repo, "hook") == (0, [("tests/deep.py", 1, "allowed"), ("tests/deep.py", 2, "allowed")])


def test_a_move_out_of_the_paths_is_no_new_leak_but_found_by_a_scan(limited: Moving) -> None:
    (limited.repo.top / "src").mkdir()
    limited.repo.git("mv", "tests/first.py", "src/first.py")
    assert statuses(limited.repo, "scan")[0] == 1
    assert statuses(limited.repo, "hook") == (0, [("src/first.py", 1, "existing"), ("src/first.py", 2, "existing")])


def test_a_value_that_is_moved_into_another_file_outside_the_paths_is_rejected(limited: Moving) -> None:
    limited.repo.stage("src/app.py", "import os\n")
    limited.commit()
    limited.repo.stage("tests/first.py", "nothing = 1\n")
    limited.repo.stage("src/app.py", "import os\n" + pair_lines(1))
    assert statuses(limited.repo, "hook") == (1, [("src/app.py", 2, "new"), ("src/app.py", 3, "new")])
