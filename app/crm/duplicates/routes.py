"""Contacts that are probably the same."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.paging import IDS_MOST, Cursor, Limit, read_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, needs
from app.crm.duplicates import service
from app.crm.duplicates.errors import DuplicateUnknown
from app.crm.duplicates.schemas import DuplicateOut, Duplicates
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.CONTACTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.CONTACTS_WRITE)]
router = APIRouter(prefix="/duplicates", tags=["contacts"])


@router.get("", summary="Contacts that are probably the same", responses=refusals(CursorUnknown))
async def list_duplicates(
    _: Reads,
    services: Known,
    contact: Annotated[
        int | None, Query(ge=1, le=IDS_MOST, description="Only pairs with this contact.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Duplicates:
    """Returns pairs of contacts that nobody has dismissed, the most probable first, each with what they agree in.

    Contacts are compared in the background, once they are made or changed.
    """
    after: tuple[int, int] | None = None
    if cursor is not None:
        score, id_ = read_cursor(cursor, int, int)
        if not (0 <= score <= 100 and 0 < id_ <= IDS_MOST):
            raise CursorUnknown
        after = score, id_
    async with reading(services.engine) as session:
        pairs, following = await service.page_duplicates(
            session, contact=ContactId(contact) if contact is not None else None, after=after, limit=limit
        )
    return Duplicates(
        items=[DuplicateOut.of(pair) for pair in pairs],
        next=write_cursor(following) if following is not None else None,
    )


@router.post(
    "/{id}/dismissal",
    status_code=204,
    summary="Say that two contacts are not the same",
    responses=refusals(DuplicateUnknown),
)
async def dismiss(id: RowId, who: Writes, services: Known) -> None:  # noqa: A002 - the path says it
    """The pair is listed no more, however the contacts change."""
    async with writing(services.engine, who.actor) as session:
        await service.dismiss(session, id, user=who.actor.user, at=services.now())
