"""Keeps the index in step with contacts: in the same transaction, whoever changes them through the session.

    writing(engine) -> rows of a contact change -> flush -> the contact is noted
                                                   commit -> its terms are made anew, in the same transaction

Whoever runs statements that change contacts past the session calls `index`.
"""

import asyncio
from collections.abc import Collection, Mapping
from typing import Final

import structlog
from sqlalchemy import event as hooks
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session

from app.crm.contact_search.fields import load
from app.crm.contact_search.queries import around, save, unindexed
from app.crm.contact_search.terms import FORM
from app.crm.contacts.tables import ContactRow, PhoneRow
from app.crm.tags.tables import ContactTagRow
from app.records.base import Row
from app.records.engine import reading, writing
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


class Indexer:
    """Indexes contacts that an older version left, batch by batch. Call `run` in a task group."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self) -> None:
        """Index until nothing is left; while the database is away, try again."""
        while True:
            try:
                indexed = await self.fill()
            except Exception as error:  # noqa: BLE001 - contacts that are found later are no reason to stop
                report(_log, "contacts_not_indexed", error, part="contact_search")
                await asyncio.sleep(AGAIN_S)
            else:
                if indexed:
                    _log.info("contacts_indexed", contacts=indexed)
                return

    async def fill(self) -> int:
        """Index all contacts that are not, and return how many."""
        indexed = 0
        while True:
            async with reading(self._engine) as session:
                some = await unindexed(session, FORM, BATCH)
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
    for row in session.dirty:
        if isinstance(row, ContactRow):
            left.update(id_ for id_ in inspect(row).attrs.employer_id.history.deleted or () if id_)
    noted += (row for row in session.new if type(row) in PARTS)
    noted += (row for row in session.dirty if type(row) in PARTS and session.is_modified(row))
    noted += (row for row in session.deleted if type(row) in PARTS)


def _write(session: Session) -> None:
    """Index the contacts of the rows that were noted."""
    if session.in_nested_transaction():
        return
    session.flush()
    noted: list[Row] = session.info.pop(_NOTED, [])
    contacts = {id_ for row in noted if (id_ := getattr(row, PARTS[type(row)])) is not None}
    if contacts:
        _index(session, contacts | around(session, contacts, session.info.pop(_LEFT, set())))


def _forget(session: Session) -> None:
    session.info.pop(_NOTED, None)
    session.info.pop(_LEFT, None)
