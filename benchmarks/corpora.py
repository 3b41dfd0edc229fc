"""The labelled corpora, filled: the files that are scanned, and what stands where in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from alikey_hook.errors import UserError
from benchmarks import ROOT
from benchmarks.reports import digest
from tests.corpus.fill import fill

TEMPLATES = (ROOT / "tests" / "corpus", ROOT / "tests" / "corpus_more")


class Label(NamedTuple):
    """A value that stands in a file; it holds the (synthetic) value.

    `file`: relative to the folder. `line`, `column`: from 1, of the decoded file. `shown`: as it is written there, which is
    `value` encoded, or a piece of it. `charset`: the file's.
    """

    file: str
    line: int
    column: int
    kind: str
    encoding: str
    hard: bool
    charset: str
    value: str
    shown: str

    @property
    def digests(self) -> tuple[str, str]:
        """The identities of the value, for tools that report no more than one."""
        return digest("sha256", self.value), digest("sha1", self.value)


class Corpus(NamedTuple):
    """What was filled below one folder; `harmless`: the files without any value, optional ones included."""

    folder: Path
    seed: str
    labels: list[Label]
    harmless: list[str]


def default() -> list[Path]:
    """The corpora that are here."""
    return [templates for templates in TEMPLATES if (templates / "index.jsonl").is_file()]


def filled(corpora: Iterable[Path], folder: Path, seed: str) -> Corpus:
    """Fill each corpus into a folder below `folder` that bears its name; the labels do not stay there. Raises UserError."""
    whole = Corpus(folder, seed, [], [])
    for templates in corpora:
        if not (templates / "index.jsonl").is_file():
            raise UserError(f"{templates} has no index.jsonl.", "Name a folder like tests/corpus.")
        out = folder / templates.resolve().name
        fill(templates, out, seed)
        rows = _rows(out / "labels.jsonl")
        (out / "labels.jsonl").unlink()
        index = {entry["file"]: entry for entry in _rows(templates / "index.jsonl")}
        whole.labels.extend(_label(row, index[row["file"]], out) for row in rows if not row["optional"])
        whole.harmless.extend(f"{out.name}/{file}" for file in sorted(index.keys() - {row["file"] for row in rows}))
    return whole


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _label(row: dict[str, Any], entry: dict[str, Any], out: Path) -> Label:
    data = (out / row["file"]).read_bytes()[len(bytes.fromhex(entry["bom"])) :]
    line = data.decode(entry["charset"]).split("\n")[row["line"] - 1]
    return Label(
        file=f"{out.name}/{row['file']}",
        line=row["line"],
        column=row["column"],
        kind=row["kind"],
        encoding=row["encoding"],
        hard=row["hard"],
        charset=entry["charset"],
        value=row["value"],
        shown=line[row["column"] - 1 : row["end_column"] - 1],
    )
