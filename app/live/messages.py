"""The contract with desktops and programs on `/ws/desktop`.

Numbered messages tell what changed, whole: a `*_changed` replaces what the reader had under that id. `prev`
is the number of the message this reader was due before; a reader that holds `prev` has missed nothing.
`snapshot`, `resumed` and `beat` answer a reader alone, so they have no number of their own; they name the
number up to which the reader is told everything.
"""

from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from app.live.campaign_view import CampaignView
from app.live.views import AlarmView, CallView, OperatorView, QueueView

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


@with_config(use_attribute_docstrings=True)
class Snapshot(TypedDict):
    """All that this reader may see. It replaces everything told before."""

    type: Literal["snapshot"]
    """What kind of message it is."""
    epoch: str
    """Opaque; give it back with `after` to resume."""
    number: int
    """The number up to which it tells everything."""
    now: str
    """The server's clock: running clocks on a page count from it, not from the reader's own."""
    linked: bool
    """The PBX can be heard and what it has is known."""
    parking_full: bool
    """As in `ParkingChanged`."""
    records: Literal["written", "kept", "refused"]
    """As in `RecordsChanged`."""
    operator: int | None
    """The reader's own operator, where there is one."""
    sees: Literal["floor", "own"]
    """All of the floor, or one's own calls and queues alone."""
    queues: list[QueueView]
    """The queues."""
    operators: list[OperatorView]
    """The operators."""
    calls: list[CallView]
    """The calls."""
    campaigns: list[CampaignView]
    """For those who see the floor."""
    alarms: list[AlarmView]
    """The last ones about calls outside since the service began, for those who see the floor."""


@with_config(use_attribute_docstrings=True)
class Resumed(TypedDict):
    """What was missed follows, from `after`."""

    type: Literal["resumed"]
    """What kind of message it is."""
    epoch: str
    """As it was given."""
    after: int
    """The number after which messages follow."""
    now: str
    """The server's clock."""


@with_config(use_attribute_docstrings=True)
class Beat(TypedDict):
    """Sent in silence: the line is alive, and `number` is the last the reader was due."""

    type: Literal["beat"]
    """What kind of message it is."""
    number: int
    """The last the reader was due."""
    now: str
    """The server's clock."""


class Numbered(TypedDict):
    """What every numbered message has. Descriptions are written out: from texts below fields they are not inherited."""

    number: Annotated[int, Field(description="This message's number; numbers have gaps.")]
    prev: Annotated[
        int,
        Field(
            description="The number of the message the reader was due before: who has it has missed nothing."
        ),
    ]
    at: Annotated[str, Field(description="When it happened.")]


@with_config(use_attribute_docstrings=True)
class CallChanged(Numbered):
    """A call is new or changed."""

    type: Literal["call_changed"]
    """What kind of message it is."""
    call: CallView
    """The call, whole."""


@with_config(use_attribute_docstrings=True)
class CallEndedMessage(Numbered):
    """A call is over."""

    type: Literal["call_ended"]
    """What kind of message it is."""
    id: str
    """The call's id."""
    queue: str
    """The queue it was in last."""
    outcome: Literal[
        "answered", "abandoned", "max_wait", "failed", "dropped", "lost", "turned_away", "handed_over"
    ]
    """How it came out, seen from the customer."""
    ended_by: Literal["caller", "operator", "outside", "service", "pbx"]
    """Who ended it."""
    operator: int | None
    """The last operator who talked; null: none."""
    contact: int | None
    """The contact's id; null: not known."""
    waited_s: float
    """Seconds it waited, all told."""
    talked_s: float
    """Seconds connected to operators, hold included."""


@with_config(use_attribute_docstrings=True)
class CallHidden(Numbered):
    """The call is not parked any more, or not in a queue of the reader's: a reader that sees only its own drops it."""

    type: Literal["call_hidden"]
    """What kind of message it is."""
    id: str
    """The call's id."""


@with_config(use_attribute_docstrings=True)
class OperatorChangedMessage(Numbered):
    """An operator is new or changed."""

    type: Literal["operator_changed"]
    """What kind of message it is."""
    operator: OperatorView
    """The operator, whole."""


@with_config(use_attribute_docstrings=True)
class OperatorRemovedMessage(Numbered):
    """An operator was taken off the floor."""

    type: Literal["operator_removed"]
    """What kind of message it is."""
    id: int
    """The operator's id."""


@with_config(use_attribute_docstrings=True)
class QueueChanged(Numbered):
    """A queue is new to the reader or changed."""

    type: Literal["queue_changed"]
    """What kind of message it is."""
    queue: QueueView
    """The queue, whole."""


@with_config(use_attribute_docstrings=True)
class QueueRemovedMessage(Numbered):
    """A queue was taken away, or the reader no longer belongs to it."""

    type: Literal["queue_removed"]
    """What kind of message it is."""
    id: str
    """The queue's short name."""


@with_config(use_attribute_docstrings=True)
class CampaignChanged(Numbered):
    """A campaign is new on the floor, was changed, or decided anew how many calls it places; twice a second at most."""

    type: Literal["campaign_changed"]
    """What kind of message it is."""
    campaign: CampaignView
    """The campaign, whole."""


@with_config(use_attribute_docstrings=True)
class CampaignRemovedMessage(Numbered):
    """A campaign is not on the floor any more: it neither dials nor has calls under way."""

    type: Literal["campaign_removed"]
    """What kind of message it is."""
    id: int
    """The campaign's id."""


@with_config(use_attribute_docstrings=True)
class ScreenPop(Numbered):
    """An operator is offered a call, or has got one; sent again when more is known of the caller."""

    type: Literal["screen_pop"]
    """What kind of message it is."""
    operator: int
    """The operator's id."""
    call: CallView
    """The call, whole."""


@with_config(use_attribute_docstrings=True)
class ScreenPopEnded(Numbered):
    """The call is no longer this operator's. A reader that sees only its own drops the call."""

    type: Literal["screen_pop_ended"]
    """What kind of message it is."""
    operator: int
    """The operator's id."""
    call: str
    """The call's id."""
    outcome: str
    """`rejected`, `timed_out`, `cancelled` or `failed` for an offer; `ended` or `moved` after a talk."""


@with_config(use_attribute_docstrings=True)
class OutgoingRefusedMessage(Numbered):
    """A number that an operator's phone dialled, or sent somebody to, is not called."""

    type: Literal["outgoing_refused"]
    """What kind of message it is."""
    operator: int | None
    """The operator's id; null: the phone is no operator's."""
    endpoint: str
    """The phone's PJSIP endpoint."""
    rule: str
    """The rule that stops it, as in a call's `refused_by`."""
    transferred: bool
    """Somebody was to be sent there; a customer is back in the queue."""


@with_config(use_attribute_docstrings=True)
class OutgoingAlarmMessage(Numbered):
    """People are to look at a phone's calls outside. For those who see the floor."""

    type: Literal["outgoing_alarm"]
    """What kind of message it is."""
    alarm: AlarmView
    """The alarm."""


@with_config(use_attribute_docstrings=True)
class LinkChanged(Numbered):
    """The PBX can be heard again, or no longer."""

    type: Literal["link_changed"]
    """What kind of message it is."""
    linked: bool
    """Whether the PBX can be heard."""


@with_config(use_attribute_docstrings=True)
class ParkingChanged(Numbered):
    """All parking places are taken, or one is free again. Meanwhile a phone's transfer to them is refused (404)."""

    type: Literal["parking_changed"]
    """What kind of message it is."""
    full: bool
    """All places are taken: nobody can be parked."""


@with_config(use_attribute_docstrings=True)
class RecordsChanged(Numbered):
    """What becomes of the record of what happens now.

    `written`: it goes to the database. `kept`: the database is away, or is catching up; it is kept on the
    service's machine and will be written. `refused`: nothing takes it any more.
    """

    type: Literal["records_changed"]
    """What kind of message it is."""
    records: Literal["written", "kept", "refused"]
    """What becomes of them now."""


@with_config(use_attribute_docstrings=True)
class GoingAway(Numbered):
    """The service stops; connect again in a moment."""

    type: Literal["going_away"]
    """What kind of message it is."""


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
    | ParkingChanged
    | RecordsChanged
    | GoingAway
)
