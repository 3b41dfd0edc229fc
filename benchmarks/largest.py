"""The largest and the worst inputs, each made at its full size or a part of it, with the command that meets it."""

from __future__ import annotations

import base64
import random
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from alikey_hook.finding import fingerprint
from benchmarks.families import FAMILIES
from benchmarks.place import source
from benchmarks.processes import ran
from tests.keys import access_key_id
from tests.repository import pair_lines


class Case(NamedTuple):
    """One input and the command that meets it. `largest`: its largest blob, in MB. `code`: the exit code that is right."""

    name: str
    argv: list[str]
    folder: Path
    largest: float
    code: int


class Place:
    """Where inputs are made: `scale` times their full size."""

    def __init__(self, folder: Path, scale: float, env: dict[str, str]) -> None:
        self._folder, self._scale, self._env = folder, scale, env

    def count(self, full: int) -> int:
        """So many of what the full size has `full` of."""
        return max(2, int(full * self._scale))

    def repository(self) -> Path:
        """A new repository."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        self.git(folder, "init", "--quiet", "--initial-branch=main")
        return folder

    def git(self, folder: Path, *arguments: str) -> str:
        """What git prints. Nothing is compressed: that would take most of the time."""
        words = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.compression=0", "-c", "gc.auto=0")
        return ran(["git", *words, *arguments], self._env, folder)

    def fed(self, folder: Path, arguments: list[str], lines: Iterator[bytes]) -> str:
        """What git prints that is told something on standard input."""
        told = self._folder / "told"
        with told.open("wb") as file:
            file.writelines(lines)
        said = ran(["sh", "-c", 'exec git "$@" < ../told', "sh", *arguments], self._env, folder)
        told.unlink()
        return said


def _code(lines: int = 4000) -> bytes:
    return "".join(source("a.py", random.Random(number), 200) for number in range(lines // 200)).encode()


def _large(path: Path, size: int, line_end: bytes = b"\n") -> float:
    """Write a file of source code with a pair at its end, and one character that makes Python's texts large; its size in MB."""
    block = _code().replace(b"\n", line_end)
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(block)
        file.write("😀 ".encode() + pair_lines(1).replace("\n", ";").encode() + b"\n")
        return file.tell() / 1e6


def _staged_2_gb(place: Place) -> Case:
    folder = place.repository()
    size = _large(folder / "a.txt", place.count(2_000_000_000))
    place.git(folder, "add", "a.txt")
    return Case("a staged file of 2 GB", ["hook"], folder, size, 1)


def _tree_2_gb(place: Place) -> Case:
    folder = place.repository()
    size = _large(folder / "a.txt", place.count(2_000_000_000))
    return Case("a file of 2 GB in the tree", ["scan", "."], folder, size, 1)


def _history_2_gb(place: Place, *more: str, code: int = 1, words: str = "") -> Case:
    folder = place.repository()
    size = _large(folder / "a.txt", place.count(2_000_000_000))
    place.git(folder, "add", "a.txt")
    place.git(folder, "commit", "--quiet", "--message=a")
    (folder / "a.txt").unlink()
    return Case(f"a file of 2 GB in the history{words}", ["scan", "--history", *more], folder, size, code)


def _history_2_gb_wanted(place: Place) -> Case:
    return _history_2_gb(place, "--max-blob-size", "4G", words=", `--max-blob-size 4G`")


def _history_2_gb_left_out(place: Place) -> Case:
    limit = str(place.count(64_000_000))
    return _history_2_gb(place, "--max-blob-size", limit, code=0, words=", over the limit: left out, and told")


def _line_1_gb(place: Place) -> Case:
    folder = place.repository()
    size = _large(folder / "a.txt", place.count(1_000_000_000), b" ")
    return Case("one line of 1 GB", ["scan", "."], folder, size, 1)


def _base64_100_mb(place: Place) -> Case:
    folder = place.repository()
    text = _code() * (place.count(75_000_000) // 200_000 + 1) + pair_lines(1).encode()
    (folder / "a.txt").write_bytes(base64.b64encode(text))
    return Case("100 MB of base64 in one run", ["scan", "."], folder, len(text) * 4 / 3e6, 1)


def _base64_of_base64(place: Place) -> Case:
    folder = place.repository()
    text = _code() * (place.count(20_000_000) // 200_000 + 1) + pair_lines(1).encode()
    for _ in range(5):
        text = base64.b64encode(text)
    (folder / "a.txt").write_bytes(text)
    return Case("base64 of base64, five times, 84 MB", ["scan", "."], folder, len(text) / 1e6, 0)


def _million_staged(place: Place) -> Case:
    folder = place.repository()
    (folder / "a.py").write_bytes(_code(200))
    blob = place.git(folder, "hash-object", "-w", "a.py").strip().encode()
    paths = (b"100644 %s\td%d/f%d.py\n" % (blob, at // 1000, at) for at in range(place.count(1_000_000)))
    place.fed(folder, ["update-index", "--index-info"], paths)
    return Case("a million staged files", ["hook"], folder, 0, 0)


def _million_in_history(place: Place) -> Case:
    folder = place.repository()

    def commits() -> Iterator[bytes]:
        yield b"commit refs/heads/main\ncommitter A <a@example.com> 1500000000 +0000\ndata 1\n.\n"
        for at in range(place.count(1_000_000)):
            content = b"x = %d\n" % at
            yield b"M 100644 inline d%d/f%d.py\ndata %d\n%s\n" % (at // 1000, at, len(content), content)

    place.fed(folder, ["-c", "core.compression=0", "fast-import", "--quiet"], commits())
    return Case("a million files in the history", ["scan", "--history"], folder, 0, 0)


def _long_path(place: Place) -> Case:
    folder = place.repository()
    (folder / "a.py").write_text(pair_lines(1))
    blob = place.git(folder, "hash-object", "-w", "a.py").strip().encode()
    path = b"/".join([b"n" * 255] * 15 + [b"n" * 240])
    place.fed(folder, ["update-index", "--index-info"], iter([b"100644 %s\t%s\n" % (blob, path)]))
    return Case("a path of 4,080 bytes, each name of 255", ["hook", "--format", "sarif"], folder, 0, 1)


def _findings(place: Place, files: int, *more: str) -> Case:
    folder = place.repository()
    count, size = place.count(100_000) // 2, 0
    each = max(1, count // files)
    for number in range(files):
        text = "".join(f"x = {at}\n" * 3 + pair_lines(number * each + at) for at in range(each))
        (folder / f"{number}.py").write_text(text)
        size = max(size, len(text))
    where = "one file" if files == 1 else f"{files:,} files"
    words = f"100,000 findings in {where}, {more[1] if more else 'text'}"
    return Case(words, ["scan", ".", *more], folder, size / 1e6, 1)


def _baseline(place: Place) -> Case:
    folder = place.repository()
    prints = sorted(fingerprint(access_key_id(seed)) for seed in range(place.count(100_000)))
    entry = "- fingerprint: {}\n  rule: alibaba-access-key-id\n  status: example\n  reason: a test\n  paths: [tests/**]\n"
    (folder / "baseline").mkdir()
    text = "version: 1\nallow:\n" + "".join(map(entry.format, prints))
    (folder / "baseline/alikey.yaml").write_text(text)
    (folder / "a.py").write_text(pair_lines(1))
    place.git(folder, "add", ".")
    return Case("a baseline of 100,000 entries, staged", ["hook"], folder, len(text) / 1e6, 1)


def _family(place: Place, family: str, size: int, name: str, code: int) -> Case:
    folder = place.repository()
    text = FAMILIES[family](place.count(size))
    (folder / "a.txt").write_bytes(text)
    return Case(name, ["scan", "."], folder, len(text) / 1e6, code)


def _bomb(place: Place) -> Case:
    folder = place.repository()
    (folder / "a.py").write_text("x = 1\n")
    place.git(folder, "add", "a.py")
    blob = place.git(folder, "rev-parse", ":a.py").strip()
    path = folder / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    squeezed = zlib.compressobj(9)
    with path.open("wb") as file:
        file.write(squeezed.compress(b"blob 24\0"))
        for _ in range(place.count(1000)):
            file.write(squeezed.compress(b"a" * 1_000_000))
        file.write(squeezed.flush())
    return Case("an object that says 24 bytes and inflates to 1 GB", ["hook"], folder, 0, 2)


CASES: tuple[Callable[[Place], Case], ...] = (
    _staged_2_gb,
    _tree_2_gb,
    _history_2_gb_wanted,
    _history_2_gb_left_out,
    _line_1_gb,
    _base64_100_mb,
    _base64_of_base64,
    _bomb,
    _million_staged,
    _million_in_history,
    _long_path,
    _baseline,
    lambda place: _family(place, "near-keys", 22_000_000, "a million lines of near-keys", 0),
    lambda place: _family(place, "assignments in one line", 8_500_000, "a line of 100,000 assignments", 1),
    lambda place: _family(place, "percent-encoding of percent-encoding", 20_000_000, "20 MB of percent-encoding, twice", 1),
    *(
        lambda place, form=form: _findings(place, 1, "--format", form)
        for form in ("text", "json", "sarif", "gitlab", "github", "html")
    ),
    lambda place: _findings(place, 1000, "--format", "sarif"),
)
