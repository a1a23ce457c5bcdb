"""Whether a product can be had. Pure."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class StockKeeping(StrEnum):
    """How a product's stock is known."""

    NOT_COUNTED = "not_counted"
    """A service, or something there is always enough of."""
    COUNTED = "counted"
    """Orders take from the number, and cancelled orders give back."""
    IN = "in"
    LOW = "low"
    OUT = "out"


class Availability(StrEnum):
    """Whether a product can be had now."""

    NOT_COUNTED = "not_counted"
    IN = "in"
    LOW = "low"
    OUT = "out"


def availability(keeping: StockKeeping, counted: Decimal, low_at: Decimal) -> Availability:
    """Whether a product can be had.

    Args:
        keeping: how its stock is known; where somebody has said it, that is the answer.
        counted: the number there is, where it is counted.
        low_at: the number at which it counts as low.

    >>> availability(StockKeeping.COUNTED, Decimal(3), Decimal(5)).value
    'low'
    """
    if keeping is not StockKeeping.COUNTED:
        return Availability(keeping.value)
    if counted <= 0:
        return Availability.OUT
    return Availability.LOW if counted <= low_at else Availability.IN


def lacks(keeping: StockKeeping, counted: Decimal, wanted: Decimal) -> Decimal | None:
    """The quantity that can be had where it is less than wanted; None: there is enough.

    >>> lacks(StockKeeping.COUNTED, Decimal(3), Decimal(5)), lacks(StockKeeping.LOW, Decimal(0), Decimal(5))
    (Decimal('3'), None)
    """
    if keeping is StockKeeping.COUNTED:
        return max(counted, Decimal(0)) if counted < wanted else None
    return Decimal(0) if keeping is StockKeeping.OUT else None


def is_sold(
    *, active: bool, active_from: datetime | None, active_until: datetime | None, at: datetime
) -> bool:
    """Whether a product is sold at a moment; `active_until` is the first moment at which it is not."""
    if not active or (active_from is not None and at < active_from):
        return False
    return active_until is None or at < active_until
