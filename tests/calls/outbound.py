"""A campaign through the whole service, and its judgement by what SIPp saw."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import col, select

from app.demo.sipp import SippEvent
from app.floor.campaign import AttemptOutcome
from app.records.engine import reading
from app.records.tables import AttemptRow
from tests.service import Service

QUEUE = "müük"
CAMPAIGN = {
    "title": "Kampaania",
    "purpose": "survey",
    "mode": "progressive",
    "queue": "sales",
    "ring_s": 15,
    "recycling": {"max_per_campaign": 1},
}
"""Each lead is tried once."""
REACHED = (AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED, AttemptOutcome.HUNG_UP, AttemptOutcome.MACHINE)


def numbers(count: int, first: int = 1) -> list[str]:
    """Numbers that end in every digit alike."""
    return [f"+3725550{n:04}" for n in range(first, first + count)]


async def make_campaign(service: Service, leads: Iterable[str], **said: Any) -> int:
    """A campaign with a lead for each number, not yet running."""
    made = await service.ask("POST", "/campaigns", CAMPAIGN | said)
    campaign = int(made["id"])
    await give_leads(service, campaign, leads)
    return campaign


async def give_leads(service: Service, campaign: int, leads: Iterable[str]) -> None:
    """One lead a number."""
    body = {"leads": [{"surname": f"Tamm {number[-4:]}", "numbers": [number]} for number in leads]}
    told = await service.ask("POST", f"/campaigns/{campaign}/leads", body)
    assert not told["not_added"], told


async def set_state(service: Service, campaign: int, state: str) -> None:
    await service.ask("PUT", f"/campaigns/{campaign}/state", {"state": state, "reason": "proovime"})


async def until_state(service: Service, campaign: int, state: str, timeout_s: float = 90.0) -> dict[str, Any]:
    """Wait until a campaign is in a state; give it."""
    told: dict[str, Any] = {}
    try:
        async with asyncio.timeout(timeout_s):
            while told.get("state") != state:
                await service.outcomes.until_next(0.5)
                told = await service.ask("GET", f"/campaigns/{campaign}")
    except TimeoutError:
        raise AssertionError(f"not {state} within {timeout_s:g} s: {told}") from None
    return told


async def attempts_of(service: Service, campaign: int) -> Sequence[AttemptRow]:
    """Every attempt on record, in order."""
    async with reading(service.house.engine) as session:
        query = (
            select(AttemptRow)
            .where(col(AttemptRow.campaign_id) == campaign)
            .order_by(col(AttemptRow.placed_at))
        )
        return (await session.scalars(query)).all()


def assert_agrees(attempts: Sequence[AttemptRow], events: Sequence[SippEvent], *, once: bool = True) -> None:
    """What the records say of each number is what its telephone saw.

    Args:
        attempts: on record.
        events: of the callees.
        once: each number was tried at most once.
    """
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for event in events:
        if event.kind in ("ringing", "answered", "cancelled", "refused"):
            seen[event.user].append(event.kind)
    rang = Counter(event.user for event in events if event.kind == "ringing")
    if once:
        assert all(times == 1 for times in rang.values()), rang.most_common(3)
    said = {attempt.number: AttemptOutcome(attempt.outcome) for attempt in attempts if attempt.outcome}
    assert said.keys() >= rang.keys()
    wrong = {
        number: (outcome.value, seen[number])
        for number, outcome in said.items()
        if not _fits(outcome, seen[number])
    }
    assert not wrong, wrong


def _fits(outcome: AttemptOutcome, seen: Sequence[str]) -> bool:
    if "answered" in seen:
        return outcome in REACHED
    if "refused" in seen:
        return outcome is AttemptOutcome.BUSY
    if "ringing" in seen:
        return outcome is AttemptOutcome.NO_ANSWER
    return outcome in (AttemptOutcome.REFUSED, AttemptOutcome.UNKNOWN)
