"""The rules of tallies: the price of a call to a number, and the money that a campaign has spent."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.campaigns.queries import get_campaign
from app.crm.tallies import queries
from app.crm.tallies.days import day_in
from app.crm.tallies.tables import CampaignSpendRow
from app.domain.ids import CampaignId
from app.domain.tariffs import Tariff


class Spent(NamedTuple):
    """The money that a campaign has spent."""

    today: date
    """Today's date in the campaign's time zone."""
    spent: float
    """The cost of today's calls, in the unit of the tariffs."""
    days: Sequence[CampaignSpendRow]
    """The days, the newest first."""


async def tariffs_of(session: AsyncSession, numbers: Collection[str]) -> Mapping[str, Tariff]:
    """For each number (E.164) the price of the longest prefix that fits; numbers without one are left out."""
    prefixes = {number[:length] for number in numbers for length in range(2, len(number) + 1)}
    if not prefixes:
        return {}
    known = {
        row.prefix: Tariff(row.prefix, row.per_minute, row.connection, row.step_s)
        for row in await queries.tariffs_with(session, prefixes)
    }
    found = {}
    for number in numbers if known else ():
        fitting = (known.get(number[:length]) for length in range(len(number), 1, -1))
        tariff = next((one for one in fitting if one is not None), None)
        if tariff is not None:
            found[number] = tariff
    return found


async def count_money(
    session: AsyncSession, campaign: CampaignId, placed_at: datetime, amount: float
) -> None:
    """Add an amount to the campaign's day in which a call was placed; a negative amount subtracts."""
    row = await get_campaign(session, campaign)
    day, _ = day_in(row.time_zone if row is not None else "", placed_at)
    await queries.add_spent(session, campaign, day, amount)


async def spent_by(session: AsyncSession, campaign: CampaignId, zone: str, at: datetime) -> Spent:
    """The money that a campaign has spent today and on earlier days.

    Args:
        session: that reads.
        campaign: whose money.
        zone: the campaign's time zone.
        at: aware; now.
    """
    today, _ = day_in(zone, at)
    return Spent(
        today,
        await queries.spent_on(session, campaign, today),
        await queries.page_spent(session, campaign),
    )
