"""Which campaigns are dialled, and what moves them by themselves."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.campaigns.queries import get_campaign, page_changes
from app.crm.campaigns.service import change_state
from app.crm.campaigns.tables import CampaignRow
from app.crm.leads.queries import get_lead
from app.crm.leads.reservation import set_aside
from app.crm.leads.service import set_callback
from app.domain.campaigns import AttemptOutcome, CampaignState
from app.domain.ids import CampaignId, QueueId
from app.domain.queues import QueueSettings
from app.floor.commands import PlaceCall
from app.floor.control import step
from app.floor.events import Event, QueueSet, TrunkSet
from app.floor.facts import StepResult
from app.floor.floor import Floor
from app.outbound import campaign_sync
from app.outbound.campaign_sync import CampaignSync
from app.records.engine import reading, writing
from app.system import clock
from tests.records.lists import RUNNER, begin, draft, end, fill, make_campaign, pick

USUAL = TrunkSet("", 30, 5.0)
CARRIER = TrunkSet("carrier", 60, 10.0)


class Setting:
    """Campaigns brought to a floor."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine, self.floor = engine, Floor()
        self.changed: list[CampaignId] = []
        self.sync = CampaignSync(
            engine, self.floor, self.post, trunks=[CARRIER], default=USUAL, notify_changed=self.changed.append
        )

    async def post(self, event: Event) -> StepResult:
        outcome = step(self.floor, event, clock.now())
        if outcome.refusal is not None:
            raise outcome.refusal
        assert not any(isinstance(command, PlaceCall) for command in outcome.commands)
        return outcome

    async def work(self) -> None:
        await self.sync.bring()
        await self.sync.keep()

    def runs(self, campaign: CampaignId) -> bool:
        known = self.floor.campaigns.get(campaign)
        return known is not None and known.settings.running

    async def row(self, campaign: CampaignId) -> CampaignRow:
        async with reading(self.engine) as session:
            row = await get_campaign(session, campaign)
        assert row is not None
        return row

    async def becomes(self, campaign: CampaignId, state: CampaignState) -> None:
        async with writing(self.engine) as session:
            row = await get_campaign(session, campaign)
            assert row is not None
            await change_state(session, row, state, reason="proov", user=1, at=clock.utc_now())

    async def reasons(self, campaign: CampaignId) -> Sequence[str]:
        async with reading(self.engine) as session:
            changes = await page_changes(session, campaign)
        return [change.detail["reason"] for change in reversed(changes) if change.what == "state"]


@asynccontextmanager
async def loaded(engine: AsyncEngine) -> AsyncIterator[Setting]:
    setting = Setting(engine)
    await setting.post(QueueSet(QueueSettings(QueueId("sales"), "Müük")))
    await setting.sync.load()
    yield setting


async def all_done(engine: AsyncEngine, campaign: CampaignId) -> None:
    """Every lead is reached."""
    for lead in await pick(engine, campaign, 100):
        id_ = f"kc{campaign}-{lead.id}"
        assert await begin(engine, lead, id_)
        await end(engine, id_, AttemptOutcome.ANSWERED)


async def test_the_floor_has_what_runs_with_its_trunk(engine: AsyncEngine) -> None:
    one = await make_campaign(engine, trunk="carrier")
    two = await make_campaign(engine, "Sügis", trunk="other")
    await fill(engine, one, draft(1))
    await fill(engine, two, draft(2))
    async with loaded(engine) as s:
        assert s.runs(one)
        assert s.runs(two)
        assert (s.floor.trunks["carrier"].channels, s.floor.trunks["other"].channels) == (60, 30)
        await s.becomes(one, CampaignState.PAUSED)
        s.sync.changed(one)
        await s.work()
        assert not s.runs(one)
        assert s.runs(two)
        await s.becomes(one, CampaignState.FINISHED)
        await s.work()
        assert one not in s.floor.campaigns


async def test_it_dials_between_its_dates_and_is_finished_after_them(engine: AsyncEngine) -> None:
    now = clock.utc_now()
    to_come = await make_campaign(engine, "Tulev", starts_at=now + timedelta(hours=1))
    over = await make_campaign(engine, "Läbi", ends_at=now - timedelta(seconds=1))
    begun = await make_campaign(
        engine, "Käib", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )
    for campaign, key in ((to_come, 1), (over, 2), (begun, 3)):
        await fill(engine, campaign, draft(key))
    async with loaded(engine) as s:
        await s.work()
        assert [s.runs(one) for one in (to_come, over, begun)] == [False, False, True]
        row = await s.row(over)
        assert (row.state, row.state_reason) == (CampaignState.FINISHED.value, campaign_sync.END_DATE)


async def test_it_drains_when_no_lead_is_left_and_goes_on_when_leads_come(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    async with loaded(engine) as s:
        await s.work()
        assert (await s.row(campaign)).state == CampaignState.RUNNING.value, "nobody has given it leads yet"
        await fill(engine, campaign, draft(1), draft(2))
        await s.work()
        assert (await s.row(campaign)).state == CampaignState.RUNNING.value
        await all_done(engine, campaign)
        await s.work()
        assert (await s.row(campaign)).state == CampaignState.DRAINED.value
        assert s.runs(campaign), "callbacks are still made"
        await fill(engine, campaign, draft(3))
        await s.work()
        await s.work()
        assert (await s.row(campaign)).state == CampaignState.RUNNING.value
        assert await s.reasons(campaign) == [campaign_sync.LEADS_OUT, campaign_sync.LEADS_IN]


async def test_one_that_was_drained_is_finished_when_its_callbacks_are_over(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_sync, "QUIET_S", 0.0)
    campaign = await make_campaign(engine)
    first, second = await fill(engine, campaign, draft(1), draft(2))
    assert isinstance(first, int)
    async with writing(engine) as session:
        lead = await get_lead(session, first)
        assert lead is not None
        await set_callback(session, lead, clock.utc_now() + timedelta(hours=1), None, "callback")
    async with loaded(engine) as s:
        await s.becomes(campaign, CampaignState.DRAINED)
        await s.work()
        assert (await s.row(campaign)).state == CampaignState.DRAINED.value
        async with writing(engine) as session:
            lead = await get_lead(session, first)
            assert lead is not None
            await set_callback(session, lead, None, None, "callback_taken_back")
        await s.work()
        row = await s.row(campaign)
        assert (row.state, row.state_reason) == (CampaignState.FINISHED.value, campaign_sync.ALL_CALLED)
        assert second != first


async def test_leads_that_come_are_looked_for_though_nothing_else_changed(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    async with loaded(engine) as s:
        known = s.floor.campaigns[campaign]
        known.nothing_until_s = clock.monotonic() + 60
        s.changed.clear()
        await s.work()
        assert s.changed == []
        s.sync.changed(campaign)
        await s.work()
        assert s.changed == [campaign]
        assert known.nothing_until_s == 0.0


async def test_leads_that_a_rule_stops_no_more_are_judged_anew(engine: AsyncEngine) -> None:
    """As when a campaign that rested on consent, and was over for want of it, gets another basis."""
    campaign = await make_campaign(engine, legal_basis="consent")
    await fill(engine, campaign, draft(1), draft(2))
    first, second = await pick(engine, campaign, 2)
    async with writing(engine) as session:
        await set_aside(session, first.id, RUNNER, "consent_missing", None)
        await set_aside(session, second.id, RUNNER, "do_not_call", None)
    async with loaded(engine) as s:
        await s.work()
        assert await s.reasons(campaign) == ["no_leads_left"]
        async with writing(engine) as session:
            row = await get_campaign(session, campaign)
            assert row is not None
            row.legal_basis = "existing_customers"
        await s.work()
        assert await s.reasons(campaign) == ["no_leads_left", "leads_added"]
    async with reading(engine) as session:
        told = [await get_lead(session, lead.id) for lead in (first, second)]
    assert [(lead.state, lead.reason) for lead in told if lead is not None] == [
        ("ready", "rules_changed"),
        ("done", "do_not_call"),
    ]
