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
