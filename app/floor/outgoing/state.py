"""What the floor knows of operators' outside calls. Only modules of `app.floor.outgoing` change it."""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import inf

from app.compliance.outgoing import DialledNumber, OutgoingLimits, OutgoingRule
from app.domain.calls import EndedBy
from app.domain.ids import CallId, ChannelId, ContactId, OperatorId, QueueId
from app.domain.now import Now
from app.domain.numbers import NumberKind
from app.domain.tariffs import RESERVED_S, Tariff
from app.floor.facts import AlarmCause, OutgoingAlarm

ALARMS_KEPT = 20
NO_QUEUE = QueueId("")
"""The queue in the record of an outside call: none."""


@dataclass(slots=True)
class OutgoingCall:
    """One outside call, from the phone's request to the end of the outside party's channel."""

    id: CallId
    channel: ChannelId
    """The channel of the party that talks with the outside party."""
    channel_name: str
    endpoint: str
    """The phone that dialled or transferred; the call counts for it."""
    operator: OperatorId | None
    dialled: str
    began: Now
    transferred: bool
    """The phone transferred somebody: that party talks, not the phone."""
    number: DialledNumber | None = None
    tariff: Tariff | None = None
    contact: ContactId | None = None
    allowed: bool = False
    leg: ChannelId | None = None
    """The outside party's channel; once it exists, its end is the call's end."""
    rang: Now | None = None
    answered: Now | None = None
    left: Now | None = None
    """When the phone's own part ended, if the call went on without it."""
    paid_s: float = RESERVED_S
    """How many seconds of the talk are paid, from the answer on."""
    look_s: float | None = None
    """When the talk pays next, monotonic."""
    cut_by: OutgoingRule | None = None
    """The rule for which the service ends the talk."""
    hung_up_first: EndedBy | None = None
    unheard: bool = False
    """The floor missed events of this call."""
    missing_since: Now | None = None
    """When a snapshot first did not list the call's channel."""

    @property
    def is_emergency(self) -> bool:
        """Whether the call is to an emergency number."""
        return self.number is not None and self.number.kind is NumberKind.EMERGENCY

    @property
    def counts(self) -> bool:
        """Whether the call counts against the limits: it is dialled, or allowed and about to be."""
        return self.allowed or self.leg is not None

    def cost_at(self, now: Now) -> Decimal:
        """What the call costs: the paid time, or the time talked if that is longer, at its tariff."""
        talked_s = now.mono_s - self.answered.mono_s if self.answered is not None else 0.0
        return price(self.tariff, max(self.paid_s, talked_s))


@dataclass(slots=True)
class Refusals:
    """The refused calls of one phone."""

    times_s: deque[float] = field(default_factory=deque)
    """When the last calls were refused, monotonic."""
    quiet_until_s: float = -inf
    """No new alarm before this moment, monotonic, as one was raised."""


@dataclass(slots=True)
class Outgoing:
    """All outside calls under way, the money spent today, and the refusals and alarms."""

    limits: OutgoingLimits = field(default_factory=OutgoingLimits)
    calls: dict[CallId, OutgoingCall] = field(default_factory=dict)
    by_channel: dict[ChannelId, CallId] = field(default_factory=dict)
    """The call of each channel: of the party that talks, and of the outside party."""
    day: date | None = None
    """The day of `spent` and `alarmed`, at the centre."""
    spent: defaultdict[OperatorId, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """What each operator's calls that are over cost today."""
    refusals: dict[str, Refusals] = field(default_factory=dict)
    """Refused calls by phone."""
    alarmed: set[tuple[AlarmCause, OperatorId | None]] = field(default_factory=set)
    """The money alarms raised today, each with its operator or None for the centre."""
    alarms: deque[OutgoingAlarm] = field(default_factory=lambda: deque(maxlen=ALARMS_KEPT))
    """The last alarms."""

    def of_operator(self, id_: OperatorId) -> Iterator[OutgoingCall]:
        """An operator's calls, the oldest first."""
        return (call for call in self.calls.values() if call.operator == id_)

    def is_calling(self, id_: OperatorId) -> bool:
        """Whether an operator's own phone is in an outside call, or about to be."""
        return any(not call.transferred and call.left is None for call in self.of_operator(id_))


def price(tariff: Tariff | None, talked_s: float) -> Decimal:
    """What an answered call costs; 0 if no tariff fits its number."""
    return Decimal(0) if tariff is None else Decimal(str(tariff.cost(talked_s)))
