"""The fault finder finds nothing in the floor as it is, and what it is made to find it tells in few words."""

from collections import Counter
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner

from app.domain.campaigns import AttemptOutcome
from app.domain.ids import FIRST_NODE
from app.floor.calls import talks
from app.floor.events import SnapshotTaken
from app.floor.facts import AttemptEnded
from app.floor.reconcile import merge
from app.floor.turn import Turn
from app.simulator import faults
from app.simulator.faults import PLANS, Tally, run, search
from app.simulator.promises import BrokenPromise
from app.simulator.script import as_test, broken_by, replay, shrink
from app.simulator.trouble import EVENT_FAULTS, ORDER_FAULTS, SNAPSHOT_FAULTS
from app.simulator.walk import CLEAN, DIALS, EVENTS, LOSE, STORM, Walk

SEEDS = {
    "clean": range(2),
    "lose": range(4),
    "mixed": range(4),
    "storm": range(6),
    "dials": range(2),
    "dials_storm": range(4),
}
"""One of four is checked after each event."""
OTHER_FAULTS = (
    "cut",
    "half_open",
    "stall",
    "restart_pbx",
    "restart_service",
    "set_clock",
    "false",
)


def deaf_to_snapshots(turn: Turn, _: SnapshotTaken) -> None:
    """A floor that was broken on purpose: it believes what it heard."""
    turn.floor.node(FIRST_NODE).linked = True


@pytest.fixture
def _broken_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "merge", deaf_to_snapshots)


@pytest.mark.parametrize("plan", PLANS)
def test_the_promises_hold(plan: str) -> None:
    tallies: dict[str, Tally] = {}
    found = next(search([PLANS[plan]], SEEDS[plan], tallies), None)
    if found is not None:
        pytest.fail(f"{found.broken}\n\n{found.as_test()}", pytrace=False)
    tally = tallies[plan]
    assert tally.calls > 10 * tally.hours
    assert tally.faults.total() >= (0 if plan == "clean" else 3 * tally.hours)
    if plan == "storm":
        every = {*EVENT_FAULTS, *ORDER_FAULTS, *SNAPSHOT_FAULTS, *OTHER_FAULTS}
        assert every - tally.faults.keys() == set()


def test_dials_come_to_every_end() -> None:
    walk = Walk(4, replace(DIALS, faults=0))
    ends: Counter[AttemptOutcome] = Counter()
    ended = walk.centre.service.attempt_ended

    def count(fact: AttemptEnded) -> None:
        ends[fact.outcome] += 1
        ended(fact)

    walk.centre.service.attempt_ended = count
    walk.go(2)
    assert walk.centre.campaigns.dials == ends.total() > 60
    assert set(AttemptOutcome) - ends.keys() <= {AttemptOutcome.UNKNOWN, AttemptOutcome.REFUSED}
    assert ends[AttemptOutcome.UNKNOWN] == 0


@pytest.mark.parametrize(
    ("where", "name", "promise"),
    [
        ("app.floor.campaigns.attempts", "missing", "stuck in an attempt that is over"),
        ("app.floor.campaigns.pacing_view", "lines_of", "more attempts than the trunk has channels"),
    ],
)
def test_a_floor_that_dials_wrongly_is_found(
    where: str, name: str, promise: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"missing": lambda *_: None, "lines_of": lambda _: 1_000}
    monkeypatch.setattr(f"{where}.{name}", broken[name])
    found = None
    for seed in range(8):
        found = run(DIALS, seed, 2.0, Tally(), closely=False)
        if found is not None:
            break
    assert found is not None
    assert found.broken.promise == promise


@pytest.mark.parametrize("kind", EVENTS)
def test_any_one_event_may_be_missing(kind: str) -> None:
    plan = replace(LOSE, loses=(kind,), calls=150, faults=600, night=1.0, talk_s=90)
    tally = Tally()
    found = run(plan, 6, 1.5, tally, closely=False)
    if found is not None:
        pytest.fail(f"{found.broken}\n\n{found.as_test()}", pytrace=False)
    assert tally.faults["lose"] >= 1


def test_where_nothing_fails_the_floor_sees_no_fault() -> None:
    walk = Walk(1, CLEAN)
    walk.go(24)
    assert set(walk.centre.service.faults_seen) <= {
        "unknown_queue"
    }  # some callers are sent to a queue that is none


def test_the_same_seed_gives_the_same_walk_and_its_script_the_same_story() -> None:
    walk, again = Walk(3, STORM), Walk(3, STORM)
    walk.go(0.3)
    again.go(0.3)
    assert walk.script == again.script
    replayed = replay(walk.script, closely=False)
    assert replayed.service.events == walk.centre.service.events
    assert replayed.trouble.happened == walk.centre.trouble.happened
    assert replayed.loop.now_s == walk.centre.loop.now_s


@pytest.mark.usefixtures("_broken_floor")
def test_what_is_found_becomes_a_short_script(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(2, LOSE)
    with pytest.raises(BrokenPromise) as broken:
        walk.go(24)
    promise = broken_by(walk.script)
    short = shrink(walk.script, broken_by, lambda: False)
    assert promise == broken.value.promise
    assert broken_by(short) == promise
    assert len(short) <= 8 < len(walk.script)
    namespace: dict[str, object] = {}
    exec(as_test("found", short, promise or ""), namespace)
    test = namespace["test_found"]
    assert callable(test)
    with pytest.raises(BrokenPromise):
        test()
    monkeypatch.undo()
    test()


@pytest.mark.usefixtures("_broken_floor")
def test_a_script_is_as_short_as_the_time_allows() -> None:
    walk = Walk(1, LOSE)
    with pytest.raises(BrokenPromise):
        walk.go(24)
    asked = 0

    def out_of_time() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    assert broken_by(shrink(walk.script, broken_by, out_of_time)) == broken_by(walk.script)


def test_an_error_of_the_floor_is_a_broken_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(talks, "held", fails)
    script = [("queue", "a"), ("operator", 1, "a"), ("presence", 1), ("wait", 1.0), ("arrive", 1, "a")]
    script += [("wait", 1.0), ("answer", 1), ("wait", 1.0), ("hold", 1), ("wait", 1.0)]
    with pytest.raises(BrokenPromise, match="the floor raised an error") as broken:
        replay(script)
    assert isinstance(broken.value.__context__, ZeroDivisionError)


def command() -> typer.Typer:
    program = typer.Typer()
    program.command()(faults.main)
    return program


def test_the_command_prints_a_row_for_each_plan() -> None:
    done = CliRunner().invoke(command(), ["--hours", "0.1", "--seed", "5"])
    assert done.exit_code == 0, done.output
    assert all(plan in done.output for plan in PLANS)


@pytest.mark.usefixtures("_broken_floor")
def test_the_command_prints_what_it_found_as_a_test() -> None:
    done = CliRunner().invoke(command(), ["--plan", "lose", "--seed", "1"])
    assert done.exit_code == 1
    assert "Plan lose, seed 1" in done.output
    printed = done.output.partition("from app.simulator")[2].partition("The fault finder")[0]
    compile("from app.simulator" + printed, "found.py", "exec")


def test_an_unknown_plan_is_refused_in_words() -> None:
    done = CliRunner().invoke(command(), ["--plan", "nothing"])
    assert done.exit_code == 2
    assert "there are clean, lose, mixed, storm" in done.output
