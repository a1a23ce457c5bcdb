"""The next leads of a campaign that may be dialled: reserved, judged by the rules, begun or set aside.

    reserve -> judge each by `may_dial` -> look for others in place of those that may not -> one commit for all

A lead that a rule stops waits until no rule would stop it, and is written down with the rule. A number that may never
be dialled gives way to the lead's next number.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.compliance.dial_facts import Spend
from app.compliance.eligibility import DialRule, Suppressed, may_dial
from app.crm.attempts.placing import NewAttempt, begin_attempts
from app.crm.campaigns.queries import get_campaign
from app.crm.campaigns.rules import campaign_facts, rule_set_of
from app.crm.campaigns.tables import CampaignRow
from app.crm.evidence.queries import NotDialled, note_suppressions
from app.crm.leads.reservation import LeadNumber, ReservedLead, next_due, release, reserve, set_aside
from app.crm.tallies.service import tariffs_of
from app.domain.campaigns import CampaignState, DialMode
from app.domain.ids import AttemptId, CampaignId, ContactId, LeadId, OperatorId
from app.domain.tariffs import RESERVED_S
from app.outbound.dialable import dial_facts, spend_of
from app.records.engine import reading, writing
from app.system.holidays import public_holidays

LEASE_S: Final = 30.0
"""Seconds that leads stay reserved when the service dies between picking and dialling."""
LOOKED_AT: Final = 50
"""The most leads that one pick looks at, when rules stop most of them."""
AGAIN_MAX_S: Final = 15.0
"""The most seconds until the next search for a lead: other processes import lists, too."""
STOPPED_AGAIN_S: Final = 1.0
"""Seconds until the next search when a pick has looked at `LOOKED_AT` leads and there are more."""
OTHER_NUMBER: Final = frozenset(
    {DialRule.NUMBER_INVALID, DialRule.NUMBER_KIND, DialRule.NUMBER_PREFIX, DialRule.ATTEMPTS_OF_NUMBER}
)
"""Rules that stop a number for ever, but not its lead."""
SUFFIX_MIN: Final = 7
"""Last digits that two ways of writing a number must share, at least, to be the same number."""


@dataclass(slots=True, frozen=True)
class ContactLocks:
    """Contacts and numbers in calls on the floor that no campaign placed."""

    contacts: frozenset[ContactId] = frozenset()
    numbers: frozenset[str] = frozenset()
    """Numbers as the PBX gave them, digits only."""

    def has(self, number: str, contact: ContactId | None) -> bool:
        """Whether a number (E.164) or a contact is among them."""
        if contact is not None and contact in self.contacts:
            return True
        digits = number.removeprefix("+")
        return any(digits[at:] in self.numbers for at in range(len(digits) - SUFFIX_MIN + 1))


class Chosen(NamedTuple):
    """A lead that may be dialled, and the number to dial."""

    attempt: AttemptId
    lead: ReservedLead
    number: LeadNumber


@dataclass(slots=True)
class Pick:
    """Leads found for some attempts; only the reservations are written yet."""

    campaign: CampaignRow
    rule_set: str
    chosen: list[Chosen] = field(default_factory=list)
    aside: list[tuple[LeadId, Suppressed]] = field(default_factory=list)
    given_back: list[LeadId] = field(default_factory=list)
    """Leads given back because the campaign does not run any more."""
    evidence: list[NotDialled] = field(default_factory=list)
    spend: Spend | None = None
    """The day's money, with the least cost of the chosen leads; None without a limit."""
    again_s: float = AGAIN_MAX_S
    """Seconds until the next search for attempts that got no lead."""

    def with_cost(self, cost: float) -> Spend | None:
        """The day's money with one more call of this cost."""
        return replace(self.spend, spent=self.spend.spent + cost) if self.spend is not None else None


async def pick_leads(
    engine: AsyncEngine,
    campaign: CampaignId,
    attempts: Sequence[AttemptId],
    *,
    runner: str,
    now: datetime,
    operators: Collection[OperatorId] = (),
    locks: ContactLocks | None = None,
    lease_s: float = LEASE_S,
) -> Pick | None:
    """Reserve leads for attempts, as far as there are any that may be dialled.

    Args:
        engine: the database.
        campaign: the leads' campaign.
        attempts: ids of the attempts to be dialled.
        runner: the name under which leads are reserved.
        now: aware.
        operators: operators who may take a callback.
        locks: contacts and numbers in other calls.
        lease_s: seconds that the leads stay reserved when the service dies.

    Returns:
        None when there is no such campaign.

    Raises:
        SQLAlchemyError, OSError: the database is away.
        RulesUnfit: the campaign's rules are not valid.
    """
    async with reading(engine) as session:
        row = await get_campaign(session, campaign)
        if row is None:
            return None
        spend = await spend_of(session, row, now)
    await asyncio.to_thread(public_holidays, row.country, (now.year, now.year + 1))  # slow the first time
    pick = Pick(row, rule_set_of(row.rule_set).id, spend=spend)
    callbacks_only = row.state == CampaignState.DRAINED.value
    waiting = list(attempts)
    looked = 0
    while waiting and looked < LOOKED_AT:
        async with writing(engine) as session:
            found = await reserve(
                session,
                campaign,
                len(waiting),
                runner=runner,
                lease_s=lease_s,
                now=now,
                operators=operators,
                callbacks_only=callbacks_only,
            )
        if not found:
            break
        looked += len(found)
        async with reading(engine) as session:
            for lead in found:
                number = await _judge(session, pick, lead, now, locks or ContactLocks())
                if number is not None:
                    pick.chosen.append(Chosen(waiting.pop(0), lead, number))
    if waiting:
        async with reading(engine) as session:
            pick.again_s = await _again_s(session, pick, now, looked, callbacks_only=callbacks_only)
    return pick


async def judge_again(
    engine: AsyncEngine, chosen: Chosen, *, campaign: CampaignId, now: datetime, locks: ContactLocks
) -> Pick | None:
    """Judge a lead that was reserved a while ago once more, by the campaign and its rules as they now are.

    Returns:
        A pick with the lead chosen, set aside or given back; None when there is no such campaign.

    Raises:
        SQLAlchemyError, OSError: the database is away.
        RulesUnfit: the campaign's rules are not valid.
    """
    async with reading(engine) as session:
        row = await get_campaign(session, campaign)
        if row is None:
            return None
        pick = Pick(row, rule_set_of(row.rule_set).id, spend=await spend_of(session, row, now))
        number = await _judge(session, pick, chosen.lead, now, locks)
    if number is not None:
        pick.chosen.append(Chosen(chosen.attempt, chosen.lead, number))
    return pick


async def begin_pick(engine: AsyncEngine, pick: Pick, runner: str, now: datetime) -> set[AttemptId]:
    """Write the attempts to be dialled and the leads that are not, in one commit. May be repeated.

    Returns:
        The attempts that may be dialled, once.

    Raises:
        SQLAlchemyError, OSError: the database is away; whether it was written may not be known.
    """
    if not (pick.chosen or pick.aside or pick.given_back):
        return set()
    mode = DialMode(pick.campaign.mode)
    new = [
        NewAttempt(one.attempt, one.lead.id, one.number.position, mode, pick.rule_set) for one in pick.chosen
    ]
    async with writing(engine) as session:
        for lead, why in sorted(pick.aside, key=lambda one: one[0]):
            await set_aside(session, lead, runner, why.rule.value, why.until)
        await release(session, pick.given_back, runner, "campaign_stopped")
        await note_suppressions(session, pick.evidence, now)
        return await begin_attempts(session, new, runner, now)


async def _judge(
    session: AsyncSession, pick: Pick, lead: ReservedLead, now: datetime, locks: ContactLocks
) -> LeadNumber | None:
    """The number of a lead that may be dialled; None, with the lead noted in the pick, when there is none."""
    row = pick.campaign
    tariffs = await tariffs_of(session, [one.e164 for one in lead.numbers]) if pick.spend is not None else {}
    why: Suppressed | None = None
    for number in [lead.number, *(one for one in lead.numbers if one.position > lead.number.position)]:
        if number is not lead.number and not number.usable:
            continue
        cost = tariffs[number.e164].cost(RESERVED_S) if number.e164 in tariffs else 0.0
        facts = campaign_facts(row, pick.with_cost(cost))
        asked = await dial_facts(
            session,
            facts,
            lead,
            number,
            now,
            time_zone=row.time_zone,
            country=row.country,
            in_call=locks.has(number.e164, lead.contact),
        )
        answer = may_dial(asked, now)
        if not isinstance(answer, Suppressed):
            pick.spend = pick.with_cost(cost)
            return number
        if answer.until is None and answer.rule in (DialRule.CAMPAIGN_STATE, DialRule.CAMPAIGN_DATES):
            pick.given_back.append(lead.id)
            return None
        pick.evidence.append(NotDialled(facts.id, lead.id, number.e164, answer, pick.rule_set))
        why = answer
        if answer.rule not in OTHER_NUMBER:
            break
    assert why is not None
    pick.aside.append((lead.id, why))
    return None


async def _again_s(
    session: AsyncSession, pick: Pick, now: datetime, looked: int, *, callbacks_only: bool
) -> float:
    """Seconds until the next lead may be there."""
    if looked >= LOOKED_AT:
        return STOPPED_AGAIN_S
    assert pick.campaign.id is not None
    due = [why.until for _, why in pick.aside if why.until is not None]
    next_at = await next_due(session, CampaignId(pick.campaign.id), callbacks_only=callbacks_only)
    if next_at is not None:
        due.append(next_at)
    return min([AGAIN_MAX_S, *(max(0.0, (at - now).total_seconds()) for at in due)])


def digits_of(numbers: Iterable[str]) -> frozenset[str]:
    """Numbers as digits alone; left out are numbers shorter than `SUFFIX_MIN`, which are internal.

    >>> sorted(digits_of(["+372 5550 0001", "101"]))
    ['37255500001']
    """
    found = ("".join(letter for letter in number if letter.isdecimal()) for number in numbers)
    return frozenset(one for one in found if len(one) >= SUFFIX_MIN)
