"""May an operator's phone call a number outside: the rule, by tables and by walks; and a call's life on the floor."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compliance.outgoing import DialledNumber, OutgoingLimits, OutgoingRule, RoleLimits, Use, may_call
from app.compliance.rules import Hours
from app.crm.answers.dialled import read_dialled
from app.domain.calls import CallOutcome, OfferOutcome
from app.domain.ids import CallId, ChannelId, OperatorId, QueueId
from app.domain.now import Now
from app.domain.numbers import NumberKind
from app.domain.operators import DeviceState, Membership, OperatorSettings, Presence
from app.domain.queues import QueueSettings
from app.domain.tariffs import Tariff
from app.floor.commands import DialOutside, ReadNumber, RefuseOutside
from app.floor.control import step
from app.floor.events import (
    CallEntered,
    CallerIdentified,
    ChannelHungUp,
    ChannelState,
    ClockTicked,
    LegAnswered,
    NumberRead,
    OfferReturned,
    OperatorSet,
    OutgoingAsked,
    OutgoingCharged,
    OutgoingLegBegan,
    OutgoingMissed,
    PresenceAsked,
    QueueSet,
    SeenChannel,
    SnapshotTaken,
    Whereabouts,
)
from app.floor.facts import AlarmCause, OutgoingAlarm, OutgoingEnded, StepResult
from app.floor.floor import Floor
from app.floor.outgoing.state import Outgoing
from app.service.outgoing import limits_of
from app.service.settings import OutgoingSettings

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday; noon in Tallinn
LIMITS = limits_of(OutgoingSettings(), "EE")
MOBILE = DialledNumber("+37255500123", NumberKind.MOBILE, "EE")
HELP = DialledNumber("112", NumberKind.EMERGENCY, "EE")
DEAR = Tariff("+372", per_minute=1.0, step_s=60)


@pytest.mark.parametrize(
    ("dialled", "rule"),
    [
        ("+37255500123", None),
        ("55500123", None),
        ("0037255500123", None),
        ("6000123", None),  # a fixed line
        ("80012345", None),  # freephone
        ("9001234", OutgoingRule.NUMBER_KIND),  # premium
        ("+3729001234", OutgoingRule.NUMBER_KIND),
        ("003729001234", OutgoingRule.NUMBER_KIND),
        ("+358401234567", OutgoingRule.NUMBER_COUNTRY),
        ("00358401234567", OutgoingRule.NUMBER_COUNTRY),
        ("+870773111632", OutgoingRule.NUMBER_COUNTRY),  # Inmarsat
        ("+881612345678", OutgoingRule.NUMBER_COUNTRY),  # Iridium
        ("+8821612345678", OutgoingRule.NUMBER_COUNTRY),  # Thuraya
        ("+979123456789", OutgoingRule.NUMBER_KIND),  # premium of the whole world
        ("+19005551234", OutgoingRule.NUMBER_KIND),
        ("112", None),
        ("110", None),
        ("1120", OutgoingRule.NUMBER_INVALID),
        ("+372112", OutgoingRule.NUMBER_INVALID),
        ("1182", OutgoingRule.NUMBER_KIND),  # a directory, dear
        ("0", OutgoingRule.NUMBER_INVALID),
        ("99999999999999999999999999", OutgoingRule.NUMBER_INVALID),
    ],
)
def test_usual_settings_let_a_phone_call_the_country_s_ordinary_numbers(
    dialled: str, rule: OutgoingRule | None
) -> None:
    number = read_dialled(dialled, "EE")
    found = may_call(LIMITS, "operator", number, Use(), NOON)
    assert found is rule


@pytest.mark.parametrize(
    ("limits", "role", "number", "use", "rule"),
    [
        ({}, None, MOBILE, Use(), OutgoingRule.PHONE_UNKNOWN),
        ({}, None, HELP, Use(), None),
        ({}, "gone", MOBILE, Use(), OutgoingRule.NUMBER_KIND),
        ({}, "operator", MOBILE, Use(calls_of_operator=1), None),
        ({}, "operator", MOBILE, Use(calls_of_operator=2), OutgoingRule.CALLS_OF_OPERATOR),
        ({}, "operator", MOBILE, Use(calls=20), OutgoingRule.CALLS_OF_CENTRE),
        (
            {},
            "operator",
            MOBILE,
            Use(money_of_operator=Decimal(20), cost=Decimal("0.01")),
            OutgoingRule.MONEY_OF_OPERATOR,
        ),
        ({}, "operator", MOBILE, Use(money_of_operator=Decimal(20)), None),
        ({}, "operator", MOBILE, Use(money=Decimal(99), cost=Decimal(2)), OutgoingRule.MONEY_OF_CENTRE),
        (
            {"money": None, "money_of_operator": None},
            "operator",
            MOBILE,
            Use(money=Decimal(999), cost=Decimal(2)),
            None,
        ),
        ({"hours": (Hours(540, 600), *[None] * 6)}, "operator", MOBILE, Use(), OutgoingRule.HOURS),
        ({"hours": (Hours(540, 900), *[None] * 6)}, "operator", MOBILE, Use(), None),
        (
            {"hours": (None,) * 7},
            "operator",
            HELP,
            Use(calls=99, money=Decimal(999), cost=Decimal(1)),
            None,
        ),
        ({}, "operator", HELP, Use(calls_of_operator=2), OutgoingRule.CALLS_OF_OPERATOR),
        ({"emergency": False}, "operator", HELP, Use(), OutgoingRule.EMERGENCY),
    ],
)
def test_the_first_rule_that_stops_a_call_is_named(
    limits: dict[str, object],
    role: str | None,
    number: DialledNumber,
    use: Use,
    rule: OutgoingRule | None,
) -> None:
    assert may_call(replace(LIMITS, **limits), role, number, use, NOON) is rule  # type: ignore[arg-type]


def test_a_role_s_own_list_says_more() -> None:
    settings = OutgoingSettings.model_validate(
        {"supervisor": {"countries": ["EE", "FI"], "prefixes": ["+371", "1182"]}}
    )
    limits = limits_of(settings, "EE")
    for dialled in ("+358401234567", "+37126123456", "1182"):
        number = read_dialled(dialled, "EE")
        assert may_call(limits, "supervisor", number, Use(), NOON) is None
        assert may_call(limits, "operator", number, Use(), NOON) is not None


@given(dialled=st.from_regex(r"\A\+?[0-9]{1,26}\Z"))
def test_whatever_is_dialled_is_judged_and_what_goes_out_is_what_was_judged(dialled: str) -> None:
    number = read_dialled(dialled, "EE")
    rule = may_call(LIMITS, "operator", number, Use(), NOON)
    again = read_dialled(number.number, "EE")
    assert may_call(LIMITS, "operator", again, Use(), NOON) is rule
    if rule is None:
        assert number.kind is NumberKind.EMERGENCY or number.number.startswith(("+372", "+800")), number
        assert number.country == "EE"


class Line:
    """Phones of operators 1 and 2 that call outside, on a floor without a PBX."""

    def __init__(self, limits: OutgoingLimits = LIMITS) -> None:
        self.floor = Floor(outgoing=Outgoing(limits))
        self.at_s = 0.0
        self.outcomes: list[StepResult] = []
        self.dialled = 0
        for number in (1, 2):
            self.take(
                OperatorSet(OperatorSettings(OperatorId(number), f"Op {number}", endpoint=f"op{number}"))
            )

    def take(self, event: object, after_s: float = 0.0) -> StepResult:
        self.at_s += after_s
        wall = datetime.fromtimestamp(NOON.timestamp() + self.at_s, UTC)
        outcome = step(self.floor, event, Now(self.at_s, wall))  # type: ignore[arg-type]
        self.outcomes.append(outcome)
        return outcome

    def dial(
        self, number: str = "+37255500123", operator: int = 1, tariff: Tariff | None = None
    ) -> tuple[CallId, StepResult]:
        """Ask, and let the number be read."""
        self.dialled += 1
        channel = f"k-1.{self.dialled}"
        name = f"op{operator}-{self.dialled:08x}"
        call = CallId(f"{channel}:1")
        asked = self.take(
            OutgoingAsked(
                call, ChannelId(channel), channel_name=name, number=number, endpoint=f"op{operator}"
            )
        )
        if any(isinstance(command, ReadNumber) for command in asked.commands):
            return call, self.take(NumberRead(call, read_dialled(number, "EE"), tariff))
        return call, asked

    def connect(self, call: CallId) -> None:
        channel = call.partition(":")[0]
        self.take(OutgoingLegBegan(call, ChannelId(f"{channel}-leg"), "", ""))
        self.take(LegAnswered(ChannelId(channel), ChannelId(f"{channel}-leg"), "trunk"))

    def hang_up(self, call: CallId, after_s: float = 0.0) -> None:
        self.take(ChannelHungUp(ChannelId(f"{call.partition(':')[0]}-leg"), 16), after_s)

    def alarms(self) -> list[AlarmCause]:
        facts = [fact for outcome in self.outcomes for fact in outcome.facts]
        return [fact.cause for fact in facts if isinstance(fact, OutgoingAlarm)]


def refused(outcome: StepResult) -> list[OutgoingRule]:
    return [command.rule for command in outcome.commands if isinstance(command, RefuseOutside)]


def test_forty_at_once_are_two() -> None:
    line = Line()
    outcomes = [line.dial()[1] for _ in range(40)]
    allowed = [command for one in outcomes for command in one.commands if isinstance(command, DialOutside)]
    assert len(allowed) == 2
    assert len(line.floor.outgoing.calls) == 2
    assert [rule for one in outcomes for rule in refused(one)] == [OutgoingRule.CALLS_OF_OPERATOR] * 38
    assert line.alarms() == [AlarmCause.REFUSALS]
    line.at_s += 700
    for _ in range(4):
        line.dial("9001234")
    assert len(line.alarms()) == 1
    line.dial("9001234")
    assert len(line.alarms()) == 2
    assert refused(line.dial(operator=2)[1]) == []


def test_a_call_that_an_attended_transfer_handed_on_still_counts_and_costs() -> None:
    line = Line()
    for _ in range(2):
        call, _ = line.dial(tariff=DEAR)
        line.connect(call)
        line.take(ChannelHungUp(ChannelId(call.partition(":")[0]), 16), 10)  # the phone is out of it
    assert refused(line.dial()[1]) == [OutgoingRule.CALLS_OF_OPERATOR]
    line.hang_up(call, 110)
    (record,) = [
        fact.record
        for fact in line.outcomes[-1].facts
        if isinstance(fact, OutgoingEnded) and fact.record.outcome is CallOutcome.ANSWERED
    ]
    assert (record.cost, record.talked_s, record.legs[0].talked_s) == (Decimal(2), 120, 10)


def test_a_day_s_money_is_spent_alarmed_once_and_there_again_tomorrow() -> None:
    line = Line(replace(LIMITS, money_of_operator=Decimal(3)))
    call, _ = line.dial(tariff=DEAR)
    line.connect(call)
    line.hang_up(call, 121)  # three begun minutes
    for _ in range(2):
        assert refused(line.dial(tariff=DEAR)[1]) == [OutgoingRule.MONEY_OF_OPERATOR]
    assert refused(line.dial(tariff=None)[1]) == []  # what costs nothing
    assert line.alarms() == [AlarmCause.MONEY_OF_OPERATOR]
    line.at_s += 24 * 3600
    assert refused(line.dial(tariff=DEAR)[1]) == []


def test_a_call_under_way_has_spent_what_it_will_cost() -> None:
    line = Line(replace(LIMITS, money=Decimal(3)))
    call, _ = line.dial(tariff=DEAR)
    line.connect(call)
    line.at_s += 130
    assert refused(line.dial(operator=2, tariff=DEAR)[1]) == [OutgoingRule.MONEY_OF_CENTRE]


def test_what_an_earlier_life_spent_counts() -> None:
    line = Line(replace(LIMITS, money_of_operator=Decimal(3)))
    line.take(OutgoingCharged(OperatorId(1), NOON.date(), Decimal(3)))
    assert refused(line.dial(tariff=DEAR)[1]) == [OutgoingRule.MONEY_OF_OPERATOR]
    assert refused(line.dial(operator=2, tariff=DEAR)[1]) == []


def test_a_phone_that_is_nobody_s_calls_for_help_alone() -> None:
    line = Line(replace(LIMITS, roles={"operator": RoleLimits(prefixes=("",))}))
    assert refused(line.dial(operator=9)[1]) == [OutgoingRule.PHONE_UNKNOWN]
    outcomes = [line.dial("112", operator=9)[1] for _ in range(3)]
    assert [refused(one) for one in outcomes] == [[], [], [OutgoingRule.CALLS_OF_OPERATOR]]


def seen(channel: str, name: str, told: tuple[CallId, str, str] | None = None) -> SeenChannel:
    id_ = ChannelId(channel)
    return SeenChannel(
        id_,
        name,
        linked=id_,
        endpoint=name.rpartition("-")[0],
        state=ChannelState.ANSWERED,
        where=Whereabouts.ELSEWHERE,
        duration_s=30.0,
        caller_number="",
        caller_name="",
        outgoing=OutgoingLegBegan(told[0], id_, *told[1:]) if told is not None else None,
    )


def test_a_call_that_began_unheard_is_found_counts_and_ends() -> None:
    line = Line(replace(LIMITS, calls_of_operator=1))
    told = CallId("k-1.7:1"), "+37255500123", "op1"
    phone, leg = seen("k-1.7", "op1-00000007", told), seen("k-1.8", "trunk-00000008", told)
    found = line.take(SnapshotTaken((phone, leg), {"op1": DeviceState.IN_USE}))
    assert ReadNumber(CallId("k-1.7:1"), "+37255500123") in found.commands
    (call,) = line.floor.outgoing.calls.values()
    assert (call.leg, call.operator, call.unheard) == (ChannelId("k-1.8"), OperatorId(1), True)
    line.take(NumberRead(call.id, MOBILE, DEAR))
    assert refused(line.dial()[1]) == [OutgoingRule.CALLS_OF_OPERATOR]
    line.take(SnapshotTaken((phone, leg), {"op1": DeviceState.IN_USE}), 60)
    ended = line.take(ChannelHungUp(ChannelId("k-1.8"), 16))
    (record,) = [fact.record for fact in ended.facts if isinstance(fact, OutgoingEnded)]
    assert (record.unheard, record.talked_s, record.cost) == (True, 90.0, Decimal(2))


def test_a_call_whose_end_was_not_heard_ends_with_the_snapshot_that_lacks_it() -> None:
    line = Line()
    call, _ = line.dial()
    line.connect(call)
    phone, leg = seen(call.partition(":")[0], "op1-00000001"), call.partition(":")[0] + "-leg"
    line.take(SnapshotTaken((phone, seen(leg, "trunk-1")), {}))
    assert line.floor.outgoing.is_calling(OperatorId(1))
    line.take(SnapshotTaken((seen(leg, "trunk-1"),), {}))  # handed on: the phone is out of it
    assert not line.floor.outgoing.is_calling(OperatorId(1))
    assert not line.take(SnapshotTaken((), {})).facts  # the news of its end may be on the way
    ended = line.take(SnapshotTaken((), {}), 2)
    (record,) = [fact.record for fact in ended.facts if isinstance(fact, OutgoingEnded)]
    assert record.unheard
    assert not line.floor.outgoing.by_channel


def test_a_call_for_help_is_dialled_through_its_trunk_and_people_are_told() -> None:
    line = Line(replace(LIMITS, emergency_trunk="state", calls=0))
    _, outcome = line.dial("112")
    (order,) = [command for command in outcome.commands if isinstance(command, DialOutside)]
    assert (order.number, order.trunk) == ("112", "state")
    assert line.alarms() == [AlarmCause.EMERGENCY]


def test_what_the_pbx_refused_while_nobody_heard_raises_the_alarm_it_would_have() -> None:
    line = Line(replace(LIMITS, alarm_refusals=3, alarm_s=600))
    away = OutgoingRule.SERVICE_AWAY
    for minutes in (50, 30, 29):
        at = NOON - timedelta(minutes=minutes)
        line.take(OutgoingMissed(OperatorId(1), "", at, away))
    assert line.alarms() == []
    line.take(OutgoingMissed(OperatorId(1), "", NOON - timedelta(minutes=28), away))
    line.take(OutgoingMissed(OperatorId(1), "", NOON - timedelta(minutes=27), away))
    assert line.alarms() == [AlarmCause.REFUSALS]
    line.take(OutgoingMissed(None, "lobby", NOON - timedelta(minutes=1), None))
    assert line.alarms() == [AlarmCause.REFUSALS, AlarmCause.EMERGENCY]
    assert [alarm.endpoint for alarm in line.floor.outgoing.alarms] == ["op1", "lobby"]


def test_who_calls_outside_is_offered_nothing_and_is_not_put_aside_for_a_call_that_crosses_theirs() -> None:
    line = Line()
    queue = QueueId("sales")
    line.take(QueueSet(QueueSettings(queue, "Sales")))
    line.take(
        OperatorSet(OperatorSettings(OperatorId(1), "Op 1", endpoint="op1", memberships=(Membership(queue),)))
    )
    line.take(SnapshotTaken((), {"op1": DeviceState.REGISTERED}))
    line.take(PresenceAsked(OperatorId(1), Presence.AVAILABLE))
    operator = line.floor.operators[OperatorId(1)]
    caller = ChannelId("c-1.1")
    line.take(
        CallEntered(
            caller, "trunk-1", caller_number="+37255500001", caller_name="", dialed="6001000", queue=queue
        )
    )
    line.take(CallerIdentified(CallId(caller)), 0.1)
    offer = line.floor.calls[CallId(caller)].offer
    assert offer is not None
    call, _ = line.dial()  # the phone was dialling already
    line.take(OfferReturned(caller, offer.id, OfferOutcome.REJECTED, 17))
    assert operator.presence is Presence.AVAILABLE
    line.connect(call)
    line.at_s += 60
    line.take(ClockTicked())
    assert line.floor.calls[CallId(caller)].offer is None  # rested, registered, and still in a call
    line.hang_up(call)
    assert line.floor.calls[CallId(caller)].offer is not None


def test_a_trunk_that_is_not_to_be_had_keeps_no_line_taken() -> None:
    line = Line()
    line.take(QueueSet(QueueSettings(QueueId("sales"), "Sales")))
    caller = ChannelId("c-1.1")
    entered = CallEntered(
        caller,
        "trunk-1",
        caller_number="+37255500001",
        caller_name="",
        dialed="6001000",
        queue=QueueId("sales"),
    )
    line.take(entered)
    call = CallId("c-1.1:1")
    line.take(
        OutgoingAsked(
            call, caller, channel_name="trunk-1", number=MOBILE.number, endpoint="op1", transferred=True
        )
    )
    line.take(NumberRead(call, MOBILE))
    ended = line.take(entered)
    (record,) = [fact.record for fact in ended.facts if isinstance(fact, OutgoingEnded)]
    assert (record.outcome, record.operator) == (CallOutcome.FAILED, OperatorId(1))
    assert not line.floor.outgoing.calls
    assert CallId(caller) in line.floor.calls
