"""Events of operators' outside calls."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from app.compliance.outgoing import DialledNumber, OutgoingRule
from app.domain.ids import (
    CallId,
    ChannelId,
    ContactId,
    OperatorId,
)
from app.domain.tariffs import Tariff


class OutgoingAsked(NamedTuple):
    """A phone dialled an outside number, or transferred somebody to one. The PBX waits for the floor's answer."""

    call: CallId
    """Given by the PBX: the channel's id, a colon, and the number of this call among the channel's outside calls."""
    channel: ChannelId
    """The channel of the party that will talk with the outside party."""
    channel_name: str
    number: str
    """The number as dialled: digits, with or without a plus sign before them."""
    endpoint: str
    """The phone that dialled or transferred."""
    transferred: bool = False
    """The phone transferred somebody: that party will talk, not the operator."""
    alive: bool = True
    """The PBX waits for the floor's answer; if False, it decides by its own list of numbers."""


class NumberRead(NamedTuple):
    """The numbering plan and the price list answered `ReadNumber`."""

    call: CallId
    number: DialledNumber
    tariff: Tariff | None = None
    contact: ContactId | None = None
    """Set if exactly one contact has this number."""


class OutgoingLegBegan(NamedTuple):
    """The PBX began to dial an outside call."""

    call: CallId
    leg: ChannelId
    number: str
    endpoint: str
    """The phone that dialled or transferred."""


class OutgoingStopped(NamedTuple):
    """The PBX did not dial an outside call: the floor refused it, or the PBX itself did."""

    call: CallId
    rule: str


class OutgoingCharged(NamedTuple):
    """The records have the cost of an outside call that this floor did not count, or not whole."""

    operator: OperatorId
    day: date
    """The day at the centre."""
    amount: Decimal


class OutgoingMissed(NamedTuple):
    """The records have an outside call on which the PBX decided by itself while it had no link to the service."""

    operator: OperatorId | None
    endpoint: str
    """The phone, if no operator has it; empty: the operator's phone."""
    asked_at: datetime
    rule: OutgoingRule | None
    """The rule that stopped the call; None: it was dialled, as it was to an emergency number."""


OutgoingEvent = (
    OutgoingAsked | NumberRead | OutgoingLegBegan | OutgoingStopped | OutgoingCharged | OutgoingMissed
)
