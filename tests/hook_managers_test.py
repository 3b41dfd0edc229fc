"""Husky, lefthook, and git's own ways to hooks: configured as `docs/git-hooks.md` says, with the real managers."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.keys import access_key_id, secret
from tests.repository import Repo, new_repository, pair_lines
from tests.stages import NOTHING, committed, leaky, remote_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PACKAGES = {"husky": "husky@9", "lefthook": "lefthook@2"}

HUSKY = {
    ".husky/pre-commit": "alikey-hook hook\n",
    ".husky/pre-merge-commit": "alikey-hook hook\n",
    ".husky/commit-msg": 'alikey-hook hook --stage commit-msg "$1"\n',
    ".husky/pre-push": 'alikey-hook hook --stage pre-push "$@"\n',
}
# Scripts, because a job that says `run` is left out where lefthook sees no changed files: where a file only becomes a
# link or a link a file, and where a push takes away again what it adds, or brings a tag.
LEFTHOOK = {
    "lefthook.yml": """\
assert_lefthook_installed: true

pre-commit:
  jobs:
    - script: alikey-hook.sh
      runner: sh

pre-merge-commit:
  jobs:
    - script: alikey-hook.sh
      runner: sh

commit-msg:
  jobs:
    - script: alikey-hook.sh
      runner: sh

pre-push:
  jobs:
    - script: alikey-hook.sh
      runner: sh
      use_stdin: true
""",
    ".lefthook/pre-commit/alikey-hook.sh": "exec alikey-hook hook\n",
    ".lefthook/pre-merge-commit/alikey-hook.sh": "exec alikey-hook hook\n",
    ".lefthook/commit-msg/alikey-hook.sh": 'exec alikey-hook hook --stage commit-msg "$1"\n',
    ".lefthook/pre-push/alikey-hook.sh": 'exec alikey-hook hook --stage pre-push "$@"\n',
}
PLAIN = {
    "pre-commit": "#!/bin/sh\nexec alikey-hook hook\n",
    "pre-merge-commit": "#!/bin/sh\nexec alikey-hook hook\n",
    "commit-msg": '#!/bin/sh\nexec alikey-hook hook --stage commit-msg "$1"\n',
    "pre-push": '#!/bin/sh\nexec alikey-hook hook --stage pre-push "$@"\n',
}


class Managed(NamedTuple):
    """A repository whose hooks run us, and its remote."""

    repo: Repo
    bare: Repo

    def commit(self, *args: str) -> tuple[int, str]:
        """Exit code and output of `git commit`."""
        done = self.repo.attempt("commit", *(args or ("--message=a commit",)))
        return done.returncode, done.stdout + done.stderr

    def push(self, *args: str) -> tuple[int, str]:
        """Exit code and output of `git push`."""
        done = self.repo.attempt("push", *args)
        return done.returncode, done.stdout + done.stderr

    def head(self) -> str:
        return self.repo.git("rev-parse", "HEAD").strip()


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which npm has installed the managers, once for all tests here."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is missing")
    folder = tmp_path_factory.mktemp("npm")
    (folder / "package.json").write_text('{"private": true}\n')
    # Their packages would otherwise install hooks into the repository around them.
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *PACKAGES.values()]
    done = subprocess.run(command, cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return folder / "node_modules"


@pytest.fixture
def repository(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Managed:
    """A repository and its remote; `alikey-hook` is on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "alikey-hook"
    python, root = shlex.quote(sys.executable), shlex.quote(str(ROOT))
    script.write_text(f'#!/bin/sh\nPYTHONPATH={root}:"$PYTHONPATH" exec {python} -m alikey_hook "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("CI", "")  # there husky and lefthook install nothing
    monkeypatch.delenv("HUSKY", raising=False)
    monkeypatch.delenv("LEFTHOOK", raising=False)
    committed(repo)
    return Managed(repo, remote_of(repo, tmp_path / "the $HOME remote.git"))


def write(top: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
        (top / name).chmod(0o755)


def run(repo: Repo, *command: str) -> None:
    done = subprocess.run(command, cwd=repo.top, capture_output=True)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def with_packages(repo: Repo, modules: Path, package: dict[str, object]) -> None:
    (repo.top / "node_modules").symlink_to(modules)
    repo.write(".gitignore", "node_modules\n")
    repo.write("package.json", json.dumps(package, indent=2) + "\n")


def husky(repo: Repo, modules: Path) -> None:
    with_packages(repo, modules, {"private": True, "scripts": {"prepare": "husky"}})
    run(repo, "npm", "run", "--silent", "prepare")
    write(repo.top, HUSKY)


def lefthook(repo: Repo, modules: Path) -> None:
    with_packages(repo, modules, {"private": True})
    write(repo.top, LEFTHOOK)
    run(repo, "npx", "--no-install", "lefthook", "install")


def plain(repo: Repo) -> None:
    write(repo.top / ".git" / "hooks", PLAIN)


def hooks_path(repo: Repo) -> None:
    write(repo.top / ".githooks", PLAIN)
    run(repo, "git", "config", "core.hooksPath", ".githooks")


def hooks_path_for_all(repo: Repo) -> None:
    write(Path(os.environ["HOME"]) / "githooks", PLAIN)
    run(repo, "git", "config", "--global", "core.hooksPath", "~/githooks")


PLAINLY: dict[str, Callable[[Repo], None]] = {
    "hooks in .git": plain,
    "core.hooksPath in the repository": hooks_path,
    "core.hooksPath for all repositories": hooks_path_for_all,
}
THROUGH_NPM: dict[str, Callable[[Repo, Path], None]] = {"husky": husky, "lefthook": lefthook}


@pytest.fixture(params=[*PLAINLY, *THROUGH_NPM])
def managed(request: pytest.FixtureRequest, repository: Managed) -> Managed:
    """A repository whose hooks are installed; all that this brought into it is committed and pushed."""
    if request.param in PLAINLY:
        PLAINLY[request.param](repository.repo)
    else:
        THROUGH_NPM[request.param](repository.repo, request.getfixturevalue("modules"))
    repository.repo.git("add", "--all")
    repository.repo.commit("hooks")
    repository.repo.git("push", "--quiet", "--no-verify", "--set-upstream", "origin", "main")
    return repository


def refused(result: tuple[int, str], where: str) -> str:
    """The output of what is refused for a pair at a place."""
    code, output = result
    key = access_key_id(1)
    assert code == 1, output
    assert f"{where}: alibaba-access-key-id critical {key[:8]}…{key[-4:]}\n" in output, output
    assert "What to do" in output
    assert key not in output
    assert secret(1) not in output
    return output


def test_a_staged_pair_is_refused_and_a_clean_commit_passes(managed: Managed) -> None:
    before = managed.head()
    managed.repo.stage("src/密钥 1.py", pair_lines())
    refused(managed.commit(), "src/密钥 1.py:1:18")
    assert managed.head() == before
    managed.repo.stage("src/密钥 1.py", NOTHING)
    code, output = managed.commit()
    assert code == 0, output
    assert managed.head() != before


def test_what_git_commit_stages_by_itself_is_refused(managed: Managed) -> None:
    managed.repo.write("app.py", pair_lines())
    refused(managed.commit("--all", "--message=a commit"), "app.py:1:18")
    refused(managed.commit("--message=a commit", "app.py"), "app.py:1:18")


def test_only_what_is_staged_counts(managed: Managed) -> None:
    managed.repo.stage("app.py", pair_lines())
    managed.repo.write("app.py", NOTHING)
    refused(managed.commit(), "app.py:1:18")
    managed.repo.stage("app.py", NOTHING * 2)
    managed.repo.write("app.py", pair_lines())
    code, output = managed.commit()
    assert code == 0, output
    assert (managed.repo.top / "app.py").read_text() == pair_lines()


def test_a_commit_from_a_subfolder_is_refused(managed: Managed) -> None:
    managed.repo.stage("sub/app.py", pair_lines())
    done = managed.repo.attempt("commit", "--message=a commit", cwd="sub")
    refused((done.returncode, done.stdout + done.stderr), "sub/app.py:1:18")


def test_a_key_in_a_message_is_refused(managed: Managed) -> None:
    before = managed.head()
    result = managed.commit("--allow-empty", f"--message=a subject\n\n{pair_lines()}")
    refused(result, ".git/COMMIT_EDITMSG:3:18")
    refused(managed.commit("--allow-empty", f"--message=a subject\n\n# {pair_lines()}"), ".git/COMMIT_EDITMSG:3:20")
    assert managed.head() == before


def test_the_comment_lines_of_an_edited_message_are_dropped(managed: Managed, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    text = pair_lines().replace("\n", " ")
    editor.write_text(f"#!/bin/sh\nprintf '%s\\n' 'a subject' '# {text}' >\"$1\"\n")
    editor.chmod(0o755)
    done = managed.repo.attempt("commit", "--allow-empty", env={"GIT_EDITOR": str(editor)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert managed.repo.git("log", "-1", "--format=%B") == "a subject\n\n"


def test_a_merge_that_brings_only_the_other_branch_passes(managed: Managed) -> None:
    repo = managed.repo
    repo.git("switch", "--quiet", "-c", "side")
    leaky(repo, "side.py")
    repo.git("switch", "--quiet", "main")
    committed(repo, NOTHING * 2)
    done = repo.attempt("merge", "--no-edit", "side")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_pushed_key_is_refused_though_a_later_commit_removes_it(managed: Managed) -> None:
    added = leaky(managed.repo)
    committed(managed.repo)
    before = managed.bare.git("for-each-ref")
    output = refused(managed.push("origin", "main"), "app.py:1:18")
    assert f"came in commit {added[:12]}" in output
    refused(managed.push("origin", "HEAD:refs/heads/new"), "app.py:1:18")
    refused(managed.push("origin", "main~2:refs/heads/old", "main"), "app.py:1:18")
    assert managed.bare.git("for-each-ref") == before
    managed.repo.git("reset", "--quiet", "--hard", f"{added}~")
    committed(managed.repo, NOTHING * 2)
    code, output = managed.push("origin", "main")
    assert code == 0, output


@pytest.mark.parametrize("becomes", ["a file", "a link"])
def test_a_link_that_becomes_a_file_or_a_file_a_link_is_refused(managed: Managed, becomes: str) -> None:
    path = managed.repo.top / "place"
    path.symlink_to("elsewhere")
    if becomes == "a link":
        path.unlink()
        path.write_text(NOTHING)
    managed.repo.stage("place")
    managed.repo.commit()
    path.unlink()
    if becomes == "a file":
        path.write_text(pair_lines())
    else:
        path.symlink_to(access_key_id(1))
    managed.repo.stage("place")
    assert managed.repo.git("diff", "--cached", "--name-status") == "T\tplace\n"
    before = managed.head()
    code, output = managed.commit()
    assert code == 1, output
    assert "place:1:" in output
    assert managed.head() == before


def test_a_pushed_key_that_leaves_no_difference_is_refused(managed: Managed) -> None:
    added = leaky(managed.repo)
    managed.repo.git("revert", "--no-edit", "HEAD")
    assert managed.repo.git("diff", "origin/main", "main") == ""
    output = refused(managed.push("origin", "main"), "app.py:1:18")
    assert f"came in commit {added[:12]}" in output


def test_a_pushed_tag_whose_message_holds_a_key_is_refused(managed: Managed) -> None:
    managed.repo.git("tag", "--annotate", f"--message=a tag\n\n{pair_lines()}", "v1")
    refused(managed.push("origin", "v1"), "(tag message):3:18")


def test_a_branch_that_is_not_checked_out_is_looked_at(managed: Managed) -> None:
    managed.repo.git("switch", "--quiet", "-c", "side")
    leaky(managed.repo)
    managed.repo.git("switch", "--quiet", "main")
    refused(managed.push("origin", "side"), "app.py:1:18")


def test_a_linked_worktree_is_looked_at(managed: Managed, tmp_path: Path) -> None:
    managed.repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "a linked one"))
    linked = Repo(tmp_path / "a linked one")
    if (managed.repo.top / "node_modules").exists():  # as `npm install` there would do
        (linked.top / "node_modules").symlink_to((managed.repo.top / "node_modules").resolve())
        if (managed.repo.top / ".husky").exists():
            run(linked, "npm", "run", "--silent", "prepare")
    linked.stage("app.py", pair_lines())
    refused(Managed(linked, managed.bare).commit(), "app.py:1:18")


def test_a_missing_alikey_hook_lets_no_commit_pass(managed: Managed, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = os.environ["PATH"].partition(os.pathsep)[0]
    (Path(folder) / "alikey-hook").unlink()
    others = [part for part in os.environ["PATH"].split(os.pathsep) if not (Path(part) / "alikey-hook").exists()]
    monkeypatch.setenv("PATH", os.pathsep.join(others))
    before = managed.head()
    managed.repo.stage("app.py", pair_lines())
    code, _ = managed.commit()
    assert code != 0
    assert managed.head() == before


def test_lefthook_s_hooks_fail_where_lefthook_itself_is_missing(repository: Managed, modules: Path) -> None:
    lefthook(repository.repo, modules)
    for name in ("pre-commit", "pre-merge-commit", "commit-msg", "pre-push"):
        hook = (repository.repo.top / ".git" / "hooks" / name).read_text()
        assert "Operation is aborted due to lefthook settings" in hook


def test_a_hook_of_a_template_folder_is_in_every_new_repository(repository: Managed, tmp_path: Path) -> None:
    write(tmp_path / "template" / "hooks", PLAIN)
    repository.repo.git("config", "--global", "init.templateDir", str(tmp_path / "template"))
    made = new_repository(tmp_path / "made")
    made.stage("app.py", pair_lines())
    done = made.attempt("commit", "--message=a commit")
    refused((done.returncode, done.stdout + done.stderr), "app.py:1:18")
