"""Gathers the facts that decide whether a reserved lead's number may be dialled, anew for each dial."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.dial_facts import CampaignFacts, DialFacts, LeadFacts, NumberFacts, Spend
from app.compliance.hours import Place
from app.crm.attempts.past import attempts_about
from app.crm.campaigns.tables import CampaignRow
from app.crm.consents.service import consents_for
from app.crm.leads.reservation import LeadNumber, ReservedLead
from app.crm.tallies.days import day_in
from app.crm.tallies.queries import spent_on
from app.domain.ids import CampaignId
from app.numbers.facts import plan_of, zone
from app.system.holidays import public_holidays

_HISTORY = timedelta(days=2)
"""How far back attempts are read, at least: enough for a day of the called party in any time zone."""


async def dial_facts(
    session: AsyncSession,
    campaign: CampaignFacts,
    lead: ReservedLead,
    number: LeadNumber,
    now: datetime,
    *,
    time_zone: str = "",
    country: str,
    in_call: bool = False,
    operator_reserved: bool = False,
) -> DialFacts:
    """Everything `app.compliance.eligibility.may_dial` asks for.

    Args:
        session: a session that reads, after the lead was reserved and before its attempt is begun.
        campaign: the lead's campaign.
        lead: the lead.
        number: the number to be dialled.
        now: aware.
        time_zone: the zone of leads that have none and whose number tells none.
        country: the country of numbers without a country code.
        in_call: the contact or the number is in a call on the floor.
        operator_reserved: an operator waits for this very call.
    """
    gaps_s = campaign.attempts.gap_s.values()
    limits = campaign.limits
    rests_s = (limits.redial_after_abandoned_s or 0.0, limits.redial_after_machine_s or 0.0)
    since = now - max(_HISTORY, timedelta(seconds=max([*gaps_s, *rests_s])))
    return DialFacts(
        campaign=campaign,
        lead=LeadFacts(
            id=lead.id,
            contact=lead.contact,
            is_person=bool(lead.surname or lead.given_name or not lead.company_name),
            attempts=lead.attempts,
            attempts_of_number=number.attempts,
            is_callback=lead.callback_at is not None,
        ),
        number=number_facts(number.e164, lead.time_zone, now, time_zone=time_zone, country=country),
        said=await consents_for(session, number.e164, lead.contact),
        history=await attempts_about(session, number.e164, lead.contact, since),
        in_call=in_call,
        operator_reserved=operator_reserved,
    )


async def spend_of(session: AsyncSession, row: CampaignRow, now: datetime) -> Spend | None:
    """What a campaign has spent of its day's money; None for a campaign without a limit.

    Args:
        session: a session that reads.
        row: a saved campaign; its day is that of its time zone.
        now: aware.
    """
    if row.spend_per_day is None:
        return None
    today, next_day = day_in(row.time_zone, now)
    spent = await spent_on(session, CampaignId(row.id or 0), today)
    return Spend(spent, row.spend_per_day, next_day)


def number_facts(
    number: str, own_zone: str, now: datetime, *, time_zone: str = "", country: str
) -> NumberFacts:
    """A number's kind and place: the lead's own zone, else what the number tells, else the campaign's.

    Holidays are those of the number's country, or of the campaign's country where the number tells none.
    """
    plan = plan_of(number, country)
    names = (own_zone,) if zone(own_zone) is not None else plan.zones or (time_zone,)
    zones = tuple(found for found in map(zone, names) if found is not None)
    holidays = public_holidays(plan.country or country, (now.year, now.year + 1))
    return NumberFacts(number, plan.kind, Place(zones, holidays))
