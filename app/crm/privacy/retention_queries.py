"""What is too old of each kind: counted, and deleted or cleared batch by batch."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, Table, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.tables import AttemptRow
from app.crm.complaints.tables import ComplaintEventRow, ComplaintRow, TaskRow
from app.crm.complaints.tables import NoteRow as ComplaintNoteRow
from app.crm.contacts.tables import ContactRow
from app.crm.leads.tables import LeadRow
from app.crm.notes.tables import NoteRow
from app.crm.orders.states import OrderState
from app.crm.orders.tables import OrderRow
from app.crm.privacy import records as _records  # noqa: F401 - its lines
from app.crm.privacy.files import DESKS, UNDER_WAY
from app.crm.privacy.holdings import HOLDINGS
from app.crm.privacy.person import empty
from app.crm.privacy.states import KeptKind
from app.crm.privacy.tables import RetentionDayRow
from app.crm.privacy.timelines import clear_timelines
from app.records.base import table_of
from app.records.event_table import EventRow
from app.records.tables import CallRow

_CALL, _ATTEMPT, _EVENT = table_of(CallRow), table_of(AttemptRow), table_of(EventRow)
_NOTE, _ORDER, _CASE = table_of(NoteRow), table_of(OrderRow), table_of(ComplaintRow)
_CONTACT, _LEAD = table_of(ContactRow), table_of(LeadRow)


class Place(NamedTuple):
    """A row in the order of its kind: the moment that counts, and its id."""

    at: datetime
    id: Any


_OVER: Final = (OrderState.DELIVERED.value, OrderState.CANCELLED.value, OrderState.RETURNED.value)


def _old_calls(before: datetime) -> ColumnElement[bool]:
    call = _CALL.c
    says = or_(call.caller_number != "", call.caller_name != "", call.contact_id.is_not(None))
    return and_(call.arrived_at < before, says)


def _old_attempts(before: datetime) -> ColumnElement[bool]:
    attempt = _ATTEMPT.c
    says = or_(attempt.number != "", attempt.note != "", attempt.contact_id.is_not(None))
    return and_(attempt.placed_at < before, attempt.outcome.is_not(None), says)


def _old_notes(before: datetime) -> ColumnElement[bool]:
    return _NOTE.c.created_at < before


def _old_orders(before: datetime) -> ColumnElement[bool]:
    order = _ORDER.c
    says = or_(order.address != "", order.comment != "", order.reason != "", order.contact_id.is_not(None))
    return and_(order.state.in_(_OVER), order.updated_at < before, says)


def _old_drafts(before: datetime) -> ColumnElement[bool]:
    return and_(_ORDER.c.state == OrderState.DRAFT.value, _ORDER.c.updated_at < before)


def _old_complaints(before: datetime) -> ColumnElement[bool]:
    return and_(
        _CASE.c.ended_at < before,
        or_(_CASE.c.text != "", _CASE.c.wish != "", _CASE.c.solution != "", _CASE.c.contact_id.is_not(None)),
    )


_ROWS: Final[Mapping[KeptKind, tuple[Table, str, Callable[[datetime], ColumnElement[bool]]]]] = {
    KeptKind.CALLS: (_CALL, "arrived_at", _old_calls),
    KeptKind.ATTEMPTS: (_ATTEMPT, "placed_at", _old_attempts),
    KeptKind.NOTES: (_NOTE, "created_at", _old_notes),
    KeptKind.ORDERS: (_ORDER, "updated_at", _old_orders),
    KeptKind.ORDER_DRAFTS: (_ORDER, "updated_at", _old_drafts),
    KeptKind.COMPLAINTS: (_CASE, "ended_at", _old_complaints),
}
"""Kinds that are dealt with row by row: the table, the moment that counts, and what is too old."""


def _idle(before: datetime) -> ColumnElement[bool]:
    """Contacts that nobody touched and that nothing newer belongs to."""
    contact = _CONTACT.c
    served = or_(contact.last_served_at.is_(None), contact.last_served_at < before)
    newer = [
        exists().where(table.c.contact_id == contact.id, table.c[at] >= before)
        for table, at in (
            (_CALL, "arrived_at"),
            (_ATTEMPT, "placed_at"),
            (_ORDER, "updated_at"),
            (_CASE, "opened_at"),
            (_NOTE, "created_at"),
            (_LEAD, "created_at"),
        )
    ]
    waits = exists().where(_LEAD.c.contact_id == contact.id, _LEAD.c.state != "done")
    return and_(contact.updated_at < before, served, ~or_(*newer, waits))


async def count(session: AsyncSession, kind: KeptKind, before: datetime) -> int:
    """How many rows of a kind are older than a moment."""
    counted: dict[KeptKind, Select[Any]] = {
        KeptKind.CALLS: select(func.count()).select_from(_CALL).where(_old_calls(before)),
        KeptKind.ATTEMPTS: select(func.count()).select_from(_ATTEMPT).where(_old_attempts(before)),
        KeptKind.EVENTS: select(func.count()).select_from(_EVENT).where(_EVENT.c.at < before),
        KeptKind.NOTES: select(func.count()).select_from(_NOTE).where(_NOTE.c.created_at < before),
        KeptKind.ORDERS: select(func.count()).select_from(_ORDER).where(_old_orders(before)),
        KeptKind.ORDER_DRAFTS: select(func.count()).select_from(_ORDER).where(_old_drafts(before)),
        KeptKind.COMPLAINTS: select(func.count()).select_from(_CASE).where(_old_complaints(before)),
        KeptKind.CONTACTS: select(func.count()).select_from(_CONTACT).where(_idle(before)),
    }
    if kind is KeptKind.IMPORT_FILES:
        files = [
            await session.scalar(
                select(func.count()).select_from(desk.table).where(_old_files(desk.table, before))
            )
            for desk in DESKS
        ]
        return sum(one or 0 for one in files)
    return await session.scalar(counted[kind]) or 0


async def too_old(
    session: AsyncSession, kind: KeptKind, before: datetime, after: Place | None, limit: int
) -> list[Place]:
    """The next rows of a kind that are older than a moment, in their order, behind the last of the batch before."""
    table, at, condition = _ROWS[kind]
    moment, key = table.c[at], table.c.id
    query = select(moment, key).where(condition(before))
    if after is not None:
        # The index begins with the first condition.
        query = query.where(moment >= after.at, or_(moment > after.at, key > after.id))
    return [Place(*row) for row in await session.execute(query.order_by(moment, key).limit(limit))]


async def clear(session: AsyncSession, kind: KeptKind, ids: Sequence[Any]) -> None:
    """Delete or clear some rows of a kind, a few hundred at most, with what belongs to them."""
    match kind:
        case KeptKind.CALLS:
            await clear_timelines(session, ids, ())
            await _empty(session, "call", _CALL.c.id.in_(ids))
        case KeptKind.ATTEMPTS:
            await _empty(session, "attempt", _ATTEMPT.c.id.in_(ids))
        case KeptKind.NOTES:
            await _remove(session, _NOTE, "note", ids)
        case KeptKind.ORDER_DRAFTS:
            # One that was placed meanwhile stays.
            drafts = select(_ORDER.c.id).where(_ORDER.c.id.in_(ids), _ORDER.c.state == OrderState.DRAFT.value)
            await _remove(session, _ORDER, "order", list(await session.scalars(drafts.with_for_update())))
        case KeptKind.ORDERS:
            await _empty(session, "customer_order", _ORDER.c.id.in_(ids))
        case KeptKind.COMPLAINTS:
            for row in (ComplaintEventRow, ComplaintNoteRow, TaskRow):
                table = table_of(row)
                await _empty(session, table.name, table.c.complaint_id.in_(ids))
            await _empty(session, "complaint", _CASE.c.id.in_(ids))
        case _:
            raise AssertionError(kind)


async def _remove(session: AsyncSession, table: Table, subject: str, ids: Sequence[Any]) -> None:
    """Delete rows, with what their events tell."""
    told = _EVENT.c.subject_id.in_([str(id_) for id_ in ids])
    nothing = {"before": None, "after": None}
    await session.execute(update(_EVENT).where(_EVENT.c.subject == subject, told).values(nothing))
    await session.execute(delete(table).where(table.c.id.in_(ids)))


async def _empty(session: AsyncSession, name: str, which: ColumnElement[bool]) -> None:
    one = HOLDINGS[name]
    table = table_of(one.row)
    values: dict[str, Any] = dict(empty(one))
    if "contact_id" in table.c:
        values["contact_id"] = None
    if "version" in table.c:
        values["version"] = table.c.version + 1
    await session.execute(update(table).where(which).values(values))


def _old_files(table: Any, before: datetime) -> ColumnElement[bool]:
    under_way = [state.value for state in UNDER_WAY]
    return and_(table.c.created_at < before, table.c.state.not_in(under_way), table.c.size > 0)


async def clear_files(session: AsyncSession, before: datetime) -> dict[str, list[int]]:
    """Forget previews of old files; returns the ids whose files are to be deleted, by folder."""
    found: dict[str, list[int]] = {}
    for table, folder, column, nothing in DESKS:
        ids = list(await session.scalars(select(table.c.id).where(_old_files(table, before))))
        values = {column: nothing, "size": 0}
        await session.execute(update(table).where(table.c.id.in_(ids)).values(values))
        found[folder] = ids
    return found


async def idle_contacts(session: AsyncSession, before: datetime, after: int, limit: int) -> Sequence[int]:
    """Ids of contacts without any contact since a moment, behind the last of the batch before."""
    query = select(_CONTACT.c.id).where(_idle(before), _CONTACT.c.id > after).order_by(_CONTACT.c.id)
    return list(await session.scalars(query.limit(limit)))


async def last_day(session: AsyncSession, kind: str) -> datetime | None:
    """When a kind was last cleared."""
    day = table_of(RetentionDayRow)
    found: datetime | None = await session.scalar(select(func.max(day.c.at)).where(day.c.kind == kind))
    return found


async def page_days(session: AsyncSession, limit: int, before: Any = None) -> Sequence[RetentionDayRow]:
    """What retention did, the newest day first; `before` is the last day of the page before, which is whole."""
    day = table_of(RetentionDayRow)
    query = select(RetentionDayRow).order_by(day.c.day.desc(), day.c.kind)
    if before is not None:
        query = query.where(day.c.day < before)
    return (await session.scalars(query.limit(limit))).all()
