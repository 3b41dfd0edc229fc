"""Inputs to begin with, and more of their kind. Key-shaped values in them are drawn at run time."""

import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tests.corpus.fill import render

_SHORT, _LONG = 600, 8000
_CORPORA = [Path(__file__).parent.parent / name for name in ("corpus", "corpus_more")]


def seeds(name: str) -> list[bytes]:
    """The inputs that fuzzing a harness begins with."""
    own: Callable[[], list[bytes]] | None = _OF.get(name, _corpus if name.startswith("detect-") else None)
    return [b"", b"\0" * 40, bytes(range(256)), *(own() if own else [])]


def longest(name: str) -> int:
    """How long inputs of a harness are at most: what is cut off is none of the formats that are read whole."""
    return _SHORT if name.startswith("detect-") else min(_LONG, max(_SHORT, *map(len, seeds(name))))


def _corpus() -> list[bytes]:
    """The files of the labelled corpora."""
    found = []
    for corpus in _CORPORA:
        for line in (corpus / "index.jsonl").read_text("utf-8").splitlines():
            entry = json.loads(line)
            text = (corpus / entry["file"]).read_text("utf-8")
            filled, _ = render("fuzz", entry["file"], text, entry["blobs"] or {})
            found.append(bytes.fromhex(entry["bom"]) + filled.encode(entry["charset"]))
    return found


def _changes() -> list[bytes]:
    one = b"a" * 40
    single = b":100644 100644 %s %s M\0app.py\0:100644 100644 %s %s R090\0old\0new\0" % (one, one, one, one)
    return [single, b"%s\0::100644 100644 100644 %s %s %s MM\0a\0" % (one, one, one, one)]


def _log() -> list[bytes]:
    return [b"\0\n".join(b"\1%s 1700000000 2023-11-14\n" % (b"b" * 40) + change for change in _changes())]


def _lists() -> list[bytes]:
    one = b"a" * 40
    return [
        b"100644 %s 0\ta\0120000 %s 2\tb\0" % (one, one),
        b"100644 blob %s\ta\0" % one,
        b"%s blob 12\n%s commit 3\n" % (one, one),
    ]


def _objects() -> list[bytes]:
    return [b"%s blob 3\nabc\n" % (b"a" * 40), b"blob 3\0abc", b"a missing\n"]


def _headers() -> list[bytes]:
    who = b"A Tester <a@example.com> 1700000000 -0830"
    return [
        b"tree %s\nauthor %s\ncommitter %s\n\nmessage\n" % (b"a" * 40, who, who),
        b"object %s\ntype commit\ntag v1\ntagger %s\n\nmessage\n" % (b"a" * 40, who),
    ]


def _pushes() -> list[bytes]:
    one, none = b"a" * 40, b"0" * 40
    return [b"refs/heads/a %s refs/heads/b %s\n" % (one, none), b"%s %s refs/heads/a\n" % (none, one)]


def _messages() -> list[bytes]:
    return [b"\x01\x01subject\n# comment\n# " + b"-" * 24 + b" >8 " + b"-" * 24 + b"\ndiff --git a/a b/a\n+x\n"]


def _configuration() -> list[bytes]:
    return [
        b'{"profiles": [{"name": "default", "access_key_id": "abc", "access_key_secret": "def"}]}',
        b"[default]\naccess_key_id = abc\naccess_key_secret=def\n[oss]\nprovider = Alibaba\nsession_token = x==\n",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 3\n" % (b"a" * 64),
    ]


_BASELINES = (
    "version: 1\nallow:\n{}",
    "# comments\nversion: '1'\nallow:\n\n  # one\n{}\n# end\n",
    "version: 1\r\nallow: []  # none\r\n",
    "version: 1\n",
    '\ufeffversion: 1\nallow:\n- {{fingerprint: "sha256:' + "1" * 64 + '", status: example, reason: "a"}}\n',
)
_ENTRY = (
    "  - fingerprint: sha256:{}\n    rule: alibaba-access-key-id\n    redacted: 30 characters\n    status: {}\n    reason: {}\n"
    '    paths: ["tests/**", "a b"]\n    reviewed_by: A <a@example.com>\n    reviewed_on: 2026-11-25\n'
    "    expires_on: 2027-11-25\n"
)


def _baselines() -> list[bytes]:
    reasons = ("a test", "|\n      block\n      of it", "'it''s'", '"\\u00e9\\n"', ">-\n      folded\n\n      # no comment")
    entries = "".join(_ENTRY.format(str(n) * 64, "example", reason) for n, reason in enumerate(reasons))
    return [text.format(entries).encode() for text in _BASELINES]


def _detect_secrets() -> list[bytes]:
    found = {"a.py": [{"hashed_secret": "a" * 40, "is_secret": False}, {"hashed_secret": "b" * 40, "is_secret": True}]}
    return [json.dumps({"version": "1.5.0", "plugins_used": [], "results": found}).encode()]


@cache
def reports() -> list[bytes]:
    from alikey_hook.report import json as as_json
    from alikey_hook.report import sarif
    from alikey_hook.result import Result
    from tests.report.samples import ABOUT, SMALL

    audited = Result([finding._replace(repository="shop") for finding in SMALL.findings], 2, 3)
    rendered = (render(result, ABOUT) for render in (as_json.render, sarif.render) for result in (SMALL, audited))
    return [json.dumps(json.loads(text), separators=(",", ":")).encode() for text in rendered]


@cache
def caches() -> list[bytes]:
    from tests.report.samples import ID

    finding = ID._asdict()
    walk = {"findings": [finding], "objects": 3, "bytes": 4, "skipped": 0, "missing": 0, "unread": 0}
    found = {"clean": [1, 0], "findings": {"a" * 40: [finding]}, "walks": {}}
    heads = (found, {"clean": [0, 1], "findings": {}, "walks": {"s": walk}})
    return [json.dumps(head).encode() + b"\n" + b"\1" * 32 for head in heads]


@cache
def journals() -> list[bytes]:
    from alikey_hook.audit.outcome import Outcome, as_fields
    from tests.report.samples import ID

    outcomes = (Outcome("a", [ID], 1, 2), Outcome("b", problem="not there"), Outcome("c", missing=3))
    return [b"".join(json.dumps(as_fields(one)).encode() + b"\n" for one in outcomes)]


def _addresses() -> list[bytes]:
    return [b"\0\4abcd\4user\20example.com/a.git", b"https://a:b@example.com/c", b"git@example.com:a.git", b"ext::sh -c true"]


_OF: dict[str, Callable[[], list[bytes]]] = {
    "git-changes": _changes,
    "git-log": _log,
    "git-objects": _objects,
    "git-lists": _lists,
    "git-headers": _headers,
    "git-pushes": _pushes,
    "messages": _messages,
    "configuration": _configuration,
    "baseline": _baselines,
    "baseline-detect-secrets": _detect_secrets,
    "report": reports,
    "cache": caches,
    "journal": journals,
    "addresses": _addresses,
}


def mutated(rng: random.Random, known: list[bytes], longest: int) -> bytes:
    """Another input: pieces of two, with some bytes changed, doubled or left out."""
    one, other = rng.choice(known), rng.choice(known)
    start, split = rng.randrange(len(one) + 1), rng.randrange(len(other) + 1)
    data = bytearray((one[start : start + longest // 2] + other[split:])[:longest])
    for _ in range(rng.randrange(8)):
        at = rng.randrange(len(data) + 1)
        how = rng.randrange(4)
        if how == 0:
            data[at : at + 1] = bytes((rng.randrange(256),))
        elif how == 1:
            data[at:at] = rng.randbytes(rng.randrange(9))
        elif how == 2:
            del data[at : at + rng.randrange(9)]
        else:
            data[at:at] = data[at : at + rng.randrange(33)]
    return bytes(data[:longest]) if rng.randrange(8) else rng.randbytes(rng.randrange(longest))
