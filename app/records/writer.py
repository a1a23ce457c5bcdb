"""Writes batches to the database: each write is one transaction, and may be repeated.

A batch that the database refuses, though it answers, is written row by row. A refused row is set aside in a file, with
the reason; all others are written. When no row is taken, the fault may lie elsewhere: the batch is refused as a whole,
until the caller gives up.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.records.mapping import Batch
from app.records.set_aside import Refused, SetAside
from app.records.spoiled import clean, is_spoiled
from app.records.statements import Statement, Statements, Work
from app.system.away import is_away
from app.system.faults import report

_log = structlog.get_logger(__name__)


class Writer:
    """Writes batches in the order they are given.

    Args:
        engine: the database.
        aside: takes rows that are refused; without one a batch with such a row is refused as a whole.
    """

    def __init__(self, engine: AsyncEngine, aside: SetAside | None = None) -> None:
        self._engine = engine
        self._aside = aside
        self._statements = Statements(engine.dialect)
        self.spoiled = 0
        """Rows the database would not take in any form, since the start."""

    async def write(self, batches: Sequence[Batch], *, give_up: bool = False) -> None:
        """Commit batches, in order. A row the database will not take is cleaned, or set aside and counted.

        Args:
            batches: what to write.
            give_up: set all rows aside, even when none is taken.

        Raises:
            Exception: the database is away, or has no room (`is_away`), and whether it was committed may not be known;
                or no row was taken, for a fault that may not lie in the rows.
        """
        try:
            async with self._engine.begin() as connection:
                for statement, rows in self._statements.of(*batches):
                    await statement.run(connection, rows)
        except Exception as error:
            if is_away(error):
                raise
            await self._write_one_by_one(self._statements.of(*batches), give_up=give_up)

    async def write_set_aside(self) -> None:
        """Try rows that were set aside once more; rows that are refused again stay there.

        Raises:
            Exception: the database is away, or the disk fails.
        """
        if self._aside is None:
            return
        for path in self._aside.files:
            kept = await self._aside.read(path)
            again = [
                (self._statements.by_name[one["statement"]], one)
                for one in kept
                if one["statement"] in self._statements.by_name
            ]
            left = [one for one in kept if one["statement"] not in self._statements.by_name]
            async with self._engine.begin() as connection:
                for statement, one in again:
                    if await self._write_row(connection, statement, one["row"]) is not None:
                        left.append(one)
            await self._aside.leave(path, left)
            _log.info("set_aside_tried_again", file=str(path), rows=len(kept), left=len(left))

    async def _write_one_by_one(self, work: Work, *, give_up: bool) -> None:
        refused: list[Refused] = []
        taken = 0
        async with self._engine.begin() as connection:
            for statement, rows in work:
                for row in rows:
                    cleaned = clean(dict(row))
                    error = await self._write_row(connection, statement, cleaned)
                    if error is None:
                        taken += 1
                    else:
                        refused.append(Refused(self._statements.name_of(statement), cleaned, error))
            if not refused:
                return
            theirs = taken > 0 or all(is_spoiled(one.error) for one in refused)
            if self._aside is None or not (theirs or give_up):
                raise refused[0].error
            await self._aside.keep(refused)  # before the commit: a row is in one of the two at any time
        self.spoiled += len(refused)
        for one in refused:
            call = one.row.get("call_id", one.row.get("id"))
            report(
                _log,
                "journal_row_set_aside",
                one.error,
                part="journal",
                statement=one.statement,
                call_id=call,
            )

    async def _write_row(
        self, connection: AsyncConnection, statement: Statement, row: dict[str, Any]
    ) -> Exception | None:
        """Write one row; return None, or the error for which it was refused."""
        try:
            async with connection.begin_nested():
                await statement.run(connection, [row])
        except Exception as error:
            if is_away(error):
                raise
            return error
        return None
