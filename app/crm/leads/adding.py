"""Leads that come into a campaign: each contact, external id and number once, and nobody who said no."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.recycling import LeadState
from app.crm.campaigns.tables import CampaignRow
from app.crm.consents.service import refused_among
from app.crm.contacts.service import contacts_of_list
from app.crm.leads.inserts import Inserts
from app.crm.leads.queries import known_in_campaign, lock_campaign, new_ids
from app.domain.campaigns import Purpose
from app.domain.ids import CampaignId, LeadId
from app.lists.draft import LeadDraft


@dataclass(slots=True, frozen=True)
class Duplicate:
    """A lead that the campaign has."""

    why: str
    """What the campaign already has: `external_id`, `contact` or `number`."""


class Refused(NamedTuple):
    """A lead that was not added because none of its numbers may be called."""

    why: str = "do_not_call"


async def add_leads(
    session: AsyncSession,
    inserts: Inserts,
    campaign: CampaignId,
    drafts: Sequence[LeadDraft],
    *,
    now: datetime,
    job: int | None = None,
) -> list[LeadId | Duplicate]:
    """Put leads into a campaign, ready to be picked.

    A campaign has each contact, external id and number once. A lead of which all numbers are there is a duplicate;
    otherwise it comes without those.

    Args:
        session: that writes.
        inserts: this database's.
        campaign: that exists.
        drafts: up to a few thousand.
        now: aware.
        job: the import they come from.

    Returns:
        For each draft its lead, or why it was not added.
    """
    await lock_campaign(session, campaign)
    numbers, externals, contacts = await known_in_campaign(session, campaign, drafts)
    results: list[LeadId | Duplicate] = []
    leads: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    ids = iter(await new_ids(session, len(drafts)))
    for draft in drafts:
        each = {one.e164: one for one in reversed(draft.numbers)}
        fresh = [one for one in reversed(each.values()) if one.e164 not in numbers]
        if draft.external_id is not None and draft.external_id in externals:
            results.append(Duplicate("external_id"))
        elif draft.contact is not None and draft.contact in contacts:
            results.append(Duplicate("contact"))
        elif not fresh:
            results.append(Duplicate("number"))
        else:
            id_ = next(ids)
            leads.append(_lead(draft, id_, campaign, now, job))
            rows += [
                {"lead_id": id_, "position": place, "campaign_id": campaign, **one._asdict()}
                for place, one in enumerate(fresh)
            ]
            numbers.update(one.e164 for one in fresh)
            if draft.external_id is not None:
                externals.add(draft.external_id)
            if draft.contact is not None:
                contacts.add(draft.contact)
            results.append(LeadId(id_))
    if leads:
        connection = await session.connection()
        await inserts.leads.run(connection, leads)
        await inserts.numbers.run(connection, rows)
    return results


async def with_contacts(session: AsyncSession, drafts: Sequence[LeadDraft]) -> list[LeadDraft]:
    """Link drafts to the contacts that match: by external id, else by number."""
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
    """The leads without the numbers that may not be called; None for a lead that has no other number. Each dial
    checks again.
    """
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
    """Put leads into a campaign; returns the id of each, or why it was not added."""
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


def _lead(draft: LeadDraft, id_: int, campaign: CampaignId, now: datetime, job: int | None) -> dict[str, Any]:
    return {
        "id": id_,
        "campaign_id": campaign,
        "contact_id": draft.contact,
        "external_id": draft.external_id,
        "surname": draft.surname,
        "given_name": draft.given_name,
        "patronymic": draft.patronymic,
        "company_name": draft.company_name,
        "time_zone": draft.time_zone,
        "rank": -draft.priority,
        "variables": dict(draft.variables),
        "state": LeadState.READY.value,
        "reason": "added",
        "import_job_id": job,
        "created_at": now,
    }
