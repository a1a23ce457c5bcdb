"""Leads that were not dialled, each with the rule that stopped it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.compliance.eligibility import Suppressed
from app.crm.evidence.tables import SuppressionRow
from app.domain.ids import CampaignId, LeadId
from app.records.base import table_of

_SUPPRESSION = table_of(SuppressionRow)
_KEY = [_SUPPRESSION.c[name] for name in ("day", "lead_id", "number", "rule")]


@dataclass(slots=True, frozen=True)
class NotDialled:
    """A lead's number that a rule has kept from being dialled."""

    campaign: CampaignId
    lead: LeadId
    number: str
    why: Suppressed
    rule_set: str = ""


class SuppressionCursor(NamedTuple):
    """The last row of the page before."""

    day: date
    lead: int
    number: str
    rule: str


async def note_suppressions(session: AsyncSession, found: Iterable[NotDialled], at: datetime) -> None:
    """Record the numbers that were not dialled: one row for each number, rule and day, with a count."""
    day = at.astimezone(UTC).date()
    rows: dict[tuple[int, str, str], dict[str, Any]] = {}
    for one in found:
        key = (one.lead, one.number, one.why.rule.value)
        times = rows[key]["times"] if key in rows else 0
        rows[key] = {
            "lead_id": one.lead,
            "number": one.number,
            "rule": one.why.rule.value,
            "day": day,
            "campaign_id": one.campaign,
            "rule_set": one.rule_set,
            "detail": one.why.detail,
            "until": one.why.until,
            "first_at": at,
            "last_at": at,
            "times": times + 1,
        }
    if not rows:
        return
    new = (postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert)(
        _SUPPRESSION
    )
    again = new.on_conflict_do_update(
        index_elements=[column.name for column in _SUPPRESSION.primary_key],
        set_={
            "detail": new.excluded.detail,
            "until": new.excluded.until,
            "last_at": new.excluded.last_at,
            "times": _SUPPRESSION.c.times + new.excluded.times,
        },
    )
    await session.execute(
        again, [rows[key] for key in sorted(rows)]
    )  # in one order, so that no two writers cross


async def page_suppressions(
    session: AsyncSession,
    campaign: CampaignId,
    from_at: datetime,
    to_at: datetime,
    *,
    after: SuppressionCursor | None = None,
    limit: int = 1000,
) -> Sequence[SuppressionRow]:
    """Leads that were not dialled within a period, by day and lead."""
    key = (
        col(SuppressionRow.day),
        col(SuppressionRow.lead_id),
        col(SuppressionRow.number),
        col(SuppressionRow.rule),
    )
    query = (
        select(SuppressionRow)
        .where(
            col(SuppressionRow.campaign_id) == campaign,
            key[0] >= from_at.astimezone(UTC).date(),
            key[0] <= to_at.astimezone(UTC).date(),
            col(SuppressionRow.first_at) < to_at,
            col(SuppressionRow.last_at) >= from_at,
        )
        .order_by(*key)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after, types=[column.type for column in _KEY]))
    return (await session.scalars(query)).all()
