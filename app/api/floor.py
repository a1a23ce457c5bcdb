"""The floor over HTTP: a snapshot for programs, the websocket, and the link that phones open."""

from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response, WebSocket
from fastapi.responses import RedirectResponse
from starlette.websockets import WebSocketDisconnect

from app.accounts.service import LoggedIn
from app.api.errors import NotLoggedIn, PermissionMissing, SubjectUnknown, WebsocketOnly
from app.api.problems import OTHER_SITES, failure, refusals, refusals_to_all, refused
from app.api.schemas import CallKey
from app.api.security import Known, authenticate, changes_for, may, needs, services_of, viewer_of
from app.domain.errors import Refusal
from app.domain.roles import Permission
from app.live.messages import Snapshot
from app.live.socket import serve
from app.serving.addresses import place_of

Reads = Annotated[LoggedIn, needs(Permission.FLOOR_READ)]
router = APIRouter()
outside = APIRouter()


@router.get("/floor", tags=["floor"], summary="The floor now", responses=refusals())
async def get_floor(who: Reads, services: Known) -> Snapshot:
    """The same as the websocket's first message: the whole floor for supervisors, their own part for operators.

    Give its `epoch` and `number` to `/ws/desktop` to get every change after it.
    """
    return services.hub.snapshot(viewer_of(services, who))


@outside.get(
    "/pop/{id}",
    tags=["floor"],
    summary="A phone's screen-pop link",
    status_code=303,
    response_class=RedirectResponse,
    responses=refusals_to_all(),
    openapi_extra={"security": []},
)
async def pop(id: CallKey) -> RedirectResponse:  # noqa: A002 - the path says it
    """Leads to the desktop, which shows the call to the user who is logged in there."""
    return RedirectResponse(f"/desk/pop/{quote(id, safe='')}", 303)


Epoch = Annotated[
    str,
    Query(max_length=200, description="The `epoch` of the last snapshot, to go on where the line was cut."),
]
After = Annotated[
    int | None,
    Query(ge=0, le=2**53, description="The number of the last message that was heard, with `epoch`."),
]
Changes = Annotated[
    str,
    Query(
        max_length=400,
        pattern=r"^[a-z_,]*$",
        description="Subjects whose changes are to be told, too, such as `contact,campaign`: see `SubjectChanged`.",
    ),
]
_FRAMES: dict[str, Any] = {
    "description": "The line is open; from here on each frame is a message. Closing: 4001 log in again, "
    "4008 you did not keep up, 1008 you talk too much, 1011 a fault of ours, 1012 the service restarts, "
    "1013 too many desktops.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}},
}


@outside.get(
    "/ws/desktop",
    tags=["floor"],
    summary="The floor live, by websocket",
    status_code=101,
    response_class=Response,
    responses=refusals_to_all(NotLoggedIn, PermissionMissing, SubjectUnknown, *OTHER_SITES, WebsocketOnly)
    | {101: _FRAMES},
)
async def desktop_without_websocket(
    epoch: Epoch = "",  # noqa: ARG001 - described
    after: After = None,  # noqa: ARG001
    changes: Changes = "",  # noqa: ARG001
) -> None:
    """Each frame is JSON: first a `snapshot`, or `resumed` with the missed messages; then every change, whole.

    A message is the next one when its `prev` is the number of the last one. The client only listens.
    """
    raise WebsocketOnly


@outside.websocket("/ws/desktop")
async def desktop(
    websocket: WebSocket, epoch: Epoch = "", after: After = None, changes: Changes = ""
) -> None:
    """The floor live; see docs/integrators.md."""
    services = services_of(websocket)
    try:
        who = await authenticate(websocket)
        wanted = changes_for(who, changes)
    except Refusal as refusal:
        await websocket.send_denial_response(refused(refusal))
        return
    except Exception as error:  # noqa: BLE001 - told and logged
        answer = failure(error, websocket.url.path, websocket.state.request_id)
        await websocket.send_denial_response(answer)
        return
    address = place_of(websocket.client.host if websocket.client else "")
    viewer = viewer_of(services, who)._replace(address=address, changes=wanted)
    if not may(who, Permission.FLOOR_READ):
        viewer = viewer._replace(operator=None)  # only the changes that were asked for
    with suppress(WebSocketDisconnect):
        await serve(websocket, services.hub, viewer, epoch=epoch, after=after)
