"""The file of replacements: on request only, readable by its owner only, outside every repository, with every written form."""

import base64
import os
import random
import shlex
import stat
from pathlib import Path
from urllib.parse import quote

import pytest

from alikey_hook.finding import fingerprint
from tests.corpus.fill import credential
from tests.history.scanning import NOTHING, commit, gone, put
from tests.keys import access_key_id, secret
from tests.lfs_test import pointer, stored
from tests.repository import Repo, new_repository, pair_lines
from tests.response.incidents import of, ran, told

pytestmark = pytest.mark.once

KEY = access_key_id(1)
LINE = "literal:{}==>REMOVED-BY-ALIKEY-HOOK\n"


@pytest.fixture
def leaked(repo: Repo) -> Repo:
    """A repository in which a key came and went."""
    put(repo, "2024-01-01", NOTHING, "other.py")
    put(repo, "2024-01-02")
    gone(repo, "2024-01-03")
    return repo


def written(repo: Repo, target: Path, seed: int = 1, value: str = "") -> str:
    """The file that it writes, and it says nothing of the value."""
    done = ran(repo.top, value or of(seed), f"--write-replacements={target}")
    assert (done.returncode, done.stderr) == (1, "")
    assert f"--replace-text {target}" in done.stdout
    return target.read_text("utf-8")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_value_is_written_for_the_owner_only(leaked: Repo, tmp_path: Path) -> None:
    target = tmp_path / "replacements.txt"
    assert written(leaked, target) == LINE.format(KEY)
    assert mode(target) == 0o600


@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_whatever_the_umask(leaked: Repo, tmp_path: Path, umask: int) -> None:
    target = tmp_path / "new folder" / "replacements.txt"
    before = os.umask(umask)  # processes that we start inherit it
    try:
        done = ran(leaked.top, KEY, f"--write-replacements={target}")
    finally:
        os.umask(before)
    assert (done.returncode, mode(target)) == (1, 0o600)


@pytest.mark.parametrize("before", [0o644, 0o600])
def test_a_file_that_is_there_becomes_the_owner_s_only(leaked: Repo, tmp_path: Path, before: int) -> None:
    target = tmp_path / "replacements.txt"
    target.write_text("something old\n")
    target.chmod(before)
    assert written(leaked, target) == LINE.format(KEY)
    assert mode(target) == 0o600


def test_nothing_is_written_unless_it_is_asked_for(leaked: Repo, tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    for form in ("text", "json", "markdown"):
        assert ran(leaked.top, KEY, "--format", form).returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == before


def test_nothing_is_written_of_what_nothing_has(leaked: Repo, tmp_path: Path) -> None:
    assert ran(leaked.top, access_key_id(2), f"--write-replacements={tmp_path / 'file'}").returncode == 0
    assert not (tmp_path / "file").exists()


# Outside


@pytest.mark.parametrize("place", ["file", ".git/file", "../linked/sub/file"])
def test_a_place_inside_is_refused(leaked: Repo, tmp_path: Path, place: str) -> None:
    (tmp_path / "linked").symlink_to(leaked.top)
    before = set(leaked.top.rglob("*"))
    done = ran(leaked.top, KEY, f"--write-replacements={place}")
    assert (done.returncode, done.stdout) == (2, "")
    inside = os.path.abspath(leaked.top / place)
    assert done.stderr == (
        f"alikey-hook: {inside} is inside a repository.\nhelp: Name a place outside it; it will hold the secret.\n"
    )
    assert set(leaked.top.rglob("*")) == before


def test_a_link_that_leads_inside_is_refused(leaked: Repo, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(leaked.top / "inside.txt")
    done = ran(leaked.top, KEY, f"--write-replacements={tmp_path / 'link'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert not (leaked.top / "inside.txt").exists()


def test_a_link_that_leads_outside_is_no_reason_to_refuse(leaked: Repo, tmp_path: Path) -> None:
    leaked.stage("app.py", pair_lines())
    (leaked.top / "link").symlink_to(tmp_path / "outside.txt")
    done = ran(leaked.top, KEY, f"--write-replacements={leaked.top / 'link'}")
    if done.returncode == 1:
        assert ((tmp_path / "outside.txt").read_text(), mode(tmp_path / "outside.txt")) == (LINE.format(KEY), 0o600)
    assert (leaked.top / "link").is_symlink()


@pytest.mark.parametrize("place", ["repo/file", "repo/.git/file", "linked/file"])
def test_from_a_linked_worktree_the_main_one_is_inside_too(leaked: Repo, tmp_path: Path, place: str) -> None:
    leaked.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    target = tmp_path / place
    done = ran(tmp_path / "linked", KEY, f"--write-replacements={target}")
    assert (done.returncode, done.stdout, target.exists()) == (2, "", False)


def test_a_place_in_another_repository_s_working_tree_is_refused(leaked: Repo, tmp_path: Path) -> None:
    other = new_repository(tmp_path / "other")
    done = ran(leaked.top, KEY, f"--write-replacements={other.top / 'file'}")
    assert (done.returncode, (other.top / "file").exists()) == (2, False)


def test_a_bare_repository(leaked: Repo, tmp_path: Path) -> None:
    leaked.git("clone", "--quiet", "--mirror", str(leaked.top), str(tmp_path / "bare.git"))
    bare = Repo(tmp_path / "bare.git")
    assert ran(bare.top, KEY, "--write-replacements=file").returncode == 2
    assert ran(bare.top / "refs", KEY, "--write-replacements=../file").returncode == 2
    assert written(bare, tmp_path / "file") == LINE.format(KEY)


@pytest.mark.parametrize("outer", [False, True], ids=["", "in another repository"])
@pytest.mark.parametrize("cwd", ["", "sub"])
def test_the_proposed_place_is_outside(leaked: Repo, cwd: str, outer: bool) -> None:
    put(leaked, "2024-01-04", NOTHING, "sub/other.py")
    if outer:
        leaked.git("init", "--quiet", str(leaked.top.parent))
    (command,) = [one for one in told(leaked, 1, cwd=cwd).commands if "--replace-text" in one]
    place = Path(command.split("--replace-text ")[1])
    assert place == (leaked.top.parent.parent if outer else leaked.top.parent) / "replacements.txt"


def test_a_place_that_cannot_be_written(leaked: Repo, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = ran(leaked.top, KEY, f"--write-replacements={tmp_path / 'file/inner'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"alikey-hook: {tmp_path}/file/inner cannot be written: ")


def test_a_path_with_blanks_is_quoted_in_the_commands(leaked: Repo, tmp_path: Path) -> None:
    target = tmp_path / "my file's.txt"
    said = told(leaked, 1, f"--write-replacements={target}")
    assert [shlex.split(command)[-1] for command in (said.commands[1], said.commands[-1])] == [str(target)] * 2


# Forms


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("content", "forms"),
    [
        (pair_lines(), [KEY]),
        (f'access_key_id = "{base64_of(KEY)}"\n', [KEY, base64_of(KEY)]),
        (f"data: {base64_of(pair_lines())}\n", [KEY, base64_of(pair_lines())]),
        (f'access_key_id = "{KEY[:4]}\\u{ord(KEY[4]):04x}{KEY[5:]}"\n', [KEY, f"{KEY[:4]}\\u{ord(KEY[4]):04x}{KEY[5:]}"]),
    ],
    ids=["plain", "base64", "a text in base64", "an escape"],
)
def test_every_form_that_stands_in_the_repository(repo: Repo, tmp_path: Path, content: str, forms: list[str]) -> None:
    put(repo, "2024-01-02", content)
    lines = written(repo, tmp_path / "file").splitlines(keepends=True)
    assert lines == [LINE.format(form) for form in sorted(forms)]


def test_a_token_in_a_url(repo: Repo, tmp_path: Path) -> None:
    token = credential("ststok", random.Random("a token in a URL"))
    assert quote(token, safe="") != token
    put(repo, "2024-01-02", f"https://example.com/?SecurityToken={quote(token, safe='')}&x=1\n")
    assert written(repo, tmp_path / "file", value=fingerprint(token)) == "".join(
        LINE.format(form) for form in sorted([token, quote(token, safe="")])
    )


def wrapped(text: str) -> str:
    return base64.b64encode(text.encode()).decode()[:64] + "\n" + base64.b64encode(text.encode()).decode()[64:]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (wrapped(pair_lines()), "regex:{}==>REMOVED-BY-ALIKEY-HOOK".format(wrapped(pair_lines()).replace("+", "\\+"))),
        (f'id = "{KEY[:9]}" + "{KEY[9:]}"\n', f'literal:{KEY[:9]}" + "{KEY[9:]}==>REMOVED-BY-ALIKEY-HOOK'),
        (f'id = "{KEY[:9]}"\n  "{KEY[9:]}"\n', f'regex:{KEY[:9]}"\n\\ \\ "{KEY[9:]}==>REMOVED-BY-ALIKEY-HOOK'),
    ],
    ids=["base64 over two lines", "in pieces", "in pieces over two lines"],
)
def test_all_from_the_first_to_the_last(repo: Repo, tmp_path: Path, content: str, line: str) -> None:
    put(repo, "2024-01-02", content)
    assert line.replace("\n", "\\n") in written(repo, tmp_path / "file").splitlines()


def test_utf_16_is_replaced_by_utf_16(repo: Repo, tmp_path: Path) -> None:
    put(repo, "2024-01-02", pair_lines().encode("utf-16"))
    mark = "REMOVED-BY-ALIKEY-HOOK".encode("utf-16-le")
    wide = b"literal:" + KEY.encode("utf-16-le") + b"==>" + mark + b"\n"
    assert written(repo, tmp_path / "file").encode() == wide + LINE.format(KEY).encode()


def test_forms_of_all_versions(repo: Repo, tmp_path: Path) -> None:
    put(repo, "2024-01-02")
    put(repo, "2024-01-03", f'access_key_id = "{base64_of(KEY)}"\n')
    gone(repo, "2024-01-04")
    assert written(repo, tmp_path / "file") == LINE.format(KEY) + LINE.format(base64_of(KEY))


def test_a_secret(leaked: Repo, tmp_path: Path) -> None:
    assert written(leaked, tmp_path / "file", value=fingerprint(secret(1))) == LINE.format(secret(1))


def test_a_value_in_a_message_only(repo: Repo, tmp_path: Path) -> None:
    commit(repo, "2024-01-02", message=pair_lines())
    target = tmp_path / "file"
    assert written(repo, target) == LINE.format(KEY)
    assert told(repo, 1, f"--write-replacements={target}").commands[1].endswith(f" --replace-message {target}")


def test_a_value_that_is_only_staged(repo: Repo, tmp_path: Path) -> None:
    put(repo, "2024-01-01", NOTHING)
    repo.stage("app.py", pair_lines())
    done = ran(repo.top, KEY, f"--write-replacements={tmp_path / 'file'}")
    assert (done.returncode, (tmp_path / "file").read_text()) == (1, LINE.format(KEY))


def test_a_value_in_git_lfs(repo: Repo, tmp_path: Path) -> None:
    content = pair_lines().encode()
    stored(repo, content)
    put(repo, "2024-01-02", pointer(content), "large.bin")
    said = told(repo, 1, f"--write-replacements={tmp_path / 'file'}")
    # Nothing in the pointer can be replaced: a file that replaces nothing must not look as if it did.
    assert (said.code, said.commands, (tmp_path / "file").exists()) == (1, [], False)
    assert said.err == "alikey-hook: no object has anything that can be replaced: no file is written\n"
    assert said.report["plan"]["steps"][-1].startswith("It stands in Git LFS, where no replacement reaches it")
    # Where it stands elsewhere too, that can be.
    put(repo, "2024-01-03")
    said = told(repo, 1, f"--write-replacements={tmp_path / 'file'}")
    assert ((tmp_path / "file").read_text(), said.err) == (LINE.format(KEY), "")
    assert said.report["plan"]["steps"][-1].startswith("It stands in Git LFS")
