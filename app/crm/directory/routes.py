"""The directory, for whoever gives work to others or passes calls on."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.paging import Cursor, Limit, read_cursor, write_cursor
from app.api.problems import refusals
from app.api.security import Known, needs
from app.crm.directory.schemas import Directory
from app.crm.directory.service import Asked, EntryKind, find_entries
from app.domain.roles import Permission

Reads = Annotated[LoggedIn, needs(Permission.DIRECTORY_READ)]
router = APIRouter(prefix="/directory", tags=["operators"])


@router.get("", summary="Colleagues, queues and departments", responses=refusals(CursorUnknown))
async def list_directory(
    _: Reads,
    services: Known,
    *,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="Beginnings of words of the name, in any order, case and alphabet, or digits of the number.",
        ),
    ] = "",
    kind: Annotated[
        list[EntryKind] | None,
        Query(
            max_length=10, description="Only entries of this kind; give it several times for several kinds."
        ),
    ] = None,
    with_number: Annotated[
        bool, Query(description="Only entries that a phone can dial: to pass a call on to.")
    ] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Directory:
    """Whom work can be given to, and where a call can be passed on: each with its id, the number that a phone dials,
    and whether somebody is free now. By name; nothing else of a person is told.
    """
    asked = Asked(frozenset(kind or EntryKind), q, with_number)
    after = None
    if cursor is not None:
        name, kind_, id_ = read_cursor(cursor, str, str, str)
        after = (name, kind_, id_)
    page = await find_entries(
        services.engine, services.runner.floor, asked, at=services.now(), after=after, limit=limit
    )
    return Directory.of(list(page.entries), write_cursor(page.next) if page.next is not None else None)
