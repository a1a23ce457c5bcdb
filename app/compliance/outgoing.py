"""Whether an operator's phone may call an outside number.

`may_call` checks the rules in the order of `OutgoingRule` and names the first that stops the call. The facts come in as
data: the kind of number, whose phone calls, and the calls under way and the money spent today, of that phone and of the
whole centre. Only two rules stop a call to an emergency number: its own setting, and too many such calls at once.
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
"""The most emergency calls of one phone at one time."""


class OutgoingRule(StrEnum):
    """The rules that can stop a phone's outside call, in the order in which they are checked."""

    EMERGENCY = "emergency"
    """The settings do not allow calls to emergency numbers from here."""
    PHONE_UNKNOWN = "phone_unknown"
    """The phone is no operator's: it may call only emergency numbers."""
    NUMBER_INVALID = "number_invalid"
    """The number is of no numbering plan, or cannot be read."""
    NUMBER_KIND = "number_kind"
    """A premium, shared-cost or short number, or another kind that the role may not call."""
    NUMBER_COUNTRY = "number_country"
    """A country that the role may not call, or no country: satellite and other international numbers."""
    HOURS = "hours"
    """Outside the hours of the centre."""
    CALLS_OF_OPERATOR = "calls_of_operator"
    """The operator has the most calls under way that one may have."""
    CALLS_OF_CENTRE = "calls_of_centre"
    """All operators together have the most calls under way that they may have."""
    MONEY_OF_OPERATOR = "money_of_operator"
    """The operator's daily limit on money is reached."""
    MONEY_OF_CENTRE = "money_of_centre"
    """The centre's daily limit on money is reached."""
    SERVICE_AWAY = "service_away"
    """The PBX could not reach the service, and its own list does not have the number."""


class DialledNumber(NamedTuple):
    """The number that a phone dialled, as the numbering plan has it."""

    number: str
    """The number as it goes to the carrier: E.164, else the digits that were dialled."""
    kind: NumberKind
    country: str | None = None
    """ISO 3166; None: it belongs to no single country."""


@dataclass(slots=True, frozen=True)
class RoleLimits:
    """Which numbers users of a role may call."""

    kinds: frozenset[NumberKind] = frozenset()
    countries: frozenset[str] = frozenset()
    """ISO 3166; a number may be called if both its kind and its country are listed."""
    prefixes: tuple[str, ...] = ()
    """Numbers that may be called in any case: prefixes in E.164, or of short numbers."""


@dataclass(slots=True, frozen=True)
class OutgoingLimits:
    """What operators' phones may call outside. A role that is not in `roles` may call only emergency numbers."""

    roles: Mapping[str, RoleLimits] = field(default_factory=dict)
    calls_of_operator: int = 2
    """The most calls of one operator at one time. A customer transferred outside counts until that call is over."""
    calls: int = 20
    """The most calls of all operators together at one time."""
    money_of_operator: Decimal | None = None
    """What one operator may spend a day, in the unit of the tariffs; None: no limit."""
    money: Decimal | None = None
    """What all operators together may spend a day; None: no limit."""
    hours: Week | None = None
    """When calls may be made; None: at any time."""
    place: Place = field(default_factory=Place)
    """Where the centre is: its hours and its days follow the local time."""
    emergency: bool = True
    """Whether emergency numbers may be called."""
    trunk: str = ""
    """The trunk's endpoint at the PBX; empty: the PBX's setting."""
    emergency_trunk: str = ""
    """The trunk's endpoint for emergency numbers; empty: `trunk`."""
    caller_id: str = ""
    """The number that the called party sees; empty: the PBX's setting."""
    longest_s: int = 14_400
    """How long one talk may last."""
    alarm_refusals: int = 5
    """How many refusals of one phone within `alarm_s` raise an alarm."""
    alarm_s: float = 600.0


@dataclass(slots=True, frozen=True)
class Use:
    """What is under way and spent besides a call, and what that call costs. Days are the centre's."""

    calls_of_operator: int = 0
    """Other calls of the same phone; for a call to an emergency number, only the other emergency calls."""
    calls: int = 0
    """Other calls of all phones."""
    money_of_operator: Decimal = Decimal(0)
    """What the operator has spent today, with what the phone's other calls under way have paid."""
    money: Decimal = Decimal(0)
    """What all operators have spent today, with what all other calls under way have paid."""
    cost: Decimal = Decimal(0)
    """What this call costs with the time it has paid; a call that costs nothing is not stopped for money."""


def may_call(
    limits: OutgoingLimits, role: str | None, number: DialledNumber, use: Use, at: datetime
) -> OutgoingRule | None:
    """The rule that stops a call; None: it may be made.

    Args:
        limits: the centre's limits.
        role: the role of the operator whose phone calls; None: the phone is no operator's.
        number: the dialled number.
        use: what is under way and spent so far.
        at: the moment; aware.
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
    """The daily limit on money that a call exceeds; None: it exceeds none."""
    if _is_spent(use.money_of_operator, use.cost, limits.money_of_operator):
        return OutgoingRule.MONEY_OF_OPERATOR
    return OutgoingRule.MONEY_OF_CENTRE if _is_spent(use.money, use.cost, limits.money) else None


def money_left(limits: OutgoingLimits, use: Use) -> Decimal | None:
    """How much money is left today for a call; None: there is no limit. Negative if more has been spent."""
    both = ((limits.money_of_operator, use.money_of_operator), (limits.money, use.money))
    return min((limit - spent for limit, spent in both if limit is not None), default=None)


def _is_spent(spent: Decimal, cost: Decimal, limit: Decimal | None) -> bool:
    return limit is not None and cost > 0 and spent + cost > limit
