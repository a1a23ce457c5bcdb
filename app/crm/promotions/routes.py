"""Promotions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import ContactAsked, QueueName, RowId
from app.api.security import Known, needs
from app.crm.contacts.errors import ContactUnknown
from app.crm.promotions import queries, service
from app.crm.promotions.errors import PromotionUnknown
from app.crm.promotions.schemas import PromotionIn, PromotionOut, Promotions
from app.crm.promotions.tables import PromotionRow
from app.crm.tags.service import tags_of
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.records.engine import reading, writing
from app.system import clock

Reads = Annotated[LoggedIn, needs(Permission.PROMOTIONS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.PROMOTIONS_WRITE)]
router = APIRouter(prefix="/promotions", tags=["promotions"], route_class=IdempotentRoute)
QueueAsked = Annotated[QueueName | None, Query(description="The queue that the customer called.")]


@router.get("", summary="All promotions", responses=refusals(CursorUnknown))
async def list_promotions(_: Reads, services: Known, cursor: Cursor = None, limit: Limit = 50) -> Promotions:
    """Returns all promotions, over and out of use ones included, in the order in which they were made."""
    async with reading(services.engine) as session:
        rows = await queries.page_promotions(session, after=read_id_cursor(cursor), limit=limit + 1)
    shown, following = page_by_id(rows, limit)
    return Promotions(items=[PromotionOut.of(row) for row in shown], next=following)


@router.get("/running", summary="Promotions that run now", responses=refusals(ContactUnknown))
async def running_promotions(
    _: Reads, services: Known, queue: QueueAsked = None, contact: ContactAsked = None
) -> list[PromotionOut]:
    """Returns what runs now; with `queue` or `contact`, only what is for that queue's callers or that contact. Those
    that end first come first.
    """
    async with reading(services.engine) as session:
        tags = None
        if contact is not None:
            tags = [row.id or 0 for row in await tags_of(session, ContactId(contact))]
        rows = await service.running_promotions(session, clock.utc_now(), queue=queue, tags=tags)
    return [PromotionOut.of(row) for row in rows]


@router.post(
    "",
    status_code=201,
    summary="Make a promotion",
    responses=refusals() | TAGGED_NEW,
)
async def make_promotion(said: PromotionIn, who: Writes, services: Known, tag: Tag) -> PromotionOut:
    """The promotion runs from `from_at` until `until_at`, for callers of its queues and contacts with its tags."""
    async with writing(services.engine, who.actor) as session:
        return tag(PromotionOut.of(await service.make_promotion(session, said.fields())))


@router.get("/{id}", summary="A promotion", responses=refusals(PromotionUnknown) | TAGGED)
async def get_promotion(id: RowId, _: Reads, services: Known, tag: Tag) -> PromotionOut:  # noqa: A002 - the path says it
    """Returns the promotion, whether it runs or not."""
    async with reading(services.engine) as session:
        return tag(PromotionOut.of(await service.get_promotion(session, id)))


@router.put(
    "/{id}",
    summary="Change a promotion",
    responses=refusals(PromotionUnknown, *UNSEEN) | TAGGED,
)
async def put_promotion(
    id: RowId,  # noqa: A002 - the path says it
    said: PromotionIn,
    who: Writes,
    services: Known,
    match: Match,
) -> PromotionOut:
    """The body replaces the whole promotion. Orders keep the discount they were given. To end it at once, set `active`
    to false.
    """
    async with writing(services.engine, who.actor) as session:
        await match.check(session, PromotionRow, id)
        row = await service.get_promotion(session, id)
        return match(PromotionOut.of(await service.change_promotion(session, row, said.fields())))
