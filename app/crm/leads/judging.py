"""Leads that a rule had stopped: when the rule changes, the next pick judges them anew."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import func, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.recycling import LeadState, Recycling, raised
from app.crm.campaigns.tables import CampaignRow
from app.crm.contacts.tables import PhoneRow
from app.crm.leads.states import is_state, move_leads
from app.crm.leads.stopped import STOPPABLE
from app.crm.leads.tables import LeadNumberRow, LeadRow
from app.domain.campaigns import CampaignState
from app.domain.ids import CampaignId, ContactId
from app.records.base import table_of

LOOKED_AGAIN: Final = "consent_changed"
RULES_CHANGED: Final = "rules_changed"
MAXIMUM_RAISED: Final = "maximum_raised"

_LEAD = table_of(LeadRow)
_NUMBER = table_of(LeadNumberRow)
_CAMPAIGN = table_of(CampaignRow)
_PHONE = table_of(PhoneRow)


async def look_again(
    session: AsyncSession, reason: str, numbers: Collection[str] = (), contact: ContactId | None = None
) -> int:
    """Have the next pick judge anew the leads that a rule stopped for good; returns how many.

    Args:
        session: that writes.
        reason: the rule.
        numbers: in E.164, 500 at most; leads with one of them are judged anew.
        contact: leads of this contact, or with one of its numbers, are judged anew, too.
    """
    open_ = select(_CAMPAIGN.c.id).where(_CAMPAIGN.c.state != CampaignState.FINISHED.value)
    with_number = select(_NUMBER.c.lead_id).where(_NUMBER.c.campaign_id.in_(open_))
    parts = [with_number.where(_NUMBER.c.e164.in_(numbers))]
    if contact is not None:
        theirs = select(_PHONE.c.e164).where(_PHONE.c.contact_id == contact)
        parts += [
            with_number.where(_NUMBER.c.e164.in_(theirs)),
            select(_LEAD.c.id).where(_LEAD.c.contact_id == contact, _LEAD.c.campaign_id.in_(open_)),
        ]
    found = await session.scalars(
        select(_LEAD.c.id)
        .where(_LEAD.c.id.in_(union(*parts)), is_state(LeadState.DONE), _LEAD.c.reason == reason)
        .order_by(_LEAD.c.id)
        .with_for_update()
    )
    leads = list(found)
    await move_leads(session, leads, LeadState.READY, LOOKED_AGAIN)
    return len(leads)


async def stopped_for_good(
    session: AsyncSession, campaign: CampaignId, rules: Collection[str], limit: int
) -> list[int]:
    """Leads of a campaign that these rules stopped for good, the oldest of each rule first; reads no others.

    Args:
        session: that reads.
        campaign: whose leads.
        rules: the reasons they are done for.
        limit: how many at most.
    """
    found: list[int] = []
    for rule in rules:
        query = (
            select(_LEAD.c.id)
            .where(
                _LEAD.c.campaign_id == campaign, STOPPABLE, _LEAD.c.reason == rule, is_state(LeadState.DONE)
            )
            .order_by(_LEAD.c.id)
            .limit(limit - len(found))
        )
        found += await session.scalars(query)
    return found


async def judge_anew(session: AsyncSession, leads: Collection[int], rules: Collection[str]) -> int:
    """Have the next pick judge leads that these rules stopped for good; returns how many still were stopped.

    Args:
        session: that writes.
        leads: 500 at most.
        rules: the reasons they are done for.
    """
    held = await session.scalars(
        select(_LEAD.c.id)
        .where(_LEAD.c.id.in_(leads), is_state(LeadState.DONE), _LEAD.c.reason.in_(rules))
        .order_by(_LEAD.c.id)
        .with_for_update()
    )
    ids = list(held)
    await move_leads(session, ids, LeadState.READY, RULES_CHANGED)
    return len(ids)


async def wake_exhausted(
    session: AsyncSession, campaign: CampaignId, before: Recycling, now: Recycling
) -> None:
    """Let leads be called again that were stopped by a maximum of attempts that is higher now.

    Args:
        session: that writes.
        campaign: whose leads.
        before: its recycling rules before the change.
        now: its recycling rules after the change.
    """
    if reasons := raised(before, now):
        await _wake(session, campaign, reasons, now)


async def _wake(
    session: AsyncSession, campaign: CampaignId, reasons: Collection[str], most: Recycling
) -> None:
    """Have the next pick judge anew the leads that a maximum had stopped, where the new maxima have room.

    Args:
        session: that writes.
        campaign: whose leads.
        reasons: why they wait or are done.
        most: the new maxima.
    """
    left = select(func.min(_NUMBER.c.position)).where(
        _NUMBER.c.lead_id == _LEAD.c.id, _NUMBER.c.usable, _NUMBER.c.attempts < most.max_per_number
    )
    await session.execute(
        update(_LEAD)
        .where(
            _LEAD.c.campaign_id == campaign,
            _LEAD.c.reason.in_(reasons),
            or_(is_state(LeadState.DONE), is_state(LeadState.WAITING)),
            _LEAD.c.callback_at.is_(None),
            _LEAD.c.attempts < most.max_per_campaign,
            left.scalar_subquery().is_not(None),
        )
        .values(
            state=LeadState.READY.value,
            reason=MAXIMUM_RAISED,
            next_at=None,
            next_position=left.scalar_subquery(),
        )
    )
