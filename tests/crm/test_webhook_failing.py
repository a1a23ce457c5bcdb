"""Receivers that are dead, slow, gone or hostile: they hold up nobody, and get what waited when they are back."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col
from structlog.testing import capture_logs

from app.crm.webhooks import lane, sending, service
from app.crm.webhooks.backoff import rest_s
from app.crm.webhooks.outbox import FAILING_MOST
from app.crm.webhooks.tables import WebhookFields, WebhookRow
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.system.guarded_http import Answer
from tests.crm.couriers import (
    DEADLINE_S,
    LOOPBACK,
    MARI,
    Clock,
    at_work,
    deliveries,
    get,
    happen,
    kinds,
    until_states,
    until_tried,
    webhook,
)
from tests.receiver import BROKEN, GONE, GOOD, big, receiving, redirect


async def test_a_dead_receiver_slows_no_other_and_gets_all_when_it_is_back(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "WITHIN_S", 0.3)
    monkeypatch.setattr(lane, "rest_s", lambda failures: 0.05 if rest_s(failures) else 0.0)
    clock, back = Clock(), False
    async with (
        receiving(lambda _: GOOD if back else None) as dead,
        receiving() as living,
        at_work(engine, clock),
    ):
        down = await webhook(engine, dead.url)
        await webhook(engine, living.url)
        for id_ in range(30):
            await happen(engine, "placed", id_=id_)
        await living.until(lambda: len(living.requests) == 30)
        await dead.until(lambda: len(dead.requests) > lane.PARALLEL)
        assert (await get(engine, down.id)).failing_since is not None
        back = True
        clock.ahead = timedelta(days=1)
        await until_states(engine, *["delivered"] * 60)
        assert (await get(engine, down.id)).failing_since is None
    assert len({one.headers["webhook-id"] for one in dead.requests}) == 30


async def test_large_answers_redirects_and_private_addresses(engine: AsyncEngine) -> None:
    clock = Clock()
    async with receiving() as inside, at_work(engine, clock):
        async with (
            receiving(lambda _: big()) as large,
            receiving(lambda _: redirect(inside.url)) as elsewhere,
        ):
            await webhook(engine, large.url)
            await webhook(engine, elsewhere.url)
            await happen(engine, "placed")
            await until_states(engine, "delivered", "waiting")
            await until_tried(engine, 2)
        first, second = await deliveries(engine)
        assert first.answer == "x" * sending.ANSWER_BYTES
        assert (second.status, "redirects (302)" in second.error) == (302, True)
    async with receiving() as private, at_work(engine, clock, networks=()):
        async with writing(engine) as session:
            await session.execute(update(WebhookRow).values(url=private.url.replace("http:", "https:")))
        clock.ahead = timedelta(hours=1)
        async with asyncio.timeout(DEADLINE_S):
            while "private or local" not in (await deliveries(engine))[1].error:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert not private.requests
        assert not inside.requests


@pytest.mark.parametrize("answer", [GONE, BROKEN], ids=["gone", "failing"])
async def test_a_receiver_that_is_gone_or_fails_for_days_is_turned_off(
    engine: AsyncEngine, answer: bytes
) -> None:
    clock = Clock()
    async with receiving(lambda _: answer) as receiver, at_work(engine, clock):
        made = await webhook(engine, receiver.url)
        await happen(engine, "placed")
        await receiver.until(lambda: len(receiver.requests) == 1)
        if answer is BROKEN:
            async with asyncio.timeout(DEADLINE_S):
                while (await get(engine, made.id)).failing_since is None:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            clock.ahead = FAILING_MOST + timedelta(hours=1)
        async with asyncio.timeout(DEADLINE_S):
            while (await get(engine, made.id)).active:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        row, why = await get(engine, made.id), "gone" if answer is GONE else "failing"
        assert (row.disabled, row.version) == (why, 2)
        async with reading(engine) as session:
            told = await session.scalar(select(EventRow).where(col(EventRow.kind) == "webhook.disabled"))
        assert told is not None
        assert told.after == {"active": False, "why": why, "title": "ERP"}
        came = len(receiver.requests)
        await happen(engine, "confirmed", id_=9)
        # Turned on again, it gets what waited, and what happens from then on.
        receiver.answer = lambda _: GOOD
        said = WebhookFields(title="ERP", url=receiver.url, kinds=["order.*"], values=True)
        async with writing(engine, MARI) as session:
            await service.change_webhook(session, made.id or 0, said, clock(), LOOPBACK)
        await until_states(engine, "delivered")
        assert kinds(receiver)[came:] == ["order.placed"]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Mon, 02 Mar 2026 09:20:00 GMT", 120.0),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 3600.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("9" * 40, 3600.0),
        *(
            (said, 0.0)
            for said in ("-1", "soon", "", "1e9", "\u0663", ",,,", "Mon, 99 Foo 2026 99:99:99 GMT")
        ),
    ],
)
def test_what_receivers_ask_for(said: str, seconds: float) -> None:
    at = datetime(2026, 3, 2, 9, 18, tzinfo=UTC)
    assert sending.rest_wanted_s(Answer(429, {"retry-after": said}, b""), at) == seconds
    assert sending.rest_wanted_s(Answer(200, {"retry-after": said}, b""), at) == 0


async def test_a_receiver_is_left_alone_for_as_long_as_it_asks(engine: AsyncEngine) -> None:
    busy = b"HTTP/1.1 429 Slow\r\nRetry-After: 120\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with receiving(lambda _: busy) as receiver, at_work(engine):
        await webhook(engine, receiver.url)
        await happen(engine, "placed")
        await until_tried(engine, 1)
        (row,) = await deliveries(engine)
        assert row.last_at is not None
        assert row.next_at == row.last_at + timedelta(seconds=120)
        await happen(engine, "placed", id_=8)
        await until_states(engine, "waiting", "waiting")
        await asyncio.sleep(0.2)  # several looks, each of which would send the second
        assert len(receiver.requests) == 1


async def test_a_key_in_an_address_is_in_no_log(engine: AsyncEngine) -> None:
    with capture_logs() as logs:
        async with receiving(lambda _: BROKEN) as receiver, at_work(engine):
            made = await webhook(engine, f"{receiver.url}?key=nobody-sees-it")
            await happen(engine, "placed")
            await until_tried(engine, 1)
        async with at_work(engine, networks=()):
            await happen(engine, "placed", id_=8)
            await until_tried(engine, 2)
    assert "nobody-sees-it" not in str(logs)
    assert made.secret not in str(logs)
    assert "nobody-sees-it" not in str([(one.error, one.answer) for one in await deliveries(engine)])
