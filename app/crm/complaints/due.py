"""When complaints are due, kept beside each for lists, and told in time: warned of, late, escalated.

What is kept is computed whole from the complaint's events each time; nothing is added to what was kept before.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.cases.case import ENDED, Case, CaseEvent, CaseEventKind, Severity, replay
from app.cases.deadline import Deadline, deadline
from app.crm.complaints import queries
from app.crm.complaints.tables import ALARMS, Alarm, ComplaintEventRow, ComplaintRow, TaskRow
from app.crm.departments.queries import get_department, members_of
from app.crm.departments.tables import ReachKind
from app.crm.departments.terms import TermsOf, load_terms
from app.events.recorder import announce

SLICE: Final = 50
"""How many complaints one transaction looks at: others write between."""
_KINDS: Final = frozenset(kind.value for kind in CaseEventKind)


def case_of(rows: Iterable[ComplaintEventRow]) -> Case:
    """The case that a complaint's events make."""
    return replay(
        CaseEvent(
            CaseEventKind(row.kind),
            row.at,
            Severity(row.severity) if row.severity is not None else None,
            row.department,
        )
        for row in rows
        if row.kind in _KINDS
    )


def project(row: ComplaintRow, case: Case, terms: TermsOf, at: datetime) -> Deadline:
    """Put what follows from a complaint's events into its row; return its deadline.

    An alarm that was told and would not be due now, because the calendar or the severity changed, will be told again.
    """
    found = deadline(case, terms, at)
    row.state, row.severity = case.state.value, case.severity.value
    row.department, row.ended_at, row.due_at = case.department, case.ended, found.due
    moments = (found.warn, found.due, found.escalate)
    if case.state in ENDED:
        row.next_at = None
        return found
    reached = next((n for n, moment in enumerate(moments) if moment is None or moment > at), len(moments))
    told = min(ALARMS.index(Alarm(row.alarm)), reached)
    row.alarm = ALARMS[told].value
    if told < ALARMS.index(Alarm.ESCALATED):
        row.told_department = None
    if told < ALARMS.index(Alarm.LATE):
        row.told_user = None
    row.next_at = moments[told] if told < len(moments) else None
    return found


async def recheck(session: AsyncSession, at: datetime) -> None:
    """Have the due times of all complaints that are not over computed anew: a calendar has changed."""
    await queries.recheck(session, at)


async def sound_alarms(session: AsyncSession, at: datetime) -> int:
    """Tell what is to be told of complaints by now, of `SLICE` at most; return of how many.

    Of several processes each takes others.
    """
    rows = await queries.lock_next(session, at, SLICE)
    if not rows:
        return 0
    terms = await load_terms(session)
    events = await queries.events_of(session, [row.id or 0 for row in rows])
    for row in rows:
        case = case_of(events[row.id or 0])
        found = project(row, case, terms, at)
        while row.next_at is not None and row.next_at <= at:
            row.alarm = ALARMS[ALARMS.index(Alarm(row.alarm)) + 1].value
            await _tell(session, row, Alarm(row.alarm), at)
            project(row, case, terms, at)
        assert found.due == row.due_at
    await queries.save(session, rows)
    return len(rows)


async def tell_late_tasks(session: AsyncSession, at: datetime) -> int:
    """Tell of tasks whose due time has passed, of `SLICE` at most; return of how many."""
    rows = await queries.lock_late_tasks(session, at, SLICE)
    for row in rows:
        row.told_late = True
        announce(
            session,
            "complaint_task",
            row.id or 0,
            "late",
            after={"complaint": row.complaint_id, "due_at": row.due_at, "told": _people(row)},
            contact=row.contact_id,
        )
    await queries.save(session, rows)
    return len(rows)


def _people(row: TaskRow) -> list[int]:
    return [row.assignee] if row.assignee is not None else []


async def _tell(session: AsyncSession, row: ComplaintRow, alarm: Alarm, at: datetime) -> None:
    people = await _told(session, row, alarm)
    assert row.id is not None
    session.add(
        ComplaintEventRow(
            complaint_id=row.id, at=at, kind=alarm.value, department=row.told_department, owner=row.told_user
        )
    )
    after = {"due_at": row.due_at, "department": row.department, "owner": row.owner, "told": list(people)}
    announce(session, "complaint", row.id, alarm.value, after=after, contact=row.contact_id)


async def _told(session: AsyncSession, row: ComplaintRow, alarm: Alarm) -> Sequence[int]:
    """Who is told: the owner, or the members, of what comes near; the deputy of what is late; then the fallback."""
    department = await get_department(session, row.department) if row.department is not None else None
    own = [row.owner] if row.owner is not None else await _members(session, row.department)
    if alarm is Alarm.WARNED or department is None:
        return own
    if alarm is Alarm.LATE:
        row.told_user = department.deputy
        return sorted({*own, *([department.deputy] if department.deputy is not None else [])})
    if department.fallback_kind == ReachKind.DEPARTMENT.value:
        row.told_department = int(department.fallback_target)
    elif department.fallback_kind == ReachKind.OPERATOR.value:
        return [int(department.fallback_target)]
    return await _members(session, row.told_department) or own


async def _members(session: AsyncSession, department: int | None) -> list[int]:
    if department is None:
        return []
    return (await members_of(session, [department]))[department]
