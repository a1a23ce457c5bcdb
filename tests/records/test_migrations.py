from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.records.engine import open_engine
from app.records.migrations import current, downgrade, head, upgrade
from app.records.tables import metadata


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(empty_url)
    yield engine
    await engine.dispose()


def test_there_is_one_head() -> None:
    assert head() is not None


async def test_up_makes_the_tables_as_they_are_declared(empty: AsyncEngine) -> None:
    await upgrade(empty)

    def differences(connection: Connection) -> Any:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    async with empty.connect() as connection:
        assert await connection.run_sync(differences) == []
    assert await current(empty) == head()


async def test_up_again_changes_nothing(empty: AsyncEngine) -> None:
    await upgrade(empty)
    await upgrade(empty)
    assert await current(empty) == head()


async def test_down_and_up_again(empty: AsyncEngine) -> None:
    await upgrade(empty)
    await downgrade(empty, "base")
    async with empty.connect() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert tables == ["alembic_version"]
    assert await current(empty) is None
    await upgrade(empty)
    assert await current(empty) == head()


async def test_database_of_a_newer_program_is_refused(empty: AsyncEngine) -> None:
    await upgrade(empty)
    async with empty.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CommandError, match="9999"):
        await upgrade(empty)


async def test_an_installation_that_is_there_keeps_its_dispositions(empty: AsyncEngine) -> None:
    """Only a new one gets the built-in set: neither one with users nor one with dispositions of its own."""
    codes = text("SELECT code FROM disposition ORDER BY position, id")
    person = text(
        "INSERT INTO user_account (username, password_hash, role, display_name, language, active, created_at) "
        "VALUES ('mari', 'x', 'operator', 'Mari', 'et', true, '2026-03-02 09:00:00+00:00')"
    )
    own = text(
        "INSERT INTO disposition (code, title, human, sale, do_not_call, callback, unworkable, answering_machine, "
        "position, active) VALUES ('sold', 'Müüdud', true, true, false, false, false, false, 0, true)"
    )
    for there, kept in ((person, []), (own, ["sold"])):
        await upgrade(empty, "0011")
        async with empty.begin() as connection:
            await connection.execute(there)
        await upgrade(empty)
        async with empty.connect() as connection:
            assert list(await connection.scalars(codes)) == kept
        await downgrade(empty, "base")
    await upgrade(empty)
    async with empty.connect() as connection:
        assert "sale" in list(await connection.scalars(codes))
