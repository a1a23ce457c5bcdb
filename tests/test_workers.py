"""Each worker of the tests gets what suits it, and nothing is left over."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.workers import Shares, computing

FAULTS, DIALER, HOLD = "tests/faults/test_faults.py", "tests/calls/test_dialer.py", "tests/calls/test_hold.py"
WORDS, OFFERS = "tests/floor/test_words.py", "tests/floor/test_offers.py"
TESTS = [f"{file}::test_{n}" for file in (FAULTS, DIALER, HOLD, WORDS, OFFERS) for n in range(3)]


class Worker:
    """One that does what it is given, when the test says so."""

    def __init__(self, name: str, *, waits: bool) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.workerinput = {"waits": waits}
        self.tests = [test for test in TESTS if not waits or "/floor/" not in test]
        self.todo: list[int] = []
        self.did: list[str] = []
        self.shutting_down = False

    def send_runtest_some(self, indices: list[int]) -> None:
        self.todo += indices

    def shutdown(self) -> None:
        self.shutting_down = True

    def run(self, shares: Any) -> bool:
        """Run the next test, if the one after it is known or there will be none; tell whether it could."""
        if not self.todo or (len(self.todo) == 1 and not self.shutting_down):
            return False
        done = self.todo.pop(0)
        self.did.append(self.tests[done])
        shares.mark_test_complete(self, done)
        return True


def made(config: pytest.Config) -> tuple[Any, list[Worker]]:
    """Two who wait, and one who computes; none has collected."""
    there = [Worker("gw0", waits=True), Worker("gw1", waits=True), Worker("gw2", waits=False)]
    shares: Any = Shares(SimpleNamespace(option=config.option, getvalue=lambda _: ["popen"] * 3))  # type: ignore[arg-type]
    for worker in there:
        shares.add_node(worker)
    return shares, there


@pytest.fixture
def workers(pytestconfig: pytest.Config) -> tuple[Any, list[Worker]]:
    """All have collected, and have work."""
    shares, there = made(pytestconfig)
    for worker in there:
        shares.add_node_collection(worker, worker.tests)
        shares.schedule()
    return shares, there


def run(shares: Any, workers: Iterable[Worker]) -> None:
    """Let workers run tests by turns, until none can."""
    ran = [True]
    while any(ran):
        ran = [worker.run(shares) for worker in workers]


def files(tests: list[str]) -> list[str]:
    return list(dict.fromkeys(test.partition("::")[0] for test in tests))


def test_all_is_run_once(workers: tuple[Any, list[Worker]]) -> None:
    shares, there = workers
    run(shares, there)
    assert sorted(test for worker in there for test in worker.did) == sorted(TESTS)
    assert all(worker.shutting_down for worker in there)
    assert shares.tests_finished


def test_the_first_begins_with_what_is_loud_and_others_wait_or_compute(
    workers: tuple[Any, list[Worker]],
) -> None:
    shares, (loud, waiting, computes) = workers
    run(shares, [loud, waiting])
    assert files(loud.did)[0] == FAULTS
    assert FAULTS not in files(waiting.did)
    assert {*files(loud.did), *files(waiting.did)} == {FAULTS, DIALER, HOLD}
    run(shares, [computes])
    assert files(computes.did) == [WORDS, OFFERS]


def test_who_waits_begins_while_others_still_collect(pytestconfig: pytest.Config) -> None:
    shares, (first, _, computes) = made(pytestconfig)
    shares.add_node_collection(first, first.tests)
    shares.schedule()
    run(shares, [first])
    assert files(first.did) == [FAULTS, DIALER, HOLD]
    assert not shares.tests_finished
    shares.add_node_collection(computes, computes.tests)
    shares.schedule()
    run(shares, [computes])
    assert files(computes.did) == [WORDS, OFFERS]


def test_who_has_computed_all_helps_to_wait(workers: tuple[Any, list[Worker]]) -> None:
    shares, (_, _, computes) = workers
    run(shares, [computes])
    assert files(computes.did) == [WORDS, OFFERS, FAULTS, DIALER, HOLD]


def test_a_file_stays_with_its_worker_unless_its_tests_are_apart(workers: tuple[Any, list[Worker]]) -> None:
    shares, there = workers
    run(shares, there)
    for file in (HOLD, WORDS, OFFERS):
        assert sum(file in files(worker.did) for worker in there) == 1


@pytest.mark.parametrize(("workers", "count"), [(1, 1), (2, 1), (3, 1), (6, 2), (9, 3)])
def test_a_third_of_the_workers_compute(workers: int, count: int) -> None:
    assert computing(workers) == count
