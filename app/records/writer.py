"""Batches into the database: each write is one transaction, and may be done again."""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.records.engine import AWAY_ERRORS
from app.records.errors import reason
from app.records.mapping import Batch
from app.records.spoiled import clean, is_spoiled
from app.records.statements import Statement, Statements

_log = structlog.get_logger(__name__)


class Writer:
    """Writes batches in the order they are given."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._statements = Statements(engine.dialect)
        self.spoiled = 0
        """Rows the database would not take in any form, since the start."""

    async def write(self, batches: Sequence[Batch]) -> None:
        """Commit batches, in order. A row the database will not take is cleaned, or left out and counted.

        Raises:
            AWAY_ERRORS: the database is away, or has no room. Whether it was committed may not be known.
        """
        try:
            async with self._engine.begin() as connection:
                for statement, rows in self._statements.of(*batches):
                    await statement.run(connection, rows)
        except (*AWAY_ERRORS, ValueError) as error:
            if not is_spoiled(error):
                raise
            await self._write_one_by_one(batches)

    async def _write_one_by_one(self, batches: Sequence[Batch]) -> None:
        spoiled = 0
        async with self._engine.begin() as connection:
            for statement, rows in self._statements.of(*batches):
                for row in rows:
                    spoiled += not await self._write_row(connection, statement, clean(row))
        self.spoiled += spoiled

    async def _write_row(
        self, connection: AsyncConnection, statement: Statement, row: dict[str, Any]
    ) -> bool:
        try:
            async with connection.begin_nested():
                await statement.run(connection, [row])
        except (*AWAY_ERRORS, ValueError) as error:
            if not is_spoiled(error):
                raise
            _log.error("journal_row_spoiled", call_id=row.get("call_id", row.get("id")), error=reason(error))
            return False
        return True
