"""Turns values of columns into bounded JSON for events. No I/O."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

HIDDEN: Final = "(not shown)"
"""Stands in place of a secret, and of a value that is no text."""
TEXT_MOST: Final = 500
"""The most characters of one text; a longer text ends in `CUT`."""
ITEMS_MOST: Final = 100
"""The most items of one list or object."""
CUT: Final = "…"


def told_whole(value: object) -> Any:
    """A value as JSON has it, as `told` makes it, but with texts and lists whole."""
    if isinstance(value, Mapping):
        return {str(name): told_whole(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [told_whole(one) for one in value]
    return str(value) if isinstance(value, str) else told(value)


def told(value: object) -> Any:
    """A value as JSON has it: long texts and lists are cut, moments are ISO 8601."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Enum):
        return told(value.value)
    if isinstance(value, str):
        return value if len(value) <= TEXT_MOST else value[: TEXT_MOST - len(CUT)] + CUT
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return _cut({told(str(name)): told(one) for name, one in list(value.items())[: ITEMS_MOST + 1]})
    if isinstance(value, (list, tuple)):
        return _cut_list([told(one) for one in value[: ITEMS_MOST + 1]])
    if isinstance(value, (set, frozenset)):
        return told(sorted(value))
    return HIDDEN


def _cut(value: dict[str, Any]) -> dict[str, Any]:
    return value if len(value) <= ITEMS_MOST else dict(list(value.items())[: ITEMS_MOST - 1]) | {CUT: CUT}


def _cut_list(value: list[Any]) -> list[Any]:
    return value if len(value) <= ITEMS_MOST else [*value[: ITEMS_MOST - 1], CUT]
