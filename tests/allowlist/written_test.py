"""What is written is read back as it was meant, by us and by any reader of YAML, and follows the schema."""

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from alikey_hook.allowlist import edit
from alikey_hook.allowlist.match import STATUSES, Entry
from alikey_hook.allowlist.parse import parse
from tests.allowlist.drawn import NAME, digest, entries

SCHEMA = json.loads((Path(__file__).parent.parent.parent / "baseline" / "schema.json").read_text("utf-8"))
DAY = datetime.date(2027, 11, 25)
FULL = Entry(
    digest(1), "example", "a test", ("a/**",), DAY, NAME, 3, "alibaba-access-key-id", "LTAI5tAb…9kQz", "A <a@b.c>", DAY
)
# Everything but lone surrogates, which are no characters. The drawn reasons have something in them besides blanks.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
FIELDS = ("reason", "rule", "redacted", "reviewed_by", "paths")


def of(field: str, text: str) -> Entry:
    return FULL._replace(**{field: (text,) if field == "paths" else text})  # type: ignore[arg-type]


def loaded(content: bytes) -> Any:
    """The file as JSON has it, read by the YAML reader that is written in Python: not the one that we use."""
    return json.loads(json.dumps(yaml.load(content, Loader=yaml.SafeLoader), default=str))


def assert_read_back(entry: Entry, field: str) -> None:
    content = edit.inserted(b"", NAME, entry)
    assert parse(content, NAME) == [entry]
    read = loaded(content)
    jsonschema.validate(read, SCHEMA)
    meant = list(entry.paths) if field == "paths" else getattr(entry, field)
    assert [raw[field] for raw in read["allow"]] == [meant]
    # A file with unusual line breaks could not be edited any more.
    assert edit.removed(content, NAME, {(entry.fingerprint, entry.paths)}) == b"version: 1\nallow: []\n"


def test_an_entry_is_written_as_the_documentation_has_it() -> None:
    assert edit.written(FULL) == (
        f"  - fingerprint: {digest(1)}\n"
        "    rule: alibaba-access-key-id\n"
        "    redacted: LTAI5tAb…9kQz\n"
        "    status: example\n"
        "    reason: a test\n"
        '    paths: ["a/**"]\n'
        "    reviewed_by: A <a@b.c>\n"
        "    reviewed_on: 2027-11-25\n"
        "    expires_on: 2027-11-25\n"
    )


def test_what_is_not_known_is_not_written() -> None:
    entry = Entry(digest(1), "leaked", "a test", (), None)
    assert edit.written(entry, "") == f"- fingerprint: {digest(1)}\n  status: leaked\n  reason: a test\n"


@pytest.mark.parametrize(
    ("reason", "written"),
    [
        ("a test", "a test"),
        ("no", '"no"'),
        ("null and void", "null and void"),
        ("a: b", '"a: b"'),
        ("审核过的：一", '"审核过的：一"'),
        ("a\x85b\u2028", '"a\\u0085b\\u2028"'),
        ("\uffff\U0001fffe", '"\\uffff\\U0001fffe"'),
        ("\U00010000 \U0010fffd", '"\U00010000 \\U0010fffd"'),
        ('"\\\n', '"\\"\\\\\\n"'),
    ],
)
def test_how_a_text_is_written(reason: str, written: str) -> None:
    entry = FULL._replace(reason=reason, paths=(reason, "b"))
    lines = edit.written(entry).splitlines()
    assert lines[4] == f"    reason: {written}"
    quoted = written if written.startswith('"') else f'"{written}"'
    assert lines[5] == f'    paths: [{quoted}, "b"]'


@pytest.mark.parametrize("field", ["reason", "paths"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a \"quoted\" 'text'", id="quotes"),
        pytest.param("a: b", id="colon"),
        pytest.param("a:", id="colon at the end"),
        pytest.param("a #b", id="number sign"),
        pytest.param("first\nsecond\n\nlast", id="newlines"),
        pytest.param("first\r\nsecond", id="Windows line ending"),
        pytest.param(" a ", id="blanks around"),
        pytest.param("a   b", id="blanks between"),
        pytest.param("a\tb\t", id="tabs"),
        pytest.param("a\\nb\\", id="backslashes"),
        pytest.param("🔑 👩‍👩‍👧", id="emoji"),
        pytest.param("审核过的例外：“示例”", id="Chinese"),
        pytest.param("\u202eright to left", id="direction"),
        pytest.param("\ufeffmark", id="byte order mark"),
        pytest.param("\u2028a\u2029b", id="line and paragraph separator"),
        pytest.param("a\x85b", id="next line"),
        pytest.param("\x00\x01\x07\x1b[31m\x1f", id="control characters"),
        pytest.param("a\x7fb", id="delete"),
        pytest.param("a\x80\x9fb", id="control characters above ASCII"),
        pytest.param("a\ufffe\uffffb", id="no characters"),
        pytest.param("\U0001fffe\U0010ffff", id="no characters beyond the first plane"),
        *(pytest.param(word, id=word) for word in "yes No on y N true FALSE null Null ~ nan .inf 0x1F 1e3 12 0o7 1_0".split()),
        *(pytest.param(word, id=word) for word in "2026-01-01 12:30:00 = << ... --- {} [] >- |".split()),
        *(pytest.param(f"{character}a b", id=f"begins with {character}") for character in "-?:,[]{}#&*!|>'\"%@`"),
        pytest.param("- a", id="an item"),
        pytest.param("? a", id="a key"),
    ],
)
def test_a_text_is_read_back(field: str, text: str) -> None:
    assert_read_back(of(field, text), field)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from(FIELDS))
def test_any_text_is_read_back(text: str, field: str) -> None:
    assert_read_back(of(field, text), field)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_written(status: str) -> None:
    assert_read_back(FULL._replace(status=status), "status")


@settings(max_examples=60, deadline=None)
@given(st.lists(entries(), max_size=8, unique_by=lambda entry: (entry.fingerprint, entry.paths)))
def test_a_file_of_any_entries_follows_the_schema_and_is_in_order(listed: list[Entry]) -> None:
    content = b""
    for entry in listed:
        content = edit.inserted(content, NAME, entry)
    if content:
        jsonschema.validate(loaded(content), SCHEMA)
    written = [entry._replace(file="", line=0) for entry in (parse(content, NAME) if content else [])]
    assert sorted(written) == sorted(listed)
    assert [entry.fingerprint for entry in written] == sorted(entry.fingerprint for entry in listed)
