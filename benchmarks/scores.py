"""How many of the labels a tool found, and how many harmless files it flagged. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.corpora import Corpus, Label
from benchmarks.reports import Hit

KINDS = {
    "access-key-id": "id",
    "access-key-secret": "secret",
    "sts-access-key-id": "STS id",
    "sts-access-key-secret": "STS secret",
    "sts-security-token": "STS token",
    "console-temporary-key": "console key",
    "model-studio-api-key": "Model Studio",
}
CHARSETS = "UTF-16, GBK"
ENCODINGS = ("plain", "base64", "base64-blob", "percent", "part", CHARSETS)
GROUPS = ("ordinary", "hard", *KINDS.values(), *ENCODINGS)
# A piece of a value this long in what is reported is no chance.
_PIECE = 6


class Score(NamedTuple):
    """Of one tool, over any number of filled corpora.

    `found`: labels by group (`GROUPS`). `placed`: labels that were found with their line and column, where the tool is asked
    for them. `missed`: seed, file, line and kind. `flagged`: seed and harmless file in which anything was reported.
    """

    found: Counter[str]
    placed: int
    missed: list[str]
    flagged: list[str]


def groups(label: Label) -> tuple[str, str, str]:
    """Where a label counts: by how hard it is, by what it is, by how it is written."""
    encoding = label.encoding if label.charset == "utf-8" else CHARSETS
    return "hard" if label.hard else "ordinary", KINDS.get(label.kind, label.kind), encoding


def totals(labels: Iterable[Label]) -> Counter[str]:
    """How many labels there are, by group."""
    return Counter(group for label in labels for group in groups(label))


def score(corpus: Corpus, hits: Iterable[Hit]) -> Score:
    """Compare what a tool reports with what is there."""
    by_file: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_file[hit.file].append(hit)
    got = Score(Counter(), 0, [], [f"{corpus.seed}/{file}" for file in corpus.harmless if file in by_file])
    placed = 0
    for label in corpus.labels:
        here = [hit for hit in by_file.get(label.file, ()) if finds(hit, label)]
        got.found.update(groups(label) if here else ())
        placed += any(hit.place == (label.line, label.column) for hit in here)
        if not here:
            got.missed.append(f"{corpus.seed}/{label.file}:{label.line} {label.kind} ({groups(label)[2]})")
    return got._replace(placed=placed)


def finds(hit: Hit, label: Label) -> bool:
    """Whether a hit in the label's file is the label: the same value or line, or a text that holds it."""
    if hit.digest in label.digests or hit.first <= label.line <= hit.last:
        return True
    return any(len(text) >= _PIECE and text in hit.secret for text in (label.value, label.shown))


def added(scores: Iterable[Score]) -> Score:
    """The sum of what was counted in several corpora."""
    total = Score(Counter(), 0, [], [])
    for one in scores:
        total.found.update(one.found)
        total.missed.extend(one.missed)
        total.flagged.extend(one.flagged)
        total = total._replace(placed=total.placed + one.placed)
    return total
