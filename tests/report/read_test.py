"""A JSON report comes back as it was; anything else is refused."""

import json as jsons
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, example, given, settings

from alikey_hook.errors import UserError
from alikey_hook.report import json
from alikey_hook.report.about import About, Origin
from alikey_hook.report.read import read
from alikey_hook.result import Result
from tests.report.samples import ABOUT, ABOUTS, ID, RESULTS, SMALL


@settings(max_examples=300, deadline=None)
@given(RESULTS, ABOUTS)
@example(Result([ID._replace(path="\ud800\udcff", blob="", hashed="")], 1, 1), ABOUT)
@example(Result([ID._replace(path="a\udcff\udcfe😀", blob="", hashed="")], 1, 1), ABOUT)
def test_what_was_written_is_read(result: Result, about: About) -> None:
    # No path has halves of a pair side by side (`os.fsdecode` gives second halves only); JSON would join them.
    assume(not re.search(r"\\ud[89ab]..\\ud[c-f]..", f"{result.findings}{about.origin}"))
    back, origin = read(json.render(result, about))
    assert (back.findings, back.files, back.bytes, origin) == (result.findings, result.files, result.bytes, about.origin)


def test_a_report_of_an_earlier_version_is_read() -> None:
    report = jsons.loads(json.render(SMALL, ABOUT))
    del report["origin"]
    for finding in report["findings"]:
        for key in (
            "excerpt",
            "excerpt_column",
            "excerpt_width",
            "last_date",
            "own_exception",
            "refs",
            "in_tip",
            "author_date",
        ):
            del finding[key]
    back, origin = read(jsons.dumps(report))
    assert [finding.path for finding in back.findings] == [finding.path for finding in SMALL.findings]
    assert origin == Origin()
    assert back.findings[0].excerpt == ""


def changed(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda report: report["findings"][0].update(fields)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(lambda report: report.update(tool="gitleaks"), "not one of alikey-hook", id="another tool"),
        pytest.param(lambda report: report.update(version=2), "version 1", id="another version"),
        pytest.param(lambda report: report.update(findings={}), "`findings`", id="findings are no list"),
        pytest.param(lambda report: report.update(findings=[3]), "finding 0 is no object", id="finding is a number"),
        pytest.param(lambda report: report.update(summary={}), "`summary`", id="empty summary"),
        pytest.param(lambda report: report.update(origin={"kind": "moon"}), "`origin`", id="unknown kind"),
        pytest.param(lambda report: report.update(origin={"branch": 1}), "`origin`", id="branch is a number"),
        pytest.param(changed(line="3"), "`line`", id="line is a text"),
        pytest.param(changed(line=0), "`line`", id="line is 0"),
        pytest.param(changed(column=True), "`column`", id="column is true"),
        pytest.param(changed(status="fine"), "`status`", id="unknown status"),
        pytest.param(changed(severity=None), "`severity`", id="no severity"),
        pytest.param(changed(severity=[]), "`severity`", id="severity is a list"),
        pytest.param(changed(author_date="2025-02-30"), "`author_date`", id="no such day"),
        pytest.param(changed(last_date="<script>"), "`last_date`", id="no day"),
        pytest.param(changed(refs="main"), "`refs`", id="refs are a text"),
        pytest.param(changed(path=None), "`path`", id="no path"),
        pytest.param(changed(in_tip="yes"), "`in_tip`", id="in_tip is a text"),
    ],
)
def test_anything_else_is_refused(change: Callable[[dict[str, Any]], None], why: str) -> None:
    report = jsons.loads(json.render(Result([ID], 1, 1), ABOUT))
    change(report)
    with pytest.raises(UserError) as error:
        read(jsons.dumps(report))
    assert why in error.value.message


@pytest.mark.parametrize("text", ["", "[", "[]", "null", "3", "[" * 100_000, '{"tool": "alikey-hook"}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        read(text)
