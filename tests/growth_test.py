"""The work that texts cost which are made to be slow grows with their length and no faster: counted, not timed."""

import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from alikey_hook import changes, scan
from alikey_hook.allowlist.glob import matches
from alikey_hook.allowlist.match import Allowlist, Entry
from alikey_hook.allowlist.parse import parse
from alikey_hook.detect.own import Values
from alikey_hook.finding import fingerprint
from alikey_hook.git import loose
from alikey_hook.sources.message import above_scissors
from benchmarks.families import FAMILIES
from benchmarks.processes import sample
from tests.keys import access_key_id, secret
from tests.repository import Repo

ROOT = Path(__file__).parent.parent
MODULES = [f"alikey_hook.detect.{path.stem}" for path in sorted((ROOT / "alikey_hook/detect").glob("*.py"))]
OWN = {access_key_id(seed): "here" for seed in range(2)}


class Counted:
    """A pattern, and how many characters of a text it was given to search; of a match only what it matched is known."""

    def __init__(self, pattern: Any, counts: list[int]) -> None:
        self._pattern, self._counts = pattern, counts

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._pattern, name)

        def counted(text: Any, *bounds: int) -> Any:
            result = method(text, *bounds)
            start, end = (*bounds, *(0, sys.maxsize)[len(bounds) :])
            if name in ("search", "finditer", "findall"):
                self._counts[0] += min(end, len(text)) - start
            elif result:
                self._counts[0] += result.end() - start
            return result

        return counted if name in ("search", "match", "fullmatch", "finditer", "findall") else method


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts the calls of functions, and what regular expressions of `detect` are given."""
    counts = [0]

    def called(frame: Any, event: str, function: Any) -> None:
        if event in ("call", "c_call"):
            counts[0] += 1

    with monkeypatch.context() as patched:
        for module in map(import_module, MODULES):
            for name, value in list(vars(module).items()):
                if type(value).__name__ == "Pattern":
                    patched.setattr(module, name, Counted(value, counts))
        sys.setprofile(called)
        try:
            yield counts
        finally:
            sys.setprofile(None)


def assert_linear(monkeypatch: pytest.MonkeyPatch, work: Callable[[int], object], size: int) -> None:
    did = []
    work(size * 4)  # what is imported and compiled when it is first needed
    for times in (1, 2, 4):
        with counting(monkeypatch) as counts:
            work(size * times)
        did.append(counts[0])
    once, twice, four_times = did
    # Twice as much again is twice as much work; 4 times if it were quadratic.
    assert four_times - twice <= 2.6 * (twice - once) + 500, did


@pytest.mark.once
@pytest.mark.parametrize("name", FAMILIES)
def test_looking_is_linear(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    size = 2520  # of which most periods are parts: the texts end alike
    texts = {size * times: FAMILIES[name](size * times) for times in (1, 2, 4)}
    options = scan.Options(own=OWN)
    assert_linear(monkeypatch, lambda size: scan.look(changes.Change("a", (), "b"), texts[size], options), size)


def test_what_is_counted_sees_what_is_quadratic(monkeypatch: pytest.MonkeyPatch) -> None:
    from alikey_hook.detect import excerpt

    def pragmas(size: int) -> None:
        text = "x" * size
        for at in range(0, size, 10):
            excerpt._PRAGMA.search(text, 0, at)

    with pytest.raises(AssertionError):
        assert_linear(monkeypatch, pragmas, 2000)


def test_own_keys_many_times_are_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    values = Values(OWN)
    assert_linear(monkeypatch, lambda size: values.find((access_key_id(0) + "\n").encode() * size), 50)


def test_places_of_own_keys_are_told_once_and_the_longer_value_first() -> None:
    whole = secret(1) + secret(2)
    values = Values([whole, secret(1)])
    text = f"{secret(1)} {whole}\n{secret(1)}\n"
    assert [(one.value, one.line, one.column) for one in sorted(values.find(text.encode()), key=lambda one: one.line)] == [
        (whole, 1, 32),
        (secret(1), 1, 1),
        (secret(1), 2, 1),
    ]


PATH = "a/" * 100
GLOBS = {
    "folders": "**/", "folders and names": "**/a/", "stars": "*a", "sets that nothing closes": "[", "sets": "[ab]",
    "negations": "[!", "empty sets": "[]", "questions": "?", "escapes": "\\a", "stars and questions": "*?",
}  # fmt: skip


@pytest.mark.parametrize("part", GLOBS.values(), ids=GLOBS)
def test_globs_are_linear(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    assert_linear(monkeypatch, lambda size: matches(part * size, PATH), 100)


def test_a_file_with_one_value_many_times_asks_an_entry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [Entry(fingerprint("x"), "example", "a test", (f"a/{number}/**",), None) for number in range(50)]
    known = Allowlist(entries, [], date(2026, 11, 26))
    with counting(monkeypatch) as counts:
        for _ in range(1000):
            known.decision(fingerprint("x"), "", "a/49/b")
    assert counts[0] < 20_000


def test_aliases_do_not_multiply_what_a_baseline_says() -> None:
    globs = "".join(f"    - a/{number}\n" for number in range(300))
    entries = "".join(
        f"- fingerprint: {fingerprint(str(number))}\n  status: example\n  reason: a test\n"
        + (f"  paths: &globs\n{globs}" if number == 0 else "  paths: *globs\n")
        for number in range(300)
    )
    parsed = parse(f"version: 1\nallow:\n{entries}".encode(), "a.yaml")
    assert len(parsed) == 300
    assert len(parsed[0].paths) == 300
    assert len({id(entry.paths) for entry in parsed}) == 1


@pytest.mark.parametrize("deep", ["[", "- ", "? ", "{a: ", "!!a [", "&a [", '{"a":'])
def test_a_baseline_that_is_nested_too_deep_is_told(deep: str) -> None:
    from alikey_hook.errors import UserError

    with pytest.raises(UserError, match=r"^a.yaml:\d+: not YAML"):
        parse(deep.encode() * 50_000, "a.yaml")


@pytest.mark.parametrize(("between", "cut"), [("", True), ("\n", True), ("# x\n", True), ("words\n", False)])
def test_many_scissors_cut_where_one_would(between: str, cut: bool) -> None:
    content = ("# ------------------------ >8 ------------------------\n" + between).encode() * 20_000
    assert above_scissors(content, "#", certain=False) == content
    verbose = b"a\n" + content + b"diff --git\n"
    assert above_scissors(verbose, "#", certain=False) == (b"a\n" if cut else verbose)


@pytest.mark.parametrize("claimed", [b"0", b"1", b"23", b"24", b"1000", b"-1", b"1_0", b"+5", b"9" * 19, b"9" * 22])
def test_a_loose_object_is_not_inflated_beyond_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claimed: bytes
) -> None:
    name = "ab" + "0" * 38
    bomb = zlib.compress(b"blob " + claimed + b"\0" + b"a" * 30_000_000)
    folder = tmp_path / ".git/objects/ab"
    folder.mkdir(parents=True)
    (folder / name[2:]).write_bytes(bomb)
    monkeypatch.chdir(tmp_path)
    import tracemalloc

    tracemalloc.start()
    try:
        with pytest.raises(loose.Damaged):
            loose.read(name)
        assert claimed.startswith(b"9") or tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_an_object_that_inflates_to_much_more_than_it_says_is_told_in_little_memory(repo: Repo) -> None:
    repo.stage("a.py", "x = 1\n")
    blob = repo.git("rev-parse", ":a.py").strip()
    path = repo.top / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"blob 24\0" + b"a" * 200_000_000))
    env = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    done = sample([sys.executable, "-m", "alikey_hook", "hook"], repo.top, env)
    assert done.code == 2
    assert done.megabytes < 60
