"""Webhooks and their deliveries as rows, for whoever sets them up and looks at them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.webhooks.tables import UNFINISHED, DeliveryRow, DeliveryState, ResendRow, WebhookRow
from app.records.base import table_of
from app.records.event_table import EventRow

_DELIVERY = table_of(DeliveryRow).c


class DeliveryFilter(NamedTuple):
    """Which deliveries are wanted; None wants all."""

    state: DeliveryState | None = None
    kind: str | None = None
    event: int | None = None


async def list_webhooks(session: AsyncSession) -> Sequence[WebhookRow]:
    """Every webhook, by its id."""
    query = select(WebhookRow).where(col(WebhookRow.removed_at).is_(None)).order_by(col(WebhookRow.id))
    return (await session.scalars(query)).all()


async def count_webhooks(session: AsyncSession) -> int:
    """How many webhooks there are, those included whose deliveries are still being removed."""
    return await session.scalar(select(func.count()).select_from(WebhookRow)) or 0


async def get_webhook(session: AsyncSession, webhook: int, *, lock: bool = False) -> WebhookRow | None:
    """One webhook, or None; `lock` keeps others from changing it until the commit."""
    return await session.get(WebhookRow, webhook, with_for_update=lock or None)


async def save_webhook(session: AsyncSession, row: WebhookRow) -> None:
    """Save a webhook; the row comes back with its id."""
    session.add(row)
    await session.flush()


async def set_webhook(session: AsyncSession, webhook: int, **values: Any) -> None:
    """Set columns past the session's rows: the service's own bookkeeping, which is no event."""
    await session.execute(update(WebhookRow).where(col(WebhookRow.id) == webhook).values(**values))


async def count_unfinished(session: AsyncSession, webhook: int, most: int) -> int:
    """How many deliveries are on their way, counted up to `most`."""
    some = (
        select(_DELIVERY.key)
        .where(_DELIVERY.webhook_id == webhook, text(UNFINISHED))
        .order_by(_DELIVERY.key)
        .limit(most)
        .subquery()
    )
    return await session.scalar(select(func.count()).select_from(some)) or 0


async def list_deliveries(
    session: AsyncSession, webhook: int, wanted: DeliveryFilter, *, before: int | None, limit: int
) -> Sequence[DeliveryRow]:
    """Deliveries of a webhook, the newest first; `before` is the last id of the page before."""
    query = select(DeliveryRow).where(_DELIVERY.webhook_id == webhook)
    for column, value in (
        (_DELIVERY.state, wanted.state),
        (_DELIVERY.kind, wanted.kind),
        (_DELIVERY.event_id, wanted.event),
    ):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(_DELIVERY.id < before)
    return (await session.scalars(query.order_by(_DELIVERY.id.desc()).limit(limit))).all()


async def get_delivery(session: AsyncSession, delivery: int, *, lock: bool = False) -> DeliveryRow | None:
    """One delivery, or None."""
    return await session.get(DeliveryRow, delivery, with_for_update=lock or None)


async def make_due(session: AsyncSession, delivery: int, at: datetime) -> None:
    """Let a waiting delivery be due at a moment."""
    await session.execute(update(DeliveryRow).where(_DELIVERY.id == delivery).values(next_at=at))


async def count_resends(session: AsyncSession, webhook: int) -> int:
    """How many periods are still being sent again."""
    query = (
        select(func.count())
        .select_from(ResendRow)
        .where(col(ResendRow.webhook_id) == webhook, col(ResendRow.done_at).is_(None))
    )
    return await session.scalar(query) or 0


async def list_resends(session: AsyncSession, webhook: int, limit: int) -> Sequence[ResendRow]:
    """The newest periods that were sent again."""
    query = select(ResendRow).where(col(ResendRow.webhook_id) == webhook)
    return (await session.scalars(query.order_by(col(ResendRow.id).desc()).limit(limit))).all()


async def save_resend(session: AsyncSession, row: ResendRow) -> None:
    """Save a period; the row comes back with its id."""
    session.add(row)
    await session.flush()


async def forget_answers(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """Erase what receivers answered to events about a person: they may have repeated the person's data.

    Args:
        session: that writes.
        which: the events.
    """
    about = select(col(EventRow.id)).where(which)
    await session.execute(
        update(DeliveryRow)
        .where(_DELIVERY.event_id.in_(about), _DELIVERY.answer.is_not(None))
        .values(answer=None)
    )
