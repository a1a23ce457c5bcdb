"""What a change of something touches, told before the change is made."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.problems import refusals
from app.api.security import Known, needs, require
from app.crm.uses import service
from app.crm.uses.schemas import Used, UseOut
from app.domain.roles import Permission
from app.records.engine import reading

Asks = Annotated[LoggedIn, needs(Permission.OWN)]
router = APIRouter(prefix="/uses", tags=["configuration"])


@router.get("", summary="Where something is used", responses=refusals())
async def list_uses(
    who: Asks,
    services: Known,
    kind: Annotated[Used, Query(description="The kind of thing.")],
    id: Annotated[  # noqa: A002 - the query says it
        str, Query(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.\-]+$", description="Its id.")
    ],
) -> list[UseOut]:
    """Returns all that names the thing: a queue is used by numbers, campaigns, departments and so on.

    Needs the permission to change things of this kind, such as `queues.write`. Told is what the user may read.
    """
    require(who, service.ASKS[kind])
    async with reading(services.engine) as session:
        found = await service.list_uses(session, kind, id, who.permissions)
    return [UseOut(kind=use.kind, id=use.id, title=use.title) for use in found]
