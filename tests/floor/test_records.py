"""The one record of a call: its parts add up, and the wall clock may jump as it likes."""

from datetime import UTC, datetime, timedelta

from app.domain.calls import CallOutcome, EndedBy, OfferOutcome
from app.domain.ids import ChannelId, QueueId
from app.domain.now import Now
from app.floor.control import step
from app.floor.events import CallEntered, ChannelHungUp, HangupRequested, LegAnswered, LegDialed
from app.floor.facts import CallEnded
from app.simulator import transfers
from app.simulator.promises import adds_up
from tests.floor.story import Story, call_id, phone

MONDAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def test_waits_rings_talks_and_holds_add_up() -> None:
    s = Story()
    s.queue(ring_s=20, wrap_up_s=5)
    line = s.call()
    s.wait(10)  # waits, nobody there
    s.operator(1)
    s.wait(20)  # rings, not answered
    s.wait(7)  # waits
    s.operator(2)
    s.wait(3)  # rings
    s.answer(line)
    s.wait(30)
    transfers.hold(s.pbx, line)
    s.wait(12)
    transfers.resume(s.pbx, line)
    s.wait(8)
    transfers.hold(s.pbx, line)
    s.wait(4)
    s.pbx.hang_up(line)  # on hold
    record = s.record(line)
    assert (record.waited_s, record.rang_s, record.talked_s, record.held_s, record.duration_s) == (
        40,
        23,
        54,
        16,
        94,
    )
    assert [(leg.operator, leg.rang_s, leg.talked_s, leg.held_s, leg.outcome) for leg in record.legs] == [
        (1, 20, 0, 0, OfferOutcome.TIMED_OUT),
        (2, 3, 54, 16, OfferOutcome.ACCEPTED),
    ]
    adds_up(record)


def test_when_it_came_was_answered_and_ended() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.wait(100)
    line = s.call()
    s.wait(3)
    s.answer(line)
    s.wait(60)
    s.pbx.hang_up(line)
    record = s.record(line)
    start = s.world.moment().wall - timedelta(seconds=163)
    assert record.arrived_at == start + timedelta(seconds=100)
    assert record.answered_at == start + timedelta(seconds=103)
    assert record.ended_at == start + timedelta(seconds=163)
    (leg,) = record.legs
    assert (leg.began_at, leg.answered_at, leg.ended_at) == (
        record.arrived_at,
        record.answered_at,
        record.ended_at,
    )


def test_whom_and_what_the_caller_asked_for() -> None:
    s = Story()
    s.queue()
    line = s.call(number="+3725")
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.call, record.channel) == (call_id(line), line.channel)
    assert (record.caller_number, record.queue, record.first_queue) == ("+3725", "sales", "sales")
    assert record.cause == 16
    assert record.legs == ()


def test_two_waits_with_a_talk_between() -> None:
    s = Story()
    s.queue()
    s.queue("help")
    s.operator(1)
    line = s.call()
    s.wait(4)
    s.answer(line)
    s.wait(10)
    transfers.blind_to_queue(s.pbx, line, QueueId("help"))
    s.wait(6)
    s.pbx.hang_up(line)
    record = s.record(line)
    assert (record.waited_s, record.talked_s, record.duration_s) == (10, 10, 20)
    assert record.outcome is CallOutcome.ANSWERED
    adds_up(record)


def test_who_was_first_to_hang_up_ended_the_call() -> None:
    for who in (EndedBy.CALLER, EndedBy.OPERATOR, EndedBy.PBX):
        s = Story()
        s.queue()
        s.operator(1)
        line = s.talk(1)
        if who is EndedBy.CALLER:
            s.pbx.hang_up(line)
        elif who is EndedBy.OPERATOR:
            s.pbx.hang_up_leg(line)
        else:
            s.tell(ChannelHungUp(line.channel, 41, "Temporary failure"))
        assert s.record(line).ended_by is who
        assert s.record(line).unheard is (who is EndedBy.PBX)  # or its request was not heard: the log knows


def test_hang_ups_that_cross_are_the_first_ones() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    assert line.leg is not None
    s.tell(HangupRequested(line.leg))
    s.tell(HangupRequested(line.channel))
    s.tell(ChannelHungUp(line.channel, 16))
    assert s.record(line).ended_by is EndedBy.OPERATOR


def test_a_call_that_broke_before_anyone_answered_failed() -> None:
    s = Story()
    s.queue()
    line = s.call()
    s.tell(ChannelHungUp(line.channel, 38, "Network out of order"))
    record = s.record(line)
    assert (record.outcome, record.ended_by) == (CallOutcome.FAILED, EndedBy.PBX)
    assert (record.cause, record.cause_text) == (38, "Network out of order")


def test_a_jump_of_the_wall_clock_changes_no_duration() -> None:
    """The wall clock goes back an hour during the wait and on two days during the talk."""
    s = Story()
    s.queue()
    s.operator(1)
    x, leg = ChannelId("x"), ChannelId("leg")

    def at(mono_s: float, hours: float) -> Now:
        return Now(mono_s, MONDAY + timedelta(seconds=mono_s, hours=hours))

    step(
        s.floor,
        CallEntered(x, "PJSIP/trunk-x", caller_number="", caller_name="", dialed="", queue=QueueId("sales")),
        at(0, 0),
    )
    step(s.floor, LegDialed(x, leg, "op1"), at(2, -1))
    step(s.floor, LegAnswered(x, leg, "op1"), at(5, -1))
    outcome = step(s.floor, ChannelHungUp(x, 16), at(35, 47))
    (record,) = [f.record for f in outcome.facts if isinstance(f, CallEnded)]
    assert (record.waited_s, record.rang_s, record.talked_s, record.duration_s) == (5, 3, 30, 35)
    assert record.legs[0].talked_s == 30
    # All of it by the clock as it stood at the arrival.
    assert record.answered_at == record.legs[0].answered_at == MONDAY + timedelta(seconds=5)
    assert record.ended_at == record.legs[0].ended_at == MONDAY + timedelta(seconds=35)


def test_a_call_that_ends_like_a_talk_while_a_phone_rings_was_one_that_nobody_heard() -> None:
    for cause, unheard in ((0, False), (16, True)):
        s = Story()
        s.queue()
        s.operator(1)
        line = s.call()
        s.tell(HangupRequested(line.channel))
        s.tell(ChannelHungUp(line.channel, cause))
        assert s.record(line).unheard is unheard


def test_a_call_told_late_has_the_times_at_which_it_was() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    s.world.obey = lambda _: None
    at = s.world.moment().wall
    caller, leg = ChannelId("c9"), ChannelId("o9")
    s.tell(
        CallEntered(
            caller,
            "PJSIP/trunk-9",
            caller_number="37255500009",
            caller_name="",
            dialed="",
            queue=QueueId("sales"),
            late_s=4.0,
        )
    )
    s.wait(2)
    s.tell(LegDialed(caller, leg, phone(1)))
    s.tell(LegAnswered(caller, leg, phone(1), late_s=3.0))
    s.wait(10)
    s.tell(HangupRequested(leg))
    s.tell(ChannelHungUp(caller, 16, late_s=1.0))
    (ended,) = s.told(CallEnded)
    record = ended.record
    assert record.answered_at is not None
    times = (record.arrived_at, record.answered_at, record.ended_at)
    assert [(one - at).total_seconds() for one in times] == [-4, -1, 11]
    assert (record.waited_s, record.talked_s, record.duration_s) == (3, 12, 15)


def test_who_hung_up_before_the_pbx_could_tell_of_them_has_a_record() -> None:
    s = Story()
    s.queue()
    s.operator(1)
    line = s.talk(1)
    channel = ChannelId("c-early")
    entering = CallEntered(
        channel, "PJSIP/trunk-00000001", caller_number="", caller_name="", dialed="6001000", queue=QueueId("")
    )
    for _ in range(2):  # and once only
        s.tell(ChannelHungUp(channel, 0, entering=entering))
    (record,) = [fact.record for fact in s.told(CallEnded)]
    assert (record.dialed, record.outcome, record.ended_by) == (
        "6001000",
        CallOutcome.ABANDONED,
        EndedBy.CALLER,
    )
    assert not record.unheard
    known = entering._replace(channel=line.channel)
    s.tell(ChannelHungUp(line.channel, 16, entering=known))
    assert len(s.told(CallEnded)) == 2
    colleague = entering._replace(channel=ChannelId("c-own"), line="op1")
    s.tell(ChannelHungUp(colleague.channel, 0, entering=colleague))
    assert len(s.told(CallEnded)) == 2
