"""May an operator's phone call this number outside?

`may_call` asks every rule in the order of `OutgoingRule` and names the first that stops the call. What it needs comes
in as data: what kind of number it is, whose phone calls, what that phone and the whole centre have under way and have
spent today. A number for help is stopped by its own setting and by too many such calls at once, and by nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from app.compliance.hours import Place, is_open
from app.compliance.rules import Week
from app.domain.numbers import NumberKind

EMERGENCY_CALLS: Final = 2
"""Calls for help that one phone may have at one time."""


class OutgoingRule(StrEnum):
    """What can stop a phone's call, in the order in which it is asked."""

    EMERGENCY = "emergency"
    """Numbers for help are not called from here, by setting."""
    PHONE_UNKNOWN = "phone_unknown"
    """The phone is no operator's: it calls numbers for help alone."""
    NUMBER_INVALID = "number_invalid"
    """A number of no plan, or one that cannot be read."""
    NUMBER_KIND = "number_kind"
    """Premium, shared cost, short, or another kind that the role does not call."""
    NUMBER_COUNTRY = "number_country"
    """A country that the role does not call, or none: satellites and other numbers of the whole world."""
    HOURS = "hours"
    CALLS_OF_OPERATOR = "calls_of_operator"
    """The operator has as many calls under way as one may."""
    CALLS_OF_CENTRE = "calls_of_centre"
    MONEY_OF_OPERATOR = "money_of_operator"
    """The operator's money of the day is spent."""
    MONEY_OF_CENTRE = "money_of_centre"
    SERVICE_AWAY = "service_away"
    """The PBX had nobody to ask, and its own list has no such number."""


class DialledNumber(NamedTuple):
    """What a phone dialled, read."""

    number: str
    """As it goes to the carrier: E.164, else the digits that were dialled."""
    kind: NumberKind
    country: str | None = None
    """ISO 3166; None for what belongs to no one country."""


@dataclass(slots=True, frozen=True)
class RoleLimits:
    """Which numbers users of a role may call."""

    kinds: frozenset[NumberKind] = frozenset()
    countries: frozenset[str] = frozenset()
    """ISO 3166; a number is called when its kind and its country are listed."""
    prefixes: tuple[str, ...] = ()
    """What is called besides, whatever it is: beginnings of numbers in E.164, or of short ones."""


@dataclass(slots=True, frozen=True)
class OutgoingLimits:
    """What operators' phones may call. Without a role nobody may call anything but numbers for help."""

    roles: Mapping[str, RoleLimits] = field(default_factory=dict)
    calls_of_operator: int = 2
    """At one time; a customer who was transferred outside counts until that call is over."""
    calls: int = 20
    """Of all operators together, at one time."""
    money_of_operator: Decimal | None = None
    """A day's, in the unit of the tariffs; None: no limit."""
    money: Decimal | None = None
    """Of all operators together."""
    hours: Week | None = None
    """None: at any time."""
    place: Place = field(default_factory=Place)
    """Where the centre is: its hours, and its day for the money."""
    emergency: bool = True
    """Whether numbers for help may be called."""
    trunk: str = ""
    """Endpoint through which is called; empty: as the PBX has it."""
    emergency_trunk: str = ""
    """The same for numbers for help; empty: `trunk`."""
    caller_id: str = ""
    """The number that is shown; empty: as the PBX has it."""
    longest_s: int = 14_400
    """How long one talk may last."""
    alarm_refusals: int = 5
    """So many refusals of one phone within `alarm_s` raise an alarm."""
    alarm_s: float = 600.0


@dataclass(slots=True, frozen=True)
class Use:
    """What is under way and spent. A day is the centre's."""

    calls_of_operator: int = 0
    """Of the same phone. For a number for help: calls for help alone."""
    calls: int = 0
    money_of_operator: Decimal = Decimal(0)
    """Today's, with what other calls under way have paid."""
    money: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    """What this call costs with the time it has paid; one that costs nothing is not stopped for money."""


def may_call(
    limits: OutgoingLimits, role: str | None, number: DialledNumber, use: Use, at: datetime
) -> OutgoingRule | None:
    """The rule that stops a call, or None.

    Args:
        limits: the centre's.
        role: of the operator whose phone calls; None when it is nobody's.
        number: what was dialled.
        use: so far.
        at: aware.
    """
    if number.kind is NumberKind.EMERGENCY:
        if not limits.emergency:
            return OutgoingRule.EMERGENCY
        return OutgoingRule.CALLS_OF_OPERATOR if use.calls_of_operator >= EMERGENCY_CALLS else None
    if role is None:
        return OutgoingRule.PHONE_UNKNOWN
    return _number(limits.roles.get(role, RoleLimits()), number) or _use(limits, use, at)


def _number(role: RoleLimits, number: DialledNumber) -> OutgoingRule | None:
    if number.number.startswith(role.prefixes):
        return None
    if number.kind is NumberKind.INVALID:
        return OutgoingRule.NUMBER_INVALID
    if number.kind not in role.kinds:
        return OutgoingRule.NUMBER_KIND
    return None if number.country in role.countries else OutgoingRule.NUMBER_COUNTRY


def _use(limits: OutgoingLimits, use: Use, at: datetime) -> OutgoingRule | None:
    if limits.hours is not None and not is_open(limits.hours, holidays=True, place=limits.place, at=at):
        return OutgoingRule.HOURS
    if use.calls_of_operator >= limits.calls_of_operator:
        return OutgoingRule.CALLS_OF_OPERATOR
    if use.calls >= limits.calls:
        return OutgoingRule.CALLS_OF_CENTRE
    return money_rule(limits, use)


def money_rule(limits: OutgoingLimits, use: Use) -> OutgoingRule | None:
    """The limit of a day's money that a call goes beyond, or None."""
    if _is_spent(use.money_of_operator, use.cost, limits.money_of_operator):
        return OutgoingRule.MONEY_OF_OPERATOR
    return OutgoingRule.MONEY_OF_CENTRE if _is_spent(use.money, use.cost, limits.money) else None


def money_left(limits: OutgoingLimits, use: Use) -> Decimal | None:
    """What a call may cost; None: as much as it does."""
    both = ((limits.money_of_operator, use.money_of_operator), (limits.money, use.money))
    return min((limit - spent for limit, spent in both if limit is not None), default=None)


def _is_spent(spent: Decimal, cost: Decimal, limit: Decimal | None) -> bool:
    return limit is not None and cost > 0 and spent + cost > limit
