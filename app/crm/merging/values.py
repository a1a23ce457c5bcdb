"""Which value wins for each field of two contacts. Pure: no clock, no I/O."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

NOTE: Final = "note"
APART: Final = frozenset(
    {
        *("id", "kind", "search", "version", "created_at", "updated_at"),
        *("last_operator_id", "last_served_at"),
    }
)
"""Columns that no one chooses."""
STAYING: Final = frozenset({"preferred_phone", "preferred_email"})
"""Fields that choose among values which the contact has all of: nothing is set aside."""
NAMES: Final = MappingProxyType({"employer_id": "employer", "owner_id": "owner"})
"""What contacts call a field, where the column has another name."""


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
        mine: columns of the contact that stays, and what stands beside them; what is missing is no value.
        theirs: the same of the contact that goes.
        take: fields in which the other contact's value wins, by the names that contacts have.

    >>> [one.wins for one in choose({"surname": "Tamm", "note": "a"}, {"surname": "Tam", "note": "b"}, [])]
    ['Tamm', 'a\\n\\nb']
    """
    return [
        _choice(NAMES.get(name, name), mine.get(name), theirs.get(name), take)
        for name in dict.fromkeys((*mine, *theirs))
        if name not in APART
    ]


def _choice(name: str, mine: Any, theirs: Any, take: Collection[str]) -> Choice:
    if name == NOTE and name not in take:
        wins = mine if theirs in ("", mine) else f"{mine}\n\n{theirs}" if mine else theirs
        return Choice(name, mine, theirs, wins, None)
    empty = (None, "")
    wins, other = (theirs, mine) if name in take or mine in empty else (mine, theirs)
    aside = other if other not in (*empty, wins) and name not in STAYING else None
    return Choice(name, mine, theirs, wins, aside)
