"""Leads as rows: one lead, pages of leads, and what a campaign already has."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.compliance.eligibility import DialRule
from app.compliance.recycling import Exhausted, LeadState
from app.crm.campaigns.tables import CampaignRow
from app.crm.leads.stopped import STOPPABLE
from app.crm.leads.tables import LeadNumberRow, LeadRow
from app.domain.ids import CampaignId, LeadId, OperatorId
from app.lists.draft import LeadDraft
from app.records.base import table_of

ASKED: Final = 500
"""The most values in one query: SQLite's oldest versions take no more than 999."""

_LEAD = table_of(LeadRow)
_NUMBER = table_of(LeadNumberRow)


async def known_in_campaign(
    session: AsyncSession, campaign: CampaignId, drafts: Sequence[LeadDraft]
) -> tuple[set[str], set[str], set[int]]:
    """Numbers, external ids and contacts of these drafts that the campaign has already."""
    numbers = {one.e164 for draft in drafts for one in draft.numbers}
    externals = {draft.external_id for draft in drafts if draft.external_id is not None}
    contacts = {int(draft.contact) for draft in drafts if draft.contact is not None}
    return (
        await _known(session, campaign, _NUMBER.c.campaign_id, _NUMBER.c.e164, numbers),
        await _known(session, campaign, _LEAD.c.campaign_id, _LEAD.c.external_id, externals),
        await _known(session, campaign, _LEAD.c.campaign_id, _LEAD.c.contact_id, contacts),
    )


async def save_lead(session: AsyncSession, lead: LeadRow) -> None:
    """Keep a lead that was changed."""
    session.add(lead)
    await session.flush()


async def delete_lead(session: AsyncSession, lead: LeadRow) -> None:
    """Take a lead away, with its numbers."""
    await session.delete(lead)
    await session.flush()


async def get_lead(session: AsyncSession, lead: LeadId) -> LeadRow | None:
    """One lead, or None."""
    return await session.get(LeadRow, lead)


async def leads_by_id(session: AsyncSession, ids: Collection[int]) -> Mapping[int, LeadRow]:
    """Those of the given leads that still exist."""
    query = select(LeadRow).where(col(LeadRow.id).in_(ids))
    return {row.id: row for row in await session.scalars(query) if row.id is not None}


async def get_number(session: AsyncSession, lead: LeadId, position: int) -> LeadNumberRow | None:
    """One number of a lead, or None."""
    return await session.get(LeadNumberRow, (lead, position), populate_existing=True)


async def save_number(session: AsyncSession, number: LeadNumberRow) -> None:
    """Keep a number that was changed."""
    session.add(number)
    await session.flush()


async def numbers_of(session: AsyncSession, leads: Collection[int]) -> dict[int, list[LeadNumberRow]]:
    """Numbers by lead, in the order they are tried."""
    found: dict[int, list[LeadNumberRow]] = {lead: [] for lead in leads}
    query = (
        select(LeadNumberRow)
        .where(col(LeadNumberRow.lead_id).in_(leads))
        .order_by(col(LeadNumberRow.lead_id), col(LeadNumberRow.position))
    )
    for row in await session.scalars(query):
        found[row.lead_id].append(row)
    return found


async def page_leads(
    session: AsyncSession,
    campaign: CampaignId,
    *,
    state: LeadState | None = None,
    numbers: Collection[str] | None = None,
    rule: DialRule | Exhausted | None = None,
    after: int = 0,
    limit: int = 50,
) -> Sequence[LeadRow]:
    """Leads of a campaign by id, the oldest first.

    Args:
        session: to read.
        campaign: whose.
        state: only these.
        numbers: only those who have one of these numbers, in E.164.
        rule: only those that it stops.
        after: the id of the last of the page before.
        limit: how many at most.
    """
    id_ = col(LeadRow.id)
    query = (
        select(LeadRow).where(col(LeadRow.campaign_id) == campaign, id_ > after).order_by(id_).limit(limit)
    )
    if state is not None:
        query = query.where(col(LeadRow.state) == state.value)
    if rule is not None:
        query = query.where(STOPPABLE, col(LeadRow.reason) == rule.value)
    if numbers is not None:
        having = select(col(LeadNumberRow.lead_id)).where(
            col(LeadNumberRow.campaign_id) == campaign, col(LeadNumberRow.e164).in_(numbers)
        )
        query = query.where(id_.in_(having))
    return (await session.scalars(query)).all()


async def page_callbacks(
    session: AsyncSession,
    *,
    operator: OperatorId | None = None,
    campaign: CampaignId | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> Sequence[LeadRow]:
    """Leads whose customers asked to be called back, by that time; of one operator, or of all."""
    at, id_ = col(LeadRow.callback_at), col(LeadRow.id)
    query = select(LeadRow).where(at.is_not(None), col(LeadRow.state) != LeadState.DONE.value)
    if operator is not None:
        query = query.where(col(LeadRow.callback_operator) == operator)
    if campaign is not None:
        query = query.where(col(LeadRow.campaign_id) == campaign)
    if after is not None:
        query = query.where((at > after[0]) | ((at == after[0]) & (id_ > after[1])))
    return (await session.scalars(query.order_by(at, id_).limit(limit))).all()


async def lock_lead(session: AsyncSession, lead: LeadId) -> LeadRow | None:
    """One lead for a change, or None."""
    return await session.get(LeadRow, lead, with_for_update=True, populate_existing=True)


async def lead_of_contact(session: AsyncSession, campaign: CampaignId, contact: int) -> int | None:
    """The id of the lead that a campaign has of a contact, or None."""
    found: int | None = await session.scalar(
        select(_LEAD.c.id).where(_LEAD.c.campaign_id == campaign, _LEAD.c.contact_id == contact)
    )
    return found


async def remove_imported(session: AsyncSession, job: int, limit: int) -> int:
    """Remove leads that an import added and nobody has dialled or reserved, at most `limit`; returns how many."""
    some = await session.scalars(
        select(_LEAD.c.id)
        .where(
            _LEAD.c.import_job_id == job,
            _LEAD.c.attempt_id.is_(None),
            _LEAD.c.state.not_in([LeadState.RESERVED.value, LeadState.DIALLING.value]),
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(some)
    if ids:
        await session.execute(delete(_NUMBER).where(_NUMBER.c.lead_id.in_(ids)))
        await session.execute(delete(_LEAD).where(_LEAD.c.id.in_(ids)))
    return len(ids)


async def _known(
    session: AsyncSession, campaign: CampaignId, of: Any, column: Any, values: Collection[Any]
) -> set[Any]:
    found: set[Any] = set()
    asked = list(values)
    for start in range(0, len(asked), ASKED):
        some = asked[start : start + ASKED]
        found.update(await session.scalars(select(column).where(of == campaign, column.in_(some))))
    return found


async def lock_campaign(session: AsyncSession, campaign: CampaignId) -> None:
    """Let one transaction at a time add to a campaign: otherwise two could add the same number, and both fail."""
    await session.execute(
        select(col(CampaignRow.id)).where(col(CampaignRow.id) == campaign).with_for_update(key_share=True)
    )


async def new_ids(session: AsyncSession, count: int) -> Sequence[int]:
    """Ids that no lead has or had. SQLite has one writer, and the rows with these ids move its counter on."""
    if session.get_bind().dialect.name == "postgresql":
        draw = text("SELECT nextval(pg_get_serial_sequence('lead', 'id')) FROM generate_series(1, :count)")
        return list(await session.scalars(draw, {"count": count}))
    last = await session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'lead'")) or 0
    return range(last + 1, last + 1 + count)
