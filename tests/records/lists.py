"""Campaigns and leads for tests and benchmarks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import col, select

from app.crm.attempts.outcomes import AttemptEnd, LeadMoved, end_attempt
from app.crm.attempts.placing import NewAttempt, begin_attempts
from app.crm.campaigns.queries import save_campaign
from app.crm.campaigns.tables import CampaignRow
from app.crm.leads.adding import Duplicate, add_leads
from app.crm.leads.inserts import Inserts
from app.crm.leads.reservation import ReservedLead, reserve
from app.crm.leads.tables import EngagedRow, LeadRow
from app.crm.queues.queries import save_queue
from app.domain.campaigns import AttemptOutcome, CampaignState, DialMode, Purpose
from app.domain.ids import AttemptId, CampaignId, LeadId, QueueId
from app.domain.queues import QueueSettings
from app.lists.draft import DraftNumber, LeadDraft
from app.records.engine import reading, writing
from tests.records.stories import DAWN

RUNNER = "one"
LEASE_S = 30.0


def later(seconds: float) -> datetime:
    return DAWN + timedelta(seconds=seconds)


def number(key: int) -> str:
    return f"+3725{key:07}"


def draft(key: int, *more: int, **said: Any) -> LeadDraft:
    return LeadDraft(numbers=tuple(DraftNumber(number(one), str(one)) for one in (key, *more)), **said)


async def make_campaign(engine: AsyncEngine, title: str = "Kevad", **said: Any) -> CampaignId:
    async with writing(engine) as session:
        await save_queue(session, QueueSettings(QueueId("sales"), "Müük"))
        place = {"country": "EE", "time_zone": "Europe/Tallinn"}
        row = CampaignRow(
            title=title,
            purpose=Purpose.MARKETING.value,
            mode=DialMode.PROGRESSIVE.value,
            queue="sales",
            state=CampaignState.RUNNING.value,
            state_at=DAWN,
            created_at=DAWN,
            updated_at=DAWN,
            **(place | said),
        )
        await save_campaign(session, row)
        assert row.id is not None
        return CampaignId(row.id)


async def fill(
    engine: AsyncEngine, campaign: CampaignId, *drafts: LeadDraft, at: datetime = DAWN
) -> list[LeadId | Duplicate]:
    async with writing(engine) as session:
        return await add_leads(session, Inserts(engine.dialect), campaign, drafts, now=at)


async def pick(
    engine: AsyncEngine,
    campaign: CampaignId,
    count: int = 1,
    *,
    at: float = 0.0,
    runner: str = RUNNER,
    operators: Sequence[int] = (),
) -> list[ReservedLead]:
    async with writing(engine) as session:
        return await reserve(
            session,
            campaign,
            count,
            runner=runner,
            lease_s=LEASE_S,
            now=later(at),
            operators=operators,  # type: ignore[arg-type]
        )


async def begin(
    engine: AsyncEngine, lead: ReservedLead, id_: str, *, at: float = 0.0, runner: str = RUNNER
) -> bool:
    new = NewAttempt(AttemptId(id_), lead.id, lead.position, DialMode.PROGRESSIVE, "own")
    async with writing(engine) as session:
        return AttemptId(id_) in await begin_attempts(session, [new], runner, later(at))


async def end(engine: AsyncEngine, id_: str, outcome: AttemptOutcome, *, at: float = 0.0) -> LeadMoved | None:
    async with writing(engine) as session:
        return await end_attempt(session, AttemptEnd(AttemptId(id_), outcome, later(at)))


async def lead_row(engine: AsyncEngine, lead: int) -> LeadRow:
    async with reading(engine) as session:
        row = await session.get(LeadRow, lead)
        assert row is not None
        return row


async def engaged(session: AsyncSession) -> set[str]:
    return set(await session.scalars(select(EngagedRow.key).order_by(col(EngagedRow.key))))
