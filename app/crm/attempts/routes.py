"""A campaign's calls and their dispositions: set by operators during or after the call, corrected, and listed."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.paging import Cursor, Limit, read_moment_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import CallKey, RowId
from app.api.security import Known, may, needs, user_id
from app.crm.attempts import queries, service
from app.crm.attempts.errors import AttemptUnknown, CallbackUntimed
from app.crm.attempts.schemas import AttemptOut, AttemptsPage, DispositionSaid
from app.crm.attempts.tables import AttemptRow
from app.crm.campaigns.errors import CampaignUnknown
from app.crm.campaigns.service import known_campaign
from app.crm.dispositions.errors import DispositionNotOffered
from app.crm.dispositions.queries import dispositions_by_id
from app.crm.leads.errors import CallbackNotYours
from app.crm.leads.queries import leads_by_id
from app.domain.ids import AttemptId, CampaignId, OperatorId
from app.domain.roles import Permission
from app.floor.events import DispositionSet
from app.records.engine import reading, writing

Disposes = Annotated[LoggedIn, needs(Permission.ATTEMPTS_DISPOSE)]
SeesAll = Annotated[LoggedIn, needs(Permission.ATTEMPTS_READ_ALL)]
router = APIRouter(prefix="/attempts", tags=["campaigns"])
mine = APIRouter(prefix="/me/attempts", tags=["my work"])
in_campaign = APIRouter(prefix="/campaigns/{id}/attempts", tags=["campaigns"])

Undisposed = Annotated[bool, Query(description="Only calls without a disposition.")]


@router.get("/{id}", summary="One attempt", responses=refusals(AttemptUnknown))
async def get_attempt(id: CallKey, who: Disposes, services: Known) -> AttemptOut:  # noqa: A002 - the path says it
    """Returns one attempt. Its operator may see it, and so may supervisors."""
    attempt, of_all = AttemptId(id), may(who, Permission.ATTEMPTS_DISPOSE_ALL)
    talks = service.who_talks(services.runner.floor, attempt)
    async with reading(services.engine) as session:
        row = await service.seen_attempt(session, attempt, user=user_id(who), of_all=of_all, talks=talks)
        return await _one(session, row)


@router.put(
    "/{id}/disposition",
    summary="Say what a call came to",
    responses=refusals(AttemptUnknown, DispositionNotOffered, CallbackUntimed, CallbackNotYours),
)
async def put_disposition(
    id: CallKey,  # noqa: A002 - the path says it
    said: DispositionSaid,
    who: Disposes,
    services: Known,
) -> AttemptOut:
    """The call's operator may set it during the call or any time after it; a supervisor may set it, too. A
    do-not-call takes effect at once.
    """
    attempt = AttemptId(id)
    async with writing(services.engine, who.actor) as session:
        row = await service.set_disposition(
            session,
            attempt,
            said.draft(),
            user=user_id(who),
            of_all=may(who, Permission.ATTEMPTS_DISPOSE_ALL),
            at=services.now(),
            talks=service.who_talks(services.runner.floor, attempt),
        )
        told = await _one(session, row)
    await services.runner.post(DispositionSet(attempt))
    return told


@mine.get("", summary="My campaign calls, newest first", responses=refusals(CursorUnknown))
async def list_mine(
    who: Disposes,
    services: Known,
    *,
    undisposed: Undisposed = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AttemptsPage:
    """Calls of campaigns in which I talked, each with its disposition."""
    before = _read(cursor) if cursor is not None else None
    async with reading(services.engine) as session:
        operator = OperatorId(user_id(who))
        rows = await queries.page_talks(
            session, operator=operator, undisposed=undisposed, before=before, limit=limit + 1
        )
        return await _page(session, rows, limit)


@in_campaign.get(
    "", summary="A campaign's talks, newest first", responses=refusals(CampaignUnknown, CursorUnknown)
)
async def list_talks(
    id: RowId,  # noqa: A002 - the path says it
    _: SeesAll,
    services: Known,
    *,
    undisposed: Undisposed = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AttemptsPage:
    """Attempts in which an operator talked. The campaign's evidence lists all others, too."""
    before = _read(cursor) if cursor is not None else None
    async with reading(services.engine) as session:
        await known_campaign(session, CampaignId(id))
        rows = await queries.page_talks(
            session, campaign=CampaignId(id), undisposed=undisposed, before=before, limit=limit + 1
        )
        return await _page(session, rows, limit)


async def _told(session: AsyncSession, rows: Sequence[AttemptRow]) -> list[AttemptOut]:
    dispositions = await dispositions_by_id(session, {row.disposition_id for row in rows})
    leads = await leads_by_id(session, {row.lead_id for row in rows})
    return [
        AttemptOut.of(row, dispositions.get(row.disposition_id or 0), leads.get(row.lead_id)) for row in rows
    ]


async def _one(session: AsyncSession, row: AttemptRow) -> AttemptOut:
    return (await _told(session, [row]))[0]


async def _page(session: AsyncSession, rows: Sequence[AttemptRow], limit: int) -> AttemptsPage:
    items = await _told(session, rows[:limit])
    following = None
    if len(rows) > limit:
        following = write_cursor((items[-1].placed_at.isoformat(), items[-1].id))
    return AttemptsPage(items=items, next=following)


def _read(cursor: str) -> queries.AttemptCursor:
    at, id_ = read_moment_cursor(cursor, str)
    return queries.AttemptCursor(at, id_)
