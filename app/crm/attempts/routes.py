"""What a campaign's calls came to: said by their operators during the call or after it, corrected, looked through."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.paging import Cursor, Limit, read_moment_cursor, write_cursor
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import CallKey, RowId
from app.api.security import Known, may, needs, user_id
from app.api.services import Services
from app.crm.attempts import lists as queries
from app.crm.attempts.schemas import AttemptOut, AttemptsPage, DispositionSaid
from app.crm.attempts.service import set_disposition
from app.crm.attempts.tables import AttemptRow
from app.crm.campaigns.service import known_campaign
from app.crm.operators.queries import get_operator
from app.domain.ids import AttemptId, CampaignId, OperatorId
from app.domain.roles import Permission
from app.floor.events import DispositionSet
from app.records.engine import reading, writing

Disposes = Annotated[LoggedIn, needs(Permission.ATTEMPTS_DISPOSE)]
SeesAll = Annotated[LoggedIn, needs(Permission.ATTEMPTS_READ_ALL)]
router = APIRouter(prefix="/attempts", tags=["campaigns"])
mine = APIRouter(prefix="/me/attempts", tags=["my work"])
in_campaign = APIRouter(prefix="/campaigns/{id}/attempts", tags=["campaigns"])

Undisposed = Annotated[bool, Query(description="Only those of which nobody has said what they came to.")]


@router.get("/{id}", summary="One attempt", responses=EVERYWHERE | problems(404))
async def get_attempt(id: CallKey, who: Disposes, services: Known) -> AttemptOut:  # noqa: A002 - the path says it
    """For its operator, and for supervisors."""
    async with reading(services.engine) as session:
        return await _one(session, await _theirs(session, AttemptId(id), who, services))


@router.put("/{id}/disposition", summary="Say what a call came to", responses=EVERYWHERE | problems(404))
async def put_disposition(
    id: CallKey,  # noqa: A002 - the path says it
    said: DispositionSaid,
    who: Disposes,
    services: Known,
) -> AttemptOut:
    """By its operator, during the call or any time after it, or by a supervisor. A do-not-call holds at once."""
    attempt, draft = AttemptId(id), said.draft()
    supervises = may(who, Permission.ATTEMPTS_DISPOSE_ALL)
    if draft.callback_operator not in (None, user_id(who)) and not supervises:
        raise Problem(403, "for a colleague, a supervisor has to say it")
    async with writing(services.engine) as session:
        await _theirs(session, attempt, who, services)
        by = draft.callback_operator
        if by is not None and await get_operator(session, by) is None:
            raise Problem(422, "there is no such operator to call back")
        operator = _who_talks(services, attempt)
        done = await set_disposition(
            session, attempt, draft, user=user_id(who), at=services.now(), operator=operator
        )
        if done is None:
            raise Problem(404, "no such attempt")
        told = await _one(session, done[0])
    await services.runner.post(DispositionSet(attempt))
    return told


@mine.get("", summary="My campaign calls, newest first", responses=EVERYWHERE)
async def list_mine(
    who: Disposes,
    services: Known,
    *,
    undisposed: Undisposed = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AttemptsPage:
    """With what they came to."""
    before = _read(cursor) if cursor is not None else None
    async with reading(services.engine) as session:
        operator = OperatorId(user_id(who))
        rows = await queries.page_talks(
            session, operator=operator, undisposed=undisposed, before=before, limit=limit + 1
        )
        return await _page(session, rows, limit)


@in_campaign.get("", summary="A campaign's talks, newest first", responses=EVERYWHERE | problems(404))
async def list_talks(
    id: RowId,  # noqa: A002 - the path says it
    _: SeesAll,
    services: Known,
    *,
    undisposed: Undisposed = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AttemptsPage:
    """Attempts in which an operator talked. All others are in the evidence."""
    before = _read(cursor) if cursor is not None else None
    async with reading(services.engine) as session:
        await known_campaign(session, CampaignId(id))
        rows = await queries.page_talks(
            session, campaign=CampaignId(id), undisposed=undisposed, before=before, limit=limit + 1
        )
        return await _page(session, rows, limit)


def _who_talks(services: Services, attempt: AttemptId) -> OperatorId | None:
    """The operator who talks in an attempt's call, or whose last talk it was; None when the floor knows nobody."""
    floor = services.runner.floor
    under_way = floor.attempts.get(attempt)
    call = floor.calls.get(under_way.call) if under_way is not None and under_way.call is not None else None
    if call is not None and call.talking is not None:
        return call.talking.operator
    for operator in floor.operators.values():
        if operator.talked is not None and operator.talked.attempt == attempt:
            return operator.settings.id
    return None


async def _theirs(session: AsyncSession, id_: AttemptId, who: LoggedIn, services: Services) -> AttemptRow:
    row = await queries.get_attempt(session, id_)
    me = user_id(who)
    if row is None or not (
        may(who, Permission.ATTEMPTS_DISPOSE_ALL) or row.operator_id == me or _who_talks(services, id_) == me
    ):
        raise Problem(404, "no such attempt")
    return row


async def _told(session: AsyncSession, rows: Sequence[AttemptRow]) -> list[AttemptOut]:
    dispositions = await queries.dispositions_by_id(session, {row.disposition_id for row in rows})
    leads = await queries.leads_by_id(session, {row.lead_id for row in rows})
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
