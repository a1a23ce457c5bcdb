"""Too many waiting calls by one line or number: a further caller hears the busy tone, all others are untouched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls import CallOutcome, CallState, EndedBy
from app.floor.commands import DismissCall
from app.floor.events import CallEntered, CallerLost, ChannelHungUp, SnapshotTaken
from app.floor.facts import CallLeaving, CallQueued
from tests.floor.story import Story, call_id


def crowded(*, number: int = 0, line: int = 0) -> Story:
    s = Story()
    s.queue()
    s.floor.most_of_number, s.floor.most_of_line = number, line
    return s


@pytest.mark.parametrize("spelled", ["+37255500001", "37255500001", "0037255500001"])
def test_one_call_too_many_of_a_number_hears_that_it_is_busy(spelled: str) -> None:
    s = crowded(number=2)
    first, second = s.call(number="+37255500001"), s.call(number="+37255500001")
    third, other = s.call(number=spelled), s.call(number="+37255500002")
    assert [command.call for command in s.ordered(DismissCall)] == [call_id(third)]
    assert not s.ordered(DismissCall)[0].message
    assert [fact.cause for fact in s.told(CallLeaving)] == ["too_many_of_number"]
    assert call_id(third) not in [fact.call for fact in s.told(CallQueued)]
    record = s.record(third)
    assert (record.outcome, record.ended_by, record.waited_s) == (
        CallOutcome.TURNED_AWAY,
        EndedBy.SERVICE,
        0.0,
    )
    assert {s.at(line).state for line in (first, second, other)} == {CallState.WAITING}


def test_a_number_may_wait_again_once_one_of_its_calls_is_answered_or_gone() -> None:
    s = crowded(number=1)
    first = s.call(number="+37255500001")
    s.operator(1)
    s.answer(first)
    second = s.call(number="+37255500001")
    assert s.at(second).state is CallState.WAITING
    s.pbx.hang_up(second)
    assert s.at(s.call(number="+37255500001")).state is CallState.WAITING


def test_who_hides_the_number_is_not_one_caller() -> None:
    s = crowded(number=1)
    assert {s.at(s.call()).state for _ in range(3)} == {CallState.WAITING}


def test_one_call_too_many_of_a_line() -> None:
    s = crowded(line=2)
    s.call(), s.call()
    refused = s.call()
    assert [fact.cause for fact in s.told(CallLeaving)] == ["too_many_of_line"]
    assert s.record(refused).outcome is CallOutcome.TURNED_AWAY


def found(s: Story, waited_s: float) -> SnapshotTaken:
    """A list with two callers of one number, who have waited for so long."""
    lines = [s.call(number="+37255500001"), s.call(number="+37255500002")]
    seen = s.pbx.snapshot()
    assert len(seen.channels) == len(lines)
    same = [
        channel._replace(caller_number="+37255500001", duration_s=waited_s, waited_s=waited_s)
        for channel in seen.channels
    ]
    return SnapshotTaken(tuple(same), seen.devices)


def test_who_was_found_waiting_is_never_turned_away() -> None:
    again = crowded(number=1)
    again.raw(found(crowded(), 30.0))
    assert {call.state for call in again.floor.calls.values()} == {CallState.WAITING}


def test_who_comes_while_a_list_is_made_is_let_in_as_those_who_are_told_of() -> None:
    again = crowded(number=1)
    again.raw(found(crowded(), 0.5))
    states = {call.id: call.state for call in again.floor.calls.values()}
    assert sorted(states.values()) == [CallState.LEAVING, CallState.WAITING]
    for call in list(again.floor.calls.values()):  # and told of behind it
        again.raw(
            CallEntered(
                call.channel,
                call.channel_name,
                caller_number=call.caller_number,
                caller_name="",
                dialed="",
                queue=call.queue,
                language="",
                skills=frozenset(),
                priority=0,
            )
        )
    assert {call.id: call.state for call in again.floor.calls.values()} == states
    assert len(again.ordered(DismissCall)) == 1


def test_a_line_that_went_silent_is_a_call_that_was_lost() -> None:
    s = crowded()
    line = s.call()
    s.wait(120)
    s.tell(CallerLost(line.channel))
    assert s.at(line).state is CallState.LEAVING, "nobody is rung for it"
    s.tell(ChannelHungUp(line.channel, 102, "Recovery on timer expired"))
    record = s.record(line)
    assert (record.outcome, record.ended_by, record.cause) == (CallOutcome.LOST, EndedBy.SERVICE, 102)
    assert record.waited_s == 120
    assert not record.unheard


def test_who_is_being_sent_to_an_operator_goes_there() -> None:
    s = crowded()
    s.operator(1)
    line = s.call()
    assert s.ringing(line) == 1
    s.tell(CallerLost(line.channel))
    s.answer(line)
    assert s.at(line).state is CallState.TALKING
    s.tell(CallerLost(line.channel))
    assert s.at(line).state is CallState.TALKING


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=40))
def test_no_more_than_may_ever_wait_and_none_is_counted_twice(steps: list[tuple[str, bool]]) -> None:
    s = crowded(number=2, line=4)
    waiting = []
    for number, comes in steps:
        if comes:
            line = s.call(number=number)
            if call_id(line) in s.floor.calls:
                waiting.append(line)
        elif waiting:
            s.pbx.hang_up(waiting.pop(0))
        numbers = [s.at(line).caller_number for line in waiting]
        assert len(waiting) <= 4
        assert all(numbers.count(one) <= 2 for one in "abc")
        assert sum(s.floor.waiting_of.values()) == 2 * len(waiting)
