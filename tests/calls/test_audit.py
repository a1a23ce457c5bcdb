"""Any one event may be lost on its way: within five seconds the floor is right again."""

from collections.abc import Callable

import pytest

from app.demo.sipp import Callers, Softphones
from app.domain.calls import CallOutcome
from app.floor.events import ChannelHungUp, Event, LegAnswered
from app.floor.facts import CallAnswered, CallEnded
from app.sandbox.sandbox import Sandbox
from tests.live_floor import NUMBER, LiveFloor, live_floor
from tests.stillness import close

HEALED_S = 5.0


@pytest.mark.parametrize("kind", [LegAnswered, ChannelHungUp])
async def test_a_kind_of_event_that_never_comes(sandbox: Sandbox, kind: type[Event]) -> None:
    async with live_floor(sandbox) as live:
        silent, there = await live.add_operator(1), await live.add_operator(2, level=2)
        async with (
            Softphones(sandbox.layout, [silent], answer_ms=None),
            Softphones(sandbox.layout, [there], answer_ms=200, talk_ms=4000),
        ):
            await live.available(1, 2)
            _forget(live, lambda event: isinstance(event, kind))
            async with Callers(sandbox.layout, NUMBER) as caller:
                await live.wait(CallAnswered)
                (over,) = await caller.wait("ended")
                await live.wait(CallEnded)
                (right,) = [at for at, fact in live.facts if isinstance(fact, CallEnded)]
                assert close(right.wall.timestamp(), over.at_s, HEALED_S)
        (record,) = live.records()
        assert (record.outcome, record.operator) == (CallOutcome.ANSWERED, 2)
        await live.until(lambda: all(operator.call is None for operator in live.floor.operators.values()))


def _forget(live: LiveFloor, lost: Callable[[Event], bool]) -> None:
    put = live.pbx._put
    live.pbx._put = lambda event: None if lost(event) else put(event)
