"""Tasks of complaints: who does what by when. A task to call the customer back is a callback of a campaign, too."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.complaints import queries
from app.crm.complaints.errors import CallbackNotAllowed, CallbackWithoutContact, TaskOver, TaskUnknown
from app.crm.complaints.service import By, name_of_user, require_room
from app.crm.complaints.tables import ComplaintRow, TaskFields, TaskRow
from app.crm.contacts.service import get_contact
from app.crm.leads.callbacks import call_contact_back
from app.crm.leads.errors import LeadUnknown
from app.crm.leads.inserts import Inserts
from app.crm.leads.service import lead_of_contact, remove_lead
from app.crm.operators.queries import is_operator
from app.domain.actors import Actor
from app.domain.ids import CampaignId, ContactId, LeadId, OperatorId
from app.domain.references import named


@dataclass(slots=True, frozen=True)
class TaskDraft:
    """A task's data, before it is saved."""

    fields: TaskFields
    due_at: datetime
    campaign: CampaignId | None = None
    """The campaign that calls the customer back at the due time; None: the task is no callback."""


async def add_task(
    session: AsyncSession, inserts: Inserts, row: ComplaintRow, draft: TaskDraft, by: By
) -> TaskRow:
    """Add a task to a complaint; a callback goes to its assignee, if they are an operator.

    Raises:
        ComplaintFull, ReferenceUnknown, CampaignFinished, LeadBusy: see there.
        CallbackWithoutContact: nobody knows whom to call, or at which number.
        CallbackNotAllowed: they may not be called.
    """
    assert row.id is not None
    await require_room(session, TaskRow, row.id)
    task = TaskRow(
        complaint_id=row.id,
        contact_id=row.contact_id,
        title=draft.fields.title,
        assignee=draft.fields.assignee,
        assignee_name=await name_of_user(session, draft.fields.assignee, "assignee"),
        due_at=draft.due_at,
        campaign_id=draft.campaign,
        made_at=by.at,
        made_by=by.who.user,
        made_by_name=by.who.name,
    )
    if draft.campaign is not None:
        task.lead_id = await _call_back(session, inserts, row, draft, by.at)
    await queries.save(session, [task])
    return task


async def open_task(session: AsyncSession, complaint: int, task: int) -> TaskRow:
    """A task that is not over, locked.

    Raises:
        TaskUnknown: the complaint has no such task.
        TaskOver: it is over.
    """
    row = await queries.get_task(session, complaint, task)
    if row is None:
        raise TaskUnknown(task=task)
    if row.done_at is not None or row.withdrawn_at is not None:
        raise TaskOver(task=task)
    return row


async def finish_task(session: AsyncSession, task: TaskRow, outcome: str, who: Actor, at: datetime) -> None:
    """Note that a task is done."""
    task.done_at, task.done_by_name, task.outcome = at, who.name, outcome
    await queries.save(session, [task])


async def withdraw_task(session: AsyncSession, task: TaskRow, who: Actor, at: datetime) -> None:
    """Take a task back, and its lead out of the campaign, so that nobody calls the customer for it."""
    task.withdrawn_at = at
    await queries.save(session, [task])
    if task.lead_id is not None:
        with suppress(LeadUnknown):  # it was taken out already
            await remove_lead(session, LeadId(task.lead_id), user=who.user, at=at)


async def _call_back(
    session: AsyncSession, inserts: Inserts, row: ComplaintRow, draft: TaskDraft, at: datetime
) -> LeadId:
    if row.contact_id is None:
        raise CallbackWithoutContact
    contact = ContactId(row.contact_id)
    if lead_of_contact(await get_contact(session, contact)) is None:
        raise CallbackWithoutContact
    assert draft.campaign is not None
    who = draft.fields.assignee
    operator = OperatorId(who) if who is not None and await is_operator(session, who) else None
    with named("campaign"):
        lead = await call_contact_back(
            session, inserts, draft.campaign, contact, at=draft.due_at, operator=operator, now=at
        )
    if lead is None:
        raise CallbackNotAllowed
    return lead
