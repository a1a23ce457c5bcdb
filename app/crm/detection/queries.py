"""Talks after answering-machine detection: its verdicts beside the dispositions that operators set."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.attempts.tables import AttemptRow
from app.crm.dispositions.tables import DispositionRow
from app.domain.ids import CampaignId

_MACHINE = "MACHINE"


class Talks(NamedTuple):
    """Talks with the same verdict and the same kind of disposition."""

    machine: bool
    """The detector's verdict was a machine."""
    was_machine: bool | None
    """The disposition says that a machine answered; None: no disposition is set."""
    was_human: bool | None
    """The disposition says that a person was reached; None: no disposition is set."""
    talks: int


async def talks_by_verdict(
    session: AsyncSession, campaign: CampaignId, since: datetime | None = None
) -> Sequence[Talks]:
    """How many talks there were of each kind.

    Args:
        session: that reads.
        campaign: whose.
        since: placed at this moment or later; None: all.
    """
    machine = col(AttemptRow.amd).startswith(_MACHINE)
    said = (col(DispositionRow.answering_machine), col(DispositionRow.human))
    query = (
        select(machine, *said, func.count())
        .select_from(AttemptRow)
        .outerjoin(DispositionRow, col(DispositionRow.id) == col(AttemptRow.disposition_id))
        .where(
            col(AttemptRow.campaign_id) == campaign,
            col(AttemptRow.amd) != "",
            col(AttemptRow.operator_id).is_not(None),
        )
        .group_by(machine, *said)
    )
    if since is not None:
        query = query.where(col(AttemptRow.placed_at) >= since)
    return [Talks(bool(row[0]), *row[1:]) for row in await session.execute(query)]
