"""Complaints: made, worked on and passed on by operators; their categories set by supervisors."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor, read_moment_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import CallKey, ContactAsked, RowId
from app.api.security import Known, may, needs, user_id
from app.api.services import Services
from app.cases.case import CaseState, Severity
from app.crm.calls.errors import CallUnknown
from app.crm.calls.service import seen_call
from app.crm.complaints import queries, service
from app.crm.complaints.errors import (
    ComplaintFull,
    ComplaintNotEnded,
    ComplaintStepUnfit,
    ComplaintUnknown,
    ReasonMissing,
)
from app.crm.complaints.item_schemas import LinkIn, LinkOut, NoteIn, NoteOut, Notes
from app.crm.complaints.schemas import (
    ComplaintChange,
    ComplaintIn,
    ComplaintOut,
    Complaints,
    CountsOut,
    OwnerIn,
    PassedOut,
    PassIn,
    SatisfactionIn,
    StepIn,
    WholeComplaint,
)
from app.crm.complaints.service import By
from app.crm.complaints.tables import ComplaintRow, LinkKind
from app.crm.contacts.errors import ContactMerged
from app.crm.departments import service as departments
from app.crm.departments.errors import (
    DepartmentEndsNowhere,
    DepartmentTargetUnknown,
    DepartmentTargetWithoutNumber,
)
from app.crm.departments.queries import departments_of
from app.crm.departments.schemas import TargetOut
from app.crm.orders.service import find_order, order_ref
from app.domain.ids import CallId, OperatorId
from app.domain.references import named
from app.domain.roles import Permission
from app.floor.calls.transfers import check_transfer
from app.floor.errors import NotInTalk
from app.floor.events import TransferAsked
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.COMPLAINTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.COMPLAINTS_WRITE)]
router = APIRouter(prefix="/complaints", tags=["complaints"], route_class=IdempotentRoute)
of_call = APIRouter(prefix="/calls", tags=["complaints"])

SOON: Final = timedelta(days=1)
NOTES: Final = 20
"""How many notes a complaint is shown with."""
OF_CALL: Final = 50
UNREACHED: Final = (DepartmentEndsNowhere, DepartmentTargetUnknown, DepartmentTargetWithoutNumber)
ComplaintKey = RowId


@router.get("", summary="Complaints", responses=refusals(CursorUnknown))
async def list_complaints(
    who: Reads,
    services: Known,
    *,
    state: Annotated[
        list[CaseState] | None, Query(max_length=6, description="Only those in these states.")
    ] = None,
    open: Annotated[bool | None, Query(description="Only those that are not over, or are.")] = None,  # noqa: A002
    mine: Annotated[bool, Query(description="Only those that you own, or were told of as a deputy.")] = False,
    my_departments: Annotated[
        bool,
        Query(description="Only those of departments that you belong to, or that were told as a fallback."),
    ] = False,
    late: Annotated[bool, Query(description="Only those whose due time has passed.")] = False,
    due_soon: Annotated[bool, Query(description="Only those due within the next day, and not late.")] = False,
    category: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only of this category.")] = None,
    severity: Annotated[Severity | None, Query(description="Only of this severity.")] = None,
    department: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only of this department.")
    ] = None,
    owner: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only of this user.")] = None,
    contact: ContactAsked = None,
    call: Annotated[
        str | None, Query(max_length=150, description="Only those that this call belongs to.")
    ] = None,
    order: Annotated[
        str | None,
        Query(max_length=150, description="Only those that this order belongs to, by its id or its number."),
    ] = None,
    by_due: Annotated[
        bool,
        Query(description="The next due first, without those that are over or wait; else the newest first."),
    ] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Complaints:
    """Filters are joined by "and". The list of what is late: `?late=true&by_due=true`."""
    now = services.now()
    async with reading(services.engine) as session:
        ours = await departments_of(session, user_id(who)) if my_departments else None
        if department is not None:
            ours = [department] if ours is None or department in ours else []
        wanted = queries.ComplaintFilter(
            states=[one.value for one in state or ()],
            open=open,
            category=category,
            severity=severity.value if severity is not None else None,
            owner=owner,
            departments=ours,
            contact=contact,
            call=call,
            order=await order_ref(session, order) if order is not None else None,
            mine=user_id(who) if mine else None,
            due_before=now if late else now + SOON if due_soon else None,
            due_from=now if due_soon and not late else None,
        )
        if by_due:
            after = read_moment_cursor(cursor, int) if cursor is not None else None
            rows = await queries.page_by_due(session, wanted, after=after, limit=limit + 1)
            shown = rows[:limit]
            following = _due_cursor(shown[-1]) if len(rows) > limit else None
        else:
            rows = await queries.page_newest(session, wanted, before=read_id_cursor(cursor), limit=limit + 1)
            shown, following = page_by_id(rows, limit)
    return Complaints(items=[ComplaintOut.of(row, now) for row in shown], next=following)


@router.get("/counts", summary="How many complaints there are", responses=refusals())
async def count_complaints(who: Reads, services: Known) -> CountsOut:
    """By state, mine, of my departments, late, and due soon."""
    now, user = services.now(), user_id(who)
    async with reading(services.engine) as session:
        ours = await departments_of(session, user)
        counts = await queries.count(session, user=user, departments=ours, now=now, soon=now + SOON)
        states = await queries.count_states(session)
    return CountsOut.model_validate(
        {"states": {one: states.get(one.value, 0) for one in CaseState}, **counts}
    )


@router.post("", status_code=201, summary="Make a complaint", responses=refusals(ContactMerged) | TAGGED_NEW)
async def make_complaint(said: ComplaintIn, who: Writes, services: Known, tag: Tag) -> WholeComplaint:
    """Made during a call, the call belongs to it, and so does the call's contact unless another is named."""
    now = services.now()
    async with writing(services.engine, who.actor) as session:
        with named("call"):
            contact = await _contact_of(session, services, who, said.call)
        draft = said.draft(contact=contact, call=said.call, department=said.department)
        found = await service.open_complaint(session, draft, By(who.actor, now))
        return tag(await _shown(session, found, now))


@router.get("/{id}", summary="One complaint", responses=refusals(ComplaintUnknown) | TAGGED)
async def get_complaint(id: ComplaintKey, _: Reads, services: Known, tag: Tag) -> WholeComplaint:  # noqa: A002 - the path says it
    """The complaint, its deadline as the calendars are now, its history, and what belongs to it."""
    now = services.now()
    async with reading(services.engine) as session:
        return tag(await _shown(session, await service.get_complaint(session, id, now), now))


@router.put(
    "/{id}",
    summary="Change a complaint",
    responses=refusals(ComplaintUnknown, ComplaintStepUnfit, ContactMerged, *UNSEEN) | TAGGED,
)
async def put_complaint(
    id: ComplaintKey,  # noqa: A002 - the path says it
    said: ComplaintChange,
    who: Writes,
    services: Known,
    match: Match,
) -> WholeComplaint:
    """Its words, category, contact and owner, all of them: nothing is emptied because it was left out. The due time
    follows its severity from the beginning.
    """
    now = services.now()
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ComplaintRow, id)
        row = await service.locked(session, id)
        found = await service.change_words(session, row, said.draft(), By(who.actor, now))
        return match(await _shown(session, found, now))


@router.post(
    "/{id}/steps",
    summary="Work on a complaint",
    responses=refusals(ComplaintUnknown, ComplaintStepUnfit, ReasonMissing, ComplaintFull) | TAGGED,
)
async def take_step(id: ComplaintKey, said: StepIn, who: Writes, services: Known, tag: Tag) -> WholeComplaint:  # noqa: A002 - the path says it
    """What can be done is in its `may`. Whoever starts a complaint that nobody has, has it."""
    now = services.now()
    async with writing(services.engine, who.actor) as session:
        row = await service.locked(session, id)
        call = await _call(session, services, who, said.call)
        found = await service.take_step(session, row, said.kind, By(who.actor, now, call), said.why)
        return tag(await _shown(session, found, now))


@router.put(
    "/{id}/owner",
    summary="Give a complaint to somebody",
    responses=refusals(ComplaintUnknown, ComplaintStepUnfit, *UNSEEN) | TAGGED,
)
async def put_owner(
    id: ComplaintKey,  # noqa: A002 - the path says it
    said: OwnerIn,
    who: Writes,
    services: Known,
    match: Match,
) -> WholeComplaint:
    """To oneself, to another user, or to nobody."""
    now = services.now()
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ComplaintRow, id)
        row = await service.locked(session, id)
        found = await service.give(session, row, said.owner, By(who.actor, now), said.why)
        return match(await _shown(session, found, now))


@router.post(
    "/{id}/pass",
    summary="Pass a complaint to a department",
    responses=refusals(
        ComplaintUnknown,
        ComplaintStepUnfit,
        ComplaintFull,
        NotInTalk,
        *UNREACHED,
    ),
)
async def pass_complaint(id: ComplaintKey, said: PassIn, who: Writes, services: Known) -> PassedOut:  # noqa: A002 - the path says it
    """With the customer's call or without it. The complaint is the department's when the answer comes: its members see
    it, with its notes, before they take the call.
    """
    now, operator = services.now(), OperatorId(user_id(who))
    async with writing(services.engine, who.actor) as session:
        row = await service.locked(session, id)
        call = await _call(session, services, who, said.call)
        with named("department"):
            target = await departments.target_now(session, said.department, now) if call is not None else None
        if call is not None and said.transfer == "blind":
            check_transfer(services.runner.floor, call, operator)
        found = await service.pass_on(session, row, said.department, By(who.actor, now, call), said.why)
        out = ComplaintOut.of(found.row, now)
    if call is not None and target is not None and said.transfer == "blind":
        await services.runner.post(TransferAsked(call, operator, target.number))
    return PassedOut(complaint=out, target=TargetOut.of(target) if target is not None else None)


@router.put(
    "/{id}/satisfaction",
    summary="Say how content the customer is",
    responses=refusals(ComplaintUnknown, ComplaintNotEnded, *UNSEEN) | TAGGED,
)
async def put_satisfaction(
    id: ComplaintKey,  # noqa: A002 - the path says it
    said: SatisfactionIn,
    who: Writes,
    services: Known,
    match: Match,
) -> WholeComplaint:
    """Asked after the complaint is over. A complaint that is reopened is asked about anew."""
    now = services.now()
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ComplaintRow, id)
        row = await service.locked(session, id)
        found = await service.note_satisfaction(session, row, said.satisfaction, said.note, now)
        return match(await _shown(session, found, now))


@router.get(
    "/{id}/notes", summary="Notes on a complaint", responses=refusals(ComplaintUnknown, CursorUnknown)
)
async def list_notes(
    id: ComplaintKey,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Notes:
    """Returns the notes, the newest first."""
    before = read_id_cursor(cursor)
    async with reading(services.engine) as session:
        await service.get_complaint(session, id, services.now())
        rows = await queries.notes_of(session, id, before=before, limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return Notes(items=[NoteOut.of(row) for row in shown], next=following)


@router.post(
    "/{id}/notes",
    status_code=201,
    summary="Add a note to a complaint",
    responses=refusals(ComplaintUnknown, ComplaintFull),
)
async def add_note(id: ComplaintKey, said: NoteIn, who: Writes, services: Known) -> NoteOut:  # noqa: A002 - the path says it
    """Notes are kept as they are; also on a complaint that is over."""
    async with writing(services.engine, who.actor) as session:
        row = await service.locked(session, id)
        call = await _call(session, services, who, said.call)
        return NoteOut.of(
            await service.add_note(session, row, said.text, By(who.actor, services.now(), call))
        )


@router.post(
    "/{id}/links",
    status_code=201,
    summary="Add a call or an order to a complaint",
    responses=refusals(ComplaintUnknown, ComplaintFull),
)
async def add_link(id: ComplaintKey, said: LinkIn, who: Writes, services: Known) -> list[LinkOut]:  # noqa: A002 - the path says it
    """Returns all calls and orders of the complaint; one that belongs to it already stays as it is."""
    async with writing(services.engine, who.actor) as session:
        row = await service.locked(session, id)
        with named("ref"):
            if said.kind is LinkKind.CALL:
                await _contact_of(session, services, who, said.ref)
                ref = said.ref
            else:
                ref = str((await find_order(session, said.ref)).id)
        await service.link(session, row, said.kind, ref, By(who.actor, services.now()))
        return [LinkOut.of(one) for one in await queries.links_of(session, id)]


@router.delete(
    "/{id}/links/{kind}/{ref}",
    status_code=204,
    summary="Take a call or an order off a complaint",
    responses=refusals(ComplaintUnknown),
)
async def remove_link(
    id: ComplaintKey,  # noqa: A002 - the path says it
    kind: Annotated[LinkKind, Path(description="What it is.")],
    ref: CallKey,
    who: Writes,
    services: Known,
) -> None:
    """The call or the order itself stays."""
    async with writing(services.engine, who.actor) as session:
        found = await order_ref(session, ref) if kind is LinkKind.ORDER else ref
        await service.remove_link(session, await service.locked(session, id), kind, found)


@of_call.get("/{id}/complaints", summary="Complaints that a call is about", responses=refusals(CallUnknown))
async def list_of_call(id: CallKey, who: Reads, services: Known) -> list[ComplaintOut]:  # noqa: A002 - the path says it
    """Complaints that the call belongs to, and those of its contact that are not over; the newest first, 50 at most."""
    now = services.now()
    async with reading(services.engine) as session:
        contact = await _contact_of(session, services, who, id)
        rows = await queries.of_call(session, id, contact, OF_CALL)
    return [ComplaintOut.of(row, now) for row in rows]


async def _shown(session: AsyncSession, found: service.Complaint, now: datetime) -> WholeComplaint:
    items = await service.items_of(session, found.row.id or 0, notes=NOTES)
    return WholeComplaint.whole(found, items, now)


def _due_cursor(row: ComplaintRow) -> str:
    assert row.due_at is not None
    assert row.id is not None
    return write_cursor((row.due_at.isoformat(), row.id))


async def _call(session: AsyncSession, services: Services, who: LoggedIn, call: str | None) -> CallId | None:
    """A call that the user may see, or None for none.

    Raises:
        ReferenceUnknown: there is none for them.
    """
    if call is None:
        return None
    with named("call"):
        await _contact_of(session, services, who, call)
    return CallId(call)


async def _contact_of(
    session: AsyncSession, services: Services, who: LoggedIn, call: str | None
) -> int | None:
    """The contact of a call that the user may see."""
    if call is None:
        return None
    of_all = may(who, Permission.CALLS_READ_ALL)
    seen = await seen_call(session, services.runner.floor, CallId(call), user=user_id(who), of_all=of_all)
    return seen.contact
