"""Tags as rows."""

from collections.abc import Collection, Sequence

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.tags.tables import ContactTagRow, TagRow


async def list_tags(session: AsyncSession) -> Sequence[TagRow]:
    """Every tag, by its folded name."""
    return (await session.scalars(select(TagRow).order_by(col(TagRow.folded)))).all()


async def count_tags(session: AsyncSession) -> int:
    """How many tags there are."""
    return await session.scalar(select(func.count()).select_from(TagRow)) or 0


async def count_contacts(session: AsyncSession) -> dict[int, int]:
    """The number of contacts that have each tag; a tag that no contact has is left out."""
    query = select(ContactTagRow.tag_id, func.count()).group_by(col(ContactTagRow.tag_id))
    return dict((await session.execute(query)).all())


async def get_tag(session: AsyncSession, tag: int) -> TagRow | None:
    """One tag, or None."""
    return await session.get(TagRow, tag)


async def save_tag(session: AsyncSession, row: TagRow) -> None:
    """Save a tag; the row comes back with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when another tag has the folded name.
    """
    session.add(row)
    await session.flush()


async def remove_tag(session: AsyncSession, row: TagRow) -> None:
    """Remove a tag, also from the contacts that have it."""
    await session.delete(row)
    await session.flush()


async def tags_of(session: AsyncSession, contact: int) -> Sequence[TagRow]:
    """A contact's tags, by their folded names."""
    query = (
        select(TagRow)
        .join(ContactTagRow, col(ContactTagRow.tag_id) == col(TagRow.id))
        .where(col(ContactTagRow.contact_id) == contact)
        .order_by(col(TagRow.folded))
    )
    return (await session.scalars(query)).all()


async def known_tags(session: AsyncSession, tags: Collection[int]) -> set[int]:
    """Those of the given ids that are tags."""
    return {id_ for id_ in await session.scalars(select(TagRow.id).where(col(TagRow.id).in_(tags))) if id_}


async def set_tags(session: AsyncSession, contact: int, tags: Collection[int]) -> None:
    """Replace a contact's tags."""
    for row in await session.scalars(select(ContactTagRow).where(col(ContactTagRow.contact_id) == contact)):
        await session.delete(row)
    await session.flush()
    session.add_all(ContactTagRow(contact_id=contact, tag_id=tag) for tag in tags)
    await session.flush()


async def contacts_with(session: AsyncSession, tag: int, *, after: int | None, limit: int) -> Sequence[int]:
    """Ids of contacts that have a tag, in ascending order.

    Args:
        tag: its id.
        after: the last id of the page before; None at the beginning.
        limit: how many at most.
    """
    contact = col(ContactTagRow.contact_id)
    query = (
        select(ContactTagRow.contact_id)
        .where(col(ContactTagRow.tag_id) == tag)
        .order_by(contact)
        .limit(limit)
    )
    if after is not None:
        query = query.where(contact > after)
    return (await session.scalars(query)).all()
