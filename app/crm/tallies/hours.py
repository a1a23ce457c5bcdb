"""How many of a campaign's calls were answered in each hour of the day."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.tallies.tables import CampaignHourRow
from app.domain.ids import CampaignId
from app.pacing.best_hour import HourTally
from app.records.base import table_of

_HOUR = table_of(CampaignHourRow)


async def count_call(session: AsyncSession, campaign: int, hour: int, *, answered: bool) -> None:
    """Count one call that was placed in an hour of the day, 0..23."""
    new = (postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert)(_HOUR)
    new = new.values(campaign_id=campaign, hour=hour, placed=1, answered=int(answered))
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[column.name for column in _HOUR.primary_key],
            set_={
                "placed": _HOUR.c.placed + 1,
                "answered": _HOUR.c.answered + new.excluded.answered,
            },
        )
    )


async def hour_tallies(session: AsyncSession, campaign: CampaignId) -> Mapping[int, HourTally]:
    """Counts by hour of the day, where the called party is."""
    query = select(_HOUR.c.hour, _HOUR.c.placed, _HOUR.c.answered).where(_HOUR.c.campaign_id == campaign)
    return {
        hour: HourTally(placed, answered)
        for hour, placed, answered in await session.execute(query.order_by(_HOUR.c.hour))
    }
