"""Takes a person out of the PBX's own event log: numbers and names in the rows of calls; the rows stay.

Asterisk writes to the same file with little patience (SQLite), so each statement is a short transaction of its own.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Column, MetaData, String, Table, and_, case, inspect, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.pbx.realtime.database import open_realtime

CALLS: Final = 20
"""How many calls one transaction clears."""
_WHO: Final = ("cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid")
_TOLD: Final = ("exten", "appdata", "channame", "peer", "userfield")
"""Columns that may hold the number among other things."""
_EXTRA: Final = "extra"
_SHORTEST: Final = 5
"""Digits of a number that is looked for within other texts."""


class LogErasure:
    """The PBX's event log, to erase from.

    Args:
        url: SQLAlchemy address, as that of `EventLog`.

    Every method raises SQLAlchemyError or OSError when the database is away.
    """

    def __init__(self, url: str) -> None:
        self._engine: AsyncEngine = open_realtime(url)
        self._table: Table | None = None

    async def close(self) -> None:
        """Close every database connection."""
        await self._engine.dispose()

    async def erase(self, calls: Collection[str], numbers: Collection[str]) -> None:
        """Empty who called, and all that holds one of the numbers, in the rows of some calls.

        Args:
            calls: ids of calls: their channels' unique or linked ids.
            numbers: in E.164.
        """
        ids = sorted(calls)
        for start in range(0, len(ids), CALLS):
            cel = await self._cel()
            some = ids[start : start + CALLS]
            async with self._engine.begin() as connection:
                linked = select(cel.c.linkedid).where(cel.c.uniqueid.in_(some))
                found = list(await connection.scalars(linked))
                await self._clear(connection, cel, [*some, *found], numbers)
        if ids and self._engine.dialect.name == "sqlite":
            async with self._engine.connect() as connection:  # the write-ahead log has the rows as they were
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _clear(
        self, connection: AsyncConnection, cel: Table, linked: Sequence[str], numbers: Collection[str]
    ) -> None:
        which = or_(cel.c.linkedid.in_(linked), cel.c.uniqueid.in_(linked))
        digits = [one.lstrip("+") for one in numbers]
        digits = [one for one in digits if len(one) >= _SHORTEST]
        values: dict[str, Any] = {name: "" for name in _WHO if name in cel.c}
        for name, nothing in (*((one, "") for one in _TOLD), (_EXTRA, "{}")):
            if name in cel.c and digits:
                column = cel.c[name]
                holds = or_(*(column.contains(one, autoescape=True) for one in digits))
                values[name] = case((and_(column.is_not(None), holds), nothing), else_=column)
        if connection.dialect.name == "sqlite":
            await connection.exec_driver_sql("PRAGMA secure_delete = ON")
        await connection.execute(update(cel).where(which).values(values))

    async def _cel(self) -> Table:
        if self._table is None:
            async with self._engine.connect() as connection:
                names = await connection.run_sync(
                    lambda sync: [one["name"] for one in inspect(sync).get_columns("cel")]
                )
            self._table = Table("cel", MetaData(), *(Column(name, String()) for name in names))
        return self._table
