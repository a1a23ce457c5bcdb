"""What events are about: each table's rows by a name that stays, with what is told of them and to whom.

A subject's `tables` describe its rows here; whatever changes them is then written down by `app.events.recorder`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.roles import Permission
from app.records.base import Row, table_of


@dataclass(slots=True, frozen=True)
class Subject:
    """Rows whose changes are events."""

    name: str
    """Such as `contact`; it stays, whatever the class is called."""
    reads: Permission
    """Who may be told that one changed."""
    row: type[Row]
    hidden: frozenset[str] = frozenset()
    """Columns of which is told that they changed, and nothing else: secrets, and what has no place in text."""
    without: frozenset[str] = frozenset()
    """Columns that tell nothing: the key, what is derived from others, the service's own bookkeeping."""
    people_only: bool = False
    """Tell only what somebody changed; what the service changes by itself, call by call, has records of its own."""
    told: Callable[[Any], bool] = field(default=lambda _row: True)
    """Whether a row is one of them, where the table has others."""


@dataclass(slots=True, frozen=True)
class Part:
    """Rows that belong to a subject's row, told as a list of it."""

    of: type[Row]
    name: str
    """Of the list."""
    key: str
    """The column with the id of the row they belong to."""
    shows: tuple[str, ...]
    """The columns that are told."""


SUBJECTS: Final[dict[type[Row], Subject]] = {}
PARTS: Final[dict[type[Row], Part]] = {}
NAMES: Final[dict[str, Permission]] = {"call": Permission.CALLS_READ_ALL}
"""Every subject's name, with the permission that reads it; of calls the journal tells."""


def describe(
    row: type[Row],
    name: str,
    *,
    reads: Permission,
    hidden: set[str] | None = None,
    without: set[str] | None = None,
    people_only: bool = False,
    told: Callable[[Any], bool] = lambda _row: True,
) -> None:
    """Let changes of a table's rows be events; the arguments are those of `Subject`."""
    table = table_of(row)
    columns = set(table.columns.keys())
    hidden, without = hidden or set(), (without or set()) | {column.name for column in table.primary_key}
    assert hidden | without <= columns, f"{name} has no column {(hidden | without) - columns}"
    SUBJECTS[row] = Subject(
        name=name,
        reads=reads,
        row=row,
        hidden=frozenset(hidden),
        without=frozenset(without),
        people_only=people_only,
        told=told,
    )
    NAMES[name] = reads


def describe_part(row: type[Row], name: str, *, of: type[Row], key: str, shows: tuple[str, ...]) -> None:
    """Let rows be told as a list of those they belong to; the arguments are those of `Part`."""
    assert {key, *shows} <= set(table_of(row).columns.keys())
    PARTS[row] = Part(of, name, key, shows)


def column_names(row: Row) -> list[str]:
    """The columns of a row's table, in their order."""
    return list(table_of(type(row)).columns.keys())
