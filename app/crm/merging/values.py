"""Which value wins for each field of two contacts. Pure: no clock, no I/O."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

NOTE: Final = "note"
APART: Final = frozenset(
    {
        *("id", "kind", "search", "version", "created_at", "updated_at"),
        *("last_operator_id", "last_served_at"),
    }
)
"""Columns that no one chooses."""


class Choice(NamedTuple):
    """A field, side by side."""

    field: str
    mine: Any
    """The value of the contact that stays."""
    theirs: Any
    """The value of the contact that goes."""
    wins: Any
    """The value after the merge."""
    set_aside: Any
    """The value that the contact does not show any more; None for none."""


def choose(mine: Mapping[str, Any], theirs: Mapping[str, Any], take: Collection[str]) -> list[Choice]:
    """Choose between two contacts: a value that only one has stays; of two, that of the contact which stays.

    Args:
        mine: columns of the contact that stays.
        theirs: columns of the contact that goes.
        take: fields in which the other contact's value wins.

    >>> [one.wins for one in choose({"surname": "Tamm", "note": "a"}, {"surname": "Tam", "note": "b"}, [])]
    ['Tamm', 'a\\n\\nb']
    """
    return [_choice(name, mine[name], theirs[name], take) for name in mine if name not in APART]


def _choice(name: str, mine: Any, theirs: Any, take: Collection[str]) -> Choice:
    if name == NOTE and name not in take:
        wins = mine if theirs in ("", mine) else f"{mine}\n\n{theirs}" if mine else theirs
        return Choice(name, mine, theirs, wins, None)
    empty = (None, "")
    wins, other = (theirs, mine) if name in take or mine in empty else (mine, theirs)
    return Choice(name, mine, theirs, wins, other if other not in (*empty, wins) else None)
