"""Attempts: committed before anything is dialled, ended once, and what they make of their leads."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.compliance.recycling import REMOVED, UNCOUNTED, LeadState, Next, NumberTried, Tried, after, counts
from app.crm.attempts.tables import AttemptRow
from app.crm.campaigns.rules import recycling_of
from app.crm.campaigns.tables import CampaignRow
from app.crm.dispositions.tables import DispositionRow
from app.crm.leads.engaged import disengage
from app.crm.leads.states import is_state
from app.crm.leads.tables import LeadNumberRow, LeadRow
from app.crm.tallies.hours import count_call, hour_tallies, hours_tried, zone_of
from app.crm.tallies.queries import add_spent, day_in, tariffs_of
from app.domain.campaigns import AgainAt, AttemptOutcome, DialMode
from app.domain.errors import WordedRefusal
from app.domain.ids import AttemptId, CampaignId, LeadId, OperatorId
from app.domain.tariffs import RESERVED_S
from app.pacing.best_hour import better_time
from app.records.base import table_of

ROUND_S: Final = 1800.0
"""A lead that is tried again sooner only goes on to its next number: that does not wait for a better hour."""
_PICKED_UP: Final = frozenset({AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED, AttemptOutcome.HUNG_UP})
_NOBODY: Final = frozenset({AttemptOutcome.NO_ANSWER, AttemptOutcome.MACHINE})

_LEAD = table_of(LeadRow)
_ATTEMPT = table_of(AttemptRow)


class CallbackUntimed(WordedRefusal, ValueError):  # noqa: N818 - named for what is so
    """A callback without the time the customer asked for."""

    status = 422


@dataclass(slots=True, frozen=True)
class NewAttempt:
    """What is about to be dialled."""

    id: AttemptId
    """The `ChannelId` of its Originate; never used before, up to 150 characters."""
    lead: LeadId
    position: int
    """Of the lead's number."""
    mode: DialMode
    rule_set: str = ""


@dataclass(slots=True, frozen=True)
class AttemptEnd:
    """How an attempt came out."""

    id: AttemptId
    outcome: AttemptOutcome
    at: datetime
    """Aware."""
    cause: int | None = None
    """Q.850."""


@dataclass(slots=True, frozen=True)
class LeadMoved:
    """Where an attempt has brought its lead."""

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
    """Its flag `do_not_call` has to take effect at once, everywhere: that is the caller's."""
    moved: LeadMoved | None
    """None while the call goes on: the end of the attempt moves the lead."""


async def begin_attempts(
    session: AsyncSession, attempts: Sequence[NewAttempt], runner: str, now: datetime
) -> set[AttemptId]:
    """Write down what is about to be dialled: the leads go from `reserved` to `dialling`.

    Commit, and only then dial those that were begun. Should the commit's outcome be unknown, ask again with the same
    ids: what was written counts as begun.

    Returns:
        Those that may be dialled. Left out: leads that are not this runner's any more, numbers they do not have,
        and ids that were used before.
    """
    query = select(_ATTEMPT).where(_ATTEMPT.c.id.in_([one.id for one in attempts]))
    before = {row.id: row for row in await session.execute(query)}
    begun = {
        one.id
        for one in attempts
        if (row := before.get(one.id)) is not None
        and (row.lead_id, row.position, row.outcome, row.sent_at) == (one.lead, one.position, None, None)
    }
    wanted = {one.lead: one for one in attempts if one.id not in before}
    if not wanted:
        return begun
    found = await session.execute(
        select(_LEAD.c.id, _LEAD.c.campaign_id, _LEAD.c.contact_id)
        .where(_LEAD.c.id.in_(wanted), is_state(LeadState.RESERVED), _LEAD.c.runner == runner)
        .order_by(_LEAD.c.id)
        .with_for_update()
    )
    leads = list(found)
    numbers = await _numbers_of(session, [row.id for row in leads])
    tariffs = await tariffs_of(session, {number.e164 for one in numbers.values() for number in one})
    reserved: defaultdict[int, float] = defaultdict(float)
    for lead in leads:
        one = wanted[lead.id]
        number = next((tried for tried in numbers[lead.id] if tried.position == one.position), None)
        if number is None:
            continue
        tariff = tariffs.get(number.e164)
        cost = tariff.cost(RESERVED_S) if tariff is not None else None
        reserved[lead.campaign_id] += cost or 0.0
        await session.execute(
            insert(_ATTEMPT).values(
                id=one.id,
                campaign_id=lead.campaign_id,
                lead_id=lead.id,
                contact_id=lead.contact_id,
                position=one.position,
                number=number.e164,
                mode=one.mode.value,
                rule_set=one.rule_set,
                runner=runner,
                placed_at=now,
                amd="",
                note="",
                cost=cost,
            )
        )
        await session.execute(
            update(_LEAD)
            .where(_LEAD.c.id == lead.id)
            .values(
                state=LeadState.DIALLING.value,
                reason="dialled",
                attempt_id=one.id,
                runner=runner,
                lease_until=None,
            )
        )
        begun.add(one.id)
    for campaign, money in sorted(reserved.items()):
        await _count_money(session, campaign, now, money)
    return begun


async def note_attempt(
    session: AsyncSession,
    attempt: AttemptId,
    *,
    sent_at: datetime | None = None,
    answered_at: datetime | None = None,
    connected_at: datetime | None = None,
    amd: str | None = None,
    call: str | None = None,
    operator: OperatorId | None = None,
) -> bool:
    """Write down what is learnt of an attempt; None leaves a field as it is. False when there is no such attempt."""
    said: dict[str, Any] = {
        "sent_at": sent_at,
        "answered_at": answered_at,
        "connected_at": connected_at,
        "amd": amd,
        "call_id": call,
        "operator_id": operator,
    }
    values = {name: value for name, value in said.items() if value is not None}
    if not values:
        return await session.get(AttemptRow, attempt) is not None
    known = await session.scalars(
        update(_ATTEMPT).where(_ATTEMPT.c.id == attempt).values(**values).returning(_ATTEMPT.c.id)
    )
    return known.one_or_none() is not None


async def end_attempt(session: AsyncSession, end: AttemptEnd) -> LeadMoved | None:
    """End an attempt, and move its lead by the campaign's rules. Said again, it changes nothing.

    The outcome `unknown` may be said when nobody can tell; a better one that comes later takes its place, and moves
    the lead anew if nothing else has moved it since.

    Returns:
        Where the lead is now; None when the attempt is not known or had ended already, or its lead is gone.
    """
    attempt = await session.get(AttemptRow, end.id, with_for_update=True, populate_existing=True)
    if attempt is None:
        return None
    before = AttemptOutcome(attempt.outcome) if attempt.outcome is not None else None
    if before is not None and (before is not AttemptOutcome.UNKNOWN or end.outcome is AttemptOutcome.UNKNOWN):
        return None
    attempt.outcome = end.outcome.value
    attempt.ended_at = end.at
    attempt.cause = end.cause if end.cause is not None else attempt.cause
    session.add(attempt)
    await _settle(session, attempt)
    lead = await session.get(LeadRow, attempt.lead_id, with_for_update=True, populate_existing=True)
    if lead is None:
        await session.flush()
        return None
    counted = counts(end.outcome, await _unrung(session, attempt)) - (before is not None)
    lead.attempts += counted
    lead.last_outcome = end.outcome.value
    number = await session.get(LeadNumberRow, (attempt.lead_id, attempt.position), populate_existing=True)
    if number is not None:
        number.attempts += counted
        number.last_outcome = end.outcome.value
        number.usable = number.usable and end.outcome is not AttemptOutcome.WRONG_NUMBER
        session.add(number)
    session.add(lead)
    await session.flush()
    if counted > 0:
        await _count_hour(session, lead, attempt, answered=end.outcome in _PICKED_UP)
    if lead.attempt_id != attempt.id or lead.state == LeadState.RESERVED.value:
        return None  # a late word on an attempt that others have followed
    if before is not None and attempt.disposition_id is not None:
        return None
    disposition = (
        await session.get(DispositionRow, attempt.disposition_id)
        if attempt.disposition_id is not None
        else None
    )
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
    """Say what a call came to. The last word counts.

    Args:
        session: that writes.
        attempt_id: the attempt.
        disposition: of its campaign, or a common one.
        now: aware.
        note: the operator's.
        callback_at: aware; when the customer asked to be called, for a disposition that is a callback.
        callback_operator: by whom; None: by anybody.

    Returns:
        None when there is no such attempt.

    Raises:
        CallbackUntimed: a callback without its time.
    """
    if disposition.callback and callback_at is None:
        raise CallbackUntimed("a callback needs the time the customer asked for")
    attempt = await session.get(AttemptRow, attempt_id, with_for_update=True, populate_existing=True)
    if attempt is None:
        return None
    attempt.disposition_id = disposition.id
    attempt.note = note
    session.add(attempt)
    lead = await session.get(LeadRow, attempt.lead_id, with_for_update=True, populate_existing=True)
    if lead is None or lead.attempt_id != attempt.id or lead.state == LeadState.RESERVED.value:
        await session.flush()
        return Disposed(attempt, disposition, None)
    lead.callback_at = callback_at if disposition.callback else None
    lead.callback_operator = callback_operator if disposition.callback else None
    session.add(lead)
    await session.flush()
    if lead.state == LeadState.DIALLING.value or attempt.outcome is None:
        return Disposed(attempt, disposition, None)
    return Disposed(attempt, disposition, await _decide(session, lead, attempt, disposition, now))


async def get_attempt(session: AsyncSession, attempt: AttemptId) -> AttemptRow | None:
    """One attempt, or None."""
    return await session.get(AttemptRow, attempt)


async def count_outcomes(session: AsyncSession) -> dict[str, int]:
    """How many attempts of all campaigns came out in which way; those under way are `open`."""
    query = select(_ATTEMPT.c.outcome, func.count()).group_by(_ATTEMPT.c.outcome)
    found = {outcome or "open": count for outcome, count in await session.execute(query)}
    return dict(sorted(found.items()))


async def open_attempts(session: AsyncSession) -> Sequence[AttemptRow]:
    """Attempts that have not ended, the oldest first: after a restart, what has to be asked of the PBX."""
    query = select(AttemptRow).where(col(AttemptRow.outcome).is_(None)).order_by(col(AttemptRow.placed_at))
    return (await session.scalars(query)).all()


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
    session.add(lead)
    await session.flush()
    assert lead.id is not None
    return LeadMoved(LeadId(lead.id), CampaignId(lead.campaign_id), next_.state, next_.reason, next_.next_at)


def _ends(disposition: DispositionRow) -> bool:
    if disposition.do_not_call or disposition.unworkable or disposition.sale:
        return True
    return disposition.human and not disposition.answering_machine and not disposition.callback


async def _again(
    session: AsyncSession, lead: LeadRow, attempt: AttemptRow, outcome: AttemptOutcome, now: datetime
) -> Next:
    campaign = await session.get(CampaignRow, lead.campaign_id)
    assert campaign is not None
    today, tomorrow = _day(now, lead.time_zone or campaign.time_zone)
    uncounted = [one.value for one in UNCOUNTED]
    placed = await session.scalar(
        select(func.count())
        .select_from(_ATTEMPT)
        .where(
            _ATTEMPT.c.lead_id == lead.id,
            _ATTEMPT.c.placed_at >= today,
            or_(_ATTEMPT.c.outcome.is_(None), _ATTEMPT.c.outcome.not_in(uncounted)),
        )
    )
    numbers = (await _numbers_of(session, [attempt.lead_id]))[attempt.lead_id]
    tried = Tried(
        numbers=[NumberTried(one.position, one.attempts, one.usable) for one in numbers],
        position=attempt.position,
        attempts=lead.attempts,
        today=placed or 0,
        tomorrow=tomorrow,
    )
    next_ = after(recycling_of(campaign.recycling), tried, outcome, now)
    waits = next_.next_at is not None and (next_.next_at - now).total_seconds() >= ROUND_S
    if campaign.again_at != AgainAt.BEST_HOUR.value or outcome not in _NOBODY or not waits:
        return next_
    assert next_.next_at is not None
    zone = zone_of(lead.time_zone or campaign.time_zone)
    tallies = await hour_tallies(session, CampaignId(lead.campaign_id))
    tried_in = await hours_tried(session, attempt.lead_id, zone)
    return next_._replace(next_at=better_time(next_.next_at, tallies, tried_in, zone))


async def _unrung(session: AsyncSession, attempt: AttemptRow) -> int:
    """Other attempts by this number of the lead that ended before anything rang."""
    found = await session.scalar(
        select(func.count())
        .select_from(_ATTEMPT)
        .where(
            _ATTEMPT.c.lead_id == attempt.lead_id,
            _ATTEMPT.c.position == attempt.position,
            _ATTEMPT.c.id != attempt.id,
            _ATTEMPT.c.outcome.in_([one.value for one in UNCOUNTED]),
        )
    )
    return found or 0


async def _count_hour(session: AsyncSession, lead: LeadRow, attempt: AttemptRow, *, answered: bool) -> None:
    campaign = await session.get(CampaignRow, lead.campaign_id)
    assert campaign is not None
    zone = zone_of(lead.time_zone or campaign.time_zone)
    await count_call(session, lead.campaign_id, attempt.placed_at.astimezone(zone).hour, answered=answered)


async def _settle(session: AsyncSession, attempt: AttemptRow) -> None:
    """Count what an ended attempt cost, in place of the minute that was reserved for it."""
    if attempt.cost is None or attempt.ended_at is None:
        return
    if attempt.answered_at is None:
        if attempt.outcome == AttemptOutcome.UNKNOWN.value:
            return  # perhaps it was answered
        cost = 0.0
    else:
        tariff = (await tariffs_of(session, [attempt.number])).get(attempt.number)
        if tariff is None:
            return  # the prices were changed meanwhile
        cost = tariff.cost((attempt.ended_at - attempt.answered_at).total_seconds())
    await _count_money(session, attempt.campaign_id, attempt.placed_at, cost - attempt.cost)
    attempt.cost = cost


async def _count_money(session: AsyncSession, campaign: int, placed_at: datetime, amount: float) -> None:
    zone = await session.scalar(select(col(CampaignRow.time_zone)).where(col(CampaignRow.id) == campaign))
    await add_spent(session, campaign, day_in(zone or "", placed_at)[0], amount)


async def _numbers_of(session: AsyncSession, leads: Collection[int]) -> Mapping[int, list[LeadNumberRow]]:
    found: dict[int, list[LeadNumberRow]] = {lead: [] for lead in leads}
    query = (
        select(LeadNumberRow)
        .where(col(LeadNumberRow.lead_id).in_(leads))
        .order_by(col(LeadNumberRow.lead_id), col(LeadNumberRow.position))
    )
    for row in await session.scalars(query):
        found[row.lead_id].append(row)
    return found


def _day(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """When the day began that it is there, and when the next one begins."""
    try:
        local = now.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        local = now
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight, midnight + timedelta(days=1)
