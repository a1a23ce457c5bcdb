"""What the floor did is in the business's stream: written by the journal, in its transaction, once."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.domain.actors import Actor, ActorKind
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, CampaignId, ContactId, LeadId
from app.domain.operators import Presence, RoutingState
from app.floor.facts import AttemptEnded, PersonActed
from app.records.engine import reading
from app.records.event_table import EventRow
from app.records.mapping import Mapper
from app.records.packing import pack, unpack
from app.records.writer import Writer
from tests.records.stories import DAWN, call_story, operator_changed, step

TIINA = Actor(ActorKind.USER, 3, "Tiina Supervisor", "5d1f6a0e-0000-4000-8000-000000000001")
SET = PersonActed(TIINA, "operator", id="7", what="state_set", after={"presence": "offline"})
PICKED = PersonActed(
    TIINA, "call", id="call-1", what="contact_picked", after={"contact": 5}, contact=ContactId(5)
)


async def stream(engine: AsyncEngine) -> Sequence[EventRow]:
    async with reading(engine) as session:
        return (await session.scalars(select(EventRow).order_by(col(EventRow.id)))).all()


async def test_a_call_that_ended_is_one_event_however_often_it_is_written(engine: AsyncEngine) -> None:
    batch = Mapper().batch(call_story("call-1", operator=7, contact=5))
    writer = Writer(engine)
    for each in (batch, batch, unpack(pack(batch))):
        await writer.write([each])
    (event,) = await stream(engine)
    assert (event.kind, event.subject_id, event.actor, event.contact_id) == (
        "call.ended",
        "call-1",
        "service",
        5,
    )
    assert event.after is not None
    assert (event.after["outcome"], event.after["operator"], event.after["contact"]) == ("answered", 7, 5)
    assert "caller_number" not in event.after


async def test_what_somebody_did_to_the_floor_is_told_with_who_did_it(engine: AsyncEngine) -> None:
    batch = Mapper().batch([step(1, SET), step(2, SET, PICKED)])
    for _ in range(2):
        await Writer(engine).write([batch])
    told = [
        (one.kind, one.user_id, one.actor_name, one.request_id, one.contact_id)
        for one in await stream(engine)
    ]
    who = (3, "Tiina Supervisor", TIINA.request)
    assert told == [
        ("operator.state_set", *who, None),
        ("operator.state_set", *who, None),
        ("call.contact_picked", *who, 5),
    ]


async def test_presences_that_changed_are_told_once_and_states_of_each_call_are_not(
    engine: AsyncEngine,
) -> None:
    steps = [
        step(1, operator_changed(7)),
        step(2, operator_changed(7, RoutingState.TALKING, call="call-1")),
        step(3, operator_changed(7, presence=Presence.ON_BREAK)),
        step(4, operator_changed(7, presence=Presence.AVAILABLE, cause="supervisor")),
    ]
    batch = Mapper().batch(steps)
    for _ in range(2):
        await Writer(engine).write([batch])
    told = [(one.kind, one.subject_id, one.before, one.after) for one in await stream(engine)]
    available, away = {"presence": "available"}, {"presence": "on_break"}
    assert told == [
        ("operator.presence_changed", "7", available, away | {"cause": "operator"}),
        ("operator.presence_changed", "7", away, available | {"cause": "supervisor"}),
    ]


async def test_an_attempt_that_ended_is_told_once(engine: AsyncEngine) -> None:
    ended = AttemptEnded(
        AttemptId("kc-1"),
        CampaignId(3),
        lead=LeadId(8),
        outcome=AttemptOutcome.BUSY,
        asked_at=DAWN,
        answered_at=None,
        connected_at=None,
        ended_at=DAWN,
        rang_s=4.26,
        connect_s=0.0,
        cause=17,
        call=None,
    )
    batch = Mapper().batch([step(1, ended)])
    for _ in range(2):
        await Writer(engine).write([batch])
    (one,) = await stream(engine)
    assert (one.kind, one.subject_id) == ("attempt.ended", "kc-1")
    assert one.after == {"campaign": 3, "lead": 8, "outcome": "busy", "rang_s": 4.3}
