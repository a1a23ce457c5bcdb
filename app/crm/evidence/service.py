"""A campaign's evidence: its attempts and what was not dialled, as CSV, and the exact abandon rate.

CSV is read page by page, so that no transaction waits for a slow reader.
"""

import io
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from defusedcsv import csv
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.attempts.past import live_answers, page_attempts
from app.crm.attempts.queries import AttemptCursor
from app.crm.attempts.tables import AttemptRow
from app.crm.campaigns.rules import limits_of, rule_set_of
from app.crm.campaigns.service import known_campaign
from app.crm.evidence.queries import SuppressionCursor, page_suppressions
from app.crm.evidence.tables import SuppressionRow
from app.domain.campaigns import Window
from app.domain.ids import CampaignId
from app.numbers.facts import zone
from app.pacing.abandonment import span_at, tally
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


class Abandonment(NamedTuple):
    """The exact abandon rate; see `app.crm.evidence.schemas.AbandonmentOut`."""

    rule_set: str
    window: Window
    from_at: datetime | None
    """The beginning of the window; None: from the first call."""
    to_at: datetime
    answered: int
    abandoned: int
    rate: float
    """The share of all live answers, 0..1."""
    limit: float | None
    """The highest abandon rate allowed, 0..1; None: no limit."""
    over_limit: bool


async def abandonment(session: AsyncSession, id_: CampaignId, at: datetime) -> Abandonment:
    """A campaign's abandon rate over the window of its rules, up to a moment (aware).

    Raises:
        CampaignUnknown: see there.
        RulesUnfit: the campaign's rules cannot be used.
    """
    campaign = await known_campaign(session, id_)
    limits = limits_of(campaign)
    window = limits.window or Window.CAMPAIGN
    begun = campaign.starts_at or campaign.created_at
    span = span_at(window, at, begun=begun, zone=zone(campaign.time_zone) or ZoneInfo("UTC"))
    since = span.begins if span is not None else None
    counted = tally(await live_answers(session, id_, since, at), window, at, span)
    rate, limit = counted.rate(), limits.abandon_limit
    return Abandonment(
        rule_set=rule_set_of(campaign.rule_set).id,
        window=window,
        from_at=since,
        to_at=min(span.ends, at) if span is not None else at,
        answered=counted.answered,
        abandoned=counted.abandoned,
        rate=rate,
        limit=limit,
        over_limit=limit is not None and rate > limit,
    )


async def attempts_csv(
    engine: AsyncEngine, campaign: CampaignId, from_at: datetime, to_at: datetime
) -> AsyncGenerator[str]:
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
) -> AsyncGenerator[str]:
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
