"""Merges as rows."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.leads.tables import EngagedRow
from app.crm.merging.tables import ContactMergeRow
from app.records.tables import CallRow


async def save_merge(session: AsyncSession, row: ContactMergeRow) -> None:
    """Save a merge; the row comes back with its id."""
    session.add(row)
    await session.flush()


async def get_merge(session: AsyncSession, merge: int) -> ContactMergeRow | None:
    """One merge, or None; locked against changes by others."""
    return await session.get(ContactMergeRow, merge, with_for_update=True)


async def merges_of(session: AsyncSession, contact: int, limit: int) -> Sequence[ContactMergeRow]:
    """The merges into a contact, the newest first."""
    query = select(ContactMergeRow).where(col(ContactMergeRow.contact_id) == contact)
    return (await session.scalars(query.order_by(col(ContactMergeRow.id).desc()).limit(limit))).all()


async def last_merge(session: AsyncSession, contact: int) -> int | None:
    """The newest merge into a contact that has not been undone."""
    id_ = col(ContactMergeRow.id)
    query = select(id_).where(
        col(ContactMergeRow.contact_id) == contact, col(ContactMergeRow.undone_at).is_(None)
    )
    return await session.scalar(query.order_by(id_.desc()).limit(1))


async def merged_into(session: AsyncSession, contact: int) -> int | None:
    """The contact into which a contact went; None: it went into none."""
    query = select(col(ContactMergeRow.contact_id)).where(
        col(ContactMergeRow.merged_id) == contact, col(ContactMergeRow.undone_at).is_(None)
    )
    return await session.scalar(query.order_by(col(ContactMergeRow.id).desc()).limit(1))


async def ids_by_external_id(session: AsyncSession, external_ids: Collection[str]) -> dict[str, int]:
    """Contacts by external ids that merges into them set aside."""
    row = ContactMergeRow
    query = select(col(row.external_id), col(row.contact_id)).where(
        col(row.external_id).in_(external_ids), col(row.undone_at).is_(None)
    )
    found = await session.execute(query.order_by(col(row.id)))
    return {external: contact for external, contact in found if external is not None}


async def is_called(session: AsyncSession, contact: int) -> bool:
    """Whether a call with a contact is open, or a lead of the contact is reserved or dialled."""
    call = select(col(CallRow.id)).where(col(CallRow.contact_id) == contact, col(CallRow.ended_at).is_(None))
    lead = select(col(EngagedRow.key)).where(col(EngagedRow.key) == f"c{contact}")
    return bool(await session.scalar(call.limit(1)) or await session.scalar(lead))
