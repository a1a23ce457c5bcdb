"""What a contact's history is made of: a subject joins it with one line beside its `describe(...)`.

    joins_history(OrderRow, "order", at="placed_at", user="operator_id", shows=("number", "state"))

The table has `contact_id`, indexed. Its rows are read when the history is shown; nothing is copied.
"""

from dataclasses import dataclass
from typing import Final

from app.domain.roles import Permission
from app.records.base import Row, table_of
from app.records.tables import CallRow

CHANGE: Final = "change"
"""The kind of events: who changed what of the contact and of what belongs to it."""


@dataclass(slots=True, frozen=True)
class Source:
    """Rows that are entries of a contact's history."""

    row: type[Row]
    kind: str
    """The name of the kind, such as `order`; it never changes."""
    at: str
    """The column with the moment; rows without it are no entries."""
    user: str
    """The column with the id of the user who acted; empty: nobody did."""
    shows: tuple[str, ...]
    """The columns that an entry tells."""
    unless: str
    """A column: a row that has a value there is no entry; empty: all are."""
    reads: Permission
    """The permission to see these entries."""


SOURCES: Final[dict[str, Source]] = {}
"""The sources by kind."""


def joins_history(
    row: type[Row],
    kind: str,
    *,
    at: str,
    user: str = "",
    shows: tuple[str, ...] = (),
    unless: str = "",
    reads: Permission = Permission.CONTACTS_READ,
) -> None:
    """Let a table's rows be entries of the history of their contact; the arguments are those of `Source`."""
    named = {"id", "contact_id", at, user, *shows, unless} - {""}
    assert named <= set(table_of(row).columns.keys()), f"{kind} has no column {named}"
    assert kind != CHANGE, "that is the kind of events"
    assert kind not in SOURCES, f"{kind} is there twice"
    SOURCES[kind] = Source(row, kind, at=at, user=user, shows=shows, unless=unless, reads=reads)


joins_history(
    CallRow,
    "call",
    at="arrived_at",
    user="operator_id",
    shows=("direction", "outcome", "queue", "caller_number", "talked_s", "ended_at", "campaign_id"),
)
