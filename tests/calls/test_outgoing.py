"""Operators' calls outside: by dialling, by transfers, and what becomes of them on record."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.compliance.outgoing import OutgoingRule
from app.domain.calls import CallOutcome, Direction, EndedBy
from app.domain.ids import OperatorId
from app.domain.tariffs import Tariff
from app.floor.facts import AlarmCause, CallQueued, OutgoingAlarm, OutgoingEnded, OutgoingRefused
from app.floor.outgoing import money
from app.sandbox.sandbox import Sandbox
from tests.calls.stage import OUTSIDE_NUMBER, assert_same, stage
from tests.sipua import Phone
from tests.stillness import close

PREMIUM = "9001234"
"""An Estonian number of premium rate."""


async def test_an_allowed_call_is_connected_with_its_plus_sign_and_is_on_record(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        s.live.tariff = Tariff("+372", per_minute=0.06, connection=0.05, step_s=60)
        call = await s.op1.dial(f"+{OUTSIDE_NUMBER}")
        other = await juku.rings()
        assert f"sip:+{OUTSIDE_NUMBER}@" in other.invite.start
        juku.answer(other)
        await s.hear_each_other((s.op1, call), (juku, other))
        await s.live.until(lambda: any(one.answered for one in s.live.floor.outgoing.calls.values()))
        assert not s.live.operator(1).offerable
        await s.op1.hang_up(call)
        (ended,) = await s.live.wait(OutgoingEnded)
        past = await s.live.past(ended.record.call)
    record = ended.record
    assert (record.direction, record.operator) == (Direction.OPERATOR, OperatorId(1))
    assert (record.caller_number, record.dialed) == (f"+{OUTSIDE_NUMBER}", f"+{OUTSIDE_NUMBER}")
    assert (record.outcome, record.ended_by, record.cost) == (
        CallOutcome.ANSWERED,
        EndedBy.OPERATOR,
        Decimal("0.11"),
    )
    assert [(leg.operator, leg.endpoint) for leg in record.legs] == [(OperatorId(1), "op1")]
    assert close(record.talked_s, call.talked_s)
    assert_same(record, past.record)


async def test_a_number_that_is_written_at_home_goes_out_as_the_one_that_was_judged(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        juku.refuse = 486
        call = await s.op1.dial(OUTSIDE_NUMBER.removeprefix("372"))
        await s.op1.until(lambda: bool(call.ended_s))
        (ended,) = await s.live.wait(OutgoingEnded)
    assert call.status == 486
    assert ended.record.caller_number == f"+{OUTSIDE_NUMBER}"
    assert (ended.record.outcome, ended.record.cost) == (CallOutcome.FAILED, Decimal(0))


async def test_a_premium_number_is_refused_and_the_phone_hears_so(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call = await s.op1.dial(PREMIUM)
        (ended,) = await s.live.wait(OutgoingEnded)
        await s.op1.until(lambda: bool(call.ended_s))
        assert not juku.talks
    assert call.status == 403
    assert (ended.record.outcome, ended.record.refused_by) == (CallOutcome.REFUSED, "number_kind")
    assert ended.record.ended_by is EndedBy.SERVICE


async def test_a_customer_who_was_to_be_sent_to_a_premium_number_is_served_by_the_queue(
    sandbox: Sandbox,
) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call, talk = await s.talk()
        await s.op1.refer(talk, PREMIUM)
        await s.live.until(lambda: "transferred" in [fact.cause for fact in s.live.of(CallQueued)])
        again = await s.op2.rings()
        s.op2.answer(again)
        await s.hear_each_other((s.anna, call), (s.op2, again))
        await s.op2.hang_up(again)
        await s.at_rest(call)
        assert not juku.talks
    (refused,) = s.live.of(OutgoingRefused)
    assert (refused.operator, refused.rule, refused.transferred) == (
        OperatorId(1),
        OutgoingRule.NUMBER_KIND,
        True,
    )


async def test_a_customer_who_is_sent_outside_has_two_records(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        s.live.tariff = Tariff("+372", per_minute=0.6)
        call, talk = await s.talk()
        await s.op1.refer(talk, OUTSIDE_NUMBER)
        other = await juku.rings()
        juku.answer(other)
        await s.hear_each_other((s.anna, call), (juku, other))
        await s.live.until(lambda: s.live.operator(1).offerable)  # theirs to count, but not theirs to talk in
        await juku.hang_up(other)
        customers = await s.at_rest(call)
        (ended,) = await s.live.wait(OutgoingEnded)
        assert_same(
            ended.record._replace(caller_number=OUTSIDE_NUMBER), (await s.live.past(ended.record.call)).record
        )
    record = ended.record
    assert (record.operator, record.legs) == (OperatorId(1), ())
    assert (record.caller_number, record.ended_by) == (f"+{OUTSIDE_NUMBER}", EndedBy.OUTSIDE)
    assert close(record.talked_s, other.talked_s)
    assert record.cost
    assert customers.direction is None
    assert (customers.operator, customers.caller_number) == (OperatorId(1), s.anna.user)


async def test_a_call_that_is_handed_to_a_customer_goes_on_for_the_operator(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call, talk = await s.talk()
        await s.op1.hold(talk)
        second = await s.op1.dial(f"+{OUTSIDE_NUMBER}")
        other = await juku.rings()
        juku.answer(other)
        await s.hear_each_other((s.op1, second), (juku, other))
        await s.op1.refer(talk, joining=second)
        await s.hear_each_other((s.anna, call), (juku, other))
        await s.live.until(lambda: s.live.operator(1).offerable)
        (live,) = s.live.floor.outgoing.calls.values()
        assert live.operator == OperatorId(1)
        await juku.hang_up(other)
        await s.at_rest(call)
        (ended,) = await s.live.wait(OutgoingEnded)
        assert_same(ended.record, (await s.live.past(ended.record.call)).record)
    assert ended.record.ended_by is EndedBy.OUTSIDE
    (leg,) = ended.record.legs
    assert close(leg.talked_s, second.talked_s)
    assert close(ended.record.talked_s, other.talked_s)


async def test_who_was_called_outside_is_not_sent_on_to_a_dear_number_but_back(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call = await s.op1.dial(f"+{OUTSIDE_NUMBER}")
        other = await juku.rings()
        juku.answer(other)
        await s.hear_each_other((s.op1, call), (juku, other))
        await s.op1.refer(call, PREMIUM)
        again = await s.op1.rings()
        s.op1.answer(again)
        await s.hear_each_other((s.op1, again), (juku, other))
        assert len(juku.talks) == 1
        await s.op1.hang_up(again)
        await s.live.wait(OutgoingEnded, 2)
    refused, answered = [fact.record for fact in s.live.of(OutgoingEnded)]
    assert (refused.refused_by, refused.operator) == ("number_kind", OperatorId(1))
    assert answered.outcome is CallOutcome.ANSWERED


async def test_the_number_that_is_shown_is_a_setting_and_a_customer_keeps_their_own(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        outgoing = s.live.floor.outgoing
        outgoing.limits = replace(outgoing.limits, caller_id="+3726000001")
        call = await s.op1.dial(f"+{OUTSIDE_NUMBER}")
        other = await juku.rings()
        assert "<sip:+3726000001@" in other.invite.get("From")
        await s.op1.hang_up(call)
        await s.live.until(lambda: s.live.operator(1).offerable)
        call, talk = await s.talk()
        await s.op1.refer(talk, OUTSIDE_NUMBER)
        other = await juku.rings()
        assert "<sip:+3726000001@" in other.invite.get("From")
        juku.decline(other)
        again = await s.op2.rings()
        assert again.peer == s.anna.user
        s.op2.answer(again)
        await s.hear_each_other((s.anna, call), (s.op2, again))
        await s.op2.hang_up(again)
        await s.at_rest(call)


async def test_nobody_s_name_is_shown_outside(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        s.op1.display = "Mari of desk seven"
        s.anna.display = "Anna"
        call = await s.op1.dial(f"+{OUTSIDE_NUMBER}")
        other = await juku.rings()
        assert other.invite.get("From").startswith("<sip:101@"), (
            "neither the phone's own name nor the account's"
        )
        await s.op1.hang_up(call)
        await s.live.until(lambda: s.live.operator(1).offerable)
        call, talk = await s.talk()
        await s.op1.refer(talk, OUTSIDE_NUMBER)
        other = await juku.rings()
        assert other.invite.get("From").startswith(f"<sip:{s.anna.user}@")
        juku.answer(other)
        await s.hear_each_other((s.anna, call), (juku, other))
        await s.anna.hang_up(call)
        await s.at_rest(call)


async def test_a_talk_ends_when_the_day_s_money_is_spent(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(money, "EARLY_S", 59.0)  # the second minute is to be paid after a second
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        outgoing = s.live.floor.outgoing
        outgoing.limits = replace(outgoing.limits, money_of_operator=Decimal(1))
        s.live.tariff = Tariff("+372", per_minute=0.9, step_s=60)
        call = await s.op1.dial(f"+{OUTSIDE_NUMBER}")
        other = await juku.rings()
        juku.answer(other)
        await s.op1.connected(call)
        await juku.until(lambda: other.ended_by == "them")
        await s.op1.until(lambda: call.ended_by == "them")
        (ended,) = await s.live.wait(OutgoingEnded)
        (alarm,) = s.live.of(OutgoingAlarm)
    record = ended.record
    assert (record.outcome, record.ended_by) == (CallOutcome.ANSWERED, EndedBy.SERVICE)
    assert (record.refused_by, record.cost) == ("money_of_operator", Decimal("0.9"))
    assert (alarm.cause, alarm.operator) == (AlarmCause.MONEY_OF_OPERATOR, OperatorId(1))


async def test_many_refusals_of_one_phone_raise_an_alarm(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s:
        calls = [await s.op1.dial(PREMIUM) for _ in range(5)]
        await s.op1.until(lambda: all(call.ended_s for call in calls))
        (alarm,) = await s.live.wait(OutgoingAlarm)
    assert (alarm.cause, alarm.operator, alarm.refusals) == (AlarmCause.REFUSALS, OperatorId(1), 5)


async def test_a_talk_has_its_longest_time(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        outgoing = s.live.floor.outgoing
        outgoing.limits = replace(outgoing.limits, longest_s=1)
        call = await s.op1.dial(f"+{OUTSIDE_NUMBER}")
        other = await juku.rings()
        juku.answer(other)
        await s.op1.connected(call)
        await s.op1.until(lambda: call.ended_by == "them")
        (ended,) = await s.live.wait(OutgoingEnded)
    assert (ended.record.outcome, ended.record.ended_by) == (CallOutcome.ANSWERED, EndedBy.PBX)
    assert ended.record.talked_s > 0.9
    assert close(ended.record.talked_s, 1.0)


async def test_who_gives_up_before_the_answer_has_a_record_too(sandbox: Sandbox) -> None:
    async with stage(sandbox) as s, Phone.outside(s.live.layout) as juku:
        call = await s.op1.dial(f"+{OUTSIDE_NUMBER}")
        other = await juku.rings()
        await s.op1.hang_up(call)
        await juku.until(lambda: bool(other.ended_s))
        (ended,) = await s.live.wait(OutgoingEnded)
        assert_same(ended.record, (await s.live.past(ended.record.call)).record)
    assert (ended.record.outcome, ended.record.ended_by) == (CallOutcome.ABANDONED, EndedBy.OPERATOR)
    assert ended.record.talked_s == 0
    assert ended.record.cost == Decimal(0)
