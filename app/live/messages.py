"""The contract with desktops and programs on `/ws/desktop`.

A change has one thing whole: a `*_changed` replaces what the reader had under that id. Each change has the fields of
`Numbered`: a reader whose last number is `prev` has missed nothing. `snapshot`, `resumed` and `beat` go to one reader
alone. They have no number of their own; they name the number up to which the reader has been told everything.

The names in these messages are the contract, and `VERSION` is its version. A kind or a field may be added without a new
one; readers pass over what they do not know. Whatever else changes needs a new version: see docs/integrators.md.
"""

import json
from typing import Final, Literal

from pydantic import with_config
from typing_extensions import TypedDict

from app.live.call_view import CallView
from app.live.campaign_view import CampaignView
from app.live.operator_view import OperatorView
from app.live.queue_view import QueueView
from app.live.views import AlarmView

VERSION: Final = 1
"""Version of all messages; the first frame names it."""
encode: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
"""A message as it is sent."""
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
"""Close code: the reader sent too many frames; this socket takes none."""

CustomersOutcome = Literal[
    "answered", "abandoned", "max_wait", "failed", "dropped", "lost", "turned_away", "handed_over"
]
"""Each `CallOutcome` of a customer's call."""


@with_config(use_attribute_docstrings=True)
class Snapshot(TypedDict):
    """All that this reader may see. It replaces everything told before."""

    type: Literal["snapshot"]
    """What kind of message it is."""
    version: Literal[1]
    """The version of these messages. Kinds and fields are added without a new one: pass over what you do not know."""
    epoch: str
    """Opaque; give it back with `after` to resume."""
    number: int
    """The number of the last change that this snapshot includes."""
    now: str
    """The server's clock: running clocks on a page count from it, not from the reader's own."""
    linked: bool
    """The PBX can be heard, and its calls are known."""
    parking_full: bool
    """All parking places are taken."""
    records: Literal["written", "kept", "refused"]
    """Where records go now, as in `RecordsChanged`."""
    operator: int | None
    """The reader's own operator id; null: the reader is no operator."""
    sees: Literal["floor", "own"]
    """`floor`: the reader sees the whole floor. `own`: the reader sees their own calls and queues alone."""
    queues: list[QueueView]
    """The queues."""
    operators: list[OperatorView]
    """The operators."""
    calls: list[CallView]
    """The calls."""
    campaigns: list[CampaignView]
    """The campaigns; empty for readers who see their own alone."""
    alarms: list[AlarmView]
    """The last alarms about calls outside since the service began; empty for readers who see their own alone."""


@with_config(use_attribute_docstrings=True)
class Resumed(TypedDict):
    """The session resumes: the messages after `after`, which the reader missed, follow."""

    type: Literal["resumed"]
    """What kind of message it is."""
    version: Literal[1]
    """The version of these messages. Kinds and fields are added without a new one: pass over what you do not know."""
    epoch: str
    """The epoch that the reader gave."""
    after: int
    """The number after which messages follow."""
    now: str
    """The server's clock."""


@with_config(use_attribute_docstrings=True)
class Beat(TypedDict):
    """Sent when there is nothing else to send: the line is alive, and the reader has missed nothing up to `number`."""

    type: Literal["beat"]
    """What kind of message it is."""
    number: int
    """Number of the last message that was due to the reader."""
    now: str
    """The server's clock."""


@with_config(use_attribute_docstrings=True)
class Numbered(TypedDict):
    """Fields of every change."""

    number: int
    """This message's number; numbers have gaps."""
    prev: int
    """Number of the message due to the reader before this one: a reader that has it has missed nothing."""
    at: str
    """When it happened."""


@with_config(use_attribute_docstrings=True)
class CallChanged(TypedDict):
    """A call is new or changed."""

    type: Literal["call_changed"]
    """What kind of message it is."""
    call: CallView
    """The call, whole."""


@with_config(use_attribute_docstrings=True)
class CallEndedMessage(TypedDict):
    """A call is over."""

    type: Literal["call_ended"]
    """What kind of message it is."""
    id: str
    """The call's id."""
    queue: str
    """The queue it was in last."""
    outcome: CustomersOutcome
    """The call's outcome, seen from the customer."""
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
class CallHidden(TypedDict):
    """A parked call was taken off, or left the reader's queues. A reader who sees their own calls alone drops it."""

    type: Literal["call_hidden"]
    """What kind of message it is."""
    id: str
    """The call's id."""


@with_config(use_attribute_docstrings=True)
class OperatorChangedMessage(TypedDict):
    """An operator is new or changed."""

    type: Literal["operator_changed"]
    """What kind of message it is."""
    operator: OperatorView
    """The operator, whole."""


@with_config(use_attribute_docstrings=True)
class OperatorRemovedMessage(TypedDict):
    """An operator was taken off the floor."""

    type: Literal["operator_removed"]
    """What kind of message it is."""
    id: int
    """The operator's id."""


@with_config(use_attribute_docstrings=True)
class QueueChanged(TypedDict):
    """A queue is new to the reader or changed."""

    type: Literal["queue_changed"]
    """What kind of message it is."""
    queue: QueueView
    """The queue, whole."""


@with_config(use_attribute_docstrings=True)
class QueueRemovedMessage(TypedDict):
    """A queue was taken away, or the reader no longer belongs to it."""

    type: Literal["queue_removed"]
    """What kind of message it is."""
    id: str
    """The queue's short name."""


@with_config(use_attribute_docstrings=True)
class CampaignChanged(TypedDict):
    """A campaign is new on the floor, was changed, or decided anew how many calls it places; twice a second at most."""

    type: Literal["campaign_changed"]
    """What kind of message it is."""
    campaign: CampaignView
    """The campaign, whole."""


@with_config(use_attribute_docstrings=True)
class CampaignRemovedMessage(TypedDict):
    """A campaign is not on the floor any more: it neither dials nor has calls under way."""

    type: Literal["campaign_removed"]
    """What kind of message it is."""
    id: int
    """The campaign's id."""


@with_config(use_attribute_docstrings=True)
class ScreenPop(TypedDict):
    """An operator is offered a call, or has got one; sent again when more is known of the caller."""

    type: Literal["screen_pop"]
    """What kind of message it is."""
    operator: int
    """The operator's id."""
    call: CallView
    """The call, whole."""


@with_config(use_attribute_docstrings=True)
class ScreenPopEnded(TypedDict):
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
class OutgoingRefusedMessage(TypedDict):
    """A rule stops a call that an operator's phone dialled, or transferred somebody to."""

    type: Literal["outgoing_refused"]
    """What kind of message it is."""
    operator: int | None
    """The operator's id; null: the phone is no operator's."""
    endpoint: str
    """The phone's PJSIP endpoint."""
    rule: str
    """The rule that stops the call, as in a call's `refused_by`."""
    transferred: bool
    """The call was a transfer; a transferred customer is back in the queue."""


@with_config(use_attribute_docstrings=True)
class OutgoingAlarmMessage(TypedDict):
    """An alarm about a phone's calls outside, for readers who see the floor."""

    type: Literal["outgoing_alarm"]
    """What kind of message it is."""
    alarm: AlarmView
    """The alarm."""


@with_config(use_attribute_docstrings=True)
class LinkChanged(TypedDict):
    """The PBX can be heard again, or no longer."""

    type: Literal["link_changed"]
    """What kind of message it is."""
    linked: bool
    """Whether the PBX can be heard."""


@with_config(use_attribute_docstrings=True)
class ParkingChanged(TypedDict):
    """All parking places are taken, or one is free again. While all are taken, a transfer to them is refused (404)."""

    type: Literal["parking_changed"]
    """What kind of message it is."""
    full: bool
    """All places are taken: nobody can be parked."""


@with_config(use_attribute_docstrings=True)
class RecordsChanged(TypedDict):
    """Where the records of present calls and states go.

    `written`: to the database. `kept`: the database is away or is catching up; records are kept on the service's
    machine and will be written. `refused`: neither takes them any more.
    """

    type: Literal["records_changed"]
    """What kind of message it is."""
    records: Literal["written", "kept", "refused"]
    """Where records go now."""


@with_config(use_attribute_docstrings=True)
class SubjectChanged(TypedDict):
    """Something in the database is new, changed or removed. For readers who asked for its subject by `changes`.

    The message has no data: the reader asks for the present state.
    """

    type: Literal["changed"]
    """What kind of message it is."""
    kind: str
    """What changed, and how: `contact.changed`."""
    subject: str
    """The subject, such as `contact`."""
    id: str
    """Its id; empty where many changed at once."""
    event: int
    """The id of the event, as in `GET /audit`."""
    who: str
    """The name of whoever changed it; empty for the service and the command line."""


@with_config(use_attribute_docstrings=True)
class GoingAway(TypedDict):
    """The service stops; connect again in a moment."""

    type: Literal["going_away"]
    """What kind of message it is."""


Answer = Snapshot | Resumed | Beat
Change = (
    CallChanged
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
    | SubjectChanged
    | GoingAway
)
