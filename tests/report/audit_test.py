"""Reports on many repositories: one secret is one row with all its places, and what was not looked at is told."""

import json as jsons
import re

import pytest

from alikey_hook.report import github, gitlab, json, sarif, text
from alikey_hook.report.about import Lost, Origin
from alikey_hook.report.html import page
from alikey_hook.report.read import read
from alikey_hook.result import Result
from tests.report.samples import ABOUT, ID

SECRET = ID._replace(rule="alibaba-access-key-secret", fingerprint="sha256:" + "e" * 64, redacted="30 characters", line=4)
REPOSITORIES = [f"/srv/{name}.git" for name in "abcde"]
COMMIT = "d" * 40
AUDIT = ABOUT._replace(
    origin=Origin("commits", complete=False, repositories=7, not_looked_at=(Lost("/srv/<b>.git", "it is <gone>"),))
)
EVERYWHERE = [
    finding._replace(repository=name, commit=COMMIT, author_date="2024-01-02", blob="", hashed="")
    for name in REPOSITORIES
    for finding in (ID, SECRET)
]
RESULT = Result(EVERYWHERE, 100, 1000)


def test_json_has_one_row_with_five_places() -> None:
    rows = jsons.loads(json.render(RESULT, AUDIT))["findings"]
    assert [row["rule"] for row in rows] == [ID.rule, SECRET.rule]
    assert [[place["repository"] for place in row["places"]] for row in rows] == [REPOSITORIES] * 2


def test_the_worst_place_stands_for_all() -> None:
    same = [ID._replace(repository=name, severity=how) for name, how in (("/a", "medium"), ("/b", "critical"))]
    (row,) = jsons.loads(json.render(Result(same, 1, 1), AUDIT))["findings"]
    assert (row["repository"], row["severity"]) == ("/b", "critical")
    assert [place["severity"] for place in row["places"]] == ["critical", "medium"]


def test_what_one_repository_allows_and_another_does_not_are_two_rows() -> None:
    same = [ID._replace(repository="/a", status="allowed"), ID._replace(repository="/b")]
    assert len(jsons.loads(json.render(Result(same, 1, 1), AUDIT))["findings"]) == 2


def test_json_is_read_back_with_every_place() -> None:
    back, origin = read(json.render(RESULT, AUDIT))
    assert sorted(back.findings, key=str) == sorted(EVERYWHERE, key=str)
    assert origin == AUDIT.origin


@pytest.mark.parametrize(
    "wrong", [{"repositories": -1}, {"not_looked_at": [{"repository": 1, "why": ""}]}, {"not_looked_at": 1}]
)
def test_an_origin_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    report = jsons.loads(json.render(RESULT, AUDIT))
    report["origin"].update(wrong)
    with pytest.raises(Exception, match="`origin` is not what it should be"):
        read(jsons.dumps(report))


def test_a_place_that_is_none_is_refused() -> None:
    report = jsons.loads(json.render(RESULT, AUDIT))
    report["findings"][0]["places"][1] = 1
    with pytest.raises(Exception, match="finding 0 is no object"):
        read(jsons.dumps(report))


def test_other_reports_have_nothing_of_it() -> None:
    report = jsons.loads(json.render(Result([ID], 1, 1), ABOUT))
    assert not {"places", "repository"} & report["findings"][0].keys()
    assert not {"repositories", "not_looked_at"} & report["origin"].keys()


def test_text_has_one_block_with_its_places() -> None:
    blocks = text.render(RESULT, "en", False, False).split("\n\n")
    assert len(blocks) == 2
    assert blocks[0].startswith(f"/srv/a.git:{ID.path}:{ID.line}:{ID.column}: {ID.rule}")
    assert re.findall(r"also (\S+?):src", blocks[0]) == REPOSITORIES[1:]


def test_the_page_has_one_row_with_its_places_and_what_was_not_looked_at() -> None:
    shown = page.render(RESULT, AUDIT)
    rows = re.findall(r"<tr role=\"row\" data-.*?</tr>", shown, re.DOTALL)
    assert len(rows) == 2
    assert all(name in row for name in REPOSITORIES for row in rows)
    assert "6 of 7 repositories looked at whole" in shown
    assert "<bdi>/srv/&lt;b&gt;.git</bdi></dt><dd><bdi>it is &lt;gone&gt;</bdi>" in shown


def test_sarif_has_a_result_a_place_and_tells_what_was_not_looked_at() -> None:
    (run,) = jsons.loads(sarif.render(RESULT, AUDIT))["runs"]
    assert [one["properties"]["repository"] for one in run["results"]] == [finding.repository for finding in EVERYWHERE]
    assert len({one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]}) == len(EVERYWHERE)
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "/srv/<b>.git was not looked at: it is <gone>"
    back, _ = read(jsons.dumps({"version": "2.1.0", "runs": [run]}))
    assert [finding.repository for finding in back.findings] == [finding.repository for finding in EVERYWHERE]


def test_annotations_and_gitlab_name_the_repository() -> None:
    assert f"file=/srv/a.git%3A{ID.path}" in github.render(RESULT, AUDIT)
    found = jsons.loads(gitlab.render(RESULT, AUDIT))["vulnerabilities"]
    assert {one["location"]["file"] for one in found} == {finding.where for finding in EVERYWHERE}
    assert len({one["id"] for one in found}) == len(EVERYWHERE)
