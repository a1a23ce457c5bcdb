"""Notes as rows."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.notes.tables import NoteRow


async def list_notes(
    session: AsyncSession, contact: int, *, before: int | None, limit: int
) -> Sequence[NoteRow]:
    """A contact's notes that stand, the newest first; `before` is the last id of the page before."""
    key = col(NoteRow.id)
    query = select(NoteRow).where(col(NoteRow.contact_id) == contact, col(NoteRow.withdrawn_at).is_(None))
    if before is not None:
        query = query.where(key < before)
    return (await session.scalars(query.order_by(key.desc()).limit(limit))).all()


async def get_note(session: AsyncSession, note: int) -> NoteRow | None:
    """One note, or None."""
    return await session.get(NoteRow, note)


async def save_note(session: AsyncSession, row: NoteRow) -> None:
    """Save a note; the row comes back with its id."""
    session.add(row)
    await session.flush()
