"""Deliveries as rows, for whoever makes, sends and removes them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.webhooks.tables import (
    DUE,
    UNFINISHED,
    DeliveryRow,
    DeliveryState,
    PositionRow,
    ResendRow,
    WebhookRow,
)
from app.events.queries import Position
from app.records.base import table_of
from app.records.event_table import EventRow

_DELIVERY = table_of(DeliveryRow).c
_EVENT = table_of(EventRow).c


async def active_webhooks(session: AsyncSession, *, lock: bool = False) -> Sequence[WebhookRow]:
    """Webhooks that are turned on; `lock` keeps others from finishing their deliveries until the commit."""
    query = select(WebhookRow).where(col(WebhookRow.active)).order_by(col(WebhookRow.id))
    return (await session.scalars(query.with_for_update() if lock else query)).all()


async def get_position(session: AsyncSession, *, lock: bool = False) -> Position | None:
    """How far the stream of events has been made into deliveries; None: not at all yet."""
    row = await session.get(PositionRow, 1, with_for_update=lock or None)
    return Position(row.transaction_id, row.event_id) if row is not None else None


async def set_position(session: AsyncSession, position: Position) -> None:
    """Write down how far the stream has been made into deliveries."""
    await session.merge(PositionRow(transaction_id=position.transaction, event_id=position.id))


async def begin_position(session: AsyncSession, position: Position) -> None:
    """Write down where the first webhook begins; what is written already stays."""
    new = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"id": 1, "transaction_id": position.transaction, "event_id": position.id}
    await session.execute(new(PositionRow).on_conflict_do_nothing(), [row])


async def unfinished_keys(
    session: AsyncSession, webhooks: Collection[int], keys: Collection[str]
) -> set[tuple[int, str]]:
    """Those keys of which a webhook has an unfinished delivery."""
    query = (
        select(_DELIVERY.webhook_id, _DELIVERY.key)
        .where(_DELIVERY.webhook_id.in_(webhooks), _DELIVERY.key.in_(keys), text(UNFINISHED))
        .distinct()
    )
    return {(webhook, key) for webhook, key in await session.execute(query)}


async def insert_deliveries(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Add deliveries; return their ids in the same order."""
    made = await session.execute(
        insert(DeliveryRow).returning(col(DeliveryRow.id), sort_by_parameter_order=True), rows
    )
    return [id_ for (id_,) in made if id_ is not None]


async def due_deliveries(
    session: AsyncSession, webhook: int, at: datetime, limit: int
) -> Sequence[DeliveryRow]:
    """Deliveries that are due, the longest due first, locked; those that another process holds are left out."""
    query = (
        select(DeliveryRow)
        .where(_DELIVERY.webhook_id == webhook, text(DUE), _DELIVERY.next_at <= at)
        .order_by(_DELIVERY.next_at, _DELIVERY.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(query)).all()


async def next_due(session: AsyncSession, webhook: int) -> datetime | None:
    """When the next delivery of a webhook is due; None: none is on its way."""
    query = select(func.min(_DELIVERY.next_at)).where(_DELIVERY.webhook_id == webhook, text(DUE))
    found: datetime | None = await session.scalar(query)
    return found


async def pull_forward(session: AsyncSession, webhook: int, at: datetime, limit: int) -> int:
    """Let waiting deliveries be due now that would be tried later, at most `limit`; return how many."""
    some = (
        select(_DELIVERY.id)
        .where(
            _DELIVERY.webhook_id == webhook,
            text(DUE),
            _DELIVERY.state == DeliveryState.WAITING,
            _DELIVERY.next_at > at,
        )
        .limit(limit)
    )
    pulled = await session.execute(
        update(DeliveryRow).where(_DELIVERY.id.in_(some)).values(next_at=at).returning(_DELIVERY.id)
    )
    return len(pulled.all())


async def set_deliveries(session: AsyncSession, deliveries: Collection[int], **values: Any) -> None:
    """Set columns of deliveries."""
    await session.execute(update(DeliveryRow).where(_DELIVERY.id.in_(deliveries)).values(**values))


async def let_next_go(session: AsyncSession, webhook: int, key: str, at: datetime) -> None:
    """Let the next delivery of a subject be due, after the one before it is finished."""
    first = select(func.min(_DELIVERY.id)).where(
        _DELIVERY.webhook_id == webhook,
        _DELIVERY.key == key,
        text(UNFINISHED),
        _DELIVERY.state == DeliveryState.BEHIND,
    )
    await session.execute(
        update(DeliveryRow)
        .where(_DELIVERY.id == first.scalar_subquery())
        .values(state=DeliveryState.WAITING, next_at=at)
    )


async def get_events(session: AsyncSession, events: Collection[int]) -> dict[int, EventRow]:
    """Events by their ids; those that are kept no more are left out."""
    found = await session.scalars(select(EventRow).where(_EVENT.id.in_(events)))
    return {row.id: row for row in found if row.id is not None}


async def pending_resends(session: AsyncSession) -> Sequence[ResendRow]:
    """Periods that are still to be sent again, of webhooks that are turned on."""
    query = (
        select(ResendRow)
        .join(WebhookRow, col(WebhookRow.id) == col(ResendRow.webhook_id))
        .where(col(ResendRow.done_at).is_(None), col(WebhookRow.active))
        .order_by(col(ResendRow.id))
    )
    return (await session.scalars(query)).all()


async def get_resend(session: AsyncSession, resend: int) -> ResendRow | None:
    """One period, locked until the commit."""
    return await session.get(ResendRow, resend, with_for_update=True)


async def set_resend(session: AsyncSession, resend: int, **values: Any) -> None:
    """Write down how far a period has come."""
    await session.execute(update(ResendRow).where(col(ResendRow.id) == resend).values(**values))


async def events_of_period(
    session: AsyncSession, reached: tuple[datetime, int], to_at: datetime, limit: int
) -> Sequence[EventRow]:
    """The next events of a period, by their moments; `reached` is the moment and id of the last one before."""
    at, id_ = reached
    query = (
        select(EventRow)
        .where(_EVENT.at >= at, (_EVENT.at > at) | (_EVENT.id > id_), _EVENT.at < to_at)
        .order_by(_EVENT.at, _EVENT.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def taken_or_unfinished(session: AsyncSession, webhook: int, events: Collection[int]) -> set[int]:
    """Those events that a webhook's receiver has taken, or that are on their way to it."""
    query = select(_DELIVERY.event_id).where(
        _DELIVERY.event_id.in_(events),
        _DELIVERY.webhook_id == webhook,
        _DELIVERY.state != DeliveryState.FAILED,
    )
    return set(await session.scalars(query))


async def remove_finished(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove deliveries that were finished before a moment, at most `limit`; return how many."""
    some = select(_DELIVERY.id).where(_DELIVERY.finished_at < before).limit(limit)
    return await _remove(session, some)


async def remove_of_removed(session: AsyncSession, limit: int) -> int:
    """Remove deliveries of removed webhooks, at most `limit`, then the webhooks; return how many deliveries."""
    gone = select(col(WebhookRow.id)).where(col(WebhookRow.removed_at).is_not(None))
    removed = await _remove(session, select(_DELIVERY.id).where(_DELIVERY.webhook_id.in_(gone)).limit(limit))
    if not removed:
        await session.execute(delete(ResendRow).where(col(ResendRow.webhook_id).in_(gone)))
        await session.execute(delete(WebhookRow).where(col(WebhookRow.removed_at).is_not(None)))
    return removed


async def _remove(session: AsyncSession, some: Any) -> int:
    removed = await session.execute(
        delete(DeliveryRow).where(_DELIVERY.id.in_(some.scalar_subquery())).returning(_DELIVERY.id)
    )
    return len(removed.all())
