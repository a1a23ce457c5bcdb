"""Leads: given to campaigns by supervisors and programs; callbacks seen by the operators they are for."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.idempotency import IdempotentRoute
from app.api.paging import (
    IDS_MOST,
    UNKNOWN_CURSOR,
    Cursor,
    Limit,
    page_by_id,
    read_id_cursor,
    read_moment_cursor,
    write_cursor,
)
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import CampaignAsked, OperatorAsked, RowId, TypedNumber
from app.api.security import Known, may, needs, user_id
from app.compliance.eligibility import DialRule
from app.compliance.recycling import Exhausted, LeadState
from app.crm.campaigns.queries import note_change
from app.crm.campaigns.routes import known_campaign
from app.crm.campaigns.tables import CampaignRow
from app.crm.leads import lists as queries
from app.crm.leads.inserts import Inserts
from app.crm.leads.schemas import (
    CallbackIn,
    ContactsAdded,
    ContactsIn,
    LeadChange,
    LeadOut,
    Leads,
    LeadsAdded,
    LeadsIn,
    NotAdded,
    StoppedOut,
)
from app.crm.leads.service import add_contacts, add_drafts
from app.crm.leads.stopped import count_stopped
from app.crm.leads.tables import LeadRow
from app.domain.campaigns import CampaignState
from app.domain.ids import CampaignId, LeadId, OperatorId
from app.domain.roles import Permission
from app.lists.draft import LeadDraft
from app.numbers.reader import NumberUnreadable, read_all
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.LEADS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.LEADS_WRITE)]
WritesCallbacks = Annotated[LoggedIn, needs(Permission.CALLBACKS_WRITE)]
in_campaign = APIRouter(prefix="/campaigns/{id}/leads", tags=["leads"], route_class=IdempotentRoute)
stopped = APIRouter(prefix="/campaigns/{id}/stopped", tags=["leads"])
router = APIRouter(prefix="/leads", tags=["leads"], route_class=IdempotentRoute)
callbacks = APIRouter(prefix="/callbacks", tags=["leads"])

LeadKey = Annotated[int, Path(ge=1, le=2**53, description="The lead's id.")]


async def _told(session: AsyncSession, rows: Sequence[LeadRow]) -> list[LeadOut]:
    numbers = await queries.numbers_of(session, [row.id for row in rows if row.id is not None])
    return [LeadOut.of(row, numbers[row.id or 0]) for row in rows]


async def _open_campaign(session: AsyncSession, id_: int) -> CampaignRow:
    campaign = await known_campaign(session, id_)
    if campaign.state == CampaignState.FINISHED.value:
        raise Problem(409, "a campaign that is finished takes no more leads")
    return campaign


async def _locked(session: AsyncSession, id_: int) -> LeadRow:
    lead = await queries.lock_lead(session, LeadId(id_))
    if lead is None:
        raise Problem(404, "no such lead")
    return lead


@in_campaign.get("", summary="Leads of a campaign", responses=EVERYWHERE | problems(404))
async def list_leads(
    id: RowId,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    *,
    state: Annotated[LeadState | None, Query(description="Only those in this state.")] = None,
    number: Annotated[TypedNumber | None, Query(description="One or several, as typed.")] = None,
    rule: Annotated[DialRule | Exhausted | None, Query(description="Only those that it stops.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Leads:
    """The oldest first."""
    after = read_id_cursor(cursor) or 0
    async with reading(services.engine) as session:
        campaign = await known_campaign(session, id)
        rows = await queries.page_leads(
            session,
            CampaignId(id),
            state=state,
            rule=rule,
            numbers=[one.e164 for one in read_all(number, campaign.country)] if number is not None else None,
            after=after,
            limit=limit + 1,
        )
        shown, following = page_by_id(rows, limit)
        items = await _told(session, shown)
    return Leads(items=items, next=following)


@stopped.get("", summary="Which rules stop how many leads", responses=EVERYWHERE | problems(404))
async def list_stopped(id: RowId, _: Reads, services: Known) -> list[StoppedOut]:  # noqa: A002 - the path says it
    """Most first: leads that were looked at and not called since, by the rule that stops them, with until when.

    `GET /campaigns/{id}/leads?rule=...` lists them.
    """
    async with reading(services.engine) as session:
        await known_campaign(session, id)
        return [StoppedOut.of(one) for one in await count_stopped(session, CampaignId(id))]


@in_campaign.post("", status_code=201, summary="Give leads", responses=EVERYWHERE | problems(404, 409))
async def give_leads(id: RowId, said: LeadsIn, who: Writes, services: Known) -> LeadsAdded:  # noqa: A002 - the path says it
    """One or many, while the campaign runs, too. A campaign has each contact, external id and number once."""
    now = services.now()
    async with reading(services.engine) as session:
        country = (await _open_campaign(session, id)).country
    drafts = await asyncio.to_thread(_drafts, said, country)
    async with writing(services.engine) as session:
        campaign = await _open_campaign(session, id)
        results = await add_drafts(session, Inserts(services.engine.dialect), campaign, drafts, now)
        added = [int(one) for one in results if isinstance(one, int)]
        if added:
            await note_change(
                session, CampaignId(id), "leads_given", {"added": len(added)}, user=user_id(who), at=now
            )
    services.campaign_changed(CampaignId(id))
    not_added = [
        NotAdded(index=index, why=one.why) for index, one in enumerate(results) if not isinstance(one, int)
    ]
    return LeadsAdded(added=added, not_added=not_added)


def _drafts(said: LeadsIn, country: str) -> list[LeadDraft]:
    """A thousand leads take a second: on a thread, and in no transaction."""
    drafts = []
    for index, lead in enumerate(said.leads):
        try:
            drafts.append(lead.draft(country))
        except NumberUnreadable as error:
            raise Problem(422, f"leads.{index}: {error}", code=error.code) from None
    return drafts


@in_campaign.post(
    "/from-contacts",
    status_code=201,
    summary="Make leads of contacts",
    responses=EVERYWHERE | problems(404, 409),
)
async def give_contacts(
    id: RowId,  # noqa: A002 - the path says it
    said: ContactsIn,
    who: Writes,
    services: Known,
) -> ContactsAdded:
    """Those that a search of the contact base finds; their numbers that can be dialled from outside."""
    async with reading(services.engine) as session:
        campaign = await _open_campaign(session, id)
    brought = await add_contacts(
        services.engine,
        campaign,
        said.q,
        priority=said.priority,
        most=said.most,
        now=services.now,
    )
    async with writing(services.engine) as session:
        detail = {"added": brought.added, "from_contacts": True}
        await note_change(
            session, CampaignId(id), "leads_given", detail, user=user_id(who), at=services.now()
        )
    services.campaign_changed(CampaignId(id))
    return ContactsAdded(**brought._asdict())


@router.get("/{id}", summary="One lead", responses=EVERYWHERE | problems(404))
async def get_lead(id: LeadKey, _: Reads, services: Known) -> LeadOut:  # noqa: A002 - the path says it
    """One lead."""
    async with reading(services.engine) as session:
        return await _one(session, id)


@router.patch("/{id}", summary="Change a lead", responses=EVERYWHERE | problems(404))
async def change_lead(id: LeadKey, said: LeadChange, _: Writes, services: Known) -> LeadOut:  # noqa: A002 - the path says it
    """Its priority."""
    async with writing(services.engine) as session:
        await queries.set_priority(session, await _locked(session, id), said.priority)
        return await _one(session, id)


@router.put(
    "/{id}/callback", summary="Have a lead called at a time", responses=EVERYWHERE | problems(404, 409)
)
async def put_callback(id: LeadKey, said: CallbackIn, who: WritesCallbacks, services: Known) -> LeadOut:  # noqa: A002 - the path says it
    """Callbacks come before all others. An operator may move those that are their own."""
    async with writing(services.engine) as session:
        lead = await _mine(
            session, id, who_sees_all=may(who, Permission.CALLBACKS_WRITE_ALL), user=user_id(who)
        )
        if not may(who, Permission.CALLBACKS_WRITE_ALL) and said.operator not in {None, user_id(who)}:
            raise Problem(403, "an operator's callback cannot be given to another operator")
        operator = OperatorId(said.operator) if said.operator is not None else None
        if not await queries.set_callback(session, lead, said.at, operator, "callback"):
            raise Problem(409, "the lead is being called just now")
        out = await _one(session, id)
    services.campaign_changed(CampaignId(out.campaign))
    return out


@router.delete(
    "/{id}/callback",
    status_code=204,
    summary="Take a callback back",
    responses=EVERYWHERE | problems(404, 409),
)
async def remove_callback(id: LeadKey, _: Writes, services: Known) -> None:  # noqa: A002 - the path says it
    """The lead may then be picked like any other, at once."""
    async with writing(services.engine) as session:
        lead = await _locked(session, id)
        if lead.callback_at is None:
            raise Problem(409, "there is no callback")
        if not await queries.set_callback(session, lead, None, None, "callback_taken_back"):
            raise Problem(409, "the lead is being called just now")
        campaign = CampaignId(lead.campaign_id)
    services.campaign_changed(campaign)


@router.delete("/{id}", status_code=204, summary="Take a lead out", responses=EVERYWHERE | problems(404))
async def remove_lead(id: LeadKey, who: Writes, services: Known) -> None:  # noqa: A002 - the path says it
    """One that was dialled stays as done: its attempts are evidence."""
    async with writing(services.engine) as session:
        lead = await _locked(session, id)
        campaign = CampaignId(lead.campaign_id)
        await queries.remove_lead(session, lead)
        await note_change(
            session, campaign, "lead_removed", {"lead": id}, user=user_id(who), at=services.now()
        )


@callbacks.get("", summary="Callbacks, the next first", responses=EVERYWHERE)
async def list_callbacks(
    who: WritesCallbacks,
    services: Known,
    *,
    operator: OperatorAsked = None,
    campaign: CampaignAsked = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Leads:
    """Operators are given their own, whatever `operator` says."""
    if not may(who, Permission.CALLBACKS_WRITE_ALL):
        operator = user_id(who)
    after = _read(cursor) if cursor is not None else None
    async with reading(services.engine) as session:
        rows = await queries.page_callbacks(
            session,
            operator=OperatorId(operator) if operator is not None else None,
            campaign=CampaignId(campaign) if campaign is not None else None,
            after=after,
            limit=limit + 1,
        )
        items = await _told(session, rows[:limit])
    following = None
    if len(rows) > limit and items[-1].callback_at is not None:
        following = write_cursor((items[-1].callback_at.isoformat(), items[-1].id))
    return Leads(items=items, next=following)


async def _one(session: AsyncSession, id_: int) -> LeadOut:
    lead = await queries.get_lead(session, LeadId(id_))
    if lead is None:
        raise Problem(404, "no such lead")
    return (await _told(session, [lead]))[0]


async def _mine(session: AsyncSession, id_: int, *, who_sees_all: bool, user: int) -> LeadRow:
    lead = await _locked(session, id_)
    if not who_sees_all and (lead.callback_at is None or lead.callback_operator != user):
        raise Problem(404, "no such lead")
    return lead


def _read(cursor: str) -> tuple[datetime, int]:
    at, id_ = read_moment_cursor(cursor, int)
    if not 0 < id_ <= IDS_MOST:
        raise Problem(422, UNKNOWN_CURSOR)
    return at, id_
