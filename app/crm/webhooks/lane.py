"""One webhook's deliveries: claimed when due, a few sent at a time, settled together.

A lane holds nothing but the few deliveries that are on their way; whatever waits is in rows. While the receiver is
away the lane asks it once a minute at most, and when it is back, everything that waits becomes due.
"""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.webhooks import delivery_queries as queries
from app.crm.webhooks.backoff import ROW_OF_FAILURES, rest_s
from app.crm.webhooks.outbox import Outcome, claim, settle
from app.crm.webhooks.queries import get_webhook
from app.crm.webhooks.sending import Receiver, send
from app.crm.webhooks.service import secrets_of
from app.crm.webhooks.tables import DeliveryRow
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.system import clock
from app.system.faults import PAUSE_S, report
from app.system.guarded_http import GuardedHttp

PARALLEL: Final = 4
"""Deliveries of one webhook that are sent at one time."""
LOOK_S: Final = 30.0
"""Seconds after which a lane looks by itself."""
AWAY_S: Final = 2.0
"""Seconds until it tries again while the database is away."""
PULLED: Final = 500
"""Waiting deliveries that one transaction lets be due when the receiver is back."""
_log = structlog.get_logger(__name__)


class Lane:
    """Call `run` in a task group; it ends when the webhook is turned off or removed.

    Args:
        engine: the database.
        http: asks programs outside.
        webhook: the webhook's id.
        now: the wall clock.
        lease: how long a delivery may be on its way before another process sends it, too.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        http: GuardedHttp,
        webhook: int,
        now: Callable[[], datetime],
        lease: timedelta,
    ) -> None:
        self._engine, self._http, self._webhook, self._now, self._lease = engine, http, webhook, now, lease
        self._awake = asyncio.Event()
        self._flying = 0
        self._outcomes: list[Outcome] = []
        self._failures: int | None = None
        """Tries that failed since one was taken; None: the lane has only begun."""
        self._rest_until_s = 0.0
        self._recovering = False
        self.stopped = False
        """Whether the lane has ended: another is needed when the webhook is turned on again."""

    def wake(self) -> None:
        """Look for due deliveries now."""
        self._awake.set()

    async def run(self) -> None:
        """Deliver until the webhook is turned off."""
        try:
            async with asyncio.TaskGroup() as group:
                while not self.stopped:
                    self._awake.clear()
                    wait_s = await self._turn(group)
                    if not self.stopped:
                        await self._wait(wait_s)
        finally:
            self.stopped = True

    async def _turn(self, group: asyncio.TaskGroup) -> float:
        """Settle what is back, send what is due; return the seconds until there is more to do."""
        try:
            await self._settle()
            return await self._send_due(group)
        except Exception as error:  # noqa: BLE001 - a receiver is no reason to stop answering callers
            away = report(_log, "webhook_not_delivered", error, part="webhooks", webhook=self._webhook)
            return AWAY_S if away else PAUSE_S

    async def _wait(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._awake.wait()
        except TimeoutError:
            return

    async def _settle(self) -> None:
        outcomes = list(self._outcomes)
        if not outcomes:
            return
        async with writing(self._engine) as session:
            await settle(session, self._webhook, outcomes, self._now(), random.random())  # noqa: S311
        del self._outcomes[: len(outcomes)]

    async def _send_due(self, group: asyncio.TaskGroup) -> float:
        async with reading(self._engine) as session:
            webhook = await get_webhook(session, self._webhook)
            due_at = await queries.next_due(session, self._webhook)
        if webhook is None or not webhook.active:
            self.stopped = not self._flying
            return LOOK_S
        if self._failures is None:
            failing = webhook.failing_since is not None
            self._failures = ROW_OF_FAILURES if failing else 0
            self._recovering = not failing  # turned on again: what waited for a later try need not wait
        room, rest_s_ = self._room()
        if room <= 0:
            return rest_s_
        if due_at is None or (due_at > self._now() and not self._recovering):
            left_s = LOOK_S if due_at is None else (due_at - self._now()).total_seconds()
            return min(max(left_s, 0.01), LOOK_S)
        rows, events = await self._claim(room)
        receiver = Receiver(webhook.url, secrets_of(webhook, self._now()), webhook.values)
        for row in rows:
            self._flying += 1
            group.create_task(self._send(receiver, row, events.get(row.event_id)))
        return LOOK_S if len(rows) == room else 0.01

    def _room(self) -> tuple[int, float]:
        """How many deliveries may be begun now, and else the seconds to wait."""
        left_s = self._rest_until_s - clock.monotonic()
        if left_s > 0:
            return 0, min(left_s, LOOK_S)
        if (self._failures or 0) < ROW_OF_FAILURES:
            return PARALLEL - self._flying, LOOK_S
        return 0 if self._flying else 1, LOOK_S

    async def _claim(self, room: int) -> tuple[list[DeliveryRow], dict[int, EventRow]]:
        async with writing(self._engine) as session:
            if self._recovering:
                pulled = await queries.pull_forward(session, self._webhook, self._now(), PULLED)
                self._recovering = pulled == PULLED
            rows = await claim(session, self._webhook, self._now(), self._lease, room)
            events = await queries.get_events(session, [row.event_id for row in rows])
        return rows, events

    async def _send(self, receiver: Receiver, row: DeliveryRow, event: EventRow | None) -> None:
        try:
            outcome = await send(self._http, receiver, row, event, self._now())
        except Exception as error:  # noqa: BLE001 - it is tried again later, as any that failed
            report(_log, "webhook_not_sent", error, part="webhooks", webhook=self._webhook)
            assert row.id is not None
            outcome = Outcome(
                row.id, row.key, tries=row.tries + 1, error="a fault of the service; it is in its log"
            )
        finally:
            self._flying -= 1
            self._awake.set()
        self._outcomes.append(outcome)
        self._note(outcome)

    def _note(self, outcome: Outcome) -> None:
        failures = self._failures or 0
        if outcome.event_gone:
            return
        if outcome.taken:
            self._recovering = self._recovering or failures >= ROW_OF_FAILURES
            self._failures = 0
        else:
            self._failures = failures + 1
            rest = max(rest_s(self._failures), outcome.again_s)
            self._rest_until_s = max(self._rest_until_s, clock.monotonic() + rest)
