"""A campaign through the whole service, and its judgement by what SIPp saw."""

import asyncio
import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol

from sqlmodel import col, select

from app.crm.attempts.tables import AttemptRow
from app.demo.sipp_process import SippEvent
from app.domain.campaigns import AttemptOutcome
from app.records.engine import open_engine, reading
from tests.own_rules import OWN_RULES

POLL_S: Final = 0.2
CAMPAIGN = OWN_RULES | {
    "title": "Kampaania",
    "purpose": "survey",
    "mode": "progressive",
    "queue": "sales",
    "ring_s": 15,
    "disposition_required": False,
    "recycling": {"max_per_campaign": 1},
}
"""Each lead is tried once."""
REACHED = (AttemptOutcome.ANSWERED, AttemptOutcome.ABANDONED, AttemptOutcome.HUNG_UP, AttemptOutcome.MACHINE)


def numbers(count: int, first: int = 1) -> list[str]:
    """Numbers that end in every digit alike."""
    return [f"+3725550{n:04}" for n in range(first, first + count)]


class Asks(Protocol):
    """A service's interface, whether it runs here or in a process of its own."""

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask for something that must succeed; give the answer."""


class Desk(NamedTuple):
    """An operator: who logs in, and with which phone."""

    id: int
    username: str
    password: str
    account: tuple[str, str]


async def furnish_desks(service: Asks, operators: int) -> list[Desk]:
    """A queue with operators, available."""
    await service.ask("POST", "/queues", {"id": "sales", "title": "Müük", "ring_s": 4, "wrap_up_s": 0.2})
    desks = []
    for place in range(1, operators + 1):
        name, password = f"operator{place}", secrets.token_urlsafe(12)
        user = {"username": name, "password": password, "display_name": f"Operaator {place}"}
        made = await service.ask("POST", "/operators", {"user": user, "memberships": [{"queue": "sales"}]})
        await service.ask("PUT", f"/operators/{made['id']}/state", {"presence": "available"})
        desks.append(Desk(made["id"], name, password, (made["sip"]["username"], made["sip"]["secret"])))
    return desks


async def load(service: Asks, operators: int) -> list[tuple[str, str]]:
    """A queue with operators, available; their phones' accounts."""
    return [desk.account for desk in await furnish_desks(service, operators)]


async def make_campaign(service: Asks, leads: Iterable[str], **said: Any) -> int:
    """A campaign with a lead for each number, not yet running."""
    made = await service.ask("POST", "/campaigns", CAMPAIGN | said)
    campaign = int(made["id"])
    await give_leads(service, campaign, leads)
    return campaign


async def give_leads(service: Asks, campaign: int, leads: Iterable[str]) -> None:
    """One lead a number."""
    for some in batched(leads, 500):
        body = {"leads": [{"surname": f"Tamm {number[-4:]}", "numbers": [number]} for number in some]}
        told = await service.ask("POST", f"/campaigns/{campaign}/leads", body)
        assert not told["not_added"], told


def batched(leads: Iterable[str], count: int) -> Iterator[list[str]]:
    """Some at a time."""
    rest = list(leads)
    for first in range(0, len(rest), count):
        yield rest[first : first + count]


async def set_state(service: Asks, campaign: int, state: str) -> None:
    await service.ask("PUT", f"/campaigns/{campaign}/state", {"state": state, "reason": "proovime"})


async def until_state(service: Asks, campaign: int, state: str, timeout_s: float = 90.0) -> dict[str, Any]:
    """Wait until a campaign is in a state; give it."""
    told: dict[str, Any] = {}
    try:
        async with asyncio.timeout(timeout_s):
            while told.get("state") != state:
                await asyncio.sleep(POLL_S)
                told = await _asked_again_while_busy(service, f"/campaigns/{campaign}") or told
    except TimeoutError:
        raise AssertionError(f"not {state} within {timeout_s:g} s: {told}") from None
    return told


async def _asked_again_while_busy(service: Asks, path: str) -> Any:
    try:
        return await service.ask("GET", path)
    except AssertionError as error:
        if ": 503 " not in str(error):  # a disk that stalls
            raise
        return None


async def attempts_of(url: str, campaign: int) -> Sequence[AttemptRow]:
    """Every attempt on record, in order."""
    engine = open_engine(url)
    try:
        async with reading(engine) as session:
            query = (
                select(AttemptRow)
                .where(col(AttemptRow.campaign_id) == campaign)
                .order_by(col(AttemptRow.placed_at))
            )
            return (await session.scalars(query)).all()
    finally:
        await engine.dispose()


async def until_known(
    url: str, campaign: int, rang: Collection[str], timeout_s: float = 40.0
) -> Sequence[AttemptRow]:
    """Wait until the records know what became of every attempt whose telephone rang; give them all."""
    async with asyncio.timeout(timeout_s):
        while True:
            attempts = await attempts_of(url, campaign)
            if not any(
                one.outcome is None or (one.outcome == "unknown" and one.number in rang) for one in attempts
            ):
                return attempts
            await asyncio.sleep(POLL_S)


def assert_agrees(
    attempts: Sequence[AttemptRow], events: Sequence[SippEvent], *, complete: bool = True
) -> None:
    """What the records say of each number is what its telephone saw.

    Args:
        attempts: on record.
        events: of the callees.
        complete: there is an attempt for each number that rang.
    """
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for event in events:
        if event.kind in ("ringing", "answered", "cancelled", "refused"):
            seen[event.user].append(event.kind)
    rang = Counter(event.user for event in events if event.kind == "ringing")
    assert all(times == 1 for times in rang.values()), rang.most_common(3)
    said = {attempt.number: AttemptOutcome(attempt.outcome) for attempt in attempts if attempt.outcome}
    assert not complete or said.keys() >= rang.keys(), rang.keys() - said.keys()
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
