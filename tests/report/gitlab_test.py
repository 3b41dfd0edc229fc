"""The report for GitLab: to the letter for one finding, valid for any."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft7Validator

from alikey_hook import __version__
from alikey_hook.report import gitlab
from alikey_hook.report.about import HELP, About
from alikey_hook.result import Result
from tests.report.samples import ABOUT, ABOUTS, ID, RESULTS, SMALL, TEXTS

SCHEMA = Draft7Validator(json.loads((Path(__file__).parent / "schemas" / "gitlab-secret-detection.json").read_text("utf-8")))


def report_of(result: Result, about: About = ABOUT) -> dict[str, Any]:
    report = json.loads(gitlab.render(result, about))
    SCHEMA.validate(report)
    assert isinstance(report, dict)
    return report


def test_the_report_to_the_letter() -> None:
    tool = {"id": "alikey-hook", "name": "alikey-hook", "version": __version__, "vendor": {"name": "alikey-hook"}}
    assert report_of(SMALL) == {
        "version": "15.0.7",
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "secret_detection",
            "start_time": "2025-11-26T10:00:00",
            "end_time": "2025-11-26T10:00:05",
            "status": "success",
        },
        "vulnerabilities": [
            {
                "id": "54063d1c-68de-5346-96da-957f4bfcb81c",
                "category": "secret_detection",
                "name": "Leaked Alibaba Cloud credential: alibaba-access-key-id",
                "description": "LTAI5t\\*\\*…\\*\\*\\*\\*. AccessKey IDs\\: 24 or 16 characters beginning "
                "with \\`LTAI\\`; 16 without it, where the context says so. "
                "Its partner was found too\\: whoever reads both can use them.",
                "severity": "Critical",
                "solution": TEXTS[0].help,
                "scanner": {"id": "alikey-hook", "name": "alikey-hook"},
                "location": {
                    "file": "src/配置 a.py",
                    "start_line": 3,
                    "end_line": 3,
                    "commit": {"sha": ID.commit, "date": "2025-01-10T00:00:00Z"},
                },
                "identifiers": [
                    {
                        "type": "alikey_hook_rule_id",
                        "name": "alikey-hook rule alibaba-access-key-id",
                        "value": "alibaba-access-key-id",
                    }
                ],
                "links": [{"name": "Alibaba Cloud: solution to AccessKey leakage", "url": HELP}],
                "details": {
                    "fingerprint": {"type": "text", "name": "Fingerprint", "value": "sha256:" + "a" * 64},
                    "confidence": {"type": "text", "name": "Confidence", "value": "high"},
                    "line": {"type": "code", "name": "Line, with every value masked", "value": ID.excerpt},
                },
            }
        ],
    }


def test_where_there_is_no_commit_and_not_all_was_looked_at() -> None:
    about = ABOUT._replace(origin=ABOUT.origin._replace(complete=False))
    report = report_of(Result([ID._replace(commit=None, author_date=None)], 1, 1), about)
    assert report["scan"]["status"] == "failure"
    assert report["vulnerabilities"][0]["location"]["commit"] == {"sha": "0000000"}


@pytest.mark.once
@settings(max_examples=500, deadline=None)
@given(RESULTS, ABOUTS)
def test_any_findings_make_a_valid_report(result: Result, about: About) -> None:
    report = report_of(result, about)
    assert len(report["vulnerabilities"]) == len([finding for finding in result.findings if finding.status != "allowed"])
