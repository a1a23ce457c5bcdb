"""What the floor knows of operators' calls outside. Changed by `app.floor.outgoing.calls` alone."""

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
"""Where calls outside are."""


@dataclass(slots=True)
class OutgoingCall:
    """One call outside, from a phone's wish to the end of whom it reached."""

    id: CallId
    channel: ChannelId
    """Of who talks with whom is called."""
    channel_name: str
    endpoint: str
    """The phone that dialled or transferred: whose call it is."""
    operator: OperatorId | None
    dialled: str
    began: Now
    transferred: bool
    """Who talks is not the phone whose call it is."""
    number: DialledNumber | None = None
    tariff: Tariff | None = None
    contact: ContactId | None = None
    allowed: bool = False
    leg: ChannelId | None = None
    """The channel outside; once it is there, its end is the call's."""
    rang: Now | None = None
    answered: Now | None = None
    left: Now | None = None
    """When the phone's own part ended, where the call went on without it."""
    paid_s: float = RESERVED_S
    """So much of the talk is paid, from the answer on."""
    look_s: float | None = None
    """When more of it is paid next, monotonic."""
    cut_by: OutgoingRule | None = None
    """It is ended for this."""
    hung_up_first: EndedBy | None = None
    unheard: bool = False
    """Part of its life was not heard."""
    missing_since: Now | None = None
    """When a list of the PBX's channels was first without it."""

    @property
    def is_emergency(self) -> bool:
        """Whether it is for help."""
        return self.number is not None and self.number.kind is NumberKind.EMERGENCY

    @property
    def counts(self) -> bool:
        """Whether it is under way outside, or about to be."""
        return self.allowed or self.leg is not None

    def cost_at(self, now: Now) -> Decimal:
        """What it costs with the time that is paid, or what it has talked where that is more."""
        talked_s = now.mono_s - self.answered.mono_s if self.answered is not None else 0.0
        return price(self.tariff, max(self.paid_s, talked_s))


@dataclass(slots=True)
class Refusals:
    """A phone's calls that were refused."""

    times_s: deque[float] = field(default_factory=deque)
    """When the last ones were, monotonic."""
    quiet_until_s: float = -inf
    """An alarm was raised: no other before."""


@dataclass(slots=True)
class Outgoing:
    """All calls outside, with what they cost today and how often they were refused."""

    limits: OutgoingLimits = field(default_factory=OutgoingLimits)
    calls: dict[CallId, OutgoingCall] = field(default_factory=dict)
    by_channel: dict[ChannelId, CallId] = field(default_factory=dict)
    """By who talks, and by the channel outside."""
    day: date | None = None
    """Of the money below."""
    spent: defaultdict[OperatorId, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """By calls that are over."""
    refusals: dict[str, Refusals] = field(default_factory=dict)
    """By phone."""
    alarmed: set[tuple[AlarmCause, OperatorId | None]] = field(default_factory=set)
    """For what money alarms were raised today."""
    alarms: deque[OutgoingAlarm] = field(default_factory=lambda: deque(maxlen=ALARMS_KEPT))
    """The last ones."""

    def of_operator(self, id_: OperatorId) -> Iterator[OutgoingCall]:
        """An operator's calls, the oldest first."""
        return (call for call in self.calls.values() if call.operator == id_)

    def is_calling(self, id_: OperatorId) -> bool:
        """Whether an operator's own phone is in a call outside, or about to be."""
        return any(not call.transferred and call.left is None for call in self.of_operator(id_))


def price(tariff: Tariff | None, talked_s: float) -> Decimal:
    """What a call that was answered costs; nothing where no tariff fits."""
    return Decimal(0) if tariff is None else Decimal(str(tariff.cost(talked_s)))
