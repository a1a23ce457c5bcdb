"""Facts: the floor's output, recorded in the journal and shown on desktops. Each change of state carries its cause."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from app.compliance.outgoing import OutgoingRule
from app.domain.actors import Actor
from app.domain.calls import CallOutcome, CrmState, Direction, EndedBy, OfferOutcome, Reason, TransferKind
from app.domain.campaigns import AttemptOutcome, DialMode
from app.domain.errors import NotPossible
from app.domain.ids import (
    FIRST_NODE,
    AttemptId,
    CallId,
    CampaignId,
    ChannelId,
    ContactId,
    LeadId,
    NodeId,
    OfferId,
    OperatorId,
    QueueId,
)
from app.domain.now import Now
from app.domain.operators import DeviceState, Presence, RoutingState
from app.floor.commands import Command
from app.pacing.calls_to_place import Decision


class CallArrived(NamedTuple):
    """A call came onto the floor."""

    call: CallId
    queue: QueueId
    caller_number: str
    caller_name: str
    dialed: str
    channel_name: str
    language: str
    skills: tuple[str, ...]
    priority: int
    arrived_at: datetime
    """Earlier than the step, if the floor adopted the call from a snapshot."""
    campaign: CampaignId | None = None
    """Set on a call that a campaign placed."""
    caller_sent: str = ""
    """The caller's number as the carrier sent it, if that differs from `caller_number`."""
    number_withheld: bool = False
    """The caller hid the number."""
    internal: bool = False
    """An operator's phone called the queue."""


class CallQueued(NamedTuple):
    """A call began to wait in a queue, or waits there again."""

    call: CallId
    queue: QueueId
    cause: str
    """`arrived`, `campaign`, `transferred`, `max_wait`, `paused`, `moved`, `adopted`, `phone_lost`, or how the last
    offer ended.
    """


class CallerKnown(NamedTuple):
    """The caller was identified."""

    call: CallId
    name: str
    contact: ContactId | None
    matches: tuple[ContactId, ...]
    cause: str
    """`lookup`, `campaign` or `picked`."""


class CallerLookedUp(NamedTuple):
    """What the CRM says of the caller has changed; no part of the record, which is our own."""

    call: CallId
    state: CrmState


class OfferMade(NamedTuple):
    """A call was offered to one operator."""

    call: CallId
    offer: OfferId
    operator: OperatorId
    endpoint: str
    queue: QueueId
    reason: Reason


class OfferRang(NamedTuple):
    """The operator's phone rings."""

    call: CallId
    offer: OfferId
    operator: OperatorId
    leg: ChannelId


class OfferEnded(NamedTuple):
    """An offer is over."""

    call: CallId
    offer: OfferId
    operator: OperatorId
    outcome: OfferOutcome
    cause: str


class CallAnswered(NamedTuple):
    """The caller is connected to an operator, or to another party."""

    call: CallId
    operator: OperatorId | None
    leg: ChannelId
    waited_s: float
    """All waits of the call so far."""
    cause: str
    """`offer`, `transfer`, `pickup`, `retrieved`, `taken_over` or `adopted`."""


class CallHeld(NamedTuple):
    """The operator put the caller on hold."""

    call: CallId
    operator: OperatorId | None


class CallResumed(NamedTuple):
    """The operator took the caller off hold."""

    call: CallId
    operator: OperatorId | None
    held_s: float


class CallTransferred(NamedTuple):
    """An operator handed the call over."""

    call: CallId
    kind: TransferKind
    from_operator: OperatorId | None
    to_operator: OperatorId | None
    target: str


class CallParked(NamedTuple):
    """An operator parked the caller: nobody talks with them, and routing looks for no operator."""

    call: CallId
    operator: OperatorId | None
    place: str
    """The number that a phone dials to retrieve the caller."""


class CallLeaving(NamedTuple):
    """The service lets a caller go, after a message if there is one."""

    call: CallId
    message: str
    cause: str


class LegRecord(NamedTuple):
    """One operator's part in an ended call."""

    operator: OperatorId | None
    endpoint: str
    channel: ChannelId | None
    began_at: datetime
    rang_s: float
    answered_at: datetime | None
    talked_s: float
    """From the answer to the end, hold included."""
    held_s: float
    ended_at: datetime
    outcome: OfferOutcome | None
    phone_lost: bool = False
    """The phone died in the talk; the customer went back to the front of the queue."""


class CallRecord(NamedTuple):
    """The one true record of a call."""

    call: CallId
    channel: ChannelId
    channel_name: str
    caller_number: str
    caller_name: str
    contact: ContactId | None
    dialed: str
    first_queue: QueueId
    queue: QueueId
    arrived_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    waited_s: float
    """All waits in queues, the ringing of offers included."""
    rang_s: float
    """How long phones rang for the call: in offers, which is part of the wait, and in transfers, which is not."""
    talked_s: float
    """All talks, hold included."""
    held_s: float
    duration_s: float
    """From the arrival to the end. Time parked, or ringing after a transfer, is neither wait nor talk."""
    operator: OperatorId | None
    """The last operator who talked, even if an outside party talked afterwards."""
    outcome: CallOutcome
    ended_by: EndedBy
    cause: int
    """Q.850 hang-up cause of the caller's channel."""
    cause_text: str
    legs: tuple[LegRecord, ...]
    language: str = ""
    skills: tuple[str, ...] = ()
    priority: int = 0
    campaign: CampaignId | None = None
    unheard: bool = False
    """The floor missed events of this call: times and legs are provisional until the PBX's own log completes them."""
    direction: Direction | None = None
    """None: outbound if `campaign` is set, else inbound."""
    refused_by: str = ""
    """The `OutgoingRule` because of which an operator's outside call was not dialled, or was ended after the answer."""
    cost: Decimal | None = None
    """What an operator's outside call cost by the tariffs; None: not calculated."""
    caller_sent: str = ""
    """The caller's number as the carrier sent it, if that differs from `caller_number`."""
    number_withheld: bool = False
    caller_operator: OperatorId | None = None
    """The operator who called, on a call inside the centre."""


class CallEnded(NamedTuple):
    """A call is over; its record is complete."""

    call: CallId
    record: CallRecord


class OutgoingBegan(NamedTuple):
    """An operator's phone dialled an outside number, or transferred somebody to one."""

    call: CallId
    operator: OperatorId | None
    endpoint: str
    number: str
    channel_name: str
    transferred: bool
    """The phone transferred somebody: that party talks, not the operator."""
    began_at: datetime


class OutgoingRefused(NamedTuple):
    """An outside call is not dialled."""

    call: CallId
    operator: OperatorId | None
    endpoint: str
    rule: OutgoingRule
    transferred: bool


class OutgoingAllowed(NamedTuple):
    """An outside call may be dialled."""

    call: CallId
    operator: OperatorId | None
    number: str
    """The number as it goes to the carrier."""
    contact: ContactId | None


class OutgoingAnswered(NamedTuple):
    """The outside party answered."""

    call: CallId
    operator: OperatorId | None


class OutgoingEnded(NamedTuple):
    """An outside call is over, or was never dialled; its record is complete."""

    call: CallId
    record: CallRecord


class AlarmCause(StrEnum):
    """Why people should look at a phone's outside calls."""

    REFUSALS = "refusals"
    """Many of the phone's calls were refused in a short time."""
    MONEY_OF_OPERATOR = "money_of_operator"
    """The operator's daily limit on money is reached."""
    MONEY_OF_CENTRE = "money_of_centre"
    """The whole centre's daily limit on money is reached."""
    EMERGENCY = "emergency"
    """An emergency number was called."""


class OutgoingAlarm(NamedTuple):
    """People should look at a phone's outside calls."""

    cause: AlarmCause
    operator: OperatorId | None
    endpoint: str
    """The phone; empty: the whole centre."""
    raised_at: datetime
    refusals: int = 0
    """How many calls were refused, if `cause` is `refusals`."""


class InternalEnded(NamedTuple):
    """A call between colleagues is over; its record is complete."""

    call: CallId
    record: CallRecord


class AttemptEnded(NamedTuple):
    """An attempt to reach a customer is over."""

    attempt: AttemptId
    campaign: CampaignId
    lead: LeadId | None
    outcome: AttemptOutcome
    asked_at: datetime
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime
    rang_s: float
    """From the dial to the answer, or to the end."""
    connect_s: float
    """From the answer to the operator; 0: no operator was connected."""
    cause: int
    """Q.850 hang-up cause; 0: not known."""
    call: CallId | None
    operator: OperatorId | None = None
    """The last operator who talked with the customer."""
    amd: str = ""
    """The verdict of answering-machine detection, and its reason."""


class CustomerOptedOut(NamedTuple):
    """A customer whom a campaign called pressed the key that asks not to be called again."""

    attempt: AttemptId
    campaign: CampaignId


class AttemptDisposed(NamedTuple):
    """An attempt got its disposition: during its call, or after an operator's last talk."""

    attempt: AttemptId
    call: CallId | None = None
    """The attempt's call, if it is still under way."""
    operator: OperatorId | None = None
    """The operator whose wrap-up no longer waits for the disposition."""


class PacingDecided(NamedTuple):
    """How many calls a campaign places now, and why; reported when that changes, at most once a second."""

    campaign: CampaignId
    mode: DialMode
    idle: int
    """Operators who could take an answered call now."""
    ready: int
    """The idle operators, those kept for dials, and the busy ones who will be available after their call."""
    dials: int
    """Dials in flight before this decision."""
    waiting: int
    """Calls that wait for these operators."""
    answered: int
    """Live answers in the abandonment window that an operator took in time."""
    abandoned: int
    """Live answers in the abandonment window that no operator took in time."""
    limit: float
    """Share of live answers that may be abandoned, 0..1."""
    decision: Decision
    kept: int = 0
    """Operators kept for dials before this decision, of any campaign."""


class OperatorChanged(NamedTuple):
    """An operator's whole state after a change. It holds until the operator's next `OperatorChanged`."""

    operator: OperatorId
    presence: Presence
    break_reason: str
    routing: RoutingState
    device: DeviceState
    call: CallId | None
    pending: Presence | None
    cause: str


class OperatorGone(NamedTuple):
    """An operator was taken off the floor."""

    operator: OperatorId


class Reconciled(NamedTuple):
    """The floor agrees with a PBX again, after a start or a lost link."""

    adopted: int
    """Calls in the snapshot that the floor did not know."""
    ended: int
    """Calls of the floor that had ended while there was no link."""
    node: NodeId = FIRST_NODE


class FaultSeen(NamedTuple):
    """Something that should not happen happened; counted, logged, and answered with a snapshot."""

    what: str
    detail: str


class PersonActed(NamedTuple):
    """Somebody changed something on the floor. The service adds this fact, as it knows who asked; `step` does not."""

    actor: Actor
    subject: str
    """The kind of thing changed, such as `operator`."""
    id: str
    what: str
    """The change in the past tense, such as `state_set`."""
    after: Mapping[str, str | int]
    contact: ContactId | None = None
    """The contact that the change is about."""


Fact = (
    PersonActed
    | CallArrived
    | CallQueued
    | CallerKnown
    | CallerLookedUp
    | OfferMade
    | OfferRang
    | OfferEnded
    | CallAnswered
    | CallHeld
    | CallResumed
    | CallTransferred
    | CallParked
    | CallLeaving
    | CallEnded
    | OutgoingBegan
    | OutgoingRefused
    | OutgoingAllowed
    | OutgoingAnswered
    | OutgoingEnded
    | OutgoingAlarm
    | InternalEnded
    | AttemptEnded
    | CustomerOptedOut
    | AttemptDisposed
    | PacingDecided
    | OperatorChanged
    | OperatorGone
    | Reconciled
    | FaultSeen
)


class StepResult(NamedTuple):
    """What one step decided. Facts are in the order in which they came true, all at the step's `now`."""

    at: Now
    commands: list[Command]
    facts: list[Fact]
    refusal: NotPossible | None = None
    """Why a request was refused; the floor then is as it was before the request."""
