"""The link against a peer that misbehaves. Each trap of panoramisk 1.4 has its test; stock fails them all."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.pbx.encode import Action
from app.pbx.errors import PbxLinkLost, PbxRejected, PbxTimedOut
from app.pbx.link import Link
from app.pbx.message import Event, Response
from app.pbx.session import LinkSettings
from tests.pbx.peer import DEADLINE_S, Headers, Peer, Session, listening_peer

ORIGINATE: Action = {"Action": "Originate", "Channel": "Local/1@out", "ChannelId": "a1", "Async": True}
WANTED = ("Newchannel", "Hangup", "OriginateResponse", "DeviceStateChange")


class Owner:
    """A link and what its owner was told, in order."""

    def __init__(self, settings: LinkSettings) -> None:
        self.heard: list[Event] = []
        self.story: list[str] = []
        self.reasons: list[str] = []
        self.link = Link(settings, self.on_event, self.on_up, self.on_down, WANTED)
        self._changed = asyncio.Event()

    def on_event(self, event: Event) -> None:
        self.heard.append(event)
        self._tell(f"{event.name} {event.generation}")

    def on_up(self, generation: int) -> None:
        self._tell(f"up {generation}")

    def on_down(self, generation: int, reason: str) -> None:
        self.reasons.append(reason)
        self._tell(f"down {generation}")

    def _tell(self, what: str) -> None:
        self.story.append(what)
        self._changed.set()

    async def until(self, *story: str) -> None:
        """Wait until all of this has been told."""
        async with asyncio.timeout(DEADLINE_S):
            while not set(story) <= set(self.story):
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with listening_peer() as peer:
        yield peer


@asynccontextmanager
async def running(peer: Peer, **changes: Any) -> AsyncIterator[Owner]:  # settings of any type
    """A link that runs for the length of the block, and must end when closed."""
    settings = LinkSettings(
        port=peer.port,
        username="keskus",
        secret="amber",
        connect_timeout_s=2.0,
        ping_interval_s=10.0,  # the watchdog's own tests are quicker
        retry_first_s=0.001,
        retry_last_s=0.01,
        login_retry_s=0.002,
    )
    owner = Owner(replace(settings, **changes))
    async with asyncio.timeout(4 * DEADLINE_S), asyncio.TaskGroup() as group:
        group.create_task(owner.link.run())
        try:
            yield owner
        finally:
            owner.link.close()


@asynccontextmanager
async def linked(peer: Peer, **changes: Any) -> AsyncIterator[Owner]:  # settings of any type
    async with running(peer, **changes) as owner:
        await owner.until("up 1")
        yield owner


# ---- 1: nothing is sent twice


@pytest.mark.parametrize("name", ["Originate", "Redirect", "UserEvent", "Ping", "Getvar"])
async def test_an_action_unanswered_when_the_link_drops_is_not_sent_again(peer: Peer, name: str) -> None:
    peer.rules[name] = Peer.dropping
    async with linked(peer) as owner:
        with pytest.raises(PbxLinkLost) as lost:
            await owner.link.send({"Action": name, "Variable": "x"})
        assert lost.value.sent  # whether the PBX acted is not known
        assert not isinstance(lost.value, PbxTimedOut)
        await owner.until("up 2")
        peer.session.write("Event: FullyBooted\nStatus: Fully Booted\n\n")  # stock sends again upon this
        await owner.link.send({"Action": "CoreStatus"})
    assert [action["Action"] for action in peer.received].count(name) == 1


async def test_every_pending_action_fails_when_the_link_drops(peer: Peer) -> None:
    peer.rules["Hangup"] = Peer.silent
    async with linked(peer) as owner:
        asked = [owner.link.send({"Action": "Hangup", "Channel": f"c{n}"}) for n in range(3)]
        await peer.asked("Hangup", 3)
        peer.session.drop()
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answer) for answer in answers] == [PbxLinkLost] * 3
    assert owner.story[:2] == ["up 1", "down 1"]


# ---- 2: every wait ends


async def test_an_action_without_answer_times_out_and_the_link_lives(peer: Peer) -> None:
    peer.rules["Redirect"] = Peer.silent
    async with linked(peer) as owner:
        with pytest.raises(PbxTimedOut, match=r"Redirect: no answer within 0\.01 s") as late:
            await owner.link.send({"Action": "Redirect"}, timeout_s=0.01)
        assert late.value.sent
        action = await peer.asked("Redirect")
        peer.session.answer(action, "Response: Success")  # too late: it belongs to no one
        assert (await owner.link.send({"Action": "CoreStatus"})).success
        assert owner.link.counters.unclaimed == 1


async def test_sending_on_a_down_link_raises_at_once(peer: Peer) -> None:
    await peer.stop()
    async with running(peer) as owner:
        for send in (owner.link.send, owner.link.collect):
            with pytest.raises(PbxLinkLost) as lost:
                send({"Action": "CoreShowChannels"})
            assert not lost.value.sent
        with pytest.raises(PbxLinkLost):
            owner.link.send_all([ORIGINATE])
        await peer.start()
        await owner.until("up 1")
    assert peer.names() == ["Login"]


async def test_a_list_acknowledged_whose_link_drops_fails(peer: Peer) -> None:
    def acknowledge(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nEventList: start\nMessage: Channels will follow")
        session.answer(action, "Event: CoreShowChannel\nChannel: PJSIP/a")
        session.drop()

    peer.rules["CoreShowChannels"] = acknowledge
    async with linked(peer) as owner:
        with pytest.raises(PbxLinkLost):
            await owner.link.collect({"Action": "CoreShowChannels"})


async def test_a_list_without_end_times_out(peer: Peer) -> None:
    async with linked(peer) as owner:
        with pytest.raises(PbxTimedOut):
            await owner.link.collect({"Action": "CoreShowChannels"}, timeout_s=0.01)


async def test_a_list_that_is_refused_ends(peer: Peer) -> None:
    peer.rules["QueueStatus"] = lambda session, action: session.answer(
        action, "Response: Error\nMessage: Permission denied"
    )
    async with linked(peer) as owner:
        with pytest.raises(PbxRejected, match="QueueStatus: Permission denied"):
            await owner.link.collect({"Action": "QueueStatus"})


async def test_a_list_that_is_cancelled_ends(peer: Peer) -> None:
    def cancel(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nEventList: start")
        session.answer(action, "Event: QueueStatusComplete\nEventList: cancelled")

    peer.rules["QueueStatus"] = cancel
    async with linked(peer) as owner:
        with pytest.raises(PbxRejected):
            await owner.link.collect({"Action": "QueueStatus"})


async def test_a_caller_that_gives_up_leaves_nothing_behind(peer: Peer) -> None:
    peer.rules["Getvar"] = Peer.silent
    async with linked(peer) as owner:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await owner.link.send({"Action": "Getvar"})
        await owner.link.send({"Action": "CoreStatus"})
        assert owner.link._protocol is not None
        assert owner.link._protocol.responses == {}


# ---- 3: OriginateResponse is an event


async def test_originate_response_is_delivered(peer: Peer) -> None:
    def originate(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nMessage: Originate successfully queued")
        session.answer(action, "Event: OriginateResponse\nResponse: Failure\nReason: 3")

    peer.rules["Originate"] = originate
    async with linked(peer) as owner:
        answer = await owner.link.send({**ORIGINATE, "ActionID": "attempt-7"})
        assert answer.message == "Originate successfully queued"
        await owner.until("OriginateResponse 1")
    assert owner.heard[0].get("ActionID") == "attempt-7"


async def test_one_action_id_is_not_awaited_twice(peer: Peer) -> None:
    peer.rules["Originate"] = Peer.silent
    async with linked(peer) as owner:
        first = owner.link.send({**ORIGINATE, "ActionID": "attempt-7"})
        with pytest.raises(ValueError, match="awaited already"):
            owner.link.send({**ORIGINATE, "ActionID": "attempt-7"})
        with pytest.raises(ValueError, match="two actions with one ActionID"):
            owner.link.send_all([{**ORIGINATE, "ActionID": "x"}] * 2)
        peer.session.answer(await peer.asked("Originate"), "Response: Success")
        await first
        again = owner.link.send({**ORIGINATE, "ActionID": "attempt-7"})  # its own timer and place
        peer.session.answer(await peer.asked("Originate", 2), "Response: Success")
        await again
    assert peer.names() == ["Login", "Originate", "Originate"]


# ---- 4: the consumer cannot hurt the link


async def test_a_consumer_that_raises_does_not_tear_the_link_down(peer: Peer) -> None:
    async with linked(peer) as owner:

        def consume(event: Event) -> None:
            Owner.on_event(owner, event)
            raise RuntimeError("a fault of ours")

        assert owner.link._protocol is not None
        owner.link._protocol._on_event = consume
        with capture_logs() as logs:
            peer.session.write("Event: Newchannel\nN: 1\n\nEvent: Hangup\nN: 2\n\n")
            assert (await owner.link.send({"Action": "CoreStatus"})).success
        assert owner.story == ["up 1", "Newchannel 1", "Hangup 1"]
        assert [entry["event"] for entry in logs] == ["pbx_event_consumer_failed"]


@pytest.mark.parametrize("callback", ["_on_up", "_on_down"])
async def test_an_owner_that_raises_does_not_stop_the_link(peer: Peer, callback: str) -> None:
    async with running(peer) as owner:

        def fail(*_: object) -> None:
            raise RuntimeError("a fault of ours")

        setattr(owner.link, callback, fail)
        await peer.asked("Login")
        peer.session.drop()
        await peer.asked("Login", 2)
    assert owner.link.counters.logins >= 1


# ---- 5: letters


async def test_a_letter_split_between_packets_is_whole(peer: Peer) -> None:
    wire = "Event: Newchannel\r\nCallerIDName: Jüri\r\nUniqueid: 1.1\r\n\r\n".encode()
    cut = wire.index(b"\xbc")  # the second byte of the letter
    async with linked(peer) as owner:
        protocol = owner.link._protocol
        assert protocol is not None
        first_half_read = asyncio.Event()
        read = protocol.data_received

        def reading(data: bytes) -> None:
            read(data)
            first_half_read.set()

        protocol.data_received = reading  # type: ignore[method-assign]
        peer.session.transport.write(wire[:cut])
        await first_half_read.wait()
        peer.session.transport.write(wire[cut:])
        await owner.until("Newchannel 1")
    assert owner.heard[0].get("CallerIDName") == "Jüri"


# ---- 6: no injection


async def test_a_value_with_a_line_end_is_refused_and_nothing_is_written(peer: Peer) -> None:
    async with linked(peer) as owner:
        bad = {**ORIGINATE, "CallerID": "Mari\r\n\r\nAction: Command\r\nCommand: core stop now"}
        with pytest.raises(ValueError, match="CallerID"):
            owner.link.send(bad)
        with pytest.raises(ValueError, match="CallerID"):
            owner.link.send_all([{"Action": "Setvar"}, bad])
        with pytest.raises(ValueError, match="CallerID"):
            owner.link.collect(bad)
        await owner.link.send({"Action": "CoreStatus"})
    assert peer.names() == ["Login", "CoreStatus"]


def test_a_secret_that_cannot_be_sent_stops_the_start() -> None:
    with pytest.raises(ValueError, match="Secret"):
        LinkSettings(username="keskus", secret="amber\n")
    assert "amber" not in repr(LinkSettings(username="keskus", secret="amber"))


# ---- 7: login, watchdog, back-off


async def test_a_refused_login_is_said_once_and_tried_again(peer: Peer) -> None:
    peer.secret = "changed"
    with capture_logs() as logs:
        async with running(peer) as owner:
            await peer.asked("Login", 4)
            await peer.until(lambda: not peer.sessions)
            assert owner.link.why_down == "login refused: Authentication failed"
            assert not owner.link.connected
            peer.secret = "amber"
            await owner.until("up 1")
    told = [entry["reason"] for entry in logs if entry["event"] == "pbx_link_down"]
    assert told == ["login refused: Authentication failed"]
    assert "amber" not in str(logs)
    assert owner.link.counters.login_failures >= 3
    assert owner.link.counters.logins == 1


async def test_a_refused_login_is_tried_slowly(peer: Peer) -> None:
    peer.secret = "changed"
    async with running(peer, login_retry_s=3600.0) as owner:
        await peer.asked("Login")
        await peer.until(lambda: not peer.sessions)
        peer.secret = "amber"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await owner.until("up 1")
    assert peer.names() == ["Login"]


@pytest.mark.parametrize("rule", [Peer.silent, Peer.dropping])
async def test_a_login_without_answer_is_tried_again(peer: Peer, rule: Callable[..., object]) -> None:
    login = peer.rules["Login"]
    peer.rules["Login"] = rule
    async with running(peer, connect_timeout_s=0.02) as owner:
        await peer.asked("Login", 2)
        peer.rules["Login"] = login
        await owner.until("up 1")
    assert not owner.reasons[:-1]  # it was never up before


async def test_a_half_open_link_is_noticed(peer: Peer) -> None:
    peer.rules["Ping"] = Peer.silent
    async with linked(peer, ping_interval_s=0.001, pong_deadline_s=0.02) as owner:
        await owner.until("down 1")
        peer.rules["Ping"] = Peer.accepting
        await owner.until("up 2")
        seen = owner.link.last_pong
        await peer.asked("Ping", [action["Action"] for action in peer.received].count("Ping") + 3)
        assert owner.link.last_pong > seen
    assert owner.reasons[0] == "no pong within 0.02 s"
    assert owner.link.counters.missed_pongs >= 1


async def test_a_pong_behind_a_burst_is_waited_for_but_not_for_ever(peer: Peer) -> None:
    def busy(session: Session, action: Headers) -> None:
        session.write("Event: Hangup\nUniqueid: 1.1\n\n")  # alive, but never a pong

    peer.rules["Ping"] = busy
    async with linked(peer, ping_interval_s=0.001, pong_deadline_s=0.1) as owner:
        await owner.until("down 1")
    assert owner.reasons[0] == "no pong within 0.3 s"
    assert owner.story[:4] == ["up 1", "Hangup 1", "Hangup 1", "Hangup 1"]


@pytest.mark.parametrize("refused", [True, False])
async def test_closing_while_waiting_to_try_again_really_stops(
    peer: Peer, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer.secret = "changed"
    if not refused:
        await peer.stop()
    waiting = asyncio.Event()
    monkeypatch.setattr("app.pbx.link.log.warning", lambda *_, **__: waiting.set())
    async with running(peer, retry_first_s=3600.0, retry_last_s=3600.0, login_retry_s=3600.0) as owner:
        await waiting.wait()
        owner.link.close()
    if not refused:
        await peer.start()
    assert len(peer.received) == int(refused)
    assert not peer.sessions


async def test_back_off_doubles_up_to_its_limit(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    enough = asyncio.Event()

    async def wait(delay_s: float) -> None:
        waits.append(delay_s)
        if len(waits) == 6:
            enough.set()
            await asyncio.Event().wait()

    await peer.stop()
    monkeypatch.setattr("app.pbx.link.asyncio.sleep", wait)
    async with running(peer, retry_first_s=0.1, retry_last_s=1.0):
        await enough.wait()
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


async def test_cancelling_run_stops_and_fails_what_is_pending(peer: Peer) -> None:
    peer.rules["Getvar"] = Peer.silent
    async with linked(peer) as owner:
        pending = owner.link.send({"Action": "Getvar"})
        owner.link.close()
        with pytest.raises(PbxLinkLost, match="closed by the service"):
            await pending
    assert owner.story == ["up 1", "down 1"]
    await peer.until(lambda: not peer.sessions)


async def test_the_link_comes_back_after_the_pbx_was_gone(peer: Peer) -> None:
    async with linked(peer) as owner:
        await peer.stop()
        await owner.until("down 1")
        await peer.start()
        await owner.until("up 2")
        peer.session.write("Event: Hangup\nUniqueid: 1.1\n\n")
        await owner.until("Hangup 2")
    assert owner.reasons[0].startswith(("closed by the PBX", "connection lost"))
    assert (owner.link.counters.logins, owner.link.counters.lost) == (2, 2)


async def test_half_a_message_does_not_join_the_next_connection(peer: Peer) -> None:
    async with linked(peer) as owner:
        peer.session.write("Event: Hangup\nUniqueid: 1.1\nCau")
        peer.session.drop()
        await owner.until("up 2")
        peer.session.write("Event: Newchannel\nUniqueid: 1.2\n\n")
        await owner.until("Newchannel 2")
    assert [event.raw for event in owner.heard] == ["Event: Newchannel\r\nUniqueid: 1.2"]


async def test_up_is_told_before_the_first_event_even_in_one_read(peer: Peer) -> None:
    def login(session: Session, action: Headers) -> None:
        id_ = action["ActionID"]
        session.write(f"Response: Success\nActionID: {id_}\n\nEvent: Hangup\nUniqueid: 1.1\n\n")

    peer.rules["Login"] = login
    async with linked(peer) as owner:
        await owner.until("Hangup 1")
    assert owner.story[:2] == ["up 1", "Hangup 1"]


# ---- asking


async def test_an_error_is_a_rejection_in_asterisk_s_words(peer: Peer) -> None:
    peer.rules["Redirect"] = lambda session, action: session.answer(
        action, "Response: Error\nMessage: Channel does not exist: PJSIP/x"
    )
    async with linked(peer) as owner:
        with pytest.raises(PbxRejected) as refused:
            await owner.link.send({"Action": "Redirect"})
    assert (refused.value.action, refused.value.message) == ("Redirect", "Channel does not exist: PJSIP/x")


async def test_actions_are_on_the_wire_in_the_order_of_the_calls(peer: Peer) -> None:
    peer.rules["Redirect"] = lambda session, action: session.answer(action, "Response: Error\nMessage: no")
    async with linked(peer) as owner:
        both = owner.link.send_all([{"Action": "Setvar"}, {"Action": "Redirect"}, {"Action": "UserEvent"}])
        after = owner.link.send({"Action": "Ping"})
        answers = await both
        await after
        assert await owner.link.send_all([]) == []
    assert [action["Action"] for action in peer.received] == [
        "Login",
        "Setvar",
        "Redirect",
        "UserEvent",
        "Ping",
    ]
    assert isinstance(answers[0], Response)
    assert isinstance(answers[1], PbxRejected)
    assert isinstance(answers[2], Response)
    assert answers[1].action == "Redirect"


async def test_several_actions_fail_together_when_the_link_drops(peer: Peer) -> None:
    peer.rules["Redirect"] = Peer.dropping
    async with linked(peer) as owner:
        with pytest.raises(PbxLinkLost):
            await owner.link.send_all([{"Action": "Setvar"}, {"Action": "Redirect"}])


async def test_a_list_is_collected_by_its_id_while_events_go_on(peer: Peer) -> None:
    def show(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nEventList: start")
        session.answer(action, "Event: DeviceStateChange\nDevice: PJSIP/a\nState: NOT_INUSE")
        session.write("Event: DeviceStateChange\nDevice: PJSIP/b\nState: INUSE\n\nEvent: VarSet\nX: 1\n\n")
        session.answer(action, "Event: DeviceStateChange\nDevice: PJSIP/c\nState: RINGING")
        session.answer(action, "Event: DeviceStateListComplete\nEventList: Complete\nListItems: 2")

    peer.rules["DeviceStateList"] = show
    async with linked(peer) as owner:
        listed = await owner.link.collect({"Action": "DeviceStateList"})
    assert [event.get("Device") for event in listed] == ["PJSIP/a", "PJSIP/c"]
    assert [event.get("Device") for event in owner.heard] == ["PJSIP/b"]
    assert (owner.link.counters.handled, owner.link.counters.ignored) == (4, 1)


async def test_a_burst_is_taken_whole_while_the_consumer_only_appends(peer: Peer) -> None:
    block = "Event: Newchannel\nChannel: PJSIP/" + "x" * 400 + "\n\n"
    async with linked(peer) as owner:
        peer.session.write(block * 10_000)
        assert (await owner.link.send({"Action": "Ping"})).success  # its answer is behind the burst
        assert len(owner.heard) == 10_000


async def test_small_actions_do_not_wait_for_each_other(peer: Peer) -> None:
    async with linked(peer) as owner:
        assert owner.link._protocol is not None
        connected = owner.link._protocol.transport.get_extra_info("socket")
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
