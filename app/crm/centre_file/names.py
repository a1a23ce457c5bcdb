"""Ids and the names that stand for them in a file."""

from collections.abc import Iterable
from typing import NamedTuple, Self

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import UserRow
from app.crm.centre_file.errors import NameUnknown
from app.crm.departments.tables import DepartmentRow
from app.crm.products.tables import ProductRow
from app.crm.tags.tables import TagRow


class Named(dict[int, str]):
    """What rows of a table are called, by id."""

    def __init__(self, rows: Iterable[tuple[int, str]]) -> None:
        super().__init__(rows)
        self._ids = {name.casefold(): id_ for id_, name in reversed(self.items())}

    def has(self, name: str) -> bool:
        """Whether something is called so, whatever its case."""
        return name.casefold() in self._ids

    def id_of(self, name: str, *, of: str, field: str) -> int:
        """The id of the first that is called so, whatever its case.

        Args:
            name: what the file says.
            of: the entry that names it.
            field: the field that names it.

        Raises:
            NameUnknown: nothing is.
        """
        found = self._ids.get(name.casefold())
        if found is None:
            raise NameUnknown(of=of, field=field, name=name)
        return found

    def ids_of(self, names: Iterable[str], *, of: str, field: str) -> list[int]:
        """The same for several."""
        return [self.id_of(one, of=of, field=field) for one in names]


class Names(NamedTuple):
    """What rows are called; each table by its own."""

    users: Named
    departments: Named
    """Those in use."""
    retired: Named
    """Departments out of use, the newest first."""
    tags: Named
    products: Named

    @classmethod
    async def read(cls, session: AsyncSession) -> Self:
        """All names as they are now."""
        departments = select(DepartmentRow.id, DepartmentRow.title)
        queries = (
            select(UserRow.id, UserRow.username),
            departments.where(col(DepartmentRow.active)),
            departments.where(col(DepartmentRow.active).is_(False)).order_by(col(DepartmentRow.id).desc()),
            select(TagRow.id, TagRow.name),
            select(ProductRow.id, ProductRow.code),
        )
        return cls(
            *[Named((id_ or 0, name) for id_, name in await session.execute(query)) for query in queries]
        )
