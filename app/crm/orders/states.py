"""The states of an order, and what leads from one to the next. Pure: no clock, no database.

::

    draft --place--> placed --confirm--> confirmed --deliver--> delivered --return--> returned
                       |                    |                    |     ^
                       |                    |                    +-----+  some lines returned, others not
                       +------deliver-------+-> delivered
                       +------cancel--------+-> cancelled
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class OrderState(StrEnum):
    """How far an order has come."""

    DRAFT = "draft"
    """It is being typed; it has no number yet."""
    PLACED = "placed"
    """The customer has ordered; the lines, prices and totals never change again."""
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    """Everything that was delivered came back."""


class OrderAction(StrEnum):
    """What may be done with an order."""

    CHANGE = "change"
    DISCARD = "discard"
    """Throw a draft away."""
    PLACE = "place"
    CONFIRM = "confirm"
    DELIVER = "deliver"
    CANCEL = "cancel"
    RETURN = "return"


_AFTER: Final = MappingProxyType(
    {
        (OrderState.DRAFT, OrderAction.CHANGE): OrderState.DRAFT,
        (OrderState.DRAFT, OrderAction.DISCARD): OrderState.DRAFT,
        (OrderState.DRAFT, OrderAction.PLACE): OrderState.PLACED,
        (OrderState.PLACED, OrderAction.CONFIRM): OrderState.CONFIRMED,
        (OrderState.PLACED, OrderAction.DELIVER): OrderState.DELIVERED,
        (OrderState.PLACED, OrderAction.CANCEL): OrderState.CANCELLED,
        (OrderState.CONFIRMED, OrderAction.DELIVER): OrderState.DELIVERED,
        (OrderState.CONFIRMED, OrderAction.CANCEL): OrderState.CANCELLED,
        (OrderState.DELIVERED, OrderAction.RETURN): OrderState.RETURNED,
    }
)


class Delivered(NamedTuple):
    """A line that was delivered."""

    id: int
    quantity: Decimal
    returned: Decimal
    """What has come back of it, 0..`quantity`."""


def after(state: OrderState, action: OrderAction) -> OrderState | None:
    """The state that an action leads to; None: it may not be done now. Of a return it is that of a whole one.

    >>> after(OrderState.DRAFT, OrderAction.PLACE), after(OrderState.CANCELLED, OrderAction.DELIVER)
    (<OrderState.PLACED: 'placed'>, None)
    """
    return _AFTER.get((state, action))


def actions(state: OrderState) -> list[OrderAction]:
    """What may be done in a state, in the order of `OrderAction`."""
    return [action for action in OrderAction if (state, action) in _AFTER]


def give_back(lines: Sequence[Delivered], back: dict[int, Decimal] | None) -> list[Delivered] | None:
    """The lines of an order after a return; None: it does not fit them.

    Args:
        lines: all lines of the order with products.
        back: the quantity above 0 that comes back now, by the line's id; None: all that is not back yet.
    """
    if back is None:
        back = {line.id: line.quantity - line.returned for line in lines if line.returned < line.quantity}
    known = {line.id: line for line in lines}
    if not back or not back.keys() <= known.keys():
        return None
    if any(known[id_].returned + quantity > known[id_].quantity for id_, quantity in back.items()):
        return None
    return [line._replace(returned=line.returned + back.get(line.id, Decimal(0))) for line in lines]


def returned_state(lines: Sequence[Delivered]) -> OrderState:
    """The state after a return: `returned` once every line is back whole."""
    whole = all(line.returned == line.quantity for line in lines)
    return OrderState.RETURNED if whole else OrderState.DELIVERED
