"""The labelled corpora: what must be found is found, at its place, and nothing else is."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from alikey_hook.detect.engine import detect
from alikey_hook.finding import Detection
from tests.corpus.fill import fill

TESTS = Path(__file__).parent
# The first corpus came with the project; the second, harder one was written without looking at the code that it tests.
CORPORA = {"corpus": range(1, 21), "corpus_more": range(1, 6)}
CASES = [pytest.param(name, str(seed), id=f"{name} seed {seed}") for name, seeds in CORPORA.items() for seed in seeds]


def found_in(path: Path) -> list[Detection]:
    return [detection for detection in detect(path.read_bytes()) if detection.confidence != "low"]


def placed(detection: Detection, label: dict[str, Any]) -> bool:
    place = (detection.line, detection.column, detection.end_column)
    return place == (label["line"], label["column"], label["end_column"])


@pytest.mark.parametrize(("corpus", "seed"), CASES)
def test_keys_are_found_at_their_place_and_harmless_files_are_not_flagged(corpus: str, seed: str, tmp_path: Path) -> None:
    fill(TESTS / corpus, tmp_path, seed)
    labels = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text("utf-8").splitlines()]
    found = {path: found_in(path) for path in sorted(tmp_path.rglob("*")) if path.is_file() and path.name != "labels.jsonl"}
    counts: Counter[str] = Counter()
    for label in labels:
        if label["optional"]:
            continue
        hits = [detection for detection in found[tmp_path / label["file"]] if detection.value == label["value"]]
        sort = "hard" if label["hard"] else "ordinary"
        counts[sort] += 1
        counts[f"{sort} found"] += bool(hits)
        counts["found"] += bool(hits)
        counts["placed"] += any(placed(hit, label) for hit in hits)
    flagged = [path.name for path, hits in found.items() if hits and path.is_relative_to(tmp_path / "negatives")]
    assert flagged == []
    assert counts["ordinary found"] >= 0.995 * counts["ordinary"] > 50
    assert counts["hard found"] >= 0.98 * counts["hard"] > 50
    assert counts["placed"] >= 0.99 * counts["found"]


@pytest.mark.parametrize("corpus", CORPORA)
def test_nothing_but_labelled_values_is_found(corpus: str, tmp_path: Path) -> None:
    fill(TESTS / corpus, tmp_path, "1")
    values = {json.loads(line)["value"] for line in (tmp_path / "labels.jsonl").read_text("utf-8").splitlines()}
    for path in sorted((tmp_path / "positives").rglob("*")):
        if path.is_file():
            assert {detection.value for detection in found_in(path)} <= values, path
