"""A campaign's money of a day: reserved as calls are placed, settled as they end, a hard stop."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.eligibility import DialRule
from app.crm.attempts.queries import note_attempt
from app.crm.tallies.queries import list_tariffs, replace_tariffs, spent_on
from app.crm.tallies.service import tariffs_of
from app.crm.tallies.tables import TariffRow
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, CampaignId
from app.domain.tariffs import Tariff
from app.outbound.lead_selection import begin_pick, pick_leads
from app.records.engine import reading, writing
from tests.records.lists import RUNNER, draft, end, fill, later, make_campaign, number

DAY = date(2025, 6, 2)
PRICES = (
    TariffRow(prefix="+372", per_minute=0.5),
    TariffRow(prefix="+3725", per_minute=0.06, connection=0.01, step_s=60),
)


async def price(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        await replace_tariffs(session, [TariffRow(**row.model_dump()) for row in PRICES])


@contextmanager
def counted(engine: AsyncEngine) -> Iterator[list[str]]:
    """The statements that are sent within."""
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def spent(engine: AsyncEngine, campaign: CampaignId) -> float:
    async with reading(engine) as session:
        return round(await spent_on(session, campaign, DAY), 6)


async def test_the_longest_prefix_counts(engine: AsyncEngine) -> None:
    await price(engine)
    async with reading(engine) as session:
        found = await tariffs_of(session, ["+37255500001", "+3726000001", "+358401234567"])
    assert {one: tariff.prefix for one, tariff in found.items()} == {
        "+37255500001": "+3725",
        "+3726000001": "+372",
    }


async def test_many_prices_are_no_more_trips_than_few(engine: AsyncEngine) -> None:
    """Others wait to write meanwhile."""

    async def trips(prices: int) -> int:
        rows = [TariffRow(prefix=f"+372{place:04}", per_minute=0.1) for place in range(prices)]
        with counted(engine) as statements:
            async with writing(engine) as session:
                await replace_tariffs(session, rows)
        return len(statements)

    few, many = await trips(2), await trips(600)
    assert many < few + 12
    async with reading(engine) as session:
        assert len(await list_tariffs(session)) == 600
    await price(engine)
    async with reading(engine) as session:
        assert [row.prefix for row in await list_tariffs(session)] == ["+372", "+3725"]


def test_each_begun_step_is_charged_whole() -> None:
    tariff = Tariff("+3725", per_minute=0.06, connection=0.01, step_s=60)
    assert [tariff.cost(talked_s) for talked_s in (0, 1, 60, 61)] == [0.01, 0.07, 0.07, 0.13]


async def test_nothing_is_dialled_beyond_the_days_money(engine: AsyncEngine) -> None:
    await price(engine)
    campaign = await make_campaign(engine, spend_per_day=0.15, hours=[], rule_set="own")
    await fill(engine, campaign, *(draft(key) for key in range(5_500_001, 5_500_005)))
    ids = [AttemptId(f"kc-{index}") for index in range(4)]

    async def dial(at: float, *wanted: AttemptId) -> list[AttemptId]:
        pick = await pick_leads(engine, campaign, wanted, runner=RUNNER, now=later(at))
        assert pick is not None
        if pick.aside:
            (rules,) = {why.rule for _, why in pick.aside}
            assert rules is DialRule.SPEND
            midnight = later(0).replace(hour=21, minute=0)  # in Estonia, on that day
            assert {why.until for _, why in pick.aside} == {midnight}
        return sorted(await begin_pick(engine, pick, RUNNER, later(at)))

    assert await dial(0.0, *ids) == ids[:2], "two at 0.07 for a minute"
    assert await spent(engine, campaign) == 0.14
    async with writing(engine) as session:
        await note_attempt(session, ids[0], answered_at=later(10))
    await end(engine, ids[0], AttemptOutcome.ANSWERED, at=75.0)
    assert await spent(engine, campaign) == 0.20, "two begun minutes, and one reserved"
    await end(engine, ids[1], AttemptOutcome.UNKNOWN, at=80.0)
    assert await spent(engine, campaign) == 0.20, "perhaps it was answered"
    await end(engine, ids[1], AttemptOutcome.BUSY, at=80.0)
    assert await spent(engine, campaign) == 0.13
    tomorrow = timedelta(days=1).total_seconds()
    assert await dial(tomorrow, *ids[2:]) == ids[2:], "the next day has its own"


async def test_numbers_without_a_price_cost_nothing(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine, spend_per_day=0.0, rule_set="own")
    await fill(engine, campaign, draft(5_500_001))
    pick = await pick_leads(engine, campaign, [AttemptId("kc-1")], runner=RUNNER, now=later(0))
    assert pick is not None
    assert [one.number.e164 for one in pick.chosen] == [number(5_500_001)]
