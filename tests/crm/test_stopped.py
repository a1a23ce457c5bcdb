"""Leads that rules stop are counted from an index alone."""

from datetime import timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from app.compliance.eligibility import DialRule
from app.compliance.recycling import Exhausted
from app.crm.leads.queries import page_leads
from app.crm.leads.reservation import set_aside
from app.crm.leads.stopped import Stopped, count_stopped
from app.records.engine import reading, writing
from tests.records.lists import RUNNER, draft, fill, later, make_campaign, pick
from tests.records.stories import DAWN

SPREAD = timedelta(hours=3)


async def test_counted_by_rule_with_the_first_moment(engine: AsyncEngine) -> None:
    campaign, other = await make_campaign(engine), await make_campaign(engine, "Sügis")
    await fill(engine, campaign, *(draft(n) for n in range(1, 8)))
    await fill(engine, other, draft(20))
    aside = [
        ("calling_hours", DAWN + 2 * SPREAD),
        ("calling_hours", DAWN + SPREAD),
        ("do_not_call", None),
        ("do_not_call", DAWN + SPREAD),
        ("attempts_exhausted", None),
        ("skipped: other", DAWN + SPREAD),
    ]
    leads = await pick(engine, campaign, 6)
    (elsewhere,) = await pick(engine, other)
    async with writing(engine) as session:
        for lead, (reason, until) in zip(leads, aside, strict=True):
            assert await set_aside(session, lead.id, RUNNER, reason, until)
        assert await set_aside(session, elsewhere.id, RUNNER, "gap", later(60))
    async with reading(engine) as session:
        assert await count_stopped(session, campaign) == [
            Stopped(DialRule.CALLING_HOURS, 2, 2, DAWN + SPREAD),
            Stopped(DialRule.DO_NOT_CALL, 2, 1, DAWN + SPREAD),
            Stopped(Exhausted.ATTEMPTS, 1, 0, None),
        ]
        assert await count_stopped(session, other) == [Stopped(DialRule.GAP, 1, 1, later(60))]
        listed = await page_leads(session, campaign, rule=DialRule.DO_NOT_CALL)
        assert [row.id for row in listed] == [leads[2].id, leads[3].id]


async def test_no_lead_is_read_to_be_counted_or_listed(engine: AsyncEngine, backend: str) -> None:
    if backend != "sqlite":
        return  # PostgreSQL plans by how many there are
    campaign = await make_campaign(engine)
    asked: list[tuple[str, Any]] = []
    event.listen(
        engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _u, statement, parameters, _x, _m: asked.append((statement, parameters)),
    )
    async with reading(engine) as session:
        await count_stopped(session, campaign)
        await page_leads(session, campaign, rule=DialRule.GAP)
    plans = []
    async with engine.connect() as connection:
        for statement, parameters in [one for one in asked if "lead.reason" in one[0]]:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(" ".join(row.detail for row in rows))
    counting, listing = plans
    assert "COVERING INDEX ix_lead_stopped (campaign_id=? AND reason=?)" in counting
    assert "INDEX ix_lead_stopped (campaign_id=? AND reason=? AND id>?)" in listing
    assert "TEMP" not in counting + listing
