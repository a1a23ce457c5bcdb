"""A day's money that is spent during talks: they end in time, whoever shares it, and it is on record."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.outgoing import OutgoingRule
from app.domain.calls import CallOutcome, EndedBy
from app.domain.ids import CallId, ChannelId, OperatorId
from app.domain.operators import DeviceState
from app.domain.tariffs import Tariff
from app.floor.commands import DialOutside, EndOutside
from app.floor.control import next_deadline
from app.floor.events import ClockTicked, NumberRead, OutgoingCharged, SnapshotTaken
from app.floor.facts import AlarmCause, CallRecord, OutgoingEnded

from .test_outgoing import DEAR, LIMITS, MOBILE, NOON, Line, seen

BY_SECOND = Tariff("+372", per_minute=0.6, connection=0.1)


class Spenders(Line):
    """Phones of which calls are ended when the floor says so."""

    def tick(self) -> list[EndOutside]:
        """Let the clock go to the next deadline; the calls that the PBX was asked to end."""
        due_s = next_deadline(self.floor)
        assert due_s is not None
        self.at_s = max(self.at_s, due_s)
        return [one for one in self.take(ClockTicked()).commands if isinstance(one, EndOutside)]

    def until_cut(self) -> list[EndOutside]:
        while not (ended := self.tick()):
            pass
        return ended

    def records(self) -> list[CallRecord]:
        facts = [fact for outcome in self.outcomes for fact in outcome.facts]
        return [fact.record for fact in facts if isinstance(fact, OutgoingEnded)]


@pytest.mark.parametrize(
    ("limits", "rule", "cause"),
    [
        ({"money_of_operator": Decimal(3)}, OutgoingRule.MONEY_OF_OPERATOR, AlarmCause.MONEY_OF_OPERATOR),
        (
            {"money": Decimal(3), "money_of_operator": None},
            OutgoingRule.MONEY_OF_CENTRE,
            AlarmCause.MONEY_OF_CENTRE,
        ),
    ],
)
def test_a_talk_ends_when_the_day_s_money_is_spent_and_people_are_told(
    limits: dict[str, Decimal | None], rule: OutgoingRule, cause: AlarmCause
) -> None:
    line = Spenders(replace(LIMITS, **limits))  # type: ignore[arg-type]
    call, outcome = line.dial(tariff=DEAR)
    (order,) = [one for one in outcome.commands if isinstance(one, DialOutside)]
    assert order.longest_s == 180, "the PBX ends it by itself should the service be away"
    line.connect(call)
    (ended,) = line.until_cut()
    assert (ended, line.at_s) == (EndOutside(call, ChannelId(f"{call.partition(':')[0]}-leg"), rule), 179.0)
    assert line.alarms() == [cause]
    line.hang_up(call, 0.2)
    (record,) = line.records()
    assert (record.outcome, record.ended_by, record.refused_by) == (
        CallOutcome.ANSWERED,
        EndedBy.SERVICE,
        rule.value,
    )
    assert record.cost == Decimal(3)
    assert next_deadline(line.floor) is None


def test_an_end_that_does_not_come_is_asked_for_again() -> None:
    line = Spenders(replace(LIMITS, money_of_operator=Decimal(2)))
    call, _ = line.dial(tariff=DEAR)
    line.connect(call)
    assert line.until_cut() == line.tick()
    assert len(line.alarms()) == 1


def test_two_calls_share_the_money_and_the_one_that_cannot_pay_ends() -> None:
    line = Spenders(replace(LIMITS, money_of_operator=Decimal(5)))
    first, _ = line.dial(tariff=DEAR)
    line.connect(first)
    line.take(ClockTicked(), 30)
    second, _ = line.dial(tariff=DEAR)
    line.connect(second)
    (cut,) = line.until_cut()
    assert cut.call == second, "the first has paid three minutes, the second two"
    assert line.at_s == pytest.approx(149)
    line.hang_up(second)
    (cut,) = line.until_cut()
    assert cut.call == first
    line.hang_up(first)
    assert sum(record.cost or 0 for record in line.records()) <= 5


def test_what_costs_nothing_and_calls_for_help_go_on() -> None:
    line = Spenders(replace(LIMITS, money_of_operator=Decimal(1)))
    for number, tariff in (("+37255500123", None), ("112", DEAR), ("80012345", Tariff("+372800", 0.0))):
        call, outcome = line.dial(number, tariff=tariff)
        (order,) = [one for one in outcome.commands if isinstance(one, DialOutside)]
        assert order.longest_s == LIMITS.longest_s
        line.connect(call)
        assert next_deadline(line.floor) is None
        line.hang_up(call, 5000)


def test_a_talk_that_began_unheard_pays_for_all_of_it() -> None:
    line = Spenders(replace(LIMITS, money_of_operator=Decimal(3)))
    line.take(OutgoingCharged(OperatorId(1), NOON.date(), Decimal(1)))
    told = CallId("k-1.7:1"), "+37255500123", "op1"
    found = (seen("k-1.7", "op1-00000007", told), seen("k-1.8", "trunk-00000008", told))
    line.take(SnapshotTaken(found, {"op1": DeviceState.IN_USE}))
    line.take(NumberRead(CallId("k-1.7:1"), MOBILE, DEAR))
    (cut,) = line.until_cut()
    assert cut.channel == ChannelId("k-1.8")
    assert line.at_s == pytest.approx(89), "it was 30 s old; two minutes are paid"


@given(
    money=st.decimals(min_value="0.1", max_value="9", places=2),
    calls=st.lists(
        st.tuples(st.sampled_from([DEAR, BY_SECOND, Tariff("+3", 2.0, 0.25, 7)]), st.integers(0, 90)),
        min_size=1,
        max_size=6,
    ),
)
def test_calls_together_never_cost_more_than_there_is(
    money: Decimal, calls: list[tuple[Tariff, int]]
) -> None:
    line = Spenders(replace(LIMITS, money=money, money_of_operator=None, calls_of_operator=9))
    for tariff, after_s in calls:
        until_s = line.at_s + after_s
        while (due_s := next_deadline(line.floor)) is not None and due_s <= until_s:
            for cut in line.tick():
                line.hang_up(cut.call)
        line.at_s = until_s
        call, outcome = line.dial(tariff=tariff)
        if any(isinstance(one, DialOutside) for one in outcome.commands):
            line.connect(call)
    while line.floor.outgoing.calls:
        for cut in line.tick():
            line.hang_up(cut.call)
    spent = sum((record.cost or Decimal(0) for record in line.records()), Decimal(0))
    assert spent <= money
    answered = [record for record in line.records() if record.outcome is CallOutcome.ANSWERED]
    assert all(record.ended_by is EndedBy.SERVICE for record in answered)


@given(
    per_minute=st.sampled_from([0.01, 0.06, 0.6, 1.0, 2.5]),
    connection=st.sampled_from([0.0, 0.05, 0.1]),
    step_s=st.sampled_from([1, 6, 30, 60]),
    money=st.decimals(min_value="0", max_value="30", places=2),
)
def test_money_lasts_for_what_it_pays(
    per_minute: float, connection: float, step_s: int, money: Decimal
) -> None:
    tariff = Tariff("+372", per_minute, connection, step_s)
    lasts_s = tariff.lasts_s(float(money))
    assert lasts_s == 0 or Decimal(str(tariff.cost(lasts_s))) <= money + Decimal("0.000001")
    assert Decimal(str(tariff.cost(lasts_s + step_s))) > money - Decimal("0.000001")
