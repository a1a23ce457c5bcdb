"""The life of the link, before a peer that misbehaves: up, down, and up again.

The numbers are those of panoramisk 1.4's traps in docs/decisions/0003-panoramisk-hardened.md; stock falls
into each of them before this same peer.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

import pytest
from structlog.testing import capture_logs

from app.pbx.ami.errors import PbxLinkLost
from app.pbx.ami.message import Event
from app.pbx.ami.session import LinkSettings
from tests.pbx.owner import Owner, linked, running
from tests.pbx.peer import Headers, Peer, Session, listening_peer


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with listening_peer() as peer:
        yield peer


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
    monkeypatch.setattr("app.pbx.ami.link.log.warning", lambda *_, **__: waiting.set())
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
    monkeypatch.setattr("app.pbx.ami.link.asyncio.sleep", wait)
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


def test_a_secret_that_cannot_be_sent_stops_the_start() -> None:
    with pytest.raises(ValueError, match="Secret"):
        LinkSettings(username="keskus", secret="amber\n")
    assert "amber" not in repr(LinkSettings(username="keskus", secret="amber"))


# ---- the socket


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
