"""Gathers all that is held of one person: their rows of every table in `HOLDINGS`, in the columns that each shows."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.privacy import records as _records  # noqa: F401 - its lines
from app.crm.privacy.holdings import HOLDINGS, Holding
from app.crm.privacy.person import Person, find_person, is_theirs
from app.crm.privacy.timelines import of_one
from app.domain.ids import ContactId
from app.events.values import told_whole
from app.records.base import table_of
from app.records.engine import reading
from app.records.tables import CallEventRow

FORM: Final = 1
"""The version of the file's form."""
ROWS_MOST: Final = 20_000
"""The most rows of one table; the file says where there are more."""


async def gather(engine: AsyncEngine, contact: ContactId, at: datetime) -> dict[str, Any]:
    """All that is held of a contact, as JSON has it.

    Args:
        engine: the database.
        contact: whose.
        at: aware; now.

    Raises:
        ContactUnknown: there is no such contact.
    """
    async with reading(engine) as session:
        person = await find_person(session, contact)
    held: dict[str, Any] = {}
    cut: list[str] = []
    for name, one in HOLDINGS.items():
        rows = await _rows(engine, one, person)
        if len(rows) > ROWS_MOST:
            cut.append(name)
        held[name] = rows[:ROWS_MOST]
    return {
        "form": FORM,
        "at": at.isoformat(),
        "contact": contact,
        "name": person.name,
        "numbers_shared_with_others": list(person.shared),
        "cut": cut,
        "held": held,
    }


async def _rows(engine: AsyncEngine, one: Holding, person: Person) -> list[dict[str, Any]]:
    table = table_of(one.row)
    columns = [table.c[name] for name in one.shows]
    query = select(*columns).where(is_theirs(one, person)).order_by(*table.primary_key.columns)
    async with reading(engine) as session:  # one table at a time: nobody waits for the whole
        rows = (await session.execute(query.limit(ROWS_MOST + 1))).all()
    shown = [{name: told_whole(value) for name, value in zip(one.shows, row, strict=True)} for row in rows]
    if one.row is CallEventRow:
        own = {contact for contact, _ in person.origins}
        return [row | {"data": of_one(row["data"], own)} for row in shown]
    return shown
