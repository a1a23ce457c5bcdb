"""What is seen from outside while the database is away."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.accounts.service import LoggedIn
from app.accounts.tables import SessionKind, SessionRow, UserRow
from app.api import middleware, security
from app.api.session_cache import SessionCache
from app.crm.answers.caller import Identifier
from app.crm.contacts.lookup import Lookup
from app.domain.ids import CallId, QueueId
from app.domain.operators import Presence
from app.domain.roles import PERMISSIONS, Role
from app.floor.commands import IdentifyCaller
from app.floor.events import CallerIdentified, ChannelHungUp
from app.records.journal_state import Keeping
from app.system import clock
from tests.records.postgres import postgres_server

from .house import ANY, failing, open_house, until


async def test_records_are_kept_meanwhile_and_it_is_told(tmp_path: Path) -> None:
    ahead = timedelta(0)
    async with open_house(tmp_path, now=lambda: clock.utc_now() + ahead) as house:
        await house.make_queue()
        await house.make_operator("operator", "sales")
        await house.journaled()
        with failing(house, "begin"):
            call = await house.arrive("sales")
            await house.answer(call)
            await until(
                lambda: house.journal.state.spooled_batches > 0 == house.journal.state.in_memory,
                "the spool to take it",
            )
            ready = await house.client().get("/readyz")
            checks = ready.json()["checks"]
            assert (ready.status_code, checks["database_writes"]["ok"]) == (503, False)
            assert checks["records_kept"]["ok"] is True
            assert "on this machine: 0 facts in memory; spool: " in checks["records_kept"]["detail"]
            metrics = (await house.client().get("/metrics")).text
            assert "keskus_spool_batches 0.0" not in metrics
            assert "keskus_spool_takes_nothing 0.0" in metrics
        await until(lambda: house.journal.state.keeping is Keeping.WRITTEN, "the spool to be empty")
        ahead = timedelta(seconds=2)  # a check is good for a second
        assert (await house.client().get("/readyz")).status_code == 200
        assert "keskus_spool_batches 0.0" in (await house.client().get("/metrics")).text
        await house.runner.post(ChannelHungUp(house.runner.floor.calls[call].channel, 16))
        await house.journaled()
        record = (await house.admin.get(f"/api/v1/calls/{call}")).json()
        assert record["outcome"] == "answered"


async def test_a_full_disk_is_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.make_queue()
        house.journal._capacity = 5
        with failing(house, "begin"):
            house.journal._spooled._spool._max_bytes = 0  # type: ignore[union-attr]
            for _ in range(5):
                await house.arrive("sales")
            await until(lambda: house.journal.state.spool_error is not None, "the spool to refuse")
            check = (await house.client().get("/readyz")).json()["checks"]["records_kept"]
            assert check["ok"] is False
            assert "facts refused; on this machine: " in check["detail"]
            assert "the spool is at its bound" in check["detail"]
        await until(lambda: house.journal.state.keeping is Keeping.WRITTEN, "the database again")


async def test_an_operator_known_before_goes_on_working(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.make_queue()
        operator = await house.make_operator("operator", "sales")
        mine, stranger = house.client("operator"), house.client("supervisor")
        assert (await mine.get("/api/v1/me")).status_code == 200
        with failing(house, "begin"):
            answer = await mine.put("/api/v1/me/state", json={"presence": "on_break", "reason": "lunch"})
            assert answer.status_code == 204
            assert house.runner.floor.operators[operator].presence is Presence.ON_BREAK
            assert (await mine.get("/api/v1/floor")).json()["records"] in {"written", "kept"}
            assert (await mine.get("/api/v1/contacts")).status_code == 503
            assert (await mine.get("/api/v1/operators")).status_code == 403
            assert (await stranger.get("/api/v1/floor")).status_code == 503, "not seen since the start"


async def test_who_logged_out_is_not_remembered(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        for role, path in (("operator", "/api/v1/session"), ("supervisor", "")):
            assert (await house.client(role).get("/api/v1/me")).status_code == 200
            if path:
                assert (await house.client(role).delete(path)).status_code == 204
            else:
                changed = {"password": "uus ja pikk parool"}
                user = f"/api/v1/users/{house.users[role]}"
                assert (await house.admin.patch(user, json=changed, headers=ANY)).status_code == 200
        with failing(house, "begin"):
            for role in ("operator", "supervisor"):
                assert (await house.client(role).get("/api/v1/me")).status_code == 503


def logged_in(id_: int, expires_in: timedelta | None = None) -> LoggedIn:
    now = clock.utc_now()
    return LoggedIn(
        UserRow(
            id=id_, username=f"u{id_}", password_hash="", role="operator", display_name="", created_at=now
        ),
        SessionRow(
            id=id_,
            token_hash="",
            user_id=id_,
            kind=SessionKind.TOKEN.value,
            created_at=now,
            last_seen_at=now,
            expires_at=now + expires_in if expires_in else None,
        ),
        PERMISSIONS[Role.OPERATOR],
    )


def test_memory_of_log_ins() -> None:
    known, now = SessionCache(most=2), clock.utc_now()
    for id_ in (1, 2, 3):
        known.keep(str(id_), logged_in(id_), known.forgotten)
    assert [known.find(str(id_), now) is not None for id_ in (1, 2, 3)] == [False, True, True]
    known.drop("3")
    assert known.find("3", now) is None
    known.keep("4", logged_in(4, timedelta(minutes=1)), known.forgotten)
    assert known.find("4", now) is not None
    assert known.find("4", now + timedelta(minutes=2)) is None
    before = known.forgotten
    known.forget_user(5)
    known.keep("5", logged_in(5), before)  # asked before the end, told after it
    assert known.find("5", now) is None


async def test_nothing_hangs_with_a_database_that_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL takes connections and answers nothing: every question gets its answer in time."""
    monkeypatch.setattr(middleware, "ANSWER_S", 6.0)
    monkeypatch.setattr(security, "FIND_S", 2.0)
    monkeypatch.setattr(Identifier, "patience_s", 0.5)
    with postgres_server() as server:
        async with open_house(tmp_path, server.url()) as house:
            await house.make_queue()
            operator = await house.make_operator("operator", "sales")
            mine = house.client("operator")
            assert (await mine.get("/api/v1/me")).status_code == 200
            answered: asyncio.Queue[CallerIdentified] = asyncio.Queue()
            identifier = Identifier(Lookup(house.services.engine, "EE"), answered.put_nowait)
            async with asyncio.timeout(60), asyncio.TaskGroup() as group:
                asking = group.create_task(identifier.run())
                with server.frozen():
                    for number in range(10):
                        identifier.ask(IdentifyCaller(CallId(str(number)), "+37255500123", QueueId("sales")))
                    contacts = group.create_task(mine.get("/api/v1/contacts"))
                    ready = group.create_task(house.client().get("/readyz"))
                    answer = await mine.put("/api/v1/me/state", json={"presence": "on_break"})
                    assert answer.status_code == 204, "once the database was waited for"
                    await until(lambda: house.journal.state.spooled_batches > 0, "the spool to take over")
                    # Whoever waited for the database now would have no answer but the middleware's 503.
                    monkeypatch.setattr(security, "FIND_S", 60.0)
                    answer = await mine.put("/api/v1/me/state", json={"presence": "offline"})
                    assert answer.status_code == 204, "and then no more"
                    assert house.runner.floor.operators[operator].presence is Presence.OFFLINE
                    assert (await contacts).status_code == 503
                    assert (await contacts).headers["content-type"] == "application/problem+json"
                    assert (await ready).status_code == 503
                    assert (await ready).json()["checks"]["database_writes"]["ok"] is False
                    for _ in range(10):
                        assert (await answered.get()).contact is None
                await house.journaled()
                assert (await mine.get("/api/v1/contacts")).status_code == 200
                asking.cancel()
