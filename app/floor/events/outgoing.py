"""Operators' calls outside."""

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
    """A phone dialled a number outside, or transferred somebody there; nothing is dialled before the answer."""

    call: CallId
    """Given by the PBX: the channel's id, a colon, and which of its calls outside it is."""
    channel: ChannelId
    """Of who will talk with whom is called."""
    channel_name: str
    number: str
    """As dialled: digits, a plus sign before them or not."""
    endpoint: str
    """The phone that dialled or transferred."""
    transferred: bool = False
    """Somebody else will talk: who was transferred."""
    alive: bool = True
    """The PBX waits for the answer; else it goes by its own list."""


class NumberRead(NamedTuple):
    """The numbering plan and the price list answered `ReadNumber`."""

    call: CallId
    number: DialledNumber
    tariff: Tariff | None = None
    contact: ContactId | None = None
    """Set when exactly one contact has this number."""


class OutgoingLegBegan(NamedTuple):
    """A call outside is being dialled."""

    call: CallId
    leg: ChannelId
    number: str
    endpoint: str
    """The phone that dialled or transferred."""


class OutgoingStopped(NamedTuple):
    """The PBX did not dial a call outside, by the service's word or its own."""

    call: CallId
    rule: str


class OutgoingCharged(NamedTuple):
    """The records have a call outside that the floor did not hear whole, or an earlier life of it did."""

    operator: OperatorId
    day: date
    """The centre's."""
    amount: Decimal


class OutgoingMissed(NamedTuple):
    """The records have a call outside that the PBX judged by itself, while nobody heard it."""

    operator: OperatorId | None
    endpoint: str
    """The phone that is nobody's; empty: the operator's."""
    asked_at: datetime
    rule: OutgoingRule | None
    """None: it was dialled, and is a call for help."""


OutgoingEvent = (
    OutgoingAsked | NumberRead | OutgoingLegBegan | OutgoingStopped | OutgoingCharged | OutgoingMissed
)
