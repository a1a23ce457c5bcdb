"""The PBX's clock as the service hears of it: set, or only told late."""

import pytest

from app import clock
from app.floor.events import CallEntered, Event
from app.pbx.message import Event as AmiEvent
from app.pbx.message import Response
from app.pbx.pbx import Pbx
from app.pbx.session import LinkSettings

EPOCH_S = 1_800_000_000.0


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Our monotonic clock, in the hands of the test."""
    at = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: at[0])
    return at


def told(pbx: Pbx, epoch_s: float, asked_s: float) -> None:
    pbx._tell_time(Response(f"Response: Success\r\nTimestamp: {epoch_s:.6f}"), asked_s)


async def test_a_clock_that_is_set_is_noticed(now: list[float]) -> None:
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), lambda _: None)
    told(pbx, EPOCH_S, 100.0)
    now[0] = 102.0
    told(pbx, EPOCH_S + 3602.0, 102.0)
    assert [(set_.after_s, round(set_.by_s)) for set_ in pbx.clock_sets] == [(EPOCH_S, 3600)]
    now[0] = 104.0
    told(pbx, EPOCH_S + 3604.0, 104.0)
    assert len(pbx.clock_sets) == 1


async def test_a_pbx_that_stood_still_is_not_one_whose_clock_was_set(now: list[float]) -> None:
    pbx = Pbx(LinkSettings(username="keskus", secret="amber"), lambda _: None)
    told(pbx, EPOCH_S, 100.0)
    now[0] = 110.0
    told(pbx, EPOCH_S + 2.0, 102.0)  # said before it stood still, heard after
    now[0] = 112.0
    told(pbx, EPOCH_S + 12.0, 112.0)
    assert list(pbx.clock_sets) == []


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
