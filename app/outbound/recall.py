"""Reads from a campaign's past attempts what the floor needs: live answers that count now, and how dials went."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.past import LIVE, live_answers
from app.crm.attempts.tables import AttemptRow
from app.domain.campaigns import AttemptOutcome, CampaignSettings, Window
from app.domain.ids import CampaignId
from app.domain.operators import RoutingState
from app.floor.events import CampaignRecalled, RecalledDial
from app.pacing.abandonment import LiveAnswers, span_at
from app.records.base import table_of
from app.records.tables import CallLegRow, OperatorStateRow

DIALS: Final = 2_000
"""The most dials that are read: older ones hardly count in the floor's statistics."""
CALLS: Final = 400
"""The most talks, and the most intervals of wrap-up, that are read."""
SINCE: Final = timedelta(days=14)
"""How far back is read: older calls tell little of today."""
_PERSON: Final = (AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED, AttemptOutcome.HUNG_UP)
_NOBODY: Final = (
    AttemptOutcome.MACHINE,
    AttemptOutcome.BUSY,
    AttemptOutcome.NO_ANSWER,
    AttemptOutcome.WRONG_NUMBER,
)

_ATTEMPT = table_of(AttemptRow)
_LEG = table_of(CallLegRow)
_STATE = table_of(OperatorStateRow)


async def recall(session: AsyncSession, settings: CampaignSettings, at: datetime) -> CampaignRecalled:
    """What the records have of a campaign's past.

    Args:
        session: a session that reads.
        settings: the campaign's, with the window of its rules.
        at: now.
    """
    talks = await _talks(session, settings.id, at)
    return CampaignRecalled(
        settings.id,
        await _answers(session, settings, at),
        await _dials(session, settings.id, at),
        tuple(seconds for _, seconds in talks),
        await _wrap_ups(session, {operator for operator, _ in talks}, at),
    )


async def _answers(
    session: AsyncSession, settings: CampaignSettings, at: datetime
) -> tuple[tuple[datetime, LiveAnswers], ...]:
    """Live answers that count now: by minute for a rolling day, else their sum at this moment."""
    span = span_at(settings.window, at, begun=settings.begun or at, zone=settings.zone)
    if settings.window is Window.ROLLING_DAY:
        answers = await live_answers(session, settings.id, span.begins if span is not None else None, at)
        minutes = Counter((when.replace(second=0, microsecond=0), abandoned) for when, abandoned in answers)
        return tuple(
            (minute, LiveAnswers(0, times) if abandoned else LiveAnswers(times, 0))
            for (minute, abandoned), times in sorted(minutes.items())
        )
    counted = select(_ATTEMPT.c.outcome, func.count()).where(
        _ATTEMPT.c.campaign_id == settings.id,
        _ATTEMPT.c.outcome.in_([outcome.value for outcome in LIVE]),
        _ATTEMPT.c.answered_at.is_not(None),
        _ATTEMPT.c.answered_at <= at,
    )
    if span is not None:
        counted = counted.where(_ATTEMPT.c.answered_at >= span.begins)
    rows = await session.execute(counted.group_by(_ATTEMPT.c.outcome))
    times = {outcome: count for outcome, count in rows}  # noqa: C416 - rows are no pairs to mypy
    return (
        (at, LiveAnswers(*(times.get(outcome.value, 0) for outcome in LIVE))),
    )  # answered, then abandoned


async def _dials(session: AsyncSession, campaign: CampaignId, at: datetime) -> tuple[RecalledDial, ...]:
    earlier = _ATTEMPT.alias()
    ordinal = (
        select(func.count())
        .where(earlier.c.lead_id == _ATTEMPT.c.lead_id, earlier.c.placed_at <= _ATTEMPT.c.placed_at)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(_ATTEMPT.c.outcome, _ATTEMPT.c.sent_at, _ATTEMPT.c.answered_at, _ATTEMPT.c.ended_at, ordinal)
        .where(
            _ATTEMPT.c.campaign_id == campaign,
            _ATTEMPT.c.placed_at >= at - SINCE,
            _ATTEMPT.c.outcome.in_([outcome.value for outcome in (*_PERSON, *_NOBODY)]),
            _ATTEMPT.c.sent_at.is_not(None),
            _ATTEMPT.c.ended_at.is_not(None),
        )
        .order_by(_ATTEMPT.c.placed_at.desc())
        .limit(DIALS)
    )
    found = [
        RecalledDial(
            ended_at,
            AttemptOutcome(outcome) in _PERSON,
            max(0.0, ((answered_at or ended_at) - sent_at).total_seconds()),
            nth,
        )
        for outcome, sent_at, answered_at, ended_at, nth in rows
    ]
    return tuple(reversed(found))


async def _talks(session: AsyncSession, campaign: CampaignId, at: datetime) -> list[tuple[int, float]]:
    """Operators and the seconds each talked, the oldest talk first."""
    rows = await session.execute(
        select(_LEG.c.operator_id, _LEG.c.talked_s)
        .join(_ATTEMPT, _ATTEMPT.c.call_id == _LEG.c.call_id)
        .where(
            _ATTEMPT.c.campaign_id == campaign,
            _ATTEMPT.c.placed_at >= at - SINCE,
            _LEG.c.operator_id.is_not(None),
            _LEG.c.answered_at.is_not(None),
        )
        .order_by(_ATTEMPT.c.placed_at.desc())
        .limit(CALLS)
    )
    return [(operator, seconds) for operator, seconds in reversed(list(rows))]


async def _wrap_ups(session: AsyncSession, operators: set[int], at: datetime) -> tuple[float, ...]:
    """Seconds of these operators' wrap-ups, the oldest first. One wrap-up may be several intervals."""
    rows = list(
        await session.execute(
            select(_STATE.c.operator_id, _STATE.c.seq, _STATE.c.duration_s, _STATE.c.cause)
            .where(
                _STATE.c.operator_id.in_(operators),
                _STATE.c.from_at >= at - SINCE,
                _STATE.c.routing == RoutingState.WRAP_UP.value,
                _STATE.c.duration_s.is_not(None),
            )
            .order_by(_STATE.c.from_at.desc())
            .limit(CALLS)
        )
    )
    rows.sort(key=lambda row: (row.operator_id, row.seq))
    whole: list[tuple[int, float]] = []
    for _, theirs in groupby(rows, key=lambda row: row.operator_id):
        intervals = list(theirs)
        begins = [n for n, row in enumerate(intervals) if row.cause == "call_ended"]
        whole += [
            (intervals[first].seq, sum(row.duration_s for row in intervals[first:end]))
            for first, end in pairwise([*begins, len(intervals)])
        ]
    return tuple(seconds for _, seconds in sorted(whole))
