"""Campaigns: a supervisor's work."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.configuration import Configuring, later
from app.api.errors import CursorUnknown
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, needs, user_id
from app.crm.campaigns import queries, service
from app.crm.campaigns.errors import (
    KEPT,
    CampaignFinished,
    CampaignHasCalled,
    CampaignLacks,
    CampaignNotFinished,
    CampaignTooLarge,
    CampaignUnknown,
    DispositionsMissing,
    StateUnreachable,
)
from app.crm.campaigns.schemas import CampaignIn, CampaignOut, ChangeOut, Changes, StateChange
from app.crm.leads.counts import count_leads
from app.domain.campaigns import CampaignState
from app.domain.ids import CampaignId
from app.domain.roles import Permission
from app.floor.errors import CampaignNotOnFloor
from app.live.campaign_view import CampaignView
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.CAMPAIGNS_READ)]
Runs = Annotated[LoggedIn, needs(Permission.CAMPAIGNS_RUN)]
router = APIRouter(prefix="/campaigns", tags=["campaigns"], route_class=IdempotentRoute)


@router.get("", summary="All campaigns", responses=refusals())
async def list_campaigns(
    _: Reads,
    services: Known,
    state: Annotated[CampaignState | None, Query(description="Only those in this state.")] = None,
) -> list[CampaignOut]:
    """Returns all campaigns, the highest priority first."""
    async with reading(services.engine) as session:
        rows = await queries.list_campaigns(session, [state] if state is not None else ())
    return [CampaignOut.of(row) for row in rows]


@router.post("", status_code=201, summary="Make a campaign", responses=refusals(*KEPT))
async def make_campaign(said: CampaignIn, who: Runs, services: Known) -> CampaignOut:
    """The campaign begins as a draft: give it leads, then set its state to `running`."""
    async with writing(services.engine, who.actor) as session:
        row = await service.make_campaign(
            session, said.fields(), region=services.region, user=user_id(who), at=services.now()
        )
        counts = await count_leads(session, [row.id or 0])
    return CampaignOut.of(row, counts[row.id or 0])


@router.get("/{id}", summary="One campaign", responses=refusals(CampaignUnknown))
async def get_campaign(id: RowId, _: Reads, services: Known) -> CampaignOut:  # noqa: A002 - the path says it
    """Returns the campaign with the number of its leads in each state."""
    async with reading(services.engine) as session:
        row = await service.known_campaign(session, CampaignId(id))
        counts = await count_leads(session, [id])
    return CampaignOut.of(row, counts[id])


@router.put(
    "/{id}",
    summary="Change a campaign",
    responses=refusals(CampaignUnknown, CampaignFinished, CampaignLacks, *KEPT) | later(200),
)
async def put_campaign(
    id: RowId,  # noqa: A002 - the path says it
    said: CampaignIn,
    who: Runs,
    services: Known,
    configuring: Configuring,
) -> CampaignOut:
    """The body replaces the whole campaign; a field that is left out gets its default."""
    campaign = CampaignId(id)
    async with configuring(who.actor) as session:
        row = await service.change_campaign(
            session,
            campaign,
            said.fields(),
            region=services.region,
            user=user_id(who),
            at=services.now(),
        )
        counts = await count_leads(session, [id])
    services.campaign_changed(campaign)
    return CampaignOut.of(row, counts[id])


@router.put(
    "/{id}/state",
    summary="Run, pause or end a campaign",
    responses=refusals(CampaignUnknown, CampaignLacks, DispositionsMissing, StateUnreachable) | later(200),
)
async def put_campaign_state(
    id: RowId,  # noqa: A002 - the path says it
    said: StateChange,
    who: Runs,
    services: Known,
    configuring: Configuring,
) -> CampaignOut:
    """`running`, `paused` (calls under way go on), `drained` (callbacks only), `finished` (for good).

    409 with the code `campaign.lacks` when something is missing before it may call; `errors` names what.
    """
    campaign, state = CampaignId(id), CampaignState(said.state)
    async with configuring(who.actor) as session:
        row = await service.set_state(
            session, campaign, state, reason=said.reason, user=user_id(who), at=services.now()
        )
    services.campaign_changed(campaign)
    return CampaignOut.of(row)


@router.delete(
    "/{id}",
    status_code=204,
    summary="Remove a campaign",
    responses=refusals(CampaignUnknown, CampaignNotFinished, CampaignHasCalled, CampaignTooLarge)
    | later(204),
)
async def remove_campaign(
    id: RowId,  # noqa: A002 - the path says it
    who: Runs,
    services: Known,
    configuring: Configuring,
) -> None:
    """Its leads are removed with it. A campaign that has placed calls is evidence: it can be finished, but not
    removed.
    """
    async with configuring(who.actor) as session:
        await service.remove_campaign(session, CampaignId(id), user=user_id(who), at=services.now())
    services.campaign_changed(CampaignId(id))


@router.get(
    "/{id}/pacing",
    summary="How many calls a campaign places, and why",
    responses=refusals(CampaignNotOnFloor),
)
async def get_pacing(id: RowId, _: Reads, services: Known) -> CampaignView:  # noqa: A002 - the path says it
    """The last pacing decision, its forecast, and what kept the number of calls from being higher.

    docs/supervisors.md explains it.

    404 for a campaign that neither dials nor has calls under way.
    """
    view = services.hub.campaign(CampaignId(id))
    if view is None:
        raise CampaignNotOnFloor(campaign=id)
    return view


@router.get("/{id}/changes", summary="Who did what to a campaign", responses=refusals(CursorUnknown))
async def list_changes(
    id: RowId,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Changes:
    """Changes of a campaign, the newest first; also of a campaign that was removed."""
    before = read_id_cursor(cursor)
    async with reading(services.engine) as session:
        rows = await queries.page_changes(session, CampaignId(id), before=before, limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return Changes(items=[ChangeOut.of(row) for row in shown], next=following)
