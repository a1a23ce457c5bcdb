"""Keeps the index in step with contacts: in the same transaction, whoever changes them through the session.

    writing(engine) -> rows of a contact change -> flush -> the contact is noted
                                                   commit -> its terms are made anew, in the same transaction

Whoever runs statements that change contacts past the session calls `index`. The people of a large company that gets
another name are marked in the transaction, and the indexer follows, batch by batch, once the change is told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Final

import structlog
from sqlalchemy import event as hooks
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session

from app.crm.contact_search.fields import load
from app.crm.contact_search.queries import (
    PEOPLE_MOST,
    employers_of,
    mark_people,
    outdated,
    people_of,
    save,
    unindexed,
)
from app.crm.contact_search.terms import FORM
from app.crm.contacts.tables import ContactRow, PhoneRow
from app.crm.tags.tables import ContactTagRow
from app.records.base import Row
from app.records.engine import reading, writing
from app.records.event_table import EventRow
from app.records.sessions import WritingSession
from app.system.faults import report

BATCH: Final = 500
"""How many contacts one transaction indexes: others write between."""
PAUSE_S: Final = 0.05
"""Seconds between two batches."""
AGAIN_S: Final = 60.0
"""Seconds before the next try, where the database was away."""
_NOTED: Final = "contacts_to_index"
_LEFT: Final = "companies_that_people_left"
_RENAMED: Final = "companies_with_another_name"
_log = structlog.get_logger(__name__)


PARTS: Final[Mapping[type[Row], str]] = {
    ContactRow: "id",
    PhoneRow: "contact_id",
    ContactTagRow: "contact_id",
}
"""Tables with what contacts are found by, and the column that has the contact's id."""


def listen() -> None:
    """Index contacts from now on as transactions change them."""
    hooks.listen(WritingSession, "before_flush", _note)
    hooks.listen(WritingSession, "before_commit", _write)
    hooks.listen(WritingSession, "after_rollback", _forget)


async def index(session: AsyncSession, contacts: Collection[int]) -> None:
    """Make the terms of some contacts anew; at most a few thousand of them.

    Args:
        session: of `writing`.
        contacts: ids; those of no contact are left out.
    """
    await session.run_sync(lambda sync: _index(sync, contacts))


async def leave_people(session: AsyncSession, companies: Collection[int]) -> None:
    """Leave all people of companies to the indexer: they work for another company now, or for none.

    Args:
        session: of `writing`; an event of a contact is written in the same transaction.
        companies: their ids.
    """
    await session.run_sync(lambda sync: mark_people(sync, companies))


class Indexer:
    """Indexes contacts that an older version left, and those that were marked, batch by batch.

    Call `run` in a task group, and `hear` with the stream of events.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._changed = asyncio.Event()

    def hear(self, events: Sequence[EventRow]) -> None:
        """Look again when a contact has changed, in whichever process."""
        if any(event.subject == "contact" for event in events):
            self._changed.set()

    async def run(self) -> None:
        """Index what is left, again and again until cancelled; while the database is away, try again."""
        look = unindexed
        while True:
            self._changed.clear()
            try:
                indexed = await self.fill(look)
            except Exception as error:  # noqa: BLE001 - contacts that are found later are no reason to stop
                report(_log, "contacts_not_indexed", error, part="contact_search")
                await asyncio.sleep(AGAIN_S)
                continue
            if indexed:
                _log.info("contacts_indexed", contacts=indexed)
            look = outdated
            await self._changed.wait()

    async def fill(self, look: Callable[[AsyncSession, int, int], Awaitable[list[int]]] = unindexed) -> int:
        """Index all contacts that are not, and return how many.

        Args:
            look: finds the next of them.
        """
        indexed = 0
        while True:
            async with reading(self._engine) as session:
                some = await look(session, FORM, BATCH)
            if not some:
                return indexed
            async with writing(self._engine) as session:
                await index(session, some)
            indexed += len(some)
            await asyncio.sleep(PAUSE_S)


def _index(session: Session, contacts: Collection[int]) -> None:
    asked = sorted(contacts)
    for start in range(0, len(asked), BATCH):
        save(
            session,
            [
                {
                    "contact_id": contact,
                    "names": found.names,
                    "terms": found.terms,
                    "form": FORM,
                    "compared": False,
                }
                for contact, found in load(session, asked[start : start + BATCH]).items()
            ],
        )


def _note(session: Session, _context: object, _instances: object) -> None:
    """Note rows, of which new ones have no id yet."""
    noted: list[Row] = session.info.setdefault(_NOTED, [])
    left: set[int] = session.info.setdefault(_LEFT, set())
    renamed: set[int] = session.info.setdefault(_RENAMED, set())
    for row in session.dirty:
        if isinstance(row, ContactRow) and row.id is not None:
            was = inspect(row).attrs
            left.update(id_ for id_ in was.employer_id.history.deleted or () if id_)
            if was.company_name.history.has_changes():
                renamed.add(row.id)
    left.update(row.employer_id for row in session.deleted if isinstance(row, ContactRow) and row.employer_id)
    noted += (row for row in session.new if type(row) in PARTS)
    noted += (row for row in session.dirty if type(row) in PARTS and session.is_modified(row))
    noted += (row for row in session.deleted if type(row) in PARTS)


def _write(session: Session) -> None:
    """Index the contacts of the rows that were noted."""
    if session.in_nested_transaction():
        return
    session.flush()
    noted: list[Row] = session.info.pop(_NOTED, [])
    left: set[int] = session.info.pop(_LEFT, set())
    renamed: set[int] = session.info.pop(_RENAMED, set())
    contacts = {id_ for row in noted if (id_ := getattr(row, PARTS[type(row)])) is not None}
    if not contacts:
        return
    people = people_of(session, renamed) if renamed else set()
    if len(people) > PEOPLE_MOST:
        mark_people(session, renamed)
        people = set()
    _index(session, contacts | left | people | employers_of(session, contacts))


def _forget(session: Session) -> None:
    for name in (_NOTED, _LEFT, _RENAMED):
        session.info.pop(name, None)
