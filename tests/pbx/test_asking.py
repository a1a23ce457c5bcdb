"""Asking over the link, of a peer that misbehaves: nothing is sent twice, and every wait ends.

The numbers are those of panoramisk 1.4's traps in docs/decisions/0003-panoramisk-hardened.md; stock falls
into each of them before this same peer.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.pbx.ami.encode import Action
from app.pbx.ami.errors import PbxLinkLost, PbxRejected, PbxTimedOut
from app.pbx.ami.message import Response
from tests.pbx.owner import linked, running
from tests.pbx.peer import Headers, Peer, Session, listening_peer

ORIGINATE: Action = {"Action": "Originate", "Channel": "Local/1@out", "ChannelId": "a1", "Async": True}


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with listening_peer() as peer:
        yield peer


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


async def test_a_list_with_a_line_missing_is_no_list(peer: Peer) -> None:
    def cut_short(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nEventList: start")
        session.answer(action, "Event: CoreShowChannel\nUniqueid: 1.1")
        session.answer(action, "Event: CoreShowChannelsComplete\nEventList: Complete\nListItems: 2")

    peer.rules["CoreShowChannels"] = cut_short
    async with linked(peer) as owner:
        with pytest.raises(PbxRejected, match="1 of 2 items"):
            await owner.link.collect({"Action": "CoreShowChannels"})


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
