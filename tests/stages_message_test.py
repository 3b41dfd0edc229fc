"""Commit messages: what git will keep of one is looked at, through real commits and editors."""

import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.keys import access_key_id, secret
from tests.repository import Repo, new_repository, pair_lines
from tests.stages import NOTHING, Door, Leak, committed, leaky, pair_baseline

pytestmark = pytest.mark.once

FILE = ".git/COMMIT_EDITMSG"
KEY = pair_lines().replace("\n", "; ").strip()
COMMENTED = f"# {KEY}\n"
SCISSORS = "# ------------------------ >8 ------------------------\n"


class Author(NamedTuple):
    """Somebody who commits into a repository whose messages we look at."""

    repo: Repo
    door: Door
    typed: Path

    def commit(self, *args: str, **env: str) -> tuple[int | None, list[tuple[str, int]], str]:
        """`git commit`: exit code and findings (path, line) of the hook, and the message that git made of it ("": none)."""
        before = self.repo.attempt("rev-parse", "HEAD").stdout
        done = self.repo.attempt("commit", "--allow-empty", *args, env=env)
        code, leaks = self.door.said()
        assert (done.returncode == 0) == (code == 0), done.stderr
        after = self.repo.attempt("rev-parse", "HEAD").stdout
        assert (after == before) == bool(code), done.stderr
        return code, places(leaks), "" if code else self.repo.git("log", "-1", "--format=%B", "--encoding=UTF-8")

    def types(self, text: str | bytes) -> None:
        """What her editor puts above what git has written into the file."""
        self.typed.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def author(repo: Repo, tmp_path: Path) -> Author:
    committed(repo)
    editor = tmp_path / "editor"
    typed = tmp_path / "typed"
    quoted = shlex.quote(str(typed))
    editor.write_text(f'#!/bin/sh\ncat {quoted} "$1" >{quoted}.whole && cat {quoted}.whole >"$1"\n')
    editor.chmod(0o755)
    repo.git("config", "core.editor", str(editor))
    made = Author(repo, Door(repo, "commit-msg"), typed)
    made.types("a subject\n")
    return made


def places(leaks: list[Leak]) -> list[tuple[str, int]]:
    """(path, line) of what is new and in no commit yet."""
    assert all((leak.status, leak.commit, leak.author_date, leak.in_tip) == ("new", None, None, None) for leak in leaks)
    return [(leak.path, leak.line) for leak in leaks]


def pair_at(line: int, second: int = 0, path: str = FILE) -> list[tuple[str, int]]:
    """The places of an id and, in the same or another line, its secret."""
    return [(path, line), (path, second or line)]


# Refused


@pytest.mark.parametrize("form", ["--message=a subject\n\n{}", "-m{}", "--message=a subject\n\ntext\n\n{}"], ids=ascii)
def test_a_key_in_a_message_is_refused(author: Author, form: str) -> None:
    args = form.format(pair_lines())
    line = args[: args.index("access_key_id")].count("\n") + 1
    assert author.commit(args) == (1, pair_at(line, line + 1), "")
    assert author.commit("--message=a clean one") == (0, [], "a clean one\n\n")


def test_a_key_in_one_of_several_messages_is_refused(author: Author) -> None:
    assert author.commit("--message=a subject", f"--message={KEY}", "--message=more") == (1, pair_at(3), "")


@pytest.mark.parametrize("how", ["--file", "--template", "typed", "--amend", "--fixup", "--trailer"])
def test_a_key_from_anywhere_is_refused(author: Author, how: str) -> None:
    author.repo.write("message", f"a subject\n\n{KEY}\n")
    if how == "--file":
        assert author.commit("--file=message") == (1, pair_at(3), "")
    elif how == "--template":
        assert author.commit("--template=message") == (1, pair_at(4), "")
    elif how == "typed":
        author.types(f"a subject\n\n{KEY}\n")
        assert author.commit() == (1, pair_at(3), "")
    elif how == "--trailer":
        assert author.commit("--message=a subject", f"--trailer=Key: {access_key_id(1)}") == (1, [(FILE, 3)], "")
    else:
        author.repo.commit(KEY)
        args = ("--amend", "--no-edit") if how == "--amend" else ("--fixup=HEAD",)
        assert author.commit(*args) == (1, pair_at(1), "")


def test_a_key_in_the_message_of_a_merge_is_refused(author: Author) -> None:
    repo = author.repo
    repo.git("branch", "side", "HEAD")
    committed(repo, NOTHING, "other.py")
    repo.git("switch", "--quiet", "side")
    committed(repo, NOTHING, "third.py")
    assert repo.attempt("merge", "main", f"--message={KEY}").returncode == 1
    code, leaks = author.door.said()
    assert (code, places(leaks)) == (1, pair_at(1, path=".git/MERGE_MSG"))
    repo.git("merge", "--abort")
    assert repo.attempt("merge", "main", "--message=a clean one").returncode == 0
    assert author.door.said() == (0, [])


def test_what_the_refusal_says(author: Author) -> None:
    Door(author.repo, "commit-msg", "--lang=en", text=True)
    done = author.repo.attempt("commit", "--allow-empty", f"--message=a subject\n\n{pair_lines()}")
    key = access_key_id(1)
    assert done.returncode == 1
    assert f"{FILE}:3:18: alibaba-access-key-id critical {key[:8]}…{key[-4:]}\n" in done.stderr
    assert "\nWhat to do" in done.stderr
    assert done.stderr.endswith("alikey-hook: 2 leaked in 1 file\n")
    assert key not in done.stderr
    assert secret(1) not in done.stderr


def test_the_staged_baseline_allows_a_message(author: Author) -> None:
    author.repo.stage("baseline/alikey.yaml", pair_baseline(author.repo))
    done = author.repo.attempt("commit", f"--message={KEY}")
    assert done.returncode == 0, done.stderr
    assert author.door.said()[0] == 0
    author.repo.git("rm", "--quiet", "--cached", "baseline/alikey.yaml")
    assert author.commit(f"--message={KEY}") == (1, pair_at(1), "")
    Door(author.repo, "commit-msg", "--baseline-ref=HEAD")
    done = author.repo.attempt("commit", f"--message={KEY}")
    assert (done.returncode, author.door.said()[0]) == (0, 0), done.stderr


@pytest.mark.parametrize("encoding", ["GBK", "gb18030", "utf-8"])
def test_a_key_in_a_chinese_message_is_refused(author: Author, encoding: str) -> None:
    author.repo.git("config", "i18n.commitEncoding", encoding)
    author.types(f"提交说明\n\n测试环境的密钥{pair_lines()}".encode(encoding))
    assert author.commit() == (1, pair_at(3, 4), "")
    author.types("提交说明\n\n没有密钥\n".encode(encoding))
    assert author.commit() == (0, [], "提交说明\n\n没有密钥\n\n")


def test_messages_are_looked_at_in_a_linked_worktree_and_from_a_subfolder(author: Author, tmp_path: Path) -> None:
    author.repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Repo(tmp_path / "linked")
    assert linked.attempt("commit", "--allow-empty", f"--message={KEY}").returncode == 1
    code, leaks = author.door.said()
    assert (code, [leak.line for leak in leaks]) == (1, [1, 1])
    author.repo.write("sub/app.py", NOTHING)
    assert author.repo.attempt("commit", "--allow-empty", f"--message={KEY}", cwd="sub").returncode == 1
    code, leaks = author.door.said()
    assert (code, places(leaks)) == (1, pair_at(1))


def test_a_sha_256_repository_s_messages_are_looked_at(tmp_path: Path, home: Path) -> None:
    repo = new_repository(tmp_path / "repo", "--object-format=sha256")
    author = Author(repo, Door(repo, "commit-msg"), tmp_path / "typed")
    assert author.commit(f"--message={KEY}") == (1, pair_at(1), "")


# What git drops of an edited message


def test_the_comment_lines_of_an_edited_message_are_dropped(author: Author) -> None:
    author.types(f"a subject\n{COMMENTED}more\n")
    assert author.commit() == (0, [], "a subject\nmore\n\n")
    author.types(f"a subject\n{COMMENTED}more\n{KEY}\n")
    assert author.commit() == (1, pair_at(4), "")
    author.types(f"a subject\n {COMMENTED}")
    assert author.commit() == (1, pair_at(2), "")


def test_the_comment_lines_of_a_message_that_is_not_edited_are_kept(author: Author) -> None:
    message = f"--message=a subject\n\n{COMMENTED}"
    assert author.commit(message) == (1, pair_at(3), "")
    assert author.commit(message, "--edit") == (0, [], "a subject\na subject\n\n")


@pytest.mark.parametrize("how", ["-v", "commit.verbose"])
def test_the_difference_below_the_scissors_is_not_part_of_the_message(author: Author, how: str) -> None:
    leaky(author.repo)
    if how == "commit.verbose":
        author.repo.git("config", "commit.verbose", "true")
    args = ("-v",) if how == "-v" else ()
    author.repo.stage("app.py", NOTHING)  # the difference takes the key away
    assert author.commit(*args) == (0, [], "a subject\n\n")
    author.repo.stage("app.py", pair_lines(2))
    author.types(f"a subject\n\n{KEY}\n")
    assert author.commit(*args) == (1, pair_at(3), "")


# Whatever the settings are: what git keeps is refused


SETTINGS = {
    "as git comes": (),
    "another comment character": ("core.commentChar=;",),
    "a comment character that git chooses": ("core.commentChar=auto",),
    "a comment string that this git may not know": ("core.commentString=//",),
    "cleanup verbatim": ("commit.cleanup=verbatim",),
    "cleanup whitespace": ("commit.cleanup=whitespace",),
    "cleanup strip": ("commit.cleanup=strip",),
    "cleanup scissors": ("commit.cleanup=scissors",),
    "cleanup default": ("commit.cleanup=default",),
    "verbose": ("commit.verbose=true",),
    "verbose with another comment character": ("commit.verbose=true", "core.commentChar=;"),
}
TEXTS = {
    "a line": f"a subject\n\n{KEY}\n",
    "a comment": f"a subject\n\n{COMMENTED}",
    "a comment of another character": f"a subject\n\n; {KEY}\n",
    "a comment of two characters": f"a subject\n\n// {KEY}\n",
    "below scissors": f"a subject\n\n{SCISSORS}{KEY}\n",
    "below scissors of another character": f"a subject\n\n{SCISSORS.replace('#', ';')}{KEY}\n",
    "below scissors of a word": f"a subject\n\n{SCISSORS.replace('#', 'cut')}{KEY}\n",
    "below scissors of no character": f"a subject\n\n{SCISSORS[2:]}{KEY}\n",
    "below indented scissors": f"a subject\n\n {SCISSORS}{KEY}\n",
    "below scissors of another length": f"a subject\n\n{SCISSORS.replace('8 -', '8 --')}{KEY}\n",
}
CALLS = {"given": (), "edited": (), "edited with -v": ("-v",)}
COMMENTS = [name for name in TEXTS if name.startswith("a comment")]
CUT = [name for name in TEXTS if name.startswith("below")]
WHERE_SCISSORS_MATTER = [name for name in SETTINGS if "verbose" in name or "scissors" in name or "character" in name]
TRIED = {
    **{(text, "edited"): list(SETTINGS) for text in COMMENTS[:2]},
    **{(text, "edited"): ["as git comes", "a comment string that this git may not know"] for text in COMMENTS[2:]},
    **{(text, "edited"): ["as git comes", *WHERE_SCISSORS_MATTER] for text in CUT},
    **{(text, "edited with -v"): ["as git comes", "another comment character"] for text in (*COMMENTS, *CUT)},
    **{(text, "given"): ["as git comes", "cleanup scissors"] for text in ("a comment", "below scissors")},
}


@pytest.mark.parametrize(("text", "call"), TRIED, ids=[", ".join(tried) for tried in TRIED])
def test_what_git_keeps_of_a_message_is_refused(author: Author, text: str, call: str) -> None:
    script = author.repo.top / ".git" / "hooks" / "commit-msg"
    script.write_text(script.read_text().replace("exit $code", "exit 0"))  # so that git shows what it keeps
    author.types(TEXTS[text])
    args = (f"--message={TEXTS[text]}",) if call == "given" else CALLS[call]
    passed = []
    for name in TRIED[text, call]:
        settings = [word for setting in SETTINGS[name] for word in ("-c", setting)]
        author.repo.git(*settings, "commit", "--quiet", "--allow-empty", *args)
        code, _ = author.door.said()
        assert code in (0, 1)
        if code == 0 and access_key_id(1) in author.repo.git("cat-file", "commit", "HEAD"):
            passed.append(name)
    assert passed == []


EXACT = {
    "a comment": ("as git comes", "a comment", "edited"),
    "a comment with -v": ("as git comes", "a comment", "edited with -v"),
    "a comment of the chosen character": ("another comment character", "a comment of another character", "edited"),
    "a comment where comments are stripped": ("cleanup strip", "a comment", "edited"),
    "a comment in a given message that is stripped": ("cleanup strip", "a comment", "given"),
    # Scissors that somebody types are not believed with -v, which hooks do not see: what stands below them is looked at.
    "below scissors, verbose": ("verbose", "below scissors", "edited"),
    "below scissors where they are asked for": ("cleanup scissors", "below scissors", "edited"),
    "below scissors of the chosen character": (
        "verbose with another comment character",
        "below scissors of another character",
        "edited",
    ),
}


@pytest.mark.parametrize(("settings", "text", "call"), EXACT.values(), ids=list(EXACT))
def test_what_git_drops_of_a_message_is_not_refused(author: Author, settings: str, text: str, call: str) -> None:
    for setting in SETTINGS[settings]:
        author.repo.git("config", *setting.split("="))
    author.types(TEXTS[text])
    args = (f"--message={TEXTS[text]}",) if call == "given" else CALLS[call]
    assert author.commit(*args)[:2] == (0, [])
    assert access_key_id(1) not in author.repo.git("cat-file", "commit", "HEAD")


# Wrong calls


@pytest.mark.parametrize("args", [(), ("one", "two"), ("no-such-file",)], ids=["none", "two", "a missing one"])
def test_a_message_file_must_be_named(repo: Repo, args: tuple[str, ...]) -> None:
    repo.write("one", NOTHING)
    repo.write("two", NOTHING)
    done = repo.hook("--stage", "commit-msg", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("alikey-hook: ")
    assert "\nhelp: " in done.stderr
