"""A real detect-secrets that knows us, and a repository to run it in."""

import json
import os
import select
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

from tests.keys import pair
from tests.repository import Repo

OURS = "Alibaba Cloud "
ID_TYPE, SECRET_TYPE = "Alibaba Cloud AccessKey ID", "Alibaba Cloud AccessKey Secret"
PLUGINS = (
    "AlibabaCloudAccessKeyIdDetector",
    "AlibabaCloudAccessKeySecretDetector",
    "AlibabaCloudApiKeyDetector",
    "AlibabaCloudStsTokenDetector",
)
BASELINE = ".secrets.baseline"
_PROMPT = b"(q)uit: "
_SECONDS = 60


class Entry(NamedTuple):
    """One of our findings in a baseline."""

    path: str
    line: int
    type: str


class Done(NamedTuple):
    """How a program ended, and what it printed."""

    code: int
    out: str
    err: str


class Host(NamedTuple):
    """detect-secrets of a virtual environment, by its `bin`, run in a repository."""

    programs: Path
    repo: Repo

    def run(self, program: str, *args: str, stdin: str = "") -> Done:
        """A program of the environment."""
        done = subprocess.run(
            [self.programs / program, *args], cwd=self.repo.top, input=stdin, capture_output=True, text=True, timeout=_SECONDS
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def scan(self, *args: str) -> dict[str, Any]:
        """The baseline that `detect-secrets scan` prints."""
        done = self.run("detect-secrets", "scan", *args)
        assert (done.code, done.err) == (0, ""), done.err
        return dict(json.loads(done.out))

    def take_baseline(self, *args: str) -> dict[str, Any]:
        """Scan, write the baseline and stage it, as the hook wants it."""
        made = self.scan(*args)
        self.write_baseline(made)
        return made

    def write_baseline(self, baseline: dict[str, Any]) -> None:
        """Write a baseline and stage it."""
        self.repo.stage(BASELINE, json.dumps(baseline, indent=2) + "\n")

    def baseline(self) -> dict[str, Any]:
        """The baseline of the working tree."""
        return dict(json.loads((self.repo.top / BASELINE).read_text()))

    def hook(self, *args: str) -> Done:
        """`detect-secrets-hook`."""
        return self.run("detect-secrets-hook", *args)

    def scan_started_by(self, method: str) -> dict[str, Any]:
        """`detect-secrets scan` whose processes are started by `fork`, `spawn` or `forkserver`."""
        started = f"import multiprocessing, sys; multiprocessing.set_start_method({method!r}); "
        done = self.run("python", "-c", started + "from detect_secrets.main import main; sys.exit(main(['scan']))")
        assert (done.code, done.err) == (0, ""), done.err
        return dict(json.loads(done.out))

    def audit(self, *answers: str) -> Done:
        """`detect-secrets audit` in a pseudo-terminal; each question gets the next answer, and `q` where none is left."""
        terminal, inner = os.openpty()
        command = [str(self.programs / "detect-secrets"), "audit", BASELINE]
        process = subprocess.Popen(
            command,
            cwd=self.repo.top,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={**os.environ, "TERM": "xterm"},
            start_new_session=True,
        )
        os.close(inner)
        try:
            shown = _answered(terminal, list(answers))
            return Done(process.wait(_SECONDS), shown, "")
        finally:
            os.close(terminal)
            process.kill()
            process.wait()


def _answered(terminal: int, answers: list[str]) -> str:
    shown, seen, end = b"", 0, time.monotonic() + _SECONDS
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            part = os.read(terminal, 65536)
        except OSError:  # how Linux tells that nobody has the other end any more
            break
        if not part:
            break
        shown += part
        while (at := shown.find(_PROMPT, seen)) >= 0:
            seen = at + len(_PROMPT)
            os.write(terminal, (answers.pop(0) if answers else "q").encode() + b"\n")
    return shown.decode("utf-8", "replace")


def entries(baseline: dict[str, Any]) -> list[Entry]:
    """Our findings in a baseline, in its order."""
    return [
        Entry(path, found["line_number"], found["type"])
        for path, all_found in baseline["results"].items()
        for found in all_found
        if found["type"].startswith(OURS)
    ]


def pair_entries(path: str, id_line: int, secret_line: int) -> list[Entry]:
    """What a baseline holds of a pair; in one line, in the order of detect-secrets, which sorts by hash."""
    found = [Entry(path, id_line, ID_TYPE), Entry(path, secret_line, SECRET_TYPE)]
    return sorted(found, key=lambda entry: entry.line)


def filled(text: str, seed: int = 1) -> str:
    """The text with `ID` and `SECRET` between `«` and `»` replaced by a pair."""
    key_id, key_secret = pair(seed)
    return text.replace("«ID»", key_id).replace("«SECRET»", key_secret)
