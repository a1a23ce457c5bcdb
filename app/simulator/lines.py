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
"""The places where a caller can be."""
TRUNK = "trunk"
NO_OFFER = OfferId(0)


class Halves(NamedTuple):
    """A Local channel between a caller and a phone: the caller dials the near half, the far half the phone."""

    near: ChannelId
    far: ChannelId


@dataclass(slots=True)
class Line:
    """One caller's channel, and the phone that rings for it or talks with it."""

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
    """Seconds of talks that are over."""
    local: Halves | None = None
    parked: bool = False
    first: bool = False
    """Whether the caller is first in line, because the operator's phone died."""
    asked_back: bool = False
    """Whether the service has asked the PBX's own queue to release the caller."""
    campaign: CampaignId | None = None
    """The campaign that placed the call; None: an inbound call."""
    live: bool = False
    """Whether this is a customer who answered a campaign's call and has not been transferred by an operator."""
    live_since_s: float = 0.0
    call: CallId | None = None
    """The call whose channel this one has replaced; None: the channel's own call."""


@dataclass(slots=True)
class Outgoing:
    """A channel that a campaign dials and that nobody has answered yet."""

    asked: PlaceCall
    number: str
    since_s: float


@dataclass(slots=True)
class InternalLine:
    """A call from one phone to another, which rings or talks."""

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
        """The device state that the PBX reports."""
        if not self.registered:
            return DeviceState.UNREACHABLE
        return DeviceState.IN_USE if self.legs else DeviceState.REGISTERED
