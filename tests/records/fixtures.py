"""Databases for the tests. Whatever touches one runs on SQLite and on PostgreSQL.

Numbers: `+372 5550 xxxx` throughout; no test dials.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from app.records.engine import open_engine
from app.records.migrations import upgrade
from tests.pbx.fixtures import away_from_this_loop
from tests.records.empty import put_empty
from tests.records.emptying import made_empty, note_as_made
from tests.records.postgres import PostgresServer, postgres_server

_names = count(1)
_empty: list[str] = []
"""Databases on PostgreSQL that have every table, and that no test has."""
_TEMPLATE = "keskus_template"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run. Leave it running."""
    with postgres_server(durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> str:
    """The name of a database with every table, to copy."""
    away_from_this_loop(_make_template(postgres))
    return _TEMPLATE


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """The database's kind."""
    assert isinstance(request.param, str)
    return request.param


@pytest.fixture
async def empty_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of a database without tables."""
    if backend == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'keskus.db'}"
    else:
        async with _database(request.getfixturevalue("postgres"), "template1") as url:
            yield url


@pytest.fixture
async def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of a database with every table, empty, of this test's own."""
    if backend == "sqlite":
        yield await put_empty(tmp_path / "keskus.db")
    else:
        template = request.getfixturevalue("template")
        async with _with_tables(request.getfixturevalue("postgres"), template) as url:
            yield url


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a database with every table."""
    opened = open_engine(database_url)
    yield opened
    await opened.dispose()


async def _make_template(server: PostgresServer) -> None:
    await _run(server, f"CREATE DATABASE {_TEMPLATE}")
    opened = open_engine(server.url(_TEMPLATE))
    try:
        await upgrade(opened)
    finally:
        await opened.dispose()
    await note_as_made(server.host, _TEMPLATE)


@asynccontextmanager
async def _with_tables(server: PostgresServer, template: str) -> AsyncIterator[str]:
    """One that a test before had, made empty, or a copy of the template."""
    name = _empty.pop() if _empty else await _copy(server, template)
    yield server.url(name)
    if await made_empty(server.host, name):
        _empty.append(name)
    else:
        await _drop(server, name)


@asynccontextmanager
async def _database(server: PostgresServer, template: str) -> AsyncIterator[str]:
    """A copy of the template, taken away at the end: hundreds of them would fill the disk."""
    name = await _copy(server, template)
    try:
        yield server.url(name)
    finally:
        await _drop(server, name)


async def _copy(server: PostgresServer, template: str) -> str:
    name = f"keskus_{next(_names)}"
    await _run(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return name


async def _drop(server: PostgresServer, name: str) -> None:
    await _run(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _run(server: PostgresServer, statement: str) -> None:
    engine = create_async_engine(server.url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
