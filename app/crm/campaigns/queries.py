"""Campaigns, their dispositions, and who changed what."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.compliance.recycling import Again, LeadState, Recycling
from app.crm.attempts.tables import AttemptRow
from app.crm.campaigns.tables import CampaignChangeRow, CampaignRow, DispositionRow
from app.crm.leads.tables import LeadRow
from app.domain.campaigns import AttemptOutcome, CampaignState
from app.domain.errors import WordedRefusal
from app.domain.ids import CampaignId

REMOVED_AT_ONCE: Final = 10_000
"""Leads that go with their campaign in one transaction, at most."""
_NEXT: Final[Mapping[CampaignState, frozenset[CampaignState]]] = {
    CampaignState.DRAFT: frozenset({CampaignState.RUNNING, CampaignState.FINISHED}),
    CampaignState.RUNNING: frozenset({CampaignState.PAUSED, CampaignState.DRAINED, CampaignState.FINISHED}),
    CampaignState.PAUSED: frozenset({CampaignState.RUNNING, CampaignState.DRAINED, CampaignState.FINISHED}),
    CampaignState.DRAINED: frozenset({CampaignState.RUNNING, CampaignState.FINISHED}),
    CampaignState.FINISHED: frozenset(),
}


class StateUnfit(WordedRefusal):
    """A campaign cannot go from the state it is in to the one asked for."""


def recycling_of(said: Mapping[str, Any]) -> Recycling:
    """A campaign's rules for trying again: what it says, and the usual for the rest."""
    fields = dict(said)
    again = dict(Recycling().again)
    for outcome, rule in (fields.pop("again", None) or {}).items():
        again[AttemptOutcome(outcome)] = Again(**rule) if rule is not None else None
    return Recycling(again=again, **fields)


async def list_campaigns(
    session: AsyncSession, states: Collection[CampaignState] = ()
) -> Sequence[CampaignRow]:
    """Campaigns, the highest priority first, then the oldest; all for no states."""
    query = select(CampaignRow).order_by(col(CampaignRow.priority).desc(), col(CampaignRow.id))
    if states:
        query = query.where(col(CampaignRow.state).in_([state.value for state in states]))
    return (await session.scalars(query)).all()


async def has_leads(session: AsyncSession, campaign: CampaignId) -> bool:
    """Whether a campaign has any leads, in whatever state."""
    query = select(LeadRow.id).where(col(LeadRow.campaign_id) == campaign).limit(1)
    return await session.scalar(query) is not None


async def has_open_leads(session: AsyncSession, campaign: CampaignId) -> bool:
    """Whether leads are left that are not done, callbacks aside."""
    for state in LeadState:
        if state is LeadState.DONE:
            continue
        query = select(LeadRow.id).where(
            col(LeadRow.campaign_id) == campaign,
            col(LeadRow.state) == state.value,
            col(LeadRow.callback_at).is_(None),
        )
        if await session.scalar(query.limit(1)) is not None:
            return True
    return False


async def has_callbacks(session: AsyncSession, campaign: CampaignId) -> bool:
    """Whether customers are to be called back; a lead that is done has no callback any more."""
    query = select(LeadRow.id).where(
        # A sum is in no index: else SQLite goes through all leads of the campaign, not the few callbacks there are.
        col(LeadRow.campaign_id) + 0 == campaign,
        col(LeadRow.callback_at).is_not(None),
    )
    return await session.scalar(query.limit(1)) is not None


async def last_attempt_at(session: AsyncSession, campaign: CampaignId) -> datetime | None:
    """When the last attempt of a campaign was placed, or ended; None when it has called nobody."""
    query = (
        select(AttemptRow)
        .where(col(AttemptRow.campaign_id) == campaign)
        .order_by(col(AttemptRow.placed_at).desc())
        .limit(1)
    )
    last = (await session.scalars(query)).first()
    return (last.ended_at or last.placed_at) if last is not None else None


async def get_campaign(session: AsyncSession, campaign: CampaignId) -> CampaignRow | None:
    """One campaign, or None."""
    return await session.get(CampaignRow, campaign)


async def is_title_taken(session: AsyncSession, row: CampaignRow) -> bool:
    """Whether another campaign has this one's title."""
    query = select(CampaignRow.id).where(col(CampaignRow.title) == row.title)
    if row.id is not None:
        query = query.where(col(CampaignRow.id) != row.id)
    return await session.scalar(query) is not None


async def save_campaign(
    session: AsyncSession, row: CampaignRow, user: int | None, at: datetime, changed: Mapping[str, Any]
) -> CampaignRow:
    """Keep a campaign and who changed it; a new row comes back with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when the title is taken or there is no such queue.
    """
    made = row.id is None
    row.updated_at = at
    session.add(row)
    await session.flush()
    assert row.id is not None
    await note_change(session, CampaignId(row.id), "made" if made else "changed", changed, user=user, at=at)
    return row


async def change_state(
    session: AsyncSession,
    row: CampaignRow,
    state: CampaignState,
    *,
    reason: str,
    user: int | None,
    at: datetime,
) -> None:
    """Take a campaign to another state, for a reason; to the one it is in changes nothing.

    Raises:
        StateUnfit: from the state it is in, it cannot go there.
    """
    before = CampaignState(row.state)
    if before is state:
        return
    if state not in _NEXT[before]:
        raise StateUnfit(f"a campaign that is {before.value} cannot become {state.value}")
    row.state, row.state_reason, row.state_at = state.value, reason, at
    session.add(row)
    await session.flush()
    assert row.id is not None
    detail = {"from": before.value, "to": state.value, "reason": reason}
    await note_change(session, CampaignId(row.id), "state", detail, user=user, at=at)


async def remove_campaign(session: AsyncSession, row: CampaignRow, user: int | None, at: datetime) -> None:
    """Take a campaign away with its leads.

    Raises:
        StateUnfit: it is under way, has called somebody, or has more leads than go at once.
    """
    assert row.id is not None
    if row.state not in {CampaignState.DRAFT.value, CampaignState.FINISHED.value}:
        raise StateUnfit("finish the campaign first")
    called = select(AttemptRow.id).where(col(AttemptRow.campaign_id) == row.id).limit(1)
    if await session.scalar(called) is not None:
        raise StateUnfit("the campaign has called somebody: it is evidence")
    many = select(LeadRow.id).where(col(LeadRow.campaign_id) == row.id).offset(REMOVED_AT_ONCE).limit(1)
    if await session.scalar(many) is not None:
        raise StateUnfit(f"the campaign has more than {REMOVED_AT_ONCE} leads: undo its imports first")
    await session.execute(delete(CampaignRow).where(col(CampaignRow.id) == row.id))
    await note_change(session, CampaignId(row.id), "removed", {"title": row.title}, user=user, at=at)


async def note_change(
    session: AsyncSession,
    campaign: CampaignId,
    what: str,
    detail: Mapping[str, Any],
    *,
    user: int | None,
    at: datetime,
) -> None:
    """Write down who did what."""
    session.add(CampaignChangeRow(campaign_id=campaign, at=at, user_id=user, what=what, detail=dict(detail)))
    await session.flush()


async def page_changes(
    session: AsyncSession, campaign: CampaignId, *, before: int | None = None, limit: int = 50
) -> Sequence[CampaignChangeRow]:
    """What was done to a campaign, the newest first; `before` is the id of the last of the page before."""
    id_ = col(CampaignChangeRow.id)
    query = select(CampaignChangeRow).where(col(CampaignChangeRow.campaign_id) == campaign)
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query.order_by(id_.desc()).limit(limit))).all()


async def count_leads(session: AsyncSession, campaigns: Collection[int]) -> dict[int, dict[LeadState, int]]:
    """How many leads of each campaign are in each state."""
    counts: dict[int, dict[LeadState, int]] = {
        campaign: dict.fromkeys(LeadState, 0) for campaign in campaigns
    }
    if not counts:
        return counts
    rows = await session.execute(
        select(LeadRow.campaign_id, LeadRow.state, func.count())
        .where(col(LeadRow.campaign_id).in_(campaigns))
        .group_by(col(LeadRow.campaign_id), col(LeadRow.state))
    )
    for campaign, state, count in rows:
        counts[campaign][LeadState(state)] = count
    return counts


async def list_dispositions(
    session: AsyncSession, campaign: CampaignId | None = None
) -> Sequence[DispositionRow]:
    """The common ones, and those of a campaign, in their order."""
    of = col(DispositionRow.campaign_id)
    return (
        await session.scalars(
            select(DispositionRow)
            .where(or_(of.is_(None), of == campaign) if campaign is not None else of.is_(None))
            .order_by(col(DispositionRow.position), col(DispositionRow.id))
        )
    ).all()


async def get_disposition(session: AsyncSession, disposition: int) -> DispositionRow | None:
    """One disposition, or None."""
    return await session.get(DispositionRow, disposition)


async def find_disposition(session: AsyncSession, campaign: CampaignId, code: str) -> DispositionRow | None:
    """A disposition that may be set in a campaign, by its code: the campaign's own before a common one."""
    for row in sorted(await list_dispositions(session, campaign), key=lambda row: row.campaign_id is None):
        if row.code == code and row.active:
            return row
    return None


async def has_disposition(session: AsyncSession, campaign: int | None, code: str) -> bool:
    """Whether a campaign, or what is common to all, has a disposition of this code."""
    of = col(DispositionRow.campaign_id)
    found = await session.scalar(
        select(func.count())
        .select_from(DispositionRow)
        .where(of.is_(None) if campaign is None else of == campaign, col(DispositionRow.code) == code)
    )
    return bool(found)


async def save_disposition(session: AsyncSession, row: DispositionRow) -> DispositionRow:
    """Make a disposition or change it; a new row comes back with its id.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when the campaign has that code, or there is no such campaign.
    """
    session.add(row)
    await session.flush()
    return row
