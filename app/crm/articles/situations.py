"""What is known of the call in which somebody searches."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.articles.answer_queries import earlier_of
from app.crm.articles.situation_queries import complaint_topics, ordered_products
from app.crm.calls.service import SeenCall
from app.crm.tags.queries import tags_of
from app.retrieval.prior import Situation
from app.retrieval.spelling import folded

LATELY: Final = timedelta(days=365)
"""How long a delivered order, and a complaint that is over, say something of the customer."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Place:
    """Where a search is made, as far as whoever searches says."""

    queue: str | None = None
    campaign: int | None = None
    contact: int | None = None
    language: str | None = None


def place_of(call: SeenCall, asked: Place) -> Place:
    """The place of a call; what was asked for goes before what the call has."""
    live = call.live
    campaign = live.campaign if live is not None else call.row.campaign_id
    contact = live.contact if live is not None else call.row.contact_id
    return Place(
        queue=asked.queue or (live.queue if live is not None else call.row.queue),
        campaign=asked.campaign or campaign,
        contact=asked.contact or contact,
        language=asked.language,
    )


async def situation_of(session: AsyncSession, place: Place, now: datetime) -> Situation:
    """The situation of a search: what the customer has and had lately, their tags, and which articles helped them."""
    if place.contact is None:
        return Situation(queue=place.queue, campaign=place.campaign, language=place.language)
    tags = await tags_of(session, place.contact)
    return Situation(
        queue=place.queue,
        campaign=place.campaign,
        language=place.language,
        customer=True,
        products=await ordered_products(session, place.contact, now - LATELY),
        topics=await complaint_topics(session, place.contact, now - LATELY),
        tags=frozenset(folded(tag.name.casefold()) for tag in tags),
        earlier=await earlier_of(session, place.contact),
    )
