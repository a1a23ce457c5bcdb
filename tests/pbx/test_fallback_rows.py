"""The rows of Asterisk's own queues follow the floor, on both databases."""

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
