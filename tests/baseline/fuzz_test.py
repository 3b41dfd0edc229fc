"""2,000 malformed baseline files: each is refused with file and line, and stays as it is."""

import random
import re
from collections.abc import Callable
from functools import cache

import pytest

from alikey_hook.allowlist import edit
from alikey_hook.allowlist.match import Entry
from alikey_hook.allowlist.parse import parse
from alikey_hook.errors import UserError
from tests.allowlist.drawn import NAME, digest
from tests.baseline.commands import Done, alikey, baseline, id_line
from tests.repository import Repo

COUNT, THROUGH_THE_COMMAND_LINE = 2000, 40
_TOKENS = (
    *(
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        "- ",
        "? ",
        ": ",
        "\t",
        "|",
        ">",
        "&a ",
        "*a ",
        "!!binary ",
        "!!null ",
        "!x ",
        "<<: *a",
        "#",
    ),
    *("---\n", "...\n", "%YAML 9.9\n", "%TAG ! x\n", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "\r", "\r\n", "~"),
    *("<<<<<<< HEAD\n", "=======\n", ">>>>>>> theirs\n"),
    *(
        "[" * 2000,
        "- " * 2000,
        "{a: " * 500,
        "x" * 3000,
        '"\\ud800"',
        '"\\U00110000"',
        '"\\q"',
        "2026-02-30",
        "sha256:",
        "1e999",
    ),
)
_KEYS = "version allow fingerprint status reason paths reviewed_by reviewed_on expires_on rule redacted".split()


def valid(rng: random.Random) -> bytes:
    """A valid file of up to eight entries."""
    content = b"# Reviewed exceptions\nversion: 1\nallow: []  # none yet\n"
    for _ in range(rng.randrange(9)):
        paths = tuple(sorted(rng.sample(["tests/**", "a b", "示例/*"], rng.randrange(3))))
        entry = Entry(digest(rng.random()), "example", rng.choice(["a test", "it's: #1", "示例"]), paths, None, redacted="x…y")
        content = edit.inserted(content, NAME, entry)
    return content.replace(b"\n", b"\r\n") if rng.random() < 0.1 else content


def flipped(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def overwritten(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + rng.randbytes(rng.randrange(1, 40)) + content[at + rng.randrange(40) :]


def cut(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] if rng.random() < 0.5 else content[at:]


def of_lines(change: Callable[[list[bytes], int, random.Random], None]) -> Callable[[bytes, random.Random], bytes]:
    def changed(content: bytes, rng: random.Random) -> bytes:
        lines = content.splitlines(keepends=True)
        change(lines, rng.randrange(len(lines)), rng)
        return b"".join(lines)

    return changed


def removed(lines: list[bytes], at: int, rng: random.Random) -> None:
    del lines[at]


def doubled(lines: list[bytes], at: int, rng: random.Random) -> None:
    lines.insert(rng.randrange(len(lines)), lines[at])


def indented(lines: list[bytes], at: int, rng: random.Random) -> None:
    lines[at] = rng.choice([b"", b" ", b"   ", b"      ", b"\t"]) + lines[at].lstrip()


def renamed(lines: list[bytes], at: int, rng: random.Random) -> None:
    key = rng.choice([*_KEYS, "owner", "Status", "", "1"]).encode()
    lines[at] = re.sub(rb"\w*(?=:)", key, lines[at], count=1)


def revalued(lines: list[bytes], at: int, rng: random.Random) -> None:
    value = rng.choice(["", "~", "[]", "{}", "[a]", "{a: b}", "''", "2", "yes", "2026-13-01", "sha256:" + "g" * 64, *_TOKENS])
    lines[at] = re.sub(rb":.*", lambda _: b": " + value.encode(), lines[at], count=1)


def inserted(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice(_TOKENS).encode() + content[at:]


CHANGES = (flipped, overwritten, cut, inserted, *map(of_lines, (removed, doubled, indented, renamed, revalued)))


@cache
def malformed() -> tuple[tuple[bytes, UserError], ...]:
    """The files, each with what is said of it; any other exception than UserError fails the test that asks first."""
    rng = random.Random("malformed")
    files: dict[bytes, UserError] = {}
    while len(files) < COUNT:
        content = valid(rng)
        for _ in range(rng.randrange(1, 4)):
            content = rng.choice(CHANGES)(content, rng) if content else b"\x00"
        try:
            parse(content, NAME)
        except UserError as error:
            files.setdefault(content, error)
    return tuple(files.items())


def test_every_malformed_file_is_refused_with_file_line_and_help() -> None:
    assert len(malformed()) == COUNT
    wrong = []
    for content, error in malformed():
        place = re.match(rf"{NAME}:(\d+): \S", error.message)
        end = len(re.split("\r\n|\r|\n|\x85|\u2028|\u2029", content.decode("utf-8", "replace"))) + 1  # libyaml counts so
        if not place or not 1 <= int(place[1]) <= end or not error.help:
            wrong.append(error.message)
    kinds = {message: wrong.count(message) for message in wrong}
    assert not wrong, f"{len(wrong)} of {COUNT} without a line: {kinds}"


def test_what_is_said_of_a_malformed_file_is_one_line_that_does_not_quote_it() -> None:
    for _, error in malformed():
        assert error.message.isprintable() and len(error.message) < 300, error.message


@pytest.mark.parametrize("number", range(0, COUNT, COUNT // THROUGH_THE_COMMAND_LINE))
def test_a_malformed_file_is_refused_by_the_command_and_stays_as_it_is(repo: Repo, number: int) -> None:
    content, error = malformed()[number]
    repo.write(NAME, content)
    done = baseline(repo, "allow", digest("new"), "--status", "example", "--reason", "a test", "--file", NAME)
    assert done == Done(2, "", f"alikey-hook: {error.message}\nhelp: {error.help}\n")
    assert (repo.top / NAME).read_bytes() == content
    assert [path.name for path in (repo.top / "baseline").iterdir()] == ["alikey.yaml"]


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(("hook",), id="hook"),
        pytest.param(("scan",), id="scan"),
        pytest.param(("baseline", "list"), id="list"),
        pytest.param(("baseline", "check"), id="check"),
        pytest.param(("baseline", "prune", "--write"), id="prune"),
        pytest.param(("baseline", "review"), id="review"),
        pytest.param(("baseline", "export"), id="export"),
    ],
)
def test_every_command_refuses_a_malformed_file_and_leaves_it(repo: Repo, args: tuple[str, ...]) -> None:
    content, error = next((content, error) for content, error in malformed() if ":5: " in error.message)
    repo.stage(NAME, content)
    repo.stage("conf.py", id_line(1))
    assert alikey(repo, *args) == Done(2, "", f"alikey-hook: {error.message}\nhelp: {error.help}\n")
    assert (repo.top / NAME).read_bytes() == content
