"""The version of a row that several people edit: raised by a change, and by nothing else.

::

    was = columns_of(row)                # before anything is set
    row.title = said.title
    raise_version(row, was)
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.records.base import Row, table_of

BOOKKEEPING: Final = ("version", "changed_at", "changed_by", "updated_at")
"""Columns that only tell of changes."""


def columns_of(row: Row) -> dict[str, Any]:
    """The columns of a row; none of a row that is new."""
    state: Any = inspect(row)
    return (
        {one.name: getattr(row, one.name) for one in table_of(type(row)).columns} if state.persistent else {}
    )


def raise_version(row: Row, was: Mapping[str, Any], *, parts: bool = False) -> bool:
    """Raise a row's version if it is not what it was. A row that is keeps what tells of its last change.

    Args:
        row: with a column `version`; a new row keeps its first one.
        was: its columns, of `columns_of`.
        parts: rows that belong to it are changed, too.

    Returns:
        Whether anything is changed.
    """
    if not was:
        return True
    if parts or any(getattr(row, name) != value for name, value in was.items() if name not in BOOKKEEPING):
        setattr(row, "version", was["version"] + 1)  # noqa: B010 - of a class that has one
        return True
    for name in BOOKKEEPING:
        if name in was:
            setattr(row, name, was[name])
    return False


async def versions_of(session: AsyncSession, row: type[Row]) -> dict[Any, int]:
    """The versions of a table's rows, by primary key; a row that is not among them was made since, and has version 1.

    Ask for them before the rows themselves: with a version that is older than what is shown, a change is refused; with
    one that is newer, it would overwrite what nobody has seen.
    """
    table = table_of(row)
    (key,) = table.primary_key
    rows = (await session.execute(select(key, table.c.version))).all()
    return {one[0]: one[1] for one in rows}


async def version_of(session: AsyncSession, row: type[Row], id_: int | str) -> int:
    """The version of one row, as `versions_of` has it."""
    table = table_of(row)
    (key,) = table.primary_key
    return await session.scalar(select(table.c.version).where(key == id_)) or 1
