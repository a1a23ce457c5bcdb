"""Calls, live and recorded. Operators see the calls they took part in; supervisors see all."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED_NEW, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, read_moment_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import CallKey, CampaignAsked, ContactAsked, Moment, QueueName, TypedNumber
from app.api.security import Known, may, needs, user_id
from app.api.services import Services
from app.crm.calls import queries, service
from app.crm.calls.callers import complete_from_call, make_from_call
from app.crm.calls.errors import CallUnknown
from app.crm.calls.names import user_names
from app.crm.calls.schemas import (
    CallerIn,
    CallOut,
    Calls,
    ContactPick,
    LegOut,
    MoveIn,
    TimelineEvent,
    WholeCallOut,
)
from app.crm.contacts.errors import (
    CompanyHasPeople,
    ContactUnknown,
    ContactUnnamed,
    EmployerUnfit,
    ExternalIdTaken,
    PreferredTwice,
)
from app.crm.contacts.schemas import ContactOut
from app.crm.contacts.service import get_contact, shown_names
from app.domain.calls import CallOutcome, Direction
from app.domain.ids import CallId, CampaignId, ContactId, OperatorId, QueueId
from app.domain.references import named
from app.domain.roles import Permission
from app.floor.errors import CallOver, CallUnsteerable, QueueNotOnFloor
from app.floor.events import ContactPicked, EndAsked, MoveAsked
from app.floor.facts import PersonActed
from app.live.call_view import to_others
from app.live.nameless import without_names
from app.numbers.errors import UNREADABLE
from app.numbers.reader import caller_keys
from app.records.engine import reading, writing
from app.records.tables import CallRow

Reads = Annotated[LoggedIn, needs(Permission.CALLS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.CONTACTS_WRITE)]
Steers = Annotated[LoggedIn, needs(Permission.CALLS_STEER)]
UNFIT = (ContactUnnamed, ExternalIdTaken, EmployerUnfit, PreferredTwice, *UNREADABLE)
"""What is refused of a contact's data."""
router = APIRouter(prefix="/calls", tags=["calls"], route_class=IdempotentRoute)


async def _named(session: AsyncSession, who: LoggedIn, rows: Sequence[CallRow]) -> list[CallOut]:
    contacts = await shown_names(session, who, {row.contact_id for row in rows if row.contact_id})
    operators = {id_ for row in rows for id_ in (row.operator_id, row.caller_operator_id) if id_}
    users = await user_names(session, operators)
    return [CallOut.of(row, contacts.get(row.contact_id or 0, ""), users) for row in rows]


@router.get("", summary="Calls, newest first", responses=refusals(CursorUnknown, *UNREADABLE))
async def list_calls(
    who: Reads,
    services: Known,
    *,
    operator: Annotated[
        int | None,
        Query(
            ge=1,
            le=2**31 - 1,
            description="Only calls of this operator: the last who talked, or the one who called a colleague.",
        ),
    ] = None,
    queue: Annotated[QueueName | None, Query(description="Only calls whose last queue was this one.")] = None,
    outcome: Annotated[CallOutcome | None, Query(description="Only calls with this outcome.")] = None,
    number: Annotated[TypedNumber | None, Query(description="The caller's number, as typed.")] = None,
    contact: ContactAsked = None,
    campaign: CampaignAsked = None,
    direction: Annotated[Direction | None, Query(description="Only calls in this direction.")] = None,
    from_at: Annotated[
        Moment | None, Query(description="Only calls that arrived at this moment or later.")
    ] = None,
    to_at: Annotated[Moment | None, Query(description="Only calls that arrived before this moment.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Calls:
    """Filters are joined by "and". Whoever may see only their own calls gets those, whatever `operator` says."""
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
        items = await _named(session, who, page.calls)
    following = write_cursor((page.next.arrived_at.isoformat(), page.next.id)) if page.next else None
    return Calls(items=items, next=following)


@router.get("/{id}", summary="One call", responses=refusals(CallUnknown))
async def get_call(id: CallKey, who: Reads, services: Known) -> WholeCallOut:  # noqa: A002 - the path says it
    """The call's record, its legs, and its timeline, in which each offer has its routing reason; while the call is
    live, also its present state.
    """
    floor, of_all = services.runner.floor, may(who, Permission.CALLS_READ_ALL)
    async with reading(services.engine) as session:
        call = await service.seen_call(session, floor, CallId(id), user=user_id(who), of_all=of_all)
        (told,) = await _named(session, who, [call.row])
    named = may(who, Permission.CONTACTS_READ)
    live = services.hub.call(call.live) if call.live is not None else None
    if live is not None:
        live = live if call.whole else to_others(live)
        live = live if named else without_names(live)
    return WholeCallOut(
        **told.model_dump(),
        live=live,
        legs=[LegOut.of(leg) for leg in call.record.legs] if call.record else [],
        timeline=[TimelineEvent.of(event, named=named) for event in call.record.events]
        if call.record
        else [],
    )


@router.post(
    "/{id}/contact",
    status_code=204,
    summary="Say who is calling",
    responses=refusals(CallUnknown, ContactUnknown, CallOver),
)
async def pick_contact(id: CallKey, said: ContactPick, who: Reads, services: Known) -> None:  # noqa: A002 - the path says it
    """Several contacts may have the caller's number; the operator picks one, or none of them (null), which is not asked
    again for this call. A contact that was just made may be picked, too. It may be sent during the call, and after it.

    Orders, complaints, survey responses and scripts of the call go to the contact along with it, except those that are
    somebody else's. 409 `call.over`: the call has ended this moment, and its record is not whole yet; send it again.
    """
    name, picked = "", ContactId(said.contact) if said.contact is not None else None
    async with writing(services.engine, who.actor) as session:
        call = await _nameable(session, services, who, id)
        if picked is not None:
            with named("contact"):
                name = (await get_contact(session, picked)).name
        await service.name_caller(session, call, picked, services.now())
    await _tell(services, who, call, picked, name)


@router.post(
    "/{id}/contacts",
    status_code=201,
    summary="Make or complete a contact from a call",
    responses=refusals(CallUnknown, ContactUnknown, CallOver, CompanyHasPeople, *UNFIT)
    | TAGGED_NEW
    | {200: {"model": ContactOut, "description": "The contact was completed."}},
)
async def note_caller(
    id: CallKey,  # noqa: A002 - the path says it
    said: CallerIn,
    who: Writes,
    services: Known,
    *,
    response: Response,
    tag: Tag,
) -> ContactOut:
    """The call's number is filled in, and the call belongs to the contact, with what was made in it; also after the
    call, as in wrap-up.

    Of a contact that is there (`contact`), only what it lacks is filled in, and the note is added to its own.
    """
    async with writing(services.engine, who.actor) as session:
        call = await _nameable(session, services, who, id)
        number, now, region = call.row.caller_number, services.now(), services.region
        if said.contact is None:
            contact = await make_from_call(session, number, said.draft(), now, region)
        else:
            response.status_code = 200
            contact = await complete_from_call(
                session, ContactId(said.contact), number, said.draft(), at=now, region=region
            )
        await service.name_caller(session, call, contact.id, now)
    await _tell(services, who, call, contact.id, contact.name)
    return tag(ContactOut.of(contact))


async def _nameable(session: AsyncSession, services: Services, who: LoggedIn, call: str) -> service.SeenCall:
    of_all, floor = may(who, Permission.CALLS_READ_ALL), services.runner.floor
    return await service.nameable_call(session, floor, CallId(call), user=user_id(who), of_all=of_all)


async def _tell(
    services: Services, who: LoggedIn, call: service.SeenCall, contact: ContactId | None, name: str
) -> None:
    """Tell the floor, and all who listen, whose a call is.

    Raises:
        CallOver: it has ended meanwhile.
    """
    id_ = CallId(call.row.id)
    if call.live is not None:
        await services.runner.post(ContactPicked(id_, contact, name))
    told: dict[str, str | int] = {"contact": "none" if contact is None else contact}
    services.acted(
        PersonActed(
            actor=who.actor, subject="call", id=id_, what="contact_picked", after=told, contact=contact
        )
    )


@router.post(
    "/{id}/queue",
    status_code=204,
    summary="Move a caller who waits",
    responses=refusals(CallOver, QueueNotOnFloor, CallUnsteerable),
)
async def move_call(id: CallKey, said: MoveIn, who: Steers, services: Known) -> None:  # noqa: A002 - the path says it
    """The caller waits on in the other queue and keeps their place by the time they have waited. A call that rings at a
    phone already is not moved.
    """
    await services.runner.post(MoveAsked(CallId(id), QueueId(said.queue)))
    services.acted(
        PersonActed(actor=who.actor, subject="call", id=CallId(id), what="moved", after={"queue": said.queue})
    )


@router.post(
    "/{id}/end", status_code=204, summary="End a call", responses=refusals(CallOver, CallUnsteerable)
)
async def end_call(id: CallKey, who: Steers, services: Known) -> None:  # noqa: A002 - the path says it
    """A caller who waits hears the queue's message for callers that are let go. A talk ends at once for both sides."""
    await services.runner.post(EndAsked(CallId(id)))
    services.acted(PersonActed(actor=who.actor, subject="call", id=CallId(id), what="cut", after={}))


def _read(cursor: str) -> queries.CallCursor:
    at, id_ = read_moment_cursor(cursor, str)
    return queries.CallCursor(at, CallId(id_))
