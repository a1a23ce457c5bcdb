"""How often answering-machine detection was wrong, by operators' dispositions."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.detection.queries import Talks, talks_by_verdict
from app.domain.ids import CampaignId


class Verdicts(NamedTuple):
    """The talks after one kind of verdict."""

    talks: int
    """Calls in which an operator talked."""
    disposed: int
    """Those of the `talks` that have a disposition."""
    wrong: int
    """Those of the `disposed` whose disposition contradicts the verdict."""


async def verdicts(
    session: AsyncSession, campaign: CampaignId, since: datetime | None = None
) -> tuple[Verdicts, Verdicts]:
    """Talks that the detector let pass as people (or was not sure of), and as machines that were passed on.

    Args:
        session: that reads.
        campaign: whose.
        since: placed at this moment or later; None: all.
    """
    found = await talks_by_verdict(session, campaign, since)
    return _verdicts(one for one in found if not one.machine), _verdicts(one for one in found if one.machine)


def _verdicts(found: Iterable[Talks]) -> Verdicts:
    talks = disposed = wrong = 0
    for one in found:
        talks += one.talks
        if one.was_machine is None or one.was_human is None:
            continue  # nobody has said what they came to
        disposed += one.talks
        if (one.was_human and not one.was_machine) if one.machine else one.was_machine:
            wrong += one.talks
    return Verdicts(talks, disposed, wrong)
