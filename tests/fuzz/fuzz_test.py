"""The fuzzing harnesses in a small size, so that they cannot rot; and what they have found, as tests."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.harnesses import HARNESSES, Harness
from tests.fuzz.seeds import mutated, seeds

ROOT = Path(__file__).parent.parent.parent
NAMES = [harness.name for harness in HARNESSES]


@pytest.mark.parametrize("harness", HARNESSES, ids=NAMES)
def test_what_fuzzing_begins_with_is_right(harness: Harness) -> None:
    known = seeds(harness.name)
    rng = random.Random(harness.name)
    for data in (*known, *(mutated(rng, known, 400) for _ in range(30))):
        harness.run(data)


@pytest.mark.once
@pytest.mark.parametrize("harness", HARNESSES, ids=NAMES)
def test_any_bytes_are_right(harness: Harness) -> None:
    settings(max_examples=60, deadline=None)(given(st.binary(max_size=300))(harness.run))()


@pytest.mark.once
def test_the_command_tells_how_many_inputs_were_tried() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "git-pushes", "messages", "--engine", "random", "--runs", "200"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "git-pushes: 200 inputs, no wrong answer\nmessages: 200 inputs, no wrong answer\n"


@pytest.mark.once
@pytest.mark.parametrize("engine", ["random", "atheris"])
def test_the_command_fails_where_a_harness_does(tmp_path: Path, engine: str) -> None:
    if engine == "atheris":
        pytest.importorskip(engine)
    probe = (
        "import sys; from unittest.mock import patch; from alikey_hook.sources import message;"
        "patch.object(message, 'without_comments', lambda content, comment: content + b'!').start();"
        f"sys.argv = ['fuzz', 'messages', '--here', '--engine', {engine!r}, '--runs', '9', '--crashes', {str(tmp_path)!r}];"
        "from tests.fuzz.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode
    assert "a line was changed" in done.stdout + done.stderr
    assert len(list(tmp_path.iterdir())) == 1
