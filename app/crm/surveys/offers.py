"""Which surveys belong to a call, and whether its customer may be asked."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.surveys import queries
from app.crm.surveys.asking import Occasion, resting
from app.crm.surveys.errors import SurveyRests
from app.crm.surveys.tables import SurveyRow


@dataclass(slots=True, frozen=True)
class Offer:
    """A survey that belongs to a call."""

    survey: SurveyRow
    response: int | None
    """What was begun in this call; None: nothing."""
    rests: SurveyRests | None
    """Why it is not asked now; None: it may be."""


async def offers(session: AsyncSession, occasion: Occasion) -> list[Offer]:
    """The published surveys that belong to a call, in the order in which they were made."""
    found = []
    for row in await queries.published_surveys(session):
        if not belongs(row, occasion.queue, occasion.campaign):
            continue
        assert row.id is not None
        begun = None
        if occasion.call is not None:
            begun = await queries.response_in_call(session, row.id, occasion.call)
        rests = None
        if begun is None and occasion.contact is not None:
            rests = await resting(session, row, occasion.contact, occasion.at)
        found.append(Offer(row, begun.id if begun else None, rests))
    return found


def belongs(row: SurveyRow, queue: str | None, campaign: int | None) -> bool:
    """Whether a survey is asked in calls of a queue or campaign."""
    anywhere = not row.queues and not row.campaigns
    return anywhere or queue in row.queues or campaign in row.campaigns
