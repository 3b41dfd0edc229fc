"""The text report, to the letter."""

import pytest

from alikey_hook.changes import Change
from alikey_hook.finding import Finding
from alikey_hook.report import text
from alikey_hook.report.about import HELP
from alikey_hook.report.printable import printable, same_width, width
from alikey_hook.result import Result
from alikey_hook.scan import Options, look
from tests.keys import access_key_id

ID = Finding(
    rule="alibaba-access-key-id",
    status="new",
    confidence="high",
    severity="critical",
    path="src/app.py",
    line=3,
    column=9,
    end_column=33,
    commit=None,
    fingerprint="sha256:aa",
    redacted="LTAI5t**…****",
    partner="sha256:bb",
    encoding="plain",
    excerpt='密 = "************************"',
    excerpt_column=5,
    excerpt_width=24,
    blob="1" * 40,
    hashed="2" * 40,
)
SECRET = ID._replace(
    rule="alibaba-access-key-secret",
    line=4,
    redacted="30 characters",
    fingerprint="sha256:bb",
    partner="sha256:aa",
    encoding="base64",
)


def result(*findings: Finding) -> Result:
    return Result(list(findings), 2, 100)


def test_a_pair() -> None:
    assert text.render(result(ID, SECRET), "en", color=False, verbose=False) == (
        "src/app.py:3:9: alibaba-access-key-id critical LTAI5t**…****\n"
        '    密 = "************************"\n'
        "          ^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    a pair with line 4: whoever reads both can use them\n"
        "\n"
        "src/app.py:4:9: alibaba-access-key-secret critical 30 characters\n"
        '    密 = "************************"\n'
        "          ^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    a pair with line 3: whoever reads both can use them; written as base64\n"
    )


def test_chinese() -> None:
    rendered = text.render(result(ID._replace(status="existing", partner=None)), "zh", color=False, verbose=False)
    assert rendered.startswith("src/app.py:3:9: alibaba-access-key-id 严重 LTAI5t**…****\n")
    assert rendered.endswith("    此前已提交\n")


def test_chinese_to_the_letter() -> None:
    secret = SECRET._replace(status="expired", decided_by="baseline/alikey.yaml:3", commit="0123456789abcdef", in_tip=True)
    assert text.render(result(secret), "zh", color=False, verbose=False) == (
        "src/app.py:4:9: alibaba-access-key-secret 严重 30 个字符\n"
        '    密 = "************************"\n'
        "          ^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    豁免已过期 依据 baseline/alikey.yaml:3；编码方式 base64；由提交 0123456789ab 带入；最新提交中仍然存在\n"
    )


PLAIN = ID._replace(partner=None, severity="medium")
EXCERPT = '    密 = "************************"\n          ^^^^^^^^^^^^^^^^^^^^^^^^\n'
COMMIT = "0123456789abcdef"


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        pytest.param({}, "", id="new"),
        pytest.param({"status": "existing"}, "already committed", id="existing"),
        pytest.param({"status": "allowed", "decided_by": "an inline pragma"}, "allowed by an inline pragma", id="pragma"),
        pytest.param({"status": "allowed", "decided_by": "b.yaml:3"}, "allowed by b.yaml:3", id="allowed"),
        pytest.param(
            {"status": "allowed", "decided_by": "b.yaml:3", "own_exception": True},
            "allowed by b.yaml:3, which this same commit brings",
            id="allowed by itself",
        ),
        pytest.param({"status": "expired", "decided_by": "b.yaml:3"}, "exception has expired by b.yaml:3", id="expired"),
        pytest.param({"source": "~/.aliyun/config.json"}, "this machine's own: ~/.aliyun/config.json", id="own key"),
        pytest.param({"encoding": "base64"}, "written as base64", id="encoded"),
        pytest.param({"commit": COMMIT}, "came in commit 0123456789ab", id="commit"),
        pytest.param(
            {"commit": COMMIT, "author_date": "2026-11-25", "in_tip": True},
            "came in commit 0123456789ab (2026-11-25); still there in the newest commit",
            id="still there",
        ),
        pytest.param(
            {"commit": COMMIT, "in_tip": False, "last_commit": "f" * 40},
            "came in commit 0123456789ab; gone from the newest commit, but not from the history (ffffffffffff)",
            id="gone",
        ),
        pytest.param(
            {"commit": COMMIT, "in_tip": True, "refs": ("refs/heads/main", "refs/remotes/origin/main", "refs/tags/v1")},
            "came in commit 0123456789ab; still in main, remotes/origin/main, tags/v1",
            id="refs",
        ),
        pytest.param(
            {"commit": COMMIT, "in_tip": True, "refs": tuple(f"refs/heads/{at}" for at in range(9))},
            "came in commit 0123456789ab; still in 0, 1, 2, 3, 4, …",
            id="many refs",
        ),
    ],
)
def test_every_kind_of_finding(changes: dict[str, object], notes: str) -> None:
    rendered = text.render(result(PLAIN._replace(**changes)), "en", color=False, verbose=True)  # type: ignore[arg-type]
    told = f"    {notes}\n" if notes else ""
    assert rendered == f"src/app.py:3:9: alibaba-access-key-id medium LTAI5t**…****\n{EXCERPT}{told}"


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        pytest.param(
            {"path": "\u05d0\u202eb\n\x1b[2J.py", "excerpt": ""},
            "\u05d0\\u202eb\\n\\x1b[2J.py:3:9: alibaba-access-key-id medium LTAI5t**…****\n",
            id="right-to-left, control characters",
        ),
        pytest.param(
            {"excerpt": "\u05d0\u202e\t= ****\x1b[2J", "excerpt_column": 5, "excerpt_width": 4},
            "src/app.py:3:9: alibaba-access-key-id medium LTAI5t**…****\n    \u05d0· = ****·[2J\n         ^^^^\n",
            id="a line with them",
        ),
        pytest.param(
            {"decided_by": "\u202eb\n.yaml:3", "status": "allowed", "refs": ("refs/heads/\x1b[2J",), "excerpt": ""},
            "src/app.py:3:9: alibaba-access-key-id medium LTAI5t**…****\n"
            "    allowed by \\u202eb\\n.yaml:3; still in \\x1b[2J\n",
            id="a baseline and a branch with them",
        ),
        pytest.param(
            {"excerpt": "密钥 e\u0301 = ****", "excerpt_column": 8, "excerpt_width": 4},
            "src/app.py:3:9: alibaba-access-key-id medium LTAI5t**…****\n    密钥 e\u0301 = ****\n             ^^^^\n",
            id="wide and combining characters",
        ),
    ],
)
def test_names_and_lines_of_any_characters(changes: dict[str, object], shown: str) -> None:
    rendered = text.render(result(PLAIN._replace(**changes)), "en", color=False, verbose=True)  # type: ignore[arg-type]
    assert rendered == shown


def test_a_long_line_is_shown_in_part() -> None:
    value = access_key_id(1)
    line = f"var {'x y ' * 500}; var accessKeyId = '{value}'; {'z w ' * 500}\n"
    (found,) = look(Change("long.js", (), ""), line.encode(), Options())
    head, excerpt, marks, *rest = text.render(result(found), "en", color=False, verbose=False).splitlines()
    assert head == f"long.js:1:{line.index(value) + 1}: alibaba-access-key-id medium {value[:8]}…{value[-4:]}"
    assert excerpt.startswith("    …") and excerpt.endswith("…") and len(excerpt) < 160
    assert excerpt.index("*" * 24) == marks.index("^" * 24)
    assert rest == []


def test_a_rule_s_name_is_a_link_only_when_asked_for() -> None:
    plain = text.render(result(ID), "en", color=False, verbose=False)
    linked = text.render(result(ID), "en", color=False, verbose=False, links=True)
    assert f" \x1b]8;;{HELP}\x1b\\alibaba-access-key-id\x1b]8;;\x1b\\ critical " in linked
    assert linked.replace(f"\x1b]8;;{HELP}\x1b\\", "").replace("\x1b]8;;\x1b\\", "") == plain


def test_allowed_findings_are_shown_only_when_asked_for() -> None:
    allowed = result(ID._replace(status="allowed"))
    assert text.render(allowed, "en", color=False, verbose=False) == ""
    assert text.render(allowed, "en", color=False, verbose=True).endswith("    allowed\n")


def test_colour_is_used_only_when_asked_for() -> None:
    assert "\x1b[31m" in text.render(result(ID), "en", color=True, verbose=False)
    assert "\x1b" not in text.render(result(ID), "en", color=False, verbose=False)


def test_findings_of_commits_are_grouped_by_secret() -> None:
    brought = ID._replace(partner=None, commit="0123456789abcdef" * 2, author_date="2026-11-25", in_tip=False)
    again = brought._replace(commit="f" * 32, path="other.py", author_date=None)
    later = brought._replace(commit="e" * 32, status="existing")
    assert text.render(result(brought, again, later), "en", color=False, verbose=False).splitlines()[3:] == [
        "    came in commit 0123456789ab (2026-11-25); gone from the newest commit, but not from the history",
        "    also other.py:3:9, came in commit ffffffffffff",
    ]


def test_many_places_of_one_secret_are_counted() -> None:
    brought = [ID._replace(commit=f"{number:032x}", in_tip=True) for number in range(10)]
    rendered = text.render(result(*brought), "en", color=False, verbose=False)
    assert "still there in the newest commit" in rendered
    assert rendered.endswith("    and 4 more places\n")


@pytest.mark.parametrize(
    ("findings", "language", "line"),
    [
        ([ID, SECRET], "en", "alikey-hook: 2 leaked in 2 files"),
        ([], "en", "alikey-hook: nothing leaks in 2 files"),
        ([ID._replace(status="existing")], "en", "alikey-hook: nothing leaks, 1 already committed (not refused) in 2 files"),
        ([ID, ID._replace(status="expired")], "en", "alikey-hook: 1 leaked, 1 with an expired exception in 2 files"),
        ([ID._replace(status="expired")], "en", "alikey-hook: 1 with an expired exception in 2 files"),
        ([ID._replace(status="allowed")], "zh", "alikey-hook：已检查 2 个文件，没有泄露，1 处已豁免"),
        (
            [ID, SECRET, ID._replace(status="existing")],
            "zh",
            "alikey-hook：已检查 2 个文件，2 处泄露，1 处此前已提交（不拦截）",
        ),
    ],
)
def test_the_summary(findings: list[Finding], language: str, line: str) -> None:
    assert text.summary(result(*findings), language) == line


@pytest.mark.parametrize(
    ("files", "unread", "language", "line"),
    [
        (0, 0, "en", "alikey-hook: nothing leaks in 0 files"),
        (1, 0, "en", "alikey-hook: nothing leaks in 1 file"),
        (1, 2, "en", "alikey-hook: nothing leaks, 2 in Git LFS and not here, not looked at in 1 file"),
        (1, 0, "zh", "alikey-hook：已检查 1 个文件，没有泄露"),
        (3, 1, "zh", "alikey-hook：已检查 3 个文件，没有泄露，1 个文件在 Git LFS 中且不在本地，未检查"),
    ],
)
def test_the_summary_of_no_one_and_many_files(files: int, unread: int, language: str, line: str) -> None:
    clean = Result([], files, 0)
    clean.unread = unread
    assert text.summary(clean, language) == line


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("a b/密钥.py", "a b/密钥.py"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("a\u202eb", "a\\u202eb"),
        ("a\udcffb", "a\\xffb"),
        ("a\ud800b", "a\\ud800b"),
        ("😀", "😀"),
    ],
)
def test_paths_cannot_act_on_a_terminal(path: str, shown: str) -> None:
    assert printable(path) == shown


def test_excerpts_keep_their_columns_and_cannot_act_on_a_terminal() -> None:
    assert same_width("a\tb\x1b[0m\u3000\u202ec") == "a b·[0m ·c"
    assert width("a密b") == 4
