"""The PBX's clock as the service hears of it: set, or only told late."""

from datetime import UTC, datetime

import pytest

from app.floor.events import CallEntered, Event
from app.pbx.ami.message import Event as AmiEvent
from app.pbx.ami.session import LinkSettings
from app.pbx.clocks import ClockSet, passed_s
from app.pbx.node import Pbx
from app.system import clock

EPOCH_S = 1_800_000_000.0


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Our monotonic clock, in the hands of the test."""
    at = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: at[0])
    return at


def told(pbx: Pbx, epoch_s: float, asked_s: float) -> None:
    pbx.clock.answered(epoch_s, asked_s)


async def test_a_clock_that_is_set_is_noticed(now: list[float]) -> None:
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), lambda _: None)
    told(pbx, EPOCH_S, 100.0)
    now[0] = 102.0
    told(pbx, EPOCH_S + 3602.0, 102.0)
    assert [(set_.after_s, round(set_.by_s)) for set_ in pbx.clock.sets] == [(EPOCH_S, 3600)]
    now[0] = 104.0
    told(pbx, EPOCH_S + 3604.0, 104.0)
    assert len(pbx.clock.sets) == 1


async def test_a_pbx_that_stood_still_is_not_one_whose_clock_was_set(now: list[float]) -> None:
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), lambda _: None)
    told(pbx, EPOCH_S, 100.0)
    now[0] = 110.0
    told(pbx, EPOCH_S + 2.0, 102.0)  # said before it stood still, heard after
    now[0] = 112.0
    told(pbx, EPOCH_S + 12.0, 112.0)
    assert list(pbx.clock.sets) == []


@pytest.mark.parametrize("by_s", [86_400.0, 3600.0, -3600.0, -86_400.0])
async def test_a_clock_that_is_set_is_noticed_by_the_next_event(now: list[float], by_s: float) -> None:
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), lambda _: None)
    told(pbx, EPOCH_S, 100.0)
    now[0] = 100.5
    assert pbx.clock.stamped(EPOCH_S + 0.5 + by_s) == 0.0
    now[0] = 100.7
    pbx.clock.stamped(EPOCH_S + 0.7)  # and set again
    now[0] = 102.0
    told(pbx, EPOCH_S + 2.0, 102.0)
    assert [round(set_.by_s) for set_ in pbx.clock.sets] == [by_s, -by_s]
    assert passed_s(EPOCH_S, EPOCH_S + 0.6 + by_s, pbx.clock.sets) == pytest.approx(0.6)


async def test_an_event_that_comes_late_is_not_of_a_clock_that_was_set(now: list[float]) -> None:
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), lambda _: None)
    told(pbx, EPOCH_S, 100.0)
    now[0] = 160.0
    pbx.clock.stamped(EPOCH_S)
    assert list(pbx.clock.sets) == []


async def test_an_answer_that_took_long_tells_how_old_it_is(
    now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), lambda _: None)
    monkeypatch.setattr(clock, "utc_now", lambda: datetime.fromtimestamp(EPOCH_S + now[0], UTC))
    told(pbx, EPOCH_S + 100.0 + 7.0, 100.0)  # theirs is ahead by 7 s
    now[0] = 110.0
    assert pbx.clock.late_s(EPOCH_S + 104.5 + 7.0, 104.0) == pytest.approx(5.5)
    assert pbx.clock.late_s(EPOCH_S + 7.0, 104.0) == 6.0, "it was asked no longer ago"
    assert pbx.clock.late_s(EPOCH_S + 111.0 + 7.0, 104.0) == 0.0
    assert pbx.clock.late_s(EPOCH_S, 109.5) == 0.0, "it came promptly"


UP = ClockSet(EPOCH_S, 86_400.0)
DOWN = ClockSet(EPOCH_S + 86_402.0, -86_400.0)
UP_AN_HOUR = ClockSet(EPOCH_S + 4.0, 3600.0)


@pytest.mark.parametrize(
    ("before_s", "after_s", "sets", "passed"),
    [
        (5.0, 4.99999, [ClockSet(EPOCH_S - 50.0, -86_400.0)], 0.0),  # two rows of one moment
        (-1.0, 86_401.0, [UP], 2.0),
        (-1.0, 86_401.0, [], 86_402.0),
        (86_401.0, 3.0, [UP, DOWN], 2.0),
        (86_401.0, 3606.0, [UP, DOWN, UP_AN_HOUR], 5.0),
        (-1.0, 3606.0, [UP, DOWN, UP_AN_HOUR], 7.0),
        (-1.0, 3.0, [UP, DOWN], 4.0),
        (3610.0, 3700.0, [UP, DOWN, UP_AN_HOUR], 90.0),
        (3.0, 0.0, [], 0.0),  # set back unnoticed
    ],
)
def test_what_passed_is_the_shortest_that_may_be(
    before_s: float, after_s: float, sets: list[ClockSet], passed: float
) -> None:
    assert passed_s(EPOCH_S + before_s, EPOCH_S + after_s, sets) == pytest.approx(passed, abs=1e-3)


@pytest.mark.parametrize(
    ("stamped_s_ago", "late_s"),
    [(4.0, 4.0), (0.1, 0.0), (3600.0, 0.0), (None, 0.0)],  # slow, prompt, of another clock, not told
)
async def test_a_call_that_was_told_late_arrived_when_it_did(
    now: list[float], stamped_s_ago: float | None, late_s: float
) -> None:
    told_events: list[Event] = []
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), told_events.append)
    at_pbx_s = clock.utc_now().timestamp() + 7.0  # its clock is ahead
    told(pbx, at_pbx_s, 100.0)
    stamp = "" if stamped_s_ago is None else f"\r\nTimestamp: {at_pbx_s - stamped_s_ago:.6f}"
    pbx._heard(
        AmiEvent(
            "UserEvent",
            1,
            f"Event: UserEvent{stamp}\r\nUserEvent: KeskusEntered\r\nUniqueid: 1.1\r\nQueue: tugi",
        )
    )
    (entered,) = told_events
    assert isinstance(entered, CallEntered)
    assert entered.late_s == pytest.approx(late_s, abs=0.2)
