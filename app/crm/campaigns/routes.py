"""Campaigns and dispositions: a supervisor's work."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import CampaignAsked, RowId
from app.api.security import Known, needs, user_id
from app.crm.campaigns import queries
from app.crm.campaigns.rules import check_may_call, check_rules, is_calling, lacks_of
from app.crm.campaigns.schemas import (
    CampaignIn,
    CampaignOut,
    ChangeOut,
    Changes,
    DispositionIn,
    DispositionOut,
    NewDisposition,
    StateChange,
)
from app.crm.campaigns.tables import CampaignRow, DispositionRow
from app.crm.leads.service import wake_exhausted
from app.crm.queues.queries import get_queue
from app.crm.sounds.queries import get_sound
from app.domain.campaigns import CampaignState
from app.domain.ids import CampaignId, QueueId
from app.domain.roles import Permission
from app.live.campaign_view import CampaignView
from app.pbx.sounds import PREFIX
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.CAMPAIGNS_READ)]
Runs = Annotated[LoggedIn, needs(Permission.CAMPAIGNS_RUN)]
ReadsDispositions = Annotated[LoggedIn, needs(Permission.DISPOSITIONS_READ)]
WritesDispositions = Annotated[LoggedIn, needs(Permission.DISPOSITIONS_WRITE)]
router = APIRouter(prefix="/campaigns", tags=["campaigns"], route_class=IdempotentRoute)
dispositions = APIRouter(prefix="/dispositions", tags=["campaigns"], route_class=IdempotentRoute)


async def known_campaign(session: AsyncSession, id_: int) -> CampaignRow:
    """A campaign that is there.

    Raises:
        Problem: 404 when it is not.
    """
    row = await queries.get_campaign(session, CampaignId(id_))
    if row is None:
        raise Problem(404, "no such campaign")
    return row


@router.get("", summary="All campaigns", responses=EVERYWHERE)
async def list_campaigns(
    _: Reads,
    services: Known,
    state: Annotated[CampaignState | None, Query(description="Only those in this state.")] = None,
) -> list[CampaignOut]:
    """The highest priority first."""
    async with reading(services.engine) as session:
        rows = await queries.list_campaigns(session, [state] if state is not None else ())
    return [CampaignOut.of(row) for row in rows]


@router.post("", status_code=201, summary="Make a campaign", responses=EVERYWHERE | problems(409))
async def make_campaign(said: CampaignIn, who: Runs, services: Known) -> CampaignOut:
    """It begins as a draft: give it leads, and let it run."""
    now = services.now()
    async with writing(services.engine) as session:
        row = CampaignRow(
            title=said.title,
            purpose=said.purpose.value,
            mode=said.mode.value,
            queue=said.queue,
            country=services.region,
            time_zone="",
            state_at=now,
            created_at=now,
            updated_at=now,
        )
        said.fill(row, services.region)
        check_rules(row, services.region)
        await _check_named(session, row)
        await queries.save_campaign(session, row, user_id(who), now, {"title": said.title})
        counts = await queries.count_leads(session, [row.id or 0])
    return CampaignOut.of(row, counts[row.id or 0])


@router.get("/{id}", summary="One campaign", responses=EVERYWHERE | problems(404))
async def get_campaign(id: RowId, _: Reads, services: Known) -> CampaignOut:  # noqa: A002 - the path says it
    """With how many leads are in each state."""
    async with reading(services.engine) as session:
        row = await known_campaign(session, id)
        counts = await queries.count_leads(session, [id])
    return CampaignOut.of(row, counts[id])


@router.put("/{id}", summary="Change a campaign", responses=EVERYWHERE | problems(404, 409))
async def put_campaign(
    id: RowId,  # noqa: A002 - the path says it
    said: CampaignIn,
    who: Runs,
    services: Known,
) -> CampaignOut:
    """Whole; what is left out becomes what it is by default."""
    async with writing(services.engine) as session:
        row = await known_campaign(session, id)
        if row.state == CampaignState.FINISHED.value:
            raise Problem(409, "a campaign that is finished is not changed any more")
        lacked, before = lacks_of(row), dict(row.recycling)
        changed = said.fill(row, services.region)
        check_rules(row, services.region)
        if is_calling(row):
            check_may_call(row, allowed=lacked)
        await _check_named(session, row)
        if changed:
            await queries.save_campaign(session, row, user_id(who), services.now(), changed)
            await wake_exhausted(session, row, before)
        counts = await queries.count_leads(session, [id])
    services.campaign_changed(CampaignId(id))
    return CampaignOut.of(row, counts[id])


@router.put("/{id}/state", summary="Run, pause or end a campaign", responses=EVERYWHERE | problems(404, 409))
async def put_campaign_state(
    id: RowId,  # noqa: A002 - the path says it
    said: StateChange,
    who: Runs,
    services: Known,
) -> CampaignOut:
    """`running`, `paused` (calls under way go on), `drained` (callbacks only), `finished` (for good).

    409 with the code `campaign.lacks` when something is missing before it may call; `errors` names what.
    """
    async with writing(services.engine) as session:
        row = await known_campaign(session, id)
        state = CampaignState(said.state)
        if state is CampaignState.RUNNING:
            check_may_call(row)
        if state is CampaignState.RUNNING and row.disposition_required:
            offered = await queries.list_dispositions(session, CampaignId(id))
            if not any(one.active for one in offered):
                raise Problem(409, "the campaign requires a disposition, and there is none to choose")
        await queries.change_state(
            session, row, state, reason=said.reason, user=user_id(who), at=services.now()
        )
    services.campaign_changed(CampaignId(id))
    return CampaignOut.of(row)


@router.delete(
    "/{id}", status_code=204, summary="Remove a campaign", responses=EVERYWHERE | problems(404, 409)
)
async def remove_campaign(id: RowId, who: Runs, services: Known) -> None:  # noqa: A002 - the path says it
    """With its leads, as long as it has called nobody: after that it is evidence, and can only be finished."""
    async with writing(services.engine) as session:
        row = await known_campaign(session, id)
        await queries.remove_campaign(session, row, user_id(who), services.now())
    services.campaign_changed(CampaignId(id))


@router.get(
    "/{id}/pacing", summary="How many calls a campaign places, and why", responses=EVERYWHERE | problems(404)
)
async def get_pacing(id: RowId, _: Reads, services: Known) -> CampaignView:  # noqa: A002 - the path says it
    """The last decision, what it expected, and what kept the number from being higher; docs/supervisors.md explains it.

    404 for a campaign that neither dials nor has calls under way.
    """
    view = services.hub.campaign(CampaignId(id))
    if view is None:
        raise Problem(404, "this campaign is not on the floor: it neither dials nor has calls under way")
    return view


@router.get("/{id}/changes", summary="Who did what to a campaign", responses=EVERYWHERE)
async def list_changes(
    id: RowId,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Changes:
    """The newest first; also of a campaign that was removed."""
    before = read_id_cursor(cursor)
    async with reading(services.engine) as session:
        rows = await queries.page_changes(session, CampaignId(id), before=before, limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return Changes(items=[ChangeOut.of(row) for row in shown], next=following)


async def _check_named(session: AsyncSession, row: CampaignRow) -> None:
    """Whether the queue and the sound files are there that a campaign names, and its own name is free."""
    with session.no_autoflush:
        if await get_queue(session, QueueId(row.queue)) is None:
            raise Problem(409, f"there is no queue {row.queue}: GET /api/v1/queues lists all there are")
        if await queries.is_title_taken(session, row):
            raise Problem(409, f"there is a campaign named {row.title} already: give it another title")
        for message in (row.message, row.machine_message):
            if message.startswith(PREFIX) and await get_sound(session, message.removeprefix(PREFIX)) is None:
                raise Problem(422, f"there is no sound file {message}: bring it first")


@dispositions.get("", summary="Dispositions", responses=EVERYWHERE)
async def list_dispositions(
    _: ReadsDispositions, services: Known, campaign: CampaignAsked = None
) -> list[DispositionOut]:
    """The common ones and, if it is given, a campaign's own, in their order."""
    async with reading(services.engine) as session:
        rows = await queries.list_dispositions(
            session, CampaignId(campaign) if campaign is not None else None
        )
    return [DispositionOut.of(row) for row in rows]


@dispositions.post(
    "", status_code=201, summary="Make a disposition", responses=EVERYWHERE | problems(404, 409)
)
async def make_disposition(said: NewDisposition, _: WritesDispositions, services: Known) -> DispositionOut:
    """For one campaign, or for all."""
    async with writing(services.engine) as session:
        if said.campaign is not None:
            await known_campaign(session, said.campaign)
        code = await queries.has_disposition(session, said.campaign, said.code)
        if code:
            raise Problem(409, "there is a disposition of this code")
        row = DispositionRow(**said.model_dump(exclude={"campaign"}), campaign_id=said.campaign)
        await queries.save_disposition(session, row)
    return DispositionOut.of(row)


@dispositions.put("/{id}", summary="Change a disposition", responses=EVERYWHERE | problems(404, 409))
async def put_disposition(
    id: RowId,  # noqa: A002 - the path says it
    said: DispositionIn,
    _: WritesDispositions,
    services: Known,
) -> DispositionOut:
    """Whole. One that was used is put out of use (`active`), not removed: the records name it."""
    async with writing(services.engine) as session:
        row = await queries.get_disposition(session, id)
        if row is None:
            raise Problem(404, "no such disposition")
        if said.code != row.code and await queries.has_disposition(session, row.campaign_id, said.code):
            raise Problem(409, "there is a disposition of this code")
        for name, value in said.model_dump().items():
            setattr(row, name, value)
        await queries.save_disposition(session, row)
    return DispositionOut.of(row)
