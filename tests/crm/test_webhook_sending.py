"""Events reach receivers: signed, in order, each once, and again when somebody asks for it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import col

from app.crm.webhooks import delivery_queries, service
from app.crm.webhooks.tables import DeliveryRow, WebhookRow
from app.events.recorder import announce
from app.records.base import table_of
from app.records.engine import writing
from app.records.event_table import EventRow
from app.system.clock import utc_now
from tests.crm.couriers import (
    MARI,
    Clock,
    at_work,
    deliveries,
    happen,
    kinds,
    until_states,
    until_tried,
    webhook,
)
from tests.receiver import BROKEN, GOOD, Request, receiving


async def test_an_event_is_told_signed_with_its_values_or_with_ids_alone(engine: AsyncEngine) -> None:
    async with receiving() as whole, receiving() as bare, at_work(engine):
        told, untold = await webhook(engine, whole.url), await webhook(engine, bare.url, values=False)
        await happen(engine, "placed", id_=118)
        await happen(engine, "changed", subject="contact")
        await whole.until(lambda: len(whole.requests) == 1)
        await bare.until(lambda: len(bare.requests) == 1)
        await until_states(engine, "delivered", "delivered")
    (request,) = whole.requests
    assert request.is_signed_by(told.secret)
    assert not request.is_signed_by(untold.secret)
    said = request.said
    assert (said["type"], said["form"]) == ("order.placed", 1)
    assert said["timestamp"] == said["data"]["at"]
    assert said["data"]["subject"] == {"kind": "order", "id": "118"}
    assert said["data"]["after"] == {"state": "placed"}
    assert said["data"]["who"]["name"] == "Mari Maasikas"
    (request,) = bare.requests
    assert request.is_signed_by(untold.secret)
    assert "placed" not in str(request.said["data"] | {"kind": ""})
    assert request.said["data"]["who"] == {"kind": "user", "user": 12}
    assert whole.requests[0].headers["webhook-id"] == request.headers["webhook-id"]
    (one, _) = await deliveries(engine)
    assert (one.status, one.answer, one.tries, one.error) == (200, "ok", 1, "")
    assert one.duration_s is not None


async def test_a_webhook_that_is_made_while_the_service_begins_misses_nothing(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    active = delivery_queries.active_webhooks
    async with receiving() as receiver:

        async def and_one_is_made(session: AsyncSession) -> Sequence[WebhookRow]:
            found = await active(session)
            monkeypatch.undo()
            await webhook(engine, receiver.url)
            await happen(engine, "placed")
            return found

        monkeypatch.setattr(delivery_queries, "active_webhooks", and_one_is_made)
        async with at_work(engine):
            await until_states(engine, "delivered")


async def test_a_renewed_secret_and_the_former_one_both_hold_for_a_while(engine: AsyncEngine) -> None:
    clock = Clock()
    async with receiving() as receiver, at_work(engine, clock):
        made = await webhook(engine, receiver.url)
        assert made.id is not None
        async with writing(engine, MARI) as session:
            renewed = await service.renew_secret(session, made.id, clock(), timedelta(hours=1))
        await happen(engine, "placed")
        await receiver.until(lambda: len(receiver.requests) == 1)
        clock.ahead = timedelta(hours=1, seconds=1)
        await happen(engine, "changed")
        await receiver.until(lambda: len(receiver.requests) == 2)
    first, second = receiver.requests
    assert first.is_signed_by(renewed.secret)
    assert first.is_signed_by(made.secret)
    assert len(first.headers["webhook-signature"].split()) == 2
    assert len(second.headers["webhook-signature"].split()) == 1


async def test_a_subject_keeps_its_order_and_holds_up_no_other(engine: AsyncEngine) -> None:
    """The first event of order 7 fails; its later ones wait, those of order 8 do not."""
    clock, broken = Clock(), True

    def answer(request: Request) -> bytes:
        return BROKEN if broken and request.said["data"]["subject"]["id"] == "7" else GOOD

    async with receiving(answer) as receiver, at_work(engine, clock):
        await webhook(engine, receiver.url)
        await happen(engine, "placed", "confirmed", "delivered", id_=7)
        await happen(engine, "placed", "confirmed", id_=8)
        await until_states(engine, "waiting", "behind", "behind", "delivered", "delivered")
        await until_tried(engine, 3)
        broken = False
        clock.ahead = timedelta(seconds=10)
        await until_states(engine, *["delivered"] * 5)
    of = {
        id_: [one.said["type"] for one in receiver.requests if one.said["data"]["subject"]["id"] == id_]
        for id_ in ("7", "8")
    }
    assert of["8"] == ["order.placed", "order.confirmed"]
    assert of["7"].count("order.placed") > 1
    assert list(dict.fromkeys(of["7"])) == ["order.placed", "order.confirmed", "order.delivered"]
    ids = {one.headers["webhook-id"] for one in receiver.requests}
    assert len(ids) == 5, "an event that is sent again keeps its id"


async def test_two_services_send_each_event_once(engine: AsyncEngine) -> None:
    async with receiving() as receiver, at_work(engine), at_work(engine):
        await webhook(engine, receiver.url)
        for id_ in range(20):
            await happen(engine, "placed", "confirmed", id_=id_)
        await until_states(engine, *["delivered"] * 40)
    assert len(receiver.requests) == 40
    for id_ in range(20):
        of = [one.said["type"] for one in receiver.requests if one.said["data"]["subject"]["id"] == str(id_)]
        assert of == ["order.placed", "order.confirmed"]


async def test_a_period_is_sent_again_wholly_or_what_is_missing(engine: AsyncEngine) -> None:
    clock = Clock()
    async with receiving() as receiver, at_work(engine, clock):
        begin = utc_now()
        made = await webhook(engine, receiver.url)
        assert made.id is not None
        await happen(engine, "placed", "confirmed")
        await until_states(engine, "delivered", "delivered")
        async with writing(engine) as session:
            await session.execute(
                update(DeliveryRow).where(col(DeliveryRow.kind) == "order.confirmed").values(state="failed")
            )
        async with writing(engine, MARI) as session:
            await service.resend(session, made.id, begin, utc_now(), utc_now(), missing=True)
        await receiver.until(lambda: len(receiver.requests) == 3)
        async with writing(engine, MARI) as session:
            await service.resend(session, made.id, begin, utc_now(), utc_now(), missing=False)
        await receiver.until(lambda: len(receiver.requests) == 5)
    assert kinds(receiver)[2:] == ["order.confirmed", "order.placed", "order.confirmed"]


async def test_many_events_at_once_are_spread_in_slices(engine: AsyncEngine) -> None:
    async with receiving() as receiver, at_work(engine):
        await webhook(engine, receiver.url)
        event = {
            "kind": "order.changed",
            "version": 1,
            "subject": "order",
            "actor": "service",
            "actor_name": "",
        }
        rows = [event | {"at": utc_now(), "subject_id": str(id_), "request_id": ""} for id_ in range(250)]
        async with writing(engine) as session:
            await session.execute(insert(table_of(EventRow)), rows)
            announce(session, "order", "last", "changed")
        await receiver.until(lambda: len(receiver.requests) == 251)
