import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.accounts import hashing, roles, service
from app.accounts import queries as users
from app.accounts.errors import LastAdministrator, PasswordUnfit, RoleInUse, RoleUnknown, UserUnknown
from app.accounts.hashing import PasswordHash, hash_password
from app.accounts.last_seen import LastSeen
from app.accounts.tables import SessionKind, UserRow
from app.domain.errors import Refusal
from app.domain.roles import Role
from app.records.engine import reading, writing
from tests.records.stories import DAWN

PASSWORD = "correct horse"


async def add(engine: AsyncEngine, username: str = "Mari", password: str = PASSWORD) -> int:
    password_hash = await hash_password(password)
    async with writing(engine) as session:
        user = await service.create_user(
            session,
            username=username,
            password_hash=password_hash,
            role=Role.OPERATOR,
            display_name="Mari Maasikas",
            at=DAWN,
        )
        assert user.id is not None
        return user.id


async def log_in(engine: AsyncEngine, username: str, password: str) -> UserRow | None:
    return await service.authenticate(engine, username, password)


async def test_right_password_alone_lets_in(engine: AsyncEngine) -> None:
    id_ = await add(engine)
    user = await log_in(engine, "MARI", PASSWORD)
    assert user is not None
    assert user.id == id_
    assert PASSWORD not in user.password_hash
    assert user.password_hash.startswith("$argon2id$")
    assert await log_in(engine, "mari", PASSWORD + "x") is None
    assert await log_in(engine, "mari", "") is None
    assert await log_in(engine, "nobody", PASSWORD) is None
    async with writing(engine) as session:
        await service.change_user(session, id_, active=False)
    assert await log_in(engine, "mari", PASSWORD) is None


async def test_unknown_name_costs_a_hash_too(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    await add(engine)
    verified: list[str] = []
    verify = hashing._verify

    def count(password: str, stored: str) -> tuple[bool, PasswordHash | None]:
        verified.append(stored.split("$")[3])  # the hash's cost
        return verify(password, stored)

    monkeypatch.setattr(hashing, "_verify", count)
    await log_in(engine, "mari", "wrong password")
    await log_in(engine, "nobody", "wrong password")
    assert len(verified) == 2
    assert len(set(verified)) == 1


async def test_new_password_ends_every_session(engine: AsyncEngine) -> None:
    id_ = await add(engine)
    another = await hash_password("another horse")
    async with writing(engine) as session:
        token, _ = await service.open_session(session, id_, DAWN)
        await service.change_user(session, id_, password_hash=another)
        with pytest.raises(UserUnknown):
            await service.change_user(session, id_ + 1, password_hash=another)
    assert await service.find_session(engine, token, DAWN) is None
    assert await log_in(engine, "mari", PASSWORD) is None
    assert await log_in(engine, "mari", "another horse") is not None


async def test_session_lasts_until_it_expires_or_is_closed(engine: AsyncEngine) -> None:
    id_ = await add(engine)
    async with writing(engine) as session:
        token, row = await service.open_session(session, id_, DAWN, lifetime=timedelta(hours=1))
    assert token not in row.token_hash
    found = await service.find_session(engine, token, DAWN + timedelta(minutes=59))
    assert found is not None
    assert (found.user.id, found.session.kind) == (id_, "browser")
    assert await service.find_session(engine, token + "x", DAWN) is None
    assert await service.find_session(engine, token, DAWN + timedelta(hours=1)) is None
    async with writing(engine) as session:
        assert row.id is not None
        assert await service.close_session(session, row.id)
        assert not await service.close_session(session, row.id)
    assert await service.find_session(engine, token, DAWN) is None


async def test_use_is_noted_once_a_minute(engine: AsyncEngine) -> None:
    id_ = await add(engine)
    async with writing(engine) as session:
        token, _ = await service.open_session(session, id_, DAWN)

    async def last_seen() -> timedelta:
        async with reading(engine) as session:
            return (await users.list_sessions(session, id_))[0].last_seen_at - DAWN

    async def use(after_s: float) -> None:
        at, seen = DAWN + timedelta(seconds=after_s), LastSeen()
        found = await service.find_session(engine, token, at)
        assert found is not None
        seen.note(found, at)
        await seen.write(engine)

    await use(59)
    assert await last_seen() == timedelta(0)
    await use(60)
    assert await last_seen() == timedelta(seconds=60)


async def test_program_has_a_named_token_of_its_own(engine: AsyncEngine) -> None:
    id_ = await add(engine)
    async with writing(engine) as session:
        token, _ = await service.open_session(
            session, id_, DAWN, kind=SessionKind.TOKEN, name="crm", lifetime=None
        )
        await service.open_session(session, id_, DAWN)
    async with writing(engine) as session:
        await users.remove_expired_sessions(session, DAWN + timedelta(days=1))
    found = await service.find_session(engine, token, DAWN + timedelta(days=3650))
    assert found is not None
    assert (found.session.name, found.session.expires_at) == ("crm", None)
    async with reading(engine) as session:
        assert len(await users.list_sessions(session, id_)) == 1
        assert len(await users.list_sessions(session, id_, SessionKind.BROWSER)) == 0


async def test_first_start_makes_an_administrator_once(engine: AsyncEngine) -> None:
    password = await service.ensure_administrator(engine, None, DAWN)
    assert password is not None
    assert len(password) >= 20
    assert await service.ensure_administrator(engine, None, DAWN) is None
    assert await service.ensure_administrator(engine, "from settings", DAWN) is None
    user = await log_in(engine, "admin", password)
    assert user is not None
    assert user.role == Role.ADMINISTRATOR.value
    async with reading(engine) as session:
        assert await users.count_administrators(session) == 1


async def test_first_password_may_come_from_the_settings(engine: AsyncEngine) -> None:
    with pytest.raises(PasswordUnfit):
        await service.ensure_administrator(engine, "short", DAWN)
    assert await service.ensure_administrator(engine, "from settings", DAWN) is None
    assert await log_in(engine, "admin", "from settings") is not None


async def _held_up_or_done(engine: AsyncEngine, other: asyncio.Task[None]) -> None:
    """Return when the other transaction waits for a lock of PostgreSQL, or is over. SQLite has one writer: at once."""
    while engine.dialect.name == "postgresql" and not other.done():
        async with reading(engine) as session:
            if await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return


async def test_two_administrators_do_not_put_each_other_out_of_use(engine: AsyncEngine) -> None:
    ids = [await add(engine, name) for name in ("Mari", "Jüri")]

    async def put_out(id_: int) -> None:
        async with writing(engine) as session:
            await service.change_user(session, id_, active=False)

    async with writing(engine) as session:
        for id_ in ids:
            await service.change_user(session, id_, role=Role.ADMINISTRATOR)
    async with asyncio.TaskGroup() as group, writing(engine) as session:
        await service.change_user(session, ids[0], active=False)
        other = group.create_task(_refused(LastAdministrator, put_out(ids[1])))
        await _held_up_or_done(engine, other)


@pytest.mark.parametrize("given_first", [True, False])
async def test_a_role_is_not_removed_while_somebody_gets_it(
    engine: AsyncEngine, *, given_first: bool
) -> None:
    id_ = await add(engine)

    async def give(session: AsyncSession) -> None:
        await roles.check_gift(session, "trainer", roles.EVERYTHING)
        await service.change_user(session, id_, role="trainer")

    async def remove(session: AsyncSession) -> None:
        await roles.remove_role(session, "trainer", roles.EVERYTHING)

    async def within(change: Callable[[AsyncSession], Awaitable[None]]) -> None:
        async with writing(engine) as session:
            await change(session)

    async with writing(engine) as session:
        await roles.put_role(
            session, "trainer", title="Trainer", permissions=[], phone=Role.OPERATOR, own=roles.EVERYTHING
        )
    first, second = (give, remove) if given_first else (remove, give)
    async with asyncio.TaskGroup() as group, writing(engine) as session:
        await first(session)
        refusal = RoleInUse if given_first else RoleUnknown
        other = group.create_task(_refused(refusal, within(second)))
        await _held_up_or_done(engine, other)


async def _refused(refusal: type[Refusal], change: Awaitable[None]) -> None:
    with pytest.raises(refusal):
        await change
