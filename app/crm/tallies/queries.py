"""Prices by prefix, and the estimate of what each campaign has spent on each day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.tallies.tables import CampaignSpendRow, TariffRow
from app.domain.calls import Direction
from app.domain.ids import CampaignId, OperatorId
from app.records.base import table_of
from app.records.tables import CallRow

_SPEND = table_of(CampaignSpendRow)
_TARIFF = table_of(TariffRow)


async def list_tariffs(session: AsyncSession) -> Sequence[TariffRow]:
    """All prices, by prefix."""
    return (await session.scalars(select(TariffRow).order_by(col(TariffRow.prefix)))).all()


async def replace_tariffs(session: AsyncSession, rows: Iterable[TariffRow]) -> None:
    """Put these prices in place of all."""
    there = {row.prefix: row for row in await list_tariffs(session)}
    wanted = {row.prefix: row for row in rows}
    for prefix, row in wanted.items():
        if prefix in there:
            await session.merge(row)
        else:
            session.add(row)  # a merge would ask the database for each of thousands
    for prefix in there.keys() - wanted.keys():
        await session.delete(there[prefix])
    await session.flush()


async def tariffs_with(session: AsyncSession, prefixes: Collection[str]) -> Sequence[TariffRow]:
    """Prices of these prefixes, as far as there are any."""
    return (await session.scalars(select(TariffRow).where(col(TariffRow.prefix).in_(prefixes)))).all()


async def add_spent(session: AsyncSession, campaign: int, day: date, amount: float) -> None:
    """Add an amount to a campaign's day; a negative amount subtracts."""
    if not amount:
        return
    new = (postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert)(_SPEND)
    new = new.values(campaign_id=campaign, day=day, spent=amount)
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[column.name for column in _SPEND.primary_key],
            set_={"spent": _SPEND.c.spent + new.excluded.spent},
        )
    )


async def spent_on(session: AsyncSession, campaign: CampaignId, day: date) -> float:
    """The cost of a campaign's calls on a day, as far as it is known."""
    query = select(_SPEND.c.spent).where(_SPEND.c.campaign_id == campaign, _SPEND.c.day == day)
    return await session.scalar(query) or 0.0


async def page_spent(
    session: AsyncSession, campaign: CampaignId, *, before: date | None = None, limit: int = 50
) -> Sequence[CampaignSpendRow]:
    """The days on which a campaign spent money, the newest first."""
    day = col(CampaignSpendRow.day)
    query = select(CampaignSpendRow).where(col(CampaignSpendRow.campaign_id) == campaign)
    if before is not None:
        query = query.where(day < before)
    return (await session.scalars(query.order_by(day.desc()).limit(limit))).all()


async def spent_by_operators(session: AsyncSession, from_at: datetime) -> Mapping[OperatorId, Decimal]:
    """The cost of operators' own calls that began at this moment (aware) or later."""
    query = (
        select(col(CallRow.operator_id), func.sum(col(CallRow.cost)))
        .where(
            col(CallRow.direction) == Direction.OPERATOR.value,
            col(CallRow.arrived_at) >= from_at,
            col(CallRow.operator_id).is_not(None),
            col(CallRow.cost).is_not(None),
        )
        .group_by(col(CallRow.operator_id))
    )
    rows = await session.execute(query)
    return {
        OperatorId(operator): cost for operator, cost in rows if operator is not None and cost is not None
    }
