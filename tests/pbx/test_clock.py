"""The PBX's clock as the service hears of it: set, or only told late."""

import pytest

from app import clock
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
