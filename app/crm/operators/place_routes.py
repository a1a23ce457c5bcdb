"""Operators' places in queues over HTTP: an operator leaves a queue for now, and joins it again."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import ConfigDict

from app.accounts.service import LoggedIn
from app.api.configuration import Configuring, later
from app.api.problems import refusals
from app.api.schemas import QueueName, RequestModel, RowId, Shown
from app.api.security import Known, needs, user_id
from app.api.services import Services
from app.crm.operators import service
from app.crm.operators.errors import NotInQueue, OperatorUnknown
from app.domain.ids import OperatorId, QueueId
from app.domain.roles import Permission
from app.live.queue_view import queue_view

Joins = Annotated[LoggedIn, needs(Permission.QUEUES_JOIN)]
Steers = Annotated[LoggedIn, needs(Permission.OPERATORS_STEER)]
OwnQueue = Annotated[QueueName, Path(description="The id of one of the operator's queues.")]
mine = APIRouter(prefix="/me/queues", tags=["my work"])
router = APIRouter(prefix="/operators/{id}/queues", tags=["operators"])
_RESPONSES = refusals(OperatorUnknown, NotInQueue) | later(200)


class PlaceIn(RequestModel):
    """Whether an operator has left a queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"left": True}]})

    left: bool
    """True: no call of the queue is offered to them, until they join it again."""


class PlaceOut(Shown):
    """An operator's place in a queue."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"queue": "sales", "left": True, "members": 3}]}
    )

    queue: str
    """The queue's id."""
    left: bool
    """True: they have left it for now."""
    members: int
    """How many serve the queue now and are not offline; with 0 callers wait until somebody comes, or as long as the
    queue lets them."""


@mine.put("/{queue}", summary="Leave or join a queue", responses=_RESPONSES)
async def put_my_place(
    queue: OwnQueue, said: PlaceIn, who: Joins, services: Known, configuring: Configuring
) -> PlaceOut:
    """Leaves one of my queues for now, or joins it again. It outlives log-out and restarts; a call that rings goes on.

    Whoever is there last may leave, too: callers keep their places, and go where the queue sends them after its longest
    wait.
    """
    async with configuring(who.actor) as session:
        await service.change_place(session, OperatorId(user_id(who)), QueueId(queue), left=said.left)
    return _out(services, QueueId(queue), said)


@router.put("/{queue}", summary="Let an operator leave or join a queue", responses=_RESPONSES)
async def put_place(
    id: RowId,  # noqa: A002 - the path says it
    queue: OwnQueue,
    said: PlaceIn,
    *,
    who: Steers,
    services: Known,
    configuring: Configuring,
) -> PlaceOut:
    """A supervisor takes an operator out of one of their queues for now, or has them back in it."""
    async with configuring(who.actor) as session:
        await service.change_place(session, OperatorId(id), QueueId(queue), left=said.left)
    return _out(services, QueueId(queue), said)


def _out(services: Services, queue: QueueId, said: PlaceIn) -> PlaceOut:
    floor = services.runner.floor
    there = floor.queues.get(queue)
    members = queue_view(floor, there)["members"] if there is not None else 0
    return PlaceOut(queue=queue, left=said.left, members=members)
