"""Leads as lists: how they come into a campaign, are looked through, changed and taken out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.compliance.eligibility import DialRule
from app.compliance.recycling import Exhausted, LeadState
from app.crm.attempts.queries import REMOVED
from app.crm.campaigns.tables import CampaignRow
from app.crm.leads.inserts import Inserts
from app.crm.leads.stopped import STOPPABLE
from app.crm.leads.tables import EngagedRow, LeadNumberRow, LeadRow
from app.domain.ids import CampaignId, LeadId, OperatorId
from app.lists.draft import LeadDraft
from app.records.base import table_of

ASKED: Final = 500
"""Values in one question: SQLite takes no more than 999 in its oldest versions."""

_LEAD = table_of(LeadRow)
_NUMBER = table_of(LeadNumberRow)


@dataclass(slots=True, frozen=True)
class Duplicate:
    """A lead that the campaign has."""

    why: str
    """`external_id`, `contact` or `number`."""


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
    # One at a time adds to a campaign: otherwise two could add the same number, and both fail.
    await session.execute(
        select(col(CampaignRow.id)).where(col(CampaignRow.id) == campaign).with_for_update(key_share=True)
    )
    numbers, externals, contacts = await known_in_campaign(session, campaign, drafts)
    results: list[LeadId | Duplicate] = []
    leads: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    ids = iter(await _new_ids(session, len(drafts)))
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


async def get_lead(session: AsyncSession, lead: LeadId) -> LeadRow | None:
    """One lead, or None."""
    return await session.get(LeadRow, lead)


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
    """Leads whose customers have asked to be called, by their time; of one operator, or of all."""
    at, id_ = col(LeadRow.callback_at), col(LeadRow.id)
    query = select(LeadRow).where(at.is_not(None), col(LeadRow.state) != LeadState.DONE.value)
    if operator is not None:
        query = query.where(col(LeadRow.callback_operator) == operator)
    if campaign is not None:
        query = query.where(col(LeadRow.campaign_id) == campaign)
    if after is not None:
        query = query.where((at > after[0]) | ((at == after[0]) & (id_ > after[1])))
    return (await session.scalars(query.order_by(at, id_).limit(limit))).all()


async def set_priority(session: AsyncSession, lead: LeadRow, priority: int) -> None:
    """Change a lead's priority; the highest is picked first."""
    lead.rank = -priority
    session.add(lead)
    await session.flush()


async def set_callback(
    session: AsyncSession, lead: LeadRow, at: datetime | None, operator: OperatorId | None, reason: str
) -> bool:
    """Have a lead called at a time, by somebody; None takes that back, and it may be picked at once.

    Args:
        session: that writes.
        lead: read with a lock in this transaction.
        at: aware.
        operator: None: by anybody.
        reason: for the record.

    Returns:
        False when the lead is reserved or dialled just now; then nothing was changed.
    """
    if lead.state in {LeadState.RESERVED.value, LeadState.DIALLING.value}:
        return False
    lead.callback_at, lead.callback_operator = at, operator if at is not None else None
    state = LeadState.WAITING if at is not None else LeadState.READY
    lead.state, lead.reason, lead.next_at = state.value, reason, at
    session.add(lead)
    await session.flush()
    return True


async def lock_lead(session: AsyncSession, lead: LeadId) -> LeadRow | None:
    """One lead for a change, or None."""
    return await session.get(LeadRow, lead, with_for_update=True)


async def remove_lead(session: AsyncSession, lead: LeadRow) -> None:
    """Take a lead out of its campaign: for ever when it was never dialled, else it stays as done.

    One that is being dialled is done when that is over; one that is reserved cannot be dialled any more.
    """
    if lead.state == LeadState.DIALLING.value:
        lead.reason = REMOVED
    elif lead.attempt_id is None:
        await session.execute(delete(LeadRow).where(col(LeadRow.id) == lead.id))
        return
    else:
        lead.state, lead.reason, lead.next_at = LeadState.DONE.value, REMOVED, None
        lead.runner, lead.lease_until = "", None
        lead.callback_at = lead.callback_operator = None
        await session.execute(delete(table_of(EngagedRow)).where(table_of(EngagedRow).c.lead_id == lead.id))
    session.add(lead)
    await session.flush()


async def remove_imported(session: AsyncSession, job: int, limit: int) -> int:
    """Take away leads that an import added and nobody has dialled or reserved; how many of at most `limit`."""
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


async def _new_ids(session: AsyncSession, count: int) -> Sequence[int]:
    """Ids that no lead has or had. SQLite has one writer, and the rows with these ids move its counter on."""
    if session.get_bind().dialect.name == "postgresql":
        draw = text("SELECT nextval(pg_get_serial_sequence('lead', 'id')) FROM generate_series(1, :count)")
        return list(await session.scalars(draw, {"count": count}))
    last = await session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'lead'")) or 0
    return range(last + 1, last + 1 + count)


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
