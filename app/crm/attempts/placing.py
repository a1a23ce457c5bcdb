"""How attempts begin: each is committed before anything is dialled, with the one minute of cost reserved for it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.queries import add_attempt, attempts_by_id
from app.crm.leads.queries import numbers_of
from app.crm.leads.reservation import begin_dialling, reserved_among
from app.crm.tallies.service import count_money, tariffs_of
from app.domain.campaigns import DialMode
from app.domain.ids import AttemptId, CampaignId, LeadId
from app.domain.tariffs import RESERVED_S


@dataclass(slots=True, frozen=True)
class NewAttempt:
    """An attempt that is about to be dialled."""

    id: AttemptId
    """The `ChannelId` of its Originate; never used before, up to 150 characters."""
    lead: LeadId
    position: int
    """The position of the number among the lead's numbers, from 0."""
    mode: DialMode
    rule_set: str = ""


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
    before = await attempts_by_id(session, [one.id for one in attempts])
    begun = {
        one.id
        for one in attempts
        if (row := before.get(one.id)) is not None
        and (row.lead_id, row.position, row.outcome, row.sent_at) == (one.lead, one.position, None, None)
    }
    wanted = {one.lead: one for one in attempts if one.id not in before}
    if not wanted:
        return begun
    leads = await reserved_among(session, wanted, runner)
    numbers = await numbers_of(session, [lead.id for lead in leads])
    tariffs = await tariffs_of(session, {number.e164 for one in numbers.values() for number in one})
    reserved: defaultdict[CampaignId, float] = defaultdict(float)
    for lead in leads:
        one = wanted[lead.id]
        number = next((tried for tried in numbers[lead.id] if tried.position == one.position), None)
        if number is None:
            continue
        tariff = tariffs.get(number.e164)
        cost = tariff.cost(RESERVED_S) if tariff is not None else None
        reserved[lead.campaign] += cost or 0.0
        values = {
            "id": one.id,
            "campaign_id": lead.campaign,
            "lead_id": lead.id,
            "contact_id": lead.contact,
            "position": one.position,
            "number": number.e164,
            "mode": one.mode.value,
            "rule_set": one.rule_set,
            "runner": runner,
            "placed_at": now,
            "amd": "",
            "note": "",
            "cost": cost,
        }
        await add_attempt(session, values)
        await begin_dialling(session, lead.id, one.id, runner)
        begun.add(one.id)
    for campaign, money in sorted(reserved.items()):
        await count_money(session, campaign, now, money)
    return begun
