"""The state on disk: it knows what was looked at whole, and nothing that is broken, another audit's, or to be tried again."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from alikey_hook.audit.journal import Journal
from alikey_hook.audit.outcome import Outcome, as_fields, merged
from alikey_hook.audit.sources import PROTOCOLS
from alikey_hook.audit.terms import Terms
from alikey_hook.errors import UserError
from tests.report.samples import ID

SECRET = ID._replace(rule="alibaba-access-key-secret", fingerprint="sha256:" + "e" * 64, redacted="30 characters", line=4)
TERMS = Terms("/cache", PROTOCOLS, "medium", True, False, True, 1 << 20, 1 << 20, 10.0)
LEAKING = Outcome("/srv/a.git", [ID._replace(path="a\udcff", refs=("refs/heads/main",)), SECRET], 5, 6, 1, 0, 2)
CLEAN = Outcome("/srv/b.git", [], 1, 2)

_TYPED = sorted(set(ID._fields) - {"refs"})


def written(folder: Path, *outcomes: Outcome) -> Path:
    journal = Journal(str(folder), TERMS, resume=False)
    for outcome in outcomes:
        journal.add(outcome)
    journal.close()
    assert journal.unwritten == 0
    return folder / "audit.jsonl"


def known(folder: Path, terms: Terms = TERMS) -> dict[str, Outcome]:
    journal = Journal(str(folder), terms, resume=True)
    journal.close()
    return journal.done


def test_what_was_looked_at_is_known_whole(tmp_path: Path) -> None:
    written(tmp_path, LEAKING, CLEAN)
    assert known(tmp_path) == {LEAKING.repository: LEAKING, CLEAN.repository: CLEAN}


def test_what_was_not_looked_at_is_to_be_tried_again(tmp_path: Path) -> None:
    written(tmp_path, Outcome("/srv/c.git", problem="it is gone"), Outcome("/srv/d.git", missing=1), CLEAN)
    assert set(known(tmp_path)) == {CLEAN.repository}


def test_a_new_audit_forgets_the_last_one(tmp_path: Path) -> None:
    written(tmp_path, CLEAN)
    written(tmp_path)
    assert known(tmp_path) == {}


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param(TERMS._replace(min_confidence="low"), id="confidence"),
        pytest.param(TERMS._replace(inline_allow=False), id="pragmas"),
        pytest.param(TERMS._replace(max_blob_size=1), id="size"),
        pytest.param(TERMS._replace(own_baseline=False), id="baseline"),
        pytest.param(TERMS._replace(version="0.0.1"), id="version"),
    ],
)
def test_on_other_terms_all_is_looked_at_again(tmp_path: Path, terms: Terms) -> None:
    written(tmp_path, CLEAN)
    assert known(tmp_path, terms) == {}


def test_how_it_is_done_changes_nothing(tmp_path: Path) -> None:
    written(tmp_path, CLEAN)
    assert known(tmp_path, TERMS._replace(cache="/other", split=1, timeout=1.0, protocols=("ssh",))) != {}


@pytest.mark.parametrize("cut", range(1, 200, 13))
def test_a_line_that_is_not_whole_is_as_good_as_none(tmp_path: Path, cut: int) -> None:
    file = written(tmp_path, CLEAN, LEAKING)
    file.write_bytes(file.read_bytes()[:-cut])
    journal = Journal(str(tmp_path), TERMS, resume=True)
    # Of the last line, only what ends it may be lacking.
    assert set(journal.done) == {CLEAN.repository} | ({LEAKING.repository} if cut == 1 else set())
    journal.add(LEAKING)
    journal.close()
    assert known(tmp_path) == {LEAKING.repository: LEAKING, CLEAN.repository: CLEAN}


@pytest.mark.parametrize("rubbish", [b"\xff\n", b"[]\n", b"{}\n", b'{"findings": [1], "repository": "x"}\n', b"\n\n"])
def test_rubbish_is_as_good_as_none(tmp_path: Path, rubbish: bytes) -> None:
    file = written(tmp_path, CLEAN)
    file.write_bytes(file.read_bytes() + rubbish)
    assert set(known(tmp_path)) == {CLEAN.repository}
    file.write_bytes(rubbish)
    assert known(tmp_path) == {}


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes, as on a disk that is full."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("left", [0, 20])
def test_a_line_that_the_disk_has_no_room_for_is_taken_back(tmp_path: Path, left: int) -> None:
    journal = Journal(str(tmp_path), TERMS, resume=False)
    journal.add(CLEAN)
    size = os.path.getsize(tmp_path / "audit.jsonl")
    with room(size + left):
        journal.add(LEAKING)
    assert (journal.unwritten, os.path.getsize(tmp_path / "audit.jsonl")) == (1, size)
    journal.add(LEAKING)
    journal.close()
    assert known(tmp_path) == {LEAKING.repository: LEAKING, CLEAN.repository: CLEAN}


def test_two_audits_do_not_share_a_folder(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path), TERMS, resume=False)
    with pytest.raises(UserError, match="another audit is under way"):
        Journal(str(tmp_path), TERMS, resume=True)
    journal.close()


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        Journal(str(tmp_path / "file"), TERMS, resume=False)


def test_whatever_order_they_come_in_the_result_is_the_same() -> None:
    fork = LEAKING._replace(repository="/srv/0.git")
    results = [merged(outcomes) for outcomes in ([LEAKING, CLEAN, fork], [fork, LEAKING, CLEAN])]
    assert results[0].findings == results[1].findings
    assert [finding.repository for finding in results[0].findings if finding.rule == ID.rule] == ["/srv/0.git", "/srv/a.git"]
    assert {(result.files, result.bytes, result.unread) for result in results} == {(11, 14, 4)}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"repository": []}, id="the repository is a list"),
        pytest.param({"repository": None}, id="the repository is nothing"),
        pytest.param({"objects": "5"}, id="a number is a text"),
        pytest.param({"bytes": True}, id="a number is true"),
        pytest.param({"problem": 3}, id="the problem is a number"),
        pytest.param({"findings": [{}]}, id="a finding is empty"),
        *(pytest.param({"findings": [{**ID._asdict(), key: []}]}, id=f"a finding's {key} is a list") for key in _TYPED),
    ],
)
def test_a_line_that_is_no_outcome_is_none(tmp_path: Path, fields: dict[str, Any]) -> None:
    path = written(tmp_path, CLEAN)
    with open(path, "a") as file:
        file.write(json.dumps({**as_fields(LEAKING), **fields}) + "\n")
    assert known(tmp_path) == {CLEAN.repository: CLEAN}
