"""Categories of complaints: kept in use or out of it, never removed."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.complaints import queries
from app.crm.complaints.errors import CategoryTaken, CategoryUnknown, TooManyCategories
from app.crm.complaints.tables import CategoryFields, CategoryRow
from app.crm.departments.service import require_department
from app.domain.references import named
from app.records.versions import columns_of, raise_version

MOST: Final = 200


async def list_categories(session: AsyncSession) -> Sequence[CategoryRow]:
    """Every category, in the order of the list."""
    return await queries.list_categories(session)


async def make_category(session: AsyncSession, said: CategoryFields) -> CategoryRow:
    """Make a category.

    Raises:
        TooManyCategories: there are `MOST`.
        CategoryTaken: another one in use has its name, whatever its case.
        ReferenceUnknown: it names a department that is not in use.
    """
    if len(await queries.list_categories(session)) >= MOST:
        raise TooManyCategories(most=MOST)
    return await _save(session, CategoryRow(title=said.title), said)


async def change_category(session: AsyncSession, id_: int, said: CategoryFields) -> CategoryRow:
    """Change a category; complaints that have it stay as they are.

    Raises:
        CategoryUnknown: there is no such category.
        CategoryTaken: another one in use has its name, whatever its case.
        ReferenceUnknown: it names a department that is not in use.
    """
    row = await queries.get_category(session, id_)
    if row is None:
        raise CategoryUnknown(category=id_)
    return await _save(session, row, said)


async def _save(session: AsyncSession, row: CategoryRow, said: CategoryFields) -> CategoryRow:
    same = [
        one.id
        for one in await queries.list_categories(session)
        if one.active and one.title.casefold() == said.title.casefold()
    ]
    if said.active and any(id_ != row.id for id_ in same):
        raise CategoryTaken(title=said.title)
    taken_up = row.id is not None and said.active and not row.active
    if said.department is not None and (taken_up or said.department != row.department):
        with named("department"):
            await require_department(session, said.department)
    was = columns_of(row)
    for name in CategoryFields.model_fields:
        setattr(row, name, getattr(said, name))
    raise_version(row, was)
    await queries.save(session, [row])
    return row
