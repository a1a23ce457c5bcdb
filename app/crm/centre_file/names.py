"""Ids and the names that stand for them in a file."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import UserRow
from app.crm.centre_file.errors import NameUnknown
from app.crm.departments.tables import DepartmentRow
from app.crm.products.tables import ProductRow
from app.crm.tags.tables import TagRow


class Names(NamedTuple):
    """What rows are called; each table by its own."""

    users: Mapping[int, str]
    departments: Mapping[int, str]
    """Those in use."""
    tags: Mapping[int, str]
    products: Mapping[int, str]

    @classmethod
    async def read(cls, session: AsyncSession) -> Self:
        """All names as they are now."""
        in_use = select(DepartmentRow.id, DepartmentRow.title).where(col(DepartmentRow.active))
        queries = (
            select(UserRow.id, UserRow.username),
            in_use,
            select(TagRow.id, TagRow.name),
            select(ProductRow.id, ProductRow.code),
        )
        return cls(*[{id_ or 0: name for id_, name in await session.execute(query)} for query in queries])


def id_of(names: Mapping[int, str], name: str, *, of: str, field: str) -> int:
    """The id of what is called so, whatever its case.

    Args:
        names: of its table.
        name: what the file says.
        of: the entry that names it.
        field: the field that names it.

    Raises:
        NameUnknown: nothing is.
    """
    wanted = name.casefold()
    for id_, one in names.items():
        if one.casefold() == wanted:
            return id_
    raise NameUnknown(of=of, field=field, name=name)


def ids_of(names: Mapping[int, str], wanted: Iterable[str], *, of: str, field: str) -> list[int]:
    """The same for several."""
    return [id_of(names, one, of=of, field=field) for one in wanted]
