"""Escapes are undone, and every character's place in the file is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alikey_hook.detect.views import unescaped


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a%3Db%2Fc", "a=b/c"),
        (r"{\"ak\":\"v\"}", '{"ak":"v"}'),
        (r"x\u003dv\u0026y", "x=v&y"),
        (r"one\ntwo\ttab", "one\ntwo\ttab"),
        ("a&amp;b&quot;c&#61;d", 'a&b"c=d'),
        (r"C:\\dir\x41", "C:\\dirA"),
        ("100% of &nothing; \\q", "100% of &nothing; \\q"),
        ("", ""),
    ],
)
def test_escapes_are_undone(written: str, meant: str) -> None:
    assert unescaped(written).text == meant


def test_a_value_behind_escapes_is_where_it_is_written() -> None:
    written = r"key%3D\u003d\"VALUE\" after"
    view = unescaped(written)
    at = view.text.index("VALUE")
    assert view.span(at, at + 5) == (written.index("VALUE"), written.index("VALUE") + 5)


def test_an_escape_at_the_end_of_a_value_belongs_to_it() -> None:
    view = unescaped("x VALU%45 y")
    at = view.text.index("VALUE")
    assert view.span(at, at + 5) == (2, 9)


@given(st.lists(st.sampled_from(["a", "Zz9", "%41", "\\u0042", "\\n", "&amp;", "%", "\\", "密", "&"]), max_size=30))
def test_every_span_reads_back_as_what_it_means(pieces: list[str]) -> None:
    written = "".join(pieces)
    view = unescaped(written)
    for start in range(len(view.text)):
        low, high = view.span(start, start + 1)
        assert unescaped(written[low:high]).text == view.text[start]
