"""Which object a Git LFS pointer stands for, and what is no pointer."""

import hashlib
from pathlib import Path

import pytest

from alikey_hook.sources.lfs import Resolved
from tests.repository import Repo

CONTENT = b"the object\n"
VERSION = b"version https://git-lfs.github.com/spec/v1\n"


def pointer(content: bytes = CONTENT) -> bytes:
    return VERSION + b"oid sha256:%s\nsize %d\n" % (hashlib.sha256(content).hexdigest().encode(), len(content))


def store(folder: Path, content: bytes = CONTENT) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    path = folder / "objects" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def looked_at(content: bytes) -> tuple[bytes, int]:
    """What counts instead of a content, and how many pointers led nowhere."""
    resolved = Resolved({"name": content}.__getitem__)
    return resolved("name"), resolved.unread


@pytest.mark.parametrize("setting", [None, "elsewhere"])
def test_the_object_counts(here: Repo, setting: str | None) -> None:
    if setting:
        here.git("config", "lfs.storage", setting)
    store(here.top / ".git" / (setting or "lfs"))
    other = b"another object\n"
    resolved = Resolved({"a": pointer(), "b": pointer(other)}.__getitem__)
    assert [resolved("a"), resolved("b"), resolved("a")] == [CONTENT, pointer(other), CONTENT]
    assert resolved.unread == 1
    resolved("b")
    assert resolved.unread == 2


def test_an_object_that_is_too_large_is_not_read(here: Repo) -> None:
    path = store(here.top / ".git" / "lfs")
    with path.open("r+b") as file:
        file.truncate((64 << 20) + 1)
    assert looked_at(pointer()) == (pointer(), 1)
    with path.open("r+b") as file:
        file.truncate(64 << 20)
    content, unread = looked_at(pointer())
    assert (len(content), unread) == (64 << 20, 0)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"a\n" + pointer(), id="a line above"),
        pytest.param(VERSION, id="no oid"),
        pytest.param(pointer().replace(b"sha256:", b"sha256:/"), id="a slash"),
        pytest.param(pointer().replace(b"sha256:", b"sha256:0"), id="a digit too many"),
        pytest.param(VERSION + b"oid sha256:" + b"../" * 21 + b"x\n", id="a path"),
        pytest.param(VERSION + b"oid\xff\noid sha256:\xff\n", id="not ASCII"),
        pytest.param(pointer() + b"x" * (1025 - len(pointer())), id="too long"),
    ],
)
def test_no_pointer_is_a_text_like_any_other(here: Repo, content: bytes) -> None:
    store(here.top / ".git" / "lfs")
    assert looked_at(content) == (content, 0)


def test_a_pointer_of_the_greatest_length(here: Repo) -> None:
    store(here.top / ".git" / "lfs")
    assert looked_at(pointer() + b"x y z\n") == (CONTENT, 0)
    assert looked_at(pointer() + b"ext-0-x y\nz" + b"x" * (1024 - len(pointer()) - 11)) == (CONTENT, 0)
