"""Large files, looked at in pieces: the same as when they are looked at whole. The pieces here are small ones."""

import base64

import pytest

from alikey_hook import scan
from alikey_hook.changes import Change
from alikey_hook.detect import large
from alikey_hook.detect.engine import detect
from alikey_hook.finding import Detection, fingerprint
from alikey_hook.scan import Options, look
from benchmarks.families import FAMILIES
from tests.keys import access_key_id, secret
from tests.repository import pair_lines

WHOLE = [
    "ids in one line", "assignments in one line", "pairs on lines", "pragmas", "signed URLs", "joints over lines",
    "ids in pieces", "escapes of JSON", "UTF-16", "UTF-16 without a mark", "broken UTF-8", "values between NUL bytes",
]  # fmt: skip


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "_PIECE", 1 << 13)
    monkeypatch.setattr(large, "_MARGIN", 1 << 12)
    monkeypatch.setattr(large, "_LINE", 1 << 10)


def in_pieces(data: bytes) -> list[Detection]:
    return large.found(data, lambda part: detect(part))


@pytest.mark.parametrize("name", WHOLE)
def test_pieces_tell_what_the_whole_tells(name: str) -> None:
    data = FAMILIES[name](30_000)
    expected = detect(data)
    assert expected
    # An excerpt may end where its piece ends.
    kept = [one._replace(excerpt="", excerpt_column=0) for one in in_pieces(data)]
    assert sorted(kept) == sorted(one._replace(excerpt="", excerpt_column=0) for one in expected)


@pytest.mark.parametrize("name", [name for name in FAMILIES if name.startswith("base64")])
def test_base64_across_pieces_gives_up_none_of_its_values(name: str) -> None:
    data = FAMILIES[name](30_000)
    assert {one.value for one in in_pieces(data)} >= {one.value for one in detect(data)}


@pytest.mark.parametrize("filling", ["x = 1\n", "密钥 ", "é😀", "x", "QUJD", "\t"], ids=ascii)
@pytest.mark.parametrize("shift", range(0, 50, 7))
def test_a_pair_is_found_wherever_a_piece_ends(filling: str, shift: int) -> None:
    for at in range(1, 4):
        text = (filling * (1 << 13))[: at * (1 << 13) - shift] + "\n" + pair_lines(at) + filling * 5000
        found = in_pieces(text.encode())
        assert {one.value for one in found} == {access_key_id(at), secret(at)}
        lines = text.split("\n")
        for one in found:
            assert lines[one.line - 1][one.column - 1 : one.end_column - 1] == one.value


@pytest.mark.parametrize("before", [0, 5000, 50_000])
def test_utf_16_of_hardly_any_ascii(before: int) -> None:
    text = "密钥说明" * before + f"\n密钥\n{pair_lines(1)}" + "密钥说明" * 50_000
    found = in_pieces(text.encode("utf-16"))
    assert [(one.value, one.line, one.encoding) for one in found] == [
        (access_key_id(1), 3, "utf-16"),
        (secret(1), 4, "utf-16"),
    ]


@pytest.mark.parametrize("shift", range(12))
def test_one_run_of_base64_is_decoded_from_its_beginning_to_its_end(shift: int) -> None:
    text = "x" * shift + "".join(f"line {number}\n{pair_lines(number)}" for number in range(300))
    data = b"data: " + base64.b64encode(text.encode()) + b"\n"
    assert len(data) > 3 << 13
    assert {one.value for one in in_pieces(data)} >= {one.value for one in detect(data)} >= {secret(0), access_key_id(299)}


def test_binary_data_is_not_searched_and_text_with_some_binary_in_it_is() -> None:
    binary = bytes(range(256)) * 100
    assert in_pieces(binary + pair_lines(1).encode() + binary) == []
    text = b"text\n" * 1_000_000 + binary[:25_600] + pair_lines(1).encode()
    assert [one.line for one in in_pieces(text)] == [one.line for one in detect(text)]
    assert len(in_pieces(text)) == 2


@pytest.mark.parametrize("in_pieces", [True, False])
def test_the_gate_is_asked_the_same_of_a_large_file_and_of_its_pieces(in_pieces: bool) -> None:
    lone = secret(1)
    filling = "filling\n" * 40_000
    text = f'{pair_lines(2)}{filling}accessKeySecret = "{lone[:15]}" + "{lone[15:]}"\n'.encode()
    options = Options(in_pieces=in_pieces)
    with pytest.MonkeyPatch.context() as patch:
        whole = look(Change("a", (), "a"), text, options)
        patch.setattr(scan, "_LARGE", 1 << 14)
        by_parts = look(Change("a", (), "a"), text, options)
    assert [one.fingerprint for one in by_parts] == [one.fingerprint for one in whole]
    assert (fingerprint(lone) in [one.fingerprint for one in by_parts]) is in_pieces
