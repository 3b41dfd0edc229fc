"""Editing a baseline file keeps every line that is not meant, byte for byte and in order."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alikey_hook.allowlist import edit
from alikey_hook.allowlist.match import Entry
from alikey_hook.allowlist.parse import parse
from alikey_hook.errors import UserError
from tests.allowlist.drawn import NAME, File, digest, entries, files, plain

FULL = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
A, B, C = sorted(map(digest, "abc"))
ENTRY = "  - fingerprint: {}\n    status: example\n    reason: {}\n"


def key(entry: Entry) -> tuple[str, tuple[str, ...]]:
    return entry.fingerprint, entry.paths


def lines_of(entry: Entry, indent: str) -> list[str]:
    return edit.written(entry, indent).splitlines()


def an(fingerprint: str, reason: str = "a test", **changes: object) -> Entry:
    return Entry(fingerprint, "example", reason, (), None)._replace(**changes)  # type: ignore[arg-type]


def test_the_drawn_files_are_valid() -> None:
    @FULL
    @given(files())
    def check(file: File) -> None:
        assert len(parse(file.content, NAME)) == file.size

    check()


@FULL
@given(files(in_order=True), entries())
def test_a_new_entry_goes_to_its_place_and_nothing_else_changes(file: File, entry: Entry) -> None:
    before = plain(file.content)
    if key(entry) in map(key, before):
        return
    later = next((number for number, known in enumerate(before) if known.fingerprint > entry.fingerprint), None)
    at = file.span(file.size - 1)[1] if later is None else file.above(later)
    expected = file.of([*file.lines[:at], *lines_of(entry, file.indent), *file.lines[at:]])
    assert edit.inserted(file.content, NAME, entry) == expected
    assert sorted(plain(expected)) == sorted([*before, entry])
    assert [known.fingerprint for known in plain(expected)] == sorted(known.fingerprint for known in [*before, entry])


@FULL
@given(files(in_order=False), entries())
def test_in_a_file_out_of_order_all_else_keeps_its_order(file: File, entry: Entry) -> None:
    before = plain(file.content)
    if key(entry) in map(key, before):
        return
    content = edit.inserted(file.content, NAME, entry)
    new = lines_of(entry, file.indent)
    places = range(len(file.lines) + 1)
    assert content in [file.of([*file.lines[:at], *new, *file.lines[at:]]) for at in places]
    assert [known for known in plain(content) if key(known) != key(entry)] == before


@FULL
@given(files(), entries(), st.integers(0, 4))
def test_replacing_an_entry_keeps_its_place_and_all_others(file: File, entry: Entry, number: int) -> None:
    before = plain(file.content)
    number %= len(before)
    entry = entry._replace(fingerprint=before[number].fingerprint, paths=before[number].paths)
    start, end = file.span(number)
    expected = file.of([*file.lines[:start], *lines_of(entry, file.indent), *file.lines[end:]])
    assert edit.inserted(file.content, NAME, entry) == expected
    assert plain(expected) == [*before[:number], entry, *before[number + 1 :]]


@FULL
@given(files(), st.sets(st.integers(0, 4)))
def test_removing_entries_takes_their_lines_and_the_comments_above(file: File, numbers: set[int]) -> None:
    before = plain(file.content)
    gone = {number for number in numbers if number < len(before)}
    dropped = {line for number in gone for line in range(file.above(number), file.span(number)[1])}
    lines = [line for at, line in enumerate(file.lines) if at not in dropped]
    if len(gone) == len(before):
        at = next(at for at, line in enumerate(lines) if line.startswith("allow:"))
        comment = lines[at].removeprefix("allow:").strip()
        lines[at] = f"allow: []  {comment}".rstrip()
    content = edit.removed(file.content, NAME, {key(before[number]) for number in gone})
    assert content == (file.of(lines) if gone else file.content)
    assert plain(content) == [entry for number, entry in enumerate(before) if number not in gone]


@FULL
@given(files(), st.lists(entries(), min_size=1, max_size=6, unique_by=key))
def test_what_was_inserted_can_be_removed_again(file: File, added: list[Entry]) -> None:
    before = plain(file.content)
    new = [entry for entry in added if key(entry) not in map(key, before)]
    content = file.content
    for entry in new:
        content = edit.inserted(content, NAME, entry)
    assert sorted(plain(content)) == sorted([*before, *new])
    assert plain(edit.removed(content, NAME, set(map(key, new)))) == before
    assert plain(edit.removed(content, NAME, set(map(key, [*before, *new])))) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", "version: 1\nallow:\n{}", id="no file"),
        pytest.param(" \n\n", "version: 1\nallow:\n{}", id="nothing but blank lines"),
        pytest.param("version: 1\nallow: []\n", "version: 1\nallow:\n{}", id="an empty list"),
        pytest.param(
            "version: 1\nallow: [  ]  # none yet\n# end\n", "version: 1\nallow:   # none yet\n{}# end\n", id="a comment"
        ),
        pytest.param("allow: []\nversion: 1\n", "allow:\n{}version: 1\n", id="the version last"),
        pytest.param("version: 1\nallow:\n  []\n", "version: 1\nallow:\n\n{}", id="an empty list on its own line"),
        pytest.param("# only\nversion: 1\n", "# only\nversion: 1\nallow:\n{}", id="no list"),
        pytest.param("version: 1", "version: 1\nallow:\n{}", id="no list, no newline at the end"),
        pytest.param("version: 1\r\nallow: []", "version: 1\r\nallow:\r\n{}", id="Windows line endings"),
        pytest.param("\ufeffversion: 1\n", "\ufeffversion: 1\nallow:\n{}", id="a byte order mark"),
        pytest.param("---\nversion: 1\nallow: []\n...\n", "---\nversion: 1\nallow:\n{}...\n", id="markers of a document"),
    ],
)
def test_the_first_entry(content: str, expected: str) -> None:
    ending = "\r\n" if "\r" in content else "\n"
    entry = edit.written(an(A)).replace("\n", ending)
    assert edit.inserted(content.encode(), NAME, an(A)).decode() == expected.format(entry)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("version: 1\nallow: [\n]\n", id="an empty list over two lines"),
        pytest.param("version: 1\n...\n", id="no list, and the end of the document"),
        pytest.param("{version: 1, allow: []}\n", id="all in braces"),
        pytest.param(" version: 1\n", id="no list, indented"),
    ],
)
def test_a_first_entry_that_has_no_place_is_refused_with_the_line_that_is_in_the_way(content: str) -> None:
    try:
        made = edit.inserted(content.encode(), NAME, an(A))
    except UserError as error:
        said = error.message
        assert said.startswith(f"{NAME}:") and int(said.split(":")[1]) <= content.count("\n"), said
    else:
        assert plain(made) == [an(A)]


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param("allow: [{first}, {second}]\n", id="all on one line"),
        pytest.param("allow:\n  - {first}\n  - {second}\n", id="entries in braces"),
        pytest.param("allow: [\n  {first},\n  {second},\n]\n", id="a list in brackets over lines"),
        pytest.param("allow:\n  [{first},\n  {second}]\n", id="a list in brackets on its own line"),
    ],
)
@pytest.mark.parametrize("what", ["insert before", "insert behind", "replace", "remove first", "remove second", "remove both"])
def test_what_is_in_brackets_is_edited_rightly_or_refused_with_a_line(layout: str, what: str) -> None:
    first, second = (f"{{fingerprint: '{one}', status: example, reason: a}}" for one in (A, C))
    content = ("version: 1\n" + layout.format(first=first, second=second)).encode()
    known = plain(content)
    new = an(B) if "behind" in what else an(digest("z"), "x")._replace(fingerprint="sha256:" + "0" * 64)
    try:
        if "remove" in what:
            chosen = {"remove first": known[:1], "remove second": known[1:]}.get(what, known)
            after = edit.removed(content, NAME, set(map(key, chosen)))
            assert plain(after) == [entry for entry in known if entry not in chosen]
        else:
            entry = known[0]._replace(reason="another") if what == "replace" else new
            after = edit.inserted(content, NAME, entry)
            assert sorted(plain(after)) == sorted([entry, *(known[1:] if what == "replace" else known)])
    except UserError as error:
        assert (
            error.message
            == f"{NAME}:{error.message.split(':')[1]}: this entry is in brackets and cannot be edited by a program."
        )


@pytest.mark.parametrize(
    "character",
    [
        pytest.param("\x85", id="next line"),
        pytest.param("\u2028", id="line separator"),
        pytest.param("\u2029", id="paragraph separator"),
        pytest.param("\r", id="lone carriage return"),
    ],
)
@pytest.mark.parametrize(
    ("template", "line"),
    [
        pytest.param("version: 1 # x{}#y\nallow:\n" + ENTRY.format(A, "a test"), 1, id="in a comment"),
        pytest.param("version: 1\nallow:\n" + ENTRY.format(A, '"a{}test"'), 5, id="in a reason"),
    ],
)
def test_unusual_line_breaks_are_refused_with_their_line(character: str, template: str, line: int) -> None:
    content = template.format(character).encode()
    with pytest.raises(UserError, match=f"^{NAME}:{line}: "):
        edit.inserted(content, NAME, an(B))
    with pytest.raises(UserError, match=f"^{NAME}:{line}: "):
        edit.removed(content, NAME, {(A, ())})


IN_BRACES = f"{{fingerprint: '{A}', status: example, reason: a}}"


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        pytest.param("{version: 1}\n", 1, "braces or an indented file cannot be edited by a program", id="braces"),
        pytest.param("# c\n  version: 1\n", 2, "braces or an indented file cannot be edited by a program", id="indented"),
        pytest.param(
            "version: 1\nallow: [\n]\n", 2, "an empty list over several lines cannot be edited by a program", id="empty"
        ),
        pytest.param(
            f"version: 1\nallow: [\n  {IN_BRACES}]\n",
            3,
            "this entry is in brackets and cannot be edited by a program",
            id="brackets",
        ),
        pytest.param(
            "version: 1\nallow:\n" + ENTRY.format(A, "&a x") + ENTRY.format(C, "*a"),
            6,
            "this entry refers to another one (`*name`) and cannot be edited by a program",
            id="alias",
        ),
        pytest.param("\nversion: 1 # \x85\n", 2, "a line break that is none for git", id="line break"),
        pytest.param("version: 2\n", 1, "`version` must be 1", id="no baseline"),
    ],
)
def test_in_these_words(content: str, line: int, problem: str) -> None:
    with pytest.raises(UserError) as caught:
        edit.inserted(content.encode(), NAME, an(B))
    assert caught.value.message == f"{NAME}:{line}: {problem}."
    if "must be" not in problem:
        assert caught.value.help == "Write it as a list with `- ` and one key a line."


def test_entries_of_one_fingerprint_stand_in_the_order_in_which_they_came() -> None:
    content = edit.inserted(b"", NAME, an(B))
    for paths in (("x",), ("a",)):
        content = edit.inserted(content, NAME, an(B, paths=paths))
    assert [one.paths for one in plain(content)] == [(), ("x",), ("a",)]


@pytest.mark.parametrize("indent", ["", " ", "    "])
def test_the_indentation_of_the_file_is_kept(indent: str) -> None:
    def file(*listed: Entry) -> bytes:
        return ("version: 1\nallow:\n" + "".join(edit.written(one, indent) for one in listed)).encode()

    content = file(an(A), an(C))
    assert edit.inserted(content, NAME, an(B)) == file(an(A), an(B), an(C))
    assert edit.inserted(content, NAME, an(A, "another")) == file(an(A, "another"), an(C))
    assert edit.inserted(content, NAME, an(C, "another")) == file(an(A), an(C, "another"))


def test_mixed_line_endings_stay_as_they_are() -> None:
    one = f"version: 1\r\nallow:\n  - fingerprint: {A}\r\n    status: example\n    reason: a\r\n".encode()
    made = edit.inserted(one, NAME, an(B))
    assert made.startswith(one)
    assert edit.removed(made, NAME, {(B, ())}) == one


def test_nothing_to_remove_changes_nothing() -> None:
    content = b"version: 1\nallow: []"
    assert edit.removed(content, NAME, {(A, ())}) == content


@pytest.mark.parametrize("style", ["|", ">-", "|+"])
def test_a_number_sign_in_a_block_scalar_is_no_comment_of_the_next_entry(style: str) -> None:
    first = ENTRY.format(A, f"{style}\n      a text\n      # that goes on")
    content = ("version: 1\nallow:\n" + first + ENTRY.format(C, "a test")).encode()
    kept = plain(content)
    assert plain(edit.removed(content, NAME, {(C, ())})) == kept[:1]
    assert plain(edit.inserted(content, NAME, an(B))) == [kept[0], an(B), kept[1]]


@pytest.mark.parametrize("style", ["|", ">-"])
def test_a_blank_line_behind_a_block_scalar_stays(style: str) -> None:
    first, second = ENTRY.format(A, f"{style}\n      a text"), ENTRY.format(C, "a test")
    content = f"version: 1\nallow:\n{first}\n{second}".encode()
    assert edit.removed(content, NAME, {(A, ())}) == f"version: 1\nallow:\n\n{second}".encode()
    assert edit.inserted(content, NAME, an(A)) == f"version: 1\nallow:\n{edit.written(an(A))}\n{second}".encode()


@pytest.mark.parametrize("what", ["remove", "replace", "insert behind"])
def test_an_alias_is_edited_rightly_or_refused_with_its_line(what: str) -> None:
    content = ("version: 1\nallow:\n" + ENTRY.format(A, "&same a test") + ENTRY.format(B, "*same")).encode()
    known = plain(content)
    try:
        if what == "remove":
            assert plain(edit.removed(content, NAME, {(B, ())})) == known[:1]
        else:
            entry = an(B, "another") if what == "replace" else an(C)
            expected = [known[0], entry] if what == "replace" else [*known, entry]
            assert plain(edit.inserted(content, NAME, entry)) == expected
    except UserError as error:
        assert error.message.startswith(f"{NAME}:6: "), error.message


def calls(work: Callable[[], object]) -> int:
    """How many functions are called for it."""
    count = 0

    def called(frame: object, event: str, function: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_the_work_to_edit_grows_no_faster_than_the_work_to_read() -> None:
    listed = sorted(an(digest(number)) for number in range(600))
    content = ("version: 1\nallow:\n" + "".join(map(edit.written, listed))).encode()
    read = calls(lambda: parse(content, NAME))
    # Each of the two reads what was and what comes out.
    assert calls(lambda: edit.inserted(content, NAME, an(B))) < 6 * read
    assert calls(lambda: edit.removed(content, NAME, set(map(key, listed[:50])))) < 6 * read


@pytest.mark.parametrize("paths", [("a",), ("a", "b"), ("a", "b", "c")])
def test_paths_in_lines_of_their_own_belong_to_their_entry(paths: tuple[str, ...]) -> None:
    listed = "".join(f"      - {path}\n" for path in paths)
    first, last = (ENTRY.format(one, "a test") + "    paths:\n" + listed for one in (A, C))
    content = ("version: 1\nallow:\n" + first + last).encode()
    assert plain(content) == [an(A, paths=paths), an(C, paths=paths)]
    new = edit.written(an(B))
    assert edit.inserted(content, NAME, an(B)).decode() == "version: 1\nallow:\n" + first + new + last
    assert edit.removed(content, NAME, {(A, paths)}).decode() == "version: 1\nallow:\n" + last
    assert edit.removed(content, NAME, {(C, paths)}).decode() == "version: 1\nallow:\n" + first


def test_what_would_be_refused_is_not_written() -> None:
    with pytest.raises(UserError, match=f"^{NAME}:3: `fingerprint` must be sha256"):
        edit.inserted(b"", NAME, an("x"))
