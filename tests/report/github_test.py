"""Annotations of a GitHub workflow: to the letter, and one line a finding whatever is in it."""

import re

import pytest
from hypothesis import given, settings

from alikey_hook.finding import Finding
from alikey_hook.report import github
from alikey_hook.report.about import About
from alikey_hook.result import Result
from tests.report.samples import ABOUT, ABOUTS, ALLOWED, ID, RESULTS, SMALL


def test_an_annotation_to_the_letter() -> None:
    assert github.render(SMALL, ABOUT) == (
        "::error file=src/配置 a.py,line=3,endLine=3,col=9,endColumn=33,"
        "title=Leaked Alibaba Cloud credential (critical)%3A alibaba-access-key-id::LTAI5t**…****. A pair: its partner was "
        "found too. Came in commit 0123456789ab. Was it ever pushed? Then disable it in the console first.\n"
    )


def test_chinese() -> None:
    plain = ID._replace(partner=None, commit=None)
    existing = plain._replace(redacted="30 characters", status="existing", severity="low")
    assert github.render(Result([plain, existing], 1, 1), ABOUT._replace(language="zh")) == (
        "::error file=src/配置 a.py,line=3,endLine=3,col=9,endColumn=33,"
        "title=阿里云凭证泄露（严重）%3A alibaba-access-key-id::LTAI5t**…****。曾经推送过？请先到控制台禁用它。\n"
        "::warning file=src/配置 a.py,line=3,endLine=3,col=9,endColumn=33,"
        "title=阿里云凭证泄露（低危）%3A alibaba-access-key-id::30 个字符。此前已提交。曾经推送过？请先到控制台禁用它。\n"
    )


@pytest.mark.parametrize(
    ("finding", "command"),
    [(ID, "error"), (ID._replace(status="expired"), "error"), (ID._replace(status="existing"), "warning"), (ALLOWED, "")],
)
def test_what_blocks_is_an_error(finding: Finding, command: str) -> None:
    assert github.render(Result([finding], 1, 1), ABOUT).partition(" ")[0] == (f"::{command}" if command else "")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("100%.py", "100%25.py"),
        ("a:b,c", "a%3Ab%2Cc"),
        ("a\r\n::error::b", "a\\r\\n%3A%3Aerror%3A%3Ab"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
    ],
)
def test_paths_are_escaped(path: str, written: str) -> None:
    assert github.render(Result([ID._replace(path=path)], 1, 1), ABOUT).startswith(f"::error file={written},line=3,")


@pytest.mark.once
@settings(max_examples=500, deadline=None)
@given(RESULTS, ABOUTS)
def test_any_findings_make_one_command_each(result: Result, about: About) -> None:
    rendered = github.render(result, about)
    lines = rendered.splitlines()
    assert len(lines) == len([finding for finding in result.findings if finding.status != "allowed"])
    names = ("file", "line", "endLine", "col", "endColumn", "title")
    command = "::(error|warning) " + ",".join(f"{name}=[^:,]*" for name in names) + "::.*"
    assert all(re.fullmatch(command, line) for line in lines)
    assert all(character.isprintable() for line in lines for character in line)
