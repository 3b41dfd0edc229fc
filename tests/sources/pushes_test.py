"""What git tells its hooks about a push, and what that brings."""

from collections.abc import Iterator

import pytest

from alikey_hook.errors import UserError
from alikey_hook.git.blobs import Blobs
from alikey_hook.sources import pushes
from alikey_hook.sources.pushes import Pushed, Update
from tests.repository import Repo

A, B, NONE = "a1" * 20, "b2" * 20, "0" * 40
LONG = "c3" * 32


@pytest.fixture
def blobs() -> Iterator[Blobs]:
    """To read objects with."""
    opened = Blobs()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("stdin", "updates"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(f"refs/heads/a {A} refs/heads/b {B}\n", [Update("refs/heads/a", B, A)], id="moved"),
        pytest.param(f"refs/heads/a {A} refs/heads/b {NONE}\n", [Update("refs/heads/a", None, A)], id="new"),
        pytest.param(f"(delete) {NONE} refs/heads/b {B}\n", [], id="deleted"),
        pytest.param(f"HEAD^{{/a b c}} {A} refs/heads/b {B}", [Update("HEAD^{/a b c}", B, A)], id="blanks, no line end"),
        pytest.param(
            f"r/a {A} r/b {B}\nr/c {LONG} r/d {'0' * 64}\n", [Update("r/a", B, A), Update("r/c", None, LONG)], id="two, SHA-256"
        ),
        pytest.param(f"r/\udcff {A} r/b {B}\n", [Update("r/\udcff", B, A)], id="not UTF-8"),
        pytest.param(f"r/\u2028\x85 {A} r/b {B}\n", [Update("r/\u2028\x85", B, A)], id="Unicode's line ends"),
    ],
)
def test_pre_push(stdin: str, updates: list[Update]) -> None:
    assert pushes.pre_push(stdin.encode("utf-8", "surrogateescape")) == updates


@pytest.mark.parametrize(
    ("stdin", "updates"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(f"{B} {A} refs/heads/b\n", [Update("refs/heads/b", B, A)], id="moved"),
        pytest.param(f"{NONE} {A} refs/heads/b\n", [Update("refs/heads/b", None, A)], id="new"),
        pytest.param(f"{B} {A} r/\u3000\u2028b\n", [Update("r/\u3000\u2028b", B, A)], id="Unicode's blanks"),
        pytest.param(f"{B} {NONE} refs/heads/b\n{B} {A} r/\udcff\n", [Update("r/\udcff", B, A)], id="deleted, and not UTF-8"),
    ],
)
def test_pre_receive(stdin: str, updates: list[Update]) -> None:
    assert pushes.pre_receive(stdin.encode("utf-8", "surrogateescape")) == updates


@pytest.mark.parametrize(
    "bad", ["", "a1" * 19 + "a", A + "a", A[:-1] + "g", A[:-1] + "X", A.upper(), "a1" * 33, A[:-1] + "\u0661"]
)
@pytest.mark.parametrize("stage", ["pre-push", "pre-receive"])
@pytest.mark.parametrize("place", ["old", "new"])
def test_what_git_never_says_is_refused(bad: str, stage: str, place: str) -> None:
    old, new = (bad, A) if place == "old" else (A, bad)
    with pytest.raises(UserError) as caught:
        if stage == "pre-push":
            pushes.pre_push(f"r/a {new} r/b {old}\n".encode())
        else:
            pushes.pre_receive(f"{old} {new} r/b\n".encode())
    assert caught.value.message == "standard input is not what git gives this hook."
    assert caught.value.help == "Let git call it, or see docs/git-hooks.md for the format."


@pytest.mark.parametrize("line", ["\n", f"{A} r/b {B}\n", f"r/a {A} r/b {B}\n\n"])
def test_a_push_of_too_few_words_is_refused(line: str) -> None:
    with pytest.raises(UserError, match="not what git gives"):
        pushes.pre_push(line.encode())


@pytest.mark.parametrize("line", ["\n", f"{A} {B}\n", f"{A} {B} r/a b\n"])
def test_what_is_received_with_other_than_three_words_is_refused(line: str) -> None:
    with pytest.raises(UserError, match="not what git gives"):
        pushes.pre_receive(line.encode())


def brought(pushed: list[Pushed]) -> list[tuple[str | None, list[tuple[str, str | None]]]]:
    return [(one.tip, [(change.path, change.commit) for change in one.changes]) for one in pushed]


def test_what_the_other_side_has_is_not_brought(here: Repo, blobs: Blobs) -> None:
    ids = []
    for name in "abcd":
        here.stage(name, name)
        ids.append(here.commit())
    a, b, c, d = ids
    here.git("update-ref", "refs/remotes/origin/main", a)
    here.git("update-ref", "refs/remotes/other/main", c)
    message = "(commit message)"
    of_b, of_c, of_d = ([("b", b), (message, b)], [("c", c), (message, c)], [("d", d), (message, d)])

    def asked(known: str, *updates: Update) -> list[tuple[str | None, list[tuple[str, str | None]]]]:
        return brought(pushes.brought(list(updates), known, blobs))

    changes = [("b", b), ("c", c), ("d", d), (message, b), (message, c), (message, d)]
    assert asked("--remotes=origin", Update("x", None, d)) == [(d, changes)]
    assert asked("--remotes=other", Update("x", None, d)) == [(d, of_d)]
    assert asked("--remotes=origin", Update("x", B, d)) == [(d, changes)]  # what is not here is not known to us
    assert asked("--remotes=nobody", Update("x", c, d)) == [(d, of_d)]
    two = asked("--remotes=origin", Update("x", None, c), Update("y", None, d))
    assert two == [(c, [("b", b), ("c", c), (message, b), (message, c)]), (d, of_d)]
    two = asked("--remotes=origin", Update("x", b, c), Update("y", None, d))
    assert two == [(c, of_c), (d, of_d)]
    assert asked("--remotes=other", Update("x", None, c)) == [(c, [])]
    assert asked("--remotes=origin", Update("x", None, b)) == [(b, of_b)]


def test_tags_bring_their_messages_and_what_they_hold(here: Repo, blobs: Blobs) -> None:
    here.stage("a", "a")
    a = here.commit()
    here.git("tag", "-m", "a tag", "inner")
    here.git("tag", "-m", "another", "outer", "inner")
    inner, outer = (here.git("rev-parse", name).strip() for name in ("inner", "outer"))
    blob, tree = (here.git("rev-parse", name).strip() for name in ("HEAD:a", "HEAD^{tree}"))
    messages = [("(tag message)", outer), ("(tag message)", inner)]
    of_a = [("a", a), ("(commit message)", a)]
    assert brought(pushes.brought([Update("refs/tags/t", None, outer)], "--remotes", blobs)) == [(a, of_a + messages)]
    assert brought(pushes.brought([Update("refs/tags/t", None, blob)], "--remotes", blobs)) == [(None, [("refs/tags/t", None)])]
    assert brought(pushes.brought([Update("refs/tags/t", None, tree)], "--remotes", blobs)) == [(None, [("a", None)])]
