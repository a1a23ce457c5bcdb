"""The channels and phones of a simulated PBX."""

from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.ids import CallId, CampaignId, ChannelId, OfferId, QueueId
from app.domain.operators import DeviceState
from app.floor.commands import PlaceCall
from app.floor.events import ColleagueCalled, Whereabouts

NORMAL, BUSY, NO_ANSWER, REJECTED, UNREACHABLE = 16, 17, 19, 21, 20
"""Q.850 hang-up causes."""
HOLD, CONNECT, LEAVE, AWAY = (
    Whereabouts.HOLD, Whereabouts.CONNECT, Whereabouts.LEAVING, Whereabouts.ELSEWHERE,
)  # fmt: skip
FALLBACK, LIVE, ABANDONED = Whereabouts.FALLBACK, Whereabouts.LIVE, Whereabouts.ABANDONED
"""Where a caller can be."""
TRUNK = "trunk"
NO_OFFER = OfferId(0)


class Halves(NamedTuple):
    """A Local channel between a caller and a phone: the caller dials the near half, the far half the phone."""

    near: ChannelId
    far: ChannelId


@dataclass(slots=True)
class Line:
    """One caller's channel, and the phone it is joined with or rings."""

    channel: ChannelId
    queue: QueueId
    number: str
    entered_s: float
    where: Whereabouts = HOLD
    offer: OfferId = NO_OFFER
    leg: ChannelId | None = None
    endpoint: str = ""
    talking: bool = False
    talking_since_s: float = 0.0
    talked_s: float = 0.0
    """Talks that are over."""
    local: Halves | None = None
    parked: bool = False
    first: bool = False
    """The phone it talked with last was dead."""
    asked_back: bool = False
    """The PBX's own queue is to let the caller go."""
    campaign: CampaignId | None = None
    """Which called; None: the customer did."""
    live: bool = False
    """Was called and has answered; no operator has sent them on."""
    live_since_s: float = 0.0
    call: CallId | None = None
    """Whose place in the dialplan the channel has taken; None: its own."""


@dataclass(slots=True)
class Outgoing:
    """A channel that a campaign dials and nobody has answered."""

    asked: PlaceCall
    number: str
    since_s: float


@dataclass(slots=True)
class InternalLine:
    """A phone that has called another, which rings or talks."""

    called: ColleagueCalled
    endpoint: str
    other: str
    began_s: float
    leg: ChannelId | None = None
    answered_s: float | None = None


@dataclass(slots=True)
class Phone:
    """One SIP phone."""

    registered: bool = True
    legs: set[ChannelId] = field(default_factory=set)

    @property
    def state(self) -> DeviceState:
        """What the PBX would say of it."""
        if not self.registered:
            return DeviceState.UNREACHABLE
        return DeviceState.IN_USE if self.legs else DeviceState.REGISTERED
