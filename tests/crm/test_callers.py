"""Callers in one spelling, whatever the carrier sends; who withholds the number has none."""

import pytest

from app.crm.contacts.caller_numbers import known_caller, with_known_caller
from app.domain.ids import ChannelId, QueueId
from app.floor.events import CallEntered, ChannelState, SeenChannel, Whereabouts
from app.pbx.ami.message import Event
from app.pbx.parse import parse


def _entered(number: str) -> CallEntered:
    return CallEntered(
        ChannelId("1.1"),
        "PJSIP/trunk-1",
        caller_number=number,
        caller_name="",
        dialed="3726000100",
        queue=QueueId("q"),
    )


@pytest.mark.parametrize(
    ("sent", "number", "beside"),
    [
        ("358401234567", "+358401234567", "358401234567"),
        ("00358401234567", "+358401234567", "00358401234567"),
        ("+358401234567", "+358401234567", ""),
        ("55500123", "+37255500123", "55500123"),
        ("201", "201", ""),
        ("kask55500124", "", "kask55500124"),
        ("anonymous1984", "", "anonymous1984"),
        ("", "", ""),
    ],
)
def test_what_the_carrier_sends_becomes_one_spelling(sent: str, number: str, beside: str) -> None:
    known = with_known_caller(_entered(sent), "EE")
    assert isinstance(known, CallEntered)
    assert (known.caller_number, known.caller_sent) == (number, beside)
    channel = SeenChannel(
        ChannelId("1.1"),
        "PJSIP/trunk-1",
        linked=ChannelId("1.1"),
        endpoint="trunk",
        state=ChannelState.ANSWERED,
        where=Whereabouts.HOLD,
        duration_s=1.0,
        caller_number=sent,
        caller_name="",
    )
    seen = known_caller(channel, "EE")
    assert (seen.caller_number, seen.caller_sent) == (number, beside)


@pytest.mark.parametrize(("said", "withheld"), [("yes", True), ("", False)])
def test_a_withheld_number_is_told(said: str, withheld: bool) -> None:
    lines = ["Event: UserEvent", "UserEvent: KeskusEntered", "Uniqueid: 1.1", "Queue: q", f"Withheld: {said}"]
    event = parse(Event("UserEvent", 1, "\r\n".join(lines)))
    assert isinstance(event, CallEntered)
    assert event.number_withheld is withheld
