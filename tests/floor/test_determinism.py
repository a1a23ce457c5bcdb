"""The same events give the same outcomes: again in this process, in another, and replayed on a new floor."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import pytest

from app.domain.now import Now
from app.floor.control import next_deadline, step
from app.floor.events import Event
from app.floor.facts import StepResult
from app.floor.floor import Floor
from app.service import runner
from app.simulator.service import ATTEMPTS_A_LIFE
from app.simulator.walk import LOSE, STORM, Plan, Walk


def taped(plan: Plan, seed: int, hours: float) -> tuple[Walk, list[tuple[Event, StepResult]]]:
    """A walk, and all that its floors heard and decided. What it checks is another test's matter."""
    tape: list[tuple[Event, StepResult]] = []

    def taping(floor: Floor, event: Event, now: Now) -> StepResult:
        outcome = step(floor, event, now)
        tape.append((event, outcome))
        return outcome

    walk = Walk(seed, plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "step", taping)
        walk.go(hours)
    return walk, tape


def digest(seed: int) -> str:
    """All outcomes of a walk, in short."""
    _, tape = taped(STORM, seed, 0.2)
    return sha256("\n".join(repr(outcome) for _, outcome in tape).encode()).hexdigest()


def test_a_replay_gives_the_same_outcomes_and_the_same_floor() -> None:
    walk, tape = taped(LOSE, 7, 6.0)
    floor = Floor(next_attempt=ATTEMPTS_A_LIFE)
    for event, outcome in tape:
        assert step(floor, event, outcome.at) == outcome
    played = walk.centre.service.floor
    assert next_deadline(floor) == next_deadline(played)
    # The one who asked more often has dropped more deadlines that no longer hold.
    assert replace(floor, deadlines=[]) == replace(played, deadlines=[])


def test_whatever_order_hashing_gives_to_sets_the_outcomes_are_the_same() -> None:
    here = digest(8)
    program = "from tests.floor.test_determinism import digest; print(digest(8))"
    for hash_seed in ("0", "1", "4711"):
        there = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ
            | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.splitlines()[-1] == here, hash_seed
