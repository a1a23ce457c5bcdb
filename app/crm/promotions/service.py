"""The rules of promotions."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.promotions import queries
from app.crm.promotions.errors import PromotionUnknown
from app.crm.promotions.tables import PromotionRow
from app.crm.queues.service import require_queues
from app.crm.tags.service import require_tags
from app.domain.promotions import PromotionRule, is_for
from app.records.versions import columns_of, raise_version

RUNNING_MOST: Final = 200
"""The most promotions that count at one moment."""


async def get_promotion(session: AsyncSession, promotion: int) -> PromotionRow:
    """One promotion.

    Raises:
        PromotionUnknown: there is none.
    """
    row = await queries.get_promotion(session, promotion)
    if row is None:
        raise PromotionUnknown(promotion=promotion)
    return row


async def make_promotion(session: AsyncSession, fields: Mapping[str, Any]) -> PromotionRow:
    """Make a promotion.

    Args:
        session: writes.
        fields: of `PromotionFields`.

    Raises:
        ReferenceUnknown: it is for a queue or a tag that does not exist.
    """
    await _check(session, fields)
    return await queries.save_promotion(session, PromotionRow(**fields))


async def change_promotion(
    session: AsyncSession, row: PromotionRow, fields: Mapping[str, Any]
) -> PromotionRow:
    """Change a promotion whole.

    Raises:
        ReferenceUnknown: it is for a queue or a tag that does not exist.
    """
    await _check(session, fields)
    was = columns_of(row)
    for name, value in fields.items():
        setattr(row, name, value)
    raise_version(row, was)
    return await queries.save_promotion(session, row)


async def running_promotions(
    session: AsyncSession, at: datetime, *, queue: str | None = None, tags: Collection[int] | None = None
) -> list[PromotionRow]:
    """Promotions that run at a moment and are for a customer; those that end first before the others.

    Args:
        session: reads.
        at: the moment.
        queue: the queue that the customer called; None: unknown.
        tags: the tags of the customer's contact; None, without a queue: promotions for anybody.
    """
    rows = await queries.running_promotions(session, at, RUNNING_MOST)
    if queue is None and tags is None:
        return list(rows)
    return [row for row in rows if is_for(rule_of(row), queue=queue, tags=tags or ())]


async def rules_for(
    session: AsyncSession, at: datetime, *, queue: str | None = None, tags: Collection[int] = ()
) -> list[PromotionRule]:
    """The rules of promotions that run at a moment and are for a customer; for `best_discount`.

    Args:
        session: reads.
        at: the moment.
        queue: the queue that the customer called; None: unknown.
        tags: the tags of the customer's contact.
    """
    return [rule_of(row) for row in await running_promotions(session, at, queue=queue, tags=tags)]


def rule_of(row: PromotionRow) -> PromotionRule:
    """The rule of a promotion."""
    assert row.id is not None
    return PromotionRule(
        id=row.id,
        titles={language: text["title"] for language, text in row.texts.items()},
        kind=row.discount_kind,
        value=row.discount_value,
        products=frozenset(row.products),
        categories=frozenset(row.categories),
        queues=frozenset(row.queues),
        tags=frozenset(row.tags),
        from_at=row.from_at,
        until_at=row.until_at,
    )


async def _check(session: AsyncSession, fields: Mapping[str, Any]) -> None:
    await require_queues(session, fields["queues"])
    await require_tags(session, fields["tags"])
