"""Tables of what happened on the floor: the journal writes them, and the PBX's own log completes calls.

No foreign keys: what happened must never be refused because a contact or an operator has been deleted since.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field

from app.records.base import Json, Money, Row, UtcDateTime


class CallSource(StrEnum):
    """The source of a call's record."""

    HEARD = "heard"
    """The floor heard the whole call."""
    UNHEARD = "unheard"
    """Part of the call was not heard, and the PBX's own log has not completed the record."""
    LOG = "log"
    """The PBX's own log."""


class CallRow(Row, table=True):
    """One call. An open call's row has what was known when the call arrived, and its contact."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_arrived_at_id", "arrived_at", "id"),
        Index("ix_call_operator_id_arrived_at", "operator_id", "arrived_at", "id"),
        Index("ix_call_contact_id_arrived_at", "contact_id", "arrived_at", "id"),
        Index("ix_call_caller_number_arrived_at", "caller_number", "arrived_at", "id"),
        Index(
            "ix_call_campaign_id_arrived_at",
            "campaign_id",
            "arrived_at",
            "id",
            sqlite_where=text("campaign_id IS NOT NULL"),
            postgresql_where=text("campaign_id IS NOT NULL"),
        ),
        Index(
            "ix_call_of_operators",
            "arrived_at",
            "id",
            sqlite_where=text("direction = 'operator'"),
            postgresql_where=text("direction = 'operator'"),
        ),
        Index(
            "ix_call_caller_operator_id",
            "caller_operator_id",
            "arrived_at",
            "id",
            sqlite_where=text("caller_operator_id IS NOT NULL"),
            postgresql_where=text("caller_operator_id IS NOT NULL"),
        ),
        Index(
            "ix_call_open",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=150)
    """The PBX's unique id of the channel that began it."""
    channel: str = ""
    """The caller's channel now: another one after an attended transfer."""
    channel_name: str = ""
    caller_number: str = ""
    """E.164, else the digits that were sent; empty where none came, or where the caller withholds the number."""
    caller_sent: str = ""
    """The caller's number as the carrier sent it, where that is another spelling."""
    number_withheld: bool = False
    """The caller does not want the number to be known."""
    caller_name: str = ""
    contact_id: int | None = Field(default=None, sa_type=BigInteger)
    dialed: str = ""
    language: str = ""
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    priority: int = 0
    first_queue: str = ""
    queue: str = ""
    """The queue it was last in."""
    arrived_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None: the call is open, or its end was not seen."""
    waited_s: float = 0.0
    rang_s: float = 0.0
    talked_s: float = 0.0
    held_s: float = 0.0
    duration_s: float = 0.0
    operator_id: int | None = None
    """The last operator who talked."""
    outcome: str | None = None
    """A `CallOutcome`; None while the call is open."""
    ended_by: str | None = None
    """An `EndedBy`."""
    hangup_cause: int | None = None
    """Q.850 cause of the caller's channel."""
    hangup_text: str = ""
    source: str = CallSource.HEARD.value
    """A `CallSource`."""
    campaign_id: int | None = None
    """The campaign that placed the call; None: no campaign did."""
    direction: str = "inbound"
    """A `Direction`. On an operator's call outside, the caller's number is the number that the operator called."""
    refused_by: str = ""
    """The `OutgoingRule` for which an operator's call was not dialled, or was ended when answered; empty for none."""
    cost: Decimal | None = Field(default=None, sa_type=Money)
    """The cost of an operator's call outside, by the tariffs; None: not computed."""
    caller_operator_id: int | None = None
    """The operator who called a colleague, or called a queue to ask a colleague."""


class CallLegRow(Row, table=True):
    """One operator's part in an ended call."""

    __tablename__ = "call_leg"
    __table_args__ = (
        Index("ix_call_leg_operator_id_began_at", "operator_id", "began_at"),
        Index("ix_call_leg_began_at", "began_at"),
    )

    call_id: str = Field(primary_key=True, max_length=150)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """0 for the first leg of the call."""
    operator_id: int | None = None
    endpoint: str = ""
    channel: str | None = None
    began_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    rang_s: float = 0.0
    talked_s: float = 0.0
    held_s: float = 0.0
    outcome: str | None = None
    """An `OfferOutcome`."""
    phone_lost: bool = False
    """The phone died during the talk."""


class CallEventRow(Row, table=True):
    """One line of a call's timeline."""

    __tablename__ = "call_event"

    call_id: str = Field(primary_key=True, max_length=150)
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    """Grows along the timeline; see `app.records.mapping`."""
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    """What happened: `CallArrived`, `OfferMade`, ...; see `app.records.timeline`."""
    version: int = 1
    """The form of `data`."""
    cause: str = ""
    operator_id: int | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """Further details, by names that never change."""


class OperatorStateRow(Row, table=True):
    """One operator's state over an interval. At most one interval an operator is open."""

    __tablename__ = "operator_state"
    __table_args__ = (
        Index("ix_operator_state_operator_id_from_at", "operator_id", "from_at"),
        Index("ix_operator_state_to_at", "to_at"),
        Index(
            "ix_operator_state_open",
            "operator_id",
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
    )

    operator_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    from_at: datetime = Field(sa_type=UtcDateTime)
    to_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    duration_s: float | None = None
    """From the monotonic clock; None while open, and where the process died within the interval."""
    presence: str
    break_reason: str = ""
    routing: str
    device: str
    call_id: str | None = None
    pending: str | None = None
    cause: str = ""
    """Why the interval began."""
    end_cause: str = ""
    """Why it ended: the next interval's cause, `operator_removed` or `service_restarted`."""


class EventLogMarkRow(Row, table=True):
    """How far a PBX's own event log needs no more reading: everything up to there was heard and is recorded."""

    __tablename__ = "event_log_mark"

    pbx: str = Field(primary_key=True, max_length=80)
    row_id: int = Field(sa_type=BigInteger)
    heard_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the PBX was last heard, by its clock: calls that were open in the records then had not ended."""
    clock_sets: list[list[float]] = Field(default_factory=list, sa_type=Json)
    """When and how the PBX's clock was set, as `app.pbx.clocks.ClockSet` has it."""
