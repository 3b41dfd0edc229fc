"""Nothing that a repository's configuration names is run: each wire is shown to trip with git, then all of them with us."""

import os
import pty
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository import pair_lines
from tests.trust.wires import CLI, ID, Marks, Naive, Trap, at_home, git, touched, trap

pytestmark = pytest.mark.once

WIRES: dict[str, Naive] = {
    "core.fsmonitor": git("status"),
    "diff.external": git("diff", "HEAD", "--", "plain.py"),
    "diff.driver.command": git("diff", "HEAD", "--", "a.drv"),
    "diff.conv.textconv": git("log", "-p", "--no-ext-diff", "--", "a.cnv"),
    "filter.cleaner.clean": touched("add", "a.cln"),
    "filter.cleaner.smudge": git("cat-file", "--filters", "HEAD:a.cln"),
    "filter.long.process": git("cat-file", "--filters", "HEAD:a.lng"),
    "gpg.program": git("log", "-1"),
    "credential.helper": git("credential", "fill", stdin=b"protocol=https\nhost=x\n\n"),
    "core.askPass": git("-c", "credential.helper=", "credential", "fill", stdin=b"protocol=https\nhost=x\n\n"),
    "core.editor": git("commit", "--allow-empty", "--no-verify"),
    "core.sshCommand": git("ls-remote", "origin"),
    "alias": git("wired"),
    "post-index-change": touched("update-index", "--refresh"),
    "reference-transaction": git("update-ref", "refs/heads/new", "HEAD"),
    "pre-commit": git("commit", "-m", "x"),
    "submodule.fsmonitor": git("status"),
}


def message(trap: Trap) -> str:
    path = trap.repo.top.parent / "message"
    path.write_text(f"a message\n\n{pair_lines(3)}", "utf-8")
    return str(path)


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    folder = tmp_path_factory.mktemp("wired")
    with at_home(folder / "home"), pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_TERMINAL_PROMPT", "1")
        yield trap(folder)


@pytest.mark.parametrize("wire", WIRES)
def test_git_trips_the_wire(wired: Trap, wire: str) -> None:
    wired.marks.taken()
    WIRES[wire](wired)
    assert wire in wired.marks.taken()


def test_git_s_pager_trips_the_wire(wired: Trap) -> None:
    wired.marks.taken()
    assert "core.pager" in watched(wired, "git", "-c", "log.showSignature=false", "log")


def watched(wired: Trap, *command: str) -> set[str]:
    """The wires that a command trips whose output a terminal shows."""
    leader, terminal = pty.openpty()
    try:
        subprocess.run(command, cwd=wired.repo.top, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal, timeout=60)
    finally:
        os.close(terminal)
        os.close(leader)
    return wired.marks.taken()


ZEROS = "0" * 40
COMMANDS = {
    "hook": (1, ("hook",), ""),
    "hook, named files whole": (1, ("hook", "--", "plain.py", "settings"), ""),
    "hook, pre-push": (1, ("hook", "--stage", "pre-push", "origin", "x"), "refs/heads/main {leak} refs/heads/main " + ZEROS),
    "hook, pre-receive": (0, ("hook", "--stage", "pre-receive"), ZEROS + " {leak} refs/heads/main"),
    "hook, commit-msg": (1, ("hook", "--stage", "commit-msg", "{message}"), ""),
    "scan": (1, ("scan",), ""),
    "scan of a submodule": (0, ("scan", "module"), ""),
    "scan --staged": (1, ("scan", "--staged"), ""),
    "scan --commits": (1, ("scan", "--commits", "HEAD", "--format", "sarif"), ""),
    "scan --history": (1, ("scan", "--history", "--all-objects", "--format", "html"), ""),
    "baseline list": (0, ("baseline", "list"), ""),
    "baseline check": (0, ("baseline", "check", "--history"), ""),
    "baseline prune": (0, ("baseline", "prune"), ""),
    "baseline review": (1, ("baseline", "review", "--staged"), "s\ns\n"),
    "baseline export": (0, ("baseline", "export"), ""),
    "respond": (1, ("respond", ID), ""),
    "respond --ask-remote": (2, ("respond", ID, "--ask-remote"), ""),
    "audit of a path": (1, ("audit", ".", "--cache", "{cache}", "--workers", "1"), ""),
    "audit of an address": (1, ("audit", "file://{top}", "--cache", "{cache}", "--workers", "1"), ""),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_we_trip_none(wired: Trap, name: str) -> None:
    code, arguments, stdin = COMMANDS[name]
    known = {"top": wired.repo.top, "cache": wired.repo.top.parent / "cache", "leak": wired.leak, "message": message(wired)}
    wired.marks.taken()
    given = [argument.format(**known) for argument in arguments]
    done = wired.run(*given, stdin=stdin.format(**known) + "\n" if stdin else "", env={"GIT_EXTERNAL_DIFF": external(wired)})
    assert (done.returncode, wired.marks.taken()) == (code, set()), done.stderr


def external(wired: Trap) -> str:
    return wired.marks.program("GIT_EXTERNAL_DIFF")


def test_git_trips_the_environment_s_wire(wired: Trap) -> None:
    wired.repo.attempt("diff", "HEAD", env={"GIT_EXTERNAL_DIFF": external(wired)})
    assert "GIT_EXTERNAL_DIFF" in wired.marks.taken()


def test_we_trip_none_before_a_terminal(wired: Trap) -> None:
    wired.marks.taken()
    for arguments in (("scan", "--staged"), ("scan", "--history"), ("respond", ID)):
        assert watched(wired, *CLI, *arguments) == set()


@pytest.mark.gives_away  # the doctor tries the hook in a copy, which it takes away again
def test_the_doctor_runs_the_hook_that_it_tries_and_nothing_else(wired: Trap) -> None:
    hook = wired.repo.top / ".wired" / "pre-commit"
    before = hook.read_text("utf-8")
    hook.write_text(f"#!/bin/sh\nexec {shlex.join([sys.executable, '-m', 'alikey_hook', 'hook'])}\n", "utf-8")
    # So that what is staged for the trial goes through filters, if anything does.
    (wired.repo.top / ".gitattributes").write_text("* filter=cleaner\n", "utf-8")
    try:
        wired.marks.taken()
        done = wired.run("doctor")
    finally:
        hook.write_text(before, "utf-8")
        (wired.repo.top / ".gitattributes").unlink()
    assert wired.marks.taken() == set()
    assert (done.returncode, "a made-up AccessKey was refused" in done.stdout) == (0, True), done.stdout


def test_a_refused_remote_is_told_with_the_setting(wired: Trap) -> None:
    done = wired.run("respond", ID, "--ask-remote")
    assert done.stderr.startswith("alikey-hook: this repository's own configuration has git run a program to reach a remote (")
    assert "core.sshcommand" in done.stderr
    assert "help: " in done.stderr


def test_marks_are_made_by_whoever_runs_the_program(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "marks")
    subprocess.run([marks.program("one")], stdin=subprocess.DEVNULL, check=True)
    assert (marks.taken(), marks.taken()) == ({"one"}, set())
