"""Leads that operators look at: found, dialled as the rules then are, given back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.dial_facts import ConsentKind
from app.compliance.recycling import LeadState
from app.crm.consents.service import ConsentDraft, write_down
from app.crm.leads.service import set_callback
from app.crm.leads.tables import LeadRow
from app.domain.ids import AttemptId, CampaignId, OperatorId, QueueId
from app.floor.campaigns.dialing import Attempt
from app.floor.commands import FindLead, PlaceCall, ReleaseLead
from app.floor.events import AttemptDialled, AttemptNotPlaced, LeadFound
from app.outbound.previewer import Previewer
from app.records.engine import writing
from app.system import clock
from tests.outbound.test_dialer import Setting
from tests.records.lists import draft, fill, lead_row, make_campaign, number

MARI, JAAN = OperatorId(1), OperatorId(2)


class Previewing(Setting):
    """A previewer beside the dialer."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.previewer = Previewer(engine, self._put, dialer=self.dialer, runner="test")

    async def find(self, campaign: CampaignId, id_: str, operator: OperatorId = MARI) -> LeadFound | None:
        """A lead for an operator to look at; None when there is none."""
        told = len(self.events)
        self.previewer.ask(FindLead(AttemptId(id_), campaign, operator))
        event = (await self.told(told + 1))[-1]
        assert isinstance(event, LeadFound | AttemptNotPlaced)
        assert event.attempt == id_
        return event if isinstance(event, LeadFound) else None

    async def dial(self, campaign: CampaignId, id_: str) -> bool:
        """Whether it was dialled."""
        told, attempt = len(self.events), AttemptId(id_)
        self.floor.attempts[attempt] = Attempt(attempt, campaign, asked=clock.now())
        command = PlaceCall(
            attempt,
            campaign,
            trunk="trunk",
            caller_id="",
            ring_s=20,
            queue=QueueId("sales"),
            detect_machines=False,
            operator=MARI,
        )
        self.previewer.ask(command)
        return isinstance((await self.told(told + 1))[-1], AttemptDialled)

    async def give_back(self, campaign: CampaignId, id_: str, *, skipped: bool) -> None:
        """And wait until it is."""
        self.previewer.ask(ReleaseLead(AttemptId(id_), campaign, "spoke lately", skipped))
        await self.find(CampaignId(99), "later")


@asynccontextmanager
async def previewing(engine: AsyncEngine) -> AsyncIterator[Previewing]:
    setting = Previewing(engine)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(setting.writer.run()), group.create_task(setting.previewer.run())]
        yield setting
        for task in tasks:
            task.cancel()


async def test_a_lead_is_found_for_one_operator_and_dialled_once_when_they_say_so(
    engine: AsyncEngine,
) -> None:
    campaign = await make_campaign(engine)
    (lead,) = await fill(engine, campaign, draft(1, variables={"leping": "A1"}))
    async with previewing(engine) as s:
        found = await s.find(campaign, "a")
        assert found is not None
        assert (found.lead, found.number, found.ordinal, found.columns) == (
            lead,
            number(1),
            1,
            (("leping", "A1"),),
        )
        assert await s.find(campaign, "b", JAAN) is None  # it is Mari's
        assert s.placed == []
        assert await s.dial(campaign, "a")
        assert s.placed == [("a", number(1))]
        assert not await s.dial(campaign, "a")


async def test_a_skipped_lead_rests_with_the_reason_and_another_is_there_at_once(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    (lead,) = await fill(engine, campaign, draft(1))
    assert isinstance(lead, int)
    async with previewing(engine) as s:
        assert await s.find(campaign, "a")
        await s.give_back(campaign, "a", skipped=False)
        assert await s.find(campaign, "b", JAAN)
        await s.give_back(campaign, "b", skipped=True)
        row = await lead_row(engine, lead)
        assert (row.state, row.reason) == (LeadState.WAITING.value, "skipped: spoke lately")
        assert row.next_at is not None
        assert 3500 < (row.next_at - clock.utc_now()).total_seconds() <= 3600
        assert await s.find(campaign, "c") is None


async def test_the_rules_are_asked_again_when_it_is_dialled(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    await fill(engine, campaign, draft(1))
    async with previewing(engine) as s:
        assert await s.find(campaign, "a")
        async with writing(engine) as session:
            no = ConsentDraft(ConsentKind.DO_NOT_CALL, "call", number=number(1))
            await write_down(session, no, user=None, at=clock.utc_now(), region="EE")
        assert not await s.dial(campaign, "a")
        assert s.placed == []


async def test_a_callback_is_shown_to_its_own_operator_first(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine, callback_wait_s=3600)
    leads = await fill(engine, campaign, draft(1), draft(2))
    async with writing(engine) as session:
        row = await session.get(LeadRow, leads[1])
        assert row is not None
        await set_callback(session, row, clock.utc_now(), JAAN, "callback")
    async with previewing(engine) as s:
        first = await s.find(campaign, "a", MARI)
        assert first is not None
        assert first.lead == leads[0]
        assert await s.find(campaign, "b", MARI) is None
        theirs = await s.find(campaign, "c", JAAN)
        assert theirs is not None
        assert (theirs.lead, theirs.callback_at is not None) == (leads[1], True)
