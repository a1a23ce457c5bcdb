"""Hashing is outside transactions, few at a time, and behind the event loop in the queue for the processor."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from pwdlib import PasswordHash as Argon2
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import hashing, service
from app.accounts import queries as users
from app.accounts.errors import HashingBusy, PasswordUnfit
from app.accounts.hashing import hash_password, verify_password
from app.domain.roles import Role
from app.records.engine import reading, writing
from app.records.errors import SlowInTransaction
from tests.records.stories import DAWN

PASSWORD = "kevadine metsarada"


@pytest.fixture(autouse=True)
def real_cost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Elsewhere in the tests a hash costs next to nothing."""
    monkeypatch.setattr(hashing, "_argon2", Argon2((Argon2Hasher(),)))
    hashing._nobodys_hash.cache_clear()
    yield
    hashing._nobodys_hash.cache_clear()


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hashing takes until the event is set."""
    go_on = threading.Event()

    def verify(password: str, stored: str) -> tuple[bool, None]:
        assert go_on.wait(60)
        return False, None

    monkeypatch.setattr(hashing, "_verify", verify)
    yield go_on
    go_on.set()


async def test_no_password_is_hashed_while_others_wait_to_write(engine: AsyncEngine) -> None:
    async with writing(engine):
        with pytest.raises(SlowInTransaction):
            await hash_password(PASSWORD)
        with pytest.raises(SlowInTransaction):
            await verify_password(PASSWORD, None)
    async with reading(engine):
        await hash_password(PASSWORD)
    await hash_password(PASSWORD)


async def test_the_refusal_ends_with_the_transaction_and_stays_with_its_task(engine: AsyncEngine) -> None:
    async with asyncio.TaskGroup() as group:
        with suppress(ZeroDivisionError):
            async with writing(engine):
                beside = group.create_task(hash_password(PASSWORD))  # no part of the transaction
                await asyncio.wait([beside])
                raise ZeroDivisionError
        await hash_password(PASSWORD)
    assert beside.result().startswith("$argon2id$")


async def test_so_many_are_under_way_and_no_more(stuck: threading.Event) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(verify_password("x", None)) for _ in range(hashing.MOST_PENDING)]
        await asyncio.sleep(0)
        with pytest.raises(HashingBusy):
            await verify_password("x", None)
        threads = [thread for thread in threading.enumerate() if thread.name.startswith("argon2")]
        assert len(threads) == hashing.THREADS
        stuck.set()
    assert {task.result() for task in tasks} == {(False, None)}
    assert await verify_password("x", None) == (False, None)


async def test_one_that_was_given_up_makes_room(stuck: threading.Event) -> None:
    tasks = []
    async with asyncio.TaskGroup() as group:
        for _ in range(hashing.MOST_PENDING):
            tasks.append(group.create_task(verify_password("x", None)))  # noqa: PERF401
        await asyncio.sleep(0)
        for task in tasks[hashing.THREADS :]:
            task.cancel()
        await asyncio.wait(tasks[hashing.THREADS :])
        again = group.create_task(verify_password("x", None))
        await asyncio.sleep(0)
        assert not again.done()
        stuck.set()
    assert again.result() == (False, None)


async def test_hashing_gives_way_to_everything_else() -> None:
    await hash_password(PASSWORD)
    ids = [thread.native_id for thread in threading.enumerate() if thread.name.startswith("argon2")]
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert ids
    assert all(id_ and os.getpriority(os.PRIO_PROCESS, id_) > here for id_ in ids)


async def test_unfit_passwords_are_not_hashed() -> None:
    for password in (" " * 10, "short", "x" * 1001):
        with pytest.raises(PasswordUnfit):
            await hash_password(password)
    with pytest.raises(PasswordUnfit, match="name"):
        await hash_password("mari.maasikas", "mari.maasikas")


async def test_a_password_is_one_however_its_letters_are_made_up() -> None:
    stored = await hash_password("kõne tähtis öö")
    decomposed = "ko\u0303ne ta\u0308htis o\u0308o\u0308"
    assert await verify_password(decomposed, stored) == (True, None)
    assert await verify_password(decomposed + "x", stored) == (False, None)


async def test_what_was_kept_as_it_was_typed_is_kept_anew(engine: AsyncEngine) -> None:
    typed = "ko\u0303ne ta\u0308htis o\u0308o\u0308"
    old = hashing.PasswordHash(Argon2((Argon2Hasher(),)).hash(typed))
    async with writing(engine) as session:
        made = await service.create_user(
            session, username="mari", password_hash=old, role=Role.OPERATOR, display_name="Mari", at=DAWN
        )
    user = await service.authenticate(engine, "mari", typed)
    assert user is not None
    async with reading(engine) as session:
        assert made.id is not None
        row = await users.get_user(session, made.id)
    assert row is not None
    assert row.password_hash == user.password_hash != old
    assert await service.authenticate(engine, "mari", "kõne tähtis öö") is not None


async def test_a_change_made_meanwhile_stands(engine: AsyncEngine) -> None:
    first, second = await hash_password(PASSWORD), await hash_password("another horse")
    async with writing(engine) as session:
        made = await service.create_user(
            session, username="mari", password_hash=first, role=Role.OPERATOR, display_name="Mari", at=DAWN
        )
    assert made.id is not None
    user = await service.authenticate(engine, "mari", PASSWORD)
    assert user is not None
    async with writing(engine) as session:
        assert await service.still_the_same(session, user)
        await service.change_user(session, made.id, password_hash=second)
    async with writing(engine) as session:
        assert not await service.still_the_same(session, user)
        assert not await users.renew_hash(session, made.id, first, "$argon2id$newer")
