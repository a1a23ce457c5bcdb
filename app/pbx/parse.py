"""AMI events -> floor events. An event that the floor does not use becomes None.

Field names are Asterisk's own; the `Keskus...` user events are the dialplan's (dialplan/README.md).
"""

import re
from collections.abc import Callable, Iterator

from app.domain.campaigns import AttemptOutcome
from app.domain.ids import (
    FIRST_NODE,
    AttemptId,
    CallId,
    CampaignId,
    ChannelId,
    NodeId,
    OfferId,
    QueueId,
    at_node,
    channel_of,
)
from app.floor.events import (
    AttemptAnswered,
    AttemptFailed,
    AttendedTransferred,
    BlindTransferred,
    CallEntered,
    CallerLost,
    CallerTakenBack,
    CallParked,
    CallRetrieved,
    ChannelHeld,
    ChannelHungUp,
    ChannelReplaced,
    ChannelResumed,
    ColleagueCalled,
    ColleagueMissed,
    ColleagueRang,
    CustomerOptedOut,
    DeviceChanged,
    HangupRequested,
    LegAnswered,
    LegDialed,
    LocalBridged,
    MusicBegan,
    MusicEnded,
    OfferReturned,
    OutgoingAsked,
    OutgoingLegBegan,
    OutgoingStopped,
    TalkLost,
)
from app.floor.events import Event as FloorEvent
from app.pbx.ami.message import Event
from app.pbx.dialplan import Context
from app.pbx.words import (
    PJSIP,
    device_state,
    endpoint_of,
    known_number,
    line_of,
    missed,
    offer_outcome,
    whole_number,
)

_ORIGINATE_OUTCOMES = {
    "1": AttemptOutcome.NO_ANSWER,
    "3": AttemptOutcome.NO_ANSWER,
    "5": AttemptOutcome.BUSY,
}
"""The outcome by `Reason`, the number of Asterisk's control frame; any other number is a failure."""
_BEFORE_QUEUE = frozenset(
    f"keskus-{step}"
    for step in ("inbound", "privacy", "lookup", "enqueue", "enter", "hold", "soothe", "beat", "instead")
)
"""The contexts through which a caller passes from the trunk to `KeskusEntered`."""
_UNIQUE_IDS = re.compile(r"niqueid: (\S+)")  # Uniqueid, DestUniqueid, TransfererUniqueid, ...


def parse(event: Event, node: NodeId = FIRST_NODE) -> FloorEvent | None:
    """Give the floor's event for one of Asterisk's, or None.

    Args:
        event: the AMI event.
        node: the Asterisk that sent it.
    """
    parser = _PARSERS.get(event.name)
    return parser(event, node) if parser is not None else None


def about(event: Event, node: NodeId = FIRST_NODE) -> Iterator[str]:
    """The ids of the channels in an event, and the endpoint of a `DeviceStateChange`."""
    for channel in _UNIQUE_IDS.findall(event.raw):
        yield at_node(node, channel)
    if event.name == "DeviceStateChange":
        yield at_node(node, event.get("Device").removeprefix(PJSIP))


def _channel(event: Event, node: NodeId, header: str = "Uniqueid") -> ChannelId:
    return ChannelId(at_node(node, event.get(header)))


def _call(event: Event, node: NodeId) -> CallId:
    return CallId(at_node(node, event.get("Call")))


def _phone(event: Event, node: NodeId, header: str) -> str:
    """The endpoint of a channel that a header names."""
    return at_node(node, endpoint_of(event.get(header)))


def _line(event: Event, node: NodeId) -> str:
    """The line that the event's channel came in on."""
    return at_node(node, line_of(event.get("Channel")))


def _user_event(event: Event, node: NodeId) -> FloorEvent | None:
    match event.get("UserEvent"):
        case "KeskusEntered":
            return CallEntered(
                channel=_channel(event, node),
                channel_name=event.get("Channel"),
                caller_number=known_number(event.get("CallerIDNum")),
                caller_name=known_number(event.get("CallerIDName")),
                dialed=event.get("Did"),
                queue=QueueId(event.get("Queue")),
                language=event.get("RouteLanguage"),
                skills=frozenset(filter(None, event.get("Skills").split("&"))),
                priority=whole_number(event.get("CallPriority")),
                number_withheld=event.get("Withheld") == "yes",
                line=_line(event, node),
            )
        case "KeskusAnswered":
            return AttemptAnswered(
                channel=_channel(event, node),
                channel_name=event.get("Channel"),
                campaign=CampaignId(whole_number(event.get("Campaign"))),
                number=known_number(event.get("ConnectedLineNum")),
                machine=event.get("Amd") == "MACHINE",
                amd=f"{event.get('Amd')} {event.get('AmdCause')}".strip(),
                line=_line(event, node),
            )
        case "KeskusOptedOut":
            return CustomerOptedOut(_channel(event, node), CampaignId(whole_number(event.get("Campaign"))))
        case "KeskusLost":
            return CallerLost(_channel(event, node))
        case "KeskusPhoneLost":
            return TalkLost(_channel(event, node))
        case "KeskusTakenBack":
            return CallerTakenBack(_channel(event, node))
        case "KeskusOfferEnded":
            cause = whole_number(event.get("Cause"))
            outcome = offer_outcome(event.get("DialStatus"), cause)
            return OfferReturned(
                _channel(event, node), OfferId(whole_number(event.get("Offer"))), outcome, cause
            )
        case "KeskusOutgoing" | "KeskusOutgoingLeg" | "KeskusOutgoingRefused" as name:
            return _outgoing(name, event, node)
        case "KeskusInternal" | "KeskusInternalLeg" | "KeskusInternalMissed" as name:
            return _internal(name, event, node)
        case _:
            return None


def _outgoing(name: str, event: Event, node: NodeId) -> FloorEvent:
    call, channel = _call(event, node), _channel(event, node)
    number, by, channel_name = event.get("Number"), event.get("By"), event.get("Channel")
    endpoint = at_node(node, endpoint_of(by))
    if name == "KeskusOutgoingLeg":
        return OutgoingLegBegan(call, channel, number, endpoint)
    if name == "KeskusOutgoingRefused":
        return OutgoingStopped(call, event.get("Rule"))
    return OutgoingAsked(
        call=call,
        channel=channel,
        channel_name=channel_name,
        number=number,
        endpoint=endpoint,
        transferred=bool(channel_name) and channel_name != by,
        alive=event.get("Alive") == "1",
    )


def _internal(name: str, event: Event, node: NodeId) -> FloorEvent:
    call = _call(event, node)
    if name == "KeskusInternalMissed":
        return ColleagueMissed(call, missed(event.get("Status")))
    calls = name == "KeskusInternal"  # KeskusInternalLeg is sent on the channel of the called phone
    caller = "CallerID" if calls else "ConnectedLine"
    by = event.get("By")
    called = ColleagueCalled(
        call=call,
        channel=_channel(event, node) if calls else channel_of(call),
        channel_name=by,
        caller_number=known_number(event.get(f"{caller}Num")),
        caller_name=known_number(event.get(f"{caller}Name")),
        number=event.get("Number"),
        endpoint=at_node(node, event.get("To")),
        line=at_node(node, endpoint_of(by)),
    )
    return called if calls else ColleagueRang(call, _channel(event, node), called)


def _dial_begin(event: Event, node: NodeId) -> FloorEvent | None:
    caller = _channel(event, node)
    if not caller:
        return None  # an Originate has no calling channel
    return LegDialed(caller, _channel(event, node, "DestUniqueid"), _phone(event, node, "DestChannel"))


def _dial_end(event: Event, node: NodeId) -> FloorEvent | None:
    if event.get("DialStatus") != "ANSWER" or not event.get("Uniqueid"):
        return None
    return LegAnswered(
        _channel(event, node), _channel(event, node, "DestUniqueid"), _phone(event, node, "DestChannel")
    )


def _hangup(event: Event, node: NodeId) -> FloorEvent:
    entering = _entering(event, node) if event.get("Context") in _BEFORE_QUEUE else None
    cause = whole_number(event.get("Cause"))
    return ChannelHungUp(_channel(event, node), cause, event.get("Cause-txt"), entering=entering)


def _entering(event: Event, node: NodeId) -> CallEntered:
    """A caller who hung up before entering a queue. Perhaps the number is withheld, so it is left out."""
    variables = variables_of(event)
    dialled = event.get("Exten").partition(";")[0] if event.get("Context") == Context.INBOUND else ""
    return CallEntered(
        channel=_channel(event, node),
        channel_name=event.get("Channel"),
        caller_number="",
        caller_name="",
        dialed=variables.get("KESKUS_DID") or dialled.removeprefix("+"),
        queue=QueueId(variables.get("KESKUS_QUEUE", "")),
        line=_line(event, node),
    )


def _blind_transfer(event: Event, node: NodeId) -> FloorEvent | None:
    if event.get("Result") != "Success":
        return None
    return BlindTransferred(
        _channel(event, node, "TransfererUniqueid"),
        _channel(event, node, "TransfereeUniqueid"),
        event.get("Extension"),
    )


def _attended_transfer(event: Event, node: NodeId) -> FloorEvent | None:
    if event.get("Result") != "Success":
        return None
    return AttendedTransferred(
        transferer=_channel(event, node, "OrigTransfererUniqueid"),
        second_transferer=_channel(event, node, "SecondTransfererUniqueid"),
        transferee=_channel(event, node, "TransfereeUniqueid"),
        target=_channel(event, node, "TransferTargetUniqueid"),
        target_endpoint=_phone(event, node, "TransferTargetChannel"),
        transferee_endpoint=_phone(event, node, "TransfereeChannel"),
    )


def _unparked_call(event: Event, node: NodeId) -> FloorEvent:
    return CallRetrieved(
        _channel(event, node, "ParkeeUniqueid"),
        _channel(event, node, "RetrieverUniqueid"),
        _phone(event, node, "RetrieverChannel"),
    )


def _bridge_enter(event: Event, node: NodeId) -> FloorEvent | None:
    if not event.get("SwapUniqueid"):
        return None
    old, new = _channel(event, node, "SwapUniqueid"), _channel(event, node)
    return ChannelReplaced(old, new, event.get("Channel"), _phone(event, node, "Channel"))


def _music_began(event: Event, node: NodeId) -> FloorEvent:
    call = at_node(node, variables_of(event).get("KESKUS_CALL", ""))
    line = _phone(event, node, "Channel")
    return MusicBegan(_channel(event, node), event.get("Channel"), CallId(call) if call else None, line)


def variables_of(event: Event) -> dict[str, str]:
    """The variables that AMI reports with a channel (`channelvars`), including empty ones."""
    return dict(pair.split("=", 1) for pair in event.all("ChanVariable") if "=" in pair)


def _device_state_change(event: Event, node: NodeId) -> FloorEvent | None:
    device = event.get("Device")
    if not device.startswith(PJSIP):
        return None
    return DeviceChanged(at_node(node, device.removeprefix(PJSIP)), device_state(event.get("State")))


def _originate_response(event: Event, node: NodeId) -> FloorEvent | None:
    """An Originate that failed without a channel. With a channel, its Hangup reports the failure; `KeskusAnswered`
    reports a success.
    """
    if event.get("Response") != "Failure" or event.get("Uniqueid") not in ("", "<null>"):
        return None
    outcome = _ORIGINATE_OUTCOMES.get(event.get("Reason"), AttemptOutcome.FAILED)
    return AttemptFailed(AttemptId(at_node(node, event.get("ActionID"))), outcome)


_PARSERS: dict[str, Callable[[Event, NodeId], FloorEvent | None]] = {
    "UserEvent": _user_event,
    "DialBegin": _dial_begin,
    "DialEnd": _dial_end,
    "HangupRequest": lambda event, node: HangupRequested(
        _channel(event, node), whole_number(event.get("Cause"))
    ),
    "Hangup": _hangup,
    "Hold": lambda event, node: ChannelHeld(_channel(event, node)),
    "Unhold": lambda event, node: ChannelResumed(_channel(event, node)),
    "MusicOnHoldStart": _music_began,
    "MusicOnHoldStop": lambda event, node: MusicEnded(_channel(event, node)),
    "BlindTransfer": _blind_transfer,
    "AttendedTransfer": _attended_transfer,
    "ParkedCall": lambda event, node: CallParked(
        _channel(event, node, "ParkeeUniqueid"), event.get("ParkingSpace")
    ),
    "UnParkedCall": _unparked_call,
    "LocalBridge": lambda event, node: LocalBridged(
        _channel(event, node, "LocalOneUniqueid"), _channel(event, node, "LocalTwoUniqueid")
    ),
    "BridgeEnter": _bridge_enter,
    "DeviceStateChange": _device_state_change,
    "OriginateResponse": _originate_response,
}
WANTED = frozenset(_PARSERS)
"""The names of the events that the link delivers; `manager.conf` filters for the same."""
