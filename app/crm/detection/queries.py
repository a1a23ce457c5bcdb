"""What the detector of answering machines said, beside what operators said."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.attempts.tables import AttemptRow
from app.crm.dispositions.tables import DispositionRow
from app.domain.ids import CampaignId

_MACHINE = "MACHINE"


class Verdicts(NamedTuple):
    """Talks after one kind of verdict."""

    talks: int
    """An operator talked."""
    disposed: int
    """And said what the call came to."""
    wrong: int
    """And that it was the other."""


async def verdicts(
    session: AsyncSession, campaign: CampaignId, since: datetime | None = None
) -> tuple[Verdicts, Verdicts]:
    """Talks that the detector let pass as people (or was not sure of), and as machines that were passed on.

    Args:
        session: that reads.
        campaign: whose.
        since: placed at this moment or later; None: all.
    """
    machine = col(AttemptRow.amd).startswith(_MACHINE)
    said = col(DispositionRow.id).is_not(None)
    was_machine, was_human = col(DispositionRow.answering_machine), col(DispositionRow.human)
    wrong = case((machine, was_human & ~was_machine), else_=was_machine)
    query = (
        select(
            machine.label("machine"),
            func.count().label("talks"),
            func.count(col(DispositionRow.id)).label("disposed"),
            func.sum(case((said & wrong, 1), else_=0)).label("wrong"),
        )
        .select_from(AttemptRow)
        .outerjoin(DispositionRow, col(DispositionRow.id) == col(AttemptRow.disposition_id))
        .where(
            col(AttemptRow.campaign_id) == campaign,
            col(AttemptRow.amd) != "",
            col(AttemptRow.operator_id).is_not(None),
        )
        .group_by(machine)
    )
    if since is not None:
        query = query.where(col(AttemptRow.placed_at) >= since)
    found = {
        bool(row.machine): Verdicts(row.talks, row.disposed, int(row.wrong))
        for row in await session.execute(query)
    }
    nothing = Verdicts(0, 0, 0)
    return found.get(False, nothing), found.get(True, nothing)
