import asyncio
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.recycling import LeadState
from app.crm.campaigns import service as campaigns
from app.crm.campaigns.errors import CampaignTooLarge
from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.removal import remove_contact
from app.crm.contacts.service import create_contact
from app.crm.leads.adding import Duplicate
from app.crm.leads.errors import LeadBusy
from app.crm.leads.queries import lock_lead, numbers_of, page_callbacks, page_leads
from app.crm.leads.reservation import ReservedLead, extend, release, release_all, reserve, set_aside
from app.crm.leads.service import remove_lead, set_callback, set_priority
from app.domain.campaigns import AttemptOutcome, CampaignState
from app.domain.ids import CampaignId, ContactId, LeadId, OperatorId
from app.records.engine import reading, writing
from tests.records.lists import (
    RUNNER,
    begin,
    draft,
    end,
    engaged,
    fill,
    later,
    lead_row,
    make_campaign,
    number,
    pick,
)
from tests.records.stories import DAWN


@pytest.fixture
async def campaign(engine: AsyncEngine) -> CampaignId:
    return await make_campaign(engine)


async def test_the_highest_priority_comes_first_then_the_oldest(
    engine: AsyncEngine, campaign: CampaignId
) -> None:
    first, second, third = await fill(engine, campaign, draft(1), draft(2), draft(3, priority=5))
    assert [lead.id for lead in await pick(engine, campaign, 2)] == [third, first]
    assert [lead.id for lead in await pick(engine, campaign, 2)] == [second]
    assert await pick(engine, campaign, 2) == []


async def test_a_lead_comes_whole(engine: AsyncEngine, campaign: CampaignId) -> None:
    said = draft(
        1,
        2,
        external_id="x-1",
        surname="Kask",
        time_zone="Europe/Riga",
        variables={"viimane": "9", "arve": "17", "a": "1"},
    )
    (id_,) = await fill(engine, campaign, said)
    (lead,) = await pick(engine, campaign)
    assert (lead.id, lead.external_id, lead.surname, lead.time_zone) == (id_, "x-1", "Kask", "Europe/Riga")
    assert list(lead.variables.items()) == [("viimane", "9"), ("arve", "17"), ("a", "1")], "in their order"
    assert [one.e164 for one in lead.numbers] == [number(1), number(2)]
    assert lead.number.e164 == number(1)


async def test_a_campaign_has_each_number_contact_and_external_id_once(
    engine: AsyncEngine, campaign: CampaignId
) -> None:
    async with writing(engine) as session:
        contact = (await create_contact(session, ContactDraft(surname="Kask"), DAWN, "EE")).id
    results = await fill(
        engine, campaign, draft(1, 1, external_id="a", contact=contact), draft(2, external_id="a")
    )
    results += await fill(engine, campaign, draft(3, contact=contact), draft(1), draft(1, 4, 5), draft(4))
    kept = [one for one in results if not isinstance(one, Duplicate)]
    assert [one.why if isinstance(one, Duplicate) else "" for one in results] == [
        "",
        "external_id",
        "contact",
        "number",
        "",
        "number",
    ]
    async with reading(engine) as session:
        numbers = await numbers_of(session, kept)
    assert [[one.e164 for one in rows] for rows in numbers.values()] == [[number(1)], [number(4), number(5)]]
    other = await make_campaign(engine, "Sügis")
    assert not isinstance(
        (await fill(engine, other, draft(1, external_id="a", contact=contact)))[0], Duplicate
    )


async def test_one_contact_is_not_called_twice_at_a_time(engine: AsyncEngine, campaign: CampaignId) -> None:
    async with writing(engine) as session:
        contact = (await create_contact(session, ContactDraft(surname="Kask"), DAWN, "EE")).id
    other = await make_campaign(engine, "Sügis")
    await fill(engine, campaign, draft(1, contact=contact), draft(5, 6))
    blocked, too, _ = await fill(engine, other, draft(2, contact=contact), draft(6, 7), draft(8))
    mine = await pick(engine, campaign, 2)
    assert [lead.number.e164 for lead in await pick(engine, other, 3)] == [number(8)]
    for id_ in (blocked, too):
        row = await lead_row(engine, int(id_))  # type: ignore[arg-type]
        assert (row.state, row.reason, row.next_at) == ("waiting", "contact_engaged", later(60))
    async with reading(engine) as session:
        assert await engaged(session) == {f"c{contact}", *(number(one) for one in (1, 5, 6, 8))}
    await begin(engine, mine[0], "kc-1")
    await end(engine, "kc-1", AttemptOutcome.NO_ANSWER)
    async with writing(engine) as session:
        await release(session, [mine[1].id], RUNNER)
    assert {lead.id for lead in await pick(engine, other, 3, at=61)} == {blocked, too}


async def test_who_is_forgotten_is_forgotten_here(engine: AsyncEngine, campaign: CampaignId) -> None:
    async with writing(engine) as session:
        contact = (await create_contact(session, ContactDraft(surname="Kask"), DAWN, "EE")).id
    await fill(engine, campaign, draft(1, contact=contact))
    await pick(engine, campaign)
    async with writing(engine) as session:
        await remove_contact(session, ContactId(contact))
    async with reading(engine) as session:
        assert await engaged(session) == set()
        assert await page_leads(session, campaign) == []


async def test_a_lease_that_runs_out_returns_the_lead(engine: AsyncEngine, campaign: CampaignId) -> None:
    await fill(engine, campaign, draft(1), draft(2))
    (lead,) = await pick(engine, campaign)
    assert [one.number.e164 for one in await pick(engine, campaign, 5, at=29)] == [number(2)]
    assert await pick(engine, campaign, 5, at=30) == []  # returned now, and picked from then on
    assert [one.id for one in await pick(engine, campaign, 5, at=31, runner="two")] == [lead.id]
    assert not await begin(engine, lead, "kc-1", at=31)


async def test_a_lease_is_extended_released_and_left_to_others(
    engine: AsyncEngine, campaign: CampaignId
) -> None:
    await fill(engine, campaign, draft(1))
    (lead,) = await pick(engine, campaign)
    async with writing(engine) as session:
        assert await extend(session, [lead.id], runner="two", lease_s=90, now=DAWN) == set()
        assert await extend(session, [lead.id], runner=RUNNER, lease_s=90, now=DAWN) == {lead.id}
    assert await pick(engine, campaign, at=60) == await pick(engine, campaign, at=61) == []
    async with writing(engine) as session:
        assert await release(session, [lead.id], "two") == set()
        assert await release(session, [lead.id], RUNNER) == {lead.id}
        assert await release(session, [lead.id], RUNNER) == set()
    assert len(await pick(engine, campaign)) == 1
    async with writing(engine) as session:
        assert (await release_all(session, "two"), await release_all(session, RUNNER)) == (0, 1)
        assert await engaged(session) == set()
    assert len(await pick(engine, campaign)) == 1


async def test_a_lead_that_may_not_be_dialled_is_set_aside(engine: AsyncEngine, campaign: CampaignId) -> None:
    await fill(engine, campaign, draft(1), draft(2))
    first, second = await pick(engine, campaign, 2)
    async with writing(engine) as session:
        assert await set_aside(session, first.id, RUNNER, "calling_hours", later(3600))
        assert await set_aside(session, second.id, RUNNER, "do_not_call", None)
        assert not await set_aside(session, second.id, RUNNER, "do_not_call", None)
    assert await pick(engine, campaign, 2, at=3599) == []
    assert [lead.id for lead in await pick(engine, campaign, 2, at=3600)] == [first.id]
    row = await lead_row(engine, second.id)
    assert (row.state, row.reason) == ("done", "do_not_call")


async def test_callbacks_come_first_to_their_operator(engine: AsyncEngine, campaign: CampaignId) -> None:
    fresh, his, anybodys, _ = await fill(
        engine, campaign, draft(1, priority=9), draft(2), draft(3), draft(4, priority=1)
    )
    for id_, seconds, operator in ((his, 100, OperatorId(7)), (anybodys, 200, None)):
        assert not isinstance(id_, Duplicate)
        async with writing(engine) as session:
            row = await lock_lead(session, id_)
            assert row is not None
            await set_callback(session, row, later(seconds), operator, "asked")
    assert [lead.id for lead in await pick(engine, campaign, at=99, operators=[7])] == [fresh]
    async with reading(engine) as session:
        assert [row.id for row in await page_callbacks(session)] == [his, anybodys]
        assert [row.id for row in await page_callbacks(session, operator=OperatorId(7))] == [his]
        assert [row.id for row in await page_callbacks(session, after=(later(100), int(his)))] == [anybodys]  # type: ignore[arg-type]
    assert [lead.id for lead in await pick(engine, campaign, at=200, operators=[8])] == [anybodys]
    (lead,) = await pick(engine, campaign, at=201, operators=[7])
    assert (lead.id, lead.callback_operator, lead.callback_at) == (his, 7, later(100))
    async with writing(engine) as session:
        await release(session, [lead.id], RUNNER)
    # He does not come: after a quarter of an hour anybody may.
    assert his not in [one.id for one in await pick(engine, campaign, 9, at=999)]
    assert (await pick(engine, campaign, 9, at=1000))[0].id == his


async def test_a_drained_campaign_still_calls_back(engine: AsyncEngine, campaign: CampaignId) -> None:
    _, asked = await fill(engine, campaign, draft(1), draft(2))
    async with writing(engine) as session:
        row = await lock_lead(session, LeadId(int(asked)))  # type: ignore[arg-type]
        assert row is not None
        await set_callback(session, row, later(5), None, "asked")
    async with writing(engine) as session:
        leads = await reserve(
            session, campaign, 5, runner="one", lease_s=30, now=later(5), callbacks_only=True
        )
    assert [lead.id for lead in leads] == [asked]


async def test_priority_callback_and_removal(engine: AsyncEngine, campaign: CampaignId) -> None:
    first, second, third = [
        LeadId(int(one))  # type: ignore[arg-type]
        for one in await fill(engine, campaign, draft(1), draft(2), draft(3))
    ]
    async with writing(engine) as session:
        await set_priority(session, third, 3)
    (lead,) = await pick(engine, campaign)
    assert lead.id == third
    async with writing(engine) as session:
        row = await lock_lead(session, third)
        assert row is not None
        with pytest.raises(LeadBusy):
            await set_callback(session, row, later(5), None, "asked")
        await remove_lead(session, third, user=None, at=DAWN)
        await remove_lead(session, first, user=None, at=DAWN)
    assert not await begin(engine, lead, "kc-1")
    async with reading(engine) as session:
        assert [one.id for one in await page_leads(session, campaign)] == [second]
        assert await engaged(session) == set()


async def test_a_removed_lead_that_is_dialled_is_done_when_that_is_over(
    engine: AsyncEngine, campaign: CampaignId
) -> None:
    await fill(engine, campaign, draft(1))
    (lead,) = await pick(engine, campaign)
    assert await begin(engine, lead, "kc-1")
    async with writing(engine) as session:
        await remove_lead(session, lead.id, user=None, at=DAWN)
    moved = await end(engine, "kc-1", AttemptOutcome.BUSY)
    assert moved is not None
    assert (moved.state, moved.reason) == (LeadState.DONE, "removed")


@pytest.mark.parametrize("backend", ["postgresql"])
async def test_runners_racing_for_leads_share_them(engine: AsyncEngine, backend: str) -> None:
    """Four runners, two campaigns with the same contacts: everybody is called once, by one."""
    campaigns = [await make_campaign(engine, title) for title in ("Kevad", "Sügis")]
    async with writing(engine) as session:
        contacts = [
            (
                await create_contact(
                    session, ContactDraft(surname=f"Kask{key}", phones=(Phone(number(key)),)), DAWN, "EE"
                )
            ).id
            for key in range(120)
        ]
    for campaign in campaigns:
        order = contacts if campaign is campaigns[0] else contacts[::-1]
        await fill(engine, campaign, *(draft(int(one), contact=one) for one in order))
    got: dict[str, list[ReservedLead]] = {}
    start = asyncio.Barrier(4)

    async def run(name: str, campaign: CampaignId) -> None:
        got[name] = []
        await start.wait()
        while some := await pick(engine, campaign, 7, runner=name):
            got[name] += some

    async with asyncio.TaskGroup() as group:
        for index in range(4):
            group.create_task(run(f"runner{index}", campaigns[index % 2]))
    reserved = [lead for leads in got.values() for lead in leads]
    assert len({lead.id for lead in reserved}) == len(reserved)
    assert len({lead.contact for lead in reserved}) == len(reserved), "nobody twice"
    async with reading(engine) as session:
        waiting = [
            row
            for campaign in campaigns
            for row in await page_leads(session, campaign, limit=500)
            if row.state == "waiting"
        ]
    assert len(reserved) + len(waiting) == 240
    assert {row.reason for row in waiting} == {"contact_engaged"}
    assert sum(bool(leads) for leads in got.values()) > 1, "they raced"


async def test_a_lead_another_runner_holds_is_passed_over(engine: AsyncEngine, campaign: CampaignId) -> None:
    """On PostgreSQL the second runner goes on while the first has not committed; on SQLite it waits its turn."""
    await fill(engine, campaign, draft(1), draft(2))
    async with asyncio.TaskGroup() as group, asyncio.timeout(30), writing(engine) as session:
        (mine,) = await reserve(session, campaign, 1, runner="one", lease_s=30, now=DAWN)
        other = group.create_task(pick(engine, campaign, runner="two"))
        if engine.dialect.name == "postgresql":
            await other
    assert [lead.id for lead in other.result()] == [mine.id + 1]


async def test_a_campaign_with_more_leads_than_go_at_once_stays(
    engine: AsyncEngine, campaign: CampaignId, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(engine, campaign, draft(1), draft(2))
    monkeypatch.setattr(campaigns, "REMOVED_AT_ONCE", 1)
    async with writing(engine) as session:
        row = await campaigns.known_campaign(session, campaign)
        await campaigns.change_state(session, row, CampaignState.FINISHED, reason="over", user=None, at=DAWN)
        with pytest.raises(CampaignTooLarge, match="undo its imports first"):
            await campaigns.remove_campaign(session, campaign, user=None, at=DAWN)
        monkeypatch.undo()
        await campaigns.remove_campaign(session, campaign, user=None, at=DAWN)
    async with reading(engine) as session:
        assert await page_leads(session, campaign) == []


async def test_searches_use_their_indexes(engine: AsyncEngine, campaign: CampaignId, backend: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: bool) -> None:
        if statement.startswith("SELECT lead.") and "ORDER BY" in statement:
            asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await pick(engine, campaign, operators=[1, 2])
    async with reading(engine) as session:
        await page_callbacks(session)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    plans: list[str] = []
    async with engine.connect() as connection:
        if backend == "postgresql":
            for other in ("seqscan", "bitmapscan"):  # which it likes better on a small table
                await connection.execute(text(f"SET enable_{other} = off"))
        for statement, parameters in asked:
            explain = "EXPLAIN" if backend == "postgresql" else "EXPLAIN QUERY PLAN"
            rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
            plans.append("\n".join(str(row) for row in rows))
    for plan, index in zip(plans, ("waiting", "callback", "ready", "reserved", "callbacks"), strict=True):
        assert f"ix_lead_{index}" in plan, plan
        assert "Sort" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan
