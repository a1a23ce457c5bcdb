"""Random walks over what may happen to leads: none is lost, none held twice, no maximum is passed."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import select

from app.crm.attempts.tables import AttemptRow
from app.crm.contacts.drafts import ContactDraft
from app.crm.contacts.service import create_contact
from app.crm.leads.reservation import ReservedLead, release, set_aside
from app.crm.leads.tables import LeadNumberRow, LeadRow
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import CampaignId
from app.records.engine import open_engine, reading, writing
from tests.records.empty import put_empty
from tests.records.lists import LEASE_S, begin, draft, end, engaged, fill, later, make_campaign, pick
from tests.records.stories import DAWN

RUNNERS = ("one", "two")
MAXIMA = {"max_per_day": 2, "max_per_campaign": 4, "max_per_number": 3}
CONTACTS = 3


class Leads(RuleBasedStateMachine):
    """Two campaigns with the same contacts, two runners."""

    @initialize()
    def open(self) -> None:
        self.loop = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.now_s = 0.0
        self.attempts = 0
        self.held: dict[int, tuple[str, float, ReservedLead]] = {}
        self.dialled: dict[str, ReservedLead] = {}
        self.loop.run(self._open())

    async def _open(self) -> None:
        self.engine = open_engine(await put_empty(Path(self.folder.name) / "keskus.db"))
        self.campaigns: list[CampaignId] = []
        async with writing(self.engine) as session:
            contacts = [
                (await create_contact(session, ContactDraft(surname=f"Kask{key}"), DAWN, "EE")).id
                for key in range(CONTACTS)
            ]
        for title in ("Kevad", "Sügis"):
            campaign = await make_campaign(self.engine, title, recycling=MAXIMA)
            self.campaigns.append(campaign)
            some = [draft(key, key + 10, contact=contact) for key, contact in enumerate(contacts)]
            # One whom the contact base does not know, with a number of somebody's whom it does.
            await fill(self.engine, campaign, *some, draft(20 + campaign, 30))

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.loop.run(self.engine.dispose())
            self.loop.close()
            self.folder.cleanup()

    def _lapse(self) -> None:
        self.held = {id_: held for id_, held in self.held.items() if held[1] > self.now_s}

    @rule(which=st.integers(0, 1), runner=st.sampled_from(RUNNERS), count=st.integers(1, 4))
    def reserve(self, which: int, runner: str, count: int) -> None:
        found = self.loop.run(pick(self.engine, self.campaigns[which], count, at=self.now_s, runner=runner))
        for lead in found:
            assert lead.id not in self.held
            assert lead.id not in {one.id for one in self.dialled.values()}
            assert lead.number.usable
            self.held[lead.id] = (runner, self.now_s + LEASE_S, lead)

    @rule(seconds=st.sampled_from([1.0, 20.0, 61.0, 400.0, 4000.0, 50_000.0, 260_000.0]))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self._lapse()

    @rule(data=st.data(), runner=st.sampled_from(RUNNERS))
    def dial(self, data: st.DataObject, runner: str) -> None:
        if not self.held:
            return
        holder, _, lead = self.held[data.draw(st.sampled_from(sorted(self.held)))]
        self.attempts += 1
        id_ = f"kc-{self.attempts}"
        begun = self.loop.run(begin(self.engine, lead, id_, at=self.now_s, runner=runner))
        assert begun == (holder == runner)
        if begun:
            del self.held[lead.id]
            self.dialled[id_] = lead
        assert self.loop.run(begin(self.engine, lead, id_, at=self.now_s, runner=runner)) == begun

    @rule(data=st.data(), outcome=st.sampled_from(AttemptOutcome), twice=st.booleans())
    def finish(self, data: st.DataObject, outcome: AttemptOutcome, twice: bool) -> None:
        if not self.dialled:
            return
        id_ = data.draw(st.sampled_from(sorted(self.dialled)))
        moved = self.loop.run(end(self.engine, id_, outcome, at=self.now_s))
        assert moved is not None
        assert moved.lead == self.dialled.pop(id_).id
        if twice:
            assert self.loop.run(end(self.engine, id_, outcome, at=self.now_s)) is None

    @rule(data=st.data(), outcome=st.sampled_from(AttemptOutcome))
    def tell_late(self, data: st.DataObject, outcome: AttemptOutcome) -> None:
        if self.attempts:
            id_ = f"kc-{data.draw(st.integers(1, self.attempts))}"
            if id_ not in self.dialled:
                self.loop.run(end(self.engine, id_, outcome, at=self.now_s))

    @rule(data=st.data(), seconds=st.sampled_from([None, 100.0]))
    def give_back(self, data: st.DataObject, seconds: float | None) -> None:
        if self.held:
            runner, _, lead = self.held.pop(data.draw(st.sampled_from(sorted(self.held))))
            self.loop.run(self._give_back(lead, runner, seconds))

    async def _give_back(self, lead: ReservedLead, runner: str, seconds: float | None) -> None:
        async with writing(self.engine) as session:
            if seconds is None:
                assert await release(session, [lead.id], runner) == {lead.id}
            else:
                assert await set_aside(session, lead.id, runner, "hours", later(self.now_s + seconds))

    @invariant()
    def check(self) -> None:
        if hasattr(self, "engine"):
            self.loop.run(self._check())

    async def _check(self) -> None:
        async with reading(self.engine) as session:
            leads = {row.id: row for row in await session.scalars(select(LeadRow))}
            attempts = list(await session.scalars(select(AttemptRow)))
            numbers = list(await session.scalars(select(LeadNumberRow)))
            keys = await engaged(session)
        assert len(leads) == 2 * (CONTACTS + 1), "none is lost"
        active = {row.id for row in leads.values() if row.state in {"reserved", "dialling"}}
        assert {one.id for one in self.dialled.values()} == {
            id_ for id_ in active if leads[id_].state == "dialling"
        }
        assert self.held.keys() <= active
        theirs = Counter(row.e164 for row in numbers if row.lead_id in active)
        theirs.update(f"c{leads[id_].contact_id}" for id_ in active if leads[id_].contact_id)
        assert not [key for key, count in theirs.items() if count > 1], "nobody is called twice at a time"
        assert set(theirs) == keys
        rang = [one for one in attempts if one.outcome != "refused"]
        assert max(Counter(one.lead_id for one in rang).values(), default=0) <= MAXIMA["max_per_campaign"]
        by_number = Counter((one.lead_id, one.position) for one in rang)
        assert max(by_number.values(), default=0) <= MAXIMA["max_per_number"]
        for row in leads.values():
            assert row.attempts == sum(one.lead_id == row.id for one in rang if one.outcome is not None)
            assert (row.next_at is not None) == (row.state == "waiting")
            assert (row.lease_until is not None) == (row.state == "reserved")


Leads.TestCase.settings = settings(max_examples=15, stateful_step_count=40, deadline=None)
TestLeads = Leads.TestCase
