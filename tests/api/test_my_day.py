"""An operator's own day, from the states on record."""

from datetime import timedelta

from app.domain.operators import Presence
from app.floor.events import ChannelHungUp, PresenceAsked, WrapUpEnded
from app.records.engine import writing
from app.records.tables import OperatorStateRow

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


async def test_of_states_that_began_at_one_moment_the_last_one_holds(house: House) -> None:
    then = house.services.now() - timedelta(days=2)
    states = [(1, "on_break", then), (2, "on_break", then), (3, "available", None)]
    async with writing(house.services.engine) as session:
        session.add_all(
            OperatorStateRow(
                operator_id=house.users["operator"],
                seq=seq,
                from_at=then,
                to_at=to_at,
                presence=presence,
                routing="idle",
                device="registered",
            )
            for seq, presence, to_at in states
        )
    day = (await house.client("operator").get("/api/v1/me/day")).json()
    assert day["at_work_s"] > 0
    assert day["breaks"] == []
