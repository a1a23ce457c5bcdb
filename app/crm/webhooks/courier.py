"""Reads the stream of events, makes deliveries of it, and keeps a lane for each webhook that is turned on.

How far the stream has been read is in a row, written in the transaction that makes the deliveries: a service that was
away, or was killed, goes on where it was.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.webhooks import delivery_queries as queries
from app.crm.webhooks.lane import AWAY_S, LOOK_S, PARALLEL, Lane
from app.crm.webhooks.outbox import SLICE, continue_resend, spread, wanted_by
from app.crm.webhooks.sending import ANSWER_BYTES
from app.crm.webhooks.service import MOST
from app.events.queries import Position, end_of_stream, events_after, position_of
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.system.faults import PAUSE_S, report
from app.system.guarded_http import GuardedHttp
from app.system.networks import Network

LEASE_S: Final = 30.0
"""Seconds after which a delivery whose process died is sent again; a try takes twelve at most."""
RESEND_S: Final = 2.0
"""Seconds until a period that waits for its webhook's backlog is looked at again."""
UNWRITTEN_MOST: Final = 2_000
"""Events for no webhook that the next start reads again."""
SWEEP_S: Final = 3600.0
_SWEPT: Final = 1000
_SWEEP_PAUSE_S: Final = 0.2
_OURS: Final = frozenset({"webhook", "webhook_resend"})
_log = structlog.get_logger(__name__)


class Courier:
    """Call `run` in a task group, and `hear` with the stream of events.

    Args:
        engine: the database.
        now: the wall clock.
        networks: private networks to which events may be sent.
        days: how long finished deliveries are kept; 0: for ever.
        http: asks programs outside; None: one of its own.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        now: Callable[[], datetime],
        *,
        networks: Sequence[Network] = (),
        days: int = 30,
        http: GuardedHttp | None = None,
    ) -> None:
        self.networks = tuple(networks)
        self._engine, self._now, self._days = engine, now, days
        self._http = http or GuardedHttp(ANSWER_BYTES, self.networks, connections=MOST * PARALLEL)
        self._lease = timedelta(seconds=LEASE_S)
        self._news = asyncio.Event()
        self._position: Position | None = None
        self._unwritten = 0
        self._lanes: dict[int, Lane] = {}

    def hear(self, events: Sequence[EventRow]) -> None:
        """Look for new events, unless there are no webhooks and these make none."""
        if self._lanes or any(event.subject in _OURS for event in events):
            self.wake()

    def wake(self) -> None:
        """Look for new events now."""
        self._news.set()

    async def run(self) -> None:
        """Deliver events until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._sweep_on())
                while True:
                    self._news.clear()
                    await self._wait(await self._turn(group))
        finally:
            await self._http.close()

    async def _turn(self, group: asyncio.TaskGroup) -> float:
        try:
            await self._look(group)
            return await self._resend()
        except Exception as error:  # noqa: BLE001 - other programs are no reason to stop answering callers
            return AWAY_S if report(_log, "webhooks_not_looked_at", error, part="webhooks") else PAUSE_S

    async def _wait(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._news.wait()
        except TimeoutError:
            return

    async def _look(self, group: asyncio.TaskGroup) -> None:
        """Make deliveries of all new events."""
        if self._position is None:
            await self._begin(group)
            return
        while True:
            async with reading(self._engine) as session:
                events = await events_after(session, self._position, SLICE)
                webhooks = await queries.active_webhooks(session)  # after the events: none is missed
            woken: set[int] = set()
            self._unwritten += len(events)
            wanted = any(wanted_by(webhook, event) for event in events for webhook in webhooks)
            if wanted or (webhooks and self._unwritten >= UNWRITTEN_MOST):
                async with writing(self._engine) as session:
                    woken = await spread(session, events, self._now())
                self._unwritten = 0
            if events:
                self._position = position_of(events[-1])
            if any(event.subject in _OURS for event in events):
                woken.update(self._lanes)
            self._keep_lanes(group, [webhook.id for webhook in webhooks if webhook.id is not None])
            for webhook in woken & self._lanes.keys():
                self._lanes[webhook].wake()
            if len(events) < SLICE:
                return

    async def _begin(self, group: asyncio.TaskGroup) -> None:
        """Go on where the service was; without webhooks nothing was read, and it begins with what comes."""
        async with reading(self._engine) as session:
            end = await end_of_stream(session)  # first: a webhook made meanwhile gets what happens after it
            webhooks = await queries.active_webhooks(session)
            reached = await queries.get_position(session) if webhooks else None
            moved = reached is not None and reached > end and reached > await end_of_stream(session)
        if moved:  # the database is on another server now, which counts anew
            async with writing(self._engine) as session:
                await queries.set_position(session, end)
            reached = end
        self._position = reached or end
        self._keep_lanes(group, [webhook.id for webhook in webhooks if webhook.id is not None])
        self._news.set()

    def _keep_lanes(self, group: asyncio.TaskGroup, webhooks: Sequence[int]) -> None:
        self._lanes = {id_: lane for id_, lane in self._lanes.items() if not lane.stopped}
        for id_ in webhooks:
            if id_ not in self._lanes:
                lane = self._lanes[id_] = Lane(self._engine, self._http, id_, self._now, self._lease)
                group.create_task(lane.run())

    async def _resend(self) -> float:
        """Make deliveries of periods that are sent again; return the seconds until there may be more to do."""
        async with reading(self._engine) as session:
            pending = await queries.pending_resends(session)
        for one in pending:
            more = True
            while more and not self._news.is_set():
                async with writing(self._engine) as session:
                    more = await continue_resend(session, one, self._now())
                if one.webhook_id in self._lanes:
                    self._lanes[one.webhook_id].wake()
        return RESEND_S if pending else LOOK_S

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)  # first: a service that comes back has better things to do
            try:
                await self.sweep()
            except Exception as error:  # noqa: BLE001 - what is old can wait for another hour
                report(_log, "deliveries_not_removed", error, part="webhooks")

    async def sweep(self) -> None:
        """Remove deliveries that are too old, and those of removed webhooks, slice by slice."""
        while True:
            before = self._now() - timedelta(days=self._days)
            async with writing(self._engine) as session:
                removed = await queries.remove_finished(session, before, _SWEPT) if self._days else 0
                of_removed = await queries.remove_of_removed(session, _SWEPT)
            if max(removed, of_removed) < _SWEPT:
                return
            await asyncio.sleep(_SWEEP_PAUSE_S)
