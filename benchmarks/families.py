"""Texts that are made to be slow: families that grow, each with what some loop or pattern of ours cannot like."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from itertools import count

from tests.keys import access_key_id, legacy_id, secret

Family = Callable[[int], bytes]
_ID, _SECRET = access_key_id(1), secret(1)
_PAIR = f'\naccessKeyId = "{_ID}"\naccessKeySecret = "{_SECRET}"\n'
_ONES = [access_key_id(seed) for seed in range(200)], [secret(seed) for seed in range(200)]


def _repeated(part: str, end: str = _PAIR) -> Family:
    """So much of the same that the whole has `size` bytes, and a pair behind it, which makes the engine look at it."""

    def made(size: int) -> bytes:
        encoded = part.encode()
        return (encoded * (size // len(encoded) + 1))[:size] + end.encode()

    return made


def _each(form: Callable[[str, str, int], str]) -> Family:
    """Many different ids and secrets, each put as `form` says."""

    def made(size: int) -> bytes:
        ids, secrets = _ONES
        parts, length = [], 0
        numbers: Iterator[int] = count()
        while length < size:
            number = next(numbers)
            parts.append(form(ids[number % 200], secrets[number % 200], number))
            length += len(parts[-1])
        return "".join(parts).encode()

    return made


def _encoded(form: Callable[[str, str, int], str], wrap: Callable[[bytes], bytes]) -> Family:
    def made(size: int) -> bytes:
        return wrap(_each(form)(size))

    return made


def _line(key: str, value: str, number: int) -> str:
    return f"id = {key}\nsecret = {value}\n"


def _wrapped(text: bytes, glue: bytes, width: int = 76) -> bytes:
    run = base64.b64encode(text)
    return glue.join(run[at : at + width] for at in range(0, len(run), width))


def _padded(text: str) -> str:
    return base64.b64encode(text.encode()).decode() + "\n"


def _deep(text: bytes) -> bytes:
    for _ in range(4):
        text = base64.b64encode(text)
    return text


def _concatenated(key: str, value: str, number: int) -> str:
    return f'x = "{key[:10]}" + ' + " + ".join(f'"{character}"' for character in key[10:]) + "\n"


FAMILIES: dict[str, Family] = {
    # Runs of one kind of character.
    **{
        f"a run of {name}": _repeated(part)
        for name, part in {
            "letters": "a",
            "capitals": "A",
            "digits": "7",
            "mixed letters": "aB3xQ9",
            "blanks": " ",
            "tabs": "\t",
            "line feeds": "\n",
            "carriage returns": "\r",
            "underscores": "_",
            "stars": "*",
            "dots": ".",
            "dashes": "-",
            "slashes": "/",
            "equals signs": "=",
            "plus signs": "+",
            "quotes": '"',
            "apostrophes": "'",
            "backslashes": "\\",
            "percent signs": "%",
            "ampersands": "&",
            "brackets": "(",
            "Chinese": "密",
            "escapes of a terminal": "\x1b[",
        }.items()
    },
    # Escapes, quotes and joints.
    "escapes of JSON": _repeated("\\u0041\\n"),
    "escapes within escapes": _repeated("\\\\u0041"),
    "percent-encoding": _repeated("%41%3D"),
    "percent-encoding of percent-encoding": _repeated("%252541"),
    "entities": _repeated("&#65;&amp;"),
    "entities that are none": _repeated("&#"),
    "colours": _repeated("\x1b[31;1ma"),
    "joints": _repeated('"a"+'),
    "joints over lines": _repeated('"a" +\n    "b" '),
    "joints with much between": _repeated('a"' + " " * 16 + "+" + " " * 16 + "\n" + " " * 60 + "+" + " " * 16),
    "nested quotes": _repeated("\"'`a`'\""),
    "unclosed strings": _repeated('x = "a\n'),
    "ids in pieces": _each(_concatenated),
    # Values, and what nearly is one.
    "ids in one line": _each(lambda key, value, number: key + ","),
    "ids in one line with one secret": lambda size: _each(lambda key, value, number: key + ",")(size) + _SECRET.encode(),
    "secrets in one line": _each(lambda key, value, number: f"secret={value};"),
    "secrets without names": _each(lambda key, value, number: f"{value}\n"),
    "secrets without names in one line": _each(lambda key, value, number: f"{value},"),
    "assignments in one line": _each(lambda key, value, number: f'accessKeyId="{key}",accessKeySecret="{value}";'),
    "pairs on lines": _each(_line),
    "near-keys": _each(lambda key, value, number: f"{key[:13]}\n{value[:29]}\n"),
    "literals of ids": _repeated("LTAI"),
    "literals of ids, apart": _repeated("LTAI."),
    "literals of STS": _repeated("STS.a"),
    "literals of tokens": _repeated("+CAIS"),
    "literals of tokens in runs": _repeated("CAIS" + "a" * 99 + "."),
    "literals of Model Studio": _repeated("-sk-sp-"),
    "keys of Model Studio": _repeated("sk-" + "0f3e5d7c9b1a2f4e6d8c0b2a4f6e8d1c\n"),
    "keys of Model Studio in one line": _repeated("sk-" + "0f3e5d7c9b1a2f4e6d8c0b2a4f6e8d1c,"),
    "ids of 16 characters": _each(lambda key, value, number: f'"{key[8:]}", "{value}"\n'),
    "old ids": _each(lambda key, value, number: legacy_id(number % 50) + " "),
    "masked ids": _each(lambda key, value, number: f"{key[:18]}****\n"),
    "signed URLs": _each(lambda key, value, number: f"https://b.oss-cn-beijing.aliyuncs.com/a?OSSAccessKeyId={key}&Expires=1 "),
    "one signed URL of many": _each(lambda key, value, number: f"&OSSAccessKeyId={key}"),
    "calls": _each(lambda key, value, number: f"OssOssOssOssOss(OssClient(oss2.Auth('{value}'\n"),
    "calls in one line": _each(lambda key, value, number: f"{'Oss' * 30}Client('{value}',"),
    "words of Alibaba Cloud": _each(lambda key, value, number: f"aliyun oss {value} "),
    "deeper and deeper": _each(lambda key, value, number: f"{' ' * (number % 40)}secret: {value}\n"),
    "pragmas": _each(lambda key, value, number: f"{key} # pragma: allowlist secret "),
    "pragmas that are none": _each(lambda key, value, number: f"{key} pragma: pragma: allowlist pragma:"),
    "YAML lists": _each(lambda key, value, number: f"- - - - {value}\n"),
    # Base64.
    "base64 in one run": _encoded(_line, base64.b64encode),
    "base64 in lines": _encoded(_line, lambda text: _wrapped(text, b"\n")),
    "base64 in lines of JSON": _encoded(_line, lambda text: _wrapped(text, b"\\n")),
    "base64 in lines, indented": _encoded(_line, lambda text: _wrapped(text, b"\n" + b" " * 40)),
    "base64 of base64 of base64": _encoded(_line, _deep),
    "base64 in many runs": _each(lambda key, value, number: base64.b64encode(f"the id: {key}".encode()).decode() + "\n"),
    "base64 in many runs with padding": _each(lambda key, value, number: _padded(f"a, b, c, d: {key}..")),
    "base64 of binary data": lambda size: base64.b64encode(bytes(range(256)) * (size // 256 + 1)) + _PAIR.encode(),
    "base64 that ends badly": _repeated("QUJD" * 15 + "\n", "-" + _PAIR),
    "base64 that ends badly, each": _repeated("QUJD" * 15 + "\n" + "QUJD" * 20 + "-"),
    # Encodings.
    "UTF-16": lambda size: _each(_line)(size // 2).decode().encode("utf-16"),
    "UTF-16 without a mark": lambda size: _each(_line)(size // 2).decode().encode("utf-16-le"),
    "broken UTF-8": lambda size: b"\x81\xff\xfe" * (size // 3) + _PAIR.encode(),
    "NUL bytes": lambda size: b"a\0" * (size // 2) + _PAIR.encode(),
    "values between NUL bytes": lambda size: _each(lambda key, value, number: f"id={key}\0secret={value}\0")(size),
}
