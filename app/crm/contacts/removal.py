"""Removes a contact, but not what the contact said about being called."""

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.consents.service import keep_for_numbers
from app.crm.contact_search.upkeep import leave_people
from app.crm.contacts import queries
from app.crm.contacts.service import require_contact
from app.crm.webhooks.queries import forget_answers
from app.domain.ids import ContactId
from app.events.recorder import forget_contact
from app.records.event_table import EventRow


async def remove_contact(session: AsyncSession, contact: ContactId) -> None:
    """Forget a contact and its numbers. Its do-not-calls go on holding for its numbers. Calls keep the bare id.

    Timelines of calls lose its name. Events keep who changed what and when, without the contact's data. What receivers
    of webhooks answered to these events is erased.

    Raises:
        ContactUnknown: there is no such contact.
    """
    row = await require_contact(session, contact)
    phones = await queries.phones_of(session, [contact])
    numbers = [phone.e164 for phone in phones[contact]]
    await keep_for_numbers(session, contact, numbers)
    await queries.forget_name(session, contact, numbers)
    await leave_people(session, [contact])
    await queries.remove_contact(session, row)
    await forget_answers(session, col(EventRow.contact_id) == contact)
    forget_contact(session, contact)
