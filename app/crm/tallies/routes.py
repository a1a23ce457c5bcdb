"""Tallies of campaigns: prices by prefix, money spent, and the hours at which people answer."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, needs
from app.crm.campaigns.errors import CampaignUnknown
from app.crm.campaigns.service import known_campaign
from app.crm.tallies import queries, service
from app.crm.tallies.hours import hour_tallies
from app.crm.tallies.schemas import HourOut, SpentDay, SpentOut, TariffIn, Tariffs
from app.domain.ids import CampaignId
from app.domain.roles import Permission
from app.pacing.best_hour import rates
from app.records.engine import reading, writing

ReadsTariffs = Annotated[LoggedIn, needs(Permission.TARIFFS_READ)]
WritesTariffs = Annotated[LoggedIn, needs(Permission.TARIFFS_WRITE)]
Reads = Annotated[LoggedIn, needs(Permission.CAMPAIGNS_READ)]
hours = APIRouter(prefix="/campaigns/{id}/hours", tags=["campaigns"])
tariffs = APIRouter(prefix="/tariffs", tags=["campaigns"])
in_campaign = APIRouter(prefix="/campaigns/{id}/spent", tags=["campaigns"])


@tariffs.get("", summary="What calls cost", responses=refusals())
async def get_tariffs(_: ReadsTariffs, services: Known) -> Tariffs:
    """Returns all prices, by prefix."""
    async with reading(services.engine) as session:
        rows = await queries.list_tariffs(session)
    return Tariffs(items=[TariffIn(**row.model_dump()) for row in rows])


@tariffs.put("", summary="Say what calls cost", responses=refusals())
async def put_tariffs(said: Tariffs, who: WritesTariffs, services: Known) -> Tariffs:
    """The body replaces all prices. They are in force from the next call; money already spent is not computed anew."""
    async with writing(services.engine, who.actor) as session:
        await queries.replace_tariffs(session, [one.row() for one in said.items])
    return await get_tariffs(who, services)


@hours.get("", summary="When people answer", responses=refusals(CampaignUnknown))
async def get_hours(id: RowId, _: Reads, services: Known) -> list[HourOut]:  # noqa: A002 - the path says it
    """Returns counts by hour of the day; hours without a call are left out."""
    async with reading(services.engine) as session:
        await known_campaign(session, CampaignId(id))
        tallies = await hour_tallies(session, CampaignId(id))
    promised = rates(tallies)
    return [
        HourOut(hour=hour, placed=one.placed, answered=one.answered, promises=round(promised[hour], 4))
        for hour, one in tallies.items()
    ]


@in_campaign.get("", summary="What a campaign has spent", responses=refusals(CampaignUnknown))
async def get_spent(id: RowId, _: Reads, services: Known) -> SpentOut:  # noqa: A002 - the path says it
    """Returns the money spent today and on earlier days, in the campaign's time zone."""
    async with reading(services.engine) as session:
        row = await known_campaign(session, CampaignId(id))
        found = await service.spent_by(session, CampaignId(id), row.time_zone, services.now())
    return SpentOut(
        today=found.today,
        spent=round(found.spent, 4),
        limit=row.spend_per_day,
        days=[SpentDay(day=one.day, spent=round(one.spent, 4)) for one in found.days],
    )
