"""The rules of leads: who gives them, who may move a callback, and what becomes of one that is taken out.

How a lead comes into a campaign is in `adding`, how it is picked in `reservation`, how it is looked at again in
`judging`. Lists from files: `app.crm.imports`.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.compliance.recycling import REMOVED, LeadState
from app.crm.campaigns.service import note_change, open_campaign
from app.crm.contact_search.service import Wanted, page
from app.crm.contacts.service import Contact
from app.crm.leads import queries
from app.crm.leads.adding import Duplicate, Refused, add_drafts
from app.crm.leads.engaged import disengage
from app.crm.leads.errors import CallbackMissing, CallbackNotYours, LeadBusy, LeadUnknown
from app.crm.leads.inserts import Inserts
from app.crm.leads.tables import LeadRow
from app.crm.operators.errors import OperatorUnknown
from app.crm.operators.queries import get_operator
from app.domain.actors import Actor
from app.domain.ids import CampaignId, ContactId, LeadId, OperatorId
from app.domain.references import ReferenceUnknown
from app.events.recorder import announce
from app.lists.draft import DraftNumber, LeadDraft
from app.records.engine import reading, writing

BATCH: Final = 400
"""The most contacts in one transaction."""
_BUSY: Final = frozenset({LeadState.RESERVED.value, LeadState.DIALLING.value})


class Brought(NamedTuple):
    """How many contacts became leads, and how many did not and why."""

    found: int
    added: int
    duplicates: int
    do_not_call: int
    without_number: int


async def known_lead(session: AsyncSession, id_: LeadId) -> LeadRow:
    """A lead that is there.

    Raises:
        LeadUnknown: it is not.
    """
    lead = await queries.get_lead(session, id_)
    if lead is None:
        raise LeadUnknown(lead=id_)
    return lead


async def give_leads(
    engine: AsyncEngine,
    id_: CampaignId,
    read: Callable[[str], Sequence[LeadDraft]],
    *,
    who: Actor,
    at: datetime,
) -> list[LeadId | Duplicate | Refused]:
    """Put leads into a campaign.

    Args:
        engine: the database.
        id_: the campaign.
        read: makes drafts of what was given, for numbers without a country code in this country. It runs on a thread
            and in no transaction: a thousand leads take a second.
        who: gives them.
        at: aware; now.

    Returns:
        For each its id, or why it was not added.

    Raises:
        CampaignUnknown, CampaignFinished: see there.
        LeadsUnreadable: from `read`.
    """
    async with reading(engine) as session:
        country = (await open_campaign(session, id_)).country
    drafts = await asyncio.to_thread(read, country)
    async with writing(engine, who) as session:
        campaign = await open_campaign(session, id_)
        results = await add_drafts(session, Inserts(engine.dialect), campaign, drafts, at)
        added = sum(isinstance(one, int) for one in results)
        if added:
            await _note_given(session, id_, {"added": added}, who=who, at=at)
    return results


async def give_contacts(
    engine: AsyncEngine,
    id_: CampaignId,
    text: str,
    *,
    priority: int,
    most: int,
    who: Actor,
    now: Callable[[], datetime],
) -> Brought:
    """Make leads of the contacts that a search finds, the newest contact first.

    Args:
        engine: the database.
        id_: the campaign they go to.
        text: as the search takes it; all for blank text.
        priority: of the leads.
        most: how many contacts at most.
        who: gives them.
        now: the wall clock.

    Raises:
        CampaignUnknown, CampaignFinished: see there.
    """
    async with reading(engine) as session:
        campaign = await open_campaign(session, id_)
    inserts = Inserts(engine.dialect)
    found = added = duplicates = refused = without_number = 0
    before: ContactId | None = None
    while found < most:
        async with reading(engine) as session:
            some = await page(
                session,
                Wanted(text),
                before=before,
                limit=min(BATCH, most - found),
                region=campaign.country,
            )
        drafts = [
            draft for contact in some.contacts if (draft := lead_of_contact(contact, priority)) is not None
        ]
        found += len(some.contacts)
        without_number += len(some.contacts) - len(drafts)
        if drafts:
            async with writing(engine, who) as session:
                results = await add_drafts(session, inserts, campaign, drafts, now())
            duplicates += sum(isinstance(result, Duplicate) for result in results)
            refused += sum(isinstance(result, Refused) for result in results)
            added += sum(isinstance(result, int) for result in results)
        before = some.next
        if before is None:
            break
    async with writing(engine, who) as session:
        await _note_given(session, id_, {"added": added, "from_contacts": True}, who=who, at=now())
    return Brought(found, added, duplicates, refused, without_number)


async def _note_given(
    session: AsyncSession, id_: CampaignId, detail: Mapping[str, Any], *, who: Actor, at: datetime
) -> None:
    """Record that leads were added: many leads are one change of their campaign."""
    await note_change(session, id_, "leads_given", detail, user=who.user, at=at)
    announce(session, "campaign", id_, "leads_given", after=detail)


async def set_priority(session: AsyncSession, id_: LeadId, priority: int) -> LeadRow:
    """Change a lead's priority; the highest is picked first.

    Raises:
        LeadUnknown: see there.
    """
    lead = await _locked(session, id_)
    lead.rank = -priority
    await queries.save_lead(session, lead)
    return lead


async def ask_callback(
    session: AsyncSession,
    id_: LeadId,
    at: datetime,
    operator: OperatorId | None,
    *,
    user: int,
    of_all: bool,
) -> LeadRow:
    """Set a lead's callback, as a user asks.

    Args:
        session: that writes.
        id_: the lead.
        at: aware.
        operator: who is to call; None: anybody.
        user: who asks.
        of_all: they may move every callback; otherwise their own, and give it to nobody else.

    Raises:
        LeadUnknown: there is none, or its callback is another's.
        CallbackNotYours: it is to become another operator's.
        ReferenceUnknown: it is to become nobody's who is an operator.
        LeadBusy: see there.
    """
    lead = await _locked(session, id_)
    if not of_all:
        if lead.callback_at is None or lead.callback_operator != user:
            raise LeadUnknown(lead=id_)
        if operator not in {None, user}:
            raise CallbackNotYours
    if operator is not None and await get_operator(session, operator) is None:
        raise ReferenceUnknown("operator", OperatorUnknown(operator=operator))
    await set_callback(session, lead, at, operator, "callback")
    return lead


async def take_callback_back(session: AsyncSession, id_: LeadId) -> LeadRow:
    """Let a lead be picked like any other, at once.

    Raises:
        LeadUnknown, CallbackMissing, LeadBusy: see there.
    """
    lead = await _locked(session, id_)
    if lead.callback_at is None:
        raise CallbackMissing
    await set_callback(session, lead, None, None, "callback_taken_back")
    return lead


async def set_callback(
    session: AsyncSession, lead: LeadRow, at: datetime | None, operator: OperatorId | None, reason: str
) -> None:
    """Set a lead's callback; with `at` None, cancel it, so that the lead may be picked at once.

    Args:
        session: that writes.
        lead: read with a lock in this transaction.
        at: aware.
        operator: None: by anybody.
        reason: for the record.

    Raises:
        LeadBusy: it is reserved or dialled just now.
    """
    if lead.state in _BUSY:
        raise LeadBusy
    lead.callback_at, lead.callback_operator = at, operator if at is not None else None
    state = LeadState.WAITING if at is not None else LeadState.READY
    lead.state, lead.reason, lead.next_at = state.value, reason, at
    await queries.save_lead(session, lead)


async def remove_lead(session: AsyncSession, id_: LeadId, *, user: int | None, at: datetime) -> None:
    """Take a lead out of its campaign: for ever when it was never dialled, else it stays as done.

    One that is being dialled is done when that is over; one that is reserved cannot be dialled any more.

    Raises:
        LeadUnknown: see there.
    """
    lead = await _locked(session, id_)
    campaign = CampaignId(lead.campaign_id)
    if lead.state == LeadState.DIALLING.value:
        lead.reason = REMOVED
        await queries.save_lead(session, lead)
    elif lead.attempt_id is None:
        await queries.delete_lead(session, lead)
    else:
        lead.state, lead.reason, lead.next_at = LeadState.DONE.value, REMOVED, None
        lead.runner, lead.lease_until = "", None
        lead.callback_at = lead.callback_operator = None
        await disengage(session, [id_])
        await queries.save_lead(session, lead)
    await note_change(session, campaign, "lead_removed", {"lead": id_}, user=user, at=at)


async def _locked(session: AsyncSession, id_: LeadId) -> LeadRow:
    lead = await queries.lock_lead(session, id_)
    if lead is None:
        raise LeadUnknown(lead=id_)
    return lead


def lead_of_contact(contact: Contact, priority: int = 0) -> LeadDraft | None:
    """A contact as a lead; None when it has no number that can be dialled from outside."""
    said = contact.said
    numbers = tuple(DraftNumber(phone.e164, phone.raw) for phone in said.phones if phone.e164.startswith("+"))
    if not numbers:
        return None
    return LeadDraft(
        numbers=numbers,
        contact=contact.id,
        external_id=said.external_id,
        surname=said.surname,
        given_name=said.given_name,
        patronymic=said.patronymic,
        company_name=said.company_name,
        priority=priority,
    )
