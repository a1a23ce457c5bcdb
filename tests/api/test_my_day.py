"""An operator's own day, from the states on record."""

from app.domain.operators import Presence
from app.floor.events import ChannelHungUp, PresenceAsked, WrapUpEnded

from .house import House


async def test_an_operator_sees_calls_and_breaks_of_the_day(house: House) -> None:
    await house.make_queue()
    client = house.client("operator")
    me = await house.make_operator("operator", "sales")
    call = await house.arrive("sales")
    await house.answer(call)
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
    await house.runner.post(WrapUpEnded(me))
    await house.runner.post(PresenceAsked(me, Presence.ON_BREAK, "lunch"))
    await house.journaled()
    day = (await client.get("/api/v1/me/day")).json()
    assert (day["calls"], [(one["reason"], one["times"]) for one in day["breaks"]]) == (1, [("lunch", 1)])
    assert 0 < day["talked_s"] < day["at_work_s"]
    others = (await house.client("supervisor").get("/api/v1/me/day")).json()
    assert (others["calls"], others["at_work_s"], others["breaks"]) == (0, 0, [])
