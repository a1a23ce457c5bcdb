"""The rules of deliveries: events become rows, rows become due in order, and what came of a try is written down.

    events of the stream -> `spread` -> waiting: the first unfinished one of its subject
                                        behind: the others, until it is finished
    waiting -> `claim` -> sending, under a lease -> `settle` -> delivered
                                                                waiting, until the next try
                                                                failed, when it is given up

The rows of one webhook are added and finished under a lock on the webhook, so that none is added behind a delivery that
is being finished at this moment.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.webhooks import delivery_queries as queries
from app.crm.webhooks.backoff import wait_s
from app.crm.webhooks.queries import count_unfinished, get_webhook, set_webhook
from app.crm.webhooks.tables import DeliveryRow, DeliveryState, Disabled, ResendRow, WebhookRow
from app.events.kinds import Kinds
from app.events.queries import Position, position_of
from app.events.recorder import announce
from app.records.event_table import EventRow

PINGED: Final = "webhook.pinged"
"""The event that goes to the webhook it is about, and to no other."""
FAILING_MOST: Final = timedelta(days=5)
"""A webhook that took nothing for so long is turned off."""
BACKLOG: Final = 5_000
"""While so many deliveries of a webhook are on their way, a period that is sent again waits."""
SLICE: Final = 200
"""How many events one transaction makes into deliveries."""
_GONE: Final = 410


@dataclass(slots=True, frozen=True)
class Outcome:
    """What came of one try."""

    delivery: int
    key: str
    tries: int
    """How many there have been, this one included."""
    status: int | None = None
    error: str = ""
    """Why it failed, in one line; empty: it was taken."""
    answer: str = ""
    duration_s: float = 0.0
    again_s: float = 0.0
    """Seconds for which the receiver wants to be left alone; 0: it does not say."""
    event_gone: bool = False
    """The event is kept no more, so there was nothing to send."""

    @property
    def taken(self) -> bool:
        """Whether the receiver took it."""
        return not self.error


def wanted_by(webhook: WebhookRow, event: EventRow) -> bool:
    """Whether a webhook is for an event."""
    if event.kind == PINGED:
        return event.subject_id == str(webhook.id)
    return Kinds(webhook.kinds).has(event.subject, event.kind)


async def add_deliveries(
    session: AsyncSession, pairs: Sequence[tuple[int, EventRow]], at: datetime
) -> Sequence[int]:
    """Add a delivery for each pair of a webhook, which is locked, and an event; return their ids.

    The first unfinished delivery of a subject is due at once; the others wait behind it.
    """
    keys = [(webhook, f"{event.subject}:{event.subject_id}") for webhook, event in pairs]
    unfinished = await queries.unfinished_keys(
        session, {webhook for webhook, _ in keys}, {key for _, key in keys}
    )
    rows: list[dict[str, Any]] = []
    for (webhook, event), key in zip(pairs, keys, strict=True):
        behind = key in unfinished
        unfinished.add(key)
        rows.append(
            {
                "webhook_id": webhook,
                "event_id": event.id,
                "kind": event.kind,
                "key": key[1],
                "state": DeliveryState.BEHIND if behind else DeliveryState.WAITING,
                "tries": 0,
                "error": "",
                "next_at": at,
                "created_at": at,
            }
        )
    return await queries.insert_deliveries(session, rows)


async def spread(session: AsyncSession, events: Sequence[EventRow], at: datetime) -> set[int]:
    """Make deliveries of new events, in the order of the stream, unless another process did; return whose.

    Args:
        session: that writes.
        events: of the stream, at least one.
        at: now.
    """
    webhooks = await queries.active_webhooks(session, lock=True)
    reached = await queries.get_position(session, lock=True)
    new = [one for one in events if reached is None or _is_after(position_of(one), reached)]
    pairs = [
        (webhook.id or 0, event)
        for event in new
        for webhook in webhooks
        if event.at >= webhook.since and wanted_by(webhook, event)
    ]
    if pairs:
        await add_deliveries(session, pairs, at)
    if new:
        await queries.set_position(session, position_of(new[-1]))
    return {webhook for webhook, _ in pairs}


def _is_after(position: Position, other: Position) -> bool:
    return (position.transaction, position.id) > (other.transaction, other.id)


async def claim(
    session: AsyncSession, webhook: int, at: datetime, lease: timedelta, limit: int
) -> list[DeliveryRow]:
    """Take due deliveries for sending: nobody else sends them until the lease is over."""
    rows = list(await queries.due_deliveries(session, webhook, at, limit))
    ids = [row.id for row in rows if row.id is not None]
    if ids:
        await queries.set_deliveries(session, ids, state=DeliveryState.SENDING, next_at=at + lease)
    return rows


async def settle(
    session: AsyncSession, webhook: int, outcomes: Collection[Outcome], at: datetime, chance: float
) -> None:
    """Write down what came of tries, let later events of finished subjects go, and turn off a dead webhook.

    Args:
        session: that writes.
        webhook: to which they went.
        outcomes: of tries that this process had claimed.
        at: now.
        chance: 0..1, spreads the next tries.
    """
    row = await get_webhook(session, webhook, lock=True)
    if row is None:
        return
    for one in outcomes:
        await _settle_one(session, webhook, one, at, chance)
    tried = [one for one in outcomes if not one.event_gone]
    if any(one.status == _GONE for one in tried):
        await _disable(session, row, Disabled.GONE)
    elif any(one.taken for one in tried):
        if row.failing_since is not None:
            await set_webhook(session, webhook, failing_since=None)
    elif tried and row.failing_since is None:
        await set_webhook(session, webhook, failing_since=at)
    elif tried and row.failing_since is not None and at - row.failing_since >= FAILING_MOST:
        await _disable(session, row, Disabled.FAILING)


async def _settle_one(session: AsyncSession, webhook: int, one: Outcome, at: datetime, chance: float) -> None:
    again_s = None if one.taken or one.event_gone else wait_s(one.tries, chance)
    told = {
        "tries": one.tries,
        "last_at": at,
        "status": one.status,
        "error": one.error,
        "answer": one.answer or None,
        "duration_s": one.duration_s,
    }
    if again_s is not None:
        state, next_at = DeliveryState.WAITING, at + timedelta(seconds=max(again_s, one.again_s))
        await queries.set_deliveries(session, [one.delivery], state=state, next_at=next_at, **told)
        return
    state = DeliveryState.DELIVERED if one.taken else DeliveryState.FAILED
    await queries.set_deliveries(session, [one.delivery], state=state, finished_at=at, **told)
    await queries.let_next_go(session, webhook, one.key, at)


async def _disable(session: AsyncSession, row: WebhookRow, why: Disabled) -> None:
    if not row.active or row.id is None:
        return
    await set_webhook(session, row.id, active=False, disabled=why, version=row.version + 1)
    announce(
        session,
        "webhook",
        row.id,
        "disabled",
        before={"active": True},
        after={"active": False, "why": why, "title": row.title},
    )


async def continue_resend(session: AsyncSession, resend: ResendRow, at: datetime) -> bool:
    """Make the next slice of a period into deliveries; return whether there is more to do at once.

    Args:
        session: that writes.
        resend: as it was read; it is read again, locked.
        at: now.
    """
    webhook = await get_webhook(session, resend.webhook_id, lock=True)
    row = await queries.get_resend(session, resend.id or 0)
    if webhook is None or not webhook.active or row is None or row.done_at is not None:
        return False
    if await count_unfinished(session, row.webhook_id, BACKLOG) >= BACKLOG:
        return False
    events = await queries.events_of_period(session, (row.reached_at, row.reached_id), row.to_at, SLICE)
    wanted = [one for one in events if one.kind != PINGED and wanted_by(webhook, one)]
    if row.missing and wanted:
        known = await queries.taken_or_unfinished(session, row.webhook_id, [one.id or 0 for one in wanted])
        wanted = [one for one in wanted if one.id not in known]
    if wanted:
        await add_deliveries(session, [(row.webhook_id, one) for one in wanted], at)
    reached: dict[str, Any] = {"deliveries": row.deliveries + len(wanted)}
    if events:
        reached |= {"reached_at": events[-1].at, "reached_id": events[-1].id}
    if len(events) < SLICE:
        reached["done_at"] = at
    await queries.set_resend(session, row.id or 0, **reached)
    return len(events) == SLICE
