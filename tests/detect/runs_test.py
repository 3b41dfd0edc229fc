"""What is looked for only where it can begin is found wherever `re` finds it."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alikey_hook.detect import candidates, views
from alikey_hook.detect.gate import table
from alikey_hook.detect.runs import runs

# Pieces whose neighbours decide: letters, digits, edges, literals, line ends, characters of more than one byte.
PIECES = [
    "a", "Z", "9", "aB3" * 5, "x" * 15, "Ab1" * 10, "c0" * 22, "d" * 60, "+", "/", "=", "-", "_", ".", " ", "\n", "\r\n\t", "é",
    "密", "\U0001f511", "LTAI", "LTAI5t", "STS.", "CAIS", "CAES", "TMP.", "sk-", "sk-sp-", "sk-ws-H.ABCDEFG.ab12.ME", "0f" * 16,
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)


@given(TEXTS)
def test_candidates_begin_where_re_finds_them(text: str) -> None:
    for search in candidates._SEARCHES:
        found = [match.span() for match in candidates._matches(search, text)]
        assert found == [match.span() for match in search.pattern.finditer(text)]


BASE64 = re.compile(
    r"""(?<![0-9A-Za-z+/_-])
        (?:(?:[0-9A-Za-z+/]{60,76}\r?\n[ \t]{0,40})+[0-9A-Za-z+/]{2,76} | [0-9A-Za-z+/]{22,})
        ={0,2}(?![0-9A-Za-z+/=_-])""",
    re.VERBOSE,
)
ENCODED = st.text(min_size=12, max_size=60).map(lambda text: base64.b64encode(text.encode("utf-8", "replace")).decode("ascii"))
WRAPPED = ENCODED.map(lambda text: "\n".join(text[at : at + 64] for at in range(0, len(text), 64)))


@given(st.lists(TEXTS | ENCODED | WRAPPED, max_size=5).map("".join))
def test_base64_that_stands_for_text_is_found_where_re_finds_it(text: str) -> None:
    found = [match.span() for match in views._base64(text)]
    all_of_it = list(BASE64.finditer(text))
    assert set(found) <= {match.span() for match in all_of_it}
    assert [match.span() for match in all_of_it if views._unwrapped(match) and match.span() not in found] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("ab", []),
        ("abc", [(0, 3)]),
        (" abcd-abc", [(1, 5), (6, 9)]),
        ("éabc密abc", [(1, 4), (5, 8)]),
        ("abc\nabc\n", [(0, 3), (4, 7)]),
    ],
)
def test_runs(text: str, found: list[tuple[int, int]]) -> None:
    assert list(runs(text, table(b"abcd"), 3)) == found
