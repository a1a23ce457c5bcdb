"""The evidence: every attempt, every lead not dialled with the rule that stopped it, and live answers counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import String, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.compliance.dial_facts import PastAttempt
from app.compliance.eligibility import Suppressed
from app.crm.attempts.tables import AttemptRow
from app.crm.evidence.tables import SuppressionRow
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import CampaignId, ContactId, LeadId
from app.records.base import UtcDateTime, table_of

LIVE: Final = (AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED)

_ATTEMPT = table_of(AttemptRow)
_SUPPRESSION = table_of(SuppressionRow)
_KEY = [_SUPPRESSION.c[name] for name in ("day", "lead_id", "number", "rule")]
_RINGS_AT_MOST = timedelta(hours=1)


@dataclass(slots=True, frozen=True)
class NotDialled:
    """A lead's number that a rule has just kept from being dialled."""

    campaign: CampaignId
    lead: LeadId
    number: str
    why: Suppressed
    rule_set: str = ""


class SuppressionCursor(NamedTuple):
    """Where the last page ended."""

    day: date
    lead: int
    number: str
    rule: str


class AttemptCursor(NamedTuple):
    """Where the last page ended."""

    placed_at: datetime
    id: str


async def note_suppressions(session: AsyncSession, found: Iterable[NotDialled], at: datetime) -> None:
    """Write down what was not dialled: one row for a number, rule and day, with how often."""
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


async def page_attempts(
    session: AsyncSession,
    campaign: CampaignId,
    from_at: datetime,
    to_at: datetime,
    *,
    after: AttemptCursor | None = None,
    limit: int = 1000,
) -> Sequence[AttemptRow]:
    """Attempts placed within a period, in order of time."""
    placed, id_ = col(AttemptRow.placed_at), col(AttemptRow.id)
    query = (
        select(AttemptRow)
        .where(col(AttemptRow.campaign_id) == campaign, placed >= from_at, placed < to_at)
        .order_by(placed, id_)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(placed, id_) > tuple_(*after, types=(UtcDateTime(), String())))
    return (await session.scalars(query)).all()


async def live_answers(
    session: AsyncSession, campaign: CampaignId, since: datetime | None, until: datetime
) -> Sequence[tuple[datetime, bool]]:
    """When each live answer of a campaign was answered, and whether it was abandoned, in order of time.

    Args:
        session: that reads.
        campaign: whose.
        since: answered at this moment or later; None: from the first.
        until: answered at this moment or earlier.
    """
    answered = _ATTEMPT.c.answered_at
    query = select(answered, _ATTEMPT.c.outcome).where(
        _ATTEMPT.c.campaign_id == campaign,
        _ATTEMPT.c.outcome.in_([outcome.value for outcome in LIVE]),
        answered.is_not(None),
        answered <= until,
    )
    if since is not None:
        query = query.where(
            answered >= since, _ATTEMPT.c.placed_at >= since - _RINGS_AT_MOST
        )  # for the index
    return [
        (at, outcome == AttemptOutcome.ABANDONED.value)
        for at, outcome in await session.execute(query.order_by(answered))
    ]


async def attempts_about(
    session: AsyncSession, number: str, contact: ContactId | None, since: datetime
) -> tuple[PastAttempt, ...]:
    """What was tried, to a number or a contact, in all campaigns: since a moment, and whatever is still under way."""
    recent = or_(_ATTEMPT.c.placed_at >= since, _ATTEMPT.c.outcome.is_(None))
    found: dict[str, PastAttempt] = {}
    asked = [_ATTEMPT.c.number == number]
    if contact is not None:
        asked.append(_ATTEMPT.c.contact_id == contact)
    for about in asked:
        for row in await session.execute(select(_ATTEMPT).where(about, recent)):
            found[row.id] = PastAttempt(
                campaign=CampaignId(row.campaign_id),
                lead=LeadId(row.lead_id),
                number=row.number,
                placed=row.placed_at,
                ended=(row.ended_at or row.placed_at) if row.outcome is not None else None,
                outcome=AttemptOutcome(row.outcome) if row.outcome is not None else None,
                contact=ContactId(row.contact_id) if row.contact_id is not None else None,
            )
    return tuple(sorted(found.values(), key=lambda one: one.placed))
