"""Rebuilds the call records of any period from the PBX's own event log, and reports what differed."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.calls.queries import calls_between
from app.crm.operators.queries import load_operator_settings
from app.domain.ids import CallId
from app.floor.facts import CallRecord
from app.history.charges import reckoned
from app.history.completion import ahead_of_records, complete
from app.history.past_calls import past_calls
from app.pbx.event_log import EventLog
from app.records.changes import Change
from app.records.engine import reading, writing

CHUNK = 200  # stories read, and records written, at a time


@dataclass(slots=True)
class Report:
    """What a rebuild found."""

    logged: int = 0
    """Calls of the period in the log that are over."""
    open: int = 0
    """Calls in the log that are not over, or whose end was never logged: left as they are."""
    ahead_s: float = 0.0
    """By how much the PBX's clock was ahead of the service's, in seconds."""
    changes: list[Change] = field(default_factory=list)
    not_logged: list[CallId] = field(default_factory=list)
    """Records of the period that the log knows nothing of: left as they are."""


async def rebuild(
    engine: AsyncEngine,
    events: EventLog,
    from_at: datetime,
    to_at: datetime,
    *,
    write: bool,
    region: str,
) -> Report:
    """Compare the records of calls that arrived in a period with the log, and write what differs.

    Args:
        engine: the records.
        events: the PBX's event log.
        from_at: aware; the first moment of the period, by the PBX's clock.
        to_at: aware; the first moment after it.
        write: False only looks.
        region: ISO 3166 code of the country for numbers without a country code.

    Raises:
        SQLAlchemyError, OSError: the log or the records are away.
    """
    report = Report()
    records = await _read(engine, events, from_at, to_at, report)
    async with reading(engine) as session:
        for start in range(0, len(records), CHUNK):
            report.ahead_s = await ahead_of_records(session, records[start : start + CHUNK])
            if report.ahead_s:
                break
        known = {record.call for record in records}
        report.not_logged = [id_ for id_ in await calls_between(session, from_at, to_at) if id_ not in known]
    for start in range(0, len(records), CHUNK):
        some = records[start : start + CHUNK]
        async with writing(engine) as session:
            some = await reckoned(session, some, region)
            report.changes += await complete(session, some, correct=True, ahead_s=report.ahead_s)
            if not write:
                await session.rollback()
    return report


async def _read(
    engine: AsyncEngine, events: EventLog, from_at: datetime, to_at: datetime, report: Report
) -> list[CallRecord]:
    async with reading(engine) as session:
        operators = {one.endpoint: one.id for one in await load_operator_settings(session)}
    stories = await events.stories_between(from_at, to_at)
    records: dict[CallId, CallRecord] = {}
    for start in range(0, len(stories), CHUNK):
        for record, over, _ in past_calls(await events.families(stories[start : start + CHUNK]), operators):
            if not from_at <= record.arrived_at < to_at:
                continue
            if over:
                records[record.call] = record
            else:
                report.open += 1
    report.logged = len(records)
    return list(records.values())
