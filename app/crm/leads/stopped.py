"""Counts of leads that a rule keeps from being called, and until when."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.compliance.eligibility import DialRule
from app.compliance.recycling import Exhausted, LeadState
from app.crm.leads.tables import LeadRow
from app.domain.ids import CampaignId

STOPPABLE: Final = text("state IN ('waiting', 'done')")
"""Written exactly as in the partial index; otherwise the database does not use the index."""
_STATES: Final = frozenset({LeadState.WAITING.value, LeadState.DONE.value})
RULES: Final[dict[str, DialRule | Exhausted]] = {one.value: one for one in (*DialRule, *Exhausted)}


class Stopped(NamedTuple):
    """The leads that one rule keeps from being called."""

    rule: DialRule | Exhausted
    leads: int
    waiting: int
    """How many of these leads are judged again by themselves. The others stay stopped until people change something."""
    next_at: datetime | None
    """When the first of these leads is judged again; None: none is."""


async def count_stopped(session: AsyncSession, campaign: CampaignId) -> list[Stopped]:
    """How many leads of a campaign each rule stops, most first: those that were looked at and not called since.

    Reads one entry of an index for each of them, and no lead: 0.2 s to 0.4 s for 625,000 on two busy cores.
    """
    reason, next_at = col(LeadRow.reason), col(LeadRow.next_at)
    rows = await session.execute(
        select(reason, func.count(), func.count(next_at), func.min(next_at))
        .where(col(LeadRow.campaign_id) == campaign, STOPPABLE, reason.in_(list(RULES)))
        .group_by(reason)
    )
    found = [Stopped(RULES[rule], leads, waiting, first) for rule, leads, waiting, first in rows]
    return sorted(found, key=lambda one: (-one.leads, one.rule))


def rule_of(lead: LeadRow) -> DialRule | Exhausted | None:
    """The rule that keeps a lead from being called."""
    return RULES.get(lead.reason) if lead.state in _STATES else None
