"""A value is seen in whatever spelling, and nothing else is taken for one."""

import base64
import hashlib
import json
import random
import urllib.parse
from collections.abc import Callable

import pytest

from tests.corpus.fill import credential
from tests.leaks.planted import Planted

KINDS = ("id", "id16", "stsid", "sec", "secnd", "stssec", "ststok", "tmp", "dash", "dashws")
SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "within a longer word": lambda value: f"xx{value}xx".encode(),
    "reversed": lambda value: value[::-1].encode(),
    "base64": lambda value: base64.b64encode(value.encode()),
    "base64, behind one character": lambda value: base64.b64encode(f"x{value}".encode()),
    "base64, behind two characters": lambda value: base64.b64encode(f"xy{value}".encode()),
    "base64 for URLs": lambda value: base64.urlsafe_b64encode(f"??>{value}".encode()),
    "base64 of UTF-16": lambda value: base64.b64encode(value.encode("utf-16-le")),
    "base64 within a longer word": lambda value: b"x" + base64.b64encode(value.encode()),
    "base64, percent-encoded": lambda value: urllib.parse.quote(base64.b64encode(value.encode())).encode(),
    "base64 of base64": lambda value: base64.b64encode(base64.b64encode(value.encode())),
    "reversed base64": lambda value: base64.b64encode(value.encode())[::-1],
    "base64 in lines": lambda value: base64.encodebytes(b" " * 60 + value.encode()),
    "hexadecimal": lambda value: value.encode().hex().encode(),
    "hexadecimal capitals": lambda value: value.encode().hex().upper().encode(),
    "hexadecimal with blanks": lambda value: value.encode().hex(" ").encode(),
    "hexadecimal behind a digit": lambda value: f"0{value.encode().hex()}".encode(),
    "percent-encoded": lambda value: "".join(f"%{ord(one):02X}" for one in value).encode(),
    "JSON's escapes": lambda value: "".join(f"\\u{ord(one):04x}" for one in value).encode(),
    "JSON": lambda value: json.dumps({"a": f'"{value}"'}).encode(),
    "escapes of C": lambda value: "".join(f"\\x{ord(one):02x}" for one in value).encode(),
    "octal escapes": lambda value: "".join(f"\\{ord(one):03o}" for one in value).encode(),
    "entities of HTML": lambda value: "".join(f"&#{ord(one)};" for one in value).encode(),
    "UTF-16, little-endian": lambda value: value.encode("utf-16-le"),
    "UTF-16, big-endian": lambda value: value.encode("utf-16-be"),
    "UTF-32": lambda value: value.encode("utf-32"),
    "two lines": lambda value: f"{value[:7]}\n    {value[7:]}".encode(),
    "its first 16 characters": lambda value: value[:16].encode(),
    "its last 16 characters": lambda value: value[-16:].encode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_value_is_seen(kind: str, spelling: str) -> None:
    planted = Planted()
    others = [credential(one, random.Random(f"other {kind}")) for one in KINDS]
    value = credential(kind, random.Random(kind))
    for one in (*others, value):
        planted.add(one, kind)
    found = planted.found(b"before: " + SPELLINGS[spelling](value) + b" (after)")
    assert any(hashlib.sha256(value.encode()).hexdigest() in told for told in found)
    assert not any(value[at : at + 8] in told for told in found for at in range(len(value) - 7))


@pytest.mark.parametrize("kind", ["sec", "stssec", "ststok", "tmp", "dashws"])
def test_of_a_secret_not_even_the_end_is_told(kind: str) -> None:
    planted = Planted()
    value = credential(kind, random.Random(kind))
    planted.add(value, kind)
    assert planted.found(f"…{value[-8:]}".encode())


@pytest.mark.parametrize("kind", ["id", "id16", "stsid"])
def test_an_id_may_be_told_as_its_owner_recognises_it(kind: str) -> None:
    planted = Planted()
    value = credential(kind, random.Random(kind))
    planted.add(value, kind)
    assert not planted.found(f"{value[:8]}…{value[-4:]} sha256:{hashlib.sha256(value.encode()).hexdigest()}".encode())


def test_chance_is_no_leak() -> None:
    planted, rng = Planted(), random.Random("many")
    for number in range(3000):
        planted.add(credential(KINDS[number % len(KINDS)], rng), KINDS[number % len(KINDS)])
    digests = "\n".join(f"sha256:{hashlib.sha256(bytes((number % 256, number // 256))).hexdigest()}" for number in range(3000))
    words = "".join(rng.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=", k=100_000))
    assert planted.found(f"{digests}\n{words}".encode()) == []


def test_where_nothing_was_made_up_nothing_is_seen() -> None:
    assert Planted().found(b"access_key_secret") == []
