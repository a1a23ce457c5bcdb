"""Leads: given to campaigns by supervisors and programs; callbacks seen by the operators they are for."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.idempotency import IdempotentRoute
from app.api.paging import (
    Cursor,
    Limit,
    page_by_id,
    read_id_cursor,
    read_moment_cursor,
    write_cursor,
)
from app.api.problems import refusals
from app.api.schemas import CampaignAsked, OperatorAsked, RowId, TypedNumber
from app.api.security import Known, may, needs, user_id
from app.compliance.eligibility import DialRule
from app.compliance.recycling import Exhausted, LeadState
from app.crm.campaigns.errors import CampaignFinished, CampaignUnknown
from app.crm.campaigns.service import known_campaign
from app.crm.leads import queries, service
from app.crm.leads.errors import CallbackMissing, CallbackNotYours, LeadBusy, LeadsUnreadable, LeadUnknown
from app.crm.leads.schemas import (
    CallbackIn,
    ContactsAdded,
    ContactsIn,
    LeadChange,
    LeadOut,
    Leads,
    LeadsAdded,
    LeadsIn,
    StoppedOut,
)
from app.crm.leads.stopped import count_stopped
from app.crm.leads.tables import LeadRow
from app.domain.ids import CampaignId, LeadId, OperatorId
from app.domain.roles import Permission
from app.numbers.errors import UNREADABLE
from app.numbers.reader import read_all
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


@in_campaign.get(
    "", summary="Leads of a campaign", responses=refusals(CampaignUnknown, CursorUnknown, *UNREADABLE)
)
async def list_leads(
    id: RowId,  # noqa: A002 - the path says it
    _: Reads,
    services: Known,
    *,
    state: Annotated[LeadState | None, Query(description="Only those in this state.")] = None,
    number: Annotated[TypedNumber | None, Query(description="One or several, as typed.")] = None,
    rule: Annotated[
        DialRule | Exhausted | None, Query(description="Only leads that this rule stops.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Leads:
    """Returns the campaign's leads, the oldest first."""
    after = read_id_cursor(cursor) or 0
    async with reading(services.engine) as session:
        campaign = await known_campaign(session, CampaignId(id))
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


@stopped.get("", summary="Which rules stop how many leads", responses=refusals(CampaignUnknown))
async def list_stopped(id: RowId, _: Reads, services: Known) -> list[StoppedOut]:  # noqa: A002 - the path says it
    """How many leads each rule stops, and until when; the rule with the most leads comes first. A lead counts when it
    was judged and has not been called since.

    `GET /campaigns/{id}/leads?rule=...` lists them.
    """
    async with reading(services.engine) as session:
        await known_campaign(session, CampaignId(id))
        return [StoppedOut.of(one) for one in await count_stopped(session, CampaignId(id))]


@in_campaign.post(
    "",
    status_code=201,
    summary="Give leads",
    responses=refusals(CampaignUnknown, CampaignFinished, LeadsUnreadable),
)
async def give_leads(id: RowId, said: LeadsIn, who: Writes, services: Known) -> LeadsAdded:  # noqa: A002 - the path says it
    """Adds one or many leads, also while the campaign runs. A campaign has each contact,
    external id and number once.
    """
    results = await service.give_leads(
        services.engine, CampaignId(id), said.drafts, who=who.actor, at=services.now()
    )
    services.campaign_changed(CampaignId(id))
    return LeadsAdded.of(results)


@in_campaign.post(
    "/from-contacts",
    status_code=201,
    summary="Make leads of contacts",
    responses=refusals(CampaignUnknown, CampaignFinished),
)
async def give_contacts(
    id: RowId,  # noqa: A002 - the path says it
    said: ContactsIn,
    who: Writes,
    services: Known,
) -> ContactsAdded:
    """Makes leads of the contacts that a search of the contact base finds, with their numbers that can be dialled
    from outside.
    """
    brought = await service.give_contacts(
        services.engine,
        CampaignId(id),
        said.q,
        priority=said.priority,
        most=said.most,
        who=who.actor,
        now=services.now,
    )
    services.campaign_changed(CampaignId(id))
    return ContactsAdded(**brought._asdict())


@router.get("/{id}", summary="One lead", responses=refusals(LeadUnknown))
async def get_lead(id: LeadKey, _: Reads, services: Known) -> LeadOut:  # noqa: A002 - the path says it
    """Returns one lead."""
    async with reading(services.engine) as session:
        return await _one(session, await service.known_lead(session, LeadId(id)))


@router.patch("/{id}", summary="Change a lead", responses=refusals(LeadUnknown))
async def change_lead(id: LeadKey, said: LeadChange, who: Writes, services: Known) -> LeadOut:  # noqa: A002 - the path says it
    """Changes the lead's priority."""
    async with writing(services.engine, who.actor) as session:
        return await _one(session, await service.set_priority(session, LeadId(id), said.priority))


@router.put(
    "/{id}/callback",
    summary="Have a lead called at a time",
    responses=refusals(LeadUnknown, CallbackNotYours, LeadBusy),
)
async def put_callback(id: LeadKey, said: CallbackIn, who: WritesCallbacks, services: Known) -> LeadOut:  # noqa: A002 - the path says it
    """The lead is called at that time, before all leads without a callback. An operator may move only their own
    callbacks.
    """
    operator = OperatorId(said.operator) if said.operator is not None else None
    of_all = may(who, Permission.CALLBACKS_WRITE_ALL)
    async with writing(services.engine, who.actor) as session:
        lead = await service.ask_callback(
            session, LeadId(id), said.at, operator, user=user_id(who), of_all=of_all
        )
        out = await _one(session, lead)
    services.campaign_changed(CampaignId(out.campaign))
    return out


@router.delete(
    "/{id}/callback",
    status_code=204,
    summary="Take a callback back",
    responses=refusals(LeadUnknown, CallbackMissing, LeadBusy),
)
async def remove_callback(id: LeadKey, who: Writes, services: Known) -> None:  # noqa: A002 - the path says it
    """The callback is cancelled, and the lead may be picked like any other, at once."""
    async with writing(services.engine, who.actor) as session:
        lead = await service.take_callback_back(session, LeadId(id))
    services.campaign_changed(CampaignId(lead.campaign_id))


@router.delete("/{id}", status_code=204, summary="Take a lead out", responses=refusals(LeadUnknown))
async def remove_lead(id: LeadKey, who: Writes, services: Known) -> None:  # noqa: A002 - the path says it
    """A lead that was dialled stays in state `done`, because its attempts are evidence; any other lead is removed."""
    async with writing(services.engine, who.actor) as session:
        await service.remove_lead(session, LeadId(id), user=user_id(who), at=services.now())


@callbacks.get("", summary="Callbacks, the next first", responses=refusals(CursorUnknown))
async def list_callbacks(
    who: WritesCallbacks,
    services: Known,
    *,
    operator: OperatorAsked = None,
    campaign: CampaignAsked = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Leads:
    """Operators who may see only their own callbacks get those, whatever `operator` says."""
    if not may(who, Permission.CALLBACKS_WRITE_ALL):
        operator = user_id(who)
    after = read_moment_cursor(cursor, int) if cursor is not None else None
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


async def _one(session: AsyncSession, lead: LeadRow) -> LeadOut:
    return (await _told(session, [lead]))[0]
