"""The rules of complaints: what may happen to one, who has it, and what belongs to it.

What may happen when is in `app.cases.case`; a complaint's row follows from its events: see `due`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.errors import UserUnknown
from app.cases.case import ENDED, CaseEvent, CaseEventKind, CaseState, NotAllowed, Severity, step
from app.cases.deadline import Deadline, deadline
from app.crm.calls.belonging import take_along
from app.crm.complaints import queries
from app.crm.complaints.due import case_of, project
from app.crm.complaints.errors import (
    CategoryUnknown,
    ComplaintFull,
    ComplaintNotEnded,
    ComplaintStepUnfit,
    ComplaintUnknown,
    ReasonMissing,
)
from app.crm.complaints.tables import (
    CategoryRow,
    ComplaintEventRow,
    ComplaintFields,
    ComplaintRow,
    LinkKind,
    LinkRow,
    NoteRow,
    TaskRow,
)
from app.crm.contacts.service import require_contact
from app.crm.departments.service import in_use, require_department
from app.crm.departments.terms import load_terms
from app.domain.actors import Actor
from app.domain.ids import CallId, ContactId
from app.domain.references import ReferenceUnknown, named
from app.records.versions import columns_of, raise_version

MOST: Final = 500
"""The most notes, tasks, or calls and orders of one complaint."""
_WITH_REASON: Final = frozenset({CaseEventKind.SOLVED, CaseEventKind.REJECTED, CaseEventKind.REOPENED})
STEPS: Final = (
    CaseEventKind.STARTED,
    CaseEventKind.HELD,
    CaseEventKind.RESUMED,
    CaseEventKind.SOLVED,
    CaseEventKind.REJECTED,
    CaseEventKind.REOPENED,
)
"""What people do with a complaint, beside passing and giving it."""


class By(NamedTuple):
    """Who does something, when, and in which call."""

    who: Actor
    at: datetime
    call: CallId | None = None


@dataclass(slots=True, frozen=True)
class ComplaintDraft:
    """A complaint's data, before it is saved."""

    fields: ComplaintFields
    category: int | None = None
    severity: Severity | None = None
    """None: that of the category."""
    contact: ContactId | None = None
    owner: int | None = None
    department: int | None = None
    """None: that of the category."""
    call: CallId | None = None


@dataclass(slots=True, frozen=True)
class Complaint:
    """A complaint with its deadline and its history."""

    row: ComplaintRow
    deadline: Deadline
    events: Sequence[ComplaintEventRow]


@dataclass(slots=True, frozen=True)
class Items:
    """What belongs to a complaint."""

    notes: Sequence[NoteRow]
    links: Sequence[LinkRow]
    tasks: Sequence[TaskRow]


async def get_complaint(session: AsyncSession, id_: int, at: datetime) -> Complaint:
    """A complaint, with its deadline as calendars are now.

    Raises:
        ComplaintUnknown: there is no such complaint.
    """
    row = await queries.get_complaint(session, id_)
    if row is None:
        raise ComplaintUnknown(complaint=id_)
    return await _whole(session, row, at)


async def items_of(session: AsyncSession, id_: int, *, notes: int) -> Items:
    """What belongs to a complaint: all calls, orders and tasks, and its last notes."""
    return Items(
        await queries.notes_of(session, id_, before=None, limit=notes),
        await queries.links_of(session, id_),
        await queries.tasks_of(session, id_),
    )


async def locked(session: AsyncSession, id_: int) -> ComplaintRow:
    """A complaint that nobody else changes until the transaction ends.

    Raises:
        ComplaintUnknown: there is no such complaint.
    """
    row = await queries.get_complaint(session, id_, lock=True)
    if row is None:
        raise ComplaintUnknown(complaint=id_)
    return row


async def open_complaint(session: AsyncSession, draft: ComplaintDraft, by: By) -> Complaint:
    """Make a complaint.

    Raises:
        ReferenceUnknown: it names what is not there.
    """
    category = await _category(session, draft.category)
    department = draft.department
    if department is not None:
        with named("department"):
            await require_department(session, department)
    elif category is not None:
        department = await in_use(session, category.department)
    if draft.contact is not None:
        with named("contact"):
            await require_contact(session, draft.contact)
    severity = draft.severity or (Severity(category.severity) if category is not None else Severity.NORMAL)
    owner_name = await name_of_user(session, draft.owner, "owner")
    row = ComplaintRow(
        **draft.fields.model_dump(include=set(ComplaintFields.model_fields)),
        contact_id=draft.contact,
        category=draft.category,
        severity=severity.value,
        state=CaseState.OPEN.value,
        owner=draft.owner,
        owner_name=owner_name,
        department=department,
        call_id=draft.call,
        opened_at=by.at,
        opened_by=by.who.user,
        opened_by_name=by.who.name,
    )
    await queries.save(session, [row])
    assert row.id is not None
    first = _event(row, CaseEventKind.OPENED, by)
    first.severity, first.department = severity.value, department
    await queries.save(session, [first])
    if draft.owner is not None:
        await queries.save(session, [_event(row, CaseEventKind.ASSIGNED, by)])
    if draft.call is not None:
        await link(session, row, LinkKind.CALL, draft.call, by)
    return await _refresh(session, row, by.at)


async def change_words(session: AsyncSession, row: ComplaintRow, draft: ComplaintDraft, by: By) -> Complaint:
    """Change what a complaint says: words, category, severity, contact and owner; `row` is locked.

    Raises:
        ReferenceUnknown: it names what is not there.
        ComplaintStepUnfit: a complaint that is over keeps its severity and owner.
    """
    was = columns_of(row)
    if draft.category != row.category:
        await _category(session, draft.category)
        row.category = draft.category
    if draft.contact != row.contact_id:
        if draft.contact is not None:
            with named("contact"):
                await require_contact(session, draft.contact)
        row.contact_id = draft.contact
        await take_along(session, ComplaintRow, [row.id or 0], draft.contact)
    for name in ComplaintFields.model_fields:
        setattr(row, name, getattr(draft.fields, name))
    if draft.severity is not None and draft.severity.value != row.severity:
        await _happen(session, row, CaseEventKind.RATED, by, severity=draft.severity)
    if draft.owner != row.owner:
        await assign(session, row, draft.owner, by)
    raise_version(row, was)
    return await _refresh(session, row, by.at)


async def assign(session: AsyncSession, row: ComplaintRow, owner: int | None, by: By, why: str = "") -> None:
    """Give a complaint to a user, or to nobody; `row` is locked.

    Raises:
        ReferenceUnknown: there is no such user.
        ComplaintStepUnfit: it is over.
    """
    row.owner_name = await name_of_user(session, owner, "owner")
    row.owner = owner
    await _happen(session, row, CaseEventKind.ASSIGNED, by, why=why)


async def give(session: AsyncSession, row: ComplaintRow, owner: int | None, by: By, why: str) -> Complaint:
    """Give a complaint to a user, or to nobody; `row` is locked.

    Raises:
        ReferenceUnknown: there is no such user.
        ComplaintStepUnfit: it is over.
    """
    await assign(session, row, owner, by, why)
    return await _changed(session, row, by.at)


async def take_step(
    session: AsyncSession,
    row: ComplaintRow,
    kind: CaseEventKind,
    by: By,
    why: str,
) -> Complaint:
    """Let something happen to a complaint; `row` is locked.

    Args:
        session: that writes.
        row: the complaint.
        kind: one of `STEPS`.
        why: in words; of `solved` the solution.
        by: does it.

    Raises:
        ComplaintStepUnfit: it cannot happen now.
        ReasonMissing: it needs a reason.
    """
    if kind in _WITH_REASON and not why.strip():
        raise ReasonMissing(step=kind.value)
    await _happen(session, row, kind, by, why=why)
    if kind is CaseEventKind.STARTED and row.owner is None and by.who.user is not None:
        await assign(session, row, by.who.user, by)
    if kind in {CaseEventKind.SOLVED, CaseEventKind.REJECTED}:
        row.solution = why
    if kind is CaseEventKind.REOPENED:
        row.satisfaction, row.satisfaction_note, row.satisfaction_at = None, "", None
    if by.call is not None:
        await link(session, row, LinkKind.CALL, by.call, by)
    return await _changed(session, row, by.at)


async def pass_on(
    session: AsyncSession,
    row: ComplaintRow,
    department: int,
    by: By,
    why: str,
) -> Complaint:
    """Pass a complaint to a department; nobody owns it until somebody there takes it; `row` is locked.

    Raises:
        ReferenceUnknown: there is no such department in use.
        ComplaintStepUnfit: it is over.
    """
    with named("department"):
        await require_department(session, department)
    row.owner, row.owner_name = None, ""
    await _happen(session, row, CaseEventKind.PASSED, by, why=why, department=department)
    if by.call is not None:
        await link(session, row, LinkKind.CALL, by.call, by)
    return await _changed(session, row, by.at)


async def note_satisfaction(
    session: AsyncSession, row: ComplaintRow, satisfaction: int, note: str, at: datetime
) -> Complaint:
    """Keep how content the customer is; the last answer counts; `row` is locked.

    Raises:
        ComplaintNotEnded: it is not over.
    """
    if CaseState(row.state) not in ENDED:
        raise ComplaintNotEnded
    row.satisfaction, row.satisfaction_note, row.satisfaction_at = satisfaction, note, at
    return await _changed(session, row, at)


async def add_note(session: AsyncSession, row: ComplaintRow, text: str, by: By) -> NoteRow:
    """Add a note.

    Raises:
        ComplaintFull: there are `MOST`.
    """
    assert row.id is not None
    await require_room(session, NoteRow, row.id)
    note = NoteRow(
        complaint_id=row.id,
        contact_id=row.contact_id,
        call_id=by.call,
        text=text,
        at=by.at,
        by=by.who.user,
        by_name=by.who.name,
    )
    await queries.save(session, [note])
    if by.call is not None:
        await link(session, row, LinkKind.CALL, by.call, by)
    return note


async def link(session: AsyncSession, row: ComplaintRow, kind: LinkKind, ref: str, by: By) -> None:
    """Let a call or an order belong to a complaint; one that does already stays.

    Raises:
        ComplaintFull: there are `MOST`.
    """
    assert row.id is not None
    if await queries.get_link(session, row.id, kind, ref) is not None:
        return
    await require_room(session, LinkRow, row.id)
    one = LinkRow(
        complaint_id=row.id,
        kind=kind.value,
        ref=ref,
        contact_id=row.contact_id,
        at=by.at,
        by=by.who.user,
        by_name=by.who.name,
    )
    await queries.save(session, [one])


async def remove_link(session: AsyncSession, row: ComplaintRow, kind: LinkKind, ref: str) -> None:
    """Take a call or an order off a complaint, if it belongs to it."""
    found = await queries.get_link(session, row.id or 0, kind, ref)
    if found is not None:
        await queries.remove_link(session, found)


async def require_room(
    session: AsyncSession, kind: type[NoteRow] | type[LinkRow] | type[TaskRow], complaint: int
) -> None:
    """Check that a complaint may have one more of something.

    Raises:
        ComplaintFull: it has `MOST`.
    """
    if await queries.count_items(session, kind, complaint) >= MOST:
        raise ComplaintFull(most=MOST)


async def name_of_user(session: AsyncSession, user: int | None, field: str) -> str:
    """A user's display name; empty for nobody.

    Raises:
        ReferenceUnknown: there is no such user who may log in.
    """
    if user is None:
        return ""
    row = await queries.get_user(session, user)
    if row is None or not row.active:
        raise ReferenceUnknown(field, UserUnknown())
    return row.display_name


async def _category(session: AsyncSession, id_: int | None) -> CategoryRow | None:
    if id_ is None:
        return None
    row = await queries.get_category(session, id_)
    if row is None or not row.active:
        raise ReferenceUnknown("category", CategoryUnknown(category=id_))
    return row


async def _happen(
    session: AsyncSession,
    row: ComplaintRow,
    kind: CaseEventKind,
    by: By,
    *,
    why: str = "",
    severity: Severity | None = None,
    department: int | None = None,
) -> None:
    """Add an event to a complaint, if it may happen; the row follows in `_changed`."""
    assert row.id is not None
    case = case_of((await queries.events_of(session, [row.id]))[row.id])
    by = by._replace(at=max(by.at, case.at))  # a clock that was set back
    try:
        step(case, CaseEvent(kind, by.at, severity, department))
    except NotAllowed:
        raise ComplaintStepUnfit(state=case.state.value, step=kind.value) from None
    event = _event(row, kind, by)
    event.why, event.department, event.call_id = why, department, by.call
    event.severity = severity.value if severity is not None else None
    await queries.save(session, [event])


def _event(row: ComplaintRow, kind: CaseEventKind, by: By) -> ComplaintEventRow:
    assert row.id is not None
    assigned = kind is CaseEventKind.ASSIGNED
    return ComplaintEventRow(
        complaint_id=row.id,
        at=by.at,
        kind=kind.value,
        owner=row.owner if assigned else None,
        owner_name=row.owner_name if assigned else "",
        by=by.who.user,
        by_name=by.who.name,
    )


async def _changed(session: AsyncSession, row: ComplaintRow, at: datetime) -> Complaint:
    row.version += 1
    return await _refresh(session, row, at)


async def _refresh(session: AsyncSession, row: ComplaintRow, at: datetime) -> Complaint:
    assert row.id is not None
    events = (await queries.events_of(session, [row.id]))[row.id]
    found = project(row, case_of(events), await load_terms(session), at)
    await queries.save(session, [row])
    return Complaint(row, found, events)


async def _whole(session: AsyncSession, row: ComplaintRow, at: datetime) -> Complaint:
    assert row.id is not None
    events = (await queries.events_of(session, [row.id]))[row.id]
    return Complaint(row, deadline(case_of(events), await load_terms(session), at), events)
