"""A running service hears of what `keskus user` wrote: desktops close, operators leave the floor and come back."""

from app.accounts.service import change_user, find_session
from app.live.messages import LOGIN_ENDED
from app.live.session import Viewer
from app.records.engine import writing
from app.service.user_watch import UserWatch

from .house import House


async def test_a_desktop_closes_when_its_user_may_log_in_no_more(house: House) -> None:
    hub = house.services.hub
    watch = UserWatch(house.services.engine, hub, house.services.last_seen)
    sessions = {}
    for role in ("operator", "supervisor"):
        who = await find_session(house.services.engine, house.tokens[role], house.services.now())
        assert who is not None
        sessions[role] = hub.attach(
            Viewer(house.users[role], str(who.session.id), operator=None, sees_floor=False)
        )
    await watch.look()
    assert [one.code for one in sessions.values()] == [0, 0]
    async with writing(house.services.engine) as session:
        await change_user(session, house.users["operator"], active=False)
    await watch.look()
    assert (sessions["operator"].code, sessions["supervisor"].code) == (LOGIN_ENDED, 0)
