"""Webhooks at work, what happens, and what became of it: for the tests of webhooks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from app.crm.webhooks import delivery_queries, lane, service
from app.crm.webhooks.courier import Courier
from app.crm.webhooks.tables import DeliveryRow, WebhookFields, WebhookRow
from app.domain.actors import Actor, ActorKind
from app.events.follower import Follower
from app.events.queries import Position, events_after
from app.events.recorder import announce
from app.events.subjects import HAPPENS
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.system.clock import utc_now
from app.system.networks import read_networks
from tests.receiver import Receiver

LOOPBACK = read_networks(["127.0.0.0/8"])
MARI = Actor(ActorKind.USER, 12, "Mari Maasikas")
DEADLINE_S = 60.0
LOOK_S = 0.05
"""A lane looks again at once, because a test sets the clock forward where a service waits."""


class Clock:
    """The wall clock, which a test may set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@asynccontextmanager
async def at_work(
    engine: AsyncEngine, now: Callable[[], datetime] = utc_now, **said: Any
) -> AsyncIterator[Courier]:
    courier = Courier(engine, now, **{"networks": LOOPBACK, **said})
    follower = Follower(engine, courier.hear)
    await follower.look()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane, "LOOK_S", LOOK_S)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(courier.run()), group.create_task(_follow(follower))]
            try:
                yield courier
            finally:
                for task in tasks:
                    task.cancel()


async def _follow(follower: Follower) -> None:
    while True:
        await follower.look()
        await asyncio.sleep(0.02)


async def webhook(engine: AsyncEngine, url: str, *kinds: str, values: bool = True) -> WebhookRow:
    said = WebhookFields(title="ERP", url=url, kinds=list(kinds or ("order.*",)), values=values)
    async with writing(engine, MARI) as session:
        return await service.make_webhook(session, said, utc_now(), LOOPBACK)


async def happen(engine: AsyncEngine, *whats: str, id_: int = 7, subject: str = "order") -> None:
    """Let something happen, of kinds that no order has: so events are told apart easily."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(HAPPENS, subject, HAPPENS[subject] | set(whats))
        for what in whats:
            async with writing(engine, MARI) as session:
                announce(session, subject, id_, what, after={"state": what}, contact=3)


async def deliveries(engine: AsyncEngine) -> list[DeliveryRow]:
    async with reading(engine) as session:
        return list(await session.scalars(select(DeliveryRow).order_by(col(DeliveryRow.id))))


async def states(engine: AsyncEngine) -> list[str]:
    return [row.state for row in await deliveries(engine)]


async def until_states(engine: AsyncEngine, *wanted: str) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while await states(engine) != list(wanted):  # noqa: ASYNC110 - rows have no event
            await asyncio.sleep(0.02)


async def until_tried(engine: AsyncEngine, number: int) -> None:
    """Wait until so many deliveries have been tried."""
    async with asyncio.timeout(DEADLINE_S):
        while sum(row.tries > 0 for row in await deliveries(engine)) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def position(engine: AsyncEngine) -> Position:
    """How far the stream has been read, as the next start sees it."""
    async with reading(engine) as session:
        return await delivery_queries.get_position(session) or Position(0, 0)


async def unread(engine: AsyncEngine) -> Sequence[EventRow]:
    """Events that the next start would read."""
    at = await position(engine)
    async with reading(engine) as session:
        return await events_after(session, at, 10)


async def get(engine: AsyncEngine, id_: int | None) -> WebhookRow:
    async with reading(engine) as session:
        return await service.get_webhook(session, id_ or 0)


def kinds(receiver: Receiver) -> list[str]:
    return [request.said["type"] for request in receiver.requests]
