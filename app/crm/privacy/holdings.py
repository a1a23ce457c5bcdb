"""What each subject holds of a contact: one line beside its `describe(...)`.

    holds(OrderRow, shows=("number", "state", "address"), clears=("address", "comment"))

From it a person's data are handed out and erased, and old rows are cleared. A table that refers to a contact or has a
number, and is neither here nor in `NOT_PERSONAL`, fails a test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.records.base import Row, table_of


class Fate(StrEnum):
    """What becomes of rows when their person is erased."""

    DELETED = "deleted"
    CLEARED = "cleared"
    """The row stays for its figures, without the person."""
    KEPT = "kept"
    """The row says nothing of the person once what it belongs to is cleared."""


@dataclass(slots=True, frozen=True)
class Holding:
    """Rows that belong to a contact."""

    row: type[Row]
    shows: tuple[str, ...]
    """The columns that the person is shown."""
    clears: tuple[str, ...]
    """The columns that are emptied when the person is erased; the contact's id always is."""
    fate: Fate
    contact: str
    """The column with the contact's id; empty: none."""
    number: str
    """The column with a number of the person, by which rows without a contact are found; empty: none."""
    numbered: tuple[type[Row], str, str] | None
    """A table with the numbers of these rows, its column with the id of the row, and that with the number."""
    through: tuple[str, type[Row]] | None
    """The column with the id of a row that is held itself, and its table; None: these rows are found by themselves."""

    @property
    def made_in_calls(self) -> bool:
        """Whether its rows are made in calls: where the caller was not known, they belong to no contact, and have no
        number of their own either.
        """
        columns = table_of(self.row).c
        known = bool(self.number) or not self.contact
        return not known and "call_id" in columns and bool(columns[self.contact].nullable)

    @property
    def table(self) -> str:
        """The table's name, which stands for the kind of data."""
        return table_of(self.row).name


HOLDINGS: Final[dict[str, Holding]] = {}
"""All that is held, by table."""
NOT_PERSONAL: Final[Mapping[str, str]] = {
    "contact_search": "made from the contact, and deleted with it",
    "engaged": "there only while a lead is dialled, when nobody is erased",
    "erasure": "keyed hashes alone, so that an erasure is done again after a backup is restored",
}
"""Tables with a reference or a number that is not handed out, and why."""


def holds(
    row: type[Row],
    *,
    shows: tuple[str, ...],
    clears: tuple[str, ...] = (),
    kept: bool = False,
    contact: str = "contact_id",
    number: str = "",
    numbered: tuple[type[Row], str, str] | None = None,
    through: tuple[str, type[Row]] | None = None,
) -> None:
    """Say what a table holds of a contact: rows with `clears` are cleared, rows that are `kept` stay as they are, all
    others are deleted. The other arguments are those of `Holding`.
    """
    if through is not None:
        contact = ""
    one = Holding(
        row,
        shows=shows,
        clears=clears,
        fate=Fate.KEPT if kept else Fate.CLEARED if clears else Fate.DELETED,
        contact=contact,
        number=number,
        numbered=numbered,
        through=through,
    )
    named = {*shows, *clears, contact, number, through[0] if through else ""} - {""}
    columns = set(table_of(row).columns.keys())
    assert named <= columns, f"{one.table} has no column {named - columns}"
    assert one.table not in HOLDINGS, f"{one.table} is there twice"
    HOLDINGS[one.table] = one
