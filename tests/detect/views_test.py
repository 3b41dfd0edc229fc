"""Escapes are undone, base64 is decoded, pieces are joined, and every character's place in the file is known."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alikey_hook.detect.views import BASE64, ESCAPED, PERCENT, PLAIN, View, views


def decoded(text: str) -> View:
    return next(views(text))


def place(view: View, part: str) -> list[tuple[int, int, str]]:
    at = view.text.index(part)
    return view.origins(at, at + len(part))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a%3Db%2Fc", "a=b/c"),
        ("a%253Db", "a=b"),
        (r"{\"ak\":\"v\"}", '{"ak":"v"}'),
        (r"x\u003dv\u0026y", "x=v&y"),
        (r"one\ntwo\ttab", "one\ntwo\ttab"),
        ("a&amp;b&quot;c&#61;d&#x3d;", 'a&b"c=d='),
        (r"\\nline", "\nline"),
        ("100% of &nothing; \\q", "100% of &nothing; \\q"),
        ("", ""),
        (f"key: {encoded('a text of some length')}", "key: a text of some length"),
        (encoded("x = " + encoded("a text inside a text")), "x = a text inside a text"),
        (f"key: {encoded('short')}", f"key: {encoded('short')}"),
        (
            f"key: {base64.b64encode(bytes(range(200, 240))).decode()}",
            f"key: {base64.b64encode(bytes(range(200, 240))).decode()}",
        ),
    ],
)
def test_the_text_is_decoded(written: str, meant: str) -> None:
    assert decoded(written).text == meant


def test_wrapped_base64_is_one_text() -> None:
    text = "".join(f"name{number} = value{number}\n" for number in range(12))
    wrapped = base64.encodebytes(text.encode()).decode()
    view = decoded(f"data:\n{wrapped}")
    assert view.text == f"data:\n{text}\n"
    assert place(view, "value7") == [(6, 6 + len(wrapped) - 1, BASE64)]


def test_a_value_behind_escapes_is_where_it_is_written() -> None:
    written = r"key%3D\u003d\"VALUE\" after"
    at = written.index("VALUE")
    assert place(decoded(written), "VALUE") == [(at, at + 5, PLAIN)]


@pytest.mark.parametrize(("written", "kind"), [("x VALU%45 y", PERCENT), (r"x \x56ALUE y", ESCAPED)])
def test_an_escape_in_a_value_belongs_to_it(written: str, kind: str) -> None:
    assert place(decoded(written), "VALUE") == [(2, len(written) - 2, kind)]


def test_a_value_in_base64_stands_where_the_base64_stands() -> None:
    block = encoded("first line\nVALUE\nlast line")
    assert place(decoded(f"data: {block} # end"), "VALUE") == [(6, 6 + len(block), BASE64)]


@pytest.mark.parametrize(
    "written",
    [
        '"abc" + "def"',
        "'abc' . 'def'",
        '"abc"\n    "def"',
        '"abc" +\n    "def"',
        '"abc"\n    + "def"',
        '@"abc" @"def"',
        '"abc" \\\n"def"',
        "`abc` + `def`",
    ],
)
def test_string_pieces_are_joined_in_a_second_view(written: str) -> None:
    first, second = views(written)
    assert first.text == written
    spans = place(second, "abcdef")
    assert [written[low:high] for low, high, _ in spans] == ["abc", "def"]


@pytest.mark.parametrize("written", ['"abc", "def"', '"abc": "def"', '"abc" == "def"', '"" + ""'])
def test_other_strings_are_not_joined(written: str) -> None:
    assert [view.text for view in views(written)] == [written]


@given(
    st.lists(
        st.sampled_from(["a", "Zz9", "%41", "\\u0042", "\\n", "&amp;", "%", "\\", "密", "&", '"', "+", encoded("text " * 9)])
    )
)
def test_every_place_lies_in_the_text_and_in_order(pieces: list[str]) -> None:
    written = "".join(pieces)
    for view in views(written):
        last = 0
        for start in range(len(view.text)):
            ((low, high, kind),) = view.origins(start, start + 1)
            assert 0 <= low < high <= len(written)
            assert low >= last or kind != PLAIN
            assert kind != PLAIN or written[low:high] == view.text[start]
            last = low


def test_where_what_was_joined_comes_from() -> None:
    written = '"abc" + "d%65f"'
    _, view = views(written)
    assert view.text == '"abcdef"'
    assert view.origins(0, 8) == [(0, 4, PLAIN), (9, 15, PERCENT)]
    assert view.origins(1, 7) == [(1, 4, PLAIN), (9, 14, PERCENT)]
    assert view.origins(1, 4) == [(1, 4, PLAIN)]
    assert view.origins(4, 5) == [(9, 10, PLAIN)]
    assert view.origins(5, 6) == [(10, 13, PERCENT)]
    assert view.origins(6, 8) == [(13, 15, PLAIN)]
    assert view.origins(3, 5) == [(3, 4, PLAIN), (9, 10, PLAIN)]


def test_what_neighbours_in_the_file_is_one_place() -> None:
    view = decoded("a%62c%64%65")
    assert view.text == "abcde"
    assert view.origins(0, 5) == [(0, 11, PERCENT)]
    assert view.origins(0, 1) == [(0, 1, PLAIN)]
    assert view.origins(2, 3) == [(4, 5, PLAIN)]
    assert view.origins(3, 5) == [(5, 11, PERCENT)]
    assert view.origins(1, 3) == [(1, 5, PERCENT)]
    assert view.origins(2, 4) == [(4, 8, PERCENT)]
    escaped = decoded("\\u0061%62")
    assert (escaped.text, escaped.origins(0, 2)) == ("ab", [(0, 9, PERCENT)])
    within = decoded("%255cx41")
    assert (within.text, within.origins(0, 1)) == ("A", [(0, 8, ESCAPED)])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("%41%4a%zz%", "AJ%zz%"),
        ("\\u0041\\u00e9\\x41\\xzz", "Aé A\\xzz".replace(" ", "")),
        ("\\r\\'\\/", "\r'/"),
        ("\x1b[31;1mred\x1b[m", "red"),
        ("&lt;&gt;&nbsp;&apos;", "<>\xa0'"),
        ("a%41", "aA"),
        ("%41", "A"),
        ("\x1b[m", ""),
        ("%25252525", "%25"),
        (encoded("123456789012") + "abcdef", encoded("123456789012") + "abcdef"),
        (encoded("a text of 17 char"), "a text of 17 char"),
        (encoded("a text of 16 cha"), "a text of 16 cha"),
        (encoded("15 characters x"), encoded("15 characters x")),
        (encoded("1\n2\n3\n4\n5\n6\n7\n8\n9\nabc"), "1\n2\n3\n4\n5\n6\n7\n8\n9\nabc"),
        (encoded("1\n2\n3\n4\n5\n6\n7\n8\n9\nab"), encoded("1\n2\n3\n4\n5\n6\n7\n8\n9\nab")),
        (encoded("a text\twith\r\nall blanks"), "a text\twith\r\nall blanks"),
        (encoded("a text with a \x01 in it"), encoded("a text with a \x01 in it")),
        (encoded("密钥密钥密钥密钥密钥密钥"), "密钥密钥密钥密钥密钥密钥"),
        (encoded(encoded(encoded(encoded("a text in a text in a text")))), encoded("a text in a text in a text")),
        (f"'{encoded('a text of some length')}'", "'a text of some length'"),
        (f"_{encoded('a text of some length')}", f"_{encoded('a text of some length')}"),
        (f"{encoded('a text of some lengt')}_", f"{encoded('a text of some lengt')}_"),
        (
            f"{encoded('a text of some length')} {encoded('another text of some length')}",
            "a text of some length another text of some length",
        ),
    ],
)
def test_more_of_what_is_decoded(written: str, meant: str) -> None:
    assert decoded(written).text == meant


def test_a_text_in_which_nothing_is_written_otherwise_is_one_view_of_one_piece() -> None:
    (view,) = views("text\n")
    assert (view.text, view.origins(0, 5), view.origins(2, 3)) == ("text\n", [(0, 5, PLAIN)], [(2, 3, PLAIN)])
