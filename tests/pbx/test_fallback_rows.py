"""The rows of Asterisk's own queues follow the floor, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.ids import OperatorId, QueueId
from app.domain.now import Now
from app.domain.operators import Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.floor.control import step
from app.floor.events import Event, OperatorRemoved, OperatorSet, PresenceAsked, QueueRemoved, QueueSet
from app.floor.floor import Floor
from app.pbx.realtime.fallback import Fallback
from app.system import clock

SALES, HELP = QueueId("muuk"), QueueId("tugi")
MARI = OperatorSettings(
    OperatorId(1), "Mari Mets", endpoint="op1", memberships=(Membership(SALES), Membership(HELP, 3))
)
JAAN = OperatorSettings(OperatorId(2), "Jaan Jõgi", endpoint="op2", memberships=(Membership(SALES),))


class Rows:
    """A floor, and the rows that follow it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.floor = Floor()
        self.fallback = Fallback(engine.url.render_as_string(hide_password=False), self.floor)
        self._engine = engine

    def tell(self, *events: Event) -> None:
        for event in events:
            assert step(self.floor, event, Now(0.0, clock.utc_now())).refusal is None

    async def read(self, query: str) -> list[tuple[object, ...]]:
        await self.fallback.write()
        async with self._engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def members(self) -> list[tuple[object, ...]]:
        return await self.read(
            "SELECT queue_name, interface, penalty, paused FROM queue_members ORDER BY queue_name, interface"
        )

    async def numbers(self) -> dict[object, object]:
        """The number by which app_queue knows each member of the sales queue, by interface."""
        query = "SELECT interface, uniqueid FROM queue_members WHERE queue_name = 'muuk'"
        return {row[0]: row[1] for row in await self.read(query)}

    async def queues(self) -> list[tuple[object, ...]]:
        return await self.read("SELECT name, timeout, wrapuptime FROM queues ORDER BY name")


@pytest.fixture
async def rows(engine: AsyncEngine) -> AsyncIterator[Rows]:
    rows = Rows(engine)
    rows.tell(
        QueueSet(QueueSettings(SALES, "Müük")), QueueSet(QueueSettings(HELP, "Tugi")), OperatorSet(MARI)
    )
    yield rows
    await rows.fallback.close()


async def test_levels_are_penalties_and_who_is_not_available_is_paused(rows: Rows) -> None:
    assert await rows.members() == [("muuk", "PJSIP/op1", 0, 1), ("tugi", "PJSIP/op1", 2, 1)]
    rows.tell(PresenceAsked(MARI.id, Presence.AVAILABLE))
    assert [row[3] for row in await rows.members()] == [0, 0]
    rows.tell(PresenceAsked(MARI.id, Presence.ON_BREAK, "lunch"))
    assert [row[3] for row in await rows.members()] == [1, 1]


async def test_what_the_administrator_changes_is_changed(rows: Rows) -> None:
    assert await rows.queues() == [("muuk", 20, 10), ("tugi", 20, 10)]
    rows.tell(QueueSet(QueueSettings(SALES, "Müük", ring_s=7, wrap_up_s=2.4)))
    assert await rows.queues() == [("muuk", 7, 2), ("tugi", 20, 10)]
    rows.tell(OperatorSet(replace(MARI, endpoint="op9", memberships=(Membership(HELP),))))
    assert await rows.members() == [("tugi", "PJSIP/op9", 0, 1)]
    rows.tell(OperatorRemoved(MARI.id), QueueRemoved(HELP))
    assert await rows.members() == []
    assert await rows.queues() == [("muuk", 7, 2)]


async def test_a_service_that_starts_makes_the_rows_of_an_earlier_life_its_own(
    rows: Rows, engine: AsyncEngine
) -> None:
    before = await rows.members()
    again = Rows(engine)
    again.tell(QueueSet(QueueSettings(SALES, "Müük")))
    assert await again.members() == []
    assert await again.queues() == [("muuk", 20, 10)]
    await again.fallback.close()
    assert before


async def test_a_member_keeps_the_number_by_which_app_queue_knows_it(rows: Rows, engine: AsyncEngine) -> None:
    before = await rows.numbers()
    rows.tell(PresenceAsked(MARI.id, Presence.AVAILABLE))
    assert await rows.numbers() == before
    again = Rows(engine)
    again.tell(QueueSet(QueueSettings(SALES, "Müük")), OperatorSet(JAAN), OperatorSet(MARI))
    assert (await again.numbers()).items() >= before.items()
    await again.fallback.close()


async def test_no_member_gets_the_number_of_one_that_is_gone(rows: Rows) -> None:
    """app_queue would ring the phone of the member that is gone."""
    given: set[object] = set()
    for settings in (MARI, JAAN, MARI, JAAN):
        rows.tell(OperatorSet(settings))
        numbers = set((await rows.numbers()).values())
        assert len(numbers) == 1
        assert not numbers & given
        given |= numbers
        rows.tell(OperatorRemoved(settings.id))
        assert await rows.numbers() == {}


async def test_the_members_of_an_earlier_version_are_made_anew(rows: Rows, engine: AsyncEngine) -> None:
    await rows.members()
    async with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            await connection.execute(text("DROP TABLE queue_members"))
            await connection.execute(
                text(
                    "CREATE TABLE queue_members (uniqueid INTEGER PRIMARY KEY, queue_name VARCHAR(128) NOT NULL,"
                    " interface VARCHAR(128), membername VARCHAR(128), state_interface VARCHAR(128),"
                    " reason_paused VARCHAR(128), penalty INTEGER, paused INTEGER)"
                )
            )
        await connection.execute(
            text("INSERT INTO queue_members (queue_name, interface) VALUES ('muuk', 'PJSIP/op7')")
        )
    again = Rows(engine)
    again.tell(QueueSet(QueueSettings(SALES, "Müük")), OperatorSet(JAAN))
    assert await again.members() == [("muuk", "PJSIP/op2", 0, 1)]
    first = await again.numbers()
    again.tell(OperatorRemoved(JAAN.id), OperatorSet(MARI))
    assert set(first.values()).isdisjoint((await again.numbers()).values())
    await again.fallback.close()


async def test_writes_at_once_leave_one_row_a_member(rows: Rows) -> None:
    """A look of the service's own may be under way when it stops, or somebody asks for another."""
    await rows.fallback.write()
    async with asyncio.TaskGroup() as group:
        for presence in (Presence.AVAILABLE, Presence.ON_BREAK, Presence.AVAILABLE):
            rows.tell(PresenceAsked(MARI.id, presence, "lunch" if presence is Presence.ON_BREAK else ""))
            group.create_task(rows.fallback.write())
            await asyncio.sleep(0)
    assert await rows.members() == [("muuk", "PJSIP/op1", 0, 0), ("tugi", "PJSIP/op1", 2, 0)]


async def test_a_write_that_was_given_up_is_made_good(rows: Rows) -> None:
    """The service stops while it writes: it cannot know whether that was committed."""
    await rows.fallback.write()
    for turns in range(40):
        presence = Presence.ON_BREAK if turns % 2 else Presence.AVAILABLE
        rows.tell(PresenceAsked(MARI.id, presence, "lunch" if turns % 2 else ""))
        async with asyncio.TaskGroup() as group:
            given_up = group.create_task(rows.fallback.write())
            for _ in range(turns):
                await asyncio.sleep(0)
            given_up.cancel()
        assert [row[3] for row in await rows.members()] == [turns % 2] * 2
