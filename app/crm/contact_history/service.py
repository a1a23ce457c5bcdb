"""A contact's history: the sources' pages, merged by moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.calls.names import user_names
from app.crm.contact_history import queries
from app.crm.contact_history.errors import KindUnknown
from app.crm.contact_history.queries import Entry, Place
from app.crm.contact_history.sources import CHANGE, SOURCES
from app.crm.contacts.service import get_contact
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.events.subjects import NAMES


@dataclass(slots=True, frozen=True)
class HistoryPage:
    """Entries, the newest first."""

    entries: Sequence[Entry]
    next: Place | None
    """Where the next page begins; None on the last one."""


def kinds() -> list[str]:
    """The kinds of entries, by name."""
    return sorted({*SOURCES, CHANGE})


async def page_history(
    session: AsyncSession,
    contact: ContactId,
    *,
    wanted: Collection[str],
    permissions: Collection[Permission],
    before: Place | None,
    limit: int,
) -> HistoryPage:
    """A page of a contact's history.

    Args:
        session: that reads.
        contact: the contact.
        wanted: kinds of entries; empty: all.
        permissions: of the user; entries of what the user may not read are left out.
        before: where the page before ended; None at the beginning.
        limit: how many at most.

    Raises:
        ContactUnknown: there is no such contact.
        KindUnknown: there are no entries of a kind that is wanted.
    """
    for kind in wanted:
        if kind not in SOURCES and kind != CHANGE:
            raise KindUnknown(kind=kind, kinds=kinds())
    await get_contact(session, contact)
    found: list[Entry] = []
    for source in SOURCES.values():
        if (not wanted or source.kind in wanted) and source.reads in permissions:
            found += await queries.page_source(session, source, contact, before=before, limit=limit + 1)
    if not wanted or CHANGE in wanted:
        subjects = [name for name, reads in NAMES.items() if reads in permissions]
        found += await queries.page_changes(session, contact, subjects, before=before, limit=limit + 1)
    found.sort(key=lambda one: (one.at, one.kind, _order(one.id)), reverse=True)
    shown = found[:limit]
    names = await user_names(session, {one.user for one in shown if one.user is not None and not one.name})
    named = [one if one.name else one._replace(name=names.get(one.user or 0, "")) for one in shown]
    last = named[-1] if len(found) > limit else None
    return HistoryPage(named, Place(last.at, last.kind, last.id) if last else None)


def _order(id_: str) -> tuple[int, str]:
    """Ids of one kind in their order: numbers by size, texts by letters."""
    return (int(id_), "") if id_.isdecimal() else (0, id_)
