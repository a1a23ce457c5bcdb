"""The contract with desktops and programs on `/ws/desktop`.

Numbered messages tell what changed, whole: a `*_changed` replaces what the reader had under that id. `prev`
is the number of the message this reader was due before; a reader that holds `prev` has missed nothing.
`snapshot`, `resumed` and `beat` answer a reader alone, so they have no number of their own; they name the
number up to which the reader is told everything.
"""

from typing import Literal

from typing_extensions import TypedDict

from app.desktop.campaign_view import CampaignView
from app.desktop.views import AlarmView, CallView, OperatorView, QueueView

SLOW_READER = 4008
"""Close code: the reader did not keep up. Connecting again with `after` misses nothing."""
LOGIN_ENDED = 4001
"""Close code: logged out, expired, or the rights changed. Log in again."""
GOING_AWAY = 1012
"""Close code: the service restarts."""
TRY_LATER = 1013
"""Close code: too many desktops are connected."""
FAULT = 1011
"""Close code: something went wrong here; connect again and begin with a fresh snapshot."""
POLICY = 1008
"""Close code: the reader talks too much; this socket only tells."""


class Snapshot(TypedDict):
    """All that this reader may see. It replaces everything told before."""

    type: Literal["snapshot"]
    epoch: str
    """Opaque; give it back with `after` to resume."""
    number: int
    now: str
    """The server's clock: running clocks on a page count from it, not from the reader's own."""
    linked: bool
    """The PBX can be heard and what it has is known."""
    records: Literal["written", "kept", "refused"]
    """As in `RecordsChanged`."""
    operator: int | None
    """The reader's own operator, where there is one."""
    sees: Literal["floor", "own"]
    queues: list[QueueView]
    operators: list[OperatorView]
    calls: list[CallView]
    campaigns: list[CampaignView]
    """For those who see the floor."""
    alarms: list[AlarmView]
    """The last ones about calls outside since the service began, for those who see the floor."""


class Resumed(TypedDict):
    """What was missed follows, from `after`."""

    type: Literal["resumed"]
    epoch: str
    after: int
    now: str


class Beat(TypedDict):
    """Sent in silence: the line is alive, and `number` is the last the reader was due."""

    type: Literal["beat"]
    number: int
    now: str


class Numbered(TypedDict):
    """What every numbered message has."""

    number: int
    prev: int
    at: str


class CallChanged(Numbered):
    """A call is new or changed."""

    type: Literal["call_changed"]
    call: CallView


class CallEndedMessage(Numbered):
    """A call is over."""

    type: Literal["call_ended"]
    id: str
    queue: str
    outcome: Literal["answered", "abandoned", "max_wait", "failed", "dropped", "lost", "turned_away"]
    ended_by: Literal["caller", "operator", "outside", "service", "pbx"]
    operator: int | None
    contact: int | None
    waited_s: float
    talked_s: float


class CallHidden(Numbered):
    """The call is not parked any more, or not in a queue of the reader's: a reader that sees only its own drops it."""

    type: Literal["call_hidden"]
    id: str


class OperatorChangedMessage(Numbered):
    """An operator is new or changed."""

    type: Literal["operator_changed"]
    operator: OperatorView


class OperatorRemovedMessage(Numbered):
    """An operator was taken off the floor."""

    type: Literal["operator_removed"]
    id: int


class QueueChanged(Numbered):
    """A queue is new to the reader or changed."""

    type: Literal["queue_changed"]
    queue: QueueView


class QueueRemovedMessage(Numbered):
    """A queue was taken away, or the reader no longer belongs to it."""

    type: Literal["queue_removed"]
    id: str


class CampaignChanged(Numbered):
    """A campaign is new on the floor, was changed, or decided anew how many calls it places; twice a second at most."""

    type: Literal["campaign_changed"]
    campaign: CampaignView


class CampaignRemovedMessage(Numbered):
    """A campaign is not on the floor any more: it neither dials nor has calls under way."""

    type: Literal["campaign_removed"]
    id: int


class ScreenPop(Numbered):
    """An operator is offered a call, or has got one; sent again when more is known of the caller."""

    type: Literal["screen_pop"]
    operator: int
    call: CallView


class ScreenPopEnded(Numbered):
    """The call is no longer this operator's. A reader that sees only its own drops the call."""

    type: Literal["screen_pop_ended"]
    operator: int
    call: str
    outcome: str
    """`rejected`, `timed_out`, `cancelled` or `failed` for an offer; `ended` or `moved` after a talk."""


class OutgoingRefusedMessage(Numbered):
    """A number that an operator's phone dialled, or sent somebody to, is not called."""

    type: Literal["outgoing_refused"]
    operator: int | None
    endpoint: str
    rule: str
    """The rule that stops it, as in a call's `refused_by`."""
    transferred: bool
    """Somebody was to be sent there; a customer is back in the queue."""


class OutgoingAlarmMessage(Numbered):
    """People are to look at a phone's calls outside. For those who see the floor."""

    type: Literal["outgoing_alarm"]
    alarm: AlarmView


class LinkChanged(Numbered):
    """The PBX can be heard again, or no longer."""

    type: Literal["link_changed"]
    linked: bool


class RecordsChanged(Numbered):
    """What becomes of the record of what happens now.

    `written`: it goes to the database. `kept`: the database is away, or is catching up; it is kept on the
    service's machine and will be written. `refused`: nothing takes it any more.
    """

    type: Literal["records_changed"]
    records: Literal["written", "kept", "refused"]


class GoingAway(Numbered):
    """The service stops; connect again in a moment."""

    type: Literal["going_away"]


Message = (
    Snapshot
    | Resumed
    | Beat
    | CallChanged
    | CallEndedMessage
    | CallHidden
    | OperatorChangedMessage
    | OperatorRemovedMessage
    | QueueChanged
    | QueueRemovedMessage
    | CampaignChanged
    | CampaignRemovedMessage
    | ScreenPop
    | ScreenPopEnded
    | OutgoingRefusedMessage
    | OutgoingAlarmMessage
    | LinkChanged
    | RecordsChanged
    | GoingAway
)
