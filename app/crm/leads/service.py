"""Leads from the contact base, and from programs one or many at a time. Lists from files: `app.crm.imports`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.compliance.recycling import raised
from app.crm.campaigns.queries import recycling_of
from app.crm.campaigns.tables import CampaignRow
from app.crm.consents.service import refused_among
from app.crm.contacts.service import Contact, ContactCursor, contacts_of_list, search_contacts
from app.crm.leads.inserts import Inserts
from app.crm.leads.lists import Duplicate, add_leads
from app.crm.leads.queries import wake
from app.domain.campaigns import Purpose
from app.domain.ids import CampaignId, LeadId
from app.lists.draft import DraftNumber, LeadDraft
from app.records.engine import reading, writing

BATCH: Final = 400
"""Contacts in a transaction."""


async def wake_exhausted(session: AsyncSession, campaign: CampaignRow, before: Mapping[str, Any]) -> None:
    """Let the leads be called again that a maximum had stopped which is higher now.

    Args:
        session: that writes.
        campaign: as it now is.
        before: its rules for trying again as they were.
    """
    now = recycling_of(campaign.recycling)
    reasons = raised(recycling_of(before), now)
    if reasons and campaign.id is not None:
        await wake(session, CampaignId(campaign.id), reasons, now)


class Brought(NamedTuple):
    """What came of contacts that were to become leads."""

    found: int
    added: int
    duplicates: int
    do_not_call: int
    without_number: int


class Refused(NamedTuple):
    """A lead all of whose numbers must not be called."""

    why: str = "do_not_call"


async def add_contacts(
    engine: AsyncEngine,
    campaign: CampaignRow,
    text: str,
    *,
    priority: int,
    most: int,
    now: Callable[[], datetime],
) -> Brought:
    """Make leads of the contacts that a search finds, in the order of their names.

    Args:
        engine: the database.
        campaign: where they go.
        text: as `search_contacts` takes it; all for blank text.
        priority: of the leads.
        most: how many contacts at most.
        now: the wall clock.
    """
    inserts = Inserts(engine.dialect)
    found = added = duplicates = refused = without_number = 0
    after: ContactCursor | None = None
    while found < most:
        async with reading(engine) as session:
            page = await search_contacts(
                session, text, after=after, limit=min(BATCH, most - found), region=campaign.country
            )
        drafts = [draft for contact in page.contacts if (draft := lead_of(contact, priority)) is not None]
        found += len(page.contacts)
        without_number += len(page.contacts) - len(drafts)
        if drafts:
            async with writing(engine) as session:
                results = await add_drafts(session, inserts, campaign, drafts, now())
            duplicates += sum(isinstance(result, Duplicate) for result in results)
            refused += sum(isinstance(result, Refused) for result in results)
            added += sum(isinstance(result, int) for result in results)
        after = page.next
        if after is None:
            break
    return Brought(found, added, duplicates, refused, without_number)


def lead_of(contact: Contact, priority: int = 0) -> LeadDraft | None:
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


async def with_contacts(session: AsyncSession, drafts: Sequence[LeadDraft]) -> list[LeadDraft]:
    """Say which contacts they are, for those that the contact base knows: by external id, else by number."""
    by_id, by_number = await contacts_of_list(
        session,
        {draft.external_id for draft in drafts if draft.external_id is not None},
        {one.e164 for draft in drafts for one in draft.numbers},
    )
    if not by_id and not by_number:
        return list(drafts)
    known: list[LeadDraft] = []
    for draft in drafts:
        found = by_id.get(draft.external_id or "")
        if found is None:
            those = {by_number[one.e164] for one in draft.numbers if one.e164 in by_number}
            found = those.pop() if len(those) == 1 else None
        known.append(replace(draft, contact=found) if found is not None and draft.contact is None else draft)
    return known


async def without_refused(
    session: AsyncSession, campaign: CampaignRow, drafts: Sequence[LeadDraft], at: datetime
) -> list[LeadDraft | None]:
    """Leads without the numbers that may not be called; None for one that has no other. Each dial asks again."""
    refused = await refused_among(
        session,
        {one.e164 for draft in drafts for one in draft.numbers},
        purpose=Purpose(campaign.purpose),
        campaign=CampaignId(campaign.id or 0),
        at=at,
    )
    if not refused:
        return list(drafts)
    kept: list[LeadDraft | None] = []
    for draft in drafts:
        numbers = tuple(one for one in draft.numbers if one.e164 not in refused)
        kept.append(replace(draft, numbers=numbers) if numbers else None)
    return kept


async def add_drafts(
    session: AsyncSession, inserts: Inserts, campaign: CampaignRow, drafts: Sequence[LeadDraft], now: datetime
) -> list[LeadId | Duplicate | Refused]:
    """Put leads into a campaign; for each, its id, or why it was not added."""
    allowed = await without_refused(session, campaign, await with_contacts(session, drafts), now)
    added = iter(
        await add_leads(
            session,
            inserts,
            CampaignId(campaign.id or 0),
            [draft for draft in allowed if draft is not None],
            now=now,
        )
    )
    return [next(added) if draft is not None else Refused() for draft in allowed]
