"""What SECURITY.md says of the network: the system's calls are watched."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import Repo, pair_lines
from tests.trust.wires import CLI, ID

STRACE = ("strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg")
_WORKS = shutil.which("strace") is not None and not subprocess.run([*STRACE, "true"], capture_output=True).returncode
pytestmark = [pytest.mark.once, pytest.mark.skipif(not _WORKS, reason="strace is not here, or may not watch")]


def addresses(folder: Path, where: Path, *command: str) -> tuple[int, set[str]]:
    """The exit code of a command, and the addresses of the network that it, or what it starts, calls."""
    log = folder / "calls"
    done = subprocess.run([*STRACE, "-o", str(log), *command], cwd=where, stdin=subprocess.DEVNULL, capture_output=True)
    calls = [line for line in log.read_text("utf-8", "replace").splitlines() if "AF_INET" in line]
    return done.returncode, set(re.findall(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"', "\n".join(calls)))


@pytest.fixture
def leaky(repo: Repo) -> Repo:
    repo.stage("app.py", pair_lines(1))
    repo.commit()
    repo.stage("app.py", pair_lines(1) + pair_lines(2))
    repo.git("remote", "add", "origin", "https://192.0.2.1/repo.git")  # an address of nobody (RFC 5737)
    return repo


def test_a_call_of_the_network_is_seen(leaky: Repo, tmp_path: Path) -> None:
    probe = "import socket; s = socket.socket(); s.settimeout(0.1); s.connect(('127.0.0.1', 9))"
    assert addresses(tmp_path, leaky.top, sys.executable, "-c", probe) == (1, {"127.0.0.1"})
    git = ("-c", "http.lowSpeedTime=1", "ls-remote", "http://127.0.0.1:9/x")
    assert addresses(tmp_path, leaky.top, "git", *git)[1] == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("code", "command"),
    [
        (1, "hook"),
        (1, "hook --format html"),
        (1, "scan"),
        (1, "scan --commits HEAD"),
        (1, "scan --history --all-objects"),
        (1, f"respond {ID}"),
        (0, "baseline check"),
        (0, "baseline export"),
        (1, "doctor"),
        (0, "rules"),
        (2, "frob"),
    ],
)
def test_nothing_is_sent(leaky: Repo, tmp_path: Path, code: int, command: str) -> None:
    assert addresses(tmp_path, leaky.top, *CLI, *command.split()) == (code, set())


def test_what_asks_the_remote_asks_the_remote(leaky: Repo, tmp_path: Path) -> None:
    leaky.git("remote", "set-url", "origin", "http://127.0.0.1:9/repo.git")
    code, asked = addresses(tmp_path, leaky.top, *CLI, "respond", ID, "--ask-remote")
    assert (code, asked) == (2, {"127.0.0.1"})


def test_an_audit_of_this_machine_stays_on_it(leaky: Repo, tmp_path: Path) -> None:
    audit = ("audit", ".", "--workers", "1", "--cache", str(tmp_path / "cache"))
    code, asked = addresses(tmp_path, leaky.top, *CLI, *audit)
    assert (code, {address for address in asked if not address.startswith("127.") and address != "::1"}) == (1, set())
