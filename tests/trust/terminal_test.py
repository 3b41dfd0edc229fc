"""What a repository says never acts on a terminal, reorders a line, or becomes markup: every output of every command."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keys import access_key_id
from tests.repository import new_repository, pair_lines
from tests.trust.wires import ID, Marks, Trap, at_home

pytestmark = pytest.mark.once

# Clears the screen, sets the title, writes to the clipboard, reorders what follows, begins a new line.
EVIL = "\x1b[2J\x1b]0;t\x07\x1b]52;c;AAAA\x07\u202e\u2066\x9b31m\r\x7f"
IN_REF = "\u202e\u2066\x9b31m"  # git takes no C0 control characters in names of refs
MARKUP = "<img src=x onerror=alert(1)>|`$(x)`"
NAME = f"a{EVIL}{MARKUP}".replace("/", "")


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    folder = tmp_path_factory.mktemp("painted")
    with at_home(folder / "home"):
        yield painted_in(folder)


def painted_in(tmp_path: Path) -> Trap:
    """A repository in which everything that somebody names is evil."""
    repo = new_repository(tmp_path / "repo")
    repo.git("config", "user.name", f"Mallory{EVIL}")
    repo.git("config", "user.email", f"m{IN_REF}@example.com")
    repo.git("config", f"remote.o{IN_REF}.url", str(tmp_path / f"gone{EVIL}"))
    repo.stage(f"{NAME}.py", f"# {EVIL}{MARKUP}\n" + pair_lines(1).replace("\n", f" # {EVIL}{MARKUP}\n"))
    repo.stage(f"clean{EVIL}.txt", "nothing\n")
    repo.git("commit", "--quiet", "--no-verify", "-m", f"a {EVIL}{MARKUP}\n\n{pair_lines(3)}")
    repo.git("branch", f"b{IN_REF}")
    repo.git("tag", "-m", f"a {EVIL}\n\n{pair_lines(4)}", f"t{IN_REF}")
    repo.git("update-ref", f"refs/remotes/o{IN_REF}/main", "HEAD")
    prints = [one["fingerprint"] for one in json.loads(repo.scan("--format", "json").stdout)["findings"]]
    repo.write(
        f"baseline/alikey{EVIL}.yaml",
        "version: 1\nallow:\n"
        + "".join(
            f"  - fingerprint: {one}\n    status: example\n    reason: {json.dumps('r' + EVIL + MARKUP)}\n"
            f"    reviewed_by: {json.dumps('w' + EVIL)}\n    paths: [{json.dumps('x' + EVIL)}]\n    expires_on: 2026-01-01\n"
            for one in sorted(prints)
        ),
    )
    repo.stage(f"{NAME}2.py", pair_lines(2))
    return Trap(repo, Marks(tmp_path / "marks"), "")


OTHER = access_key_id(2)
TEXTS: dict[str, tuple[tuple[str, ...], str]] = {
    "hook": (("hook",), ""),
    "hook --debug": (("hook", "--debug", "--", f"{NAME}.py"), ""),
    "hook, an evil option": (("hook", f"--{EVIL}"), ""),
    "an evil argument": (("baseline", "list", f"{EVIL}"), ""),
    "an evil choice": (("scan", "--format", EVIL), ""),
    "an evil command": ((f"x{EVIL}",), ""),
    "scan": (("scan", "-v"), ""),
    "scan in Chinese": (("scan", "-v", "--lang", "zh"), ""),
    "scan of what is not there": (("scan", f"none{EVIL}"), ""),
    "scan --commits": (("scan", "--commits", f"b{IN_REF}"), ""),
    "scan --commits of what is none": (("scan", "--commits", f"none{EVIL}..HEAD"), ""),
    "scan --history": (("scan", "--history"), ""),
    "scan with an evil baseline": (("scan", "--baseline", f"none{EVIL}.yaml"), ""),
    "scan --output": (("scan", "--output", f"none{EVIL}/x"), ""),
    "github": (("scan", "--history", "--format", "github"), ""),
    "json": (("scan", "--history", "--format", "json"), ""),
    "sarif": (("scan", "--history", "--format", "sarif"), ""),
    "gitlab": (("scan", "--history", "--format", "gitlab"), ""),
    "html": (("scan", "--history", "--format", "html"), ""),
    "baseline list": (("baseline", "list"), ""),
    "baseline check": (("baseline", "check"), ""),
    "baseline prune": (("baseline", "prune"), ""),
    "baseline review": (("baseline", "review"), f"e\n{EVIL}\nx{EVIL}\nnever{EVIL}\n\nb\nq\n"),
    "baseline allow": (
        ("baseline", "allow", ID, "--status", "example", "--reason", f"a{EVIL}", "--file", f"baseline/x{EVIL}.yaml"),
        "",
    ),
    "respond": (("respond", ID), ""),
    "respond --ask-remote": (("respond", ID, "--ask-remote"), ""),
    "respond in Markdown": (("respond", ID, "--format", "markdown"), ""),
    "respond in JSON": (("respond", ID, "--format", "json"), ""),
    "doctor": (("doctor",), ""),
    "audit": (("audit", f".{os.sep}", f"none{EVIL}", "--workers", "1", "--cache", "../cache"), ""),
    "pre-push": (("hook", "--stage", "pre-push", f"o{IN_REF}", f"u{EVIL}"), "x y z\n"),
    "pre-push elsewhere": (("hook", "--stage", "pre-push", "o", f"https://x{EVIL}", "--allowed-remote", f"y{EVIL}"), ""),
}


def acting(text: str) -> set[str]:
    """The characters in a text that act on a terminal or on the order of a line."""
    return {character for character in text if unicodedata.category(character) in ("Cc", "Cf") and character != "\n"}


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_acts(painted: Trap, name: str) -> None:
    arguments, stdin = TEXTS[name]
    done = painted.run(*arguments, stdin=stdin)
    assert done.stdout or done.stderr
    assert (acting(done.stdout), acting(done.stderr)) == (set(), set())
    assert done.returncode in (0, 1, 2), done.stderr


def test_git_itself_prints_some_of_it_as_it_is(painted: Trap) -> None:
    assert {"\x1b", "\u202e"} <= acting(painted.repo.git("log", "-p", "--format=%an %s", "--no-color"))
    assert "\u202e" in acting(painted.repo.git("branch", "--list"))


def test_a_page_and_a_record_hold_no_markup_of_the_repository(painted: Trap) -> None:
    page = painted.run("scan", "--history", "--format", "html").stdout
    assert "onerror=alert" in page, "it is shown"
    assert "<img" not in page
    record = painted.run("respond", ID, "--format", "markdown").stdout
    assert not re.search(r"(?m)^(?!.*`).*<img", record)


def test_json_is_ascii(painted: Trap) -> None:
    for arguments in (("scan", "--format", "json"), ("scan", "--format", "sarif"), ("baseline", "list", "--format", "json")):
        assert painted.run(*arguments).stdout.isascii()
