"""What a person sees on a terminal, and what -q and -v change."""

import pytest

from alikey_hook.report.about import HELP
from tests.baseline.commands import alikey, id_line, made, own, put
from tests.baseline.terminal import Terminal
from tests.repository import Repo

LINK = f"\x1b]8;;{HELP}\x1b\\alibaba-access-key-id\x1b]8;;\x1b\\"
NO_TERMINAL = {"VTE_VERSION": "", "WT_SESSION": "", "KONSOLE_VERSION": "", "TERM_PROGRAM": "", "TERM": "xterm"}


@pytest.mark.parametrize(
    ("env", "options", "linked", "colored"),
    [
        pytest.param({}, (), False, True, id="unknown terminal"),
        pytest.param({"VTE_VERSION": "7600"}, (), True, True, id="VTE"),
        pytest.param({"TERM_PROGRAM": "iTerm.app"}, (), True, True, id="iTerm"),
        pytest.param({"TERM_PROGRAM": "Apple_Terminal"}, (), False, True, id="Terminal of macOS"),
        pytest.param({"TERM": "xterm-kitty"}, (), True, True, id="kitty"),
        pytest.param({"WT_SESSION": "x", "NO_COLOR": "1"}, (), False, False, id="NO_COLOR"),
        pytest.param({"WT_SESSION": "x"}, ("--color=never",), False, False, id="never"),
        pytest.param({"WT_SESSION": "x", "NO_COLOR": "1"}, ("--color=always",), True, True, id="always"),
        pytest.param({"WT_SESSION": "x", "TERM": "dumb"}, (), False, False, id="dumb"),
    ],
)
def test_a_rule_is_a_link_where_the_terminal_follows_links(
    env: dict[str, str], options: tuple[str, ...], linked: bool, colored: bool, repo: Repo
) -> None:
    repo.write("a.py", id_line(1))
    with Terminal(repo, "scan", "a.py", *options, env={**NO_TERMINAL, **env}) as terminal:
        assert terminal.end()[0] == 1
    assert (LINK in terminal.raw, "\x1b]8" in terminal.raw) == (linked, linked)
    assert ("\x1b[" in terminal.raw) == colored


def test_what_is_no_terminal_gets_no_link(repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    done = alikey(repo, "scan", "a.py", "--color=always", env={"WT_SESSION": "x"})
    assert "\x1b[1m" in done.out
    assert "\x1b]8" not in done.out


@pytest.mark.parametrize(
    ("options", "shown", "said"),
    [
        pytest.param((), False, "alikey-hook: nothing leaks, 1 allowed in 2 files\n", id="as usual"),
        pytest.param(("-q",), False, "", id="quiet"),
        pytest.param(("-v",), True, "alikey-hook: nothing leaks, 1 allowed in 2 files\n", id="verbose"),
        pytest.param(("-q", "-v"), False, "alikey-hook: nothing leaks, 1 allowed in 2 files\n", id="both"),
        pytest.param(("-q", "-vv"), True, "alikey-hook: nothing leaks, 1 allowed in 2 files\n", id="more verbose than quiet"),
    ],
)
def test_quiet_and_verbose(options: tuple[str, ...], shown: bool, said: str, repo: Repo) -> None:
    repo.write("a.py", id_line(1))
    put(repo, made(1))
    done = alikey(repo, "scan", *options)
    assert (done.code, f"    allowed by {own(1)}:3\n" in done.out, done.err) == (0, shown, said)
    assert bool(done.out) == shown
