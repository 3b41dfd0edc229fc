"""The SARIF report: to the letter for two findings, valid for any."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator

from alikey_hook.changes import Change
from alikey_hook.detect.rules import RULES
from alikey_hook.report import sarif
from alikey_hook.report.about import About
from alikey_hook.result import Result
from alikey_hook.scan import Options, look
from tests.keys import access_key_id
from tests.report.samples import ABOUT, ABOUTS, ALLOWED, ID, RESULTS, SMALL

SCHEMA = Draft4Validator(json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text("utf-8")))


def run_of(result: Result, about: About = ABOUT) -> dict[str, Any]:
    log = json.loads(sarif.render(result, about))
    SCHEMA.validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_the_run_to_the_letter() -> None:
    run = run_of(SMALL)
    assert {key: value for key, value in run.items() if key not in ("tool", "results")} == {
        "automationDetails": {"id": "alikey-hook/commits/"},
        "invocations": [
            {"executionSuccessful": True, "startTimeUtc": "2025-11-26T10:00:00Z", "endTimeUtc": "2025-11-26T10:00:05Z"}
        ],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "versionControlProvenance": [
            {
                "repositoryUri": "https://git.example.com/shop.git",
                "revisionId": "c" * 40,
                "branch": "main",
                "mappedTo": {"uriBaseId": "%SRCROOT%"},
            }
        ],
        "properties": {"files": 2, "bytes": 1234, "unread": 0},
    }


def test_the_results_to_the_letter() -> None:
    leaked, allowed = run_of(SMALL)["results"]
    assert leaked == {
        "ruleId": "alibaba-access-key-id",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "Leaked critical credential: LTAI5t**…****; its partner was found too: whoever reads both can use them; "
            "it came in commit 0123456789ab (2025-01-10)."
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "src/%E9%85%8D%E7%BD%AE%20a.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 9, "endColumn": 33},
                }
            }
        ],
        "partialFingerprints": {
            "alikeyHookSecret/v1": "sha256:" + "a" * 64,
            "primaryLocationLineHash": leaked["partialFingerprints"]["primaryLocationLineHash"],
        },
        "suppressions": [],
        "properties": {
            "status": "new",
            "confidence": "high",
            "encoding": "plain",
            "fingerprint": "sha256:" + "a" * 64,
            "security-severity": "9.5",
            "commit": ID.commit,
            "author_date": "2025-01-10",
            "last_commit": "f" * 40,
            "last_date": "2025-06-01",
            "partner": "sha256:" + "b" * 64,
            "inNewestCommit": False,
            "redacted": "LTAI5t**…****",
            "own_exception": False,
            "excerpt": ID.excerpt,
            "excerpt_column": 5,
            "excerpt_width": 24,
        },
    }
    assert re.fullmatch(r"[0-9a-f]{16}:1", leaked["partialFingerprints"]["primaryLocationLineHash"])
    assert allowed["level"] == "error"
    assert allowed["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "baseline/alikey.yaml:3"}]
    pragma = run_of(Result([ALLOWED._replace(decided_by="an inline pragma")], 1, 1))["results"][0]
    assert pragma["suppressions"][0]["kind"] == "inSource"


def test_every_rule_has_help_and_the_place_of_its_page() -> None:
    rules = run_of(SMALL)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    for rule in rules:
        assert f"docs/rules.md#{rule['id']}." in rule["help"]["text"]
        assert rule["helpUri"].startswith("https://www.alibabacloud.com/help/")
        assert "  1. Take the value out of the file." in rule["help"]["text"]
    bands = {rule["id"]: rule["properties"]["security-severity"] for rule in rules}
    assert (bands["alibaba-own-key"], bands["alibaba-access-key-secret"], bands["alibaba-access-key-id"]) == (
        "9.5",
        "8.0",
        "5.5",
    )


def test_a_line_may_move_and_a_second_place_in_a_file_is_another() -> None:
    hashes = [
        one["partialFingerprints"]["primaryLocationLineHash"]
        for one in run_of(Result([ID, ID._replace(line=9), ID._replace(path="b")], 1, 1))["results"]
    ]
    moved = run_of(Result([ID._replace(line=99)], 1, 1))["results"][0]["partialFingerprints"]["primaryLocationLineHash"]
    assert hashes[0] == moved
    assert hashes[1] == moved.replace(":1", ":2")
    assert hashes[2] != moved


@pytest.mark.parametrize(
    ("path", "artifact"),
    [
        ("a b/c.py", {"uri": "a%20b/c.py", "uriBaseId": "%SRCROOT%"}),
        ("a:b#c?d%20.py", {"uri": "a%3Ab%23c%3Fd%2520.py", "uriBaseId": "%SRCROOT%"}),
        ("bad\udcff.py", {"uri": "bad%FF.py", "uriBaseId": "%SRCROOT%"}),
        ("a\nb", {"uri": "a%0Ab", "uriBaseId": "%SRCROOT%"}),
        ("../x.py", {"uri": "../x.py"}),
        ("/srv/😀", {"uri": "file:///srv/%F0%9F%98%80"}),
    ],
)
def test_paths_become_uris(path: str, artifact: dict[str, str]) -> None:
    result = run_of(Result([ID._replace(path=path)], 1, 1))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == artifact


def test_columns_count_code_points_beyond_the_basic_plane() -> None:
    text = f'😀𠮷 key = "{access_key_id(7)}"\n'
    (found,) = look(Change("a.py", (), "a.py"), text.encode("utf-8"), Options())
    region = run_of(Result([found], 1, 1))["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert text[region["startColumn"] - 1 : region["endColumn"] - 1] == access_key_id(7)


def test_an_incomplete_scan_is_no_success_and_an_unknown_repository_is_not_named() -> None:
    origin = ABOUT.origin._replace(repository=None, complete=False)
    run = run_of(SMALL, ABOUT._replace(origin=origin))
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "versionControlProvenance" not in run


@pytest.mark.once
@settings(max_examples=500, deadline=None)
@given(RESULTS, ABOUTS)
def test_any_findings_make_a_valid_log(result: Result, about: About) -> None:
    run = run_of(result, about)
    assert len(run["results"]) == len(result.findings)
    for one in run["results"]:
        uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(file://)?([A-Za-z0-9_.~/-]|%[0-9A-F]{2})*", uri)
        assert not set(one["message"]["text"]) & set("[]{}")
