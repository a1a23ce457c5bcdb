"""Calls between colleagues by the interface: who talks now, the record, and who may see it."""

from app.domain.ids import CallId, ChannelId, OperatorId
from app.floor.events import (
    ChannelHungUp,
    ColleagueCalled,
    ColleagueMissed,
    ColleagueRang,
    HangupRequested,
    LegAnswered,
    Missed,
)

from .house import PASSWORD, House
from .test_session import logged_in

CALLS = "/api/v1/calls"


def called_by(house: House, one: OperatorId, other: OperatorId, turn: int = 1) -> ColleagueCalled:
    """What the PBX tells when an operator's phone calls another's."""
    endpoints = [house.runner.floor.operators[id_].settings.endpoint for id_ in (one, other)]
    channel = ChannelId(f"k-9.{turn}0")
    name = f"PJSIP/{endpoints[0]}-0000000{turn}"
    return ColleagueCalled(
        CallId(f"{channel}:1"),
        channel,
        channel_name=name,
        caller_number="101",
        caller_name="",
        number="102",
        endpoint=endpoints[1],
        line=endpoints[0],
    )


async def test_a_call_between_colleagues_is_seen_and_recorded_for_both(house: House) -> None:
    await house.make_queue()
    one = await house.make_operator("operator", "sales")
    other = await house.make_operator({"username": "jaan", "display_name": "Jaan Tamm"}, "sales")
    called, leg = called_by(house, one, other), ChannelId("k-9.11")
    await house.runner.post(called)
    await house.runner.post(ColleagueRang(called.call, leg, called))
    await house.runner.post(LegAnswered(called.channel, leg, called.endpoint))
    for id_, colleague, calls in ((one, other, True), (other, one, False)):
        state = (await house.admin.get(f"/api/v1/operators/{id_}")).json()["state"]
        (word,) = state["colleagues"]
        assert (state["routing"], state["call"]) == ("talking", None)
        assert (word["call"], word["operator"], word["calls"]) == (called.call, colleague, calls)
        assert word["answered"]
    await house.runner.post(HangupRequested(leg))
    await house.runner.post(ChannelHungUp(leg, 16))
    busy = called_by(house, other, one, 2)
    await house.runner.post(busy)
    await house.runner.post(ColleagueMissed(busy.call, Missed.BUSY))
    await house.journaled()
    found = (await house.admin.get(CALLS, params={"direction": "internal"})).json()["items"]
    told = {
        item["id"]: (item["caller_operator"], item["operator"], item["outcome"], item["ended_by"])
        for item in found
    }
    assert told == {
        called.call: (one, other, "answered", "operator"),
        busy.call: (other, one, "busy", "pbx"),
    }
    assert {item["operator_name"] for item in found} == {item["caller_operator_name"] for item in found}
    assert all(item["queue"] == "" and item["cost"] is None and item["contact"] is None for item in found)
    assert len((await house.admin.get(CALLS, params={"outcome": "busy"})).json()["items"]) == 1
    mine = (await house.client("operator").get(CALLS)).json()["items"]
    assert {item["id"] for item in mine} == {called.call, busy.call}
    whole = (await house.client("operator").get(f"{CALLS}/{called.call}")).json()
    assert [part["operator"] for part in whole["legs"]] == [other]
    stranger = {"username": "y", "password": PASSWORD, "display_name": "Y"}
    assert (await house.admin.post("/api/v1/users", json=stranger)).status_code == 201
    async with logged_in(house, "y") as nobody:
        assert (await nobody.get(f"{CALLS}/{called.call}")).status_code == 404
        assert (await nobody.get(CALLS)).json()["items"] == []
