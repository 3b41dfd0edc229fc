"""A key is found whatever git is told to show of it, and whatever the file's bytes, lines and name look like."""

import codecs
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.keys import access_key_id, legacy_id, secret
from tests.repository import ID_RULE, SECRET_RULE, Found, Repo, pair_at, pair_lines

pytestmark = pytest.mark.once

ID, LEGACY, SECRET = access_key_id(1), legacy_id(1), secret(1)
COMMENT = "# 阿里云的访问密钥，请勿外传\n"
CHINESE = "阿里云的访问密钥请勿外传，更不要提交到代码仓库\n" * 60


@pytest.fixture
def shy(tmp_path: Path) -> Path:
    """A program that shows nothing, to be used as a diff driver."""
    program = tmp_path / "show-nothing"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    return program


def change_two_files(repo: Repo) -> None:
    """Two files that are committed clean and get a pair each, staged."""
    for path in ("app.properties", "conf/deep.properties"):
        repo.stage(path, "first = 1\n")
    repo.commit()
    for seed, path in enumerate(("app.properties", "conf/deep.properties")):
        repo.stage(path, "first = 1\n" + pair_lines(seed))


BOTH_FILES = pair_at("app.properties", 2) + pair_at("conf/deep.properties", 2)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("color.ui", "always", id="color.ui=always"),
        pytest.param("color.diff", "always", id="color.diff=always"),
        pytest.param("diff.external", "{shy}", id="external diff"),
        pytest.param("diff.noprefix", "true", id="no prefix"),
        pytest.param("diff.mnemonicPrefix", "true", id="mnemonic prefix"),
        pytest.param("diff.orderFile", "{order}", id="order file"),
        pytest.param("core.quotePath", "true", id="quoted paths"),
        pytest.param("core.quotePath", "false", id="unquoted paths"),
        pytest.param("core.abbrev", "4", id="short ids"),
        pytest.param("core.pager", "{shy}", id="pager"),
        pytest.param("diff.renames", "copies", id="copies are detected"),
        pytest.param("diff.renames", "false", id="renames are not detected"),
        pytest.param("diff.context", "0", id="no context"),
        pytest.param("diff.colorMoved", "zebra", id="moved lines coloured"),
        pytest.param("diff.wsErrorHighlight", "all", id="white space highlighted"),
    ],
)
def test_no_setting_hides_a_key(repo: Repo, shy: Path, tmp_path: Path, key: str, value: str) -> None:
    order = tmp_path / "order"
    order.write_text("conf/*\n")
    change_two_files(repo)
    repo.git("config", "--global", key, value.format(shy=shy, order=order))
    assert repo.look()[:2] == (1, BOTH_FILES)


@pytest.mark.parametrize("relative", ["true", "false"])
def test_no_key_is_hidden_from_a_subfolder(repo: Repo, relative: str) -> None:
    change_two_files(repo)
    repo.git("config", "diff.relative", relative)
    assert repo.look(cwd="conf")[:2] == (1, BOTH_FILES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("GIT_EXTERNAL_DIFF", "{shy}", id="external diff"),
        pytest.param("GIT_PAGER", "{shy}", id="pager"),
        pytest.param("GIT_DIFF_OPTS", "--unified=0", id="diff options"),
        pytest.param("GIT_TRACE", "1", id="trace"),
        pytest.param("GIT_PREFIX", "elsewhere/", id="prefix"),
        pytest.param("GIT_LITERAL_PATHSPECS", "1", id="literal pathspecs"),
    ],
)
def test_no_variable_hides_a_key(repo: Repo, shy: Path, name: str, value: str) -> None:
    change_two_files(repo)
    assert repo.look(env={name: value.format(shy=shy)})[:2] == (1, BOTH_FILES)


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param("-diff", id="no diff"),
        pytest.param("binary", id="binary"),
        pytest.param("-text", id="no text"),
        pytest.param("diff=hidden", id="a textconv driver that shows nothing"),
        pytest.param("diff=outside", id="an external driver that shows nothing"),
        pytest.param("export-ignore linguist-generated", id="generated"),
        pytest.param("-diff -merge -text linguist-vendored", id="vendored"),
    ],
)
def test_no_attribute_hides_a_key(repo: Repo, shy: Path, attributes: str) -> None:
    repo.git("config", "diff.hidden.textconv", str(shy))
    repo.git("config", "diff.outside.command", str(shy))
    repo.stage(".gitattributes", f"*.properties {attributes}\n")
    change_two_files(repo)
    assert repo.look()[:2] == (1, BOTH_FILES)


def test_no_private_attribute_hides_a_key(repo: Repo) -> None:
    repo.write(".git/info/attributes", "* binary\n")
    change_two_files(repo)
    assert repo.look()[:2] == (1, BOTH_FILES)


def utf_16(order: str, mark: bool) -> Callable[[str], bytes]:
    marks = {"le": codecs.BOM_UTF16_LE, "be": codecs.BOM_UTF16_BE}
    return lambda text: (marks[order] if mark else b"") + text.encode(f"utf-16-{order}")


def in_charset(name: str) -> Callable[[str], bytes]:
    return lambda text: text.encode(name)


@pytest.mark.parametrize(
    ("encoded", "comment"),
    [
        pytest.param(in_charset("utf-8"), COMMENT, id="UTF-8"),
        pytest.param(in_charset("utf-8-sig"), COMMENT, id="UTF-8 with a mark"),
        pytest.param(in_charset("gbk"), COMMENT, id="GBK"),
        pytest.param(in_charset("gb18030"), COMMENT + "# 𠮷㐂\n", id="GB18030 with characters of four bytes"),
        pytest.param(in_charset("latin-1"), "# clé à part\n", id="Latin-1"),
        pytest.param(utf_16("le", True), COMMENT, id="UTF-16 LE with a mark"),
        pytest.param(utf_16("be", True), COMMENT, id="UTF-16 BE with a mark"),
        pytest.param(utf_16("le", False), "# plain words\n", id="UTF-16 LE without a mark"),
        pytest.param(utf_16("be", False), "# plain words\n", id="UTF-16 BE without a mark"),
        pytest.param(utf_16("le", False), COMMENT, id="UTF-16 LE without a mark, with Chinese"),
        pytest.param(utf_16("be", False), COMMENT, id="UTF-16 BE without a mark, with Chinese"),
        pytest.param(utf_16("le", False), CHINESE, id="UTF-16 LE without a mark, mostly Chinese"),
        pytest.param(utf_16("be", False), CHINESE, id="UTF-16 BE without a mark, mostly Chinese"),
        pytest.param(in_charset("utf-32"), COMMENT, id="UTF-32 with a mark"),
        pytest.param(in_charset("utf-8"), "name\0value\0\n", id="UTF-8 with NUL bytes"),
        pytest.param(in_charset("gbk"), COMMENT + "\0\n", id="GBK with a NUL byte"),
    ],
)
def test_no_charset_hides_a_key(repo: Repo, encoded: Callable[[str], bytes], comment: str) -> None:
    repo.stage("conf.txt", encoded(comment + pair_lines()))
    assert repo.look()[:2] == (1, pair_at("conf.txt", comment.count("\n") + 1))


def test_ascii_lines_behind_utf_16_ones_are_read(repo: Repo) -> None:
    # PowerShell's `>` writes UTF-16; `>>` of any other shell then appends ASCII.
    repo.stage("conf.txt", codecs.BOM_UTF16_LE + "# written by PowerShell\r\n".encode("utf-16-le") + pair_lines().encode())
    assert repo.look().code == 1


@pytest.mark.parametrize(
    ("charset", "touching"),
    [
        pytest.param("utf-8", "密钥 密碼 㐂 𠮷", id="UTF-8"),
        pytest.param("gbk", "密钥 密碼 憑證", id="GBK, whose characters end in ASCII letters and digits too"),
        pytest.param("gb18030", "密钥 密碼 㐂 𠮷", id="GB18030"),
        pytest.param("utf-16", "密钥 密碼 㐂 𠮷", id="UTF-16"),
    ],
)
def test_a_key_that_touches_chinese_is_found(repo: Repo, charset: str, touching: str) -> None:
    lines, expected = ["// 阿里云"], []
    for seed, word in enumerate(touching.split()):
        lines += [f"{word}{access_key_id(seed)}{word}", f"{word}{secret(seed)}{word}"]
        line, column = len(lines) - 1, len(word) + 1
        expected += [
            Found(ID_RULE, "new", "Conf.java", line, column),
            Found(SECRET_RULE, "new", "Conf.java", line + 1, column),
        ]
    repo.stage("Conf.java", "\n".join(lines).encode(charset))
    assert repo.look()[:2] == (1, expected)


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"LC_ALL": "C"}, id="C"),
        pytest.param({"LC_ALL": "POSIX"}, id="POSIX"),
    ],
)
def test_the_c_locale_hides_no_key(repo: Repo, env: dict[str, str]) -> None:
    repo.stage("配置/密钥.properties", COMMENT + pair_lines())
    assert repo.look(env=env)[:2] == (1, pair_at("配置/密钥.properties", 2))


def test_an_ascii_locale_hides_no_key(repo: Repo) -> None:
    repo.stage("conf.properties", COMMENT + pair_lines())
    code, findings, _ = repo.look(
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    )
    assert (code, findings) == (1, pair_at("conf.properties", 2))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(pair_lines().replace("\n", "\r\n"), 1, id="CRLF"),
        pytest.param("\r\n\r\n" + pair_lines().replace("\n", "\r\n"), 3, id="CRLF and empty lines"),
        pytest.param("one\r" + pair_lines().replace("\n", "\r"), 2, id="only CR"),
        pytest.param("1 %\r50 %\r100 %\n" + pair_lines(), 2, id="a progress bar's CR is no line end"),
        pytest.param(pair_lines().rstrip("\n"), 1, id="no newline at the end"),
        pytest.param("\n\n\n" + pair_lines().rstrip("\n"), 4, id="empty lines and no newline at the end"),
        pytest.param("\r\n" + pair_lines().rstrip("\n"), 2, id="mixed line ends"),
        pytest.param("a\x0bb\x0cc\x85d\u2028e\n" + pair_lines(), 2, id="separators that are no line ends"),
    ],
)
def test_lines_are_counted_as_an_editor_counts(repo: Repo, text: str, line: int) -> None:
    repo.stage("app.py", text)
    assert repo.look()[:2] == (1, pair_at("app.py", line))


def test_a_key_in_a_minified_line_of_160_kb_is_found(repo: Repo) -> None:
    before = "!function(e,t){return e&&t.call(this,e)};" * 2000
    text = f'{before}c={{accessKeyId:"{LEGACY}",accessKeySecret:"{SECRET}"}};{before}'
    repo.stage("bundle.min.js", text)
    assert repo.look()[:2] == (
        1,
        [
            Found(ID_RULE, "new", "bundle.min.js", 1, len(before) + 17),
            Found(SECRET_RULE, "new", "bundle.min.js", 1, len(before) + 52),
        ],
    )


def test_a_key_in_a_json_line_of_5_mb_is_found(repo: Repo) -> None:
    note = 'a "note" \\ of 5 % 密钥'
    records: list[dict[str, object]] = [{"number": number, "note": note} for number in range(100_000)]
    records.insert(70_000, {"accessKeyId": ID, "accessKeySecret": SECRET})
    text = json.dumps(records)
    assert len(text) > 5_000_000
    repo.stage("dump.json", text)
    assert repo.look()[:2] == (
        1,
        [
            Found(ID_RULE, "new", "dump.json", 1, text.index(ID) + 1),
            Found(SECRET_RULE, "new", "dump.json", 1, text.index(SECRET) + 1),
        ],
    )


# name: (the file's name, how the text report writes it)
STRANGE = {
    "space": (" a b .py", " a b .py"),
    "single quote": ("it's.py", "it's.py"),
    "double quote": ('"quoted".py', '"quoted".py'),
    "tab": ("a\tb.py", "a\\tb.py"),
    "newline": ("a\nb.py", "a\\nb.py"),
    "carriage return": ("a\rb.py", "a\\rb.py"),
    "backslash": ("a\\b.py", "a\\b.py"),
    "emoji": ("🔑.py", "🔑.py"),
    "emoji of several characters": ("👩‍💻.py", "👩\\u200d💻.py"),
    "Chinese": ("密钥.py", "密钥.py"),
    "not UTF-8": (os.fsdecode(b"caf\xe9\xff.py"), "caf\\xe9\\xff.py"),
    "GBK": (os.fsdecode("配置.py".encode("gbk")), "\\xc5\\xe4\\xd6\\xc3.py"),
    "terminal escapes": ("\x1b[31mred\x1b[0m\x1b]0;title\x07.py", "\\x1b[31mred\\x1b[0m\\x1b]0;title\\x07.py"),
    "an escape of one character": ("\x9b31m.py", "\\x9b31m.py"),
    "right to left": ("a\u202eyp.b", "a\\u202eyp.b"),
    "colons": ("a:1:2: b.py", "a:1:2: b.py"),
    "glob": ("*[a].py", "*[a].py"),
    "pathspec magic": (":(exclude)a.py", ":(exclude)a.py"),
    "a dash first": ("-dash.py", "-dash.py"),
    "looks like an option": ("--output=x.py", "--output=x.py"),
    "looks like a raw record": (":000000 100644 A", ":000000 100644 A"),
    "quoted by git": ('"a\\tb"', '"a\\tb"'),
    "a commit id": ("0" * 40, "0" * 40),
    "HEAD": ("HEAD", "HEAD"),
    "very long": ("d/" * 100 + "a" * 200, "d/" * 100 + "a" * 200),
}
PLAIN = ("space", "double quote", "backslash", "emoji", "Chinese")


@pytest.mark.parametrize("name", [path for path, _ in STRANGE.values()], ids=list(STRANGE))
def test_no_name_hides_a_key(repo: Repo, name: str) -> None:
    body = "".join(f"line {number}\n" for number in range(20))
    changed, renamed, added = name, f"{name}2", f"{name}3"
    repo.stage(changed, body)
    repo.stage("old name", body * 2)
    repo.commit()
    repo.stage(changed, body + pair_lines(1))
    repo.git("mv", "--", "old name", renamed)
    repo.stage(renamed, body * 2 + pair_lines(2))
    repo.stage(added, pair_lines(3))
    assert repo.look()[:2] == (1, pair_at(changed, 21) + pair_at(renamed, 41) + pair_at(added))


@pytest.mark.parametrize(
    "name", ["-h", "--help", "-q", "--output=report", "--min-confidence=high", "--no-inline-allow", "--color=never", "-x"]
)
def test_a_name_like_an_option_lets_no_key_pass(repo: Repo, name: str) -> None:
    # pre-commit and its relatives hand names over as they are, without `--`.
    repo.stage(name, f'access_key_id = "{LEGACY}"\n')
    repo.stage("other.py", "nothing\n")
    assert repo.hook(name, "other.py").returncode in (1, 2)


@pytest.mark.parametrize(
    ("name", "shown"), [pytest.param(*names, id=id) for id, names in STRANGE.items() if names[0] != names[1] or id in PLAIN]
)
def test_a_name_is_printed_escaped(repo: Repo, name: str, shown: str) -> None:
    repo.stage(name, f'access_key_id = "{ID}"\n')
    done = repo.hook("--color", "never")
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == f"{shown}:1:18: {ID_RULE} medium {ID[:8]}…{ID[-4:]}"
    assert unprintable(done.stdout + done.stderr) == set()


def test_terminal_escapes_of_a_line_are_not_printed(repo: Repo) -> None:
    repo.stage("app.py", f'\x1b[8mhidden\x1b[0m \x9b8m \u202e access_key_id = "{ID}" \x07\r # \x1b]0;title\x07\n')
    done = repo.hook("--color", "never")
    assert done.returncode == 1
    assert unprintable(done.stdout + done.stderr) == set()


def test_terminal_escapes_of_a_name_are_not_printed_in_an_error(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"a text\n").strip()
    entries = "".join(f"100644 {blob} {stage}\t\x1b[31mred\x1b[0m.py\0" for stage in (1, 2, 3))
    repo.git("update-index", "-z", "--index-info", stdin=entries.encode())
    done = repo.hook()
    assert done.returncode == 2
    assert done.stdout == ""
    assert (
        done.stderr.splitlines()[0] == "alikey-hook: \\x1b[31mred\\x1b[0m.py is not merged yet, so there is nothing to check."
    )
    assert unprintable(done.stderr) == set()


def unprintable(text: str) -> set[str]:
    """Everything but line feeds that could act on a terminal."""
    return {character for character in text if not character.isprintable()} - {"\n"}


@pytest.mark.parametrize(
    ("before", "line", "indent"),
    [
        pytest.param("++ b/x\n", 2, 0, id="an added line reads ++ b/x"),
        pytest.param("-- a/x\n++ b/x\n", 3, 0, id="added lines read like a patch's header"),
        pytest.param("@@ -1 +1 @@\n", 2, 0, id="an added line reads like a hunk's header"),
        pytest.param("diff --git a/x b/x\nindex 000..111\n--- a/x\n+++ b/x\n@@ -0,0 +1,2 @@\n+", 6, 1, id="a patch"),
        pytest.param("commit " + "0" * 40 + "\nAuthor: x\n\n    ", 4, 4, id="a log"),
        pytest.param(":100644 100644 " + "0" * 40 + " " + "1" * 40 + " M\0x\0\n", 2, 0, id="git's raw format"),
        pytest.param("\\ No newline at end of file\n", 2, 0, id="a remark of git"),
    ],
)
def test_a_text_that_looks_like_a_patch_is_a_text(repo: Repo, before: str, line: int, indent: int) -> None:
    repo.stage("notes.patch", "first\n")
    repo.stage("x", "first\n")
    repo.commit()
    marked = pair_lines().replace("\n", "\n" + " " * indent).rstrip(" ")
    repo.stage("notes.patch", before + marked)
    repo.stage("x", "second\n")
    assert repo.look()[:2] == (1, pair_at("notes.patch", line, indent=indent))
