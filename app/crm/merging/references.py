"""Which columns of the database refer to a contact: a merge moves all of them.

A later subject needs nothing here: a column with a name of `NAMES`, or with a foreign key to `contact`, is found. A
row that may stand only once for each contact (a tag, a number) goes where the contact that stays has it already.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import Column, PrimaryKeyConstraint, Table, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contact_search.tables import ContactSearchRow
from app.crm.contacts.tables import ContactRow
from app.crm.duplicates.tables import DuplicateRow
from app.records.base import metadata, table_of

NOT_MOVED: Final[Mapping[str, str]] = {
    table_of(ContactSearchRow).name: "made anew",
    table_of(DuplicateRow).name: "compared anew",
}
"""Tables whose rows go with their contact, and why."""

NAMES: Final = frozenset({"contact_id", "employer_id"})
"""Columns of these names have the id of a contact, with or without a foreign key."""


class Reference(NamedTuple):
    """A column that refers to a contact."""

    table: Table
    column: str
    once: tuple[str, ...] | None
    """The other columns of which each combination may stand once for a contact; None: any number of rows may."""
    key: tuple[str, ...]
    """The other columns by which a row is known when its contact changes."""


@cache
def references() -> tuple[Reference, ...]:
    """All columns that refer to a contact, except those of `NOT_MOVED`; call it once all subjects are imported."""
    return tuple(
        _reference(table, column)
        for table in metadata.sorted_tables
        if table.name not in NOT_MOVED
        for column in table.columns
        if refers(column)
    )


async def referred(session: AsyncSession, contacts: Collection[int], without: Collection[str]) -> set[int]:
    """Those of some contacts to which rows of other tables refer; rows that are marked as removed do not count.

    Args:
        session: that reads.
        contacts: their ids; at most a few hundred.
        without: names of tables that do not count.
    """
    found: set[int] = set()
    for one in references():
        if one.table.name not in without:
            column = one.table.c[one.column]
            query = select(column).where(column.in_(contacts)).distinct()
            if "removed_at" in one.table.c:
                query = query.where(one.table.c.removed_at.is_(None))
            found.update(await session.scalars(query))
    return found


def refers(column: Column[object]) -> bool:
    """Whether a column refers to a contact."""
    of_contact = table_of(ContactRow).c.id
    return column.name in NAMES or any(key.column is of_contact for key in column.foreign_keys)


def _reference(table: Table, column: Column[object]) -> Reference:
    uniques = [
        *(
            tuple(one.columns)
            for one in table.constraints
            if isinstance(one, UniqueConstraint | PrimaryKeyConstraint)
        ),
        *(tuple(one.columns) for one in table.indexes if one.unique),
    ]
    found = next((columns for columns in uniques if column in columns), None)
    once = None if found is None else tuple(one.name for one in found if one is not column)
    key = tuple(one.name for one in table.primary_key.columns if one is not column)
    return Reference(table, column.name, once, key)
