"""Two PBXs with a link each: what one tells names it, and an order goes to the one that it names, in its own words."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from app.domain.ids import (
    FIRST_NODE,
    AttemptId,
    CallId,
    CampaignId,
    ChannelId,
    NodeId,
    OfferId,
    OperatorId,
    QueueId,
)
from app.domain.operators import DeviceState
from app.floor.commands import (
    DismissCall,
    OfferCall,
    PlaceCall,
    TakeSnapshot,
    WithdrawCall,
    node_of_command,
)
from app.floor.events import (
    CallEntered,
    ChannelHungUp,
    ColleagueCalled,
    DeviceChanged,
    Event,
    LegDialed,
    LinkLost,
    OutgoingAsked,
    SnapshotTaken,
)
from app.pbx.ami.message import Event as Told
from app.pbx.ami.session import LinkSettings
from app.pbx.format import format_order, format_placing, format_state, format_withdrawal
from app.pbx.listed import device_states, seen_channel
from app.pbx.node import Pbx
from app.pbx.nodes import Nodes
from app.pbx.parse import about, parse
from tests.pbx.peer import DEADLINE_S, Headers, Peer, Session, listening_peer

TARTU = NodeId("tartu")
CHANNEL, CALL = ChannelId("tartu~1.1"), CallId("tartu~1.1")
OFFER = OfferCall(
    CALL,
    OfferId(7),
    channel=CHANNEL,
    operator=OperatorId(1),
    endpoint="tartu~op1",
    ring_s=20,
    auto_answer=False,
    caller_name="",
)
ASKED = PlaceCall(
    AttemptId("tartu~kc1-1"),
    CampaignId(1),
    trunk="tartu~trunk",
    caller_id="",
    ring_s=25,
    queue=QueueId("sales"),
    detect_machines=False,
)
ENDS = {"CoreShowChannels": "CoreShowChannelsComplete", "DeviceStateList": "DeviceStateListComplete"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "UserEvent\nUserEvent: KeskusEntered\nUniqueid: 1.1\nChannel: PJSIP/trunk-1\nQueue: sales",
            CallEntered(
                CHANNEL,
                "PJSIP/trunk-1",
                caller_number="",
                caller_name="",
                dialed="",
                queue=QueueId("sales"),
                line="tartu~trunk",
            ),
        ),
        (
            "DialBegin\nUniqueid: 1.1\nDestUniqueid: 1.2\nDestChannel: PJSIP/op1-2",
            LegDialed(CHANNEL, ChannelId("tartu~1.2"), "tartu~op1"),
        ),
        ("DialBegin\nDestUniqueid: 1.2\nDestChannel: PJSIP/op1-2", None),
        ("Hangup\nUniqueid: 1.1\nCause: 16", ChannelHungUp(CHANNEL, 16)),
        (
            "DeviceStateChange\nDevice: PJSIP/op1\nState: INUSE",
            DeviceChanged("tartu~op1", DeviceState.IN_USE),
        ),
        (
            (
                "UserEvent\nUserEvent: KeskusOutgoing\nUniqueid: 1.1\nChannel: PJSIP/op1-1\nCall: 1.1:1\n"
                "Number: 55500123\nBy: PJSIP/op1-1\nAlive: 1"
            ),
            OutgoingAsked(
                CallId("tartu~1.1:1"),
                CHANNEL,
                channel_name="PJSIP/op1-1",
                number="55500123",
                endpoint="tartu~op1",
            ),
        ),
        (
            "UserEvent\nUserEvent: KeskusInternal\nUniqueid: 1.1\nCall: 1.1:1\nBy: PJSIP/op1-1\nTo: op2\nNumber: 102",
            ColleagueCalled(
                CallId("tartu~1.1:1"),
                CHANNEL,
                channel_name="PJSIP/op1-1",
                caller_number="",
                caller_name="",
                number="102",
                endpoint="tartu~op2",
                line="tartu~op1",
            ),
        ),
    ],
)
def test_what_a_pbx_tells_names_it(text: str, expected: Event | None) -> None:
    assert parse(Told.from_text(f"Event: {text}"), TARTU) == expected


def test_what_a_pbx_lists_names_it() -> None:
    listed = Told.from_text(
        "Event: CoreShowChannel\nChannel: PJSIP/op1-1\nUniqueid: 1.2\nLinkedid: 1.1\n"
        "ChanVariable: KESKUS_CALL=1.1\nChanVariable: KESKUS_OUT=1.1:1|55500123|PJSIP/op1-1"
    )
    seen = seen_channel(listed, TARTU)
    assert (seen.channel, seen.linked, seen.endpoint, seen.call) == (
        "tartu~1.2",
        "tartu~1.1",
        "tartu~op1",
        CALL,
    )
    assert seen.outgoing is not None
    assert (seen.outgoing.call, seen.outgoing.endpoint) == ("tartu~1.1:1", "tartu~op1")
    device = Told.from_text("Event: DeviceStateChange\nDevice: PJSIP/op1\nState: NOT_INUSE")
    assert device_states([device], TARTU) == {"tartu~op1": DeviceState.REGISTERED}
    assert list(about(device, TARTU)) == ["tartu~op1"]
    assert set(about(listed, TARTU)) == {"tartu~1.2"}


def test_an_order_is_in_the_pbxs_own_words() -> None:
    orders = [format_order(OFFER), format_order(DismissCall(CALL, CHANNEL, "sorry"))]
    withdrawn = WithdrawCall(ASKED.attempt, ASKED.campaign)
    placed = format_placing(ASKED, "+37255500001")
    said = repr([*orders, placed, format_state(withdrawn), format_withdrawal(withdrawn)])
    assert "tartu" not in said
    assert (placed["Channel"], placed["ChannelId"]) == ("PJSIP/+37255500001@trunk", "kc1-1")
    assert {node_of_command(one) for one in (OFFER, ASKED, withdrawn)} == {TARTU}


@asynccontextmanager
async def _two(put: Callable[[Event], None]) -> AsyncIterator[tuple[Nodes, Peer, Peer]]:
    """Two PBXs that have nothing, heard and ready."""

    def show(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nEventList: start")
        session.answer(action, f"Event: {ENDS[action['Action']]}\nEventList: Complete\nListItems: 0")

    def pong(session: Session, action: Headers) -> None:
        session.answer(action, "Response: Success\nPing: Pong\nTimestamp: 1800000000.000000")

    async with listening_peer() as here, listening_peer() as there:
        pbxs = []
        for peer, node in ((here, FIRST_NODE), (there, TARTU)):
            peer.rules |= dict.fromkeys(ENDS, show) | {"Ping": pong}
            settings = LinkSettings(port=peer.port, username="keskus", secret=peer.secret)
            pbxs.append(Pbx(settings, put, node=node))
        nodes = Nodes(pbxs)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(nodes.run())
            yield nodes, here, there
            running.cancel()


async def test_an_order_goes_to_the_pbx_that_it_names_and_one_lost_leaves_the_other() -> None:
    told: list[Event] = []
    changed = asyncio.Event()

    def put(event: Event) -> None:
        told.append(event)
        changed.set()

    async def until(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not condition():
                changed.clear()
                await changed.wait()

    def snapshots() -> set[NodeId]:
        return {event.node for event in told if isinstance(event, SnapshotTaken)}

    async with _two(put) as (nodes, here, there):
        await until(lambda: snapshots() == {FIRST_NODE, TARTU})
        nodes.execute(OFFER)
        assert (await there.asked("Redirect"))["Channel"] == "1.1"
        assert nodes.place(ASKED, "+37255500001")
        assert (await there.asked("Originate"))["ChannelId"] == "kc1-1"
        assert not {"Redirect", "Originate"} & set(here.names())
        await there.stop()
        await until(lambda: any(isinstance(event, LinkLost) for event in told))
        assert {event.node for event in told if isinstance(event, LinkLost)} == {TARTU}
        told.clear()
        nodes.execute(TakeSnapshot("still there", FIRST_NODE))
        await until(snapshots)
        assert snapshots() == {FIRST_NODE}
