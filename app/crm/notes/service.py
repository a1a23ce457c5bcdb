"""Notes: written by whoever writes contacts; changed and withdrawn by their authors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.service import get_contact
from app.crm.notes import queries
from app.crm.notes.errors import NoteOfOther, NoteUnknown
from app.crm.notes.tables import NoteRow
from app.domain.ids import ContactId


async def list_notes(
    session: AsyncSession, contact: ContactId, *, before: int | None, limit: int
) -> Sequence[NoteRow]:
    """A contact's notes, the newest first; those that were withdrawn are left out.

    Raises:
        ContactUnknown: there is no such contact.
    """
    await get_contact(session, contact)
    return await queries.list_notes(session, contact, before=before, limit=limit)


async def add_note(
    session: AsyncSession,
    contact: ContactId,
    text: str,
    at: datetime,
    *,
    author: int,
    author_name: str,
    call: str | None,
) -> NoteRow:
    """Write a note.

    Args:
        session: that writes.
        contact: whom it is about.
        text: as typed.
        at: now.
        author: the user's id.
        author_name: the user's name, which stays with the note.
        call: the call in which it was taken, known to exist; None: in none.

    Raises:
        ContactUnknown: there is no such contact.
    """
    await get_contact(session, contact)
    row = NoteRow(
        contact_id=contact,
        call_id=call,
        text=text,
        author_id=author,
        author_name=author_name,
        created_at=at,
    )
    await queries.save_note(session, row)
    return row


async def change_note(
    session: AsyncSession, contact: ContactId, note: int, text: str, *, user: int, of_all: bool
) -> NoteRow:
    """Change a note's text.

    Raises:
        NoteUnknown: the contact has no such note.
        NoteOfOther: it is somebody else's, and the user may not change all.
    """
    row = await _row(session, contact, note, user=user, of_all=of_all)
    if row.text != text:
        row.text = text
        row.version += 1
        await queries.save_note(session, row)
    return row


async def withdraw_note(
    session: AsyncSession, contact: ContactId, note: int, at: datetime, *, user: int, of_all: bool
) -> None:
    """Withdraw a note: it is shown no more.

    Raises:
        NoteUnknown: the contact has no such note.
        NoteOfOther: it is somebody else's, and the user may not change all.
    """
    row = await _row(session, contact, note, user=user, of_all=of_all)
    row.withdrawn_at = at
    row.version += 1
    await queries.save_note(session, row)


async def _row(session: AsyncSession, contact: int, note: int, *, user: int, of_all: bool) -> NoteRow:
    row = await queries.get_note(session, note)
    if row is None or row.contact_id != contact or row.withdrawn_at is not None:
        raise NoteUnknown
    if row.author_id != user and not of_all:
        raise NoteOfOther
    return row
