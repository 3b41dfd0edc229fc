"""What fuzzing has found: each wrong answer once, as the smallest input that gave it."""

import base64
import io
import json
import os
import random
import zlib

import pytest

from alikey_hook.detect import gate
from alikey_hook.detect.engine import detect
from alikey_hook.errors import UserError
from alikey_hook.finding import Finding, fingerprint
from alikey_hook.git import diff, log, process, tree
from alikey_hook.history import cache as caches
from alikey_hook.history.values import replacements
from tests.corpus.fill import credential
from tests.fuzz import reading
from tests.fuzz.parsing import _answering, _loose
from tests.keys import access_key_id, legacy_id, secret
from tests.repository import Repo
from tests.stages import alikey

ID, SECRET, LEGACY = access_key_id(1), secret(1), legacy_id(1)
LINE = f'access_key_id = "{ID}"\n'
STUDIO = credential("dash", random.Random(1))


def sure(data: bytes | str) -> set[str]:
    detections = detect(data.encode() if isinstance(data, str) else data)
    return {detection.value for detection in detections if detection.confidence != "low"}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("split", [1, 15, 29])
@pytest.mark.parametrize("joint", ['" + "', '"\n    "', '" . "', '" \\\n"', '"\n  + "', "' '"], ids=ascii)
def test_a_secret_in_pieces_needs_no_id_to_be_looked_at(split: int, joint: str) -> None:
    quote = joint[0]
    assert SECRET in sure(f"accessKeySecret = {quote}{SECRET[:split]}{joint}{SECRET[split:]}{quote};\n")


@pytest.mark.parametrize("split", [1, 3, 4, 12, 23])
def test_an_id_in_pieces_is_looked_at_wherever_it_is_split(split: int) -> None:
    assert ID in sure(f'id = "{ID[:split]}" + "{ID[split:]}";\n')


def test_a_secret_beside_an_id_in_pieces_is_found_as_its_partner() -> None:
    assert sure(f'connect("{ID[:6]}" + "{ID[6:]}", "{SECRET}")') == {ID, SECRET}


@pytest.mark.parametrize("kind", ["stsid", "ststok", "id", "dashws"])
@pytest.mark.parametrize("write", ["&#{};", "&#x{:x};", "\\u{:04x}", "\\x{:02x}", "%{:02x}", "\x1b[0m{:c}"])
@pytest.mark.parametrize("at", [-1, 12, 16, 20])
def test_a_value_with_an_escape_sequence_in_it_is_looked_at(kind: str, write: str, at: int) -> None:
    value = credential(kind, random.Random(3))
    at = at % len(value)
    while not value[at].isalnum():
        at -= 1
    text = f'key = "{value[:at]}{write.format(ord(value[at]))}{value[at + 1 :]}"\n'.encode()
    assert value in [one.value for one in detect(text, places=[(0, len(text))])]
    assert gate.where(text)


@pytest.mark.parametrize("size", range(1, 12))
def test_base64_is_looked_at_wherever_a_value_stands_in_it(size: int) -> None:
    assert LEGACY in sure(f"data: {encoded('access_key=?'[-size:] + LEGACY + ' ')}")


@pytest.mark.parametrize("text", ["ab?cd?ef?gh?", ">>>>>>>>>>>>"])
def test_base64_with_slashes_and_plus_signs_is_looked_at(text: str) -> None:
    written = encoded(f"{text}accessKeySecret={SECRET}")
    assert not written[:30].isalnum()
    assert SECRET in sure(f"data: {written}\n")


@pytest.mark.parametrize("before", [b"\\n", b"\\u5bc6", b"%3D", b"\x1b[0;31m", "密碼".encode("gbk"), b"\x841\xa47"], ids=ascii)
def test_base64_is_looked_at_behind_what_ends_like_it(before: bytes) -> None:
    text = encoded(f"the access key secret: {SECRET}").encode()
    assert SECRET in sure(b'secret "' + before + text + b'"\n')


@pytest.mark.parametrize("width", [60, 64, 76])
@pytest.mark.parametrize("indent", ["", "    "])
@pytest.mark.parametrize("before", range(0, 60, 7))
def test_wrapped_base64_is_looked_at_as_a_whole(width: int, indent: str, before: int) -> None:
    written = encoded("a line of plain text. " * 4 + "." * before + f" accessKeySecret={SECRET} " + "and so on " * 9)
    lines = "".join(f"{indent}{written[at : at + width]}\n" for at in range(0, len(written), width))
    assert SECRET in sure(f"data:\n{lines}")


def test_base64_on_a_line_of_its_own_is_looked_at_behind_another() -> None:
    assert LEGACY in sure(f"{encoded('a name of some length')[:-1]}\n{encoded('access key ' + LEGACY)}\n")


@pytest.mark.parametrize("after", ["/", "=", "+"])
def test_a_key_in_a_path_is_looked_at(after: str) -> None:
    assert STUDIO in sure(f"dashscope: {STUDIO}{after}\n")


def test_a_value_that_a_word_diff_shows_as_added_is_looked_at() -> None:
    assert SECRET in sure(f"accessKeySecret: {{+{SECRET}+}}\n")


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "before",
    [b"# comment\n", b"# comment\r\n", "# comment\n".encode("utf-8-sig"), "# 密钥\n".encode(), "# 密碼\n".encode("gb18030")],
    ids=ascii,
)
def test_utf_16_behind_another_encoding_is_found(before: bytes, charset: str) -> None:
    # What Windows PowerShell's `>>` makes of an .env file.
    for data in (before + LINE.encode(charset), before * 20 + LINE.encode(charset) + b"last = 1\n"):
        assert sure(data) == {ID}
        forms = [line.removeprefix(b"literal:").partition(b"==>")[0] for line in replacements(data, fingerprint(ID))]
        assert any(form in data for form in forms)
    (found,) = detect(data)
    assert (found.line, found.column) == (21, 18)


def test_nul_between_values_still_separates_them() -> None:
    (found,) = detect(f"A=1\0B=2\0ID={ID}\0C=3\0".encode())
    assert (found.value, found.column) == (ID, 12)


NOT_GIT_S = [b":", b":100644 100644 a b M", b":1 2 3 4 R\0a\0", b"\xff\0", b":1 2 \xff 4 M\0a\0", b"no id\0", b"::1 2 3 M\0a\0"]


@pytest.mark.parametrize("output", NOT_GIT_S, ids=ascii)
def test_what_git_never_says_is_refused(output: bytes) -> None:
    with pytest.raises(UserError):
        list(diff._raw_changes(iter(output.split(b"\0"))))


@pytest.mark.parametrize("header", [b"\1", b"\1a b c", b"\1a \xff c\n", b"\1a 1 \xff"], ids=ascii)
def test_a_commit_with_a_broken_date_has_none(header: bytes) -> None:
    records = [header, b":100644 100644 b a M", b"app.py"]
    (found,) = log._parsed(iter(records), frozenset(["a"]))
    assert (found.path, found.author_time > 1) == ("app.py", False)


@pytest.mark.parametrize(
    "header", [b"a blob x\n", b"a blob -1\n", b"a \xff 1\n", b"a blob " + b"9" * 40 + b"\n", b"a missing\n"]
)
def test_an_object_without_a_size_is_none(header: bytes) -> None:
    assert process.next_object(io.BytesIO(header + b"content\n")) is None


@pytest.mark.parametrize("size", [b"9" * 40, b"-1", b"2", b"x", b""])
def test_a_loose_object_of_another_size_is_damaged(size: bytes) -> None:
    assert _loose(zlib.compress(b"blob 3\0abc")) == ("blob", b"abc")
    assert _loose(zlib.compress(b"blob %s\0abc" % size)) is None


@pytest.mark.parametrize("head", [{"clean": [1 << 60, 0]}, {"clean": [-1, 0]}, {"walks": {"a": {}}}, {"walks": []}], ids=str)
def test_a_cache_that_promises_more_than_it_has_is_not_used(head: dict[str, object]) -> None:
    sound = {"clean": [1, 0], "findings": {}, "walks": {}}
    cache = reading.empty_cache()
    cache._parse(reading.signed(json.dumps(sound).encode() + b"\n" + b"\1" * 20))
    assert cache.knows("01" * 20)
    with pytest.raises(caches._BROKEN):
        cache._parse(reading.signed(json.dumps(sound | head).encode() + b"\n" + b"\1" * 20))


@pytest.mark.parametrize("entry", [b"100644\0", b"100644 a 0\0", b"100644 \xff 0\tapp.py\0", b"\tapp.py\0"], ids=ascii)
def test_a_list_of_files_that_git_never_writes_is_refused(entry: bytes) -> None:
    assert _answering(tree, entry, lambda: tree.index_blobs("app.py", "")) is None
    assert _answering(tree, entry, lambda: tree.tree_blobs("HEAD")) is None


@pytest.mark.parametrize("named", ["another file", "not ASCII", "nothing"])
def test_a_tag_that_names_no_object_is_refused(repo: Repo, named: str) -> None:
    repo.stage("app.py", LINE)
    repo.commit()
    pipe = repo.top / "pipe"
    os.mkfifo(pipe)  # whoever opened it would wait for ever
    line = {"another file": f"object ../{pipe}".encode(), "not ASCII": b"object \xff", "nothing": b""}[named]
    content = line + b"\ntype commit\ntag v1\ntagger A <a@example.com> 1700000000 +0000\n\nv1\n"
    tag = repo.git("hash-object", "-t", "tag", "--literally", "-w", "--stdin", stdin=content).strip()
    said = alikey(repo, "hook", "--stage", "pre-push", "origin", "/x", stdin=f"refs/tags/v1 {tag} refs/tags/v1 {'0' * 40}\n")
    assert (said.code, said.leaks) == (2, [])
    assert f"the tag {tag} is damaged" in said.err


@pytest.mark.parametrize("where", ["findings", "walks"])
@pytest.mark.parametrize("expires", ["soon", [], {}])
def test_a_cache_with_an_odd_expiry_is_not_used_in_part(where: str, expires: object) -> None:
    fields = dict.fromkeys(Finding._fields, "") | {"refs": [], "expires": expires}
    held: dict[str, object] = (
        {"findings": {"a": [fields]}, "walks": {}}
        if where == "findings"
        else {"findings": {}, "walks": {"a": {"findings": [fields]}}}
    )
    cache = reading.empty_cache()
    with pytest.raises(caches._BROKEN):
        cache._parse(reading.signed(json.dumps({"clean": [1, 0], **held}).encode() + b"\n" + b"\1" * 20))
    assert not (cache.clean or cache.findings or cache._walks)
