"""The columns of a lead that operators see: in the order of its list, and no more than a card can hold."""

from collections.abc import Mapping
from typing import Any, Final

COLUMNS_MOST: Final = 40
NAME_MOST: Final = 60
"""The most characters of a column's name."""
VALUE_MOST: Final = 500
"""The most characters of one value."""
ALL_MOST: Final = 4_000
"""The most characters of all names and values together: they go with each message of the call."""
_CUT: Final = "…"


def shown_columns(variables: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Names and values, as they are shown; what is longer is cut, and what is over is left out.

    >>> shown_columns({"Leping": "A1", "Märkus": "", "Summa": 17})
    (('Leping', 'A1'), ('Summa', '17'))
    """
    shown: list[tuple[str, str]] = []
    left = ALL_MOST
    for name, value in variables.items():
        if value is None or value == "":
            continue
        column = (_cut(str(name), NAME_MOST), _cut(str(value), VALUE_MOST))
        left -= len(column[0]) + len(column[1])
        if left < 0 or len(shown) == COLUMNS_MOST:
            break
        shown.append(column)
    return tuple(shown)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + _CUT
