"""The subjects of events: each table's rows by a name that never changes, what events tell of them, and who may read.

A subject's `tables` describe its rows here; `app.events.recorder` then writes an event for each change of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.roles import Permission
from app.records.base import Row, table_of

VERSION: Final = "version"
"""The column of rows that several people edit: the service raises it with each change (`app.api.etags`), and events
have it as their `row_version`."""


@dataclass(slots=True, frozen=True)
class Subject:
    """Rows whose changes are events."""

    name: str
    """The subject's name, such as `contact`; it never changes, though the class may be renamed."""
    reads: Permission
    """The permission to be told of changes."""
    row: type[Row]
    hidden: frozenset[str] = frozenset()
    """Columns whose values events do not tell, only that they changed: secrets, and values that are no text."""
    without: frozenset[str] = frozenset()
    """Columns that events leave out: the key, columns derived from others, the service's own bookkeeping."""
    people_only: bool = False
    """Leave out the service's own changes: those made call by call have records of their own."""
    whole: bool = False
    """Tell texts and lists whole: a change is undone by what its event tells."""
    told: Callable[[Any], bool] = field(default=lambda _row: True)
    """Whether a row belongs to the subject, where the table has other rows, too."""


@dataclass(slots=True, frozen=True)
class Part:
    """Rows that belong to a subject's row; events tell them as a list of that row."""

    of: type[Row]
    name: str
    """The name of the list."""
    key: str
    """The column with the id of the row they belong to."""
    shows: tuple[str, ...]
    """The columns that events tell."""
    whole: bool = False
    """Tell the list whole, in its order, as it was and as it is: whoever changes it replaces all its rows."""


CREATED: Final = "created"
CHANGED: Final = "changed"
REMOVED: Final = "removed"
SUBJECTS: Final[dict[type[Row], Subject]] = {}
PARTS: Final[dict[type[Row], Part]] = {}
NAMES: Final[dict[str, Permission]] = {"call": Permission.CALLS_READ_ALL}
"""Every subject's name, with the permission that reads it; the journal writes the events of calls."""
HAPPENS: Final[dict[str, frozenset[str]]] = {"call": frozenset({"ended", "contact_picked", "moved", "cut"})}
"""What may happen to each subject: with the subject's name before it, the kind of an event."""


def describe(
    row: type[Row],
    name: str,
    *,
    reads: Permission,
    hidden: set[str] | None = None,
    without: set[str] | None = None,
    people_only: bool = False,
    whole: bool = False,
    told: Callable[[Any], bool] = lambda _row: True,
    also: Iterable[str] = (),
) -> None:
    """Let changes of a table's rows be events; the arguments are those of `Subject`.

    Args:
        also: what happens to the subject beside `created`, `changed` and `removed`, as `announce` or the journal tells
            it.
    """
    table = table_of(row)
    columns = set(table.columns.keys())
    hidden, without = hidden or set(), (without or set()) | {column.name for column in table.primary_key}
    without |= {VERSION} & columns
    assert hidden | without <= columns, f"{name} has no column {(hidden | without) - columns}"
    SUBJECTS[row] = Subject(
        name=name,
        reads=reads,
        row=row,
        hidden=frozenset(hidden),
        without=frozenset(without),
        people_only=people_only,
        whole=whole,
        told=told,
    )
    NAMES[name] = reads
    HAPPENS[name] = frozenset({CREATED, CHANGED, REMOVED, *also})


def describe_part(
    row: type[Row], name: str, *, of: type[Row], key: str, shows: tuple[str, ...], whole: bool = False
) -> None:
    """Let events tell rows as a list of the row they belong to; the arguments are those of `Part`."""
    assert {key, *shows} <= set(table_of(row).columns.keys())
    PARTS[row] = Part(of, name, key, shows, whole)


def column_names(row: Row) -> list[str]:
    """The columns of a row's table, in their order."""
    return list(table_of(type(row)).columns.keys())
