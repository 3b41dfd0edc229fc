"""Bytes become the text that their author saw."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alikey_hook.detect import decode

CHINESE = "阿里云密钥 key = 值\r\n第二行\n" * 8
ASCII = "access key id = nothing\n" * 8


def read(data: bytes) -> str:
    return decode.texts(data, decode.charsets(data)[0])[0][0]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(CHINESE.encode(), CHINESE, id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + CHINESE.encode(), CHINESE, id="UTF-8 with a mark"),
        pytest.param(codecs.BOM_UTF16_LE + CHINESE.encode("utf-16-le"), CHINESE, id="UTF-16 LE with a mark"),
        pytest.param(codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), CHINESE, id="UTF-16 BE with a mark"),
        pytest.param(codecs.BOM_UTF32_LE + CHINESE.encode("utf-32-le"), CHINESE, id="UTF-32 LE with a mark"),
        pytest.param(ASCII.encode("utf-16-le"), ASCII, id="UTF-16 LE without a mark"),
        pytest.param(ASCII.encode("utf-16-be"), ASCII, id="UTF-16 BE without a mark"),
        pytest.param((CHINESE + ASCII).encode("utf-16-le"), CHINESE + ASCII, id="UTF-16 LE, half Chinese"),
        pytest.param((CHINESE * 9 + "key\n").encode("utf-16-be"), CHINESE * 9 + "key\n", id="UTF-16 BE, nearly all Chinese"),
        pytest.param(b"PS1='\x01\x1b[31m\x02'\n", "PS1='\x01\x1b[31m\x02'\n", id="control characters in a short text"),
        pytest.param(CHINESE.encode("gb18030"), CHINESE, id="GB18030"),
        pytest.param("憑證碼".encode("gbk") + b"x", "憑證碼x", id="GBK whose second bytes are ASCII letters"),
        pytest.param(b"first name=one\0another name=two\0", "first name=one\0another name=two\0", id="NUL between values"),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_text_is_decoded(data: bytes, text: str) -> None:
    assert read(data) == text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\2\3\4" + bytes(range(256)), id="PNG"),
        pytest.param(b"\0\1\2LTAI\0\0secret=\0\3", id="control characters among words"),
        pytest.param(b"\x7fELF\2\1\1" + bytes(9) + b"\3\0\x3e\0\1\0\0\0", id="ELF"),
    ],
)
def test_binary_is_no_text(data: bytes) -> None:
    assert decode.charsets(data) == ()


def test_broken_utf_8_is_read_as_utf_8_and_as_gb18030() -> None:
    data = "密钥A密钥B密钥C".encode() + b"\xff" + "密钥".encode()
    readings = [text for text, _ in decode.texts(data, "")]
    assert any("密钥A密钥B密钥C" in reading for reading in readings)
    assert len(readings) == 2


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_called_binary(data: bytes) -> None:
    for name in decode.charsets(data):
        assert all(isinstance(text, str) for text, _ in decode.texts(data, name))


@pytest.mark.parametrize(
    ("mark", "names"),
    [
        (codecs.BOM_UTF8, ("utf-8",)),
        (codecs.BOM_UTF16_LE, ("utf-16-le", "")),
        (codecs.BOM_UTF16_BE, ("utf-16-be", "")),
        (codecs.BOM_UTF32_LE, ("utf-32-le", "")),
        (codecs.BOM_UTF32_BE, ("utf-32-be", "")),
        (b"", ("",)),
    ],
)
def test_a_mark_tells_the_encoding(mark: bytes, names: tuple[str, ...]) -> None:
    assert decode.charsets(mark + b"text") == names
    assert decode.charsets(mark) == names


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        pytest.param("abc", True, id="three NUL bytes"),
        pytest.param("ab", False, id="two NUL bytes"),
        pytest.param("a" * 50 + "\u0100", True, id="one NUL byte in 51 on the other side"),
        pytest.param("a" * 49 + "\u0100", False, id="one NUL byte in 50 on the other side"),
        pytest.param("a" * 97 + "\x01" * 3, True, id="3 of 100 characters cannot be read"),
        pytest.param("a" * 96 + "\x01" * 4, False, id="4 of 100 characters cannot be read"),
        pytest.param("\r\n\t" * 9, True, id="line ends and tabs"),
        pytest.param("abc\ud83d", True, id="half a character at the end"),
        pytest.param("abc\ud83ddef", False, id="half a character in the middle"),
    ],
)
def test_utf_16_without_a_mark(text: str, wide: bool) -> None:
    for name in ("utf-16-le", "utf-16-be"):
        data = text.encode(name, "surrogatepass")
        assert decode.charsets(data) == ((name, "") if wide else (decode.MIXED,))
    assert decode.charsets(text.encode("utf-16-le", "surrogatepass") + b"\n") == (
        ("utf-16-le", "") if wide else (decode.MIXED,)
    )


@pytest.mark.parametrize(
    ("before", "name"), [(65538, "utf-16-le"), (65537, "utf-16-be"), (70000, "utf-16-le"), (65536, "utf-16-le"), (65535, "")]
)
def test_utf_16_behind_a_long_text_is_seen_where_it_begins(before: int, name: str) -> None:
    data = b"x" * before + ASCII.encode("utf-16-le")
    assert decode.charsets(data) == ((name, "") if name else (decode.MIXED,))


@pytest.mark.parametrize(
    ("data", "binary"),
    [
        pytest.param(b"\0\1\2" + b"a" * 196, True, id="2 control characters of 199"),
        pytest.param(b"\0\1\2" + b"a" * 197, False, id="2 control characters of 200"),
        pytest.param(b"\0\1\x7f", True, id="DEL"),
        pytest.param(b"\0\1\1\1", False, id="of one kind"),
        pytest.param(b"\0\t\n\r\f\v\b\x1b", False, id="those of texts"),
        pytest.param(b"\1\2\3", False, id="without a NUL byte"),
    ],
)
def test_what_is_binary(data: bytes, binary: bool) -> None:
    assert decode.charsets(data) == (() if binary else (decode.MIXED if b"\0" in data else "",))


@pytest.mark.parametrize("text", ["密", "阿里云", "一", "龙", "密钥阿里云一龙"])
def test_of_two_readings_the_one_with_fewer_broken_characters_comes_first(text: str) -> None:
    for charset, broken in (("utf-8", b"\xff"), ("gb18030", b"\x81")):
        readings = decode.texts(text.encode(charset) * 9 + broken, "")
        counts = [reading.count("\ufffd") for reading, _ in readings]
        assert counts == sorted(counts) and counts[0] == 1
        assert readings[0][0].startswith(text * 9)


@pytest.mark.parametrize(
    ("data", "name", "readings"),
    [
        pytest.param(b"a", "", [("a", "plain")], id="ASCII"),
        pytest.param(codecs.BOM_UTF8 + b"a\xff", "utf-8", [("a\ufffd", "plain")], id="UTF-8 with a mark"),
        pytest.param(b"a\0", "utf-16-le", [("a", "utf-16")], id="without a mark"),
        pytest.param(codecs.BOM_UTF16_LE + b"a\0", "utf-16-le", [("a", "utf-16")], id="with a mark"),
        pytest.param(codecs.BOM_UTF16_BE + b"\0a\0", "utf-16-be", [("a\ufffd", "utf-16")], id="half a character"),
        pytest.param(codecs.BOM_UTF16_BE + b"a\0", "utf-16-le", [("\ufffea", "utf-16")], id="the other mark"),
        pytest.param(codecs.BOM_UTF32_BE + b"\0\0\0a", "utf-32-be", [("a", "utf-32")], id="UTF-32"),
        pytest.param("密".encode("gbk"), "", [("密", "gb18030"), ("\ufffd\ufffd", "plain")], id="GBK"),
        pytest.param("密".encode() + b"\xff", "", [("密\ufffd", "plain"), ("瀵\ufffd\ufffd", "gb18030")], id="broken UTF-8"),
    ],
)
def test_readings(data: bytes, name: str, readings: list[tuple[str, str]]) -> None:
    assert decode.texts(data, name) == readings


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_a_few_chinese_words_whose_bytes_are_ascii_do_not_hide_utf_16(charset: str) -> None:
    assert set("头为在是位".encode("utf-16-le")) <= set(range(32, 127))
    text = "accessKeySecret = 'x' ; 头为在是位 = what is set\n"
    assert decode.charsets(text.encode(charset))[0] == charset
