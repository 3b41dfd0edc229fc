"""No symbolic link is followed out of a repository, and nothing is written through one."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import Repo, pair_lines
from tests.trust.wires import ID, Marks, Trap

pytestmark = pytest.mark.once

MINE = "version: 1\nallow: []\n"


@pytest.fixture
def trap(repo: Repo, tmp_path: Path) -> Trap:
    repo.stage("app.py", pair_lines(1))
    repo.commit()
    return Trap(repo, Marks(tmp_path / "marks"), "")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder outside of the repository with a key in it."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "private.txt").write_text(pair_lines(7), "utf-8")
    return folder


def paths(trap: Trap, *arguments: str) -> set[str]:
    return {finding["path"] for finding in json.loads(trap.run("scan", "--format", "json", *arguments).stdout)["findings"]}


def test_a_link_to_a_file_outside_is_not_followed(trap: Trap, outside: Path) -> None:
    link = trap.repo.top / "link.txt"
    link.symlink_to(outside / "private.txt")
    assert link.read_text("utf-8") == pair_lines(7), "whoever opens it does"
    assert paths(trap) == paths(trap, "app.py", "link.txt") == {"app.py"}
    trap.repo.git("add", ".")
    assert paths(trap) == {"app.py"}
    assert trap.run("hook", "--", "link.txt").returncode == 0


@pytest.mark.parametrize("tracked", [False, True])
def test_a_link_to_a_folder_outside_is_not_followed(trap: Trap, outside: Path, tracked: bool) -> None:
    if tracked:  # as git has it, a file in a folder; now the folder is a link, and the file behind it another one
        trap.repo.stage("folder/private.txt", "nothing\n")
        trap.repo.commit()
        (trap.repo.top / "folder" / "private.txt").unlink()
        (trap.repo.top / "folder").rmdir()
    (trap.repo.top / "folder").symlink_to(outside)
    assert (trap.repo.top / "folder" / "private.txt").read_text("utf-8") == pair_lines(7), "whoever opens it does"
    assert paths(trap) == paths(trap, ".") == paths(trap, str(trap.repo.top)) == {"app.py"}
    assert paths(trap, "folder") == set()


def test_outside_a_repository_neither(tmp_path: Path, home: Path, outside: Path) -> None:
    top = tmp_path / "plain"
    top.mkdir()
    (top / "folder").symlink_to(outside)
    done = subprocess.run([sys.executable, "-m", "alikey_hook", "scan"], cwd=top, capture_output=True)
    assert done.returncode == 0


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_baseline_that_is_a_link_allows_nothing(trap: Trap, tmp_path: Path, what: str) -> None:
    report = json.loads(trap.run("scan", "--format", "json").stdout)["findings"]
    entry = "  - fingerprint: {}\n    status: example\n    reason: mine\n"
    text = "version: 1\nallow:\n" + "".join(entry.format(finding["fingerprint"]) for finding in report)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "alikey.yaml").write_text(text, "utf-8")
    if what == "folder":
        (trap.repo.top / "baseline").symlink_to(tmp_path / "elsewhere")
    else:
        (trap.repo.top / "baseline").mkdir()
        (trap.repo.top / "baseline" / "alikey.yaml").symlink_to(tmp_path / "elsewhere" / "alikey.yaml")
    done = trap.run("scan")
    assert (done.returncode, "is a symbolic link" in done.stderr) == (2, True)
    trap.repo.git("add", ".")
    assert trap.run("hook").returncode in (1, 2) if what == "file" else True


def allowing(*options: str) -> tuple[str, ...]:
    return ("baseline", "allow", ID_PRINT, "--status", "example", "--reason", "a test", *options)


ID_PRINT = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("link", "target", "arguments"),
    [
        pytest.param("report.json", "victim", ("scan", "--format", "json", "--output", "report.json"), id="--output"),
        pytest.param("report.md", "victim", ("respond", ID, "--output", "report.md"), id="respond --output"),
        pytest.param("export.json", "victim", ("baseline", "export", "--output", "export.json"), id="baseline export"),
        pytest.param("allow.yaml", "victim", allowing("--file", "allow.yaml"), id="baseline allow --file"),
        pytest.param(f"baseline/alikey-{'ab' * 4}.yaml", "victim", allowing(), id="baseline allow, a file"),
        pytest.param(f"baseline/alikey-{'ab' * 4}.yaml", "none", allowing(), id="baseline allow, a dangling link"),
        pytest.param("baseline", ".", allowing(), id="baseline allow, the folder"),
        pytest.param("more", ".", allowing("--file", "more/alikey.yaml"), id="baseline allow --file, a folder"),
        pytest.param("to.yaml", "victim", ("baseline", "import", "detect.json", "--to", "to.yaml"), id="baseline import"),
        pytest.param("../keys.txt", "victim", ("respond", ID, "--write-replacements", "../keys.txt"), id="replacements"),
        pytest.param("../keys.txt", "none", ("respond", ID, "--write-replacements", "../keys.txt"), id="new replacements"),
    ],
)
def test_nothing_is_written_through_a_link(
    trap: Trap, outside: Path, link: str, target: str, arguments: tuple[str, ...]
) -> None:
    victim = outside / "victim"
    victim.write_text(MINE, "utf-8")
    _detect_secrets_baseline(trap)
    place = Path(os.path.normpath(trap.repo.top / link))
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside / target)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    done = trap.run(*arguments)
    assert done.returncode == 2, done.stderr
    assert "link" in done.stderr or "is not a plain file" in done.stderr
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before
    assert place.is_symlink()


def _detect_secrets_baseline(trap: Trap) -> None:
    """One that has audited what leaks as no secret."""
    import hashlib

    result = {"hashed_secret": hashlib.sha1(ID.encode(), usedforsecurity=False).hexdigest(), "is_secret": False}
    trap.repo.write("detect.json", json.dumps({"results": {"app.py": [result]}}))


def test_without_the_link_the_same_commands_write(trap: Trap, tmp_path: Path) -> None:
    _detect_secrets_baseline(trap)
    for arguments in (
        ("scan", "--output", "report.json"),
        allowing(),
        ("baseline", "import", "detect.json", "--to", "to.yaml"),
        ("respond", ID, "--write-replacements", "../keys.txt"),
    ):
        assert trap.run(*arguments).returncode in (0, 1)
    for path in ("report.json", f"baseline/alikey-{'ab' * 4}.yaml", "to.yaml", "../keys.txt"):
        assert (trap.repo.top / path).is_file()


@pytest.mark.gives_away  # what the links lead to is the test's
def test_the_cache_and_the_journal_are_not_written_through_links(trap: Trap, tmp_path: Path, outside: Path) -> None:
    cache = tmp_path / "cache"
    assert trap.run("scan", "--history", "--cache", str(cache)).returncode == 1
    (file,) = cache.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (outside / "cache").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(outside / "cache")
    done = trap.run("scan", "--history", "--cache", str(cache))
    assert (done.returncode, "symbolic link" in done.stderr) == (2, True)
    (cache / "audit.jsonl").symlink_to(outside / "private.txt")
    assert trap.run("audit", ".", "--cache", str(cache), "--workers", "1").returncode == 2
    assert (outside / "private.txt").read_text("utf-8") == pair_lines(7)


def test_a_cache_that_comes_with_the_repository_is_refused(trap: Trap) -> None:
    """It says what holds nothing; here it says so of what leaks."""
    assert trap.run("scan", "--history", "--cache", "cache").returncode == 1
    trap.repo.stage("cache")
    done = trap.run("scan", "--history", "--cache", "cache")
    assert (done.returncode, "is tracked by git" in done.stderr) == (2, True)
    trap.repo.git("rm", "--quiet", "--cached", "-r", "cache")
    assert trap.run("scan", "--history", "--cache", "cache").returncode == 1
