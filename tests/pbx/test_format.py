"""Commands as AMI actions, and what cannot be said in them."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import AttemptId, CallId, CampaignId, ChannelId, OfferId, OperatorId, QueueId
from app.floor.commands import DismissCall, OfferCall, PlaceCall, ReturnToHold, TransferCall
from app.pbx.ami.encode import encode
from app.pbx.format import NAME_MAX, format_order, format_placing

CALL, CHANNEL = CallId("k-1.1"), ChannelId("k-1.1")


def offer(name: str = "", *, auto_answer: bool = False) -> OfferCall:
    return OfferCall(
        CALL,
        OfferId(7),
        channel=CHANNEL,
        operator=OperatorId(1),
        endpoint="op1",
        ring_s=20,
        auto_answer=auto_answer,
        caller_name=name,
    )


def test_an_offer_sets_its_terms_and_moves_the_caller_last() -> None:
    assert format_order(offer("Mägi Õie", auto_answer=True)) == [
        {"Action": "Setvar", "Channel": CHANNEL, "Variable": "KESKUS_OFFER", "Value": "7|op1|20|1|k-1.1"},
        {"Action": "Setvar", "Channel": CHANNEL, "Variable": "KESKUS_NAME", "Value": "Mägi Õie"},
        {
            "Action": "Redirect",
            "Channel": CHANNEL,
            "Context": "keskus-connect",
            "Exten": "s",
            "Priority": "1",
        },
    ]


def test_the_detectors_parameters_go_with_the_call() -> None:
    asked = PlaceCall(
        AttemptId("kc1-1"),
        CampaignId(1),
        trunk="trunk",
        caller_id="",
        ring_s=25,
        queue=QueueId("sales"),
        detect_machines=True,
        detector=(2500, None, 800, *[None] * 6),
        message="keskus/who-called",
    )
    assert format_placing(asked, "+37255500001")["Variable"] == [
        "KESKUS_CAMPAIGN=1",
        "KESKUS_QUEUE=sales",
        "KESKUS_AMD=1",
        "KESKUS_MESSAGE=keskus/who-called",
        "KESKUS_AMD_WITH=2500||800||||||",
    ]
    plain = format_placing(asked._replace(detector=(None,) * 9, message=""), "+37255500001")
    assert plain["Variable"] == [
        "KESKUS_CAMPAIGN=1",
        "KESKUS_QUEUE=sales",
        "KESKUS_AMD=1",
        "KESKUS_MESSAGE=s",
    ]


def test_a_transfer_is_the_phone_s_own() -> None:
    assert format_order(TransferCall(CALL, ChannelId("k-1.2"), "+37255500199")) == [
        {
            "Action": "BlindTransfer",
            "Channel": "k-1.2",
            "Context": "keskus-internal",
            "Exten": "+37255500199",
        }
    ]


def test_without_a_known_name_the_carriers_stays() -> None:
    assert [action["Action"] for action in format_order(offer())] == ["Setvar", "Redirect"]


def test_holding_and_leaving_move_the_caller() -> None:
    (hold,) = format_order(ReturnToHold(CALL, CHANNEL))
    (leave,) = format_order(DismissCall(CALL, CHANNEL, "please-try-call-later"))
    assert (hold["Context"], hold["Exten"]) == ("keskus-hold", "back")
    assert (leave["Context"], leave["Exten"]) == ("keskus-leave", "please-try-call-later")


@given(st.text())
def test_any_name_can_be_sent_and_stays_one_header(name: str) -> None:
    for action in format_order(offer(name)):
        wire = encode(action, "1")
        assert wire.count(b"\r\n") == len(action) + 2  # each header, the action id, and the end
    shown = [a["Value"] for a in format_order(offer(name)) if a.get("Variable") == "KESKUS_NAME"]
    assert all(len(str(value)) <= NAME_MAX for value in shown)
