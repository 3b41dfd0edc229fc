"""What git says, and what pushers and files say: what was written is read back as it was meant, anything else is refused."""

import io
import os
import zlib
from collections.abc import Callable
from typing import TypeVar
from unittest.mock import patch

from alikey_hook.errors import UserError
from alikey_hook.git import blobs, diff, log, loose, objects, process, tree
from alikey_hook.own_keys import _configured
from alikey_hook.report import uri
from alikey_hook.sources import commits, lfs, message, pushes
from tests.fuzz.drawing import Bytes

T = TypeVar("T")
_MODES = (b"000000", b"100644", b"100755", b"120000", b"160000")
_WIDTHS = (40, 64)


def _refused(function: Callable[[], T]) -> T | None:
    """What a function gives, None where it refuses with words for the user; anything else that it raises is a bug."""
    try:
        return function()
    except UserError as error:
        assert error.message and error.exit_code, "refused without words"
        return None


def _id(drawn: Bytes) -> bytes:
    return bytes((b"0123456789abcdef"[drawn.number(16)],)) * drawn.choice(_WIDTHS)


def _path(drawn: Bytes) -> bytes:
    """A path of any bytes but NUL, as git has them; never empty."""
    return drawn.take(30).replace(b"\0", b"") or b":a"


def raw_changes(data: bytes) -> None:
    """Records of git's raw formats, of one parent and of many, with renamings and under commits."""
    drawn = Bytes(data)
    output = b""
    meant: list[tuple[object, ...]] = []
    for _ in range(drawn.number(6)):
        commit = _id(drawn) if drawn.number(2) else None
        output += commit + b"\0" if commit else b""
        parents = 1 + drawn.number(3)
        before = [(drawn.choice(_MODES), _id(drawn)) for _ in range(parents)]
        after_mode, after = drawn.choice(_MODES), _id(drawn)
        status = drawn.choice((b"M", b"A", b"T", b"R100", b"R051")) if parents == 1 else drawn.choice((b"MM", b"RM", b"AA"))
        paths = [_path(drawn) for _ in range(2 if parents == 1 and status.startswith(b"R") else 1)]
        modes, ids = b" ".join([*(mode for mode, _ in before), after_mode]), b" ".join([*(known for _, known in before), after])
        output += b":" * parents + modes + b" " + ids + b" " + status + b"\0" + b"".join(path + b"\0" for path in paths)
        known = commit or (meant[-1][0] if meant else None)
        meant.append((known, before, after_mode, after, status, paths[0], paths[-1]))
    read = [
        (
            change.commit.encode() if change.commit else None,
            [(mode, blob.encode()) for mode, blob in change.before],
            change.after_mode,
            change.after.encode(),
            change.status.encode(),
            os.fsencode(change.old_path),
            os.fsencode(change.path),
        )
        for change in diff._raw_changes(iter(output.split(b"\0")))
    ]
    assert read == meant, "records are read otherwise than they were written"
    for other in (drawn.rest(), data, output + data, output[: drawn.number(256)]):
        _refused(lambda other=other: list(diff._raw_changes(iter(other.split(b"\0")))))  # type: ignore[misc]


def logged(data: bytes) -> None:
    """The log's commits and records."""
    drawn = Bytes(data)
    wanted = frozenset((b"%s" % (b"a" * 40)).decode().split())
    for output in (data, b"\1" + b"a" * 40 + b" 1700000000 2023-11-14\n" + drawn.rest()):
        _refused(lambda output=output: list(log._parsed(iter(output.split(b"\0")), wanted)))  # type: ignore[misc]


def stored(data: bytes) -> None:
    """Objects in the stream of `git cat-file --batch`, and loose ones."""
    drawn = Bytes(data)
    kind, content = drawn.choice((b"blob", b"commit", b"tag", b"tree")), drawn.rest()
    stream = io.BytesIO(b"%s %s %d\n%s\n" % (b"a" * 40, kind, len(content), content) + data)
    assert process.next_object(stream) == (kind.decode(), content), "the object is read otherwise"
    _refused(lambda: process.next_object(stream))
    _refused(lambda: process.next_object(io.BytesIO(data)))
    written = zlib.compress(b"%s %d\0%s" % (kind, len(content), content), drawn.number(10))
    assert _loose(written) == (kind.decode(), content), "the loose object is read otherwise"
    for damaged in (written[:-1], written + b"x", zlib.compress(b"blob %d\0%s" % (len(data) + 1, data))):
        assert _loose(damaged) is None, "a damaged object is read"
    for other in (data, zlib.compress(data)):
        _loose(other)


def _loose(content: bytes) -> tuple[str, bytes] | None:
    """What is read where a loose object's file holds this; None where it is refused."""
    with patch.object(loose, "open", lambda *_, **__: io.BytesIO(content), create=True):
        try:
            return loose.read("a" * 40)
        except loose.Damaged:
            return None


def listed(data: bytes) -> None:
    """`ls-files`, `ls-tree` and the list of all objects."""
    drawn = Bytes(data)
    entries = [(b"d/" + _path(drawn), _id(drawn)) for _ in range(drawn.number(5))]
    names = [(os.fsdecode(path), blob.decode()) for path, blob in entries]
    index = b"".join(b"100644 %s 0\t%s\0" % (blob, path) for path, blob in entries)
    assert _answering(tree, index, lambda: tree.index_blobs("d", "")) == names, "the index is read otherwise"
    trees = b"".join(b"100644 blob %s\t%s\0" % (blob, path) for path, blob in entries)
    assert _answering(tree, trees, lambda: tree.tree_blobs("a")) == names, "the tree is read otherwise"
    for output in (data, drawn.rest(), index + data, trees + data):
        _answering(tree, output, lambda: tree.index_blobs("a", ""))
        _answering(tree, output, lambda: tree.tree_blobs("a"))
        _answering(diff, output, lambda: diff.commits(["a"]))
        lines = output.splitlines(keepends=True)
        with patch.object(objects, "lines", return_value=lines), patch.object(process, "run", lambda *_: b""):
            _refused(objects.everything)


def _answering(module: object, output: bytes, function: Callable[[], T]) -> T | None:
    with patch.object(module, "run", return_value=output):
        return _refused(function)


def pushed(data: bytes) -> None:
    """What git tells its hooks on standard input."""
    drawn = Bytes(data)
    ref, old, new = drawn.take(30).replace(b"\n", b""), _id(drawn), _id(drawn)
    name = ref.decode("utf-8", "surrogateescape")
    expected = [pushes.Update(name, old.decode() if old.strip(b"0") else None, new.decode())] if new.strip(b"0") else []
    assert pushes.pre_push(b"%s %s refs/heads/a %s\n" % (ref, new, old)) == expected, "pre-push is read otherwise"
    if b" " not in ref:  # git allows none in a name that is pushed to
        assert pushes.pre_receive(b"%s %s %s\n" % (old, new, ref)) == expected, "pre-receive is read otherwise"
    for stdin in (data, drawn.rest()):
        for read in (pushes.pre_push, pushes.pre_receive):
            for update in _refused(lambda read=read, stdin=stdin: read(stdin)) or []:  # type: ignore[misc]
                assert update.new.strip("0123456789abcdef") == "", "no id is an id"


class _Objects(blobs.Blobs):
    """One tag, then a commit."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._contents = [("tag", content), ("commit", b"tree a\n\nmessage\n")]

    def typed(self, blob: str) -> tuple[str, bytes]:
        return self._contents.pop(0)


def headers(data: bytes) -> None:
    """Tags and commits that anybody may have made: their dates, and what they point to."""
    drawn = Bytes(data)
    name = _id(drawn)
    tag = b"object %s\ntype commit\ntag v1\ntagger A <a@example.com> 1700000000 +0100\n\n%s" % (name, drawn.rest())
    found = commits.tagged("refs/tags/v1", "b" * 40, _Objects(tag))
    assert found[1] == name.decode(), "the tag points elsewhere"
    _refused(lambda: commits.tagged("refs/tags/v1", "b" * 40, _Objects(data)))
    assert commits.day_of(tag.partition(b"\n\n")[0]) == "2023-11-14"
    for header in (data, b"author A <a> " + data, b"tagger A <a> " + data[:14] + b" +" + data[14:]):
        day = commits.day_of(header)
        assert day is None or len(day) == 10


def messages(data: bytes) -> None:
    """Commit messages under way: nothing is lost but comments and what is below the scissors."""
    drawn = Bytes(data)
    comment, certain = drawn.choice((None, "#", ";", "//", "€", "\udcff")), bool(drawn.number(2))
    content = drawn.rest()
    above = message.above_scissors(content, comment, certain)
    assert content.startswith(above), "something else than the end was cut off"
    kept = message.without_comments(above, comment)
    assert kept.count(b"\n") == above.count(b"\n"), "lines moved"
    mark = (comment or "").encode("utf-8", "surrogateescape")
    for line, was in zip(kept.split(b"\n"), above.split(b"\n"), strict=True):
        assert line == was or (comment and not line and was.startswith(mark)), "a line was changed"


def configured(data: bytes) -> None:
    """Files that credentials are configured in, Git LFS pointers, URIs."""
    drawn = Bytes(data)
    assert all(isinstance(value, str) for _, value in _configured(data, bool(drawn.number(2))))
    pointer = b"version https://git-lfs.github.com/spec/v1\n" + drawn.take()
    resolved = lfs.Resolved(lambda name: data)
    with patch.object(resolved, "_folder", os.devnull):  # no folder: nothing is there
        for content in (data, pointer, pointer + b"\noid sha256:" + drawn.take() + b"\n"):
            assert resolved.resolve(content) == content, "a pointer led somewhere"
    path = os.fsdecode(data.replace(b"\0", b""))
    relative = uri.relative(path)
    assert (relative or uri.outside(path)).isascii(), "a URI is ASCII"
    assert uri.path(relative if relative is not None else uri.outside(path)) == path, "a path does not come back"
