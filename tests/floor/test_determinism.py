"""The same events give the same outcomes: again in this process, in another, and replayed on a new floor."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

from app.floor.control import next_deadline, step
from app.floor.events import Event
from app.floor.facts import Outcome
from app.floor.floor import Floor
from tests.floor.walk import Walk

STEPS = 1_500


class Recorded(Walk):
    """A walk that keeps all it heard. What it checks is another test's matter."""

    def __init__(self, seed: int) -> None:
        self.tape: list[tuple[Event, Outcome]] = []
        super().__init__(seed, faults=0.05)
        self.go(STEPS)

    def _check(self, event: Event, outcome: Outcome) -> None:
        self.tape.append((event, outcome))
        self.heard.append(event)
        del self.heard[:-50]


def digest(seed: int) -> str:
    """All outcomes of a walk, in short."""
    outcomes = [outcome for _, outcome in Recorded(seed).tape]
    return sha256("\n".join(map(repr, outcomes)).encode()).hexdigest()


def test_a_replay_gives_the_same_outcomes_and_the_same_floor() -> None:
    walk = Recorded(7)
    floor = Floor()
    for event, outcome in walk.tape:
        assert step(floor, event, outcome.at) == outcome
    assert next_deadline(floor) == next_deadline(walk.floor)
    # The one who asked more often has dropped more deadlines that no longer hold.
    assert replace(floor, deadlines=[]) == replace(walk.floor, deadlines=[])


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
        assert there.stdout.strip() == here, hash_seed
