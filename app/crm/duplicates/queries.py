"""Pairs of contacts as rows, and the contacts that are still to be compared."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.contact_search.tables import ContactSearchRow
from app.crm.contacts.tables import ContactRow, EmailRow, PhoneRow
from app.crm.duplicates.tables import DuplicateRow
from app.records.base import table_of

SHARING_MOST: Final = 50
"""The most contacts with one number, or one name, that are compared: more of them share a switchboard."""
_SEARCH, _DUPLICATE = table_of(ContactSearchRow), table_of(DuplicateRow)


async def uncompared(session: AsyncSession, limit: int) -> list[int]:
    """Ids of contacts that have changed since they were compared; at most `limit`."""
    query = select(_SEARCH.c.contact_id).where(_SEARCH.c.compared.is_(False)).limit(limit)
    return list(await session.scalars(query))


async def mark_compared(session: AsyncSession, contacts: Collection[int]) -> None:
    """Note that contacts have been compared with all others."""
    await session.execute(update(_SEARCH).where(_SEARCH.c.contact_id.in_(contacts)).values(compared=True))


async def sharing_with(session: AsyncSession, contact: int) -> set[int]:
    """Other contacts that have a number, an address or the registry code of a contact."""
    found: set[int] = set()
    for id_, of, column in (
        (PhoneRow.contact_id, PhoneRow.contact_id, PhoneRow.e164),
        (EmailRow.contact_id, EmailRow.contact_id, EmailRow.folded),
        (ContactRow.id, ContactRow.id, ContactRow.registry_code),
    ):
        mine = select(col(column)).where(col(of) == contact, col(column) != "")
        query = select(col(id_)).where(col(column).in_(mine), col(column) != "", col(of) != contact)
        found.update(id_ for id_ in await session.scalars(query.limit(SHARING_MOST)) if id_)
    return found


async def replace_pairs(session: AsyncSession, contact: int, pairs: Sequence[Mapping[str, Any]]) -> None:
    """Save the pairs of a contact in place of those found before; those that were dismissed stay as they are."""
    await session.execute(
        delete(_DUPLICATE).where(
            or_(_DUPLICATE.c.contact_id == contact, _DUPLICATE.c.other_id == contact),
            _DUPLICATE.c.dismissed_at.is_(None),
        )
    )
    if pairs:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        await session.execute(insert(_DUPLICATE).on_conflict_do_nothing(), list(pairs))


async def page_pairs(
    session: AsyncSession, *, contact: int | None, after: tuple[int, int] | None, limit: int
) -> Sequence[DuplicateRow]:
    """Pairs that nobody has dismissed, the most probable first; `after` is `score` and `id` of the last one before."""
    score, id_ = col(DuplicateRow.score), col(DuplicateRow.id)
    query = select(DuplicateRow).where(col(DuplicateRow.dismissed_at).is_(None))
    if contact is not None:
        query = query.where(
            or_(col(DuplicateRow.contact_id) == contact, col(DuplicateRow.other_id) == contact)
        )
    if after is not None:
        query = query.where(score <= after[0], or_(score < after[0], id_ < after[1]))
    return (await session.scalars(query.order_by(score.desc(), id_.desc()).limit(limit))).all()


async def get_pair(session: AsyncSession, pair: int) -> DuplicateRow | None:
    """One pair, or None."""
    return await session.get(DuplicateRow, pair)


async def save_pair(session: AsyncSession, row: DuplicateRow) -> None:
    """Save a pair."""
    session.add(row)
    await session.flush()
