"""Calls that began while the link was lost are adopted as they are."""

from datetime import UTC, datetime

import pytest

from app.domain.calls import CallOutcome, CallState
from app.domain.ids import ChannelId, QueueId
from app.domain.now import Now
from app.domain.operators import Presence, RoutingState
from app.floor.calls.waiting import SPARED_S
from app.floor.commands import DismissCall, TakeSnapshot
from app.floor.control import step
from app.floor.events import SeenChannel, SeenEntry, SnapshotTaken
from app.floor.facts import (
    CallAnswered,
    CallArrived,
    CallQueued,
)
from app.floor.reconcile.merge import ADOPTED_MOST
from app.simulator.promises import check
from tests.floor.deaf import cut, deaf, heard_again, rings_by_itself
from tests.floor.story import Story, phone

DAWN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def test_a_waiting_caller_is_adopted_and_offered() -> None:
    s = deaf()
    line = s.call(number="+3725")
    s.wait(40)
    heard_again(s)
    assert s.ringing(line) == 1
    assert s.at(line).arrived.mono_s == pytest.approx(1)
    assert [f.cause for f in s.told(CallQueued)] == ["adopted"]
    s.answer(line)
    s.pbx.hang_up(line)
    assert s.record(line).waited_s == pytest.approx(40)


def test_adopted_callers_are_served_as_they_came() -> None:
    s = deaf()
    lines = [s.call(), s.call()]
    s.wait(3)
    lines.append(s.call())
    s.wait(3)
    s.pbx.lines = dict(reversed(s.pbx.lines.items()))  # the PBX lists channels in no order
    heard_again(s)
    assert [s.ringing(line) for line in lines] == [1, 2, None]


def test_the_longest_wait_of_all_is_offered_first_whoever_is_adopted() -> None:
    s = Story()
    s.queue()
    known = s.call()
    cut(s)
    s.wait(5)
    adopted = s.call()
    s.wait(5)
    heard_again(s)
    s.operator(1)
    assert (s.ringing(known), s.ringing(adopted)) == (1, None)


def test_a_talk_begun_meanwhile_is_adopted_with_its_operator() -> None:
    s = deaf()
    line = s.call()
    rings_by_itself(s, line, phone(2))
    s.answer(line)
    s.wait(20)
    heard_again(s)
    assert s.talking(line) == 2
    assert s.op(2).routing is RoutingState.TALKING
    assert [f.cause for f in s.told(CallAnswered)] == ["adopted"]
    other = s.call()
    assert s.ringing(other) == 1
    s.wait(10)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert record.outcome is CallOutcome.ANSWERED
    assert record.duration_s == pytest.approx(30)
    assert s.op(2).routing is RoutingState.WRAP_UP


def test_a_phone_that_rings_meanwhile_is_adopted_ringing() -> None:
    s = deaf()
    s.on_break(2)
    line = s.call()
    rings_by_itself(s, line, phone(1))
    heard_again(s)
    assert s.op(1).routing is RoutingState.RINGING
    assert s.op(1).call == s.at(line).id
    s.wait(3)
    s.answer(line)
    assert s.talking(line) == 1
    assert s.offers(line) == []
    s.pbx.hang_up(line)
    assert [leg.rang_s for leg in s.record(line).legs] == [3]


def test_an_adopted_ringing_that_is_not_answered_comes_to_the_next_who_is_free() -> None:
    s = deaf()
    s.on_break(2)
    line = s.call()
    rings_by_itself(s, line, phone(1))
    heard_again(s)
    s.on_break(1)
    s.wait(20)
    assert s.op(1).call is None
    s.presence(2, Presence.AVAILABLE)
    assert s.ringing(line) == 2
    check(s.floor, s.world.now_s)


def test_a_phone_that_rings_for_an_adopted_caller_may_be_picked_up_before_others_are_asked() -> None:
    s = deaf()
    line = s.call()
    rings_by_itself(s, line, phone(1))
    heard_again(s)
    assert s.ringing(line) is None
    s.wait(SPARED_S)
    assert s.ringing(line) == 2
    assert s.op(1).offerable
    s.answer(line)
    assert s.talking(line) == 2


def test_a_caller_found_in_a_queue_that_is_none_is_let_go() -> None:
    s = deaf()
    line = s.call("nowhere")
    heard_again(s)
    assert s.at(line).state is CallState.LEAVING
    assert s.ordered(DismissCall)[-1].channel == line.channel


@pytest.mark.parametrize("answered", [True, False])
def test_a_talk_of_a_queue_that_was_taken_away_is_tracked(*, answered: bool) -> None:
    s = deaf()
    line = s.call("nowhere")
    rings_by_itself(s, line, phone(1))
    if answered:
        s.answer(line)
    heard_again(s)
    assert s.op(1).routing is (RoutingState.TALKING if answered else RoutingState.RINGING)
    s.answer(line)
    s.wait(60)
    s.pbx.hang_up(line)
    assert s.record(line).talked_s == 60
    assert s.op(1).offerable


def test_the_channels_own_words_are_adopted() -> None:
    s = deaf()
    s.call()
    (seen,) = s.pbx.snapshot().channels
    entry = SeenEntry(
        QueueId("sales"), "6001", language="et", skills=frozenset({"card", "loan"}), priority=-2
    )
    s.tell(SnapshotTaken((seen._replace(entry=entry),), {}))
    (fact,) = s.told(CallArrived)
    assert (fact.dialed, fact.language, fact.skills, fact.priority) == (
        "6001",
        "et",
        ("card", "lang:et", "loan"),
        -2,
    )


def storm_of(seen: SeenChannel, count: int) -> tuple[SeenChannel, ...]:
    """So many more callers who wait as this one."""
    ids = [ChannelId(f"storm.{number}") for number in range(count)]
    return tuple(seen._replace(channel=id_, linked=id_, call=None) for id_ in ids)


def test_a_storm_that_was_not_heard_of_is_taken_on_list_by_list() -> None:
    s = deaf()
    s.call()
    (seen,) = s.pbx.snapshot().channels
    storm = storm_of(seen, 2 * ADOPTED_MOST + 1)
    s.tell(SnapshotTaken((seen,), {}))
    sizes, asked = [], []
    for _ in range(4):
        outcome = step(s.floor, SnapshotTaken((seen, *storm), {}), Now(s.world.now_s, DAWN))
        asked.append([one.cause for one in outcome.commands if isinstance(one, TakeSnapshot)])
        sizes.append(len(s.floor.calls) - 1)
    assert sizes == [ADOPTED_MOST, 2 * ADOPTED_MOST, len(storm), len(storm)]
    assert asked == [["more_to_adopt"], ["more_to_adopt"], [], []]


def test_after_a_lost_link_all_are_taken_on_at_once() -> None:
    s = deaf()
    s.call()
    (seen,) = s.pbx.snapshot().channels
    storm = storm_of(seen, 2 * ADOPTED_MOST)
    outcome = step(s.floor, SnapshotTaken(storm, {}), Now(s.world.now_s, DAWN))
    assert len(s.floor.calls) == len(storm)
    assert not any(isinstance(one, TakeSnapshot) for one in outcome.commands)
