"""Two PBXs on one floor: each rings its own phones, and the loss of one touches its own calls alone."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.calls import CallState, OfferOutcome
from app.domain.ids import CallId, CampaignId, NodeId, OperatorId, name_of, node_of
from app.domain.operators import DeviceState, Presence, RoutingState
from app.domain.queues import MaxWait, QueueSettings
from app.floor.commands import (
    DismissCall,
    OfferCall,
    Order,
    PlaceCall,
    TakeSnapshot,
    WithdrawCall,
    node_of_command,
)
from app.floor.events import (
    CommandLost,
    OfferReturned,
    OperatorSet,
    OutgoingAsked,
    ParkingFilled,
    PresenceAsked,
    QueueSet,
    Whereabouts,
)
from app.floor.facts import (
    AttemptEnded,
    CallAnswered,
    CallEnded,
    OfferMade,
    OperatorChanged,
    PacingDecided,
    Reconciled,
)
from app.simulator import colleagues, transfers
from app.simulator.agreement import agree
from app.simulator.lines import Line
from tests.floor.two_nodes import NUMBER, SALES, A, B, TwoNodes, phone


def test_two_pbxs_may_name_their_channels_alike() -> None:
    s = TwoNodes(operators=0)
    here, there = s.call(A), s.call(B)
    assert name_of(here.channel) == name_of(there.channel)
    assert set(s.floor.calls) == {CallId(here.channel), CallId(there.channel)}
    s.pbxs[A].hang_up(here)
    assert set(s.floor.calls) == {CallId(there.channel)}


@pytest.mark.parametrize(("node", "operators"), [(A, {1, 2}), (B, {11, 12})])
def test_a_call_is_offered_to_operators_of_its_own_pbx_alone(node: NodeId, operators: set[int]) -> None:
    s = TwoNodes()
    lines = [s.call(node) for _ in range(3)]
    assert {fact.operator for fact in s.told(OfferMade)} == operators
    assert s.floor.calls[CallId(lines[2].channel)].state is CallState.WAITING
    assert all(node_of_command(command) == node for command in s.ordered(OfferCall))


def test_who_is_free_takes_the_call_of_their_own_pbx_however_long_another_waits() -> None:
    s = TwoNodes(operators=0)
    first = s.call(A)
    s.wait(30)
    second = s.call(B)
    s.wait(1)
    s.operator(B, 11)
    assert [fact.call for fact in s.told(OfferMade)] == [CallId(second.channel)]
    s.operator(A, 1)
    assert [fact.call for fact in s.told(OfferMade)][1:] == [CallId(first.channel)]


def test_who_becomes_idle_at_one_pbx_is_not_among_the_idle_of_the_other() -> None:
    s = TwoNodes(operators=0)
    s.pbxs[A].hang_up(s.call(A))
    s.operator(B, 11)
    line = s.call(A)
    assert s.floor.calls[CallId(line.channel)].state is CallState.WAITING
    assert s.told(OfferMade) == []


def test_nobody_waits_for_a_preferred_operator_of_another_pbx() -> None:
    s = TwoNodes(operators=1)
    s.talk(B)  # the preferred one is busy: they would be waited for
    s.floor.identify_s, s.preferred = 0.25, OperatorId(11)
    line = s.call(A)
    assert s.floor.calls[CallId(line.channel)].offer is not None
    assert s.told(OfferMade)[-1].operator == 1


def moves(s: TwoNodes, number: int, node: NodeId) -> None:
    """An operator gets a phone at another PBX."""
    settings = replace(s.floor.operators[OperatorId(number)].settings, endpoint=phone(node, number))
    s.pbxs[node].connect_phone(settings.endpoint)
    s.world.tell(OperatorSet(settings))


def test_an_operator_who_moves_to_another_pbx_takes_its_calls() -> None:
    s = TwoNodes(operators=1)
    moves(s, 1, B)
    assert s.floor.operators[OperatorId(1)].device is DeviceState.REGISTERED, "its PBX was asked"
    lines = [s.call(B), s.call(B), s.call(A)]
    assert {fact.operator for fact in s.told(OfferMade)} == {1, 11}
    assert s.floor.calls[CallId(lines[2].channel)].state is CallState.WAITING


def test_who_waited_for_an_operator_alone_goes_to_anyone_when_that_one_moves_to_another_pbx() -> None:
    s = TwoNodes(wrap_up_s=100.0)
    s.pbxs[A].hang_up(s.talk(A))
    s.floor.identify_s, s.preferred = 0.25, OperatorId(1)
    line = s.call(A)
    assert s.floor.calls[CallId(line.channel)].offer is None
    moves(s, 1, B)
    assert s.told(OfferMade)[-1].operator == 2


def call_each_other_and_outside(s: TwoNodes, node: NodeId) -> None:
    """Two idle operators of a PBX call each other, a third a number outside."""
    pbx = s.pbxs[node]
    free = [one for one in s.floor.operators.values() if one.node == node and one.offerable]
    one, other, outside = (operator.settings.endpoint for operator in free[:3])
    word = colleagues.call(pbx, one, other)
    assert word is not None
    colleagues.answer(pbx, word)
    channel = pbx.new_channel("out")
    pbx.phones[outside].legs.add(channel)
    pbx.tell_device(outside)
    s.world.tell(
        OutgoingAsked(
            CallId(f"{channel}:1"), channel, channel_name=f"{outside}-1", number=NUMBER, endpoint=outside
        )
    )


def busy(s: TwoNodes) -> dict[str, Line]:
    """A PBX A whose calls are in all states, and a B that works."""
    for number in range(3, 10):
        s.operator(A, number)
    a = s.pbxs[A]
    lines = {"talks": s.talk(A), "holds": s.talk(A), "parked": s.talk(A), "sent on": s.talk(A)}
    transfers.hold(a, lines["holds"])
    transfers.park(a, lines["parked"])
    s.world.tell(PresenceAsked(OperatorId(9), Presence.ON_BREAK))
    transfers.blind_to_phone(a, lines["sent on"], phone(A, 9))
    lines["rings"] = s.call(A)
    call_each_other_and_outside(s, A)
    while any(one.offerable for one in s.floor.operators.values() if one.node == A):
        s.talk(A)
    lines["waits"] = s.call(A)
    states = {s.floor.calls[CallId(line.channel)].state for line in lines.values()}
    assert states >= {
        CallState.TALKING,
        CallState.ON_HOLD,
        CallState.PARKED,
        CallState.WAITING,
        CallState.RINGING,
    }
    return lines


def test_a_pbx_that_dies_with_calls_in_all_states_touches_nothing_of_the_other() -> None:
    s = TwoNodes()
    busy(s)
    s.talk(B)
    for number in (14, 15, 16):
        s.operator(B, number)
    call_each_other_and_outside(s, B)
    s.campaign(B, 2)
    s.wait(1)
    before, calls_of_a = s.state_of(B), {id_ for id_ in s.floor.calls if node_of(id_) == A}
    at = len(s.steps)
    s.die(A)
    assert s.state_of(B) == before
    assert s.facts(at) == []
    assert not any(one.offerable for one in s.floor.operators.values() if one.node == A)
    assert s.floor.node(B).linked
    assert not s.floor.node(A).linked

    # The other's callers, operators and campaign go on.
    placed = len(s.ordered(PlaceCall))
    line = s.call(B)
    s.operator(B, 13)
    s.pbxs[B].answer(line)
    assert s.told(CallAnswered, at)[-1].call == CallId(line.channel)
    s.pbxs[B].hang_up(line)
    s.wait(30)
    assert len(s.ordered(PlaceCall)) > placed
    assert {node_of_command(one) for one in s.ordered(PlaceCall, at)} == {B}
    orders = [one for _, outcome in s.steps[at:] for one in outcome.commands if isinstance(one, Order)]
    assert {node_of_command(one) for one in orders} == {B}
    ended = {fact.call for fact in s.told(CallEnded, at)}
    assert not ended & calls_of_a, "nobody knows yet what became of them"

    # Its return ends what it has lost, and nothing of the other's.
    at, before = len(s.steps), s.state_of(B)
    s.heard_again(A)
    assert s.steps[at][1].facts
    assert {node_of(fact.call) for fact in s.told(CallEnded, at)} == {A}
    assert {fact.call for fact in s.told(CallEnded, at)} == calls_of_a
    assert [fact.node for fact in s.told(Reconciled, at)] == [A]
    moved = {fact.operator for fact in s.told(OperatorChanged, at)}
    assert moved
    assert max(moved) < 10
    assert {node_of(id_) for id_ in s.floor.internal.calls} == {B}
    assert {node_of(id_) for id_ in s.floor.outgoing.calls} == {B}
    assert [call for call in s.state_of(B) if call.startswith("Call(")] == [
        call for call in before if call.startswith("Call(")
    ]
    free = [one for one in s.floor.operators.values() if one.node == A]
    assert {one.routing for one in free} == {RoutingState.IDLE}
    assert s.call(A).leg is not None, "and it is served again"


def test_a_link_that_comes_back_finds_its_calls_as_they_are() -> None:
    s = TwoNodes()
    here, there = s.talk(A), s.talk(B)
    s.lose(A)
    s.wait(5)
    s.pbxs[A].hang_up(here)
    new = s.call(A)
    s.pbxs[B].hang_up(there)
    assert [fact.call for fact in s.told(CallEnded)] == [CallId(there.channel)]
    s.heard_again(A)
    assert [fact.call for fact in s.told(CallEnded)] == [CallId(there.channel), CallId(here.channel)]
    assert CallId(new.channel) in s.floor.calls
    for pbx in s.pbxs.values():
        agree(s.floor, pbx)


def test_a_campaign_dials_by_its_own_pbx_and_by_its_operators_alone() -> None:
    s = TwoNodes(operators=2)
    s.campaign(A, 1)
    s.campaign(B, 2)
    s.wait(0.3)
    asked = {one.campaign: one for one in s.ordered(PlaceCall)}
    assert {id_: node_of(one.attempt) for id_, one in asked.items()} == {CampaignId(1): A, CampaignId(2): B}
    for node, id_ in ((A, 1), (B, 2)):
        line = s.answers(asked[CampaignId(id_)])
        assert line is not None
        assert node_of(line.channel) == node
    offered = {node_of(fact.call): fact.operator for fact in s.told(OfferMade)}
    assert offered[A] < 10 < offered[B]


def test_a_campaign_of_a_lost_pbx_dials_nothing_and_its_dials_wait_for_the_snapshot() -> None:
    s = TwoNodes()
    s.campaign(A, 1)
    s.campaign(B, 2)
    s.wait(0.3)
    at = len(s.steps)
    s.die(A)
    s.wait(10)
    assert {node_of(one.attempt) for one in s.ordered(PlaceCall, at)} <= {B}
    assert {fact.campaign for fact in s.told(PacingDecided, at)} <= {CampaignId(2)}
    decided = s.floor.campaigns[CampaignId(1)].decided_at
    assert decided is not None
    assert decided.mono_s <= 0.3
    assert not [fact for fact in s.told(AttemptEnded, at) if node_of(fact.attempt) == A]
    s.heard_again(A)
    assert [fact for fact in s.told(AttemptEnded, at) if node_of(fact.attempt) == A]
    s.wait(1)
    assert A in {node_of(one.attempt) for one in s.ordered(PlaceCall, at)}


def test_no_dial_ends_for_a_caller_of_another_pbx() -> None:
    s = TwoNodes(operators=0)
    s.operator(B, 11)
    s.campaign(B, 2)
    s.wait(0.3)
    assert s.floor.kept == {OperatorId(11): s.ordered(PlaceCall)[0].attempt}
    line = s.call(A)
    s.wait(20)
    assert s.floor.calls[CallId(line.channel)].state is CallState.WAITING
    assert s.ordered(WithdrawCall) == []


def test_a_callers_longest_wait_ends_though_another_pbx_is_lost() -> None:
    s = TwoNodes(operators=0)
    s.world.tell(QueueSet(QueueSettings(SALES, "Sales", max_wait_s=30.0, max_wait_then=MaxWait.LEAVE)))
    s.call(A)
    line = s.call(B)
    s.lose(A)
    s.wait(31)
    assert [one.call for one in s.ordered(DismissCall)] == [CallId(line.channel)]


def test_each_pbxs_own_queue_has_its_own_time_to_let_callers_go() -> None:
    s = TwoNodes(operators=1)
    for node in (A, B):
        s.lose(node)
        s.call(node).where = Whereabouts.FALLBACK
        s.links[node].obey = lambda _: None  # it lets nobody go
    s.heard_again(A)
    s.wait(2)
    s.heard_again(B)
    s.call(B)
    s.wait(2.5)
    assert {node_of(fact.call) for fact in s.told(OfferMade)} == {A}
    s.wait(2)
    assert {node_of(fact.call) for fact in s.told(OfferMade)} == {A, B}


def test_commands_and_places_name_their_pbx() -> None:
    s = TwoNodes()
    line = s.talk(B)
    at = len(s.steps)
    s.world.tell(ParkingFilled(full=True, node=B))
    assert (s.floor.node(A).parking_full, s.floor.node(B).parking_full) == (False, True)
    assert s.floor.parking_full
    s.world.tell(OfferReturned(line.channel, s.told(OfferMade)[-1].offer, OfferOutcome.FAILED, 0))
    s.world.tell(CommandLost(s.ordered(OfferCall)[-1]))
    asked = s.ordered(TakeSnapshot, at)
    assert asked
    assert {one.node for one in asked} == {B}


ACTIONS = (
    *("call", "answer", "end", "lose", "back") * 2,
    *("hold", "send", "park", "die", "presence", "phone"),
)


class Walk:
    """Anything happens at two PBXs, each of which comes and goes."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.s = TwoNodes(wrap_up_s=2.0)
        self.s.campaign(A, 1)
        self.s.campaign(B, 2)

    def go(self, steps: int) -> None:
        s, random = self.s, self.random
        for _ in range(steps):
            node = random.choice((A, B))
            other, pbx = B if node == A else A, s.pbxs[node]
            before, at = s.state_of(other), len(s.steps)
            what = random.choice(ACTIONS)
            line = random.choice(list(pbx.lines.values()) or [None])
            if what == "call" and pbx.alive:
                s.call(node)
            elif what == "lose":
                s.lose(node)
            elif what == "die" and pbx.alive:
                s.die(node)
            elif what == "back" and pbx.alive:
                s.heard_again(node)
            elif what == "presence":
                number = random.choice((1, 2) if node == A else (11, 12))
                s.world.tell(PresenceAsked(OperatorId(number), random.choice(list(Presence))))
            elif what == "phone" and pbx.alive:
                endpoint = phone(node, random.choice((1, 2) if node == A else (11, 12)))
                random.choice((pbx.connect_phone, pbx.connect_phone, pbx.lose_phone))(endpoint)
            elif line is not None:
                self.act(what, node, line)
            self.unmoved(other, before, at)
            if random.random() < 0.5:
                s.wait(random.choice((0.1, 1.0, 5.0)))

    def act(self, what: str, node: NodeId, line: Line) -> None:
        pbx = self.s.pbxs[node]
        if what == "answer":
            pbx.answer(line)
        elif what == "end":
            rings = line.leg is not None and not line.talking
            self.random.choice((pbx.hang_up, pbx.reject if rings else pbx.hang_up_leg))(line)
        elif what == "hold" and line.talking:
            self.random.choice((transfers.hold, transfers.resume))(pbx, line)
        elif what == "send" and line.talking:
            transfers.blind_to_queue(pbx, line, SALES)
        elif what == "park" and line.talking:
            transfers.park(pbx, line)

    def unmoved(self, other: NodeId, before: list[str], at: int) -> None:
        """What happens at one PBX changes nothing of the other's calls, and orders nothing there but new dials."""
        s = self.s
        calls = [one for one in before if one.startswith("Call(")]
        assert [one for one in s.state_of(other) if one.startswith("Call(")] == calls
        for _, outcome in s.steps[at:]:
            for command in outcome.commands:
                if isinstance(command, Order | WithdrawCall):
                    assert node_of_command(command) != other
        for fact in s.told(OfferMade, at):
            assert node_of(s.floor.operators[fact.operator].settings.endpoint) == node_of(fact.call)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_happens_at_one_pbx_the_other_goes_on(seed: int) -> None:
    walk = Walk(seed)
    walk.go(60)
    s = walk.s
    s.wait(2.0)
    for node in (A, B):
        s.heard_again(node)
        s.wait(2.0)
        s.heard_again(node)
        agree(s.floor, s.pbxs[node])
