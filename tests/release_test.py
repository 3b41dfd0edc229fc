"""What is released: its SBOM is whole, advisories are asked about, and two builds of a commit are the same."""

import hashlib
import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
AUDIT = (sys.executable, str(ROOT / "scripts" / "audit_dependencies.py"))


def needed(name: str) -> set[tuple[str, str]]:
    """(name, version) of what a distribution that is installed here needs at run time, and what those need."""
    found: set[tuple[str, str]] = set()
    waiting = [name]
    while waiting:
        distribution = metadata.distribution(waiting.pop())
        one = (normal(distribution.name), distribution.version)
        if one not in found:
            found.add(one)
            plain = (text for text in distribution.requires or () if "extra ==" not in text and "python_version" not in text)
            waiting += [re.split(r"[^\w.-]", text, maxsplit=1)[0] for text in plain]
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.once
def test_the_sbom_has_all_that_is_needed_at_run_time(tmp_path: Path) -> None:
    file = tmp_path / "sbom.cdx.json"
    env = {**os.environ, "CYCLONEDX": str(Path(sys.executable).with_name("cyclonedx-py"))}
    subprocess.run(["sh", "scripts/sbom", sys.executable, str(file)], cwd=ROOT, env=env, check=True, capture_output=True)
    made = json.loads(file.read_text("utf-8"))
    assert made["bomFormat"] == "CycloneDX"
    has = {(normal(one["name"]), one["version"]) for one in made["components"]}
    wanted = needed("alikey-hook")
    assert {"alikey-hook", "pyyaml", "detect-secrets", "requests"} <= {name for name, _ in wanted}
    assert wanted <= has


# Its service cannot be had everywhere; what it answers is as pip-audit 2 writes it.
def answering(folder: Path, answer: str) -> subprocess.CompletedProcess[str]:
    (folder / "pip_audit.py").write_text(f"import sys\nsys.stdout.write({answer!r})\nsys.exit({bool(answer)})\n", "utf-8")
    return subprocess.run([*AUDIT, "--required"], env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True)


GOOD = {"name": "good", "version": "1", "vulns": []}
BAD = {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-2026-1"}, {"id": "PYSEC-2026-2"}]}
UNKNOWN = {"name": "own", "version": "3", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        pytest.param([GOOD], 0, "audit of dependencies: 1 looked up, 0 with advisories, 0 not looked up\n", id="all good"),
        pytest.param(
            [GOOD, BAD],
            1,
            "bad 2: PYSEC-2026-1, PYSEC-2026-2\naudit of dependencies: 2 looked up, 1 with advisories, 0 not looked up\n",
            id="an advisory",
        ),
        pytest.param([GOOD, UNKNOWN], 2, "audit of dependencies: 1 looked up, 0 with advisories, 1 not looked up\n", id="some"),
        pytest.param(
            [UNKNOWN], 2, "audit of dependencies: skipped: none could be looked up (is there a network?)\n", id="none"
        ),
        pytest.param(
            None, 2, "audit of dependencies: skipped: none could be looked up (is there a network?)\n", id="no answer"
        ),
    ],
)
def test_what_could_not_be_looked_up_is_no_all_clear(
    tmp_path: Path, found: list[dict[str, object]] | None, code: int, said: str
) -> None:
    done = answering(tmp_path, json.dumps({"dependencies": found}) if found else "")
    assert (done.returncode, done.stdout) == (code, said)


@pytest.mark.slow
def test_a_release_is_made_of_what_is_committed(tmp_path: Path) -> None:
    clone, out = tmp_path / "clone", tmp_path / "out"
    subprocess.run(["git", "clone", "--quiet", "--no-local", str(ROOT), str(clone)], check=True)
    (clone / ".venv").mkdir()
    (clone / ".venv" / "newest").symlink_to(sys.prefix)
    command = ["sh", "scripts/release", str(out), "--without-advisories"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "this is a rehearsal" in done.stdout
    names = sorted(path.name for path in out.iterdir())
    assert [name.rpartition(".")[2] for name in names] == ["SHA256SUMS", "whl", "json", "gz"]
    for line in (out / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    (sbom,) = out.glob("*.cdx.json")
    installed = {normal(one["name"]) for one in json.loads(sbom.read_text("utf-8"))["components"]}
    assert {name for name, _ in needed("alikey-hook")} <= installed
    assert "pytest" not in installed
    (clone / "new.txt").write_text("not committed\n", "utf-8")
    dirty = subprocess.run([*command[:2], str(tmp_path / "again")], cwd=clone, capture_output=True, text=True)
    assert (dirty.returncode, dirty.stderr) == (1, "release: the working tree is not clean\n")
