"""Databases for the tests. Whatever touches one runs on SQLite and on PostgreSQL.

Numbers: `+372 5550 xxxx` throughout; no test dials.
"""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from app.records.engine import open_engine
from app.records.migrations import upgrade
from tests.records.postgres import PostgresServer, postgres_server

_names = count(1)
_TEMPLATE = "keskus_template"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run. Leave it running."""
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The database's kind."""
    assert isinstance(request.param, str)
    return request.param


@pytest.fixture
async def empty_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database without tables."""
    if backend == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'keskus.db'}"
    return await _create(request.getfixturevalue("postgres"), "template1")


@pytest.fixture
async def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database with every table, empty, of this test's own."""
    if backend == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'keskus.db'}"
        await _upgrade(url)
        return url
    server: PostgresServer = request.getfixturevalue("postgres")
    if not await _exists(server, _TEMPLATE):
        await _run(server, f"CREATE DATABASE {_TEMPLATE}")
        await _upgrade(server.url(_TEMPLATE))
    return await _create(server, _TEMPLATE)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a database with every table."""
    opened = open_engine(database_url)
    yield opened
    await opened.dispose()


async def _create(server: PostgresServer, template: str) -> str:
    name = f"keskus_{next(_names)}"
    await _run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.url(name)


async def _upgrade(url: str) -> None:
    opened = open_engine(url)
    try:
        await upgrade(opened)
    finally:
        await opened.dispose()


async def _exists(server: PostgresServer, name: str) -> bool:
    engine = create_async_engine(server.url(), poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.scalar(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
        )
    return found is not None


async def _run(server: PostgresServer, statement: str) -> None:
    engine = create_async_engine(server.url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
