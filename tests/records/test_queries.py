from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import queries as users
from app.accounts.service import change_user
from app.crm.calls import queries as calls
from app.crm.inbound_routes import queries as routes
from app.crm.inbound_routes.tables import RouteKind, RouteRow
from app.crm.operators import queries as operators
from app.crm.operators.tables import SoftphoneKind
from app.crm.queues import queries as queues
from app.domain.calls import CallOutcome
from app.domain.ids import CallId, ContactId, OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings
from app.domain.queues import MaxWait, QueueSettings
from app.domain.roles import Role
from app.records.engine import reading, writing
from app.records.tables import CallRow
from tests.records.stories import CALLER, DAWN

SALES = QueueSettings(
    id=QueueId("sales"),
    title="Müük",
    skills=frozenset({"product:phones", "lang:ru"}),
    priority=3,
    target_s=30.0,
    ring_s=15,
    wrap_up_s=5.0,
    preferred_s=0.0,
    miss_limit=2,
    retry_s=1.0,
    max_wait_s=60.0,
    max_wait_then=MaxWait.QUEUE,
    overflow_queue=QueueId("support"),
    leave_message="bye",
)
SUPPORT = QueueSettings(id=QueueId("support"), title="Abi")


async def add_operator(engine: AsyncEngine, username: str) -> OperatorId:
    async with writing(engine) as session:
        user = await users.add_user(
            session,
            username=username,
            password_hash="-",
            role=Role.OPERATOR,
            display_name=username.title(),
            language="et",
            at=DAWN,
        )
        assert user.id is not None
        operator = OperatorId(user.id)
        await operators.save_operator(session, operator, skills=frozenset({"lang:ru"}), auto_answer=True)
        await operators.save_softphone(
            session, operator, endpoint=f"op-{username}", kind=SoftphoneKind.BROWSER
        )
    return operator


async def test_queues_come_back_as_they_went(engine: AsyncEngine) -> None:
    async with writing(engine) as session:
        await queues.save_queue(session, SUPPORT)
        await queues.save_queue(session, SALES)
    async with reading(engine) as session:
        assert await queues.load_queue_settings(session) == [SALES, SUPPORT]
        assert await queues.get_queue(session, QueueId("sales")) == SALES
        assert await queues.get_queue(session, QueueId("none")) is None
    async with writing(engine) as session:
        await queues.remove_queue(session, SUPPORT.id)
    async with reading(engine) as session:
        (left,) = await queues.load_queue_settings(session)
        assert left.overflow_queue is None


async def test_operators_come_back_as_they_went(engine: AsyncEngine) -> None:
    mari = await add_operator(engine, "mari")
    async with writing(engine) as session:
        await queues.save_queue(session, SUPPORT)
        await queues.save_queue(session, SALES)
        places = [Membership(SALES.id, 2), Membership(SUPPORT.id)]
        await operators.set_memberships(session, mari, places)
    settings = OperatorSettings(
        id=mari,
        name="Mari",
        endpoint="op-mari",
        skills=frozenset({"lang:ru"}),
        memberships=(Membership(SALES.id, 2), Membership(SUPPORT.id, 1)),
        auto_answer=True,
    )
    async with reading(engine) as session:
        assert await operators.load_operator_settings(session) == [settings]
        assert await operators.get_operator(session, mari) == settings
    async with writing(engine) as session:
        await operators.save_softphone(session, mari, endpoint="desk-1", kind=SoftphoneKind.SIP)
        await queues.remove_queue(session, SALES.id)
    async with reading(engine) as session:
        changed = await operators.get_operator(session, mari)
    assert changed is not None
    assert (changed.endpoint, changed.memberships) == ("desk-1", (Membership(SUPPORT.id, 1),))
    async with writing(engine) as session:
        await change_user(session, mari, active=False)
    async with reading(engine) as session:
        assert await operators.load_operator_settings(session) == []
    async with writing(engine) as session:
        await operators.remove_operator(session, mari)
        assert not await operators.is_operator(session, mari)


async def test_what_does_not_exist_is_refused(engine: AsyncEngine) -> None:
    mari = await add_operator(engine, "mari")
    juri = await add_operator(engine, "juri")
    nowhere = [Membership(QueueId("nowhere"))]
    with pytest.raises(IntegrityError):
        async with writing(engine) as session:
            await operators.set_memberships(session, mari, nowhere)
    with pytest.raises(IntegrityError):
        async with writing(engine) as session:
            await queues.save_queue(session, SALES)
    with pytest.raises(IntegrityError):
        async with writing(engine) as session:
            await operators.save_softphone(session, juri, endpoint="op-mari", kind=SoftphoneKind.SIP)
    with pytest.raises(IntegrityError):
        await add_operator(engine, "MARI")


async def test_routes_come_back_as_they_went(engine: AsyncEngine) -> None:
    def route(target: str) -> RouteRow:
        return RouteRow(
            number="6001000", kind=RouteKind.QUEUE.value, target=target, skills=["a"], answer=False
        )

    async with writing(engine) as session:
        await routes.save_route(session, route("sales"))
        await routes.save_route(session, route("support"))
    async with reading(engine) as session:
        (kept,) = await routes.list_routes(session)
        assert (kept.target, kept.skills, kept.answer, kept.music) == ("support", ["a"], False, "default")
        assert await routes.get_route(session, "6001001") is None
    async with writing(engine) as session:
        assert await routes.remove_route(session, "6001000")
        assert not await routes.remove_route(session, "6001000")


async def test_calls_are_paged_newest_first(engine: AsyncEngine) -> None:
    """Ten calls, two at each moment: no page repeats or skips one of a pair."""
    async with writing(engine) as session:
        session.add_all(
            CallRow(
                id=f"c{number}",
                arrived_at=DAWN + timedelta(seconds=number // 2),
                caller_number=CALLER if number % 2 else "112",
                queue="sales" if number < 5 else "support",
                operator_id=number % 3 or None,
                contact_id=4 if number == 9 else None,
                outcome="answered" if number % 3 else "abandoned",
            )
            for number in range(10)
        )

    async def ids(wanted: calls.CallFilter, limit: int = 3) -> list[str]:
        found: list[str] = []
        after = None
        async with reading(engine) as session:
            while True:
                page = await calls.page_calls(session, wanted, after=after, limit=limit)
                assert len(page.calls) <= limit
                found += [row.id for row in page.calls]
                after = page.next
                if after is None:
                    return found

    newest_first = [f"c{number}" for number in range(9, -1, -1)]
    assert await ids(calls.CallFilter()) == newest_first
    assert await ids(calls.CallFilter(), limit=10) == newest_first
    assert await ids(calls.CallFilter(operator=OperatorId(1))) == ["c7", "c4", "c1"]
    assert await ids(calls.CallFilter(queue=QueueId("support"))) == newest_first[:5]
    assert await ids(calls.CallFilter(outcome=CallOutcome.ABANDONED)) == ["c9", "c6", "c3", "c0"]
    assert await ids(calls.CallFilter(numbers=["112", "012"])) == ["c8", "c6", "c4", "c2", "c0"]
    assert await ids(calls.CallFilter(contact=ContactId(4))) == ["c9"]
    window = calls.CallFilter(from_at=DAWN + timedelta(seconds=1), to_at=DAWN + timedelta(seconds=3))
    assert await ids(window) == ["c5", "c4", "c3", "c2"]
    async with reading(engine) as session:
        assert await calls.get_call(session, CallId("none")) is None
