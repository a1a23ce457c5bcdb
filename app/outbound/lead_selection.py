"""The next leads of a campaign that may be dialled: reserved, judged by the rules, begun or set aside.

    reserve -> judge each by `may_dial` -> look for others in place of those that may not -> one commit for all

What a rule stops waits until nothing would stop it any more, and is written down with the rule. A number that may
never be dialled gives way to the lead's next one.
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
from app.outbound.holidays import public_holidays
from app.records.engine import reading, writing

LEASE_S: Final = 30.0
"""How long leads stay reserved when the service dies between picking and dialling."""
LOOKED_AT: Final = 50
"""Leads that one pick looks at, at most, when rules stop most of them."""
AGAIN_MAX_S: Final = 15.0
"""The longest until somebody looks for a lead again: lists come in by other processes, too."""
STOPPED_AGAIN_S: Final = 1.0
"""When a pick has looked at as many leads as it may and there are more."""
OTHER_NUMBER: Final = frozenset(
    {DialRule.NUMBER_INVALID, DialRule.NUMBER_KIND, DialRule.NUMBER_PREFIX, DialRule.ATTEMPTS_OF_NUMBER}
)
"""What stops a number for ever and not its lead."""
SUFFIX_MIN: Final = 7
"""Digits that make two ways of writing a number the same number."""


@dataclass(slots=True, frozen=True)
class ContactLocks:
    """Who is in a call on the floor that is no attempt."""

    contacts: frozenset[ContactId] = frozenset()
    numbers: frozenset[str] = frozenset()
    """As the PBX gave them, digits only."""

    def has(self, number: str, contact: ContactId | None) -> bool:
        """Whether a number (E.164) or a contact is among them."""
        if contact is not None and contact in self.contacts:
            return True
        digits = number.removeprefix("+")
        return any(digits[at:] in self.numbers for at in range(len(digits) - SUFFIX_MIN + 1))


class Chosen(NamedTuple):
    """A lead that may be dialled, by which number."""

    attempt: AttemptId
    lead: ReservedLead
    number: LeadNumber


@dataclass(slots=True)
class Pick:
    """What was found for some attempts; nothing is written yet but the reservations."""

    campaign: CampaignRow
    rule_set: str
    chosen: list[Chosen] = field(default_factory=list)
    aside: list[tuple[LeadId, Suppressed]] = field(default_factory=list)
    given_back: list[LeadId] = field(default_factory=list)
    """The campaign does not run any more."""
    evidence: list[NotDialled] = field(default_factory=list)
    spend: Spend | None = None
    """The day's money, with what the chosen ones cost at least; None where there is no limit."""
    again_s: float = AGAIN_MAX_S
    """When to look again for those attempts for which there is no lead."""

    def with_cost(self, cost: float) -> Spend | None:
        """The day's money with one more call."""
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
        campaign: whose leads.
        attempts: ids of what is to be dialled.
        runner: who reserves.
        now: aware.
        operators: who may take a callback.
        locks: who is in a call.
        lease_s: how long the leads stay reserved when the service dies.

    Returns:
        None when there is no such campaign.

    Raises:
        SQLAlchemyError, OSError: the database is away.
        RulesUnfit: the campaign's rules are none.
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
    """Ask the rules once more of a lead that was reserved a while ago, as they and the campaign now are.

    Returns:
        With the lead chosen, or with what becomes of it; None when there is no such campaign.

    Raises:
        SQLAlchemyError, OSError: the database is away.
        RulesUnfit: the campaign's rules are none.
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
    """Write down what is about to be dialled and what is not, in one commit. May be asked again.

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
    """The number of a lead that may be dialled; None, with what becomes of the lead, when there is none."""
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
    """When the next lead may be there."""
    if looked >= LOOKED_AT:
        return STOPPED_AGAIN_S
    assert pick.campaign.id is not None
    due = [why.until for _, why in pick.aside if why.until is not None]
    next_at = await next_due(session, CampaignId(pick.campaign.id), callbacks_only=callbacks_only)
    if next_at is not None:
        due.append(next_at)
    return min([AGAIN_MAX_S, *(max(0.0, (at - now).total_seconds()) for at in due)])


def digits_of(numbers: Iterable[str]) -> frozenset[str]:
    """Numbers as digits, whatever they were written with; short ones are nobody's number from outside.

    >>> sorted(digits_of(["+372 5550 0001", "101"]))
    ['37255500001']
    """
    found = ("".join(letter for letter in number if letter.isdecimal()) for number in numbers)
    return frozenset(one for one in found if len(one) >= SUFFIX_MIN)
