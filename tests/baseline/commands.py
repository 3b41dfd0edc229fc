"""`alikey-hook baseline` as scripts call it, and repositories that hold something to allow."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, timezone
from pathlib import Path
from typing import NamedTuple

from alikey_hook.allowlist import edit
from alikey_hook.allowlist.match import Entry
from alikey_hook.allowlist.parse import parse
from alikey_hook.finding import fingerprint
from tests.keys import access_key_id, legacy_id, secret
from tests.repository import Repo

TODAY = date(2026, 11, 25)
REVIEWER = "A Tester <tester@example.com>"
CLI = (sys.executable, "-m", "alikey_hook")
SEEDS = range(60)
VALUES = frozenset(value.encode() for seed in SEEDS for value in (access_key_id(seed), legacy_id(seed), secret(seed)))


class Done(NamedTuple):
    """What a command did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def alikey(
    repo: Repo, *args: str | bytes, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: str = "", **options: object
) -> Done:
    """`alikey-hook` on the 25th of November 2026; nothing that it prints holds a value of the tests."""
    variables = {**os.environ, "SOURCE_DATE_EPOCH": noon(TODAY), **(env or {})}
    done = subprocess.run(
        [*CLI, *args],
        cwd=repo.top / cwd,
        env=variables,
        input=stdin,
        capture_output=True,
        timeout=60,
        **options,  # type: ignore[call-overload]
    )
    assert_no_value_in(done.stdout + done.stderr)
    return Done(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "surrogateescape"))


def baseline(repo: Repo, *args: str | bytes, stdin: str = "", env: Mapping[str, str] | None = None, cwd: str = "") -> Done:
    """`alikey-hook baseline`."""
    return alikey(repo, "baseline", *args, stdin=stdin.encode(), env=env, cwd=cwd)


def allow(repo: Repo, value: str, *options: str, status: str = "test-fixture", reason: str = "a test") -> str:
    """Record an exception of a value; gives the path of its file, from the top of the repository."""
    done = baseline(repo, "allow", fingerprint(value), "--status", status, "--reason", reason, *options)
    assert done.code == 0, done.err
    return done.out.split(" records it")[0]


def put(repo: Repo, *listed: Entry) -> None:
    """Write exceptions into their files, as `allow` does, but faster."""
    for entry in listed:
        path = repo.top / entry.file
        content = path.read_bytes() if path.exists() else b""
        repo.write(entry.file, edit.inserted(content, entry.file, entry))


def noon(day: date) -> str:
    """Noon of a day in UTC, in seconds since 1970."""
    return str(int(datetime(day.year, day.month, day.day, 12, tzinfo=timezone.utc).timestamp()))


def assert_no_value_in(output: bytes) -> None:
    """No value of the tests stands in what a command printed."""
    assert not [value for value in VALUES if value in output], "a value was printed"


def id_line(seed: int) -> str:
    """A line that assigns an AccessKey ID."""
    return f'access_key_id = "{access_key_id(seed)}"\n'


def id_print(seed: int) -> str:
    """The fingerprint of an AccessKey ID."""
    return fingerprint(access_key_id(seed))


def own(seed: int) -> str:
    """The file that an AccessKey ID's exception goes into where none is named."""
    return f"baseline/alikey-{id_print(seed).removeprefix('sha256:')[:8]}.yaml"


def recorded(repo: Repo, *files: str) -> list[Entry]:
    """The entries of these baseline files, or of all that are read without being named; without the lines they stand in."""
    paths = [repo.top / file for file in files] or sorted((repo.top / "baseline").glob("alikey*.yaml"))
    return [entry._replace(line=0) for path in paths for entry in parse(path.read_bytes(), relative(repo, path))]


def relative(repo: Repo, path: Path) -> str:
    """A path from the top of the repository."""
    return path.relative_to(repo.top).as_posix()


def made(seed: int, file: str = "", **changes: object) -> Entry:
    """What `allow` and `review` record of an AccessKey ID that is found."""
    value = access_key_id(seed)
    redacted = f"{value[:8]}…{value[-4:]}"
    entry = Entry(
        fingerprint=fingerprint(value),
        status="test-fixture",
        reason="a test",
        paths=(),
        expires_on=None,
        file=file or own(seed),
        rule="alibaba-access-key-id",
        redacted=redacted,
        reviewed_by=REVIEWER,
        reviewed_on=TODAY,
    )
    return entry._replace(**changes)  # type: ignore[arg-type]


def statuses(repo: Repo, *args: str, cwd: str = "") -> tuple[int, list[tuple[str, int, str]]]:
    """What `alikey-hook` with JSON says: exit code and (path, line, status) of every finding."""
    done = alikey(repo, *args, "--format", "json", cwd=cwd)
    findings = json.loads(done.out)["findings"] if done.out else []
    return done.code, [(finding["path"], finding["line"], finding["status"]) for finding in findings]
