"""Where a value stands, which pragmas speak of it, and what of its line is shown: the words around it, no secret."""

import re

import pytest

from alikey_hook.detect.excerpt import Lines
from tests.keys import secret

RANDOM = secret(1)
VALUE = "VALUE"


def excerpt(before: str, after: str, value: str = VALUE, *more: str) -> tuple[str, int, int]:
    """The excerpt of a value between two texts; `more`: other values in them."""
    text = before + value + after
    spans = [(len(before), len(before) + len(value)), *((text.index(one), text.index(one) + len(one)) for one in more)]
    return Lines(text, spans).excerpt(*spans[0])


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param("ab\ncd\n", {0: (1, 1), 1: (1, 2), 2: (1, 3), 3: (2, 1), 5: (2, 3), 6: (3, 1)}, id="line feeds"),
        pytest.param("ab\r\ncd", {2: (1, 3), 3: (1, 4), 4: (2, 1)}, id="both"),
        pytest.param("ab\rcd", {2: (1, 3), 3: (2, 1), 4: (2, 2)}, id="carriage returns"),
        pytest.param("ab\rcd\nef", {3: (1, 4), 6: (2, 1)}, id="a lone carriage return among line feeds"),
        pytest.param("\n\n", {0: (1, 1), 1: (2, 1), 2: (3, 1)}, id="empty lines"),
    ],
)
def test_line_and_column(text: str, places: dict[int, tuple[int, int]]) -> None:
    for spans in ([(offset, offset + 1) for offset in places], [(offset, offset + 1) for offset in reversed(places)]):
        lines = Lines(text, spans)
        assert {offset: lines.locate(offset) for offset in places} == places
    for offset, place in places.items():
        assert Lines(text, [(offset, offset + 1)]).locate(offset) == place


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("a # pragma: allowlist secret\nb\nc", "a"),
        ("a\nb # pragma:whitelist secret\nc", "b"),
        ("a # pragma: allowlist-secret", "a"),
        ("# pragma: allowlist nextline secret\nb\nc", "b"),
        ("a\n# pragma: allowlist-nextline-secret\nc", "c"),
        ("\n# pragma: allowlist nextline secret\n\nb", ""),
        ("a # pragma: allowlist nextline secret", ""),
        ("a # pragma: allowlist\nb # secret\nc", ""),
        ("a # PRAGMA: ALLOWLIST SECRET", ""),
        ("a\rb # pragma: allowlist secret\rc", "b"),
        ("a\r# pragma: allowlist nextline secret\rc", "c"),
    ],
)
def test_pragmas(text: str, allowed: str) -> None:
    starts = [match.start() for match in re.finditer("^[abc]", text.replace("\r", "\n"), re.MULTILINE)]
    lines = Lines(text, [(start, start + 1) for start in starts])
    assert "".join(text[start] for start in starts if lines.pragma(start)) == allowed


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        pytest.param("", "", "*****", id="alone"),
        pytest.param("  key = '", "' # note", "key = '*****' # note", id="indented"),
        pytest.param("line\n\tkey = ", "\nline", "key = *****", id="among other lines"),
        pytest.param("key = ", "  ", "key = *****  ", id="blanks behind"),
        pytest.param("Xkey = ", " X", "Xkey = ***** X", id="a letter behind"),
        pytest.param("key = ", "\r\nline", "key = *****", id="carriage return"),
        pytest.param("x " * 30, "", "x " * 30 + "*****", id="60 characters before"),
        pytest.param("yx" + " x" * 29 + " ", "", "…x" + " x" * 29 + " *****", id="61 characters before"),
        pytest.param(" " * 10 + "x " * 30, "", "…" + "x " * 30 + "*****", id="far behind blanks"),
        pytest.param("", " x" * 30, "*****" + " x" * 30, id="60 characters behind"),
        pytest.param("", " x" * 30 + "y", "*****" + " x" * 30 + "…", id="61 characters behind"),
        pytest.param("y" + "x " * 30, " x" * 30 + "y", "…" + "x " * 30 + "*****" + " x" * 30 + "…", id="a long line"),
        pytest.param("a " * 200, " b" * 200, "…" + "a " * 30 + "*****" + " b" * 30 + "…", id="a very long line"),
    ],
)
def test_the_line_around_a_value(before: str, after: str, shown: str) -> None:
    assert excerpt(before, after) == (shown, shown.index("*"), 5)


@pytest.mark.parametrize(("length", "width"), [(1, 1), (63, 63), (64, 64), (65, 64), (1000, 64)])
def test_the_mask_is_as_long_as_the_value_but_not_longer_than_64(length: int, width: int) -> None:
    assert excerpt("a ", " b", "V" * length) == ("a " + "*" * width + " b", 2, width)


def test_a_value_over_several_lines() -> None:
    assert excerpt("x\n a '", "' b\nx", "VAL\nUE") == ("a '******' b", 3, 6)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(RANDOM, "*" * 30, id="random"),
        pytest.param(RANDOM[:16], "*" * 16, id="16 characters"),
        pytest.param(RANDOM[:15], RANDOM[:15], id="15 characters"),
        pytest.param(f"({RANDOM[:8]}+/=_-{RANDOM[8:16]})", "(" + "*" * 21 + ")", id="signs in between"),
        pytest.param(f"{RANDOM[:8]}.{RANDOM[8:16]}", f"{RANDOM[:8]}.{RANDOM[8:16]}", id="too short on both sides"),
        pytest.param("getUserByAliyunUidWithCallback", "getUserByAliyunUidWithCallback", id="an identifier"),
        pytest.param("getUserByAliyunUid" + RANDOM, "*" * 48, id="glued to the end of an identifier"),
        pytest.param(RANDOM + "getUserByAliyunUid", "*" * 48, id="glued to the front of an identifier"),
        pytest.param("getUserWith" * 2 + RANDOM[:20] + "getUserWith", "*" * 53, id="glued into an identifier"),
    ],
)
def test_what_looks_random_beside_a_value_is_masked(text: str, shown: str) -> None:
    assert excerpt(f"{text} ", "")[0] == f"{shown} *****"
    assert excerpt("", f" {text}")[0] == f"***** {shown}"


def test_other_values_are_masked_whatever_they_look_like() -> None:
    assert excerpt("one, two ", " three, four", VALUE, "one", "two", "four")[0] == "***, *** ***** three, ****"
    assert excerpt("one two", "three", VALUE, "two", "three")[0] == "one *************"
    assert excerpt("a one b\n", "\na four b", VALUE, "one", "four")[0] == "*****"


def test_another_value_that_reaches_over_the_edge_is_masked() -> None:
    other = "another value"
    assert excerpt(f"{other} " + "x " * 25, "", VALUE, other)[0] == "…" + "*" * 9 + " " + "x " * 25 + "*****"
    assert excerpt("", " x" * 25 + f" {other}", VALUE, other)[0] == "*****" + " x" * 25 + " " + "*" * 9 + "…"
    text = "one two three"
    lines = Lines(text, [(0, 5), (4, 7), (6, 10)])  # overlapping, as views may find them
    assert lines.excerpt(4, 7) == ("****" + "***" + "***ree", 4, 3)


def test_a_random_token_that_reaches_over_the_edge_is_masked() -> None:
    assert excerpt(f"{RANDOM} " + "x " * 25, "")[0] == "…" + "*" * 9 + " " + "x " * 25 + "*****"
    assert excerpt("", " x" * 25 + f" {RANDOM}")[0] == "*****" + " x" * 25 + " " + "*" * 9 + "…"
