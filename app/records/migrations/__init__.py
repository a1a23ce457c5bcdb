"""Migrations of the database. Alembic only, one head, the same steps on SQLite and PostgreSQL.

A new step: `python -m app.service.new_migration "what it does"`.
"""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine

_HERE = Path(__file__).parent
_LOCK = 0x6B65736B7573  # "keskus": one process migrates, the others wait

FULL_TEXT: Final = ("contact_term", "ix_contact_search_terms")
"""Full-text indexes, of which each database has its own kind: only migrations know them. SQLite's has further tables:
its name, `_`, and a word.
"""


def is_compared(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether Alembic compares a table or an index of the database with what is declared."""
    return name is None or (
        name not in FULL_TEXT and not name.startswith(tuple(f"{one}_" for one in FULL_TEXT))
    )


def config(connection: Connection | None = None, tables: MetaData | None = None) -> Config:
    """Alembic's configuration, with a connection to work on, and the tables that a new step is to lead to."""
    made = Config()
    made.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    made.attributes["tables"] = tables
    return made


async def upgrade(engine: AsyncEngine, revision: str = "head", *, region: str = "") -> None:
    """Bring the database to a revision, in one transaction; nothing to do is no error.

    Args:
        engine: the database.
        revision: the revision to reach.
        region: ISO 3166 code of the country for numbers without a country code; empty: those cannot be read.

    Raises:
        SQLAlchemyError, OSError: the database is away or refuses.
        alembic.util.CommandError: the database is newer than this program.
    """

    def run(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        made = config(connection)
        made.attributes["region"] = region
        command.upgrade(made, revision)

    async with engine.begin() as connection:
        await connection.run_sync(run)


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    """Take the database back to a revision; `base` drops every table with all its rows."""
    async with engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config(sync), revision))


async def current(engine: AsyncEngine) -> str | None:
    """The database's revision; None for an empty one."""
    async with engine.connect() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def head() -> str | None:
    """The newest revision this program knows.

    Raises:
        alembic.util.CommandError: there are several.
    """
    return ScriptDirectory.from_config(config()).get_current_head()
