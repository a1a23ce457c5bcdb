"""From the tables to the answer: a lead that was reserved, asked of the pure rules, on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.dial_facts import ConsentKind
from app.compliance.eligibility import ALLOWED, Allowed, DialRule, Suppressed, may_dial
from app.compliance.rules import RULE_SETS, every_day
from app.crm.campaigns.errors import RulesUnfit
from app.crm.campaigns.rules import campaign_facts, check_rules, lax_settings, limits_of, week_of
from app.crm.campaigns.tables import CampaignRow
from app.crm.consents.service import ConsentDraft, write_down
from app.crm.leads.reservation import ReservedLead
from app.domain.campaigns import AttemptOutcome, Purpose, Window
from app.domain.ids import CampaignId
from app.domain.numbers import NumberKind
from app.outbound.dialable import dial_facts, number_facts
from app.records.engine import reading, writing
from tests.records.lists import begin, draft, end, fill, later, make_campaign, number, pick
from tests.records.stories import DAWN

KEY = 5550123


async def row_of(engine: AsyncEngine, campaign: CampaignId) -> CampaignRow:
    async with reading(engine) as session:
        row = await session.get(CampaignRow, campaign)
    assert row is not None
    return row


async def ask(
    engine: AsyncEngine, campaign: CampaignId, lead: ReservedLead, at: float = 0.0
) -> Allowed | Suppressed:
    facts = campaign_facts(await row_of(engine, campaign))
    async with reading(engine) as session:
        asked = await dial_facts(
            session, facts, lead, lead.number, later(at), time_zone="Europe/Tallinn", country="EE"
        )
    return may_dial(asked, later(at))


async def test_a_no_holds_at_the_next_dial(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    await fill(engine, campaign, draft(KEY))
    (lead,) = await pick(engine, campaign)
    assert await ask(engine, campaign, lead) == ALLOWED
    async with writing(engine) as session:
        no = ConsentDraft(ConsentKind.DO_NOT_CALL, "call", number=number(KEY))
        await write_down(session, no, user=None, at=later(1), region="EE")
    answer = await ask(engine, campaign, lead, 1)
    assert isinstance(answer, Suppressed)
    assert (answer.rule, answer.until) == (DialRule.DO_NOT_CALL, None)


async def test_who_was_abandoned_rests_in_every_campaign(engine: AsyncEngine) -> None:
    first = await make_campaign(engine, rule_set="ofcom_2010")
    await fill(engine, first, draft(KEY))
    (lead,) = await pick(engine, first)
    assert await begin(engine, lead, "kc-1")
    await end(engine, "kc-1", AttemptOutcome.ABANDONED, at=10)
    second = await make_campaign_too(engine)
    await fill(engine, second, draft(KEY))
    (again,) = await pick(engine, second, at=60)
    answer = await ask(engine, second, again, 60)
    assert isinstance(answer, Suppressed)
    assert (answer.rule, answer.until) == (DialRule.REST_AFTER_ABANDONED, later(10) + timedelta(hours=72))


async def make_campaign_too(engine: AsyncEngine) -> CampaignId:
    async with writing(engine) as session:
        row = CampaignRow(
            title="Sügis",
            purpose="survey",
            mode="progressive",
            queue="sales",
            rule_set="ofcom_2010",
            country="EE",
            time_zone="Europe/Tallinn",
            state="running",
            state_at=DAWN,
            created_at=DAWN,
            updated_at=DAWN,
        )
        session.add(row)
        await session.flush()
        assert row.id is not None
        return CampaignId(row.id)


async def test_a_call_under_way_stops_the_next(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    await fill(engine, campaign, draft(KEY))
    (lead,) = await pick(engine, campaign)
    assert await begin(engine, lead, "kc-1")
    answer = await ask(engine, campaign, lead, 5)
    assert isinstance(answer, Suppressed)
    assert answer.rule is DialRule.CONTACT_IN_CALL


async def test_marketing_to_a_person_needs_consent_and_to_a_company_does_not(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine, rule_set="eu_estonia")
    await fill(engine, campaign, draft(KEY, surname="Tamm"), draft(KEY + 1, company_name="Põhjala OÜ"))
    person, company = await pick(engine, campaign, 2)
    answer = await ask(engine, campaign, person)
    assert isinstance(answer, Suppressed)
    assert answer.rule is DialRule.CONSENT_MISSING
    assert await ask(engine, campaign, company) == ALLOWED
    async with writing(engine) as session:
        yes = ConsentDraft(ConsentKind.CONSENT, "web", number=number(KEY), purpose=Purpose.MARKETING)
        await write_down(session, yes, user=None, at=later(1), region="EE")
    assert await ask(engine, campaign, person, 1) == ALLOWED
    early = await ask(engine, campaign, person, -1)
    assert isinstance(early, Suppressed)
    assert (early.rule, early.until) == (DialRule.CONSENT_MISSING, later(1))


def row(**said: Any) -> CampaignRow:
    fixed: dict[str, Any] = {
        "title": "x",
        "mode": "ratio",
        "queue": "q",
        "purpose": "survey",
        "state": "running",
        "country": "EE",
        "time_zone": "Europe/Tallinn",
    }
    return CampaignRow(**(fixed | {"id": 1, "state_at": DAWN, "created_at": DAWN, "updated_at": DAWN} | said))


def test_a_campaign_is_never_laxer_than_its_set() -> None:
    lax = row(rule_set="us_tsr", abandon_limit=0.1, ring_s=10, connect_s=4.0, holidays=True)
    assert lax_settings(lax) == ["abandon_limit", "ring_min_s", "connect_s"]
    held = limits_of(lax)
    assert (held.abandon_limit, held.ring_min_s, held.connect_s) == (0.03, 15.0, 2.0)
    assert held.window is Window.THIRTY_DAYS
    with pytest.raises(RulesUnfit, match="abandon_limit, ring_min_s, connect_s"):
        check_rules(lax, "EE")
    strict = row(rule_set="us_tsr", abandon_limit=0.01, hours=[{"days": [1], "from": "9:00", "to": "12:00"}])
    assert lax_settings(strict) == []
    assert limits_of(strict).hours == (every_day(540, 720)[0], *[None] * 6)
    assert limits_of(row(rule_set="", holidays=True)).hours is RULE_SETS["own"].limits.hours is None


@pytest.mark.parametrize(
    "hours",
    [
        [{}],
        [{"days": [0], "from": "09:00", "to": "21:00"}],
        [{"days": [1], "from": "21:00", "to": "09:00"}],
        [{"days": [1], "from": "9", "to": "21:00"}],
        [{"days": [1, 1], "from": "09:00", "to": "21:00"}],
        [{"days": 1, "from": "09:00", "to": "21:00"}],
    ],
)
def test_hours_that_are_none(hours: list[dict[str, Any]]) -> None:
    with pytest.raises(RulesUnfit):
        week_of(hours)


def test_a_rule_set_that_is_none() -> None:
    with pytest.raises(RulesUnfit, match="us_tsr"):
        limits_of(row(rule_set="mars"))


def test_where_a_lead_is() -> None:
    """By its own zone, else by its number, else where the campaign is."""
    now = datetime(2026, 12, 1, tzinfo=UTC)

    def names(number: str, own: str) -> list[str]:
        zones = number_facts(number, own, now, time_zone="Europe/Riga", country="EE").place.zones
        return [str(zone) for zone in zones]

    assert names("+37255500123", "Asia/Tokyo") == ["Asia/Tokyo"]
    assert names("+37255500123", "Nowhere") == ["Europe/Tallinn"]
    assert names("+80012345678", "") == ["Europe/Riga"]
    facts = number_facts("+358405550123", "", now, country="EE")
    assert facts.kind is NumberKind.MOBILE
    assert {date(2026, 12, 6), date(2027, 12, 6)} <= facts.place.holidays
