"""The reports of the tools: from each one's own format to what it found where. Pure."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple


class Hit(NamedTuple):
    """What a tool reports at one place; it may hold a secret.

    `file`: relative to the folder that was scanned. `first`, `last`: its lines, from 1; 0 where the tool gives none.
    `secret`: the text reported, or nothing. `digest`: `ALGORITHM:HEX` of it, where the tool says only that.
    `place`: line and column, where the tool is asked for them.
    """

    file: str
    first: int = 0
    last: int = 0
    secret: str = ""
    rule: str = ""
    digest: str = ""
    place: tuple[int, int] = (0, 0)


def digest(algorithm: str, value: str) -> str:
    """A value's identity, as `Hit.digest` has it."""
    return f"{algorithm}:{hashlib.new(algorithm, value.encode('utf-8', 'surrogatepass'), usedforsecurity=False).hexdigest()}"


def alikey_hook(text: str, folder: Path) -> list[Hit]:
    """Ours: by the fingerprint only, so that a neighbour on the same line does not count."""
    findings = [finding for finding in json.loads(text)["findings"] if finding["status"] == "new"]
    return [
        Hit(finding["path"], rule=finding["rule"], digest=finding["fingerprint"], place=(finding["line"], finding["column"]))
        for finding in findings
    ]


def betterleaks(text: str, folder: Path) -> list[Hit]:
    """`{"findings": [{"rule_id", "match": {"value"}, "location": {"path", "start_line", "end_line"}}]}`.

    The id of a pair stands in `component_sets` of the secret's finding.
    """
    findings = json.loads(text)["findings"] or []
    components = [one for found in findings for each in found.get("component_sets", ()) for one in each["components"]]
    return [_betterleaks(found, found["location"], folder) for found in findings + components]


def _betterleaks(found: dict[str, Any], place: dict[str, Any], folder: Path) -> Hit:
    file = _relative(place["path"], folder)
    return Hit(file, place["start_line"], place["end_line"], found["match"]["value"], found["rule_id"])


def gitleaks(text: str, folder: Path) -> list[Hit]:
    """`[{"RuleID", "File", "StartLine", "EndLine", "Secret"}]`."""
    return [
        Hit(_relative(found["File"], folder), found["StartLine"], found["EndLine"], found["Secret"], found["RuleID"])
        for found in json.loads(text)
    ]


def kingfisher(text: str, folder: Path) -> list[Hit]:
    """`{"findings": [{"rule": {"id"}, "finding": {"path", "line", "snippet"}}]}`; the last line follows from the snippet.

    The id of a pair stands in `dependent_captures` of the secret's finding, without its place.
    """
    findings = json.loads(text)["findings"] or []
    return [hit for found in findings for hit in _kingfisher(found["rule"]["id"], found["finding"], folder)]


def _kingfisher(rule: str, found: dict[str, Any], folder: Path) -> Iterator[Hit]:
    file, first = _relative(found["path"], folder), found["line"]
    yield Hit(file, first, first + found["snippet"].count("\n"), found["snippet"], rule)
    for value in found.get("dependent_captures", {}).values():
        yield Hit(file, secret=value, rule=rule)


def detect_secrets(text: str, folder: Path) -> list[Hit]:
    """`{"results": {file: [{"type", "line_number", "hashed_secret"}]}}`: a SHA-1 and no value."""
    return [
        Hit(_relative(file, folder), row["line_number"], row["line_number"], "", row["type"], f"sha1:{row['hashed_secret']}")
        for file, rows in json.loads(text)["results"].items()
        for row in rows
    ]


def trufflehog3(text: str, folder: Path) -> list[Hit]:
    """`[{"rule": {"id"}, "path", "line", "secret"}]`; the line is a string."""
    return [
        Hit(_relative(found["path"], folder), int(found["line"]), int(found["line"]), found["secret"], found["rule"]["id"])
        for found in json.loads(text)
    ]


def whispers(text: str, folder: Path) -> list[Hit]:
    """`[{"rule_id", "file", "line", "value"}]`; line 0 where it does not know (XML, a suspicious file name)."""
    return [
        Hit(_relative(found["file"], folder), found["line"], found["line"], found["value"], found["rule_id"])
        for found in json.loads(text)
    ]


def secretlint(text: str, folder: Path) -> list[Hit]:
    """`[{"filePath", "messages": [{"ruleId", "loc": {"start": {"line"}, "end": {"line"}}}]}]`."""
    return [
        Hit(
            _relative(file["filePath"], folder), found["loc"]["start"]["line"], found["loc"]["end"]["line"], "", found["ruleId"]
        )
        for file in json.loads(text)
        for found in file["messages"]
    ]


def git_secrets(text: str, folder: Path) -> list[Hit]:
    """`file:line:text` a line, as grep prints it, and then advice."""
    return list(_grep(text, folder))


def _grep(text: str, folder: Path) -> Iterator[Hit]:
    for line in text.split("\n"):
        match = re.match(r"([^:\n]+):(\d+):", line)
        if match:
            yield Hit(_relative(match[1], folder), int(match[2]), int(match[2]))


def _relative(path: str, folder: Path) -> str:
    return os.path.normpath(os.path.relpath(path, folder) if os.path.isabs(path) else path)
