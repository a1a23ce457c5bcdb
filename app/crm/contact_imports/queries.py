"""Imports of contacts as rows, and the rows of the contacts that they bring."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Dialect, delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.accounts.tables import UserRow
from app.crm.contact_imports.tables import ContactImportRow, ImportedContactRow
from app.crm.contacts.tables import ContactRow, EmailRow, PhoneRow
from app.crm.custom_fields.tables import CustomValueRow
from app.crm.tags.tables import ContactTagRow
from app.lists.jobs import FileJobs
from app.records.base import Row, table_of
from app.records.event_table import EventRow
from app.records.statements import Prepared

JOBS: Final = FileJobs(ContactImportRow)
_TABLES: Final[tuple[type[Row], ...]] = (
    ContactRow,
    PhoneRow,
    EmailRow,
    CustomValueRow,
    ContactTagRow,
    ImportedContactRow,
)
"""Tables of new contacts, in the order in which they are filled."""
_KEYED: Final = frozenset({PhoneRow, EmailRow, ImportedContactRow})
"""Those whose ids the database gives."""


@dataclass(slots=True)
class Counts:
    """The progress of an import."""

    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    companies: int = 0
    rejected: int = 0
    rejected_bytes: int = 0
    progress: float = 0.0


class Inserts:
    """Inserts of many contacts, in one database's dialect."""

    def __init__(self, dialect: Dialect) -> None:
        insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
        self._statements = {
            row: Prepared(
                insert(table_of(row)),
                table_of(row),
                dialect,
                without=frozenset({"id"}) if row in _KEYED else frozenset(),
            )
            for row in _TABLES
        }

    async def run(self, session: AsyncSession, rows: dict[type[Row], list[dict[str, Any]]]) -> None:
        """Insert rows by table."""
        connection = await session.connection()
        for table in _TABLES:
            if rows.get(table):
                await self._statements[table].run(connection, rows[table])


async def new_ids(session: AsyncSession, count: int) -> Sequence[int]:
    """Ids that no contact has or had. SQLite has one writer, and the rows with these ids move its counter on."""
    if session.get_bind().dialect.name == "postgresql":
        draw = text("SELECT nextval(pg_get_serial_sequence('contact', 'id')) FROM generate_series(1, :count)")
        return list(await session.scalars(draw, {"count": count}))
    last = await session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'contact'")) or 0
    return range(last + 1, last + 1 + count)


async def by_source(session: AsyncSession, job: int, sources: Collection[str]) -> dict[str, int]:
    """Contacts that an import has brought, by their own ids in the file."""
    query = select(col(ImportedContactRow.source), col(ImportedContactRow.contact_id)).where(
        col(ImportedContactRow.import_id) == job, col(ImportedContactRow.source).in_(sources)
    )
    return dict((await session.execute(query)).all())  # type: ignore[arg-type]  # sources are not null


async def users_named(session: AsyncSession, usernames: Collection[str]) -> dict[str, int]:
    """Ids of users by their user names in small letters."""
    query = select(col(UserRow.username), col(UserRow.id)).where(col(UserRow.username).in_(usernames))
    return {name: id_ for name, id_ in await session.execute(query) if id_ is not None}


async def imported(session: AsyncSession, job: int, contact: int) -> ImportedContactRow | None:
    """What an import did with a contact; None: nothing yet."""
    query = select(ImportedContactRow).where(
        col(ImportedContactRow.import_id) == job, col(ImportedContactRow.made_id) == contact
    )
    return (await session.scalars(query)).first()


async def imported_before(
    session: AsyncSession, job: int, before: int | None, limit: int
) -> Sequence[ImportedContactRow]:
    """Contacts that an import brought, the latest first; `before` is the id of the last one seen."""
    id_ = col(ImportedContactRow.id)
    query = select(ImportedContactRow).where(col(ImportedContactRow.import_id) == job)
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query.order_by(id_.desc()).limit(limit))).all()


async def count_imported(session: AsyncSession, job: int) -> int:
    """How many contacts an import still stands behind."""
    query = select(func.count()).where(col(ImportedContactRow.import_id) == job)
    return await session.scalar(query) or 0


async def versions_of(session: AsyncSession, contacts: Collection[int]) -> dict[int, int]:
    """The versions of those of some contacts that exist."""
    query = select(col(ContactRow.id), col(ContactRow.version)).where(col(ContactRow.id).in_(contacts))
    return {id_: version for id_, version in await session.execute(query) if id_ is not None}


async def remove_contacts(session: AsyncSession, contacts: Collection[int]) -> None:
    """Remove contacts that nothing refers to, with all that belongs to them."""
    await session.execute(delete(table_of(ContactRow)).where(table_of(ContactRow).c.id.in_(contacts)))


async def employers(session: AsyncSession, contacts: Collection[int]) -> set[int]:
    """Those of some contacts for whom others, not among them, work."""
    table = table_of(ContactRow)
    query = select(table.c.employer_id).where(table.c.employer_id.in_(contacts), table.c.id.not_in(contacts))
    return set(await session.scalars(query.distinct()))


async def changed_by_people(session: AsyncSession, contacts: Collection[int]) -> set[int]:
    """Those of some contacts that people changed, as in their tags, which have no version."""
    table = table_of(EventRow)
    query = select(table.c.contact_id).where(table.c.contact_id.in_(contacts), table.c.user_id.is_not(None))
    return set(await session.scalars(query.distinct()))
