"""`alikey-hook audit` over a fleet: what is found, what is told, and that no value is left anywhere."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.audit.fleets import CLI, audit, environment, holding, repository
from tests.cli_test import allow
from tests.history.scanning import CLI as SCAN
from tests.history.scanning import VALUES
from tests.keys import access_key_id, secret
from tests.repository import Repo, pair_lines

LEAKING = {"r03.git": 3, "r05.git": 5, **dict.fromkeys(("r07.git", "r08.git", "r09.git", "r11.git", "r12.git"), 7)}
LARGE = "r03.git"
REPOSITORIES = [f"r{number:02}.git" for number in range(20)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for twenty repositories; some leak, one pair is in five of them, one is far larger than the others."""
    return tmp_path_factory.mktemp("fleet")


@pytest.fixture
def fleet(made: Path, home: Path) -> list[Path]:
    """The repositories; made once, and only read."""
    for name in REPOSITORIES:
        if not (made / name).exists():
            repository(made / name, 3000 if name == LARGE else 30, LEAKING.get(name))
    return [made / name for name in REPOSITORIES]


@pytest.mark.slow
def test_every_leak_is_found_and_each_secret_is_one_row(fleet: list[Path], tmp_path: Path) -> None:
    done = audit(tmp_path, "--format", "json", *fleet, workers=2)
    assert (done.code, done.err) == (1, "alikey-hook: 20 of 20 repositories looked at whole\n")
    assert {name for name, _ in done.places} == set(LEAKING)
    rows = done.report["findings"]
    assert sorted(len(row["places"]) for row in rows) == [1, 1, 1, 1, 5, 5]
    assert done.report["origin"]["complete"]


@pytest.mark.slow
def test_it_says_of_each_what_a_scan_of_its_history_says(fleet: list[Path], tmp_path: Path) -> None:
    done = audit(tmp_path, "--format", "jsonl", "--split", "1M", *fleet)
    lines = {Path(line["repository"]).name: line for line in map(json.loads, done.out.splitlines())}
    assert set(lines) == set(REPOSITORIES)
    for name in (LARGE, "r05.git", "r12.git", "r01.git"):
        command = [*SCAN, "scan", "--history", "--no-own-keys", "--format", "json"]
        alone = json.loads(subprocess.run(command, cwd=fleet[0].parent / name, capture_output=True, check=False).stdout)
        found = [{key: value for key, value in one.items() if key != "repository"} for one in lines[name]["findings"]]
        assert found == alone["findings"]
        assert (lines[name]["objects"], lines[name]["bytes"]) == (alone["summary"]["files"], alone["summary"]["bytes"])


@pytest.mark.slow
def test_mirrors_are_made_once_and_brought_up_to_date(fleet: list[Path], tmp_path: Path) -> None:
    source = repository(tmp_path / "source.git", 30)
    (tmp_path / "list").write_text(f"# ours\nfile://{source}\nfile://{fleet[3]}\n", "utf-8")
    first = audit(tmp_path, "--format", "json", "list")
    assert (first.code, {name for name, _ in first.places}) == (1, {LARGE})
    mirrors = sorted((tmp_path / "cache" / "mirrors").glob("*/mirror.git"))
    made = [mirror.stat().st_ino for mirror in mirrors]
    assert len(mirrors) == 2
    tree = Repo(tmp_path / "tree")
    subprocess.run(["git", "clone", "--quiet", source, tree.top], check=True)
    tree.stage("app.py", pair_lines(11))
    tree.commit()
    tree.git("push", "--quiet", "origin", "HEAD:main", "HEAD:refs/hidden/one")
    second = audit(tmp_path, "--format", "json", "list")
    assert {name for name, _ in second.places} == {LARGE, "source.git"}
    assert [mirror.stat().st_ino for mirror in mirrors] == made
    assert {mirror.parent.parent.parent.stat().st_mode & 0o77 for mirror in mirrors} == {0}


@pytest.mark.slow
def test_no_value_is_left_anywhere(fleet: list[Path], tmp_path: Path) -> None:
    work = {name: str(tmp_path / name) for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "DASK_TEMPORARY_DIRECTORY")}
    for folder in work.values():
        Path(folder).mkdir(exist_ok=True)
    names: list[str | Path] = [fleet[3], fleet[5], f"file://{fleet[7]}"]
    for format in ("text", "jsonl", "html"):
        done = audit(tmp_path, "--format", format, "--output", f"report.{format}", "--split", "1M", *names, env=work)
        assert (done.code, done.out) == (1, "")
    assert holding(tmp_path) == []
    assert b"sha256:" in (tmp_path / "cache" / "audit.jsonl").read_bytes()
    assert os.listdir(work["TMPDIR"]) == []


@pytest.mark.slow
def test_a_repository_s_own_baseline_counts_unless_another_one_is_named(home: Path, tmp_path: Path) -> None:
    report = audit(tmp_path, "--format", "json", repository(tmp_path / "a.git", 30, 5)).report
    prints = [row["fingerprint"] for row in report["findings"]]
    allow(tmp_path, *prints, file="central.yaml")
    tree = Repo(tmp_path / "tree")
    tree.top.mkdir()
    tree.git("init", "--quiet")
    tree.stage("app.py", pair_lines(5))
    allow(tree.top, *prints)
    tree.stage("baseline/alikey.yaml")
    tree.commit()
    both = ("--format", "json", tree.top, tmp_path / "a.git")
    own = audit(tmp_path, *both)
    assert (own.code, [row["status"] for row in own.report["findings"]].count("allowed")) == (1, 2)
    central = audit(tmp_path, "--baseline", "central.yaml", *both)
    assert (central.code, {row["status"] for row in central.report["findings"]}) == (0, {"allowed"})


@pytest.mark.slow
def test_a_baseline_that_is_none_allows_nothing_and_is_told(home: Path, tmp_path: Path) -> None:
    tree = Repo(tmp_path / "tree")
    tree.top.mkdir()
    tree.git("init", "--quiet")
    tree.stage("app.py", pair_lines(5))
    tree.stage("baseline/alikey.yaml", "version: 7\n")
    tree.commit()
    done = audit(tmp_path, "--format", "json", "tree")
    assert (done.code, len(done.places), list(done.lost)) == (2, 1, ["tree"])
    assert "baseline/alikey.yaml" in done.lost["tree"]


@pytest.mark.slow
def test_own_keys_are_looked_for_by_each_worker_itself(home: Path, tmp_path: Path) -> None:
    own = secret(31)
    tree = Repo(tmp_path / "tree")
    tree.top.mkdir()
    tree.git("init", "--quiet")
    tree.stage("notes.txt", f"{own}\n")
    tree.commit()
    command = [argument for argument in CLI if argument != "--no-own-keys"]
    arguments = [*command, "--cache", str(tmp_path / "cache"), "--format", "json", "tree"]
    env = environment({"ALIBABA_CLOUD_ACCESS_KEY_ID": access_key_id(31), "ALIBABA_CLOUD_ACCESS_KEY_SECRET": own})
    done = subprocess.run(arguments, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert not [value for value in VALUES if value in done.stdout + done.stderr]
    assert [row["rule"] for row in json.loads(done.stdout)["findings"]] == ["alibaba-own-key"]
    (tree.top / "notes.txt").unlink()
    (tree.top / ".git" / "index").unlink()
    assert holding(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param((), "SOURCE", id="no repository"),
        pytest.param(("-",), "no repository is named", id="an empty list"),
        pytest.param(("--format", "github", "x"), "--format", id="a format that is none here"),
        pytest.param(("--workers", "0", "x"), "'0' is no number of processes", id="no workers"),
        pytest.param(("--timeout", "soon", "x"), "'soon' is no number of seconds", id="no time"),
        pytest.param(("--split", "1T", "x"), "'1T' is no size", id="no size"),
        pytest.param(
            ("--tls-key", "key", "--scheduler", "tls://x:1", "x"), "and with --scheduler", id="TLS without a certificate"
        ),
        pytest.param(
            ("--workers", "2", "--scheduler", "tcp://x:1", "x"), "the cluster's own business", id="workers of another"
        ),
        pytest.param(("--scheduler", "here", "x"), "'here' is no scheduler's address", id="no address"),
        pytest.param(("--baseline", "missing.yaml", "x"), "missing.yaml cannot be read", id="no such baseline"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_says_why(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = audit(tmp_path, *arguments, workers=None)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


@pytest.mark.parametrize("missing", ["dask", "distributed"])
def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path, missing: str) -> None:
    folder = tmp_path / "modules"  # nothing is imported from the current one
    folder.mkdir()
    (folder / f"{missing}.py").write_text("raise ImportError('not here')\n", "utf-8")
    env = environment()
    env["PYTHONPATH"] = f"{folder}:{env['PYTHONPATH']}"
    done = audit(tmp_path, ".", env=env)
    assert (done.code, done.out) == (2, "")
    assert "help: pip install 'alikey-hook[audit]'" in done.err


def test_no_other_command_loads_the_engine() -> None:
    probe = (
        "import sys; from importlib import import_module; from alikey_hook.commands import COMMANDS\n"
        "for name in COMMANDS: import_module(f'alikey_hook.commands.{name}')\n"
        "import_module('alikey_hook.commands.audit').parser()\n"
        "print(sorted({'dask', 'distributed', 'psutil', 'cryptography'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.slow
def test_a_terminal_sees_how_far_it_is(fleet: list[Path], tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    names = [*map(str, fleet[4:7]), "missing"]
    command = [*CLI, "--cache", str(tmp_path / "cache"), "--workers", "1", "--format", "json", *names]
    ours, theirs = pty.openpty()
    env = environment({"TERM": "xterm", "COLUMNS": "200"})
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the other side is closed
            while piece := os.read(ours, 65536):
                shown += piece
        os.close(ours)
        assert process.stdout and json.loads(process.stdout.read())["findings"]
    assert process.returncode == 2
    text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown)
    assert re.search(rb"4/4 +repositories .* MB/s, 2 findings, 1 not looked at", text)


@pytest.mark.slow
def test_what_was_left_out_is_told(fleet: list[Path], tmp_path: Path) -> None:
    done = audit(tmp_path, "--max-blob-size", "1k", "--format", "json", fleet[4])
    assert (done.code, done.places) == (0, set())
    assert re.search(r"note: \d+ objects over the size limit \(--max-blob-size\) were not looked at", done.err)
