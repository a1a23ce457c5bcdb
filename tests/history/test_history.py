"""What the PBX's own log tells of calls, where no phone of the other tests' goes: fallback, death, clocks, doubles."""

import json
from itertools import count

import pytest

from app.domain.calls import CallOutcome, EndedBy, OfferOutcome
from app.domain.ids import ChannelId, OperatorId
from app.floor.facts import CallRecord
from app.history.past_calls import PastCall, past_calls
from app.pbx.clocks import ClockSet
from app.pbx.event_log import Entry

OPERATORS = {"op1": OperatorId(1), "op2": OperatorId(2)}
ANNA, LEG, TRUNK = "c1", "l1", "PJSIP/trunk-1"
NOON_S = 1_800_000_000.0
ENTERED = "KeskusEntered,Queue: tugi,Did: 3726000500,RouteLanguage: et,Skills: card&loan,CallPriority: -1"


class Log:
    """Rows as Asterisk writes them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.at_s = NOON_S
        self._ids = count(1)

    def write(
        self, event: str, unique: str = ANNA, channel: str = TRUNK, *, linked: str = ANNA, **more: str
    ) -> None:
        self.entries.append(
            Entry(
                next(self._ids),
                event,
                at_s=self.at_s,
                channel=channel,
                unique=ChannelId(unique),
                linked=ChannelId(linked),
                context=more.get("context", ""),
                application=more.get("application", ""),
                data=more.get("data", ""),
                number="37255500001",
                name="Anna",
                extra=json.loads(more.get("extra", "{}")),
            )
        )

    def enters(self) -> None:
        self.write("CHAN_START")
        self.write("APP_START", application="UserEvent", data=ENTERED)

    def dials(self, unique: str = LEG, phone: str = "op1", *, context: str = "keskus-connect") -> None:
        self.write("APP_START", application="Dial", context=context, data=f"PJSIP/{phone},20")
        self.rings(unique, phone)

    def rings(self, unique: str = LEG, phone: str = "op1") -> None:
        self.write("CHAN_START", unique, f"PJSIP/{phone}-{unique}")

    def talks(self, unique: str = LEG, phone: str = "op1") -> None:
        for id_, name in ((unique, f"PJSIP/{phone}-{unique}"), (ANNA, TRUNK)):
            self.write("BRIDGE_ENTER", id_, name, extra=json.dumps({"bridge_id": f"b-{unique}"}))

    def stops(self, unique: str = LEG, phone: str = "op1", *, bridge: bool = True, by: str = "") -> None:
        name = f"PJSIP/{phone}-{unique}"
        for id_, channel in ((unique, name), (ANNA, TRUNK)) if bridge else ():
            self.write("BRIDGE_EXIT", id_, channel, extra=json.dumps({"bridge_id": f"b-{unique}"}))
        self.hangs_up(unique, name, by=by)

    def hangs_up(
        self,
        unique: str = ANNA,
        channel: str = TRUNK,
        *,
        by: str = TRUNK,
        cause: int = 16,
        linked: str = ANNA,
    ) -> None:
        extra = {"hangupcause": cause, "hangupsource": by, "dialstatus": ""}
        self.write("HANGUP", unique, channel, linked=linked, extra=json.dumps(extra))
        self.write("CHAN_END", unique, channel, linked=linked)

    def past(self) -> PastCall:
        (call,) = past_calls(self.entries, OPERATORS)
        return call

    def record(self) -> CallRecord:
        past = self.past()
        assert past.over
        return past.record


@pytest.fixture
def log() -> Log:
    return Log()


def test_another_phone_takes_the_place_of_a_caller_who_waits(log: Log) -> None:
    log.enters()
    log.at_s += 5
    log.write("CHAN_START", "c2", "PJSIP/trunk-2", linked="c2")
    log.hangs_up(by="")
    log.at_s += 1
    log.write(
        "APP_START", "c2", "PJSIP/trunk-2", linked="c2",
        application="UserEvent", data=f"KeskusReplaced,Call: {ANNA}",
    )  # fmt: skip
    log.write("APP_START", "c2", linked="c2", application="Dial", context="keskus-connect")
    log.write("CHAN_START", LEG, "PJSIP/op1-1", linked="c2")
    log.at_s += 3
    for id_, name in ((LEG, "PJSIP/op1-1"), ("c2", "PJSIP/trunk-2")):
        log.write("BRIDGE_ENTER", id_, name, linked="c2", extra=json.dumps({"bridge_id": "b"}))
    log.at_s += 20
    for id_, name in ((LEG, "PJSIP/op1-1"), ("c2", "PJSIP/trunk-2")):
        log.write("BRIDGE_EXIT", id_, name, linked="c2", extra=json.dumps({"bridge_id": "b"}))
        log.hangs_up(id_, name, by="PJSIP/trunk-2")
    record = log.record()
    assert (record.call, record.waited_s, record.talked_s, record.duration_s) == (ANNA, 9, 20, 29)
    assert [(leg.operator, leg.rang_s, leg.outcome) for leg in record.legs] == [(1, 3, OfferOutcome.ACCEPTED)]
    assert record.ended_by is EndedBy.CALLER


def test_the_next_operator_may_answer_at_once(log: Log) -> None:
    """Whoever let it ring in vain before was not spared by a pickup."""
    log.enters()
    log.dials()
    log.at_s += 20
    log.stops(bridge=False)
    log.write(
        "APP_START", application="UserEvent", data="KeskusOfferEnded,Offer: 1,DialStatus: NOANSWER,Cause: 0"
    )
    log.dials("l2", "op2")
    log.at_s += 0.1
    log.talks("l2", "op2")
    log.at_s += 60
    log.stops("l2", "op2", by="PJSIP/op2-l2")
    log.hangs_up(by="PJSIP/op2-l2")
    assert [leg.outcome for leg in log.record().legs] == [OfferOutcome.TIMED_OUT, OfferOutcome.ACCEPTED]


def test_a_call_served_by_the_pbx_s_own_queue(log: Log) -> None:
    log.enters()
    log.write("APP_START", application="Queue", context="keskus-fallback", data="tugi,i")
    log.rings(LEG, "op1")
    log.at_s += 5
    log.stops(LEG, "op1", bridge=False)  # rang in vain
    log.rings("l2", "op2")
    log.at_s += 3
    log.talks("l2", "op2")
    log.at_s += 60
    log.stops("l2", "op2", by="PJSIP/op2-l2")
    log.hangs_up(by="PJSIP/op2-l2")
    record = log.record()
    assert (record.outcome, record.ended_by, record.operator) == (CallOutcome.ANSWERED, EndedBy.OPERATOR, 2)
    assert (record.waited_s, record.talked_s, record.duration_s) == (8, 60, 68)
    assert [leg.outcome for leg in record.legs] == [OfferOutcome.TIMED_OUT, OfferOutcome.ACCEPTED]
    assert (record.language, record.skills, record.priority) == ("et", ("card", "lang:et", "loan"), -1)


CALLED = "KeskusAnswered,Campaign: 3,Queue: müük,Amd: {},AmdCause: "


def called(log: Log, verdict: str = "") -> None:
    log.write("CHAN_START")
    log.at_s += 6
    log.write("ANSWER")
    log.write("APP_START", application="UserEvent", context="keskus-answered", data=CALLED.format(verdict))


def test_a_customer_whom_a_campaign_called(log: Log) -> None:
    called(log, "HUMAN")
    log.dials()
    log.at_s += 1
    log.talks()
    log.at_s += 60
    log.stops(by="PJSIP/op1-l1")
    log.hangs_up(by="PJSIP/op1-l1")
    record = log.record()
    assert (record.campaign, record.queue, record.operator) == (3, "müük", 1)
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.OPERATOR)
    assert (record.waited_s, record.talked_s, record.duration_s) == (1, 60, 61)


def test_a_customer_whom_a_campaign_called_and_no_operator_took(log: Log) -> None:
    called(log)
    log.at_s += 2
    log.write("APP_START", application="Read", context="keskus-abandoned")
    log.at_s += 5
    log.hangs_up(by="")
    record = log.record()
    assert (record.outcome, record.ended_by, record.waited_s) == (CallOutcome.DROPPED, EndedBy.SERVICE, 2)


def test_a_machine_that_a_campaign_called_is_no_call(log: Log) -> None:
    called(log, "MACHINE")
    log.hangs_up(by="")
    assert list(past_calls(log.entries, OPERATORS)) == []


def test_a_pbx_that_died_left_the_end_open(log: Log) -> None:
    log.enters()
    log.dials()
    log.at_s += 4
    log.talks()
    log.at_s += 30
    log.write("STREAM_BEGIN")
    past = log.past()
    assert not past.over
    record = past.record
    assert (record.outcome, record.ended_by, record.unheard) == (CallOutcome.ANSWERED, EndedBy.PBX, True)
    assert (record.waited_s, record.talked_s) == (4, 30)


def test_music_of_a_wait_whose_end_is_not_told_is_no_hold(log: Log) -> None:
    log.enters()
    log.write("STREAM_BEGIN")
    log.at_s += 10
    log.dials()
    log.talks()
    log.at_s += 30
    log.stops()
    log.hangs_up()
    record = log.record()
    assert (record.talked_s, record.held_s) == (30, 0)


def test_music_of_a_parking_place_whose_end_is_not_told_is_no_hold(log: Log) -> None:
    log.enters()
    log.dials()
    log.talks()
    log.at_s += 10
    log.stops()
    log.write("STREAM_BEGIN")
    log.at_s += 5
    log.rings("op2-leg", "op2")
    log.talks("op2-leg", "op2")
    log.at_s += 30
    log.stops("op2-leg", "op2")
    log.hangs_up()
    record = log.record()
    assert (record.talked_s, record.held_s) == (40, 0)


@pytest.mark.parametrize("set_back_s", [3600, 86400])
def test_a_clock_set_back_takes_nothing_from_a_call(log: Log, set_back_s: int) -> None:
    log.enters()
    log.at_s += 10
    log.dials()
    log.talks()
    log.at_s += 20
    log.write("STREAM_BEGIN")
    log.at_s -= set_back_s
    log.write("STREAM_END")
    log.at_s += 30
    log.stops()
    log.hangs_up()
    record = log.record()
    assert (record.waited_s, record.talked_s, record.duration_s) == (10, 50, 60)
    assert record.ended_at.timestamp() - record.arrived_at.timestamp() == 60


@pytest.mark.parametrize("by_s", [86400, 3600, -3600, -86400])
def test_what_a_set_clock_adds_or_takes_is_taken_out_where_it_was_noticed(log: Log, by_s: int) -> None:
    log.enters()
    log.at_s += 10
    log.dials()
    log.talks()
    log.at_s += 20
    log.write("STREAM_BEGIN")
    set_ = ClockSet(log.at_s + 0.5, by_s)
    log.at_s += 7 + by_s
    log.write("STREAM_END")
    log.at_s += 30
    log.stops()
    log.hangs_up()
    (call,) = past_calls(log.entries, OPERATORS, [set_])
    record = call.record
    assert (record.waited_s, record.talked_s, record.held_s, record.duration_s) == (10, 57, 7, 67)


@pytest.mark.parametrize(("passed", "noticed_by_s"), [(0.001, 86_400.05), (5.0, 86_399.9)])
def test_a_set_clock_is_measured_only_so_well(log: Log, passed: float, noticed_by_s: float) -> None:
    log.enters()
    log.at_s += 86_400 + passed
    log.hangs_up()
    (call,) = past_calls(log.entries, OPERATORS, [ClockSet(NOON_S - 1.5, noticed_by_s)])
    assert call.record.duration_s == pytest.approx(passed, abs=0.2)


def test_a_clock_set_long_ago_is_nothing_to_a_call(log: Log) -> None:
    log.enters()
    log.at_s += 4000
    log.hangs_up()
    long_ago = [
        ClockSet(NOON_S - 90_000, 86_400),
        ClockSet(NOON_S - 50, -3600),
        ClockSet(NOON_S + 9_000, 3600),
    ]
    (call,) = past_calls(log.entries, OPERATORS, long_ago)
    assert call.record.duration_s == 4000


def test_a_call_after_the_clock_was_set_back_has_its_own_time(log: Log) -> None:
    log.enters()
    log.hangs_up()
    log.at_s -= 3600
    other = ChannelId("c2")
    for entry in list(log.entries):
        log.entries.append(entry._replace(id=entry.id + 100, at_s=log.at_s, unique=other, linked=other))
    first, second = past_calls(log.entries, OPERATORS)
    assert second.record.arrived_at.timestamp() - first.record.arrived_at.timestamp() == -3600


def test_a_phone_s_second_contact_is_no_leg_of_its_own(log: Log) -> None:
    log.enters()
    log.dials()
    log.rings("l2", "op1")
    log.at_s += 4
    log.talks()
    log.stops("l2", "op1", bridge=False)
    log.at_s += 6
    log.stops()
    log.hangs_up()
    (leg,) = log.record().legs
    assert (leg.channel, leg.rang_s, leg.talked_s) == (LEG, 4, 6)


def test_a_caller_who_gives_up_cancels_the_ringing(log: Log) -> None:
    log.enters()
    log.at_s += 2
    log.dials()
    log.at_s += 7
    log.stops(bridge=False)
    log.hangs_up()
    record = log.record()
    assert (record.outcome, record.ended_by, record.waited_s) == (
        CallOutcome.ABANDONED,
        EndedBy.CALLER,
        9,
    )
    assert [leg.outcome for leg in record.legs] == [OfferOutcome.CANCELLED]


def test_who_was_let_go_with_a_message(log: Log) -> None:
    log.enters()
    log.at_s += 25
    log.write("APP_START", application="Playback", context="keskus-leave", data="please-try-call-later")
    log.at_s += 3
    log.hangs_up(by="")
    record = log.record()
    assert (record.outcome, record.ended_by, record.waited_s) == (CallOutcome.MAX_WAIT, EndedBy.SERVICE, 25)
    assert record.duration_s == 28


def test_both_ends_of_a_local_channel_are_one(log: Log) -> None:
    log.enters()
    log.write("APP_START", application="Dial", context="keskus-connect", data="Local/102@keskus-internal")
    one, two = "Local/102@x-1;1", "Local/102@x-1;2"
    log.write("CHAN_START", "v1", one)
    log.write("CHAN_START", "v2", two)
    log.rings("l2", "op2")
    log.at_s += 4
    far, near = json.dumps({"bridge_id": "far"}), json.dumps({"bridge_id": "near"})
    log.write("BRIDGE_ENTER", "l2", "PJSIP/op2-l2", extra=far)
    log.write("BRIDGE_ENTER", "v2", two, extra=far)
    log.write("BRIDGE_ENTER", "v1", one, extra=near)
    log.write("BRIDGE_ENTER", extra=near)
    log.at_s += 10
    log.write("BRIDGE_EXIT", "l2", "PJSIP/op2-l2", extra=far)  # optimised away: op2 moves over
    log.write("BRIDGE_ENTER", "l2", "PJSIP/op2-l2", extra=near)
    log.write("BRIDGE_EXIT", "v1", one, extra=near)
    log.write("BRIDGE_EXIT", "v2", two, extra=far)
    log.at_s += 20
    log.write("BRIDGE_EXIT", "l2", "PJSIP/op2-l2", extra=near)
    log.write("BRIDGE_EXIT", extra=near)
    log.hangs_up("l2", "PJSIP/op2-l2", by="PJSIP/op2-l2")
    log.hangs_up(by="PJSIP/op2-l2")
    record = log.record()
    (leg,) = [leg for leg in record.legs if leg.answered_at]
    assert (leg.operator, leg.talked_s) == (2, 30)
    assert record.talked_s == 30


def test_a_talk_outside_is_nobody_s(log: Log) -> None:
    log.enters()
    log.dials()
    log.talks()
    log.at_s += 5
    log.stops()
    log.dials("l9", "trunk", context="keskus-internal")
    log.talks("l9", "trunk")
    log.at_s += 7
    log.stops("l9", "trunk")
    log.hangs_up(by="PJSIP/trunk-l9")
    record = log.record()
    assert (record.operator, record.ended_by) == (1, EndedBy.OUTSIDE)
    assert [(leg.operator, leg.talked_s, leg.outcome) for leg in record.legs] == [
        (1, 5, OfferOutcome.ACCEPTED),
        (None, 7, None),
    ]


def test_a_channel_that_entered_no_queue_is_no_call(log: Log) -> None:
    log.write("CHAN_START", "x", "PJSIP/op1-x", linked="x")
    log.hangs_up("x", "PJSIP/op1-x")
    assert list(past_calls(log.entries, OPERATORS)) == []


@pytest.mark.parametrize("cut", range(1, 14))
def test_a_log_that_breaks_off_anywhere_still_adds_up(log: Log, cut: int) -> None:
    log.enters()
    log.at_s += 1
    log.dials()
    log.at_s += 2
    log.talks()
    log.at_s += 3
    log.stops()
    log.hangs_up()
    for call in past_calls(log.entries[:cut], OPERATORS):
        record = call.record
        assert record.waited_s + record.talked_s <= record.duration_s
        assert record.talked_s == sum(leg.talked_s for leg in record.legs)
