"""Dispositions over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import CampaignAsked, RowId
from app.api.security import Known, needs
from app.crm.campaigns.errors import CampaignUnknown
from app.crm.dispositions import queries, service
from app.crm.dispositions.errors import DispositionTaken, DispositionUnknown
from app.crm.dispositions.schemas import DispositionIn, DispositionOut, NewDisposition
from app.crm.dispositions.tables import DispositionRow
from app.domain.ids import CampaignId
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.DISPOSITIONS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.DISPOSITIONS_WRITE)]
router = APIRouter(prefix="/dispositions", tags=["campaigns"], route_class=IdempotentRoute)


@router.get("", summary="Dispositions", responses=refusals())
async def list_dispositions(
    _: Reads, services: Known, campaign: CampaignAsked = None
) -> list[DispositionOut]:
    """Returns the dispositions common to all campaigns and, with `campaign`, that campaign's own, in their order."""
    of = CampaignId(campaign) if campaign is not None else None
    async with reading(services.engine) as session:
        rows = await queries.list_dispositions(session, of)
    return [DispositionOut.of(row) for row in rows]


@router.post(
    "",
    status_code=201,
    summary="Make a disposition",
    responses=refusals(CampaignUnknown, DispositionTaken) | TAGGED_NEW,
)
async def make_disposition(said: NewDisposition, who: Writes, services: Known, tag: Tag) -> DispositionOut:
    """The disposition is for one campaign, or for all."""
    campaign = CampaignId(said.campaign) if said.campaign is not None else None
    async with writing(services.engine, who.actor) as session:
        row = await service.make_disposition(session, campaign, said.model_dump(exclude={"campaign"}))
    return tag(DispositionOut.of(row))


@router.put(
    "/{id}",
    summary="Change a disposition",
    responses=refusals(DispositionUnknown, DispositionTaken, *UNSEEN) | TAGGED,
)
async def put_disposition(
    id: RowId,  # noqa: A002 - the path says it
    said: DispositionIn,
    who: Writes,
    services: Known,
    match: Match,
) -> DispositionOut:
    """The body replaces the whole disposition. One that was used cannot be removed, because records name it: set
    `active` to false.
    """
    async with writing(services.engine, who.actor) as session:
        await match.check(session, DispositionRow, id)
        row = await service.change_disposition(session, id, said.model_dump())
    return match(DispositionOut.of(row))
