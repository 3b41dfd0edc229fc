"""Content that other programs would act on: YAML tags, pickles, names that look like options, `.git` files, other owners."""

import ast
import json
import pickle
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.repository import Repo, new_repository, pair_lines
from tests.trust.wires import ID, Marks, Trap

pytestmark = pytest.mark.once

PACKAGE = Path(__file__).parents[2] / "alikey_hook"


@pytest.fixture
def trap(repo: Repo, tmp_path: Path) -> Trap:
    repo.stage("app.py", pair_lines(1))
    repo.commit()
    return Trap(repo, Marks(tmp_path / "marks"), "")


TAGGED = """\
version: 1
allow:
  - fingerprint: sha256:{digest}
    status: example
    reason: !!python/object/apply:os.system ["{program}"]
"""


def test_tags_of_yaml_make_nothing(trap: Trap) -> None:
    text = TAGGED.format(digest="ab" * 32, program=trap.marks.program("yaml"))
    yaml.unsafe_load(text)
    assert trap.marks.taken() == {"yaml"}, "a naive program's YAML does"
    trap.repo.stage("baseline/alikey.yaml", text)
    for arguments in (("hook",), ("scan",), ("scan", "--history"), ("baseline", "list"), ("baseline", "check")):
        assert trap.run(*arguments).returncode in (1, 2)
    done = trap.run("baseline", "list")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "alikey-hook: baseline/alikey.yaml:5: `reason` must be a text.",
    )
    assert trap.marks.taken() == set()


class Pickled:
    """What runs a program when it is unpickled."""

    def __init__(self, program: str) -> None:
        self.program = program

    def __reduce__(self) -> tuple[object, tuple[list[str]]]:
        return subprocess.call, ([self.program, "x"],)


def test_no_pickle_is_opened(trap: Trap, tmp_path: Path) -> None:
    bomb = pickle.dumps(Pickled(trap.marks.program("pickle")))
    pickle.loads(bomb)  # noqa: S301 - that is what is shown
    assert trap.marks.taken() == {"pickle"}, "a naive program's cache does"
    cache = tmp_path / "cache"
    for arguments in (("scan", "--history"), ("audit", ".", "--workers", "1", "--resume")):
        assert trap.run(*arguments, "--cache", str(cache)).returncode == 1
    for file in (path for path in cache.rglob("*") if path.is_file()):
        file.write_bytes(bomb)
    (tmp_path / "report.json").write_bytes(bomb)
    for code, given in (
        (1, ("scan", "--history", "--cache", str(cache))),
        (1, ("audit", ".", "--workers", "1", "--resume", "--cache", str(cache))),
        (2, ("report", "--from", str(tmp_path / "report.json"), "--format", "html")),
        (2, ("scan", "--baseline", str(tmp_path / "report.json"))),
        (2, ("respond", ID, "--verified", str(tmp_path / "report.json"))),
    ):
        assert trap.run(*given).returncode == code
    assert trap.marks.taken() == set()


def test_nothing_in_the_package_makes_code_or_objects_of_what_it_reads() -> None:
    banned = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "code", "runpy", "imp"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert not banned & {alias.name.partition(".")[0] for alias in node.names}, path
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] not in banned, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in {"unsafe_load", "full_load", "load_all", "popen", "system"}, path
            if isinstance(node, ast.keyword) and node.arg == "shell":
                raise AssertionError(f"{path}: a shell")


# Each is a file that leaks.
NAMES = (
    "--output=stolen", "-x", "--", "-", "@{-1}", "@", ":(exclude)app.py", ":!app.py", "--upload-pack=touch stolen",
    "--baseline=baseline", "--no-own-keys", "--debug", "--help", "$(touch stolen)", "`touch stolen`", "a;touch stolen",
    "*", "[a]", "HEAD", "main..HEAD",
)  # fmt: skip


def test_a_name_is_a_name(trap: Trap) -> None:
    for number, name in enumerate(NAMES):
        trap.repo.stage(name, pair_lines(20 + number))
    naive = trap.repo.attempt("diff", "--cached", "HEAD", *NAMES)
    assert (trap.repo.top / "stolen").exists() or naive.returncode, "git takes some for options"
    (trap.repo.top / "stolen").unlink(missing_ok=True)
    for arguments in (
        ("hook", "--stage", "pre-commit", "--format", "json"),
        ("hook", "--format", "json", "--", *NAMES),
        ("scan", "--format", "json", "."),
        ("scan", "--format", "json", "--staged"),
    ):
        done = trap.run(*arguments)
        assert done.returncode == 1, done.stderr
        assert {*NAMES} <= {finding["path"] for finding in json.loads(done.stdout)["findings"]}
    # Where a hook manager names them without `--`, what looks like an option is refused, and none is passed over.
    for name in (name for name in NAMES if name.startswith("-")):
        assert trap.run("hook", "app.py", name).returncode in (1, 2), name
    assert not (trap.repo.top / "stolen").exists()


def test_a_ref_is_a_ref(trap: Trap) -> None:
    for name in ("refs/heads/--output=stolen", "refs/heads/-x", "refs/heads/--all", "refs/tags/--stdin", "refs/heads/HEAD"):
        trap.repo.git("update-ref", name, "HEAD")
    done = trap.run("scan", "--history", "--format", "json")
    assert (done.returncode, len(json.loads(done.stdout)["findings"])) == (1, 2)
    for revision in ("--output=stolen", "-x", "--all", "--stdin", "--help"):
        assert trap.run("scan", f"--commits={revision}").returncode == 2
        assert trap.run("scan", f"--baseline-ref={revision}").returncode == 2
    assert trap.run("respond", ID).returncode == 1
    assert not (trap.repo.top / "stolen").exists()


def test_a_repository_of_another_owner_is_refused_in_git_s_words(trap: Trap) -> None:
    env = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}  # as if; git's own tests do so too
    assert "dubious ownership" in trap.repo.attempt("status", env=env).stderr
    for arguments in (("hook",), ("hook", "app.py"), ("scan", "--staged"), ("scan", "--history"), ("respond", ID), ("doctor",)):
        done = trap.run(*arguments, env=env)
        assert done.returncode == 2, arguments
        assert "dubious ownership" in done.stderr
        assert "git config --global --add safe.directory" in done.stderr, "what to do"
    # A folder's files are looked at without git, all of them.
    assert trap.run("scan", "app.py", env=env).returncode == 1
    trap.repo.git("config", "--global", "--add", "safe.directory", str(trap.repo.top))
    assert trap.run("scan", "--staged", env=env).returncode == 0


def test_a_git_file_that_leads_elsewhere_has_nothing_run(trap: Trap, tmp_path: Path) -> None:
    evil = new_repository(tmp_path / "evil")
    evil.stage("other.py", pair_lines(5))
    evil.commit()
    evil.git("config", "core.fsmonitor", trap.marks.program("fsmonitor"))
    inner = trap.repo.top / "vendored"
    inner.mkdir()
    (inner / ".git").write_text(f"gitdir: {evil.top / '.git'}\n", "utf-8")
    (inner / "app.py").write_text(pair_lines(6), "utf-8")
    Repo(inner).attempt("status")
    assert trap.marks.taken() == {"fsmonitor"}, "git does"
    for arguments in (("scan",), ("scan", "vendored"), ("scan", "--history", "vendored"), ("hook", "--", "vendored/app.py")):
        assert trap.run(*arguments).returncode == 1
    assert trap.marks.taken() == set()


def test_a_repository_in_a_repository_has_nothing_run(trap: Trap) -> None:
    """Committed as plain files: git takes a folder with HEAD, objects and refs for a repository of its own."""
    inner = new_repository(trap.repo.top / "inner", "--bare")
    inner.git("config", "core.bare", "false")
    inner.git("config", "core.worktree", "..")
    inner.git("config", "core.fsmonitor", trap.marks.program("fsmonitor"))
    inner.attempt("status", cwd="")
    assert trap.marks.taken() == {"fsmonitor"}, "git does"
    for arguments in (("scan", "inner"), ("scan",), ("scan", "--history", "inner")):
        trap.run(*arguments)
        trap.run(*arguments, cwd=inner.top)
    assert trap.marks.taken() == set()
