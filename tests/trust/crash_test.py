"""Whatever fails, wherever: exit code 3 and a report that says where, with nothing of what was being read in it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from alikey_hook import __version__
from tests.repository import Repo, new_repository, pair_lines
from tests.trust.faults import ID, SECRET, Crashed, crash, holds_a_piece, python
from tests.trust.wires import CLI, at_home

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repo]:
    """A repository with keys in files, messages, names, its baseline, its configuration."""
    folder = tmp_path_factory.mktemp("keyed")
    with at_home(folder / "home"):
        repo = new_repository(folder / "repo")
        repo.stage("app.py", pair_lines(1))
        repo.git("commit", "--quiet", "--no-verify", "-m", f"a commit\n\n{pair_lines(1)}")
        repo.git("config", "remote.origin.url", f"https://{ID}:x@example.com/{ID}")
        repo.stage("app.py", pair_lines(1) + "\n" + pair_lines(2))
        report = json.loads(repo.scan("--format", "json").stdout)
        (folder / "report.json").write_text(json.dumps(report), "utf-8")
        entry = f"  - fingerprint: sha256:{'ab' * 32}\n    status: example\n    reason: a test\n"
        repo.write("baseline/alikey.yaml", "version: 1\nallow:\n" + entry)
        repo.write("detect.json", json.dumps({"results": {"app.py": [{"hashed_secret": "x", "is_secret": False}]}}))
        yield repo


def reported(crashed: Crashed, kind: str, place: str = r"alikey_hook/[\w/]+\.py:\d+ in \w+") -> None:
    assert crashed.code == 3, crashed.err
    assert f"alikey-hook {__version__}: a bug: {kind}\n" in crashed.err
    assert re.search(rf"^  {place}$", crashed.err, re.MULTILINE)
    assert re.search(r"^alikey-hook \S+, Python 3\.\d+\.\d+, \w+, git \d", crashed.err, re.MULTILINE)
    assert "help: Please report this" in crashed.err
    assert "Traceback" not in crashed.err


# What fails (where its name is looked up), and a command that comes by there.
POINTS: list[tuple[str, str]] = [
    ("alikey_hook.commands.checking:check", "hook"),
    ("alikey_hook.git.tree:repository", "hook -- app.py"),
    ("alikey_hook.commands.checking:scan", "hook"),
    ("alikey_hook.commands.checking:OwnKeys", "hook"),
    ("alikey_hook.commands.looks:one_by_one", "hook"),
    ("alikey_hook.detect.gate:where", "hook"),
    ("alikey_hook.scan:decided", "hook"),
    ("alikey_hook.detect.engine:detect", "hook"),
    ("alikey_hook.detect.candidates:candidates", "hook"),
    ("alikey_hook.finding:fingerprint", "hook"),
    ("alikey_hook.finding:redact", "hook"),
    ("alikey_hook.git.diff:_raw_changes", "hook"),
    ("alikey_hook.git.loose:read", "hook"),
    ("alikey_hook.sources.lfs:Resolved.__call__", "hook"),
    ("alikey_hook.allowlist.parse:parse", "scan"),
    ("alikey_hook.report.text:render", "hook"),
    ("alikey_hook.response.advice:advice", "hook"),
    ("alikey_hook.commands.formats:write", "hook --format json"),
    ("alikey_hook.report.html.page:render", "scan --format html"),
    ("alikey_hook.report.sarif:render", "scan --format sarif"),
    ("alikey_hook.sources.files:_content", "scan"),
    ("alikey_hook.git.tree:tree_files", "scan"),
    ("alikey_hook.commands.stages:_guard", "hook --stage pre-push origin x --allowed-remote y"),
    ("alikey_hook.sources.pushes:pre_push", "hook --stage pre-push origin x"),
    ("alikey_hook.sources.message:without_comments", "hook --stage commit-msg app.py"),
    ("alikey_hook.sources.commits:Reader.__call__", "scan --commits HEAD"),
    ("alikey_hook.commands.looks:repository", "scan --commits HEAD"),
    ("alikey_hook.history.walk:everything", "scan --history"),
    ("alikey_hook.history.worker:look", "scan --history"),
    ("alikey_hook.history.place:introductions", "scan --history"),
    ("alikey_hook.history.walk:_state", "scan --history --cache ../cache"),
    ("alikey_hook.commands.respond:gathered", f"respond {ID}"),
    ("alikey_hook.history.values:replacements", f"respond {ID}"),
    ("alikey_hook.store:replace", f"respond {ID} --write-replacements ../keys.txt"),
    ("alikey_hook.commands.baseline.entries:scan", "baseline check"),
    ("alikey_hook.allowlist.edit:inserted", f"baseline allow sha256:{'cd' * 32} --status example --reason x"),
    ("alikey_hook.commands.baseline.importing:audited", "baseline import detect.json"),
    ("alikey_hook.commands.baseline.export:detect", "baseline export"),
    ("alikey_hook.commands.doctor:index_blobs", "doctor"),
    ("alikey_hook.commands.reading:text", "report --from ../report.json"),
]


@pytest.mark.parametrize(("at", "command"), POINTS, ids=[at.removeprefix("alikey_hook.") for at, _ in POINTS])
def test_a_fault_anywhere_is_reported_without_a_word_of_it(keyed: Repo, at: str, command: str) -> None:
    crashed = crash(keyed, keyed.top.parent, at, "KeyError", *command.split(), stdin="")
    reported(crashed, "KeyError")
    assert "  after UnicodeDecodeError\n" in crashed.err


KINDS = (
    "ValueError UnicodeDecodeError UnicodeEncodeError SyntaxError JSONDecodeError FileNotFoundError ZeroDivisionError "
    "AssertionError MemoryError RecursionError Odd TypeError SystemError"
).split()


@pytest.mark.parametrize("kind", [*KINDS, "KeyError in between", "noted"])
def test_an_error_of_any_kind_is_reported_without_its_words(keyed: Repo, kind: str) -> None:
    crashed = crash(keyed, keyed.top.parent, "alikey_hook.scan:look", kind, "hook")
    reported(crashed, {"KeyError in between": "KeyError", "noted": "ValueError"}.get(kind, kind))
    assert len(crashed.err.splitlines()) < 60


@pytest.mark.parametrize("kind", ["KeyError", "UnicodeDecodeError", "Odd", "MemoryError"])
@pytest.mark.parametrize(
    ("at", "command", "settings"),
    [
        pytest.param("alikey_hook.scan:look", "scan", "alikey_hook.commands.looks:_MANY=1", id="many files"),
        pytest.param(
            "alikey_hook.history.worker:look", "scan --history", "alikey_hook.history.shares:_WORTH_PROCESSES=0", id="history"
        ),
    ],
)
def test_a_fault_in_a_process_of_ours_is_reported_with_its_place_there(
    keyed: Repo, at: str, command: str, settings: str, kind: str
) -> None:
    crashed = crash(keyed, keyed.top.parent, at, kind, *command.split(), settings=settings)
    reported(crashed, kind, r"alikey_hook/crew\.py:\d+ in _serve")


@pytest.mark.parametrize("kind", ["KeyError", "UnicodeDecodeError"])
def test_a_fault_in_a_worker_of_an_audit_is_told_without_its_words(keyed: Repo, kind: str) -> None:
    audit = ("audit", ".", "--workers", "1", "--cache", "../audited")
    crashed = crash(keyed, keyed.top.parent, "alikey_hook.history.worker:look", kind, *audit)
    assert crashed.code == 2
    assert re.search(rf": a bug: {kind} in [\w/<>. ]+:\d+$", crashed.err, re.MULTILINE), crashed.err


def test_a_fault_in_a_thread_is_told_without_its_words(keyed: Repo) -> None:
    audit = ("audit", ".", "--workers", "1", "--cache", "../audited")
    crashed = crash(keyed, keyed.top.parent, "alikey_hook.audit.alone:_Watch.run", "KeyError", *audit)
    assert "alikey-hook: an error in a thread: a bug: KeyError in " in crashed.err
    assert "Traceback" not in crashed.err


@pytest.mark.gives_away
@pytest.mark.parametrize("guarded", [True, False])
def test_an_error_that_python_ignores_is_told_without_its_words(keyed: Repo, guarded: bool) -> None:
    probe = f"""
import sys
class Late:
    def __del__(self):
        raise ValueError({SECRET!r})
sys.argv = ["alikey-hook", "hook"]
from alikey_hook import cli
run = cli._run
def late(arguments):
    if not {guarded}:
        sys.unraisablehook = sys.__unraisablehook__
    Late()
    return run(arguments)
cli._run = late
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", probe], cwd=keyed.top, capture_output=True, text=True)
    assert done.returncode == 1
    assert holds_a_piece(done.stderr.encode()) != guarded, "Python prints it"
    assert ("alikey-hook: an error that is ignored: a bug: ValueError in " in done.stderr) == guarded


def test_a_fault_in_the_plugin_reaches_its_host_without_its_words(keyed: Repo, tmp_path: Path) -> None:
    plugin = tmp_path / "plugin.py"
    plugin.write_text("from alikey_hook.detect_secrets_plugin import AlibabaCloudAccessKeyIdDetector\n", "utf-8")
    scan = python("-m", "detect_secrets", "scan", "-p", str(plugin), "app.py")
    for kind in ("KeyError", "UnicodeDecodeError"):
        crashed = crash(keyed, tmp_path, "alikey_hook.detect_secrets_plugin:detect", kind, command=scan)
        assert crashed.code not in (0, 3)
        assert f"RuntimeError: alikey-hook: a bug: {kind} in " in crashed.err


def test_a_report_is_whole_where_there_is_no_git(keyed: Repo) -> None:
    without = {"PATH": "/none"}
    crashed = crash(keyed, keyed.top.parent, "alikey_hook.commands.checking:check", "ValueError", "rules", env=without)
    assert crashed.code == 0
    crashed = crash(keyed, keyed.top.parent, "alikey_hook.commands.rules:write", "ValueError", "rules", env=without)
    assert (crashed.code, "git" in crashed.err.splitlines()[-2]) == (3, False)


DEBUG = [
    "hook --debug",
    "--debug hook -- app.py",
    f"hook --debug -- {ID}.txt app.py",
    "scan --debug",
    f"scan --debug --commits {ID}",
    f"scan --debug --commits none-{ID}",
    f"scan --debug --baseline-ref {ID}",
    "scan --debug --history --cache ../cache",
    f"respond --debug {ID} --write-replacements ../written/keys.txt",
    f"respond --debug {ID} --ask-remote",
    "--debug baseline check --history",
    f"hook --debug --stage pre-push {ID} https://{ID}@x",
    "--debug doctor",
    "audit --debug . --workers 1 --cache ../debugged",
]


@pytest.fixture
def named(keyed: Repo) -> Iterator[Repo]:
    """The same with a branch that is called like a key; reports name the refs as they are."""
    keyed.git("branch", ID)
    yield keyed
    keyed.git("branch", "-D", ID)


@pytest.mark.gives_away  # arguments, paths and revisions that are called like a key
@pytest.mark.parametrize("command", DEBUG, ids=[command.replace(ID, "KEY") for command in DEBUG])
def test_debugging_tells_what_is_done_and_no_value(named: Repo, tmp_path: Path, command: str) -> None:
    arguments = [argument.replace("../written", str(tmp_path)) for argument in command.split()]
    done = subprocess.run([*CLI, *arguments], cwd=named.top, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    told = [line for line in done.stderr.splitlines() if line.startswith("alikey-hook: debug: ")]
    assert re.fullmatch(rf"alikey-hook: debug: \d\.\d+ s: alikey-hook {__version__}, Python \S+, \w+", told[0])
    if "pre-push" not in command and "audit" not in command:  # of the one nothing comes by, the other's git is elsewhere
        assert any(re.search(r"s: git .*(diff-index|cat-file|rev-parse|config|ls-files)", line) for line in told)
    assert not holds_a_piece("\n".join(told).encode())
    # Reports name refs and paths as they are; this option adds nothing to them.
    plain = subprocess.run(
        [*CLI, *(argument for argument in arguments if argument != "--debug")],
        cwd=named.top, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (plain.returncode, plain.stdout)
    assert [line for line in done.stderr.splitlines() if line not in told] == plain.stderr.splitlines()


def test_debugging_tells_commands_counts_and_decisions(keyed: Repo) -> None:
    done = keyed.hook("--debug", "-q")
    told = [re.sub(r"^alikey-hook: debug: \d+\.\d{3} s: ", "", line) for line in done.stderr.splitlines()]
    assert "git --no-replace-objects diff-index --cached --raw -z -M --no-abbrev --ignore-submodules=… HEAD --" in told
    assert "git ended with 0" in told
    assert "looked at staged 1 files 193 bytes" in told
    assert "found alibaba-access-key-id high and decided new" in told
    assert "found alibaba-access-key-id high and decided existing" in told
    assert told[-1] == "exit code 1"


def test_a_file_that_is_called_debug_is_not_passed_over(keyed: Repo, tmp_path: Path) -> None:
    (keyed.top / "--debug").write_text(pair_lines(3), "utf-8")
    try:
        done = keyed.hook("app.py", "--debug")
        assert (done.returncode, "looks like an option" in done.stderr) == (2, True)
        assert keyed.hook("--", "--debug").returncode == 1
    finally:
        (keyed.top / "--debug").unlink()
