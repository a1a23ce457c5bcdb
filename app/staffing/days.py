"""The records of one working day: calls, dials, and operators' times, as the basis of a simulation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.tables import AttemptRow
from app.domain.calls import Direction, OfferOutcome
from app.domain.campaigns import AttemptOutcome
from app.domain.operators import Presence, RoutingState
from app.records.base import table_of
from app.records.tables import CallLegRow, CallRow, OperatorStateRow

WORKING: Final = frozenset({RoutingState.TALKING, RoutingState.ON_HOLD, RoutingState.WRAP_UP})
_MISSED: Final = frozenset({OfferOutcome.TIMED_OUT, OfferOutcome.REJECTED})

_CALL = table_of(CallRow)
_LEG = table_of(CallLegRow)
_ATTEMPT = table_of(AttemptRow)
_STATE = table_of(OperatorStateRow)


@dataclass(slots=True, frozen=True)
class DialOnFile:
    """One recorded dial of a campaign."""

    at: datetime
    outcome: AttemptOutcome
    rang_s: float
    """From the dial to the answer, or to the end."""
    connect_s: float | None
    """From the answer to the operator; None: no operator was connected."""
    mode: str


@dataclass(slots=True, frozen=True)
class CallOnFile:
    """One recorded inbound call."""

    at: datetime
    waited_s: float
    talked_s: float
    answered: bool


@dataclass(slots=True)
class Shift:
    """One operator's day, in seconds."""

    logged_in_s: float = 0.0
    on_break_s: float = 0.0
    breaks: int = 0
    working_s: float = 0.0
    """Talk, hold and wrap-up."""


@dataclass(slots=True)
class DayOnFile:
    """A day's records, the earliest first."""

    calls: list[CallOnFile] = field(default_factory=list)
    dials: list[DialOnFile] = field(default_factory=list)
    campaign_talks_s: list[float] = field(default_factory=list)
    """Talk times of campaigns' answered calls."""
    wrap_ups_s: list[float] = field(default_factory=list)
    pick_ups_s: list[float] = field(default_factory=list)
    """Times from an operator's first ring to the answer, of inbound calls."""
    campaign_pick_ups_s: list[float] = field(default_factory=list)
    """The same times of campaigns' calls."""
    offers: int = 0
    """Offers of inbound calls that were picked up or missed."""
    missed: int = 0
    """Those of them that were missed."""
    shifts: dict[int, Shift] = field(default_factory=dict)
    """By operator; operators who were never logged in are left out."""
    begins: datetime | None = None
    """When the first operator was logged in; None: nobody was."""
    ends: datetime | None = None
    """When the last operator was logged in; None: nobody was."""


async def day_on_file(session: AsyncSession, from_at: datetime, to_at: datetime) -> DayOnFile:
    """The calls, dials and operators' states that began in a period and have ended.

    Args:
        session: a database session that reads.
        from_at: the first moment; aware.
        to_at: the first moment after the period; aware.
    """
    day = DayOnFile()
    campaign_calls = await _read_dials(session, from_at, to_at, day)
    await _read_calls(session, from_at, to_at, day, campaign_calls)
    await _read_legs(session, from_at, to_at, day, campaign_calls)
    await _read_shifts(session, from_at, to_at, day)
    return day


async def _read_dials(session: AsyncSession, from_at: datetime, to_at: datetime, day: DayOnFile) -> set[str]:
    """Add the dials to the day; return the ids of the calls that answered attempts became."""
    rows = await session.execute(
        select(
            *(_ATTEMPT.c[name] for name in ("placed_at", "sent_at", "answered_at", "connected_at")),
            *(_ATTEMPT.c[name] for name in ("ended_at", "outcome", "mode", "call_id")),
        )
        .where(_ATTEMPT.c.placed_at >= from_at, _ATTEMPT.c.placed_at < to_at)
        .where(_ATTEMPT.c.outcome.is_not(None), _ATTEMPT.c.ended_at.is_not(None))
        .order_by(_ATTEMPT.c.placed_at, _ATTEMPT.c.id)
    )
    calls: set[str] = set()
    for row in rows:
        rang_s = ((row.answered_at or row.ended_at) - (row.sent_at or row.placed_at)).total_seconds()
        both = row.answered_at is not None and row.connected_at is not None
        connect_s = (row.connected_at - row.answered_at).total_seconds() if both else None
        day.dials.append(
            DialOnFile(row.placed_at, AttemptOutcome(row.outcome), max(0.0, rang_s), connect_s, row.mode)
        )
        if row.call_id is not None:
            calls.add(row.call_id)
    return calls


async def _read_calls(
    session: AsyncSession, from_at: datetime, to_at: datetime, day: DayOnFile, campaign_calls: set[str]
) -> None:
    rows = await session.execute(
        select(*(_CALL.c[name] for name in ("id", "arrived_at", "answered_at", "waited_s", "talked_s")))
        .where(_CALL.c.arrived_at >= from_at, _CALL.c.arrived_at < to_at, _CALL.c.ended_at.is_not(None))
        .where(_CALL.c.direction.not_in([Direction.OPERATOR.value, Direction.INTERNAL.value]))
        .order_by(_CALL.c.arrived_at, _CALL.c.id)
    )
    for row in rows:
        if row.id not in campaign_calls:
            day.calls.append(
                CallOnFile(row.arrived_at, row.waited_s, row.talked_s, row.answered_at is not None)
            )
        elif row.answered_at is not None:
            day.campaign_talks_s.append(row.talked_s)


async def _read_legs(
    session: AsyncSession, from_at: datetime, to_at: datetime, day: DayOnFile, campaign_calls: set[str]
) -> None:
    rows = await session.execute(
        select(*(_LEG.c[name] for name in ("call_id", "rang_s", "answered_at", "outcome")))
        .join(_CALL, _CALL.c.id == _LEG.c.call_id)
        .where(_LEG.c.began_at >= from_at, _LEG.c.began_at < to_at)
        .where(_CALL.c.direction != Direction.INTERNAL.value)
        .where(_LEG.c.outcome.in_([outcome.value for outcome in (OfferOutcome.ACCEPTED, *_MISSED)]))
        .order_by(_LEG.c.began_at, _LEG.c.call_id, _LEG.c.number)
    )
    for row in rows:
        outbound = row.call_id in campaign_calls
        if row.answered_at is not None:
            (day.campaign_pick_ups_s if outbound else day.pick_ups_s).append(row.rang_s)
        if not outbound:
            day.offers += 1
            day.missed += row.outcome in _MISSED


async def _read_shifts(session: AsyncSession, from_at: datetime, to_at: datetime, day: DayOnFile) -> None:
    rows = await session.execute(
        select(*(_STATE.c[name] for name in ("operator_id", "from_at", "duration_s", "presence", "routing")))
        .where(_STATE.c.from_at >= from_at, _STATE.c.from_at < to_at, _STATE.c.duration_s.is_not(None))
        .order_by(_STATE.c.operator_id, _STATE.c.seq)
    )
    for operator, states in groupby(rows, key=lambda row: row.operator_id):
        shift, wrap_ups_s = _shift_of(list(states), day)
        if shift.logged_in_s > 0:
            day.shifts[operator] = shift
            day.wrap_ups_s += wrap_ups_s


def _shift_of(states: Sequence[Any], day: DayOnFile) -> tuple[Shift, list[float]]:
    """One operator's shift and wrap-ups from their states; a wrap-up may extend over several states."""
    shift, wrap_ups_s = Shift(), list[float]()
    was_break = was_wrap_up = False
    for state in states:
        is_break = state.presence == Presence.ON_BREAK
        is_wrap_up = state.routing == RoutingState.WRAP_UP
        if is_wrap_up and was_wrap_up:
            wrap_ups_s[-1] += state.duration_s
        elif is_wrap_up:
            wrap_ups_s.append(state.duration_s)
        was_wrap_up = is_wrap_up
        if state.presence == Presence.OFFLINE:
            was_break = False
            continue
        working = state.routing in WORKING
        shift.logged_in_s += state.duration_s
        shift.working_s += state.duration_s * working
        shift.breaks += is_break and not was_break
        shift.on_break_s += state.duration_s * (is_break and not working)
        was_break = is_break
        ends = state.from_at + timedelta(seconds=state.duration_s)
        day.begins = min(day.begins or state.from_at, state.from_at)
        day.ends = max(day.ends or ends, ends)
    return shift, wrap_ups_s
