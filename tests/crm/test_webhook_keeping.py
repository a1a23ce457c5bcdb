"""Events wait for their receivers, whatever the service does; what is over is kept for a while, and then goes."""

import asyncio
import signal
import sys
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.webhooks import courier as couriers
from app.crm.webhooks import delivery_queries, queries, service
from app.crm.webhooks.courier import Courier
from app.crm.webhooks.tables import DeliveryRow, WebhookRow
from app.events.queries import Position
from app.events.recorder import forget_contact
from app.records.engine import reading, writing
from app.system.clock import utc_now
from tests.crm.couriers import (
    DEADLINE_S,
    MARI,
    Clock,
    at_work,
    deliveries,
    happen,
    kinds,
    position,
    unread,
    until_states,
    until_tried,
    webhook,
)
from tests.receiver import BROKEN, GOOD, receiving


async def test_a_service_that_was_away_or_died_in_mid_send_goes_on(engine: AsyncEngine) -> None:
    async with receiving() as receiver:
        async with at_work(engine):
            await webhook(engine, receiver.url)
            await happen(engine, "placed")
            await until_states(engine, "delivered")
        await happen(engine, "confirmed", "delivered")  # while no service runs
        async with at_work(engine):
            await until_states(engine, *["delivered"] * 3)
        receiver.answer = lambda _: None
        async with at_work(engine):
            await happen(engine, "placed", id_=8)
            await receiver.until(lambda: len(receiver.requests) == 4)
        receiver.let_go()
        receiver.answer = lambda _: GOOD
        clock = Clock()
        clock.ahead = timedelta(minutes=1)
        async with at_work(engine, clock):
            await until_states(engine, *["delivered"] * 4)
    assert kinds(receiver)[:4] == ["order.placed", "order.confirmed", "order.delivered", "order.placed"]
    assert set(kinds(receiver)[4:]) == {"order.placed"}


async def test_a_service_that_was_killed_in_mid_send_loses_nothing(
    engine: AsyncEngine, database_url: str
) -> None:
    async with receiving(lambda _: None) as receiver:
        await webhook(engine, receiver.url)
        async with at_work(engine):
            await happen(engine, "placed", "confirmed")
            await receiver.until(lambda: len(receiver.requests) == 1)
        async with writing(engine) as session:
            await session.execute(update(DeliveryRow).values(next_at=utc_now()))
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.crm.courier_process", database_url)
        )
        await receiver.until(lambda: len(receiver.requests) == 2)
        program.send_signal(signal.SIGKILL)
        await program.wait()
        receiver.let_go()
        receiver.answer = lambda _: GOOD
        clock = Clock()
        clock.ahead = timedelta(minutes=1)
        async with at_work(engine, clock):
            await until_states(engine, "delivered", "delivered")
    assert kinds(receiver).count("order.placed") >= 3
    assert list(dict.fromkeys(kinds(receiver))) == ["order.placed", "order.confirmed"]


async def test_a_service_that_died_before_it_looked_loses_nothing(engine: AsyncEngine) -> None:
    """The first events of the first webhook come before any service has looked for events."""
    async with receiving() as receiver:
        await webhook(engine, receiver.url)
        await happen(engine, "placed")
        async with at_work(engine):
            await until_states(engine, "delivered")
        await happen(engine, "placed", id_=8)
        async with writing(engine) as session:  # from a database on another server
            await delivery_queries.set_position(session, Position(2**40, 2**40))
        async with at_work(engine):
            async with asyncio.timeout(DEADLINE_S):
                while (await position(engine)).id == 2**40:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await happen(engine, "placed", id_=9)
            await receiver.until(lambda: len(receiver.requests) == 2)
    assert {one.said["data"]["subject"]["id"] for one in receiver.requests} == {"7", "9"}


async def test_what_no_webhook_wants_is_not_read_at_each_start(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "UNWRITTEN_MOST", 3)
    async with receiving() as receiver:
        await webhook(engine, receiver.url)
        begin = await position(engine)
        async with at_work(engine):
            await happen(engine, "changed", "changed", "changed", subject="contact")
            await happen(engine, "placed")
            await until_states(engine, "delivered")
            await happen(engine, "changed", "changed", "changed", subject="contact")
            async with asyncio.timeout(DEADLINE_S):
                while await unread(engine):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
    assert await position(engine) > begin


async def test_what_is_erased_is_told_no_more(engine: AsyncEngine) -> None:
    clock = Clock()
    async with receiving(lambda _: BROKEN) as receiver, at_work(engine, clock):
        await webhook(engine, receiver.url)
        await happen(engine, "placed")
        await until_tried(engine, 1)
        async with writing(engine, MARI) as session:
            forget_contact(session, 3)
        receiver.answer = lambda _: GOOD
        clock.ahead = timedelta(minutes=1)
        await until_states(engine, "delivered")
    assert [one.said["data"]["after"] for one in receiver.requests] == [{"state": "placed"}, None]


async def test_old_deliveries_and_those_of_removed_webhooks_go(engine: AsyncEngine) -> None:
    clock = Clock()
    async with receiving() as receiver, at_work(engine, clock):
        made = await webhook(engine, receiver.url)
        await happen(engine, "placed")
        await until_states(engine, "delivered")
    courier = Courier(engine, clock, days=30)
    await courier.sweep()
    assert len(await deliveries(engine)) == 1
    clock.ahead = timedelta(days=31)
    await courier.sweep()
    assert await deliveries(engine) == []
    async with writing(engine, MARI) as session:
        await service.remove_webhook(session, made.id or 0, clock())
    await courier.sweep()
    async with reading(engine) as session:
        assert await session.scalar(select(func.count()).select_from(WebhookRow)) == 0


async def test_what_is_due_is_found_by_an_index_however_much_was_delivered(engine: AsyncEngine) -> None:
    """SQLite takes a partial index only for a query with the index's own words."""
    if engine.dialect.name != "sqlite":
        return
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE")) and "webhook_delivery" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in cursor.fetchall())

    hooks.listen(engine.sync_engine, "before_cursor_execute", explain)
    now = utc_now()
    async with writing(engine) as session:
        await delivery_queries.next_due(session, 1)
        await delivery_queries.due_deliveries(session, 1, now, 4)
        await delivery_queries.pull_forward(session, 1, now, 4)
        await delivery_queries.let_next_go(session, 1, "order:7", now)
        await delivery_queries.unfinished_keys(session, {1}, {"order:7"})
        await queries.count_unfinished(session, 1, 10)
    hooks.remove(engine.sync_engine, "before_cursor_execute", explain)
    searched = [plan for plan in plans if "webhook_delivery " in plan]
    assert len(searched) >= 6
    assert all("_due" in plan or "_key" in plan or "PRIMARY KEY" in plan for plan in searched), searched
