"""The stream of events over HTTP."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request

from app.accounts.service import LoggedIn
from app.api.errors import UNKNOWN_KINDS
from app.api.paging import IDS_MOST
from app.api.problems import refusals
from app.api.security import (
    Known,
    allow_kinds,
    authenticate_again,
    may,
    needs,
    require_kinds,
    viewer_of,
)
from app.crm.audit.errors import TooManyStreams
from app.crm.audit.stream import MEDIA_TYPE, EventStreams, StreamResponse, Wanted, begin
from app.domain.roles import Permission
from app.events.kinds import Kind, Kinds
from app.events.subjects import NAMES
from app.serving.addresses import place_of

Reads = Annotated[LoggedIn, needs(Permission.OWN)]
KINDS_MOST: Final = 50

_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Server-sent events: `id` is the event's number, `event` its kind, `data` the message as "
        "webhooks have it.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}
router = APIRouter(prefix="/events", tags=["audit"])


@router.get(
    "/stream",
    status_code=200,
    summary="Events as they happen",
    response_class=StreamResponse,
    responses=refusals(*UNKNOWN_KINDS, TooManyStreams) | _STREAM,
)
async def stream(
    request: Request,
    who: Reads,
    services: Known,
    *,
    kind: Annotated[
        list[Kind] | None,
        Query(
            max_length=KINDS_MOST,
            description="Only these kinds: `order.changed`, or all of a subject, `order.*`. Without it: all that the "
            "user may read.",
        ),
    ] = None,
    after: Annotated[
        int | None, Query(ge=0, le=IDS_MOST, description="Begin behind this event, by its number.")
    ] = None,
    last_event_id: Annotated[
        int | None,
        Header(
            alias="Last-Event-ID",
            ge=0,
            le=IDS_MOST,
            description="The last event that the reader has, as browsers send it; it goes before `after`.",
        ),
    ] = None,
    values: Annotated[
        bool,
        Query(description="Tell fields before and after the change, too, for which `audit.read` is needed."),
    ] = False,
    follow: Annotated[
        bool, Query(description="Go on with new events; false: the answer ends with the last one there is.")
    ] = True,
) -> StreamResponse:
    """Begins with what comes next, or behind the event whose number is given; each event is told once, in order.

    When nothing happens, a comment comes every 15 seconds. A reader that takes nothing is cut off, and goes on with
    `Last-Event-ID`. The answer ends when the log-in ends.
    """
    wanted = frozenset(kind or [f"{name}.*" for name, needed in NAMES.items() if may(who, needed)])

    def check(reader: LoggedIn) -> None:
        allow_kinds(reader, wanted, values=values)

    async def allowed() -> None:
        check(await authenticate_again(request))

    require_kinds(wanted)
    check(who)
    streams = services.part(EventStreams)
    assert streams is not None
    behind = after if last_event_id is None else last_event_id
    address = place_of(request.client.host if request.client else "")
    return StreamResponse(
        streams,
        viewer_of(services, who)._replace(address=address),
        Wanted(Kinds(wanted), values, follow),
        await begin(services.engine, behind),
        allowed,
    )
