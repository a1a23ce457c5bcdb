"""A running service hears of what `keskus user` wrote: desktops close, operators leave the floor and come back."""

from app.accounts.service import change_user, find_session
from app.domain.ids import OperatorId
from app.live.messages import LOGIN_ENDED
from app.live.session import Viewer
from app.records.engine import writing
from app.service.user_watch import UserWatch

from .house import House


def watch_of(house: House) -> UserWatch:
    services = house.services
    return UserWatch(services.engine, house.runner.floor, services.hub, house.runner.post)


async def test_a_desktop_closes_when_its_user_may_log_in_no_more(house: House) -> None:
    hub, watch = house.services.hub, watch_of(house)
    sessions = {}
    for role in ("operator", "supervisor"):
        who = await find_session(house.services.engine, house.tokens[role], house.services.now())
        assert who is not None
        sessions[role] = hub.attach(Viewer(house.users[role], str(who.session.id), None, sees_floor=False))
    await watch.look()
    assert [one.code for one in sessions.values()] == [0, 0]
    async with writing(house.services.engine) as session:
        await change_user(session, house.users["operator"], active=False)
    await watch.look()
    assert (sessions["operator"].code, sessions["supervisor"].code) == (LOGIN_ENDED, 0)


async def test_operators_leave_the_floor_and_come_back_once_it_is_certain(house: House) -> None:
    await house.make_queue()
    watch, floor = watch_of(house), house.runner.floor
    operator = await house.make_operator("operator", "sales")
    await watch.look()
    await watch.look()
    assert operator in floor.operators
    for active in (False, True):
        async with writing(house.services.engine) as session:
            await change_user(session, house.users["operator"], active=active)
        await watch.look()
        assert (operator in floor.operators) is not active, (
            "one look may have come between a row and its event"
        )
        await watch.look()
        assert (operator in floor.operators) is active


async def test_one_in_a_call_leaves_after_it(house: House) -> None:
    await house.make_queue()
    watch, floor = watch_of(house), house.runner.floor
    operator: OperatorId = await house.make_operator("operator", "sales")
    call = await house.arrive("sales")
    await house.identify(call)
    await house.answer(call)
    async with writing(house.services.engine) as session:
        await change_user(session, house.users["operator"], active=False)
    for _ in range(3):
        await watch.look()
    assert operator in floor.operators
