"""What another process writes comes into force, while the service runs, was down, or has callers whom it concerns."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts.service import change_user
from app.crm.inbound_routes.queries import save_route
from app.crm.inbound_routes.tables import RouteRow
from app.crm.queues.queries import remove_queue, save_queue
from app.domain.ids import CallId, QueueId
from app.domain.operators import Presence
from app.domain.queues import QueueSettings
from app.events.follower import Follower
from app.floor.events import ChannelHungUp
from app.live.messages import LOGIN_ENDED
from app.live.session import Viewer
from app.pbx.realtime.softphones import Route, SoftphoneAccount, SoftphoneStore
from app.records.engine import open_engine, writing
from tests.records.empty import put_empty

from .house import ANY, House, failing, open_house, until
from .test_configuration import accounts, routes


@asynccontextmanager
async def another_process(folder: Path) -> AsyncIterator[AsyncEngine]:
    """It has the database, and nothing else of the service's."""
    engine = open_engine(f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}")
    yield engine
    await engine.dispose()


async def test_what_another_process_writes_is_in_force_within_seconds(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house, another_process(tmp_path) as elsewhere:
        await house.make_queue()
        floor = house.runner.floor
        operator = await house.make_operator("operator", "sales")
        desktops = {
            role: house.services.hub.attach(Viewer(house.users[role], role, operator=None, sees_floor=False))
            for role in ("operator", "supervisor")
        }
        async with writing(elsewhere) as session:
            await save_queue(session, QueueSettings(QueueId("help"), "Abi"))
            await change_user(session, house.users["supervisor"], role="administrator")
        await until(lambda: QueueId("help") in floor.queues, "the new queue")
        await until(lambda: desktops["supervisor"].code == LOGIN_ENDED, "their desktop to close")
        assert desktops["operator"].code == 0
        async with writing(elsewhere) as session:
            await change_user(session, house.users["operator"], active=False)
        await until(lambda: operator not in floor.operators, "the operator to leave")
        async with writing(elsewhere) as session:
            await change_user(session, house.users["operator"], active=True)
        await until(lambda: operator in floor.operators, "the operator to be back")


async def test_what_changed_while_the_service_was_down_is_in_force_after_its_start(tmp_path: Path) -> None:
    await put_empty(tmp_path / "keskus.sqlite")
    async with another_process(tmp_path) as elsewhere, writing(elsewhere) as session:
        await save_queue(session, QueueSettings(QueueId("help"), "Abi"))
        await save_route(session, RouteRow(number="600", kind="queue", target="help"))
    (tmp_path / "asterisk.sqlite").touch()
    async with SoftphoneStore(f"sqlite+aiosqlite:///{tmp_path / 'asterisk.sqlite'}") as store:
        await store.put(SoftphoneAccount("op77"))
        await store.put(SoftphoneAccount("carrier2"))
        await store.put_route(Route(number="999", kind="queue", target="gone"))
    async with open_house(tmp_path, fresh=False) as house:
        await until(lambda: routes(tmp_path) == {"600": "help"}, "the routes")
        assert house.runner.floor.queues.keys() == {"help"}
        assert accounts(tmp_path).keys() == {"carrier2"}, "another's account is not ours to remove"


async def test_a_database_that_was_away_is_read_once_it_is_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house, another_process(tmp_path) as elsewhere:
        with failing(house, "begin"):
            async with writing(elsewhere) as session:
                await save_queue(session, QueueSettings(QueueId("help"), "Abi"))
            house.services.configuration.wake()  # type: ignore[attr-defined]
            await asyncio.sleep(0)
            assert house.runner.floor.queues == {}
        await until(lambda: QueueId("help") in house.runner.floor.queues, "the new queue")


async def _gone(
    house: House, elsewhere: AsyncEngine, write: Callable[[AsyncSession], Awaitable[None]]
) -> None:
    """Rows go while nobody could refuse it; back once the floor was asked."""
    async with writing(elsewhere) as session:
        await write(session)
    await house.services.configuration.settle()


async def test_who_is_in_a_call_as_their_row_goes_leaves_the_floor_after_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house, another_process(tmp_path) as elsewhere:
        await house.make_queue()
        operator = await house.make_operator("operator", "sales")
        call = await house.arrive("sales")
        await house.identify(call)
        await house.answer(call)
        path = f"/api/v1/users/{operator}"
        refused = await house.admin.patch(path, json={"active": False}, headers=ANY)
        assert (refused.status_code, refused.json()["code"]) == (409, "operator.in_call")
        deleted = await house.admin.delete(f"/api/v1/operators/{operator}", headers=ANY)
        assert (deleted.status_code, deleted.json()["code"]) == (409, "operator.in_call")

        async def leave(session: AsyncSession) -> None:
            await change_user(session, operator, active=False)

        await _gone(house, elsewhere, leave)
        known = house.runner.floor.operators[operator]
        assert (known.call, known.pending) == (call, (Presence.OFFLINE, "", "removed"))
        await _hang_up(house, call)
        await until(lambda: operator not in house.runner.floor.operators, "them to leave after the call")


async def test_a_queue_whose_row_goes_serves_who_waits_in_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house, another_process(tmp_path) as elsewhere:
        await house.make_queue()
        call = await house.arrive("sales")
        refused = await house.admin.delete("/api/v1/queues/sales", headers=ANY)
        assert (refused.status_code, refused.json()["code"]) == (409, "queue.callers_wait")

        async def remove(session: AsyncSession) -> None:
            await remove_queue(session, QueueId("sales"))

        await _gone(house, elsewhere, remove)
        assert QueueId("sales") in house.runner.floor.queues
        await _hang_up(house, call)
        await until(lambda: house.runner.floor.queues == {}, "the queue to go after its caller")


async def _hang_up(house: House, call: CallId) -> None:
    await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))


async def test_what_a_process_committed_right_before_it_was_killed_is_told_and_in_force(
    tmp_path: Path,
) -> None:
    await put_empty(tmp_path / "keskus.sqlite")
    told: list[str] = []
    async with another_process(tmp_path) as elsewhere:
        follower = Follower(
            elsewhere, lambda events: told.extend(f"{one.kind} {one.subject_id}" for one in events)
        )
        await follower.look()
        url = f"sqlite+aiosqlite:///{tmp_path / 'keskus.sqlite'}"
        killed = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.api.killed", url)
        assert await killed.wait() == -signal.SIGKILL
        await follower.look()
    assert told == ["queue.created late"]
    async with open_house(tmp_path, fresh=False) as house:
        await until(lambda: QueueId("late") in house.runner.floor.queues, "the queue")
        (event,) = (await house.admin.get("/api/v1/audit", params={"subject": "queue"})).json()["items"]
    assert (event["kind"], event["subject"]["id"]) == ("queue.created", "late")
