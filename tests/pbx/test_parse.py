"""What Asterisk says -> what the floor hears."""

import pytest

from app.domain.calls import OfferOutcome
from app.domain.ids import CallId, CampaignId, ChannelId, OfferId, QueueId
from app.domain.operators import DeviceState
from app.floor.events import (
    AttemptAnswered,
    AttendedTransferred,
    BlindTransferred,
    CallEntered,
    CallParked,
    CallRetrieved,
    ChannelHeld,
    ChannelHungUp,
    ChannelReplaced,
    ChannelResumed,
    ChannelState,
    ColleagueMissed,
    CustomerOptedOut,
    DeviceChanged,
    HangupRequested,
    LegAnswered,
    LegDialed,
    LocalBridged,
    LocalHalf,
    Missed,
    OfferReturned,
    OutgoingAsked,
    OutgoingLegBegan,
    OutgoingStopped,
    SeenColleague,
    SeenEntry,
    Whereabouts,
)
from app.floor.events import Event as FloorEvent
from app.pbx.ami.message import Event
from app.pbx.listed import device_states, seen_channel
from app.pbx.parse import parse
from app.pbx.words import endpoint_of

CALLER = ChannelId("keskus-1795434552.132")
PHONE = ChannelId("keskus-1795434552.133")


def of_caller(name: str, *headers: str) -> Event:
    return Event.from_text(
        "\n".join(
            [
                f"Event: {name}",
                "Privilege: call,all",
                "Channel: PJSIP/trunk-00000084",
                "ChannelState: 6",
                "CallerIDNum: 37255500100",
                "CallerIDName: <unknown>",
                "Context: keskus-enter",
                "Exten: s",
                "Priority: 1",
                f"Uniqueid: {CALLER}",
                *headers,
            ]
        )
    )


DIALED = ("DestChannel: PJSIP/op12-00000085", f"DestUniqueid: {PHONE}")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            of_caller(
                "UserEvent",
                "UserEvent: KeskusEntered",
                "Queue: tugi",
                "Did: 3726000500",
                "RouteLanguage: ru",
                "Skills: arved&internet",
                "CallPriority: 3",
            ),
            CallEntered(
                CALLER,
                "PJSIP/trunk-00000084",
                caller_number="37255500100",
                caller_name="",
                dialed="3726000500",
                queue=QueueId("tugi"),
                language="ru",
                skills=frozenset({"arved", "internet"}),
                priority=3,
                line="trunk",
            ),
        ),
        (
            of_caller("UserEvent", "UserEvent: KeskusEntered", "Queue: tugi", "Skills:", "CallPriority:"),
            CallEntered(
                CALLER,
                "PJSIP/trunk-00000084",
                caller_number="37255500100",
                caller_name="",
                dialed="",
                queue=QueueId("tugi"),
                line="trunk",
            ),
        ),
        (of_caller("UserEvent", "UserEvent: SomebodyElses"), None),
        (of_caller("DialBegin", *DIALED), LegDialed(CALLER, PHONE, "op12")),
        (of_caller("DialEnd", *DIALED, "DialStatus: ANSWER"), LegAnswered(CALLER, PHONE, "op12")),
        (of_caller("DialEnd", *DIALED, "DialStatus: NOANSWER"), None),
        (
            Event.from_text(f"Event: DialBegin\nDestChannel: PJSIP/op12-00000085\nDestUniqueid: {PHONE}"),
            None,  # an Originate: no caller
        ),
        (of_caller("HangupRequest", "Cause: 16"), HangupRequested(CALLER, 16)),
        (
            Event.from_text(
                f"Event: Hangup\nContext: keskus-talk\nUniqueid: {CALLER}\nCause: 16\nCause-txt: Normal Clearing"
            ),
            ChannelHungUp(CALLER, 16, "Normal Clearing"),
        ),
        (
            of_caller("Hangup", "Cause: 16", "Cause-txt: Normal Clearing", "ChanVariable: KESKUS_QUEUE=tugi"),
            ChannelHungUp(
                CALLER,
                16,
                "Normal Clearing",
                entering=CallEntered(
                    CALLER,
                    "PJSIP/trunk-00000084",
                    caller_number="",
                    caller_name="",
                    dialed="",
                    queue=QueueId("tugi"),
                    line="trunk",
                ),
            ),
        ),
        (of_caller("Hold", "MusicClass: default"), ChannelHeld(CALLER)),
        (of_caller("Unhold"), ChannelResumed(CALLER)),
        (
            Event.from_text(
                "Event: BlindTransfer\nResult: Success\n"
                f"TransfererUniqueid: {PHONE}\nTransfereeUniqueid: {CALLER}\nExtension: 103"
            ),
            BlindTransferred(PHONE, CALLER, "103"),
        ),
        (
            Event.from_text(
                "Event: BlindTransfer\nResult: Fail\n"
                f"TransfererUniqueid: {PHONE}\nTransfereeUniqueid: {CALLER}\nExtension: 103"
            ),
            None,
        ),
        (
            Event.from_text(
                "Event: AttendedTransfer\nResult: Success\n"
                f"OrigTransfererUniqueid: {PHONE}\nSecondTransfererUniqueid: k.3\n"
                f"TransfereeUniqueid: {CALLER}\nTransferTargetChannel: PJSIP/op13-00000088\n"
                "TransferTargetUniqueid: k.4"
            ),
            AttendedTransferred(
                PHONE, ChannelId("k.3"), transferee=CALLER, target=ChannelId("k.4"), target_endpoint="op13"
            ),
        ),
        (
            Event.from_text("Event: DeviceStateChange\nDevice: PJSIP/op12\nState: NOT_INUSE"),
            DeviceChanged("op12", DeviceState.REGISTERED),
        ),
        (
            Event.from_text("Event: DeviceStateChange\nDevice: PJSIP/op12\nState: RINGINUSE"),
            DeviceChanged("op12", DeviceState.IN_USE),
        ),
        (
            Event.from_text("Event: DeviceStateChange\nDevice: PJSIP/op12\nState: INVALID"),
            DeviceChanged("op12", DeviceState.UNREACHABLE),
        ),
        (Event.from_text("Event: DeviceStateChange\nDevice: Queue:tugi\nState: NOT_INUSE"), None),
        (Event.from_text("Event: VarSet\nVariable: X"), None),
        (
            Event.from_text(
                "Event: ParkedCall\nParkeeChannel: PJSIP/trunk-00000084\n"
                f"ParkeeUniqueid: {CALLER}\nParkerDialString: PJSIP/op12\nParkingSpace: 701\nParkingTimeout: 60"
            ),
            CallParked(CALLER, "701"),
        ),
        (
            Event.from_text(
                f"Event: UnParkedCall\nParkeeUniqueid: {CALLER}\nRetrieverChannel: PJSIP/op12-00000085\n"
                f"RetrieverUniqueid: {PHONE}\nParkingSpace: 701"
            ),
            CallRetrieved(CALLER, PHONE, "op12"),
        ),
        (
            Event.from_text(
                "Event: LocalBridge\nLocalOneChannel: Local/102@keskus-internal-00000000;1\n"
                "LocalOneUniqueid: keskus-1.11\nLocalTwoChannel: Local/102@keskus-internal-00000000;2\n"
                "LocalTwoUniqueid: keskus-1.12"
            ),
            LocalBridged(ChannelId("keskus-1.11"), ChannelId("keskus-1.12")),
        ),
        (
            of_caller("BridgeEnter", f"SwapUniqueid: {PHONE}"),
            ChannelReplaced(PHONE, CALLER, "PJSIP/trunk-00000084", "trunk"),
        ),
        (of_caller("BridgeEnter"), None),
        (
            of_caller(
                "UserEvent",
                "UserEvent: KeskusAnswered",
                "Campaign: 3",
                "Queue: tugi",
                "Amd: MACHINE",
                "AmdCause: MAXWORDS-6-5",
                "ConnectedLineNum: <unknown>",
            ),
            AttemptAnswered(
                CALLER,
                "PJSIP/trunk-00000084",
                campaign=CampaignId(3),
                number="",
                machine=True,
                amd="MACHINE MAXWORDS-6-5",
                line="trunk",
            ),
        ),
        (
            of_caller("UserEvent", "UserEvent: KeskusOptedOut", "Campaign: 3"),
            CustomerOptedOut(CALLER, CampaignId(3)),
        ),
    ],
)
def test_each_event(event: Event, expected: FloorEvent | None) -> None:
    assert parse(event) == expected
    assert type(parse(event)) is type(expected)  # named tuples of the same values are equal


@pytest.mark.parametrize(
    ("status", "cause", "outcome"),
    [
        ("NOANSWER", 19, OfferOutcome.TIMED_OUT),
        ("BUSY", 17, OfferOutcome.REJECTED),
        ("CHANUNAVAIL", 21, OfferOutcome.REJECTED),
        ("CONGESTION", 21, OfferOutcome.REJECTED),
        ("CHANUNAVAIL", 20, OfferOutcome.FAILED),
        ("CANCEL", 0, OfferOutcome.CANCELLED),
    ],
)
def test_how_an_offer_ends(status: str, cause: int, outcome: OfferOutcome) -> None:
    event = of_caller(
        "UserEvent", "UserEvent: KeskusOfferEnded", "Offer: 42", f"DialStatus: {status}", f"Cause: {cause}"
    )
    assert parse(event) == OfferReturned(CALLER, OfferId(42), outcome, cause)


def test_a_listed_channel_and_phone() -> None:
    caller = of_caller(
        "CoreShowChannel",
        "Linkedid: keskus-1795434552.132",
        "ChannelStateDesc: Up",
        "Application: Wait",
        "Duration: 01:02:03",
        "BridgeId:",
        "ChanVariable: KESKUS_QUEUE=tugi",
        "ChanVariable: KESKUS_DID=3726000500",
    )
    device = Event.from_text("Event: DeviceStateChange\nDevice: PJSIP/op12\nState: ONHOLD")
    other = Event.from_text("Event: DeviceStateChange\nDevice: Local/x\nState: INUSE")
    assert device_states([device, other]) == {"op12": DeviceState.IN_USE}
    seen = seen_channel(caller)
    assert (seen.channel, seen.endpoint, seen.state) == (CALLER, "trunk", ChannelState.ANSWERED)
    assert seen.duration_s == 3723
    assert seen.caller_name == ""
    assert seen.entry == SeenEntry(QueueId("tugi"), "3726000500")


@pytest.mark.parametrize(
    ("context", "application", "where"),
    [
        ("keskus-hold", "Wait", Whereabouts.HOLD),
        ("keskus-connect", "Dial", Whereabouts.CONNECT),
        ("keskus-fallback", "Queue", Whereabouts.FALLBACK),
        ("keskus-answered", "Wait", Whereabouts.LIVE),
        ("keskus-answered", "AMD", Whereabouts.LISTENED),
        ("keskus-machine", "Playback", Whereabouts.MACHINE),
        ("keskus-abandoned", "Read", Whereabouts.ABANDONED),
        ("keskus-outgoing", "Wait", Whereabouts.OUTGOING),
        ("keskus-talk", "Dial", Whereabouts.ELSEWHERE),
    ],
)
def test_where_a_listed_channel_is(context: str, application: str, where: Whereabouts) -> None:
    text = f"Event: CoreShowChannel\nContext: {context}\nApplication: {application}\nUniqueid: {CALLER}"
    assert seen_channel(Event.from_text(text)).where is where


def test_what_the_dialplan_keeps_of_a_listed_channel_is_told_in_the_floors_words() -> None:
    entry = seen_channel(
        of_caller(
            "CoreShowChannel",
            *("ChanVariable: KESKUS_QUEUE=tugi", "ChanVariable: KESKUS_LANGUAGE=et"),
            *("ChanVariable: KESKUS_SKILLS=card&loan", "ChanVariable: KESKUS_PRIORITY=-2"),
            *("ChanVariable: KESKUS_WITHHELD=yes", "ChanVariable: KESKUS_CAMPAIGN=3"),
            *("ChanVariable: KESKUS_CALL=1.1", "ChanVariable: KESKUS_FIRST=1"),
        )
    )
    assert entry.entry == SeenEntry(
        QueueId("tugi"),
        "",
        language="et",
        skills=frozenset({"card", "loan"}),
        priority=-2,
        number_withheld=True,
        campaign=CampaignId(3),
    )
    assert (entry.call, entry.first_in_line) == (CallId("1.1"), True)
    told = seen_channel(
        of_caller(
            "CoreShowChannel",
            "ChanVariable: KESKUS_OUT=1.2:1|55500123|PJSIP/op1-7",
            "ChanVariable: KESKUS_INTERNAL=1.2:1|102|PJSIP/op1-7|op2",
        )
    )
    assert told.entry is None
    assert told.outgoing == OutgoingLegBegan(CallId("1.2:1"), CALLER, "55500123", "op1")
    assert told.colleague == SeenColleague(CallId("1.2:1"), "102", "PJSIP/op1-7", "op1", "op2")


@pytest.mark.parametrize(("end", "near"), [(";1", True), (";2", False)])
def test_the_halves_of_a_listed_local_channel(end: str, near: bool) -> None:
    text = f"Event: CoreShowChannel\nChannel: Local/102@keskus-internal-00000000{end}\nUniqueid: 1.1"
    half = LocalHalf("Local/102@keskus-internal-00000000", near)
    assert seen_channel(Event.from_text(text)).half == half


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            ("UserEvent: KeskusOutgoing", "By: PJSIP/op1-7", "Alive: 1"),
            OutgoingAsked(
                CallId("1.2:1"),
                CALLER,
                channel_name="PJSIP/trunk-00000084",
                number="55500123",
                endpoint="op1",
                transferred=True,
            ),
        ),
        (
            ("UserEvent: KeskusOutgoing", "By: PJSIP/trunk-00000084"),
            OutgoingAsked(
                CallId("1.2:1"),
                CALLER,
                channel_name="PJSIP/trunk-00000084",
                number="55500123",
                endpoint="trunk",
                alive=False,
            ),
        ),
        (
            ("UserEvent: KeskusOutgoingLeg", "By: PJSIP/op1-7"),
            OutgoingLegBegan(CallId("1.2:1"), CALLER, "55500123", "op1"),
        ),
        (
            ("UserEvent: KeskusOutgoingRefused", "Rule: kinds"),
            OutgoingStopped(CallId("1.2:1"), "kinds"),
        ),
        (
            ("UserEvent: KeskusInternalMissed", "Status: CHANUNAVAIL"),
            ColleagueMissed(CallId("1.2:1"), Missed.UNREACHABLE),
        ),
    ],
)
def test_what_the_dialplan_tells_of_operators_calls(headers: tuple[str, ...], expected: object) -> None:
    event = of_caller("UserEvent", *headers, "Call: 1.2:1", "Number: 55500123")
    assert parse(event) == expected


def test_a_call_is_as_old_as_it_is_when_a_list_of_it_comes_late() -> None:
    caller = of_caller("CoreShowChannel", "Duration: 00:00:30", "ChanVariable: KESKUS_SINCE=1795434560")
    seen = seen_channel(caller, now_s=1795434570.0, late_s=5.4)
    assert (seen.duration_s, seen.waited_s) == (35.4, 15.4)


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [("PJSIP/op12-0000001a", "op12"), ("PJSIP/mari-mets-0000001a", "mari-mets"), ("Local/s@x-00;1", "")],
)
def test_the_endpoint_of_a_channel(name: str, endpoint: str) -> None:
    assert endpoint_of(name) == endpoint
