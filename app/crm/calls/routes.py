"""Calls, live and recorded. Operators see those they took part in; supervisors see all."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.paging import Cursor, Limit, read_moment_cursor, write_cursor
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import CallKey, CampaignAsked, ContactAsked, Moment, QueueName, TypedNumber
from app.api.security import Known, may, needs, user_id
from app.crm.calls import queries
from app.crm.calls.names import contacts_by_id, user_names
from app.crm.calls.schemas import CallOut, Calls, ContactPick, LegOut, TimelineEvent, WholeCallOut
from app.crm.contacts.service import get_contact
from app.crm.contacts.tables import ContactKind
from app.domain.calls import CallOutcome, Direction
from app.domain.ids import CallId, CampaignId, ContactId, OperatorId, QueueId
from app.domain.names import display_name
from app.domain.roles import Permission
from app.floor.events import ContactPicked
from app.floor.model import Call
from app.live.views import CallView, call_view, to_others
from app.numbers.reader import caller_keys
from app.records.engine import reading
from app.records.tables import CallRow

Reads = Annotated[LoggedIn, needs(Permission.CALLS_READ)]
router = APIRouter(prefix="/calls", tags=["calls"])


async def _named(session: AsyncSession, rows: Sequence[CallRow]) -> list[CallOut]:
    contacts = {
        row.id: row.company_name
        if row.kind == ContactKind.COMPANY.value
        else display_name(
            surname=row.surname,
            given_name=row.given_name,
            patronymic=row.patronymic,
            company_name=row.company_name,
        )
        for row in await contacts_by_id(session, {row.contact_id for row in rows if row.contact_id})
    }
    operators = {id_ for row in rows for id_ in (row.operator_id, row.caller_operator_id) if id_}
    users = await user_names(session, operators)
    return [CallOut.of(row, contacts.get(row.contact_id, ""), users) for row in rows]


@router.get("", summary="Calls, newest first", responses=EVERYWHERE)
async def list_calls(
    who: Reads,
    services: Known,
    *,
    operator: Annotated[
        int | None,
        Query(
            ge=1,
            le=2**31 - 1,
            description="Only of this operator: the last who talked, or who called a colleague.",
        ),
    ] = None,
    queue: Annotated[
        QueueName | None, Query(description="Only of this queue: the one they were in last.")
    ] = None,
    outcome: Annotated[CallOutcome | None, Query(description="Only those that came out so.")] = None,
    number: Annotated[TypedNumber | None, Query(description="The caller's, as typed.")] = None,
    contact: ContactAsked = None,
    campaign: CampaignAsked = None,
    direction: Annotated[Direction | None, Query(description="Only those that these began.")] = None,
    from_at: Annotated[Moment | None, Query(description="Arrived then or later.")] = None,
    to_at: Annotated[Moment | None, Query(description="Arrived before.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Calls:
    """Filters are joined by "and". Operators are given their own calls, whatever `operator` says."""
    if not may(who, Permission.CALLS_READ_ALL):
        operator = user_id(who)
    wanted = queries.CallFilter(
        operator=OperatorId(operator) if operator is not None else None,
        queue=QueueId(queue) if queue is not None else None,
        outcome=outcome,
        numbers=caller_keys(number, services.region) if number is not None else (),
        contact=ContactId(contact) if contact is not None else None,
        campaign=CampaignId(campaign) if campaign is not None else None,
        direction=direction,
        from_at=from_at,
        to_at=to_at,
    )
    after = _read(cursor) if cursor is not None else None
    async with reading(services.engine) as session:
        page = await queries.page_calls(session, wanted, after=after, limit=limit)
        items = await _named(session, page.calls)
    following = write_cursor((page.next.arrived_at.isoformat(), page.next.id)) if page.next else None
    return Calls(items=items, next=following)


@router.get("/{id}", summary="One call", responses=EVERYWHERE | problems(404))
async def get_call(id: CallKey, who: Reads, services: Known) -> WholeCallOut:  # noqa: A002 - the path says it
    """Its record, its legs and its timeline, in which each offer has its reason; live, where it stands."""
    live = services.runner.floor.calls.get(CallId(id))
    async with reading(services.engine) as session:
        found = await queries.get_call(session, CallId(id))
        row = found.call if found else _open_row(live) if live else None
        named = await _named(session, [row]) if row else []
    took_part = may(who, Permission.CALLS_READ_ALL) or (
        live is not None and _holds(live, user_id(who), services)
    )
    if found is not None and not took_part:
        ends = {found.call.operator_id, found.call.caller_operator_id}
        took_part = user_id(who) in {leg.operator_id for leg in found.legs} | ends
    if not named or not took_part:
        raise Problem(404, "no such call")
    return WholeCallOut(
        **named[0].model_dump(),
        live=_live(live, who, services) if live else None,
        legs=[LegOut.of(leg) for leg in found.legs] if found else [],
        timeline=[TimelineEvent.of(event) for event in found.events] if found else [],
    )


@router.post(
    "/{id}/contact",
    status_code=204,
    summary="Say who is calling",
    responses=EVERYWHERE | problems(404, 409),
)
async def pick_contact(id: CallKey, said: ContactPick, who: Reads, services: Known) -> None:  # noqa: A002 - the path says it
    """Several contacts may have the caller's number; the operator picks one while the call is live."""
    call = services.runner.floor.calls.get(CallId(id))
    if call is None or not (may(who, Permission.CALLS_READ_ALL) or _holds(call, user_id(who), services)):
        raise Problem(404, "no such call")
    async with reading(services.engine) as session:
        contact = await get_contact(session, ContactId(said.contact))
    await services.runner.post(ContactPicked(call.id, contact.id, contact.name))


def _live(call: Call, who: LoggedIn, services: Known) -> CallView:
    """As its operator and supervisors see it, or as one who was in the call and is no more."""
    view = call_view(services.runner.floor, call)
    mine = may(who, Permission.CALLS_READ_ALL) or _holds(call, user_id(who), services)
    return view if mine else to_others(view)


def _holds(call: Call, user: int, services: Known) -> bool:
    operator = services.runner.floor.operators.get(OperatorId(user))
    return operator is not None and operator.call == call.id


def _open_row(call: Call) -> CallRow:
    # The journal is a moment behind the floor.
    return CallRow(
        id=call.id,
        queue=call.queue,
        first_queue=call.first_queue,
        caller_number=call.caller_number,
        caller_sent=call.caller_sent,
        number_withheld=call.number_withheld,
        caller_name=call.caller_name,
        contact_id=call.contact,
        dialed=call.dialed,
        language=call.language,
        arrived_at=call.arrived.wall,
        answered_at=call.answered.wall if call.answered else None,
    )


def _read(cursor: str) -> queries.CallCursor:
    at, id_ = read_moment_cursor(cursor, str)
    return queries.CallCursor(at, CallId(id_))
