"""What is kept in files: baselines, reports, caches, journals. What is read is written and read again as the same."""

import atexit
import datetime
import hashlib
import json as jsons
import shutil
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from alikey_hook.allowlist import edit
from alikey_hook.allowlist.glob import matches
from alikey_hook.allowlist.match import STATUSES, Allowlist, Entry
from alikey_hook.allowlist.parse import audited, parse, parse_detect_secrets
from alikey_hook.audit.journal import Journal
from alikey_hook.audit.outcome import Outcome, as_fields, lost, merged
from alikey_hook.audit.sources import PROTOCOLS, sources
from alikey_hook.audit.terms import Terms
from alikey_hook.errors import UserError
from alikey_hook.finding import Finding
from alikey_hook.history import cache as caches
from alikey_hook.history.worker import Done
from alikey_hook.report import github, gitlab, json, sarif, text
from alikey_hook.report.html import page
from alikey_hook.report.read import read
from tests.fuzz.altering import altered
from tests.fuzz.drawing import Bytes

_NAME = "baseline/alikey.yaml"
_DAY = datetime.date(2026, 11, 25)
_TERMS = Terms("", PROTOCOLS, "medium", True, False, True, 1, 1, 1.0)


def _plain(entries: Iterable[Entry]) -> list[Entry]:
    # Where a text ends with the file, a line feed behind it belongs to the text, whoever adds one.
    return sorted(entry._replace(file="", line=0, reason=entry.reason.rstrip("\n")) for entry in entries)


def _parsed(content: bytes) -> list[Entry] | None:
    """The entries; None where the file is refused, which names file and line."""
    try:
        return parse(content, _NAME)
    except UserError as error:
        assert error.message.startswith(f"{_NAME}:"), "which line?"
        assert error.message.split(":")[1].isdecimal(), "which line?"
        return None


def baseline(data: bytes) -> None:
    """A baseline of any bytes is refused, or what it says can be written, edited and read again."""
    entries = _parsed(data)
    if entries is None:
        return
    written = b"version: 1\nallow:\n" + "".join(map(edit.written, entries)).encode() if entries else b"version: 1\n"
    assert _plain(parse(written, _NAME)) == _plain(entries), "what is written is read otherwise"
    new = Entry("sha256:" + "5" * 64, "example", "new", (), None)
    others = [entry for entry in _plain(entries) if (entry.fingerprint, entry.paths) != (new.fingerprint, new.paths)]
    edited = _edited(lambda: edit.inserted(data, _NAME, new))
    if edited is not None:
        assert _plain(parse(edited, _NAME)) == _plain([*others, new]), "another entry was changed"
    gone = {(entry.fingerprint, entry.paths) for entry in entries[:1]}
    edited = _edited(lambda: edit.removed(data, _NAME, gone))
    if edited is not None:
        left = [entry for entry in _plain(entries) if (entry.fingerprint, entry.paths) not in gone]
        assert _plain(parse(edited, _NAME)) == left, "another entry was changed"
    allowlist = Allowlist(entries, [], _DAY)
    for entry in entries:
        status, by = allowlist.decision(entry.fingerprint, "", "src/app.py")
        assert status in (None, "allowed", "expired")
        assert (status is None) == (by is None)


def _edited(change: Callable[[], bytes]) -> bytes | None:
    """The file afterwards; None where no program can edit it, which is told."""
    try:
        return change()
    except UserError as error:
        assert error.message.startswith(f"{_NAME}:"), "which line?"
        return None


def entries(data: bytes) -> None:
    """Entries with any texts in them are read back as they were."""
    drawn = Bytes(data)
    known: dict[tuple[str, tuple[str, ...]], Entry] = {}
    content = b""
    for _ in range(1 + drawn.number(4)):
        entry = _entry(drawn)
        content = edit.inserted(content, _NAME, entry)
        known[entry.fingerprint, entry.paths] = entry
        assert _plain(parse(content, _NAME)) == _plain(known.values()), "what is written is read otherwise"
    assert edit.removed(content, _NAME, set(known)) == b"version: 1\nallow: []\n"
    for pattern in (data.decode("utf-8", "replace"), drawn.text(20)):
        matches(pattern[:60], drawn.text(60))


def _entry(drawn: Bytes) -> Entry:
    def text(otherwise: str) -> str:  # a lone surrogate is no character
        said = drawn.take(40).decode("utf-8", "replace")
        return said if said.strip() else otherwise

    return Entry(
        fingerprint="sha256:" + drawn.choice("0123456789abcdef") * 64,
        status=drawn.choice(STATUSES),
        reason=text("a reason"),
        paths=tuple(sorted(text("a/**") for _ in range(drawn.number(3)))),
        expires_on=drawn.choice((None, _DAY)),
        rule=text(""),
        redacted=text(""),
        reviewed_by=text(""),
        reviewed_on=drawn.choice((None, _DAY)),
    )


def detect_secrets(data: bytes) -> None:
    """A baseline of detect-secrets."""
    try:
        labelled = audited(data, _NAME)
    except UserError:
        return
    allowed = parse_detect_secrets(data, _NAME)
    assert allowed == [(path, hashed) for path, hashed, verdict in labelled if verdict is False]
    Allowlist([], allowed, _DAY).decision("", "", "")


_RENDERERS = (json.render, sarif.render, github.render, gitlab.render, page.render)


def report_fields(data: bytes) -> None:
    """A report with a few values that are not what they should be."""
    from tests.fuzz.seeds import reports

    report(altered(data, reports()))


def report(data: bytes) -> None:
    """A report of any bytes is refused, or every format can show it, and JSON loses nothing."""
    from tests.report.samples import ABOUT

    try:
        result, origin = read(data.decode("utf-8", "surrogateescape"))
    except UserError as error:
        assert error.message.isprintable(), "what is told of a report may act on a terminal"
        return
    about = ABOUT._replace(origin=origin)
    for render in _RENDERERS:
        render(result, about)
    for line in text.render(result, "en", False, True, False).split("\n"):
        assert line.isprintable(), "what a report holds may act on a terminal"
    back, again = read(json.render(result, about))
    # In an audit the places of one value stand together.
    assert sorted(map(repr, back.findings)) == sorted(map(repr, result.findings))
    assert (back.files, back.bytes, again) == (result.files, result.bytes, origin)


@cache
def _folder() -> Path:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def empty_cache() -> caches.Cache:
    """A cache that knows nothing."""
    made = caches.Cache.__new__(caches.Cache)
    made._forget()
    return made


def signed(body: bytes) -> bytes:
    """A cache's file with its checksum right."""
    return caches._MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def cache_file(data: bytes) -> None:
    """A cache of any bytes is not used, or it can be asked and written again."""
    for content in (data, signed(data)):
        made = empty_cache()
        try:
            made._parse(content)
        except caches._BROKEN:
            assert not (made.clean or made.findings or made._walks), "a part of a broken cache is used"
            continue
        assert not made.knows("a" * 40) or bytes.fromhex("a" * 40) in made.clean or "a" * 40 in made.findings
        for state in made._walks:
            made.walk(state)
        again = empty_cache()
        again._parse(made._written())
        assert (again.clean, again.findings) == (made.clean, made.findings), "what is written is read otherwise"
    _kept(data)


def cache_fields(data: bytes) -> None:
    """A cache whose first line has a few values that are not what they should be."""
    from tests.fuzz.seeds import caches as sound

    cache_file(altered(data, [head.partition(b"\n")[0] for head in sound()]) + b"\n" + b"\1" * 32)


def _kept(data: bytes) -> None:
    """What a cache is told is what it tells."""
    names = [data[at : at + 20].hex() for at in range(0, len(data) - 19, 20)][:5]
    made = empty_cache()
    made.add(Done(names, {}, 0, []))
    again = empty_cache()
    again._parse(made._written())
    assert again.clean == made.clean
    assert all(again.knows(name) for name in names)


def journal(data: bytes) -> None:
    """A journal of any bytes: the lines that are whole count, and what is written behind them is read."""
    path = _folder() / "audit.jsonl"
    path.unlink(missing_ok=True)
    first = Journal(str(_folder()), _TERMS, resume=False)
    first.close()
    with open(path, "ab") as file:
        file.write(data)
    outcome = Outcome("the last one", [], 3, 4)
    second = Journal(str(_folder()), _TERMS, resume=True)
    second.add(outcome)
    known = {name: one for name, one in second.done.items() if name != outcome.repository}
    merged(known.values())
    lost(known.values())
    second.close()
    third = Journal(str(_folder()), _TERMS, resume=True)
    third.close()
    assert third.done == {**known, outcome.repository: outcome}, "what was written down is read otherwise"
    for one in third.done.values():
        jsons.dumps(as_fields(one))
        assert all(isinstance(finding, Finding) for finding in one.findings)


def journal_fields(data: bytes) -> None:
    """A journal of lines in which a few values are not what they should be."""
    from tests.fuzz.seeds import journals

    journal(b"".join(altered(data[at:], journals()[0].splitlines()) + b"\n" for at in (0, 3)))


def addresses(data: bytes) -> None:
    """Names of repositories: no password in an address is ever shown."""
    drawn = Bytes(data)
    word = f"hushed{drawn.take(20).hex()}"
    protocol, user = drawn.choice(("https", "ssh", "git", "HTTPS", "ftp", "file")), drawn.take(8).hex()
    host = drawn.text(30).replace(word, "")
    name = f"{protocol}://{user}:{word}@{host}"
    listed = [data.decode("utf-8", "surrogateescape"), name]
    for source in sources(["-"], PROTOCOLS, listed):
        assert source.url is None or source.problem is None
    assert not any(word in source.name for source in sources(["-"], PROTOCOLS, [name])), "a password is shown"
