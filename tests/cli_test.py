"""The command line as scripts see it: exit codes, streams, files; always through a real process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.keys import access_key_id, secret

ROOT = Path(__file__).parent.parent
ID, SECRET = access_key_id(11), secret(11)
LEAK = f'access_key_id = "{ID}"\naccess_key_secret = "{SECRET}"\n'


def run(
    *arguments: str | bytes, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None, command: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
    environment |= {"LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **(env or {})}
    call = command or (sys.executable, "-m", "alikey_hook")
    done = subprocess.run([*call, *arguments], cwd=cwd, input=stdin, env=environment, capture_output=True)
    for value in (ID, SECRET):
        assert value.encode() not in done.stdout + done.stderr
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with one staged file that leaks a pair."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "app.py").write_text(LEAK, "utf-8")
    subprocess.run(["git", "add", "app.py"], cwd=tmp_path, check=True)
    return tmp_path


def allow(folder: Path, *fingerprints: str, file: str = "baseline/alikey.yaml", extra: str = "") -> None:
    entries = "".join(f"  - fingerprint: {f}\n    status: test-fixture\n    reason: a test\n{extra}" for f in fingerprints)
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(f"version: 1\nallow:\n{entries}", "utf-8")


def fingerprints(folder: Path) -> list[str]:
    return [finding["fingerprint"] for finding in json.loads(run("scan", "--format=json", cwd=folder).stdout)["findings"]]


@pytest.mark.parametrize(
    "arguments", ["--help", "-h", "--version", "hook --help", "scan --help", "rules --help", "report --help"]
)
def test_help_and_version_exit_with_0(arguments: str, tmp_path: Path) -> None:
    done = run(*arguments.split(), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"alikey-hook" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="nothing"),
        pytest.param(("frob",), id="unknown command"),
        pytest.param(("scan", "--frob"), id="unknown option"),
        pytest.param(("hook", "--stage", "post-commit"), id="unknown stage"),
        pytest.param(("scan", "--format", "xml"), id="unknown format"),
        pytest.param(("scan", "--min-confidence", "none"), id="unknown confidence"),
        pytest.param(("scan", "--staged", "app.py"), id="staged and a path"),
        pytest.param(("scan", "missing.py"), id="no such file"),
        pytest.param(("hook", "missing.py"), id="hook: no such file"),
        pytest.param(("scan", "--baseline", "missing.yaml"), id="no such baseline"),
        pytest.param(("hook", "--baseline", "missing.yaml"), id="hook: no such baseline"),
        pytest.param(("scan", "--output", "missing/report.json"), id="no such folder for the report"),
        pytest.param(("scan", "--output", "."), id="report is a folder"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_says_why(arguments: tuple[str, ...], folder: Path) -> None:
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2
    assert b"alikey-hook" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_unreadable_file_exits_with_2(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert run("scan", "app.py", "--output", "pipe", cwd=folder).returncode == 2
    done = run("scan", "pipe", cwd=folder)
    assert (done.returncode, done.stderr) == (
        2,
        b"alikey-hook: pipe is not a regular file.\nhelp: Pipe it into `alikey-hook scan -`.\n",
    )


def test_outside_a_repository_the_hook_exits_with_2_and_a_scan_works(tmp_path: Path) -> None:
    env = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    assert run("hook", cwd=tmp_path, env=env).returncode == 2
    (tmp_path / "a.txt").write_text(LEAK, "utf-8")
    assert run("scan", cwd=tmp_path, env=env).returncode == 1
    assert run("scan", "--staged", cwd=tmp_path, env=env).returncode == 2


def test_without_git_the_hook_exits_with_2(folder: Path) -> None:
    done = run("hook", cwd=folder, env={"PATH": str(folder)})
    assert done.returncode == 2
    assert done.stderr.startswith(b"alikey-hook: git could not be started")


@pytest.mark.parametrize("calls", range(6))
def test_with_a_git_that_fails_at_its_nth_call_a_staged_key_never_passes(folder: Path, tmp_path: Path, calls: int) -> None:
    shim = tmp_path / "bin" / "git"
    shim.parent.mkdir()
    shim.write_text(
        f"#!/bin/sh\nn=$(cat {tmp_path}/n 2>/dev/null || echo 0); echo $((n + 1)) > {tmp_path}/n\n"
        f'[ "$n" -ge {calls} ] && exit 1\nexec "$REAL_GIT" "$@"\n',
        "utf-8",
    )
    shim.chmod(0o755)
    real = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True).stdout.strip()
    env = {"PATH": f"{shim.parent}:{os.environ['PATH']}", "REAL_GIT": real}
    assert run("hook", "app.py", cwd=folder, env=env).returncode in (1, 2)


def test_a_corrupt_index_exits_with_2(folder: Path) -> None:
    (folder / ".git" / "index").write_bytes(b"DIRC broken")
    done = run("hook", cwd=folder)
    assert done.returncode == 2
    assert b"index file" in done.stderr


def test_a_bug_exits_with_3_and_shows_no_content(folder: Path) -> None:
    code = (
        "from alikey_hook.commands import checking\n"
        f"def broken(*_): raise ValueError({LEAK!r})\n"
        "checking.check = broken\n"
        "from alikey_hook.cli import main\n"
        "raise SystemExit(main(['hook']))"
    )
    done = run("-c", code, cwd=folder, command=(sys.executable,))
    assert done.returncode == 3
    assert b"a bug: ValueError" in done.stderr


def test_a_closed_or_full_standard_output_is_no_success(folder: Path) -> None:
    full = f"{sys.executable} -m alikey_hook scan --format json > /dev/full"
    assert run("-c", full, cwd=folder, command=("sh",)).returncode == 2
    (folder / "clean.py").write_text("pass\n", "utf-8")
    closed = f"{sys.executable} -m alikey_hook scan clean.py --format json >&-"
    assert run("-c", closed, cwd=folder, command=("sh",)).returncode == 2


@pytest.mark.parametrize("command", ["scan --format json", "scan", "hook", "hook --format sarif", "rules", "--help"])
@pytest.mark.parametrize("gone", ["stdout", "stderr"])
def test_who_does_not_read_to_the_end_is_told_no_success(folder: Path, command: str, gone: str) -> None:
    call = [sys.executable, "-m", "alikey_hook", *command.split()]
    pipe = subprocess.PIPE
    with subprocess.Popen(call, cwd=folder, stdout=pipe, stderr=pipe) as process:
        streams = {"stdout": process.stdout, "stderr": process.stderr}
        closed, other = streams.pop(gone), *streams.values()
        assert closed and other
        closed.close()
        said = other.read()
    leaks = command not in ("rules", "--help")
    assert process.returncode in ((1, 2) if leaks else (0,) if gone == "stderr" else (0, 2))
    assert b"Traceback" not in said and b"a bug:" not in said


def test_the_hook_refuses_then_accepts_what_a_staged_baseline_allows(folder: Path) -> None:
    assert run("hook", cwd=folder).returncode == 1
    allow(folder, *fingerprints(folder))
    assert run("hook", cwd=folder).returncode == 1, "an unstaged baseline does not count"
    subprocess.run(["git", "add", "baseline"], cwd=folder, check=True)
    assert run("hook", cwd=folder).returncode == 0


def test_an_expired_exception_blocks_and_says_so(folder: Path) -> None:
    allow(folder, *fingerprints(folder), extra="    expires_on: 2026-01-31\n")
    subprocess.run(["git", "add", "baseline"], cwd=folder, check=True)
    assert run("hook", cwd=folder, env={"SOURCE_DATE_EPOCH": "1769860800"}).returncode == 0
    done = run("hook", cwd=folder, env={"SOURCE_DATE_EPOCH": "1770000000"})
    assert done.returncode == 1
    assert b"exception has expired" in done.stdout


def test_a_broken_baseline_is_refused_when_it_is_staged_even_in_a_clean_commit(folder: Path) -> None:
    (folder / "app.py").write_text("pass\n", "utf-8")
    (folder / "baseline").mkdir()
    (folder / "baseline" / "alikey.yaml").write_text("version: 1\nallow: [\n", "utf-8")
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    done = run("hook", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(b"alikey-hook: baseline/alikey.yaml:3: not YAML")


def test_other_files_in_a_baseline_folder_do_no_harm(folder: Path) -> None:
    allow(folder, *fingerprints(folder), file="baseline/alikey-tests.yaml")
    (folder / "baseline" / "other.yaml").write_text("not: ours\n", "utf-8")
    assert run("scan", cwd=folder).returncode == 0


def test_a_named_baseline_counts_instead(folder: Path, tmp_path: Path) -> None:
    allow(folder, *fingerprints(folder), file="exceptions/a.yaml")
    assert run("scan", "--baseline", "exceptions", cwd=folder).returncode == 0
    assert run("scan", "--baseline=exceptions/a.yaml", cwd=folder).returncode == 0
    done = run("hook", "--baseline", "exceptions", cwd=folder)
    assert (done.returncode, b"is not in the index" in done.stderr) == (2, True)
    subprocess.run(["git", "add", "exceptions"], cwd=folder, check=True)
    assert run("hook", "--baseline", "exceptions", cwd=folder).returncode == 0


def test_pragmas_allow_unless_refused(folder: Path) -> None:
    pragmas = "\n".join(line + "  # pragma: allowlist secret" for line in LEAK.splitlines())
    (folder / "app.py").write_text(pragmas, "utf-8")
    assert run("scan", "app.py", cwd=folder).returncode == 0
    assert run("scan", "app.py", "--no-inline-allow", cwd=folder).returncode == 1


def test_standard_input_is_scanned(tmp_path: Path) -> None:
    assert run("scan", "-", cwd=tmp_path, stdin=LEAK.encode()).returncode == 1
    assert run("scan", "-", cwd=tmp_path, stdin=b"nothing").returncode == 0


def test_confidence_decides_what_is_reported(tmp_path: Path) -> None:
    text = f"secret = '{SECRET}'\n".encode()
    assert run("scan", "-", cwd=tmp_path, stdin=text).returncode == 0
    assert run("scan", "-", "--min-confidence=low", cwd=tmp_path, stdin=text).returncode == 1


def test_the_json_report(folder: Path) -> None:
    done = run("hook", "--format", "json", "app.py", cwd=folder)
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, b"")
    assert {key: report[key] for key in ("version", "tool")} == {"version": 1, "tool": "alikey-hook"}
    assert report["summary"] == {
        "new": 2,
        "existing": 0,
        "allowed": 0,
        "expired": 0,
        "files": 1,
        "bytes": len(LEAK),
        "unread": 0,
    }
    first, second = report["findings"]
    assert first == {
        "rule": "alibaba-access-key-id",
        "status": "new",
        "confidence": "high",
        "severity": "critical",
        "path": "app.py",
        "line": 1,
        "column": 18,
        "end_column": 42,
        "commit": None,
        "fingerprint": first["fingerprint"],
        "redacted": f"{ID[:8]}…{ID[-4:]}",
        "partner": second["fingerprint"],
        "encoding": "plain",
        "author_date": None,
        "in_tip": None,
        "decided_by": None,
        "source": None,
        "last_commit": None,
        "refs": [],
        "last_date": None,
        "own_exception": False,
        "excerpt": 'access_key_id = "************************"',
        "excerpt_column": 17,
        "excerpt_width": 24,
    }
    assert report["origin"] == {"kind": "staged", "repository": None, "revision": None, "branch": None, "complete": True}
    assert (second["line"], second["column"], second["end_column"], second["redacted"]) == (2, 22, 52, "30 characters")


def test_a_report_file_is_there_whole_or_not_at_all(folder: Path) -> None:
    done = run("scan", "--format", "json", "--output", "report.json", cwd=folder)
    assert (done.returncode, done.stdout) == (1, b"")
    assert json.loads((folder / "report.json").read_text("utf-8"))["summary"]["new"] == 2
    target = folder / "target"
    target.write_text("mine", "utf-8")
    (folder / "link").symlink_to(target)
    assert run("scan", "--output", "link", cwd=folder).returncode == 2
    assert target.read_text("utf-8") == "mine"
    assert sorted(path.name for path in folder.iterdir()) == [".git", "app.py", "link", "report.json", "target"]


@pytest.mark.parametrize(
    ("env", "arguments", "words"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, (), "怎么办"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, (), "怎么办"),
        ({"LC_ALL": "de_DE.UTF-8"}, (), "What to do"),
        ({"LC_ALL": "zh_CN.UTF-8"}, ("--lang", "en"), "What to do"),
        ({"LC_ALL": "C"}, ("--lang=zh",), "\\u600e\\u4e48\\u529e"),
    ],
)
def test_the_report_speaks_the_locale_s_language(
    env: dict[str, str], arguments: tuple[str, ...], words: str, folder: Path
) -> None:
    env = {**env, **({"PYTHONIOENCODING": "ascii"} if env["LC_ALL"] == "C" else {"PYTHONIOENCODING": "utf-8"})}
    assert words in run("hook", *arguments, cwd=folder, env=env).stdout.decode("utf-8")


def test_a_clean_hook_says_nothing_and_a_clean_scan_says_so(folder: Path) -> None:
    (folder / "app.py").write_text("pass\n", "utf-8")
    subprocess.run(["git", "add", "app.py"], cwd=folder, check=True)
    done = run("hook", "app.py", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert run("scan", cwd=folder).stderr == b"alikey-hook: nothing leaks in 1 file\n"
    assert run("scan", "-q", cwd=folder).stderr == b""


def test_the_advice_is_in_order_and_its_entry_must_be_filled_in(folder: Path) -> None:
    output = run("hook", cwd=folder).stdout.decode()
    places = [
        output.index(words) for words in ("Take the value out", "RAM role", "disable it in the console", "baseline/alikey.yaml")
    ]
    assert places == sorted(places)
    entry = output[output.index("       version: 1") :].replace("       ", "", 1).replace("\n       ", "\n")
    (folder / "baseline").mkdir()
    (folder / "baseline" / "alikey.yaml").write_text(entry, "utf-8")
    done = run("scan", cwd=folder)
    assert done.returncode == 2
    assert b"`reason`" in done.stderr or b"`status`" in done.stderr
    filled = entry.replace("status:", "status: example").replace("reason:", "reason: a test")
    (folder / "baseline" / "alikey.yaml").write_text(filled, "utf-8")
    assert run("scan", cwd=folder).returncode == 0


def test_the_files_of_a_folder_are_those_that_git_would_track(folder: Path) -> None:
    (folder / ".gitignore").write_text("ignored/\n", "utf-8")
    for name in ("ignored", "new"):
        (folder / name).mkdir()
        (folder / name / "a.txt").write_text(LEAK, "utf-8")
    report = json.loads(run("scan", "--format=json", cwd=folder).stdout)
    assert sorted({finding["path"] for finding in report["findings"]}) == ["app.py", "new/a.txt"]
    report = json.loads(run("scan", "--format=json", "../new", cwd=folder / "ignored").stdout)
    assert {finding["path"] for finding in report["findings"]} == {"new/a.txt"}
