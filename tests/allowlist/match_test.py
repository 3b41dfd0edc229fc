"""`paths` mean what git's own patterns mean: each is put into a `.gitattributes` file, and git is asked."""

import random
import subprocess
import sys
from datetime import date

import pytest

from alikey_hook.allowlist.match import Allowlist, Entry, covers
from alikey_hook.finding import fingerprint
from tests.repository import Repo

VALUE = "a value that is no credential"
NAMES = ("a", "b", "ab", "a.b", "abc", ".a", "a b")
PIECES = ("a", "b", "*", "?", "a*", "*b", "?b", "a?c", "*.*", ".*", "*a*", "**", "**", "a b")
PATHS = sorted({"/".join(parts) for depth in (1, 2, 3, 4) for parts in [random.Random(f"{depth}").choices(NAMES, k=depth)]})


def entry(*paths: str, **changes: object) -> Entry:
    return Entry(fingerprint(VALUE), "example", "a test", paths, None)._replace(**changes)  # type: ignore[arg-type]


def matching(repo: Repo, patterns: list[str], paths: list[str]) -> set[tuple[str, str]]:
    """Which pattern matches which path, by git."""
    quoted = (pattern.replace("\\", "\\\\") for pattern in patterns)
    rules = "".join(f'"/{pattern}" m{number}\n' for number, pattern in enumerate(quoted))
    repo.write(".gitattributes", rules)
    answer = repo.git("check-attr", "--all", "--stdin", "-z", stdin="\0".join(paths).encode() + b"\0")
    fields = answer.split("\0")[:-1]
    return {(patterns[int(name[1:])], path) for path, name in zip(fields[::3], fields[1::3], strict=True)}


def ours(patterns: list[str], paths: list[str]) -> set[tuple[str, str]]:
    return {(pattern, path) for pattern in patterns for path in paths if covers(entry(pattern), path)}


def drawn_paths(rng: random.Random, count: int) -> list[str]:
    return sorted({"/".join(rng.choices(NAMES, k=rng.randrange(1, 5))) for _ in range(count)})


def test_patterns_mean_what_they_mean_to_git(repo: Repo) -> None:
    rng = random.Random("patterns")
    patterns = sorted({"/".join(rng.choices(PIECES, k=rng.randrange(1, 5))) for _ in range(400)})
    paths = drawn_paths(rng, 400)
    expected = matching(repo, patterns, paths)
    assert len(expected) > 1000
    assert ours(patterns, paths) == expected


@pytest.mark.parametrize("pattern", ["a**b", "**b", "***", "a/***/b", "[ab]", "[a-c]*", "[!a]", "\\*"])
def test_rarer_patterns_mean_what_they_mean_to_git(repo: Repo, pattern: str) -> None:
    paths = [*drawn_paths(random.Random("paths"), 300), "*", "a?", "[", "a[b", "***"]
    assert ours([pattern], paths) == matching(repo, [pattern], paths)


def test_sets_and_escapes_mean_what_they_mean_to_git(repo: Repo) -> None:
    rng = random.Random("sets")
    sets = [
        "[a]",
        "[!a]",
        "[^a-c]",
        "[a-c]",
        "[c-a]",
        "[]a]",
        "[!]a]",
        "[a-]",
        "[-a]",
        "[]-a]",
        "[\\]]",
        "[a\\]b]",
        "[\\a-\\c]",
    ]
    pieces = [*sets, "[", "]", "[!]", "!", "-", "\\", "\\a", "a", "b", "?", "*"]
    patterns = sorted({"".join(rng.choices(pieces, k=rng.randrange(1, 4))) for _ in range(200)} | set(pieces))
    paths = sorted({"".join(rng.choices("abc-][!^\\", k=rng.randrange(1, 4))) for _ in range(150)} | {"a/b", "a/-"})
    expected = matching(repo, patterns, paths)
    assert len(expected) > 500
    assert ours(patterns, paths) == expected


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        pytest.param("示例/*.py", "示例/一.py", id="Chinese"),
        pytest.param("a/**", "a/b\nc", id="a line feed in a name"),
        pytest.param("a+(b).{c}$", "a+(b).{c}$", id="what is special in regular expressions"),
        pytest.param("/a", "a", id="a slash in front"),
        pytest.param("[Xa]", "X", id="a set that begins with X"),
        pytest.param("XX/a", "XX/a", id="only a slash in front is nothing"),
        pytest.param("[\n-\r]", "\n", id="a line feed in a set"),
        pytest.param("\\\n", "\n", id="an escaped line feed"),
    ],
)
def test_a_pattern_covers(pattern: str, path: str) -> None:
    assert covers(entry(pattern), path)


# Documented (gitignore: «other consecutive asterisks are considered regular asterisks»), and wrong in git before 2.41.
@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [("a**", "abc", True), ("a**", "a/b", False), ("a**/b", "abc/b", True), ("a**/b", "ab", False), ("a**/b", "a/a/b", False)],
)
def test_two_stars_that_are_no_whole_name_are_one(pattern: str, path: str, covered: bool) -> None:
    assert covers(entry(pattern), path) == covered


@pytest.mark.parametrize("pattern", ["**/" * 30 + "b", "*a" * 30 + "b", "**a" * 30 + "b", "?*" * 30 + "b"])
def test_many_stars_are_matched_in_no_time(pattern: str) -> None:
    path = "a/" * 20 + "a" * 100 + "c"
    code = (
        "import sys; from alikey_hook.allowlist.match import Entry, covers\n"
        "print(covers(Entry('', '', '', (sys.argv[1],), None), sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", code, pattern, path], capture_output=True, text=True, timeout=5)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_of_several_entries_the_valid_one_decides_and_leaked_before_all() -> None:
    today = date(2026, 11, 25)
    over, valid = entry(expires_on=date(2026, 11, 24)), entry("a/*", expires_on=today)
    leaked = entry("a/b", status="leaked")
    for listed in ([over, valid, leaked], [leaked, valid, over]):
        known = Allowlist(listed, [], today)
        assert [known.status(VALUE, path) for path in ("a/a", "a/b", "c")] == ["allowed", None, "expired"]


def test_what_decides_is_told() -> None:
    today = date(2026, 11, 25)
    over = entry("a/*", expires_on=date(2026, 11, 24), file="b.yaml", line=3)
    older = entry("a/*", expires_on=date(2026, 11, 23), file="b.yaml", line=5)
    valid = entry("a/b", file="c.yaml", line=7)
    known = Allowlist([over, older, valid], [("d", "a SHA-1")], today)
    asked = [known.decision(fingerprint(VALUE), "another SHA-1", path) for path in ("a/a", "a/b", "d")]
    assert asked == [("expired", "b.yaml:3"), ("allowed", "c.yaml:7"), (None, None)]
    assert known.decision("", "a SHA-1", "d") == ("allowed", "a detect-secrets baseline")
    assert known.decision("", "a SHA-1", "e") == (None, None)
    assert Allowlist([], [], today).decision(fingerprint(VALUE), "a SHA-1", "d") == (None, None)
    assert (len(known), len(Allowlist([], [], today))) == (4, 0)
