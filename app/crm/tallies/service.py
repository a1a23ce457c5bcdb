"""The rules of tallies: which price holds for a number, and what a campaign has spent where it is."""

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
    """What a campaign has spent."""

    today: date
    """Where the campaign is."""
    spent: float
    """Today."""
    days: Sequence[CampaignSpendRow]
    """The newest first."""


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
    """Count money for the campaign's day in which a call was placed; less than nothing takes some back."""
    row = await get_campaign(session, campaign)
    day, _ = day_in(row.time_zone if row is not None else "", placed_at)
    await queries.add_spent(session, campaign, day, amount)


async def spent_by(session: AsyncSession, campaign: CampaignId, zone: str, at: datetime) -> Spent:
    """What a campaign has spent today and on the days before.

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
