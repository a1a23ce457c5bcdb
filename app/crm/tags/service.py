"""Tags: made by whoever writes contacts, each name once."""

import unicodedata
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.service import Contact, get_contact, load_contacts
from app.crm.tags import queries
from app.crm.tags.errors import TagTaken, TagUnknown, TooManyTags
from app.crm.tags.tables import TagFields, TagRow
from app.domain.ids import ContactId
from app.domain.references import ReferenceUnknown
from app.records.errors import refused_as
from app.records.versions import columns_of, raise_version

MOST: Final = 500
"""The most tags of a centre; people can still choose from a list of this length."""


async def list_tags(session: AsyncSession) -> list[tuple[TagRow, int]]:
    """Every tag by name, with how many contacts have it."""
    counts = await queries.count_contacts(session)
    return [(row, counts.get(row.id or 0, 0)) for row in await queries.list_tags(session)]


async def make_tag(session: AsyncSession, said: TagFields) -> TagRow:
    """Make a tag.

    Raises:
        TagTaken: there is one of this name.
        TooManyTags: there are `MOST`.
    """
    if await queries.count_tags(session) >= MOST:
        raise TooManyTags(most=MOST)
    return await _save(session, TagRow(name=said.name, folded=""), said)


async def change_tag(session: AsyncSession, tag: int, said: TagFields) -> TagRow:
    """Change a tag's name or colour, for all contacts that have it.

    Raises:
        TagUnknown: there is no such tag.
        TagTaken: another has this name.
    """
    return await _save(session, await _row(session, tag), said)


async def remove_tag(session: AsyncSession, tag: int) -> None:
    """Remove a tag, also from the contacts that have it.

    Raises:
        TagUnknown: there is no such tag.
    """
    await queries.remove_tag(session, await _row(session, tag))


async def tags_named(session: AsyncSession, names: Collection[str]) -> dict[str, int]:
    """The ids of tags by their names as given; those that are missing are made.

    Raises:
        TooManyTags: there would be more than `MOST`.
    """
    if not names:
        return {}
    known = {row.folded: row.id or 0 for row in await queries.list_tags(session)}
    for name in names:
        if _folded(name) not in known:
            known[_folded(name)] = (await make_tag(session, TagFields(name=name))).id or 0
    return {name: known[_folded(name)] for name in names}


async def tags_of(session: AsyncSession, contact: ContactId) -> Sequence[TagRow]:
    """A contact's tags, by name.

    Raises:
        ContactUnknown: there is no such contact.
    """
    await get_contact(session, contact)
    return await queries.tags_of(session, contact)


async def set_tags(session: AsyncSession, contact: ContactId, tags: Collection[int]) -> Sequence[TagRow]:
    """Replace a contact's tags; returns them by name.

    Raises:
        ContactUnknown: there is no such contact.
        ReferenceUnknown: one of the tags does not exist.
    """
    await get_contact(session, contact)
    wanted = set(tags)
    await require_tags(session, tags)
    await queries.set_tags(session, contact, wanted)
    return await queries.tags_of(session, contact)


async def require_tags(session: AsyncSession, tags: Collection[int], field: str = "tags") -> None:
    """Check that tags exist which a field of a request names.

    Raises:
        ReferenceUnknown: one does not.
    """
    known = await queries.known_tags(session, tags)
    for place, tag in enumerate(tags):
        if tag not in known:
            raise ReferenceUnknown(f"{field}.{place}", TagUnknown(tag=tag))


async def contacts_with(
    session: AsyncSession, tag: int, *, after: int | None = None, limit: int = 20
) -> tuple[Sequence[Contact], int | None]:
    """Contacts that have a tag, and the id to go on after; None on the last page.

    Args:
        session: reads.
        tag: its id.
        after: where the page before ended; None at the beginning.
        limit: how many at most, 1..500.

    Raises:
        TagUnknown: there is no such tag.
    """
    await _row(session, tag)
    ids = await queries.contacts_with(session, tag, after=after, limit=limit + 1)
    shown = ids[:limit]
    contacts = await load_contacts(session, [ContactId(id_) for id_ in shown])
    return contacts, shown[-1] if len(ids) > limit else None


async def _row(session: AsyncSession, tag: int) -> TagRow:
    row = await queries.get_tag(session, tag)
    if row is None:
        raise TagUnknown(tag=tag)
    return row


def _folded(name: str) -> str:
    """A name in the form that is compared: signs count (`A` is not `A+`), case and the width of letters and blanks do
    not.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


async def _save(session: AsyncSession, row: TagRow, said: TagFields) -> TagRow:
    was = columns_of(row)
    row.name, row.colour, row.folded = said.name, said.colour, _folded(said.name)
    raise_version(row, was)
    with refused_as(TagTaken(name=said.name)):
        await queries.save_tag(session, row)
    return row
