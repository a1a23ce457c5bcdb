"""Which of the first steps are done."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.api.services import LinkState
from app.crm.inbound_routes.queries import list_routes
from app.crm.inbound_routes.tables import RouteKind
from app.crm.operators.queries import load_operator_settings
from app.crm.queues.queries import load_queue_settings
from app.crm.setup.queries import first_call
from app.crm.setup.schemas import SetupOut, Step, StepName
from app.domain.ids import OperatorId
from app.domain.operators import DeviceState
from app.floor.floor import Floor


async def steps(session: AsyncSession, floor: Floor, link: LinkState) -> SetupOut:
    """Each step, by the rows and by the floor as they are now."""
    queues = {str(one.id): one.title for one in await load_queue_settings(session)}
    routes = await list_routes(session)
    reached = {one.target for one in routes if one.kind == RouteKind.QUEUE.value}
    direct = {one.target for one in routes if one.kind == RouteKind.OPERATOR.value}
    ready = [
        one
        for one in await load_operator_settings(session)
        if str(one.id) in direct or any(str(place.queue) in reached for place in one.memberships)
    ]
    with_phone = [one for one in ready if _has_phone(floor, one.id)]
    answered = await first_call(session, answered=True)
    called = answered or await first_call(session, answered=False)
    found = [
        Step(name=StepName.PBX, done=link.connected, detail=link.detail),
        Step(name=StepName.TRUNK, done=called, detail=""),
        Step(name=StepName.QUEUE, done=bool(queues), detail=next(iter(queues.values()), "")),
        Step(name=StepName.NUMBER, done=bool(routes), detail=routes[0].number if routes else ""),
        Step(name=StepName.OPERATOR, done=bool(ready), detail=ready[0].name if ready else ""),
        Step(name=StepName.PHONE, done=bool(with_phone), detail=with_phone[0].name if with_phone else ""),
        Step(name=StepName.CALL, done=answered, detail=""),
    ]
    return SetupOut(done=all(one.done for one in found), steps=found)


def _has_phone(floor: Floor, operator: OperatorId) -> bool:
    there = floor.operators.get(operator)
    return there is not None and there.device is not DeviceState.UNREACHABLE
