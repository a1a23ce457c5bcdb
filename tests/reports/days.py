"""Random days on record, and what a report of them must say, worked out row by row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.attempts.tables import AttemptRow
from app.crm.orders.tables import OrderRow
from app.crm.queues.tables import QueueRow
from app.domain.calls import CallOutcome, Direction, OfferOutcome
from app.domain.campaigns import AttemptOutcome
from app.domain.operators import DeviceState, Presence, RoutingState
from app.records.base import Row
from app.records.engine import writing
from app.records.tables import CallLegRow, CallRow, OperatorStateRow
from app.reports.periods import Span

DAYS: Final = (
    ("Europe/Tallinn", date(2026, 3, 29)),
    ("Europe/Tallinn", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("America/New_York", date(2026, 11, 1)),
    ("UTC", date(2026, 2, 28)),
)
TARGETS: Final = {"sales": 10.0, "help": 30.0, "gone": 20.0}
"""Queues and their targets in seconds; the last is on record alone, and has the usual target."""
OPERATORS: Final = (1, 2, 3)


@dataclass
class Day:
    """A day, with what happened on it and a little before and after."""

    zone: str
    span: Span
    calls: list[CallRow] = field(default_factory=list)
    legs: list[CallLegRow] = field(default_factory=list)
    states: list[OperatorStateRow] = field(default_factory=list)
    attempts: list[AttemptRow] = field(default_factory=list)
    orders: list[OrderRow] = field(default_factory=list)

    @property
    def rows(self) -> Iterable[Row]:
        return (*self.calls, *self.legs, *self.states, *self.attempts, *self.orders)

    def key(self, at: datetime, minutes: int) -> str:
        """The part of a day in which a moment lies, by the clock on the wall."""
        local = at.astimezone(ZoneInfo(self.zone))
        return local.replace(minute=local.minute // minutes * minutes, second=0, microsecond=0).isoformat(
            timespec="minutes"
        )


def random_day(seed: int) -> Day:
    """A random day of a small centre, from midnight to midnight in a zone, mostly one on which the clock is set."""
    chance = Random(seed)
    name, when = chance.choice(DAYS)
    midnights = [
        datetime.combine(when + timedelta(days=more), time(), ZoneInfo(name)).astimezone(UTC)
        for more in (0, 1)
    ]
    day = Day(name, Span(*midnights))
    length = (day.span.ends - day.span.begins).total_seconds()

    def moment() -> datetime:
        """Sometimes on the edge of a slot, or just past the day."""
        seconds = chance.choice(
            (chance.uniform(-3600, length + 3600), chance.randrange(0, int(length) + 1, 900), length)
        )
        return day.span.begins + timedelta(seconds=seconds)

    for number in range(chance.randrange(40)):
        day.calls.append(_call(chance, f"c{number}", moment()))
        for leg in range(chance.randrange(3)):
            day.legs.append(_leg(chance, f"c{number}", leg, moment()))
    for number in range(chance.randrange(25)):
        day.attempts.append(_attempt(chance, f"a{number}", moment()))
    for number in range(chance.randrange(10)):
        day.orders.append(_order(chance, number + 1, moment()))
    for operator in OPERATORS:
        day.states += _states(chance, operator, day.span)
    return day


async def keep(engine: AsyncEngine, day: Day) -> None:
    """Put a day into the database, in the place of the one before."""
    async with writing(engine) as session:
        for table in (CallRow, CallLegRow, OperatorStateRow, AttemptRow, OrderRow):
            await session.execute(delete(table))
        for queue in ("sales", "help"):
            await session.merge(QueueRow(id=queue, title=queue.title(), target_s=TARGETS[queue]))
    async with writing(engine) as session:
        session.add_all(row.model_copy() for row in day.rows)


def add(rows: Iterable[Row], fits: Callable[[Row], bool], value: str = "") -> float:
    """The figure of some rows."""
    return sum(getattr(row, value) if value else 1 for row in rows if fits(row))


def offered(day: Day, within: Callable[[datetime], bool]) -> Sequence[CallRow]:
    return [
        one
        for one in day.calls
        if one.direction == "inbound"
        and one.ended_at is not None
        and one.queue
        and one.outcome != "handed_over"
        and within(one.arrived_at)
    ]


def at_work(day: Day) -> Sequence[OperatorStateRow]:
    """The states that count: whoever goes offline in a talk works until its wrap-up is over."""
    return [one for one in day.states if (one.presence, one.routing) != ("offline", "idle")]


def seconds_within(row: OperatorStateRow, span: Span, now: datetime) -> float:
    begins, ends = max(row.from_at, span.begins), min(row.to_at or now, span.ends, now)
    return max(0.0, (ends - begins).total_seconds())


def _call(chance: Random, id_: str, at: datetime) -> CallRow:
    outcome = chance.choice([None, *(one.value for one in CallOutcome)])
    waited_s = chance.choice((0.0, 10.0, 20.0, 30.0, round(chance.uniform(0, 200), 3)))
    return CallRow(
        id=id_,
        queue=chance.choice((*TARGETS, "")),
        arrived_at=at,
        ended_at=None if chance.random() < 0.1 else at + timedelta(seconds=waited_s + 60),
        waited_s=waited_s,
        talked_s=round(chance.uniform(0, 300), 3),
        held_s=round(chance.uniform(0, 30), 3),
        operator_id=chance.choice((None, *OPERATORS)),
        outcome=outcome,
        direction=chance.choice(("inbound", "inbound", "inbound", *(one.value for one in Direction))),
    )


def _leg(chance: Random, call: str, number: int, at: datetime) -> CallLegRow:
    return CallLegRow(
        call_id=call,
        number=number,
        operator_id=chance.choice((None, *OPERATORS)),
        began_at=at,
        ended_at=at + timedelta(seconds=5),
        outcome=chance.choice([None, *(one.value for one in OfferOutcome)]),
    )


def _attempt(chance: Random, id_: str, at: datetime) -> AttemptRow:
    return AttemptRow(
        id=id_,
        campaign_id=chance.choice((1, 2)),
        lead_id=1,
        position=0,
        number="+37255500000",
        mode="predictive",
        placed_at=at,
        connected_at=chance.choice((None, at)),
        outcome=chance.choice([None, *(one.value for one in AttemptOutcome)]),
        operator_id=chance.choice((None, *OPERATORS)),
    )


def _order(chance: Random, id_: int, at: datetime) -> OrderRow:
    net = Decimal(chance.randrange(1, 10**9)) / 100
    return OrderRow(
        id=id_,
        number=f"2026-{id_}",
        state=chance.choice(("placed", "confirmed", "cancelled", "returned")),
        queue=chance.choice((None, "", "sales")),
        user_id=chance.choice(OPERATORS),
        net=net,
        gross=net * 2,
        created_at=at,
        updated_at=at,
        placed_at=at,
    )


def _states(chance: Random, operator: int, span: Span) -> Iterable[OperatorStateRow]:
    at, seq = span.begins - timedelta(hours=2), 0
    while at < span.ends + timedelta(hours=1):
        seq += 1
        to_at = at + timedelta(seconds=chance.choice((chance.uniform(0, 9000), 900 * chance.randrange(4))))
        presence = chance.choice(list(Presence))
        last = to_at >= span.ends + timedelta(hours=1)
        yield OperatorStateRow(
            operator_id=operator,
            seq=seq,
            from_at=at,
            to_at=None if last and chance.random() < 0.5 else to_at,
            presence=presence.value,
            break_reason=chance.choice(("lunch", "rest")) if presence is Presence.ON_BREAK else "",
            routing=chance.choice(list(RoutingState)).value,
            device=DeviceState.REGISTERED.value,
        )
        at = to_at
