"""VAT rates with the days from which they hold. Pure.

A rate that changes is a further row: what was sold before keeps the rate of its day.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class DatedRate(NamedTuple):
    """A category's rate from one day on."""

    category: str
    valid_from: date
    percent: Decimal


def rate_on(rates: Iterable[DatedRate], category: str, day: date) -> Decimal | None:
    """A category's rate on a day, in percent; None: it has none yet.

    >>> rates = [DatedRate("press", date(2022, 8, 1), Decimal(5)), DatedRate("press", date(2025, 1, 1), Decimal(9))]
    >>> rate_on(rates, "press", date(2024, 12, 31)), rate_on(rates, "press", date(2025, 1, 1))
    (Decimal('5'), Decimal('9'))
    """
    found = [one for one in rates if one.category == category and one.valid_from <= day]
    return max(found, key=lambda one: one.valid_from).percent if found else None
