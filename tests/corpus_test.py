"""The labelled corpus: what must be found is found, at its place, and nothing else is."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from alikey_hook.detect.engine import detect
from tests.corpus.fill import fill

TEMPLATES = Path(__file__).parent / "corpus"
SEEDS = [str(seed) for seed in range(1, 11)]
KINDS = ("access-key-id", "access-key-secret")


def scored(out: Path, seed: str) -> tuple[Counter[str], list[str], list[str]]:
    """Counts, what was missed, and the harmless files that were flagged."""
    fill(TEMPLATES, out, seed)
    labels: list[dict[str, Any]] = [json.loads(line) for line in (out / "labels.jsonl").read_text("utf-8").splitlines()]
    counts: Counter[str] = Counter()
    missed = []
    for label in labels:
        if label["hard"] or label["kind"] not in KINDS:
            continue
        found = [d for d in detect((out / label["file"]).read_bytes()) if d.confidence != "low" and d.value == label["value"]]
        counts["labels"] += 1
        counts["found"] += bool(found)
        place = (label["line"], label["column"], label["end_column"])
        counts["placed"] += any((d.line, d.column, d.end_column) == place for d in found)
        if not found:
            missed.append(f"{label['file']}:{label['line']}")
    harmless = [path for path in sorted((out / "negatives").rglob("*")) if path.is_file()]
    flagged = [path.name for path in harmless if any(d.confidence != "low" for d in detect(path.read_bytes()))]
    return counts, missed, flagged


@pytest.mark.parametrize("seed", SEEDS)
def test_ordinary_files_give_their_keys_away_and_harmless_ones_do_not(seed: str, tmp_path: Path) -> None:
    counts, missed, flagged = scored(tmp_path, seed)
    assert missed == []
    assert flagged == []
    assert counts["placed"] == counts["found"] == counts["labels"] > 50
