"""Statements with a list of values, built once.

A list of another length makes another text of `IN (...)`. PostgreSQL parses and plans each text anew, and a connection
keeps only a hundred of them; so the list is one value there, an array. On SQLite it is spelled out, which costs little.
"""

from collections.abc import Callable, Collection
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Executable, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

S = TypeVar("S", bound=Executable)
_NAME: Final = "among"


Is = Callable[[Any], ColumnElement[bool]]
"""Makes the condition that a column has one of the values."""


class Among(Generic[S]):
    """A statement that asks for rows in which a column has one of some values.

    Args:
        build: makes the statement of what makes its condition; the values are the same for all columns.
    """

    def __init__(self, build: Callable[[Is], S]) -> None:
        self._build = build
        self._built: dict[str, S] = {}

    def of(self, session: AsyncSession | Session) -> S:
        """The statement for the session's database; its values are `given`."""
        dialect = session.get_bind().dialect.name
        if dialect not in self._built:
            self._built[dialect] = self._build(_is_in_array if dialect == "postgresql" else _is_in_list)
        return self._built[dialect]

    @staticmethod
    def given(values: Collection[Any]) -> dict[str, Any]:
        """The statement's parameter."""
        return {_NAME: list(values)}


def _is_in_array(column: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column == any_(bindparam(_NAME, type_=ARRAY(column.type)))
    return condition


def _is_in_list(column: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column.in_(bindparam(_NAME, expanding=True))
    return condition
