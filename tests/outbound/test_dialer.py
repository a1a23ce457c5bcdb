"""The dialer between a floor and the leads: what is placed, how often, and what becomes of what is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.recycling import LeadState
from app.crm.attempts.queries import get_attempt, open_attempts
from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, CampaignId, QueueId
from app.floor.campaigns.dialing import Attempt
from app.floor.commands import PlaceCall
from app.floor.events import AttemptDialled, AttemptNotPlaced, Event
from app.floor.floor import Floor
from app.lists.draft import DraftNumber, LeadDraft
from app.outbound import dialer as dialer_module
from app.outbound.attempt_writer import AttemptWriter
from app.outbound.dialer import Dialer
from app.outbound.lead_selection import Pick, begin_pick
from app.records.engine import reading
from app.system import clock
from tests.records.lists import draft, engaged, fill, lead_row, make_campaign

DEADLINE_S = 60.0


class Setting:
    """A dialer with its writer; what it tells the floor and the PBX is kept."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine, self.floor = engine, Floor()
        self.events: list[Event] = []
        self.placed: list[tuple[AttemptId, str]] = []
        self.writer = AttemptWriter(engine)
        self.dialer = Dialer(engine, self.floor, self._put, self._place, writer=self.writer, runner="test")
        self._told = asyncio.Event()

    def ask(self, campaign: CampaignId, *ids: str) -> None:
        """The floor wants calls placed."""
        for id_ in ids:
            attempt = AttemptId(id_)
            self.floor.attempts[attempt] = Attempt(attempt, campaign, asked=clock.now())
            self.dialer.ask(
                PlaceCall(
                    attempt,
                    campaign,
                    trunk="trunk",
                    caller_id="",
                    ring_s=20,
                    queue=QueueId("sales"),
                    detect_machines=False,
                )
            )

    async def told(self, count: int) -> list[Event]:
        """Wait until the floor has been told so often."""
        async with asyncio.timeout(DEADLINE_S):
            while len(self.events) < count:
                self._told.clear()
                await self._told.wait()
        await self.writer.flush()
        return self.events

    def _put(self, event: Event) -> None:
        self.events.append(event)
        self._told.set()

    def _place(self, asked: PlaceCall, number: str) -> bool:
        self.placed.append((asked.attempt, number))
        return True


@asynccontextmanager
async def running(engine: AsyncEngine) -> AsyncIterator[Setting]:
    setting = Setting(engine)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(setting.writer.run()), group.create_task(setting.dialer.run())]
        yield setting
        for task in tasks:
            task.cancel()


async def test_each_attempt_is_on_record_before_it_is_dialled_once(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    await fill(engine, campaign, draft(1, variables={"leping": "A1", "arve": "17"}), draft(2))
    async with running(engine) as s:
        s.ask(campaign, "a", "b", "c")
        events = await s.told(3)
        dialled = [event for event in events if isinstance(event, AttemptDialled)]
        assert [event.columns for event in dialled] == [(("leping", "A1"), ("arve", "17")), ()]
        assert s.placed == [(event.attempt, event.number) for event in dialled]
        assert len({number for _, number in s.placed}) == 2
        (left,) = [event for event in events if isinstance(event, AttemptNotPlaced)]
        assert left.again_s == 15.0
        async with reading(engine) as session:
            rows = {row.id: row for row in await open_attempts(session)}
        assert rows.keys() == {event.attempt for event in dialled}
        assert all(row.sent_at is not None for row in rows.values())


async def test_a_call_whose_operator_has_left_is_not_dialled(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    await fill(engine, campaign, draft(1))
    async with running(engine) as s:
        s.ask(campaign, "a")
        s.floor.attempts[AttemptId("a")].withdrawn = True
        assert await s.told(1) == [AttemptNotPlaced(AttemptId("a"), 0.0)]
        assert s.placed == []


async def test_a_commit_whose_outcome_is_lost_is_asked_again_and_dialled_once(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await make_campaign(engine)
    await fill(engine, campaign, draft(1))
    asked: list[list[AttemptId]] = []

    async def committed_unheard(*arguments: object) -> set[AttemptId]:
        pick = arguments[1]
        assert isinstance(pick, Pick)
        asked.append([one.attempt for one in pick.chosen])
        begun = await begin_pick(*arguments)  # type: ignore[arg-type]
        if len(asked) < 3:
            raise OperationalError("COMMIT", {}, ConnectionResetError("the connection is gone"))
        return begun

    monkeypatch.setattr(dialer_module, "begin_pick", committed_unheard)
    monkeypatch.setattr(dialer_module, "RETRY_S", 0.0)
    async with running(engine) as s:
        s.ask(campaign, "a")
        (event,) = await s.told(1)
        assert isinstance(event, AttemptDialled)
        assert [id_ for id_, _ in s.placed] == ["a"]
        assert asked == [["a"]] * 3


async def test_what_is_committed_too_late_is_not_dialled(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await make_campaign(engine)
    (lead,) = await fill(engine, campaign, draft(1))
    assert isinstance(lead, int)

    async def too_late(*arguments: object) -> set[AttemptId]:
        begun = await begin_pick(*arguments)  # type: ignore[arg-type]
        s.floor.attempts.clear()
        return begun

    monkeypatch.setattr(dialer_module, "begin_pick", too_late)
    async with running(engine) as s:
        s.ask(campaign, "a")
        async with asyncio.timeout(DEADLINE_S):
            while not (await _outcome(engine, "a")):  # noqa: ASYNC110 - told by a row alone
                await asyncio.sleep(0.01)
        assert s.placed == s.events == []
        assert await _outcome(engine, "a") == AttemptOutcome.REFUSED.value
        row = await lead_row(engine, lead)
        assert (row.state, row.attempts) == (LeadState.WAITING.value, 0)


async def test_a_database_that_is_away_has_the_floor_ask_again(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await make_campaign(engine)
    (lead,) = await fill(engine, campaign, draft(1))

    async def away(*_: object) -> set[AttemptId]:
        raise OperationalError("BEGIN", {}, ConnectionRefusedError("no route to host"))

    monkeypatch.setattr(dialer_module, "begin_pick", away)
    monkeypatch.setattr(dialer_module, "GIVE_UP_S", 0.0)
    async with running(engine) as s:
        s.ask(campaign, "a")
        (event,) = await s.told(1)
        assert event == AttemptNotPlaced(AttemptId("a"), dialer_module.AWAY_AGAIN_S)
        assert s.placed == []
        assert isinstance(lead, int)
        assert (await lead_row(engine, lead)).state == LeadState.RESERVED.value
        await s.dialer.release()
        assert (await lead_row(engine, lead)).state == LeadState.READY.value
        async with reading(engine) as session:
            assert await engaged(session) == set()


async def test_two_numbers_of_one_lead_the_first_of_which_is_never_dialled(engine: AsyncEngine) -> None:
    campaign = await make_campaign(engine)
    premium = LeadDraft(
        numbers=(DraftNumber("+3729001234", "900 1234"), DraftNumber("+37255500002", "5550 0002"))
    )
    await fill(engine, campaign, premium)
    async with running(engine) as s:
        s.ask(campaign, "a")
        await s.told(1)
        assert s.placed == [(AttemptId("a"), "+37255500002")]


async def _outcome(engine: AsyncEngine, id_: str) -> str | None:
    async with reading(engine) as session:
        row = await get_attempt(session, AttemptId(id_))
    return row.outcome if row is not None else None
