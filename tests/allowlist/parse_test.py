"""The baseline is parsed strictly and matched by value, path and date."""

import datetime
import hashlib
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from alikey_hook.allowlist.match import Allowlist
from alikey_hook.allowlist.parse import audited, is_detect_secrets, parse, parse_detect_secrets, parse_with_nodes
from alikey_hook.errors import UserError
from alikey_hook.finding import fingerprint
from tests.keys import secret

VALUE = "a value that is no credential"
PRINT = fingerprint(VALUE)
TODAY = datetime.date(2026, 11, 25)
ROOT = Path(__file__).parent.parent.parent


def entry(**changes: str | None) -> str:
    fields: dict[str, str | None] = {"fingerprint": PRINT, "status": "test-fixture", "reason": "made for this test", **changes}
    lines = [f"{key}: {value}" for key, value in fields.items() if value is not None]
    return "version: 1\nallow:\n  - " + "\n    ".join(lines) + "\n"


def allowlist(text: str) -> Allowlist:
    return Allowlist(parse(text.encode(), "baseline/alikey.yaml"), [], TODAY)


@pytest.mark.parametrize(
    ("changes", "path", "status"),
    [
        pytest.param({}, "any/where.py", "allowed", id="everywhere"),
        pytest.param({"status": "false-positive"}, "a", "allowed", id="false positive"),
        pytest.param({"status": "example"}, "a", "allowed", id="example"),
        pytest.param({"status": "revoked"}, "a", "allowed", id="revoked"),
        pytest.param({"status": "leaked"}, "a", None, id="leaked still blocks"),
        pytest.param({"paths": "[tests/**]"}, "tests/a/b.py", "allowed", id="below a folder"),
        pytest.param({"paths": "[tests/**]"}, "src/tests/a.py", None, id="a pattern begins at the top"),
        pytest.param({"paths": "[tests/*.py]"}, "tests/a.py", "allowed", id="star"),
        pytest.param({"paths": "[tests/*.py]"}, "tests/a/b.py", None, id="star stays in its folder"),
        pytest.param({"paths": "['**/conf?.yml']"}, "a/b/conf1.yml", "allowed", id="any folder, question mark"),
        pytest.param({"paths": "['**/conf?.yml']"}, "conf1.yml", "allowed", id="no folder at all"),
        pytest.param({"paths": "['a.b', '/c']"}, "aXb", None, id="a dot is a dot"),
        pytest.param({"paths": "['a.b', '/c']"}, "c", "allowed", id="leading slash"),
        pytest.param({"expires_on": "2026-11-25"}, "a", "allowed", id="its last day"),
        pytest.param({"expires_on": "2026-11-24"}, "a", "expired", id="the day after"),
        pytest.param({"expires_on": "'2027-01-01'"}, "a", "allowed", id="quoted date"),
    ],
)
def test_status(changes: dict[str, str], path: str, status: str | None) -> None:
    text = entry(**changes)
    jsonschema.validate(json.loads(json.dumps(yaml.safe_load(text), default=str)), schema())
    assert allowlist(text).status(VALUE, path) == status


def test_another_value_is_not_allowed() -> None:
    assert allowlist(entry()).status("another value", "a") is None


def test_a_leaked_value_blocks_even_where_another_entry_allows_it() -> None:
    text = entry() + entry(status="leaked", paths="[secret.txt]").partition("allow:\n")[2]
    assert allowlist(text).status(VALUE, "secret.txt") is None
    assert allowlist(text).status(VALUE, "other.txt") == "allowed"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", ":1: empty", id="empty"),
        pytest.param("version: 2\n", ":1: `version` must be 1", id="unknown version"),
        pytest.param("allow: []\n", ":1: `version` must be 1", id="no version"),
        pytest.param("version: 1\nallow: {}\n", ":2: `allow` must be a list", id="allow is no list"),
        pytest.param("version: 1\nallow: [x]\n", ":2: here must be a mapping", id="entry is no mapping"),
        pytest.param("- version: 1\n", ":1: here must be a mapping", id="top is no mapping"),
        pytest.param("version: 1\nallow: [\n", ":3: not YAML", id="not YAML"),
        pytest.param("version: 1\n---\nversion: 1\n", ":2: not YAML", id="two documents"),
        pytest.param("version: 1\nallowed: []\n", ":2: unknown key", id="unknown key at the top"),
        pytest.param(entry(owner="me"), ":6: unknown key", id="unknown key"),
        pytest.param(entry(reason=None), ":3: `reason` is missing", id="no reason"),
        pytest.param(entry(reason="''"), ":5: `reason` is missing", id="empty reason"),
        pytest.param(entry(reason=""), ":5: `reason` must be a text", id="reason left blank"),
        pytest.param(entry(status=None), ":3: `status` is missing", id="no status"),
        pytest.param(entry(status="fine"), ":4: `status` must be one of", id="unknown status"),
        pytest.param(entry(fingerprint=None), ":3: `fingerprint` is missing", id="no fingerprint"),
        pytest.param(entry(fingerprint="sha256:1234"), ":3: `fingerprint` must be", id="short fingerprint"),
        pytest.param(entry(expires_on="2026-02-30"), ":6: `expires_on` must be a date", id="no such day"),
        pytest.param(entry(expires_on="next year"), ":6: `expires_on` must be a date", id="no date"),
        pytest.param(entry(expires_on="2026-11-25 10:00:00"), ":6: `expires_on` must be a date", id="date and time"),
        pytest.param(entry(paths="tests/**"), ":6: `paths` must be a list", id="paths is no list"),
        pytest.param(entry(paths="[]"), ":6: `paths` is empty", id="no paths"),
        pytest.param(entry() + "    reason: again\n", ":6: `reason` stands here twice", id="key twice"),
        pytest.param(entry() + entry().partition("allow:\n")[2], ":6: the same fingerprint and paths", id="duplicate"),
        pytest.param("version: 1\nallow: !!python/object/apply:os.system [true]\n", ":2: ", id="a tag that runs code"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(text.encode(), "f.yaml")
    assert caught.value.message.startswith("f.yaml" + message)
    assert caught.value.help == "See «The baseline» in the README, and baseline/schema.json for your editor."


KEYS = "fingerprint, rule, redacted, status, reason, reviewed_by, paths, reviewed_on, expires_on"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("# c\n", ":1: empty; a baseline begins with `version: 1`.", id="empty"),
        pytest.param("allow: []\nversion: 2\n", ":2: `version` must be 1.", id="version"),
        pytest.param("# c\nallow: []\n", ":2: `version` must be 1.", id="no version"),
        pytest.param("version: [1]\n", ":1: `version` must be a text.", id="version is no text"),
        pytest.param("version: 1\nallow: x\n", ":2: `allow` must be a list.", id="allow is no list"),
        pytest.param("- 1\n", ":1: here must be a mapping with the keys version, allow.", id="top is no mapping"),
        pytest.param("version: 1\nallow: [x]\n", f":2: here must be a mapping with the keys {KEYS}.", id="entry is no mapping"),
        pytest.param("version: 1\n[a]: b\n", ":2: `key` must be a text.", id="key is no text"),
        pytest.param("version: 1\nb: c\n", ":2: unknown key; known are version, allow.", id="unknown key at the top"),
        pytest.param(entry(owner="me"), f":6: unknown key; known are {KEYS}.", id="unknown key"),
        pytest.param(entry(rule="[]"), ":6: `rule` must be a text.", id="rule is no text"),
        pytest.param(entry(reviewed_by="~"), ":6: `reviewed_by` must be a text.", id="null"),
        pytest.param(entry(paths="[a, [b]]"), ":6: `paths` must be a text.", id="a path is no text"),
        pytest.param(entry(paths="[]"), ":6: `paths` is empty; leave it out to allow the value everywhere.", id="no path"),
        pytest.param(entry(expires_on="[]"), ":6: `expires_on` must be a text.", id="date is no text"),
        pytest.param(entry(expires_on="20260101"), ":6: `expires_on` must be a date like 2026-11-25.", id="date without -"),
        pytest.param(entry(expires_on="2026-13-01"), ":6: `expires_on` must be a date like 2026-11-25.", id="no such month"),
        pytest.param(
            entry(status="fine"),
            ":4: `status` must be one of false-positive, test-fixture, example, revoked, leaked.",
            id="status",
        ),
        pytest.param(
            entry(fingerprint=PRINT.upper()),
            ":3: `fingerprint` must be sha256: and 64 hexadecimal digits.",
            id="fingerprint",
        ),
        pytest.param(entry(reason="' '"), ":5: `reason` is missing.", id="blank reason"),
        pytest.param(entry(reason=None), ":3: `reason` is missing.", id="no reason"),
        pytest.param(
            entry() + entry().partition("allow:\n")[2], ":6: the same fingerprint and paths as in line 3.", id="duplicate"
        ),
        pytest.param(entry() + "    reason: again\n", ":6: `reason` stands here twice.", id="twice"),
        pytest.param(
            "version: 1\n# \x01\n",
            ":2: not YAML: it holds a character that YAML does not allow, or is nested too deep.",
            id="a control character",
        ),
    ],
)
def test_in_these_words(text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(text.encode(), "f.yaml")
    assert caught.value.message == "f.yaml" + message
    assert caught.value.help == "See «The baseline» in the README, and baseline/schema.json for your editor."


def test_what_is_nested_too_deep_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    with pytest.raises(UserError) as caught:
        parse(b"\n\n" + b"[" * 2000 + b"]" * 2000, "f.yaml")
    problem = "it holds a character that YAML does not allow, or is nested too deep"
    assert caught.value.message == f"f.yaml:1: not YAML: {problem}."


def test_what_is_not_yaml_is_told_in_the_words_of_the_library() -> None:
    text = "version: 1\nallow: [\n"
    with pytest.raises(yaml.MarkedYAMLError) as expected:
        yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    with pytest.raises(UserError) as caught:
        parse(text.encode(), "f.yaml")
    assert caught.value.message == f"f.yaml:3: not YAML: {expected.value.problem}."


@pytest.mark.parametrize(
    ("before", "line"),
    [
        pytest.param(b"", 1, id="at the start"),
        pytest.param(b"\n", 2, id="line 2"),
        pytest.param(b"version: 1\n# ", 2, id="comment"),
    ],
)
def test_not_utf_8(before: bytes, line: int) -> None:
    with pytest.raises(UserError) as caught:
        parse(before + b"\xff\n\xff\n", "f.yaml")
    assert caught.value.message == f"f.yaml:{line}: not UTF-8."


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b'{"results": {}}', True),
        (b' \n{"results": {}}', True),
        (b"version: 1\n", False),
        (b"XX{XX", False),
        (b"x{", False),
        (b"", False),
    ],
)
def test_a_baseline_of_detect_secrets_is_told_from_ours(content: bytes, answer: bool) -> None:
    assert is_detect_secrets(content) is answer


def test_byte_order_mark_and_crlf_are_read() -> None:
    assert len(parse(b"\xef\xbb\xbf" + entry().replace("\n", "\r\n").encode(), "f.yaml")) == 1


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_file_is_read_or_refused(content: str | bytes) -> None:
    try:
        parse(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"), "f.yaml")
    except UserError as error:
        assert error.message.startswith("f.yaml") and error.help


def test_a_detect_secrets_baseline_allows_what_was_audited_as_no_secret() -> None:
    def found(value: str, verdict: bool | None) -> dict[str, object]:
        hashed = hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()
        return {"hashed_secret": hashed, **({} if verdict is None else {"is_secret": verdict})}

    content = {"results": {"a.py": [found("no", False), found("yes", True), found("unlabelled", None)]}}
    hashes = parse_detect_secrets(json.dumps(content).encode(), ".secrets.baseline")
    allowed = Allowlist([], hashes, TODAY)
    assert [allowed.status(value, "a.py") for value in ("no", "yes", "unlabelled")] == ["allowed", None, None]
    assert allowed.status("no", "b.py") is None


def test_the_audit_of_a_detect_secrets_baseline() -> None:
    labels: list[dict[str, object]] = [
        {"is_secret": True},
        {"is_secret": False},
        {"is_secret": None},
        {"is_secret": "false"},
        {"is_secret": 0},
        {},
    ]
    results = {"a\\b\\c": [{"hashed_secret": str(at), **label} for at, label in enumerate(labels)], "d": []}
    verdicts = [True, False, None, None, None, None]
    expected = [("a/b/c", str(at), verdict) for at, verdict in enumerate(verdicts)]
    assert audited(json.dumps({"results": results}).encode(), "f") == expected
    assert parse_detect_secrets(json.dumps({"results": results}).encode(), "f") == [("a/b/c", "1")]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"results": []}', b'{"results": {"a": [{}, 1]}}', b"{}"])
def test_a_broken_detect_secrets_baseline_is_refused(content: bytes) -> None:
    with pytest.raises(UserError, match="not a detect-secrets baseline"):
        parse_detect_secrets(content, ".secrets.baseline")


def test_our_own_baseline_follows_the_schema() -> None:
    text = (ROOT / "baseline" / "alikey.yaml").read_text("utf-8")
    jsonschema.validate(yaml.safe_load(text), schema())
    assert parse(text.encode(), "baseline/alikey.yaml") == []


def schema() -> dict[str, object]:
    loaded: dict[str, object] = json.loads((ROOT / "baseline" / "schema.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("library", [True, False], ids=["as installed", "without libyaml"])
def test_libyaml_reads_where_it_is_there(library: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not library:
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    root, ((found, _),) = parse_with_nodes(entry().encode(), "f.yaml")
    assert found.fingerprint == PRINT
    assert (root.start_mark.buffer is None) == (library and yaml.__with_libyaml__)  # only PyYAML's own marks keep the text


def test_what_yaml_stumbles_over_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)  # the one in Python quotes more
    value = secret(1)
    with pytest.raises(yaml.YAMLError, match=value):
        yaml.safe_load(f"version: 1\nallow: *{value}\n")
    with pytest.raises(UserError) as refused:
        parse(f"version: 1\nallow: *{value}\n".encode(), "a.yaml")
    assert refused.value.message == "a.yaml:2: not YAML: found undefined alias '…'."
