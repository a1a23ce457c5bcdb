"""The bytes of AMI, without a socket: framing, letters, headers."""

import asyncio
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pbx.ami.asked import AskedOne
from app.pbx.ami.errors import PbxLinkLost
from app.pbx.ami.message import Event, Response
from app.pbx.ami.protocol import MESSAGE_MAX_BYTES, UNSENT_MAX_BYTES, Counters, LinkProtocol

GREETING = b"Asterisk Call Manager/11.0.0\r\n"


class Ear:
    """A protocol that listens, and what it heard."""

    def __init__(self, wanted: tuple[str, ...] = ("Newchannel", "Hangup", "OriginateResponse")) -> None:
        self.heard: list[Event] = []
        self.counters = Counters()
        self.protocol = LinkProtocol(self.heard.append, wanted, self.counters)
        self.transport = Mock(spec=asyncio.Transport)
        self.transport.get_write_buffer_size.return_value = 0
        self.transport.get_extra_info.return_value = None
        self.transport.is_closing.return_value = False
        self.transport.abort.side_effect = lambda: self.protocol.connection_lost(None)
        self.protocol.connection_made(self.transport)
        self.protocol.listen(1)

    def hear(self, *chunks: bytes) -> list[Event]:
        for chunk in chunks:
            self.protocol.data_received(chunk)
        return self.heard


@pytest.fixture
async def ear() -> Ear:
    ear = Ear()
    ear.hear(GREETING)
    return ear


def event_bytes(name: str, **headers: str) -> bytes:
    lines = [f"Event: {name}", *(f"{header}: {value}" for header, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


# ---- framing


async def test_greeting_has_no_blank_line_after_it(ear: Ear) -> None:
    assert ear.protocol.version == "11.0.0"
    assert [event.name for event in ear.hear(event_bytes("Hangup", Uniqueid="1.1"))] == ["Hangup"]


async def test_greeting_and_first_event_in_one_read() -> None:
    assert Ear().hear(GREETING + event_bytes("Hangup", Uniqueid="1.1"))[0].get("Uniqueid") == "1.1"


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"x" * 2000])
async def test_another_service_on_the_port_is_named(greeting: bytes) -> None:
    ear = Ear()
    ear.hear(greeting)
    assert "not an Asterisk manager interface" in ear.protocol.lost.result()


async def test_unwanted_events_are_counted_and_not_delivered(ear: Ear) -> None:
    ear.hear(event_bytes("VarSet", Variable="X") + event_bytes("Hangup") + event_bytes("HangupRequest"))
    assert [event.name for event in ear.heard] == ["Hangup"]
    assert (ear.counters.handled, ear.counters.ignored, ear.counters.seen) == (1, 2, 3)


async def test_an_event_of_one_line_keeps_its_whole_name(ear: Ear) -> None:
    ear.hear(b"Event: Hangup\r\n\r\nEvent: Hangups\r\n\r\n")
    assert [event.name for event in ear.heard] == ["Hangup"]


async def test_extra_blank_lines_between_messages_are_nothing(ear: Ear) -> None:
    ear.hear(
        b"\r\n\r\n" + event_bytes("Hangup", Cause="16") + b"\r\n" + event_bytes("Newchannel") + b"\r\n\r\n"
    )
    assert [event.name for event in ear.heard] == ["Hangup", "Newchannel"]
    assert ear.counters.dropped == 0


async def test_a_message_without_end_closes_the_link(ear: Ear) -> None:
    half = b"x" * (MESSAGE_MAX_BYTES // 2 + 1)
    ear.hear(half, half)
    assert "longer than" in ear.protocol.lost.result()


async def test_a_megabyte_in_one_read(ear: Ear) -> None:
    one = event_bytes("Newchannel", Channel="PJSIP/kõne-1", Linkedid="1." + "0" * 300)
    assert len(ear.hear(one * 3000)) == 3000


# ---- letters: stock panoramisk decodes each read by itself and throws away what does not fit


async def test_a_letter_split_between_reads_is_whole(ear: Ear) -> None:
    wire = event_bytes("Newchannel", CallerIDName="Jüri Õunapuu €", Uniqueid="1.1")
    for cut in range(1, len(wire)):
        ear.heard.clear()
        ear.hear(wire[:cut], wire[cut:])
        assert ear.heard[0].get("CallerIDName") == "Jüri Õunapuu €"


async def test_broken_bytes_spoil_their_own_value_only(ear: Ear) -> None:
    ear.hear(
        b"Event: Newchannel\r\nCallerIDName: J\xfcri\xc3\r\nExten: \xe2\x82\r\nUniqueid: 1.\xc3\xb5\r\n\r\n"
    )
    assert ear.heard[0].headers() == {
        "Event": "Newchannel",
        "CallerIDName": "J\N{REPLACEMENT CHARACTER}ri\N{REPLACEMENT CHARACTER}",
        "Exten": "\N{REPLACEMENT CHARACTER}",
        "Uniqueid": "1.õ",
    }


names = st.sampled_from(["Newchannel", "Hangup", "VarSet", "OriginateResponse"])
values = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30)
messages = st.tuples(names, st.dictionaries(st.sampled_from(["Channel", "CallerIDName", "A"]), values))


@st.composite
def chunked_streams(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    wire = GREETING + b"".join(event_bytes(name, **headers) for name, headers in draw(st.lists(messages)))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(wire) - 1)), max_size=20)))
    return wire, [wire[a:b] for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True)]


@settings(deadline=None)
@given(chunked_streams())
def test_any_chunking_gives_the_same_events(stream: tuple[bytes, list[bytes]]) -> None:
    wire, chunks = stream

    async def hear(*parts: bytes) -> tuple[list[tuple[str, str]], Counters]:
        ear = Ear()
        return [(event.name, event.raw) for event in ear.hear(*parts)], ear.counters

    with asyncio.Runner() as runner:
        (whole, whole_counters), (cut, cut_counters) = runner.run(hear(wire)), runner.run(hear(*chunks))
        each, _ = runner.run(hear(*(bytes([byte]) for byte in wire)))
    assert whole == cut == each
    assert whole_counters == cut_counters


# ---- the consumer


async def test_a_consumer_that_raises_loses_only_its_own_event() -> None:
    ear = Ear()
    heard: list[str] = []

    def consume(event: Event) -> None:
        if event.get("Uniqueid") == "1.2":
            raise RuntimeError("a fault of ours")
        heard.append(event.get("Uniqueid"))

    ear.protocol._on_event = consume
    ear.hear(GREETING + b"".join(event_bytes("Hangup", Uniqueid=f"1.{n}") for n in range(1, 5)))
    assert heard == ["1.1", "1.3", "1.4"]
    assert (ear.counters.handled, ear.counters.dropped) == (3, 1)
    assert not ear.protocol.closed


# ---- answers


async def test_an_answer_resolves_within_the_read(ear: Ear) -> None:
    asked = AskedOne("Ping")
    ear.protocol.ask({"7": asked}, b"")
    ear.hear(b"Response: Success\r\nActionID: 7\r\nPing: Pong\r\n\r\n")
    assert asked.future.done()
    assert (await asked.future).get("Ping") == "Pong"


async def test_an_event_with_the_id_of_an_action_is_not_its_answer(ear: Ear) -> None:
    asked = AskedOne("Originate")
    ear.protocol.ask({"7": asked}, b"")
    ear.hear(event_bytes("OriginateResponse", ActionID="7", Response="Failure"))
    assert not asked.future.done()
    assert [event.get("ActionID") for event in ear.heard] == ["7"]


async def test_answers_nobody_awaits_and_stray_text_are_counted(ear: Ear) -> None:
    ear.hear(b"Response: Error\r\nMessage: Failed to parse message: line too long\r\n\r\nnonsense\r\n\r\n")
    assert (ear.counters.unclaimed, ear.counters.dropped) == (1, 1)


async def test_nothing_is_written_to_a_peer_that_does_not_read(ear: Ear) -> None:
    ear.transport.get_write_buffer_size.return_value = UNSENT_MAX_BYTES + 1
    with pytest.raises(PbxLinkLost) as lost:
        ear.protocol.ask({"7": AskedOne("Ping")}, b"Action: Ping\r\n\r\n")
    assert not lost.value.sent
    ear.transport.write.assert_not_called()


# ---- headers


def test_a_header_is_found_by_its_whole_name() -> None:
    event = Event.from_text(
        "Event: DialBegin\nDestChannel: PJSIP/b\nChannel: PJSIP/a\nDialString: \nLast: x: y"
    )
    assert event.get("Channel") == "PJSIP/a"
    assert event.get("Event") == "DialBegin"
    assert event.get("DialString") == ""
    assert event.get("Last") == "x: y"


def test_an_unknown_header_is_told_from_an_empty_one() -> None:
    event = Event.from_text("Event: Hangup\nAccountCode: ")
    assert event.get("AccountCode", None) == ""
    assert event.get("Cause", None) is None
    assert event.get("Cause") == ""
    assert event.get("Cause", "0") == "0"


def test_a_repeated_header_is_always_a_list() -> None:
    event = Event.from_text("Event: Newstate\nChanVariable: A=1\nX: y\nChanVariable: B=")
    assert event.all("ChanVariable") == ["A=1", "B="]
    assert event.all("X") == ["y"]
    assert event.all("Y") == []
    assert event.get("ChanVariable") == "A=1"


def test_command_output_keeps_its_lines() -> None:
    response = Response(
        "Response: Success\r\nMessage: Command output follows\r\nOutput: a: b\r\nOutput: \r\nOutput: c"
    )
    assert response.success
    assert response.all("Output") == ["a: b", "", "c"]


def test_a_repr_shows_no_number() -> None:
    assert "5550123" not in repr(Event.from_text("Event: Newchannel\nCallerIDNum: +3725550123"))


def test_text_that_is_no_event_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with the header Event"):
        Event.from_text("Response: Success")
