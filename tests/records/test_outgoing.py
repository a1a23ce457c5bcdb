"""Operators' calls outside on record, on SQLite and PostgreSQL: as they were heard, from the spool, from the log."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.outgoing import DialledNumber, OutgoingRule
from app.crm.calls.queries import CallFilter, get_call, open_calls, page_calls
from app.crm.tallies.queries import replace_tariffs
from app.crm.tallies.tables import TariffRow
from app.domain.calls import CallOutcome, Direction, EndedBy
from app.domain.ids import CallId, ChannelId, OperatorId
from app.domain.numbers import NumberKind
from app.domain.tariffs import Tariff
from app.floor.events import OutgoingMissed
from app.floor.facts import CallRecord, OutgoingBegan, OutgoingEnded, OutgoingRefused
from app.floor.outgoing.records import record_of
from app.floor.outgoing.state import OutgoingCall
from app.history.charges import charges, missed, reckoned
from app.history.completion import complete
from app.records.engine import reading, writing
from app.records.mapping import Mapper
from app.records.packing import pack, unpack
from app.records.tables import CallSource
from app.records.writer import Writer
from app.service.outgoing import limits_of, spent_before
from app.service.settings import OutgoingSettings
from tests.records.stories import DAWN, at, step

CALL = CallId("k-1.7:1")
NUMBER = "+37255500123"
LIMITS = limits_of(OutgoingSettings(), "EE")


def record(talked_s: float = 61.0, rule: OutgoingRule | None = None, call: CallId = CALL) -> CallRecord:
    one = OutgoingCall(
        call,
        ChannelId("k-1.7"),
        channel_name="PJSIP/op1-1",
        endpoint="op1",
        operator=OperatorId(1),
        dialled=NUMBER,
        began=at(1),
        transferred=False,
    )
    one.number = DialledNumber(NUMBER, NumberKind.MOBILE, "EE")
    one.tariff = Tariff("+372", per_minute=0.07, step_s=60)
    if rule is None:
        one.leg, one.rang, one.answered = ChannelId("k-1.8"), at(2), at(5)
        one.hung_up_first = EndedBy.OPERATOR
    return record_of(one, at(5 + talked_s), 16, "", rule)


BEGAN = step(
    1,
    OutgoingBegan(
        CALL,
        OperatorId(1),
        endpoint="op1",
        number=NUMBER,
        channel_name="PJSIP/op1-1",
        transferred=False,
        began_at=at(1).wall,
    ),
)
ENDED = step(66, OutgoingEnded(CALL, record()))


async def test_a_call_is_open_then_over_and_what_it_cost_is_exact_and_summed(engine: AsyncEngine) -> None:
    writer, mapper = Writer(engine), Mapper()
    await writer.write([mapper.batch([BEGAN])])
    async with reading(engine) as session:
        (row,) = await open_calls(session)
    assert (row.id, row.direction, row.operator_id) == (CALL, "operator", 1)
    batch = unpack(pack(mapper.batch([ENDED])))  # as the spool gives it back
    await writer.write([batch])
    await writer.write([batch])
    async with reading(engine) as session:
        whole = await get_call(session, CALL)
        page = await page_calls(session, CallFilter(direction=Direction.OPERATOR, numbers=(NUMBER,)))
        inbound = await page_calls(session, CallFilter(direction=Direction.INBOUND))
    assert whole is not None
    assert (whole.call.cost, whole.call.outcome, whole.call.talked_s) == (Decimal("0.14"), "answered", 61.0)
    assert [(leg.operator_id, leg.endpoint) for leg in whole.legs] == [(1, "op1")]
    assert [event.kind for event in whole.events] == ["OutgoingBegan", "OutgoingEnded"]
    assert [one.id for one in page.calls] == [CALL]
    assert not inbound.calls
    (spent,) = await spent_before(engine, LIMITS, DAWN + timedelta(hours=6))
    assert (spent.operator, spent.amount) == (OperatorId(1), Decimal("0.14"))
    assert not await spent_before(engine, LIMITS, DAWN + timedelta(days=1, hours=6))


async def test_a_refusal_names_its_rule(engine: AsyncEngine) -> None:
    rule = OutgoingRule.NUMBER_KIND
    refused = OutgoingRefused(CALL, OperatorId(1), "op1", rule, False)
    steps = [BEGAN, step(1, refused, OutgoingEnded(CALL, record(rule=rule)))]
    await Writer(engine).write([Mapper().batch(steps)])
    async with reading(engine) as session:
        whole = await get_call(session, CALL)
    assert whole is not None
    assert (whole.call.outcome, whole.call.refused_by) == (CallOutcome.REFUSED.value, "number_kind")
    assert [event.cause for event in whole.events] == ["", "number_kind", "service"]


async def test_what_the_log_completes_is_reckoned_and_charged_once(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        await replace_tariffs(session, [TariffRow(prefix="+372", per_minute=0.07, step_s=60)])
    unheard = record(talked_s=10)._replace(unheard=True)
    await Writer(engine).write([Mapper().batch([BEGAN, step(15, OutgoingEnded(CALL, unheard))])])
    other = CallId("k-1.9:1")
    logged = [record()._replace(cost=None), record(call=other)._replace(cost=None)]
    charged: list[Decimal] = []
    for _ in range(2):
        async with writing(engine) as session:
            known = await reckoned(session, logged, "EE")
            changes = await complete(session, known)
        charged += [one.amount for one in charges(known, changes, LIMITS)]
    assert charged == [Decimal("0.07"), Decimal("0.14")]  # what was counted is not counted again
    async with reading(engine) as session:
        rows = (await page_calls(session, CallFilter(direction=Direction.OPERATOR))).calls
    assert {(row.id, row.cost, row.source) for row in rows} == {
        (CALL, Decimal("0.14"), CallSource.LOG.value),
        (other, Decimal("0.14"), CallSource.LOG.value),
    }


async def test_what_the_pbx_judged_alone_is_told_once(engine: AsyncEngine) -> None:
    away = OutgoingRule.SERVICE_AWAY
    help_ = record(call=CallId("k-1.8:1"))._replace(dialed="112")
    logged = [record(rule=away), help_, record(call=CallId("k-1.9:1"))]
    told: list[OutgoingMissed] = []
    for _ in range(2):
        async with writing(engine) as session:
            known = await reckoned(session, logged, "EE")
            changes = await complete(session, known)
        told += missed(known, changes, "EE")
    assert [(one.operator, one.endpoint, one.rule) for one in told] == [
        (OperatorId(1), "", away),
        (OperatorId(1), "", None),
    ]
    stranger = record(call=CallId("k-1.6:1"), rule=away)._replace(operator=None)
    async with writing(engine) as session:
        changes = await complete(session, [stranger])
    (one,) = missed([stranger], changes, "EE")
    assert one.endpoint == "op1", "by the phone's channel"


def test_limits_come_from_the_settings_and_the_centre_s_own_country() -> None:
    limits = limits_of(OutgoingSettings(caller_id="+3726000001"), "LV")
    assert limits.roles["operator"].countries == {"LV"}
    assert [str(zone) for zone in limits.place.zones] == ["Europe/Riga"]
    assert limits == replace(limits, caller_id="+3726000001")
