"""How an attempt changes its lead: by its outcome, the campaign's rules, and the disposition the operator sets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.recycling import REMOVED, LeadState, Next, NumberTried, Tried, after, counts
from app.crm.attempts.cost import settle
from app.crm.attempts.errors import CallbackUntimed
from app.crm.attempts.past import placed_at
from app.crm.attempts.queries import count_placed, count_unrung, lock_attempt, save_attempt
from app.crm.attempts.tables import AttemptRow
from app.crm.campaigns.rules import recycling_of
from app.crm.campaigns.service import known_campaign
from app.crm.dispositions.queries import get_disposition
from app.crm.dispositions.tables import DispositionRow
from app.crm.leads.engaged import disengage
from app.crm.leads.queries import get_number, lock_lead, numbers_of, save_lead, save_number
from app.crm.leads.tables import LeadRow
from app.crm.tallies.days import midnights, zone_of
from app.crm.tallies.hours import count_call, hour_tallies
from app.domain.campaigns import AgainAt, AttemptOutcome
from app.domain.ids import AttemptId, CampaignId, LeadId, OperatorId
from app.pacing.best_hour import better_time

ROUND_S: Final = 1800.0
"""A lead retried sooner than this only goes on to its next number, and does not wait for the campaign's best hour."""
_PICKED_UP: Final = frozenset({AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED, AttemptOutcome.HUNG_UP})
_NOBODY: Final = frozenset({AttemptOutcome.NO_ANSWER, AttemptOutcome.MACHINE})


@dataclass(slots=True, frozen=True)
class AttemptEnd:
    """How an attempt ended."""

    id: AttemptId
    outcome: AttemptOutcome
    at: datetime
    """Aware."""
    cause: int | None = None
    """Q.850."""


@dataclass(slots=True, frozen=True)
class LeadMoved:
    """A lead's state after an attempt."""

    lead: LeadId
    campaign: CampaignId
    state: LeadState
    reason: str
    next_at: datetime | None


@dataclass(slots=True, frozen=True)
class Disposed:
    """A disposition that was set."""

    attempt: AttemptRow
    disposition: DispositionRow
    """When its flag `do_not_call` is set, the caller of `dispose` must apply it in every campaign at once."""
    moved: LeadMoved | None
    """The lead's new state; None while the call goes on, because the end of the attempt moves the lead."""


async def end_attempt(session: AsyncSession, end: AttemptEnd) -> LeadMoved | None:
    """End an attempt, and move its lead by the campaign's rules. Ending it again changes nothing.

    The outcome `unknown` may be given when the true one is not known. A better one that comes later takes its place,
    and moves the lead anew if nothing else has moved it since.

    Returns:
        Where the lead is now; None when the attempt is not known or had ended already, or its lead is gone.
    """
    attempt = await lock_attempt(session, end.id)
    if attempt is None:
        return None
    before = AttemptOutcome(attempt.outcome) if attempt.outcome is not None else None
    if before is not None and (before is not AttemptOutcome.UNKNOWN or end.outcome is AttemptOutcome.UNKNOWN):
        return None
    attempt.outcome = end.outcome.value
    attempt.ended_at = end.at
    attempt.cause = end.cause if end.cause is not None else attempt.cause
    await settle(session, attempt)
    await save_attempt(session, attempt)
    lead = await lock_lead(session, LeadId(attempt.lead_id))
    if lead is None:
        return None
    counted = counts(end.outcome, await count_unrung(session, attempt)) - (before is not None)
    lead.attempts += counted
    lead.last_outcome = end.outcome.value
    number = await get_number(session, LeadId(attempt.lead_id), attempt.position)
    if number is not None:
        number.attempts += counted
        number.last_outcome = end.outcome.value
        number.usable = number.usable and end.outcome is not AttemptOutcome.WRONG_NUMBER
        await save_number(session, number)
    await save_lead(session, lead)
    if counted > 0:
        await _count_hour(session, lead, attempt, answered=end.outcome in _PICKED_UP)
    if lead.attempt_id != attempt.id or lead.state == LeadState.RESERVED.value:
        return None  # a late word on an attempt that others have followed
    if before is not None and attempt.disposition_id is not None:
        return None
    said = attempt.disposition_id
    disposition = await get_disposition(session, said) if said is not None else None
    moved = await _decide(session, lead, attempt, disposition, end.at)
    await disengage(session, [attempt.lead_id])
    return moved


async def dispose(
    session: AsyncSession,
    attempt_id: AttemptId,
    disposition: DispositionRow,
    now: datetime,
    *,
    note: str = "",
    callback_at: datetime | None = None,
    callback_operator: OperatorId | None = None,
) -> Disposed | None:
    """Set the disposition of a call. A disposition set later replaces it.

    Args:
        session: that writes.
        attempt_id: the attempt.
        disposition: of its campaign, or a common one.
        now: aware.
        note: the operator's.
        callback_at: aware; when the customer asked to be called, for a disposition that is a callback.
        callback_operator: the operator who is to call back; None: anybody.

    Returns:
        None when there is no such attempt.

    Raises:
        CallbackUntimed: a callback without its time, or with one that is past.
    """
    if disposition.callback and (callback_at is None or callback_at <= now):
        raise CallbackUntimed
    attempt = await lock_attempt(session, attempt_id)
    if attempt is None:
        return None
    attempt.disposition_id = disposition.id
    attempt.note = note
    await save_attempt(session, attempt)
    lead = await lock_lead(session, LeadId(attempt.lead_id))
    if lead is None or lead.attempt_id != attempt.id or lead.state == LeadState.RESERVED.value:
        return Disposed(attempt, disposition, None)
    lead.callback_at = callback_at if disposition.callback else None
    lead.callback_operator = callback_operator if disposition.callback else None
    await save_lead(session, lead)
    if lead.state == LeadState.DIALLING.value or attempt.outcome is None:
        return Disposed(attempt, disposition, None)
    return Disposed(attempt, disposition, await _decide(session, lead, attempt, disposition, now))


async def _decide(
    session: AsyncSession,
    lead: LeadRow,
    attempt: AttemptRow,
    disposition: DispositionRow | None,
    now: datetime,
) -> LeadMoved:
    assert attempt.outcome is not None
    outcome = AttemptOutcome(attempt.outcome)
    if lead.reason == REMOVED:
        next_ = Next(LeadState.DONE, REMOVED)
    elif disposition is not None and disposition.callback and lead.callback_at is not None:
        next_ = Next(LeadState.WAITING, "callback", lead.callback_at, attempt.position)
    elif disposition is not None and _ends(disposition):
        next_ = Next(LeadState.DONE, disposition.code)
    else:
        if disposition is not None and disposition.answering_machine:
            outcome = AttemptOutcome.MACHINE
        next_ = await _again(session, lead, attempt, outcome, now)
        if lead.callback_at is not None:  # nobody was reached: it remains the operator's
            lead.callback_at = next_.next_at
    if next_.state is LeadState.DONE:
        lead.callback_at = lead.callback_operator = None
    lead.state, lead.reason, lead.next_at = next_.state.value, next_.reason, next_.next_at
    lead.next_position = next_.position if next_.position is not None else lead.next_position
    lead.runner, lead.lease_until = "", None
    await save_lead(session, lead)
    assert lead.id is not None
    return LeadMoved(LeadId(lead.id), CampaignId(lead.campaign_id), next_.state, next_.reason, next_.next_at)


def _ends(disposition: DispositionRow) -> bool:
    if disposition.do_not_call or disposition.unworkable or disposition.sale:
        return True
    return disposition.human and not disposition.answering_machine and not disposition.callback


async def _again(
    session: AsyncSession, lead: LeadRow, attempt: AttemptRow, outcome: AttemptOutcome, now: datetime
) -> Next:
    campaign = await known_campaign(session, CampaignId(lead.campaign_id))
    today, tomorrow = midnights(lead.time_zone or campaign.time_zone, now)
    numbers = (await numbers_of(session, [attempt.lead_id]))[attempt.lead_id]
    tried = Tried(
        numbers=[NumberTried(one.position, one.attempts, one.usable) for one in numbers],
        position=attempt.position,
        attempts=lead.attempts,
        today=await count_placed(session, attempt.lead_id, today),
        tomorrow=tomorrow,
    )
    next_ = after(recycling_of(campaign.recycling), tried, outcome, now)
    waits = next_.next_at is not None and (next_.next_at - now).total_seconds() >= ROUND_S
    if campaign.again_at != AgainAt.BEST_HOUR.value or outcome not in _NOBODY or not waits:
        return next_
    assert next_.next_at is not None
    zone = zone_of(lead.time_zone or campaign.time_zone)
    tallies = await hour_tallies(session, CampaignId(lead.campaign_id))
    tried_in = {at.astimezone(zone).hour for at in await placed_at(session, attempt.lead_id)}
    return next_._replace(next_at=better_time(next_.next_at, tallies, tried_in, zone))


async def _count_hour(session: AsyncSession, lead: LeadRow, attempt: AttemptRow, *, answered: bool) -> None:
    campaign = await known_campaign(session, CampaignId(lead.campaign_id))
    zone = zone_of(lead.time_zone or campaign.time_zone)
    await count_call(session, lead.campaign_id, attempt.placed_at.astimezone(zone).hour, answered=answered)
