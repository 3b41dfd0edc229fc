"""How much of the labelled corpora comes through detect-secrets, which decides what its plugins get to see."""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.fill import fill
from tests.detect_secrets_host import OURS, Host
from tests.repository import Repo
from tests.wheel import built, environment

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parent
SEEDS = ("1", "2", "3")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with our wheel and what it needs."""
    folder = tmp_path_factory.mktemp("host")
    return environment(folder / "env", built(folder), "detect-secrets==1.5.0")


def readable(path: Path) -> bool:
    """Whether detect-secrets can read a file that it opens: in UTF-8, nothing else."""
    try:
        path.read_text("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def missed(labels: Iterable[dict[str, Any]], results: dict[str, Any]) -> list[tuple[str, int, str]]:
    """The labels whose value none of our findings in the file has."""
    hashes = {
        (path, found["hashed_secret"])
        for path, all_found in results.items()
        for found in all_found
        if found["type"].startswith(OURS)
    }
    return [
        (label["file"], label["line"], label["kind"])
        for label in labels
        if (label["file"], hashlib.sha1(label["value"].encode()).hexdigest()) not in hashes  # noqa: S324 - the host's
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("corpus", ["corpus", "corpus_more"])
def test_most_labels_are_found_and_no_harmless_file_is_flagged(programs: Path, repo: Repo, corpus: str, seed: str) -> None:
    fill(TESTS / corpus, repo.top, seed)
    rows = [json.loads(line) for line in (repo.top / "labels.jsonl").read_text("utf-8").splitlines()]
    (repo.top / "labels.jsonl").unlink()
    repo.git("add", "--all", "--force")
    done = Host(programs, repo).run("detect-secrets", "--verbose", "scan")
    assert done.code == 0, done.err
    opened = {path for path in re.findall(r"Checking file: (.*)", done.err) if readable(repo.top / path)}
    labels = [row for row in rows if row["file"] in opened and not row["optional"]]
    results = json.loads(done.out)["results"]
    lost = missed(labels, results)
    assert len(lost) <= 0.1 * len(labels), f"{len(lost)} of {len(labels)}: {lost}"
    assert len(labels) >= 0.9 * len([row for row in rows if not row["optional"]])
    flagged = {path for path, found in results.items() if any(one["type"].startswith(OURS) for one in found)}
    assert [path for path in sorted(flagged) if path.startswith("negatives/")] == []
