"""What commits and tags bring, who wrote them when, and how that is read."""

from collections.abc import Iterator

import pytest

from alikey_hook.changes import Change
from alikey_hook.git.blobs import Blobs
from alikey_hook.sources import commits
from tests.repository import Repo


@pytest.fixture
def blobs() -> Iterator[Blobs]:
    """To read objects with."""
    opened = Blobs()
    yield opened
    opened.close()


def values(changes: list[Change]) -> list[tuple[str, tuple[str, ...], str, str | None]]:
    return [(change.path, change.before, change.after, change.commit) for change in changes]


def test_changes_are_read_back(here: Repo, blobs: Blobs) -> None:
    here.stage("a", "one\n")
    here.stage("gone", "gone\n")
    first = here.commit("first\n\nbody")
    here.stage("a", "two\n")
    (here.top / "gone").unlink()
    here.stage("gone")
    second = here.commit("second")
    one, gone, two = (here.git("rev-parse", name).strip() for name in (f"{first}:a", f"{first}:gone", f"{second}:a"))
    found = commits.changes([first, second])
    assert values(found) == [
        ("a", (), one, first),
        ("gone", (), gone, first),
        ("a", (one,), two, second),
        ("(commit message)", (), f"message of {first}", first),
        ("(commit message)", (), f"message of {second}", second),
    ]
    read = commits.Reader(blobs)
    assert [read(change.after) for change in found] == [b"one\n", b"gone\n", b"two\n", b"first\n\nbody\n", b"second\n"]
    assert [commits.object_of(change) for change in found] == [one, gone, two, first, second]


def test_what_hangs_on_a_tag(here: Repo, blobs: Blobs) -> None:
    here.stage("sub/a", "content\n")
    commit = here.commit()
    blob, tree = (here.git("rev-parse", name).strip() for name in ("HEAD:sub/a", "HEAD^{tree}"))
    for name, target in (("of-commit", commit), ("of-blob", blob), ("of-tree", tree), ("of-tag", "of-commit")):
        here.git("tag", "-m", f"message {name}", name, target)
    tags = {name: here.git("rev-parse", name).strip() for name in ("of-commit", "of-blob", "of-tree", "of-tag")}

    def message(name: str) -> tuple[str, tuple[str, ...], str, str]:
        return "(tag message)", (), f"message of {tags[name]}", tags[name]

    asked = {name: commits.tagged("a-ref", tag, blobs) for name, tag in tags.items()}
    assert {name: (values(found), end) for name, (found, end) in asked.items()} == {
        "of-commit": ([message("of-commit")], commit),
        "of-tag": ([message("of-tag"), message("of-commit")], commit),
        "of-blob": ([message("of-blob"), ("a-ref", (), blob, None)], None),
        "of-tree": ([message("of-tree"), ("sub/a", (), blob, None)], None),
    }
    read = commits.Reader(blobs)
    assert [read(change.after) for change in asked["of-tag"][0]] == [b"message of-tag\n", b"message of-commit\n"]
    assert commits.tagged("a-ref", commit, blobs) == ([], commit)


def test_the_day_of_an_author_and_of_a_tagger(here: Repo, blobs: Blobs) -> None:
    dates = {"GIT_AUTHOR_DATE": "2024-02-29T23:30:00 +0800", "GIT_COMMITTER_DATE": "2025-01-01T00:30:00 -0800"}
    here.git("commit", "--quiet", "--allow-empty", "-m", "author A <a> 1 +0000", env=dates)
    here.git("tag", "-m", "a tag", "t", env=dates)
    commit, tag = (here.git("rev-parse", name).strip() for name in ("HEAD", "t"))
    assert commits.author_date(commit, blobs) == "2024-02-29"
    assert commits.author_date(tag, blobs) == "2025-01-01"


def test_what_stands_in_a_message_is_no_author(here: Repo, blobs: Blobs) -> None:
    tree = here.git("hash-object", "-t", "tree", "-w", "--stdin").strip()
    for message in ("author A <a> 1 +0000\n", "x\n\nauthor A <a> 1 +0000\n\nx\n"):
        content = f"tree {tree}\ncommitter C <c> 1 +0000\n\n{message}".encode()
        commit = here.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=content).strip()
        assert commits.author_date(commit, blobs) is None


@pytest.mark.parametrize(
    ("header", "day"),
    [
        pytest.param(b"tree 1\nauthor A <a> 1700000000 +0000\ncommitter C <c> 0 +0000\n", "2023-11-14", id="author"),
        pytest.param(b"object 1\ntagger T <t> 1700000000 +0000", "2023-11-14", id="tagger"),
        pytest.param(b"author A <a> 1700000000 +0147\n", "2023-11-15", id="already the next day there"),
        pytest.param(b"author A <a> 1700000000 +0146\n", "2023-11-14", id="one minute before"),
        pytest.param(b"author A <a> 1700000000 -2213\n", "2023-11-14", id="still the same day"),
        pytest.param(b"author A <a> 1700000000 -2214\n", "2023-11-13", id="still the day before"),
        pytest.param(b"author <> 0 +0000\n", "1970-01-01", id="no name"),
        pytest.param(b"author A <a> 253402300799 +0000\n", "9999-12-31", id="the last day"),
        pytest.param(b"author A <a> 253402300800 +0000\n", None, id="after the last day"),
        pytest.param(b"author A <a> 999999999999 +0000\n", None, id="far after the last day"),
        pytest.param(b"author A <a> 1700000000 +2400\n", None, id="no zone"),
        pytest.param(b"committer C <c> 1700000000 +0000\n", None, id="committer only"),
        pytest.param(b"author A <a>\n", None, id="no date"),
        pytest.param(b"author A <a> 1700000000 +0000 x\n", None, id="more behind it"),
        pytest.param(b"xauthor A <a> 1700000000 +0000\n", None, id="another word"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_day_of(header: bytes, day: str | None) -> None:
    assert commits.day_of(header) == day
