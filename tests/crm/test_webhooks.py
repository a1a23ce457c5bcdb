"""Events reach receivers: signed, in order, each until it is taken, whatever the receiver and the service do."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col
from structlog.testing import capture_logs

from app.crm.webhooks import courier as couriers
from app.crm.webhooks import delivery_queries, lane, queries, sending, service
from app.crm.webhooks.backoff import rest_s
from app.crm.webhooks.courier import Courier
from app.crm.webhooks.outbox import FAILING_MOST
from app.crm.webhooks.tables import DeliveryRow, WebhookFields, WebhookRow
from app.domain.actors import Actor, ActorKind
from app.events.follower import Follower
from app.events.queries import Position, events_after
from app.events.recorder import announce, forget_contact
from app.records.base import table_of
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.system.clock import utc_now
from app.system.guarded_http import Answer
from app.system.networks import read_networks
from tests.receiver import BROKEN, GONE, GOOD, Receiver, Request, big, receiving, redirect

LOOPBACK = read_networks(["127.0.0.0/8"])
MARI = Actor(ActorKind.USER, 12, "Mari Maasikas")
DEADLINE_S = 60.0


class Clock:
    """The wall clock, which a test may set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane looks again at once, because a test sets the clock forward where a service waits."""
    monkeypatch.setattr(lane, "LOOK_S", 0.05)


@asynccontextmanager
async def at_work(
    engine: AsyncEngine, now: Callable[[], datetime] = utc_now, **said: Any
) -> AsyncIterator[Courier]:
    courier = Courier(engine, now, **{"networks": LOOPBACK, **said})
    follower = Follower(engine, courier.hear)
    await follower.look()
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
