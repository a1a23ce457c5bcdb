"""Callbacks that are asked for outside a campaign's own calls: the contact becomes a lead there, or is one already."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.campaigns.service import open_campaign
from app.crm.contacts.service import get_contact
from app.crm.leads import queries
from app.crm.leads.adding import add_drafts
from app.crm.leads.inserts import Inserts
from app.crm.leads.service import lead_of_contact, set_callback
from app.domain.ids import CampaignId, ContactId, LeadId, OperatorId


async def call_contact_back(
    session: AsyncSession,
    inserts: Inserts,
    campaign: CampaignId,
    contact: ContactId,
    *,
    at: datetime,
    operator: OperatorId | None,
    now: datetime,
) -> LeadId | None:
    """Have a campaign call a contact at a time, as its lead; None: none of their numbers may be dialled there.

    Args:
        session: that writes.
        inserts: this database's.
        campaign: calls them.
        contact: is called.
        at: when.
        operator: who is to call; None: anybody.
        now: the wall clock.

    Raises:
        CampaignUnknown, CampaignFinished, ContactUnknown, LeadBusy: see there.
    """
    row = await open_campaign(session, campaign)
    draft = lead_of_contact(await get_contact(session, contact))
    if draft is None:
        return None
    known = await queries.lead_of_contact(session, campaign, contact)
    if known is None:
        (added,) = await add_drafts(session, inserts, row, [draft], now)
        if not isinstance(added, int):
            return None
        known = added
    lead = await queries.lock_lead(session, LeadId(known))
    assert lead is not None
    await set_callback(session, lead, at, operator, "callback")
    return LeadId(known)
