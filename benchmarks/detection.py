"""How much of what leaks is found: `python -m benchmarks.detection`, us and our peers on the labelled corpora.

The corpora are filled with fresh random values in a temporary folder, once a seed, and each tool scans each folder. A peer
has found a value when it reports its line or a text that holds it, even if only for a neighbour's sake; we have, when we
report the value itself. `--trees` and `--packages` scan real source trees with us instead, where nothing should be found.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from alikey_hook.errors import UserError
from benchmarks import corpora, scanning, scores, trees
from benchmarks.scanning import Tool
from benchmarks.scores import CHARSETS, GROUPS, Score

SEEDS = 5


class Row(NamedTuple):
    """One line of the table. `ours`: matched by value, and asked for the place."""

    name: str
    score: Score
    ours: bool


class Outcome(NamedTuple):
    """What was measured: the labels by group, the harmless files, the rows, the seconds of a scan by tool."""

    totals: Counter[str]
    harmless: int
    rows: list[Row]
    seconds: dict[str, float]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 2 where something could not be measured."""
    options = _options(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="detection-") as name:
            folder = Path(name).resolve()
            tools = scanning.tools(folder / "home", options.peers)
            if options.trees or options.packages:
                print(trees.report(tools[0], options.trees, folder, packages=options.packages))
                return 0
            seeds = options.seed or [f"{random.SystemRandom().getrandbits(32):08x}" for _ in range(options.seeds)]
            outcome = measure(tools, options.corpus or corpora.default(), folder, seeds)
    except UserError as error:
        print(f"benchmarks.detection: {error.message}\n{error.help}", file=sys.stderr)
        return 2
    print(f"{table(outcome)}\n\n{_about(outcome)}\nAgain: python -m benchmarks.detection --seed {' '.join(seeds)}")
    if options.json:
        options.json.write_text(as_json(outcome, seeds), encoding="utf-8")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.detection", description="How much of what leaks is found.")
    add = parser.add_argument
    add("--seeds", type=int, default=SEEDS, metavar="N", help=f"how many random seeds (default: {SEEDS})")
    add("--seed", nargs="+", metavar="SEED", help="these seeds instead, to repeat a run")
    add("--peers", type=Path, nargs="+", default=[], metavar="DIR", help="where other tools are installed, besides the PATH")
    add("--corpus", type=Path, nargs="+", metavar="DIR", help="templates (default: tests/corpus and tests/corpus_more)")
    add("--json", type=Path, metavar="FILE", help="write the counts, and what was missed or flagged, to FILE")
    add("--trees", type=Path, nargs="+", default=[], metavar="DIR", help="scan these source trees with us instead")
    add("--packages", action="store_true", help="download well-known packages and scan them with us instead")
    options = parser.parse_args(argv)
    if options.seeds < 1:
        parser.error("--seeds must be at least 1")
    if options.json and (options.trees or options.packages):
        parser.error("--json is for the corpora")
    return options


def measure(tools: list[Tool], templates: list[Path], folder: Path, seeds: list[str]) -> Outcome:
    """Fill the corpora with each seed and let each tool scan them. Raises UserError where a tool fails."""
    totals: Counter[str] = Counter()
    harmless = 0
    taken: dict[tuple[str, bool], list[Score]] = {}
    seconds = {tool.name: 0.0 for tool in tools}
    for number, seed in enumerate(seeds):
        corpus = corpora.filled(templates, folder / str(number), seed)
        totals += scores.totals(corpus.labels)
        harmless += len(corpus.harmless)
        for tool in tools:
            start = perf_counter()
            hits = scanning.scan(tool, corpus.folder, folder / "report.json")
            seconds[tool.name] += perf_counter() - start
            taken.setdefault((tool.name, tool.ours), []).append(scores.score(corpus, hits))
            if tool.scanner.names_alibaba:
                own = [hit for hit in hits if scanning.is_alibaba(hit)]
                taken.setdefault((f"{tool.name}, its Alibaba rules", False), []).append(scores.score(corpus, own))
    rows = [Row(name, scores.added(each), ours) for (name, ours), each in taken.items()]
    return Outcome(totals, harmless, rows, {name: spent / len(seeds) for name, spent in seconds.items()})


# ---- what is printed


def table(outcome: Outcome) -> str:
    """Markdown: a row a tool, a column a group of labels, in percent."""
    shown = [group for group in GROUPS if outcome.totals[group]]
    titles = ["tool", *(f"{group} ({outcome.totals[group]})" for group in shown), f"harmless flagged (of {outcome.harmless})"]
    lines = [f"| {' | '.join([*titles, 'exact place'])} |", f"| --- |{' ---: |' * len(titles)}"]
    labels = outcome.totals["ordinary"] + outcome.totals["hard"]
    for name, got, ours in outcome.rows:
        cells = [name, *(_percent(got.found[group], outcome.totals[group]) for group in shown), str(len(got.flagged))]
        lines.append(f"| {' | '.join([*cells, _percent(got.placed, labels) if ours else ''])} |")
    return "\n".join(lines)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else ""


def _about(outcome: Outcome) -> str:
    spent = ", ".join(f"{name} {seconds:.1f}" for name, seconds in outcome.seconds.items())
    return (
        f"Percent of the labels in brackets: by how hard they are, by what they are, by how they are written ({CHARSETS}:"
        " all that stands in files of these charsets). Exact place: found at the labelled line and column.\n"
        "Harmless: nothing of Alibaba Cloud's; some hold another vendor's random key, which the others do well to report.\n"
        f"Python {platform.python_version()}, {os.cpu_count()} cores. Seconds a scan: {spent}."
    )


def as_json(outcome: Outcome, seeds: list[str]) -> str:
    """All counts; places and names of files, never a value."""
    rows = {
        row.name: {
            **row.score._asdict(),
            "placed": row.score.placed if row.ours else None,
            "seconds": outcome.seconds.get(row.name),
        }
        for row in outcome.rows
    }
    report = {"seeds": seeds, "labels": outcome.totals, "harmless": outcome.harmless, "tools": rows}
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main())
