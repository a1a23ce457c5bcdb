"""What the floor did is in the business's stream: written by the journal, in its transaction, once."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.domain.actors import Actor, ActorKind
from app.domain.ids import ContactId
from app.floor.facts import PersonActed
from app.records.engine import reading
from app.records.event_table import EventRow
from app.records.mapping import Mapper
from app.records.packing import pack, unpack
from app.records.writer import Writer
from tests.records.stories import call_story, step

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
