"""What is so: the floor's output, recorded in the journal and shown on desktops. Each with its cause."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from app.compliance.outgoing import OutgoingRule
from app.domain.actors import Actor
from app.domain.calls import CallOutcome, Direction, EndedBy, OfferOutcome, Reason, TransferKind
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
    """A call is on the floor."""

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
    """Before now, when it was adopted."""
    campaign: CampaignId | None = None
    """Set on a call that a campaign placed."""
    caller_sent: str = ""
    """The caller's number as the carrier sent it, where that is another spelling."""
    number_withheld: bool = False
    """The caller does not want the number to be known: it did not come."""
    internal: bool = False
    """An operator's phone called."""


class CallQueued(NamedTuple):
    """A call waits in a queue."""

    call: CallId
    queue: QueueId
    cause: str
    """`arrived`, `campaign`, `transferred`, `max_wait`, `adopted`, `phone_lost`, or how the offer came to nothing."""


class CallerKnown(NamedTuple):
    """The contact base said who calls."""

    call: CallId
    name: str
    contact: ContactId | None
    matches: tuple[ContactId, ...]
    cause: str
    """`lookup`, `campaign` or `picked`."""


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
    """An operator and the caller are connected."""

    call: CallId
    operator: OperatorId | None
    leg: ChannelId
    waited_s: float
    """All its waits so far."""
    cause: str
    """`offer`, `transfer`, `pickup`, `retrieved`, `taken_over` or `adopted`."""


class CallHeld(NamedTuple):
    """The talk is on hold."""

    call: CallId
    operator: OperatorId | None


class CallResumed(NamedTuple):
    """The talk goes on."""

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
    """An operator parked the caller: nobody talks, and no operator is sought."""

    call: CallId
    operator: OperatorId | None
    place: str
    """What a phone dials to take the caller off."""


class CallLeaving(NamedTuple):
    """The service lets a caller go, with a message."""

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
    """Answer to end, hold included."""
    held_s: float
    ended_at: datetime
    outcome: OfferOutcome | None
    phone_lost: bool = False
    """The phone died in the talk; the customer went back in line."""


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
    """On hold music and ringing operators, all told."""
    rang_s: float
    """Phones rang for it so long: in offers, which is part of the wait, and in transfers, which is not."""
    talked_s: float
    """Connected to operators, hold included."""
    held_s: float
    duration_s: float
    """Arrival to end. What is neither wait nor talk of it: parked, or a phone ringing after a transfer."""
    operator: OperatorId | None
    """The last of ours who talked, also where somebody outside talked after."""
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
    """Part of its life was not heard: times and legs are what was known, until the PBX's own log completes them."""
    direction: Direction | None = None
    """None: a campaign's, or else a customer's."""
    refused_by: str = ""
    """An `OutgoingRule`, on an operator's call that was not dialled, or was answered and ended for it."""
    cost: Decimal | None = None
    """An operator's call's, by the tariffs; None: not reckoned."""
    caller_sent: str = ""
    """As in `CallArrived`."""
    number_withheld: bool = False
    caller_operator: OperatorId | None = None
    """The operator who called, on a call inside the centre."""


class CallEnded(NamedTuple):
    """A call is over; its record is complete."""

    call: CallId
    record: CallRecord


class OutgoingBegan(NamedTuple):
    """An operator's phone dialled a number outside, or transferred somebody there."""

    call: CallId
    operator: OperatorId | None
    endpoint: str
    number: str
    channel_name: str
    transferred: bool
    """Somebody else talks: who was transferred."""
    began_at: datetime


class OutgoingRefused(NamedTuple):
    """That number is not dialled."""

    call: CallId
    operator: OperatorId | None
    endpoint: str
    rule: OutgoingRule
    transferred: bool


class OutgoingAllowed(NamedTuple):
    """That number may be dialled."""

    call: CallId
    operator: OperatorId | None
    number: str
    """As it goes to the carrier."""
    contact: ContactId | None


class OutgoingAnswered(NamedTuple):
    """Whoever was called outside answered."""

    call: CallId
    operator: OperatorId | None


class OutgoingEnded(NamedTuple):
    """A call outside is over, or was never dialled; its record is complete."""

    call: CallId
    record: CallRecord


class AlarmCause(StrEnum):
    """Why people are to look at a phone's calls outside."""

    REFUSALS = "refusals"
    """Many of its calls were refused in a short time."""
    MONEY_OF_OPERATOR = "money_of_operator"
    """The operator's money of the day is spent."""
    MONEY_OF_CENTRE = "money_of_centre"
    EMERGENCY = "emergency"
    """A number for help was called."""


class OutgoingAlarm(NamedTuple):
    """People are to look at a phone's calls outside."""

    cause: AlarmCause
    operator: OperatorId | None
    endpoint: str
    """Empty: the whole centre's."""
    raised_at: datetime
    refusals: int = 0
    """Where these are the cause."""


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
    """From dialling to the answer, or to the end."""
    connect_s: float
    """From the answer to the operator; 0 when there was none."""
    cause: int
    """Q.850; 0 where there is none."""
    call: CallId | None
    operator: OperatorId | None = None
    """The last who talked with the customer."""
    amd: str = ""
    """The verdict of the detector of answering machines, and why."""


class CustomerOptedOut(NamedTuple):
    """A customer who was called pressed the key not to be called again."""

    attempt: AttemptId
    campaign: CampaignId


class AttemptDisposed(NamedTuple):
    """It was said what an attempt came to: during its call, or of an operator's last talk."""

    attempt: AttemptId
    call: CallId | None = None
    """While it lasts."""
    operator: OperatorId | None = None
    """Whose wrap-up waits for that no longer."""


class PacingDecided(NamedTuple):
    """How many calls a campaign places now, and why: told when that changes, at most once a second."""

    campaign: CampaignId
    mode: DialMode
    idle: int
    """Operators who could take an answer."""
    ready: int
    """Those, and those who come back after what they do."""
    dials: int
    """In flight before this decision."""
    waiting: int
    """Calls that wait for these operators."""
    answered: int
    """Live answers in the window of its rules that came to an operator."""
    abandoned: int
    """Those that did not."""
    limit: float
    """Share of them that may be abandoned, 0..1."""
    decision: Decision
    kept: int = 0
    """Operators kept for dials before this decision, of whatever campaign."""


class OperatorChanged(NamedTuple):
    """An operator's state, whole, after a change. One open interval an operator."""

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
    """Calls the floor had not heard of."""
    ended: int
    """Calls that were over meanwhile."""
    node: NodeId = FIRST_NODE


class FaultSeen(NamedTuple):
    """Something that should not happen happened; counted, logged, and answered with a snapshot."""

    what: str
    detail: str


class PersonActed(NamedTuple):
    """Somebody changed something on the floor; told beside the step, by the service, which knows who asked."""

    actor: Actor
    subject: str
    """Such as `operator`."""
    id: str
    what: str
    """In the past tense, such as `state_set`."""
    after: Mapping[str, str | int]
    contact: ContactId | None = None
    """Whom it is about."""


Fact = (
    PersonActed
    | CallArrived
    | CallQueued
    | CallerKnown
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
    """What one step decided. Facts are in the order they came true, all at the step's `now`."""

    at: Now
    commands: list[Command]
    facts: list[Fact]
    refusal: NotPossible | None = None
    """Why a request was not met; the floor is then as it was."""
