"""A report comes back as it was, from JSON and from SARIF; anything else is refused."""

import json as jsons
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, example, given, settings

from alikey_hook.errors import UserError
from alikey_hook.finding import Finding, fingerprint
from alikey_hook.report import json, sarif
from alikey_hook.report.about import About, Origin
from alikey_hook.report.printable import printable, same_width
from alikey_hook.report.read import read
from alikey_hook.result import Result
from tests.report.samples import ABOUT, ABOUTS, ID, RESULTS, SMALL


def as_scans_write(result: Result) -> Result:
    """The findings with what only this program chooses as it chooses it: fingerprints, and words of one line."""
    return Result([_as_scans_write(finding) for finding in result.findings], result.files, result.bytes)


def _as_scans_write(finding: Finding) -> Finding:
    return finding._replace(
        rule=printable(finding.rule),
        redacted=printable(finding.redacted),
        encoding=printable(finding.encoding),
        fingerprint=fingerprint(finding.fingerprint),
        partner=None if finding.partner is None else fingerprint(finding.partner),
        commit=None if finding.commit is None else printable(finding.commit),
        last_commit=None if finding.last_commit is None else printable(finding.last_commit),
        # As `os.fsdecode` makes them of a path's bytes.
        path=os.fsdecode(finding.path.encode("utf-8", "surrogatepass")),
    )


def in_sarif(finding: Finding) -> Finding:
    """As much of a finding as SARIF holds: no empty texts, no end before the beginning, everything escaped."""

    def text(value: str | None) -> str | None:
        return printable(value) if value else None

    return finding._replace(
        end_column=max(finding.column, finding.end_column),
        excerpt=same_width(finding.excerpt),
        commit=finding.commit or None,
        last_commit=finding.last_commit or None,
        decided_by=text(finding.decided_by),
        source=text(finding.source),
        refs=tuple(printable(ref) for ref in finding.refs),
    )


REAL = RESULTS.map(as_scans_write)


@pytest.mark.once
@settings(max_examples=300, deadline=None)
@given(REAL, ABOUTS)
@example(Result([ID._replace(path="\ud800\udcff", blob="", hashed="")], 1, 1), ABOUT)
@example(Result([ID._replace(path="a\udcff\udcfe😀", blob="", hashed="")], 1, 1), ABOUT)
def test_what_was_written_is_read(result: Result, about: About) -> None:
    # No path has halves of a pair side by side (`os.fsdecode` gives second halves only); JSON would join them.
    assume(not re.search(r"\\ud[89ab]..\\ud[c-f]..", f"{result.findings}{about.origin}"))
    back, origin = read(json.render(result, about))
    assert (back.findings, back.files, back.bytes, origin) == (result.findings, result.files, result.bytes, about.origin)


@pytest.mark.once
@settings(max_examples=300, deadline=None)
@given(REAL, ABOUTS)
def test_what_was_written_as_sarif_is_read(result: Result, about: About) -> None:
    result.unread = 3
    back, origin = read(sarif.render(result, about))
    assert back.findings == [in_sarif(finding) for finding in result.findings]
    assert (back.files, back.bytes, back.unread) == (result.files, result.bytes, 3)
    said = about.origin
    repository, revision, branch = (
        printable(value) if value and said.repository else None for value in (said.repository, said.revision, said.branch)
    )
    assert origin == Origin(said.kind, repository, revision, branch, said.complete)


@pytest.mark.parametrize("render", [json.render, sarif.render], ids=["JSON", "SARIF"])
def test_a_real_report_loses_nothing(render: Callable[[Result, About], str]) -> None:
    back, origin = read(render(SMALL, ABOUT))
    assert back.findings == [finding._replace(blob="", hashed="") for finding in SMALL.findings]
    assert (back.files, back.bytes, origin) == (SMALL.files, SMALL.bytes, ABOUT.origin)


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
        pytest.param(lambda report: report["summary"].update(files=True), "`summary`", id="files is true"),
        pytest.param(lambda report: report["summary"].update(bytes=-1), "`summary`", id="bytes below 0"),
        pytest.param(changed(fingerprint="sha256:../../x"), "`fingerprint`", id="fingerprint is a path"),
        pytest.param(changed(partner="sha256:1"), "`partner`", id="partner is too short"),
        pytest.param(changed(redacted="a\x1b[2J"), "`redacted`", id="an escape sequence"),
        pytest.param(changed(rule="a\nb"), "`rule`", id="rule of two lines"),
        pytest.param(changed(commit="\u202e"), "`commit`", id="commit is no commit"),
        pytest.param(lambda report: report["findings"][0].pop("commit"), "`commit`", id="commit is missing"),
        pytest.param(lambda report: report["findings"][0].pop("partner"), "`partner`", id="partner is missing"),
    ],
)
def test_anything_else_is_refused(change: Callable[[dict[str, Any]], None], why: str) -> None:
    report = jsons.loads(json.render(Result([ID], 1, 1), ABOUT))
    change(report)
    with pytest.raises(UserError) as error:
        read(jsons.dumps(report))
    assert why in error.value.message


def properties(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda run: run["results"][0]["properties"].update(fields)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(lambda run: run["tool"]["driver"].update(name="gitleaks"), "one run of alikey-hook", id="another tool"),
        pytest.param(lambda run: run.pop("tool"), "one run of alikey-hook", id="no tool"),
        pytest.param(lambda run: run.update(tool=[]), "one run of alikey-hook", id="tool is a list"),
        pytest.param(lambda run: run.update(invocations=[]), "one run of alikey-hook", id="no invocations"),
        pytest.param(lambda run: run.update(automationDetails={"id": 3}), "one run of alikey-hook", id="id is a number"),
        pytest.param(lambda run: run.update(automationDetails={"id": "alikey-hook/moon/"}), "`origin`", id="unknown kind"),
        pytest.param(lambda run: run.update(results=None), "one run of alikey-hook", id="no results"),
        pytest.param(lambda run: run.pop("properties"), "one run of alikey-hook", id="no summary"),
        pytest.param(lambda run: run.update(properties=[]), "`summary`", id="summary is a list"),
        pytest.param(lambda run: run.update(results=[3]), "finding 0", id="result is a number"),
        pytest.param(lambda run: run["results"][0].pop("locations"), "finding 0", id="no place"),
        pytest.param(lambda run: run["results"][0].update(locations=[]), "finding 0", id="no places"),
        pytest.param(lambda run: run["results"][0].pop("properties"), "finding 0", id="no properties"),
        pytest.param(lambda run: run["results"][0].update(ruleId=3), "`rule`", id="rule is a number"),
        pytest.param(properties(**{"security-severity": "1"}), "finding 0", id="another severity"),
        pytest.param(properties(**{"security-severity": []}), "finding 0", id="severity is a list"),
        pytest.param(properties(status="fine"), "`status`", id="unknown status"),
        pytest.param(properties(fingerprint="sha256:1"), "`fingerprint`", id="fingerprint is too short"),
        pytest.param(properties(redacted=None), "`redacted`", id="not redacted"),
        pytest.param(properties(own_exception="no"), "`own_exception`", id="own_exception is a text"),
        pytest.param(properties(inNewestCommit=3), "`in_tip`", id="inNewestCommit is a number"),
    ],
)
def test_any_other_sarif_is_refused(change: Callable[[dict[str, Any]], None], why: str) -> None:
    log = jsons.loads(sarif.render(Result([ID], 1, 1), ABOUT))
    change(log["runs"][0])
    with pytest.raises(UserError) as error:
        read(jsons.dumps(log))
    assert why in error.value.message


@pytest.mark.parametrize("fields", [{"version": "2.0.0"}, {"version": 2}, {"runs": []}, {"runs": 1}, {"runs": [1]}], ids=str)
def test_sarif_of_another_version_or_number_of_runs_is_refused(fields: dict[str, Any]) -> None:
    log = jsons.loads(sarif.render(SMALL, ABOUT)) | fields
    with pytest.raises(UserError, match="not the SARIF"):
        read(jsons.dumps(log))


def test_sarif_of_two_runs_is_refused() -> None:
    log = jsons.loads(sarif.render(SMALL, ABOUT))
    with pytest.raises(UserError, match="one run"):
        read(jsons.dumps(log | {"runs": log["runs"] * 2}))


@pytest.mark.parametrize("render", [json.render, sarif.render], ids=["JSON", "SARIF"])
def test_a_report_that_is_cut_off_is_refused(render: Callable[[Result, About], str]) -> None:
    report = render(SMALL, ABOUT).rstrip()
    for length in range(0, len(report), 97):
        with pytest.raises(UserError, match="not JSON"):
            read(report[:length])


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "null", "3", "[" * 100_000, '{"runs":' * 100_000, "1" * 5000, "NaN", '{"tool": "alikey-hook"}']
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        read(text)
