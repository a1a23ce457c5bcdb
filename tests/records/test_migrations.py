from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm import metadata
from app.records.engine import open_engine
from app.records.migrations import current, downgrade, head, is_compared, upgrade


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
        context = MigrationContext.configure(connection, opts={"include_name": is_compared})
        return compare_metadata(context, metadata)

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


def _add(connection: Connection, name: str, **said: Any) -> None:
    """A row of an older version: whatever is not said has some value of its type."""
    table = Table(name, MetaData(), autoload_with=connection)
    for column in table.columns:
        if column.name in said or column.nullable or column.server_default is not None:
            continue
        if column.primary_key and column.name == "id" and column.type.python_type is int:
            continue
        values = {str: "", int: 0, bool: False, float: 0.0, datetime: datetime(2026, 3, 2, tzinfo=UTC)}
        said[column.name] = (values | {date: date(2026, 3, 2), object: {}})[column.type.python_type]
    if connection.dialect.name == "sqlite":
        said = {key: str(value) if isinstance(value, datetime) else value for key, value in said.items()}
    connection.execute(insert(table), said)


async def test_numbers_of_an_older_version_are_read_again(empty: AsyncEngine) -> None:
    """What is certain gets the one spelling; what is not stays visible, and is dialled no more."""
    await upgrade(empty, "0020")

    def fill(connection: Connection) -> None:
        _add(connection, "contact", id=1, kind="person")
        for raw, key in (
            ("358401234567", "358401234567"),
            ("\u202a+372 5550 0002\u202c", "\u202a+372 5550 0002\u202c"),
            ("201", "201"),
            ("abc", "abc"),
        ):
            _add(connection, "phone", contact_id=1, e164=key, raw=raw)
        for number in (
            "+37255500001",
            "358401234567",
            "5550 0003, 5550 0004",
            "37126",
            "+37255500457 (Mari)",
        ):
            _add(connection, "consent", word="do_not_call", number=number, source="x")
        for place, number in enumerate(("37255500001", "+37255500001", "201", "kask55500124", "")):
            _add(connection, "call", id=f"c{place}", caller_number=number)
        _add(connection, "queue", id="q")
        _add(connection, "campaign", id=1, title="K", country="EE", queue="q")
        _add(connection, "lead", id=1, campaign_id=1)
        for place, (raw, number) in enumerate(
            (("512 3456/7", "+37251234567"), ("5550 0005", "+37255500005"), ("6001234 ext 12", "+3726001234"))
        ):
            _add(
                connection,
                "lead_number",
                lead_id=1,
                position=place,
                campaign_id=1,
                e164=number,
                raw=raw,
                usable=True,
            )

    async with empty.begin() as connection:
        await connection.run_sync(fill)
    await upgrade(empty, region="EE")

    def column(connection: Connection, name: str, *columns: str, order: str) -> list[Any]:
        table = Table(name, MetaData(), autoload_with=connection)
        rows = connection.execute(select(*(table.c[one] for one in columns)).order_by(table.c[order]))
        return [tuple(row) if len(columns) > 1 else row[0] for row in rows]

    async with empty.connect() as connection:
        read: Any = connection.run_sync
        assert await read(lambda sync: column(sync, "phone", "e164", order="id")) == [
            "+358401234567",
            "+37255500002",
            "201",
            "abc",
        ]
        assert await read(lambda sync: column(sync, "consent", "number", order="id")) == [
            "+37255500001",
            "+358401234567",
            "+37255500003",
            "37126",
            "+37255500457",
            "+37255500004",
        ]
        assert await read(lambda sync: column(sync, "call", "caller_number", "caller_sent", order="id")) == [
            ("+37255500001", "37255500001"),
            ("+37255500001", ""),
            ("201", ""),
            ("", "kask55500124"),
            ("", ""),
        ]
        rows = await read(lambda sync: column(sync, "lead_number", "usable", "extension", order="position"))
        assert [(bool(usable), extension) for usable, extension in rows] == [
            (False, ""),
            (True, ""),
            (True, "12"),
        ]


async def test_products_of_an_older_version_are_found_in_any_alphabet(empty: AsyncEngine) -> None:
    await upgrade(empty, "0043")
    names = {"code": "KB-100", "name_et": "ÕUNAKORV", "name_ru": "Зелёный шнур-йод", "name_en": ""}
    async with empty.begin() as connection:
        await connection.run_sync(
            lambda sync: _add(sync, "product", id=1, net_price=1, search="old", **names)
        )
    await upgrade(empty)
    async with empty.connect() as connection:
        found = await connection.scalar(text("SELECT search FROM product"))
    assert found == "kb 100 ounakorv zelenyy shnur yod"
