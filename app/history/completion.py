"""Completes and corrects records from the PBX's own event log. A record that the floor heard whole is corrected only
when asked for.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.attempts.tables import AttemptRow
from app.crm.contacts.tables import ContactRow
from app.domain.calls import CallOutcome, EndedBy
from app.domain.ids import CallId, ContactId
from app.floor.facts import CallRecord
from app.records.changes import Change, Kind
from app.records.mapping import call_row, leg_rows
from app.records.tables import CallEventRow, CallLegRow, CallRow, CallSource

TRUE_WITHIN_S: Final = 1.0
"""By how much the record and the log may differ in a time of one call."""
CLOCKS_APART_S: Final = 2.0
"""Where the record and the log differ by more than this in a call's arrival, their clocks differ."""
_NOT_LOGGED: Final = frozenset(
    {
        "id",
        "caller_number",
        "caller_sent",
        "number_withheld",
        "caller_name",
        "contact_id",
        "queue",
        "first_queue",
        "dialed",
        "refused_by",
    }
)
"""Columns that an ended record keeps: the log knows the same about them, or less."""
END_UNKNOWN: Final = "its end was not heard"


async def complete(
    session: AsyncSession, logged: Sequence[CallRecord], *, correct: bool = False, ahead_s: float = 0.0
) -> list[Change]:
    """Write what these calls' records lack. Doing it again changes nothing.

    Args:
        session: its caller commits.
        logged: calls that are over, as the PBX's event log has them, with their contacts where these are known.
        correct: also put right records that were heard whole but are more than a second off.
        ahead_s: by how much the PBX's clock is ahead of ours, in seconds.

    Returns:
        What was changed.
    """
    known = await _rows(session, [record.call for record in logged])
    changes = []
    for told in logged:
        record = await _with_customer(session, told) if told.campaign is not None else told
        row = known.get(record.call)
        change = await _complete_one(session, row, _on_our_clock(record, row, ahead_s), correct=correct)
        if change is not None:
            changes.append(change)
    return changes


async def ahead_of_records(session: AsyncSession, logged: Sequence[CallRecord]) -> float:
    """By how many whole seconds the PBX's clock was ahead of ours, from calls that are both heard and logged."""
    known = await _rows(session, [record.call for record in logged])
    apart = [
        (record.arrived_at - known[record.call].arrived_at).total_seconds()
        for record in logged
        if record.call in known
    ]
    return float(round(median(apart))) if apart else 0.0


async def close_unheard(session: AsyncSession, calls: Collection[CallId]) -> list[Change]:
    """Close open records of calls that are gone and that the event log does not know: as of the last that was heard.

    An answer may have been among it; who ended the call is not known, so the PBX counts as having done so.
    """
    changes = []
    for row in (await _rows(session, calls)).values():
        if row.ended_at is not None:
            continue
        events = (
            await session.scalars(
                select(CallEventRow)
                .where(col(CallEventRow.call_id) == row.id)
                .order_by(col(CallEventRow.seq))
            )
        ).all()
        answered = next((event for event in events if event.kind == "CallAnswered"), None)
        ended_at = max([row.arrived_at, *(event.at for event in events)])
        values: dict[str, Any] = {
            "ended_at": ended_at,
            "answered_at": answered.at if answered else None,
            "operator_id": answered.operator_id if answered else None,
            "waited_s": ((answered.at if answered else ended_at) - row.arrived_at).total_seconds(),
            "talked_s": (ended_at - answered.at).total_seconds() if answered else 0.0,
            "duration_s": (ended_at - row.arrived_at).total_seconds(),
            "outcome": (CallOutcome.ANSWERED if answered else CallOutcome.FAILED).value,
            "ended_by": EndedBy.PBX.value,
            "hangup_text": END_UNKNOWN,
            "source": CallSource.UNHEARD.value,
        }
        changes.append(await _update(session, row, values, Kind.COMPLETED))
    return changes


async def _with_customer(session: AsyncSession, record: CallRecord) -> CallRecord:
    """A record with the customer that the campaign called: the attempt has the customer, the PBX's log has not."""
    attempt = await session.get(AttemptRow, record.call)
    if attempt is None:
        return record
    contact = ContactId(attempt.contact_id) if attempt.contact_id is not None else None
    return record._replace(caller_number=attempt.number, contact=contact)


async def _rows(session: AsyncSession, ids: Collection[CallId]) -> dict[CallId, CallRow]:
    found = await session.scalars(select(CallRow).where(col(CallRow.id).in_(ids)).with_for_update())
    return {CallId(row.id): row for row in found}


def _on_our_clock(record: CallRecord, row: CallRow | None, ahead_s: float) -> CallRecord:
    """Shift a record's points in time to the service's clock; durations stay.

    Where the heard times differ from that at both ends of the call, one of the clocks has been set since: the heard
    times are believed. One end alone tells nothing of clocks: a call may be taken over before it enters a queue.
    """
    shift = timedelta(seconds=-ahead_s if abs(ahead_s) > TRUE_WITHIN_S / 2 else 0.0)
    if row is not None:
        ends = [(row.arrived_at, record.arrived_at), (row.ended_at, record.ended_at)]
        apart = min((heard - (told + shift) for heard, told in ends if heard is not None), key=abs)
        if abs(apart.total_seconds()) > CLOCKS_APART_S:
            shift += apart
    if not shift:
        return record
    return record._replace(
        arrived_at=record.arrived_at + shift,
        answered_at=record.answered_at and record.answered_at + shift,
        ended_at=record.ended_at + shift,
        legs=tuple(
            leg._replace(
                began_at=leg.began_at + shift,
                answered_at=leg.answered_at and leg.answered_at + shift,
                ended_at=leg.ended_at + shift,
            )
            for leg in record.legs
        ),
    )


def lived_until(record: CallRecord, ended_at: datetime) -> CallRecord:
    """Let a call whose end was not logged go on in its last state until `ended_at`, when the PBX died."""
    more_s = (ended_at - record.ended_at).total_seconds()
    if more_s <= 0:
        return record
    legs = tuple(
        leg._replace(ended_at=ended_at, talked_s=leg.talked_s + more_s)
        if leg.answered_at is not None and leg.ended_at == record.ended_at
        else leg
        for leg in record.legs
    )
    talked_s = sum(leg.talked_s for leg in legs)
    return record._replace(
        ended_at=ended_at,
        duration_s=record.duration_s + more_s,
        talked_s=talked_s,
        waited_s=record.waited_s + (more_s if not talked_s else 0.0),
        legs=legs,
    )


async def _complete_one(
    session: AsyncSession, row: CallRow | None, record: CallRecord, *, correct: bool
) -> Change | None:
    if record.unheard and row is not None and row.ended_at is not None:
        record = lived_until(record, row.ended_at)
    values = call_row(record)
    if not record.unheard:
        values["source"] = CallSource.LOG.value
    if row is None:
        await session.execute(insert(CallRow).values(**values))
        change = Change(record.call, Kind.ADDED, {}, values)
    elif row.ended_at is None or row.source == CallSource.UNHEARD.value:
        kept = {"id"} if row.ended_at is None else _NOT_LOGGED
        values = {name: value for name, value in values.items() if name not in kept}
        values["contact_id"] = row.contact_id or record.contact
        change = await _update(session, row, values, Kind.COMPLETED)
    elif correct and _differ(row, values):
        values = {name: value for name, value in values.items() if name not in _NOT_LOGGED}
        change = await _update(session, row, values, Kind.CORRECTED)
    else:
        return None
    await session.execute(delete(CallLegRow).where(col(CallLegRow.call_id) == record.call))
    if legs := leg_rows(record):
        await session.execute(insert(CallLegRow), legs)
    await _served(session, row.contact_id if row is not None else record.contact, record)
    return change


async def _update(session: AsyncSession, row: CallRow, values: dict[str, Any], kind: Kind) -> Change:
    differences = {
        name: (getattr(row, name), value)
        for name, value in values.items()
        if not _same(getattr(row, name), value)
    }
    await session.execute(update(CallRow).where(col(CallRow.id) == row.id).values(**values))
    return Change(
        CallId(row.id), kind, differences, {"queue": row.queue, "direction": row.direction} | values
    )


def _differ(row: CallRow, values: dict[str, Any]) -> bool:
    told = (
        "arrived_at",
        "answered_at",
        "ended_at",
        "waited_s",
        "talked_s",
        "outcome",
        "operator_id",
        "ended_by",
    )
    return not all(_same(getattr(row, name), values[name]) for name in told)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= TRUE_WITHIN_S
    if isinstance(one, (list, tuple)):
        return list(one) == list(other)
    if hasattr(one, "tzinfo") and hasattr(other, "tzinfo"):
        return bool(abs((one - other).total_seconds()) <= TRUE_WITHIN_S)
    return bool(one == other)


async def _served(session: AsyncSession, contact: int | None, record: CallRecord) -> None:
    """Note on the contact which operator served them last."""
    if contact is None or record.operator is None:
        return
    later = col(ContactRow.last_served_at).is_(None) | (col(ContactRow.last_served_at) <= record.ended_at)
    await session.execute(
        update(ContactRow)
        .where(col(ContactRow.id) == contact, later)
        .values(last_operator_id=record.operator, last_served_at=record.ended_at)
    )
