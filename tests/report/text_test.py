"""The text report, to the letter."""

import pytest

from alikey_hook.finding import Finding
from alikey_hook.report import text
from alikey_hook.report.printable import printable, same_width, width
from alikey_hook.result import Result

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
    assert rendered.endswith("    早已提交\n")


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
        ([ID._replace(status="allowed")], "zh", "alikey-hook：2 个文件中没有泄露，1 处已豁免"),
    ],
)
def test_the_summary(findings: list[Finding], language: str, line: str) -> None:
    assert text.summary(result(*findings), language) == line


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
