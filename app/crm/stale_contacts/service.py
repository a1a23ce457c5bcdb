"""Lists stale contacts; whoever tidies removes them one by one, as any contact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.service import Contact, load_contacts
from app.crm.merging.references import referred
from app.crm.stale_contacts import queries
from app.domain.ids import ContactId

NO_USE: Final = frozenset(
    {"phone", "email", "custom_value", "contact_tag", "imported_contact", "contact_merge", "event"}
    | {"call", "attempt"}  # these count when they are late enough
)
"""Tables whose references are no use of a contact."""
_TOGETHER: Final = 200
_LOOKED_AT: Final = 4_000
"""How many contacts one request looks at: a page may be short, and the next one goes on."""


class StalePage(NamedTuple):
    """Stale contacts in the order of their ids."""

    contacts: Sequence[Contact]
    next: ContactId | None
    """The id to go on after; None on the last page."""


async def stale(session: AsyncSession, since: datetime, *, after: int, limit: int) -> StalePage:
    """Contacts that nobody made, changed, called or talked with since a moment, and to whom nothing else refers.

    Args:
        session: that reads.
        since: aware.
        after: the id at which the page before ended; 0 at the beginning.
        limit: how many at most.
    """
    found: list[int] = []
    looked_at, last = 0, after
    while looked_at < _LOOKED_AT:
        some = await queries.untouched(session, since, after=last, limit=_TOGETHER)
        used = await queries.called_since(session, some, since) if some else set()
        used |= await referred(session, some, NO_USE) if some else set()
        found += [one for one in some if one not in used]
        if len(found) > limit:
            return StalePage(await _load(session, found[:limit]), ContactId(found[limit - 1]))
        looked_at += len(some)
        if len(some) < _TOGETHER:
            return StalePage(await _load(session, found), None)
        last = some[-1]
    return StalePage(await _load(session, found), ContactId(last))


async def _load(session: AsyncSession, contacts: Sequence[int]) -> list[Contact]:
    return await load_contacts(session, [ContactId(one) for one in contacts])
