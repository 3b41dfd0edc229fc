"""Random walks through real repositories: what a commit adds is found, and what it does not add is not."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import RepositoryMachine

# A few hundred in continuous integration; every night as many as you like: STEPS=20000.
STEPS = int(os.environ.get("STEPS", "300"))
_WALK = 50


@pytest.mark.once
def test_the_hook_tells_what_the_commit_adds(home: Path) -> None:
    tally = RepositoryMachine.tally
    tally.clear()
    walks = settings(
        max_examples=max(1, STEPS // _WALK),
        stateful_step_count=_WALK,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        print_blob=True,
    )
    run_state_machine_as_test(RepositoryMachine, settings=walks)
    print(dict(tally))
    assert tally["steps"] >= STEPS // 2
    assert tally["refused"] and tally["found"]
