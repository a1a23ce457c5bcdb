"""The evidence as CSV, as it is asked for: read page by page, so that no transaction waits for who reads."""

import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from defusedcsv import csv
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.attempts.tables import AttemptRow
from app.crm.evidence.queries import AttemptCursor, SuppressionCursor, page_attempts, page_suppressions
from app.crm.evidence.tables import SuppressionRow
from app.domain.ids import CampaignId
from app.records.engine import reading

PAGE = 1000

_ATTEMPT = (
    "id",
    "lead_id",
    "number",
    "mode",
    "rule_set",
    "placed_at",
    "sent_at",
    "answered_at",
    "connected_at",
    "ended_at",
    "outcome",
    "cause",
    "amd",
    "operator_id",
    "call_id",
)
_NOT_DIALLED = (
    "day",
    "lead_id",
    "number",
    "rule_set",
    "rule",
    "detail",
    "until",
    "first_at",
    "last_at",
    "times",
)


async def attempts_csv(
    engine: AsyncEngine, campaign: CampaignId, from_at: datetime, to_at: datetime
) -> AsyncIterator[str]:
    """Every attempt placed within a period, in order of time; `abandoned` is 1 for those that were.

    Numbers are written without their plus sign, which a spreadsheet would take for a formula.
    """
    yield _csv([("abandoned", *_ATTEMPT)])
    after = None
    while True:
        async with reading(engine) as session:
            rows = await page_attempts(session, campaign, from_at, to_at, after=after, limit=PAGE)
        yield _csv([(int(row.outcome == "abandoned"), *_cells(row, _ATTEMPT)) for row in rows])
        if len(rows) < PAGE:
            return
        after = AttemptCursor(rows[-1].placed_at, rows[-1].id)


async def not_dialled_csv(
    engine: AsyncEngine, campaign: CampaignId, from_at: datetime, to_at: datetime
) -> AsyncIterator[str]:
    """Every lead's number not dialled within a period, with the rule that stopped it, by day and lead."""
    yield _csv([_NOT_DIALLED])
    after = None
    while True:
        async with reading(engine) as session:
            rows = await page_suppressions(session, campaign, from_at, to_at, after=after, limit=PAGE)
        yield _csv([_cells(row, _NOT_DIALLED) for row in rows])
        if len(rows) < PAGE:
            return
        last = rows[-1]
        after = SuppressionCursor(last.day, last.lead_id, last.number, last.rule)


def _cells(row: AttemptRow | SuppressionRow, columns: Sequence[str]) -> tuple[object, ...]:
    return tuple(_cell(name, getattr(row, name)) for name in columns)


def _cell(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).removeprefix("+") if name == "number" else value


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
