"""A phone dies in a talk: who is freed, who is first in line, what the record says."""

from app.domain.calls import CallState, EndedBy
from app.domain.ids import FIRST_NODE, ChannelId
from app.domain.operators import DeviceState, RoutingState
from app.floor.calls.lost_phones import REST_S, in_talk
from app.floor.commands import HangUpPhone, TakeFromPhone
from app.floor.events import PhoneDied, TalkLost
from app.floor.facts import CallQueued, FaultSeen
from app.floor.reconcile.merge import IN_FLIGHT_S
from app.simulator.lines import HOLD, Line
from tests.floor.deaf import cut, heard_again
from tests.floor.story import Story, phone


def dies(s: Story, line: Line) -> None:
    """The phone that a caller talks with."""
    assert line.leg is not None
    s.pbx.phones[line.endpoint].registered = False
    s.tell(PhoneDied(line.leg))


def test_the_customer_is_taken_out_and_goes_first_in_line_to_another() -> None:
    s = Story()
    s.queue(wrap_up_s=0)
    s.operator(1)
    line = s.talk(1)
    s.wait(60)
    waiting = [s.call(priority=5), s.call()]
    s.wait(60)
    dies(s, line)
    assert [order.call for order in s.ordered(TakeFromPhone)] == [s.at(line).id]
    assert s.at(line).state is CallState.WAITING
    assert (s.op(1).routing, s.op(1).device) == (RoutingState.IDLE, DeviceState.UNREACHABLE)
    assert not s.op(1).offerable
    s.operator(2)
    assert s.ringing(line) == 2, "before who has waited longer, and before who has priority"
    s.wait(5)
    s.answer(line)
    s.wait(30)
    assert not s.at(line).first_in_line
    s.pbx.hang_up(line)
    record = s.record(line)
    assert [(leg.operator, leg.talked_s, leg.phone_lost) for leg in record.legs] == [
        (1, 120, True),
        (2, 30, False),
    ]
    assert (record.ended_by, record.waited_s, record.operator, record.unheard) == (
        EndedBy.CALLER,
        5,
        2,
        False,
    )
    assert [fact.cause for fact in s.told(CallQueued) if fact.call == record.call] == [
        "arrived",
        "phone_lost",
    ]
    for one in waiting:
        s.pbx.hang_up(one)


def test_a_phone_that_is_back_at_once_is_left_alone_for_a_while() -> None:
    s = Story()
    s.queue(wrap_up_s=0)
    s.operator(1)
    line = s.talk(1)
    assert line.leg is not None
    s.tell(PhoneDied(line.leg))
    assert s.ringing(line) is None
    s.wait(REST_S)
    assert s.ringing(line) == 1


def test_who_was_preferred_is_not_waited_for() -> None:
    s = Story()
    s.queue(wrap_up_s=5, preferred_s=60)
    s.operator(1)
    s.known("555", preferred=1)
    line = s.call(number="555")
    s.answer(line)
    s.operator(2)
    dies(s, line)
    assert s.ringing(line) == 2


def test_it_is_told_twice_or_late() -> None:
    s = Story()
    s.queue(wrap_up_s=0)
    s.operator(1)
    line = s.talk(1)
    leg = line.leg
    assert leg is not None
    dies(s, line)
    s.tell(PhoneDied(leg))
    s.tell(TalkLost(line.channel))
    assert len(s.ordered(TakeFromPhone)) == 1
    assert [fact.cause for fact in s.told(CallQueued)] == ["arrived", "phone_lost"]
    s.pbx.hang_up(line)
    s.tell(PhoneDied(leg))
    s.tell(TalkLost(line.channel))
    assert len(s.record(line).legs) == 1


def test_that_it_was_so_is_seen_in_what_the_pbx_has() -> None:
    """The PBX took the customer from a dead phone while it was not heard."""
    for restarted in (False, True):
        s = Story()
        s.queue(wrap_up_s=0)
        s.operator(1)
        line = s.talk(1)
        cut(s)
        s.pbx.say = lambda _: None
        s.pbx.drop_leg(line)
        line.where, line.first = HOLD, True
        later = s.pbx.enter(s.at(line).queue, priority=9)
        s.pbx.lose_phone(phone(1))
        if restarted:
            fresh = Story()
            fresh.queue(wrap_up_s=0)
            fresh.pbx.lines = s.pbx.lines
            s = fresh
            s.tell(s.pbx.snapshot())
        else:
            heard_again(s)
        assert s.at(line).first_in_line
        s.operator(2)
        assert s.ringing(line) == 2
        assert s.ringing(later) is None


def test_a_snapshot_that_is_quicker_than_the_event_corrects_nothing() -> None:
    for told in (True, False):
        s = Story()
        s.queue(wrap_up_s=0)
        s.operator(1)
        line = s.talk(1)
        say, s.pbx.say = s.pbx.say, lambda _: None
        dies(s, line)
        s.pbx.drop_leg(line)
        line.where, line.first = HOLD, True
        s.pbx.say = say
        s.tell(s.pbx.snapshot())
        assert not s.told(FaultSeen)
        if told:
            s.tell(TalkLost(line.channel))
        else:
            s.wait(IN_FLIGHT_S)
            s.tell(s.pbx.snapshot())
        assert s.at(line).first_in_line
        assert (s.at(line).unheard, bool(s.told(FaultSeen))) == (not told, not told)


def test_which_phones_talk() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    assert list(in_talk(s.floor, FIRST_NODE)) == []
    line = s.talk(1)
    (one,) = in_talk(s.floor, FIRST_NODE)
    assert (one.channel, one.endpoint, one.held, one.customer) == (line.leg, "op1", False, line.channel)
    s.tell(PhoneDied(ChannelId("nobody's")))
    assert not s.ordered(TakeFromPhone)
    assert not s.ordered(HangUpPhone)
