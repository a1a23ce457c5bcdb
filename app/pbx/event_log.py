"""The PBX's own event log (CEL), in SQLite or PostgreSQL.

Asterisk writes it whether or not anybody listens over AMI. Rows are read in the order in which they were written, by
their ids: their times may go back, because the PBX's clock may be set.
"""

import asyncio
import json
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Row,
    Select,
    cast,
    column,
    func,
    inspect,
    select,
    table,
)

from app.domain.ids import ChannelId
from app.pbx.realtime.database import RealtimeUnfit, open_realtime, require_file
from app.pbx.text import without_marks

CHUNK: Final = 400  # ids in one query
FAMILY_ROUNDS: Final = 6
REPLACED: Final = "KeskusReplaced,Call: "
TOGETHER_S: Final = 1
TOGETHER: Final = 100
"""Up to `TOGETHER` channels that begin within `TOGETHER_S` seconds may be logged in any order."""
_FIELDS: Final = (
    "eventtype", "eventtime", "channame", "uniqueid", "linkedid", "context", "appname", "appdata",
    "cid_num", "cid_name", "extra",
)  # fmt: skip


class Entry(NamedTuple):
    """One row of the log."""

    id: int
    event: str
    """Asterisk's name of the event: `CHAN_START`, `BRIDGE_ENTER`, `HANGUP`, ..."""
    at_s: float
    """Seconds since 1970 by the PBX's clock."""
    channel: str
    """The channel's name."""
    unique: ChannelId
    linked: ChannelId
    context: str
    application: str
    data: str
    number: str
    name: str
    extra: dict[str, Any]

    @property
    def replaced(self) -> ChannelId | None:
        """The call whose caller this channel has replaced, if this is such an entry; else None."""
        told = self.event == "APP_START" and self.data.startswith(REPLACED)
        return ChannelId(self.data.removeprefix(REPLACED)) or None if told else None

    def joined(self) -> list[ChannelId]:
        """The other channels that this entry joins with its own, such as those of an attended transfer."""
        if self.replaced is not None:
            return [self.replaced]
        return [
            ChannelId(value)
            for key, value in self.extra.items()
            if key.endswith("channel_uniqueid") or key == "channel2_uniqueid"
            if value != "N/A"
        ]


class _Found(NamedTuple):
    """Some rows by id, and all linked ids and channel ids in them."""

    entries: dict[int, Entry]
    linked: set[ChannelId]
    unique: set[ChannelId]


class _Parts(NamedTuple):
    """The parts of a channel's id, `<PBX>-<seconds since 1970>.<number>`."""

    pbx: str
    since_s: int
    number: int


class EventLog:
    """The PBX's event log, read only.

    Args:
        url: SQLAlchemy address, `sqlite+aiosqlite:///<file>` or `postgresql+asyncpg://...`.

    Every method raises SQLAlchemyError or OSError when the database is away.

    Raises:
        RealtimeUnfit: `url` is not such an address.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_realtime(url)
        sqlite = self._engine.dialect.name == "sqlite"
        self._id: ColumnElement[Any] = column("AcctId" if sqlite else "id")
        self._cel = table("cel", self._id, *(column(name) for name in _FIELDS))
        self._time: ColumnElement[Any] = column("eventtime")
        self._sqlite = sqlite

    async def close(self) -> None:
        """Close every database connection."""
        await self._engine.dispose()

    async def check(self) -> None:
        """Check that the database is an event log.

        Raises:
            RealtimeUnfit: it is not; the message says what to do.
        """
        await asyncio.to_thread(require_file, self._url)
        async with self._engine.connect() as connection:
            await connection.run_sync(self._require_columns)

    def _require_columns(self, connection: Connection) -> None:
        found = inspect(connection)
        if not found.has_table("cel"):
            raise RealtimeUnfit(
                "this database has no table cel: name the one that Asterisk writes its event log to, or make the table "
                "(asterisk/sqlite/cel.sql, docker/postgres/asterisk.sql)"
            )
        missing = {self._id.key, *_FIELDS} - {one["name"] for one in found.get_columns("cel")}
        if missing:
            raise RealtimeUnfit(
                f"its table cel lacks {', '.join(sorted(str(name) for name in missing))}: take asterisk/etc/cel.conf "
                f"and, for SQLite, asterisk/sqlite/cel_sqlite3_custom.conf as they are"
            )

    async def last_id(self) -> int:
        """The id of the newest row; 0 for an empty log."""
        async with self._engine.connect() as connection:
            return await connection.scalar(select(func.max(self._id)).select_from(self._cel)) or 0

    async def stories_since(self, id_: int) -> list[ChannelId]:
        """The linked ids of all rows after row `id_`, in the order of their first such row."""
        return await self._stories(self._id > id_)

    async def stories_between(self, from_at: datetime, to_at: datetime) -> list[ChannelId]:
        """The linked ids of all rows from `from_at` (aware) up to, not including, `to_at`."""
        if self._sqlite:
            time = cast(self._time, Float)
            return await self._stories((time >= from_at.timestamp()) & (time < to_at.timestamp()))
        bounds = [at.astimezone(UTC).replace(tzinfo=None) for at in (from_at, to_at)]
        return await self._stories((self._time >= bounds[0]) & (self._time < bounds[1]))

    async def families(self, ids: Iterable[ChannelId]) -> list[Entry]:
        """All rows of these channels or linked ids, and of all channels joined with them, in the order written.

        A second call that was joined with the first has earlier rows under a linked id of its own. So the search
        goes on with the ids it finds, up to `FAMILY_ROUNDS` times.
        """
        linked: set[ChannelId] = set()
        unique: set[ChannelId] = set()
        rows: dict[int, Entry] = {}
        new_linked = new_unique = set(ids)
        for _ in range(FAMILY_ROUNDS):
            found = await self._rows("linkedid", new_linked) + await self._rows("uniqueid", new_unique)
            new = await asyncio.to_thread(_read, found)  # there may be thousands of rows
            linked |= new_linked
            unique |= new_unique
            rows |= new.entries
            new_linked, new_unique = new.linked - linked, new.unique - unique
            if not (new_linked or new_unique):
                break
        return [rows[id_] for id_ in sorted(rows)]

    async def last_of_run(self, entry: Entry) -> Entry | None:
        """The last row of the Asterisk run that wrote this entry; None while the log has no row of a later run.

        A channel's id is `<PBX>-<seconds since 1970>.<number>`, and each run of Asterisk numbers from 0. The ids that
        campaigns give their channels say nothing about the run.
        """
        highest, last = _parts(entry.unique), entry
        if highest is None:
            return None
        query = select(self._cel).where(self._id > entry.id).order_by(self._id)
        async with self._engine.connect() as connection:
            async for row in await connection.stream(query):
                read = _entry(row)
                parts = _parts(read.unique)
                if parts is None or parts.pbx != highest.pbx:
                    continue
                if read.event == "CHAN_START":
                    back = highest.number - parts.number
                    apart_s = abs(parts.since_s - highest.since_s)
                    if back > TOGETHER or (back > 0 and apart_s > TOGETHER_S):
                        return last
                    highest = max(highest, parts, key=lambda one: one.number)
                last = read
        return None

    async def _stories(self, which: ColumnElement[bool]) -> list[ChannelId]:
        linked: ColumnElement[Any] = column("linkedid")
        query: Select[Any] = (
            select(linked, func.min(self._id))
            .select_from(self._cel)
            .where(which)
            .group_by(linked)
            .order_by(func.min(self._id))
        )
        async with self._engine.connect() as connection:
            return [ChannelId(row[0]) for row in await connection.execute(query)]

    async def _rows(self, name: str, ids: Collection[ChannelId]) -> list[Row[Any]]:
        found: list[Row[Any]] = []
        asked = sorted(ids)
        async with self._engine.connect() as connection:
            for start in range(0, len(asked), CHUNK):
                query = select(self._cel).where(column(name).in_(asked[start : start + CHUNK]))
                found += (await connection.execute(query)).all()
        return found


def _read(rows: Iterable[Row[Any]]) -> _Found:
    entries = {entry.id: entry for entry in map(_entry, rows)}
    return _Found(
        entries,
        {entry.linked for entry in entries.values()},
        {entry.unique for entry in entries.values()}.union(*(entry.joined() for entry in entries.values())),
    )


def _entry(row: Row[Any]) -> Entry:
    id_, event, at, channel, unique, linked, context, application, data, number, name, extra = tuple(row)
    return Entry(
        id=int(id_),
        event=event,
        at_s=at.replace(tzinfo=UTC).timestamp() if isinstance(at, datetime) else float(at),
        channel=channel or "",
        unique=ChannelId(unique or ""),
        linked=ChannelId(linked or ""),
        context=context or "",
        application=application or "",
        data=data or "",
        number=without_marks(number or ""),
        name=without_marks(name or ""),
        extra=_object(extra),
    )


def _parts(unique: ChannelId) -> _Parts | None:
    found = re.fullmatch(r"(.*?)(\d+)\.(\d+)", unique)
    return _Parts(found[1], int(found[2]), int(found[3])) if found else None


def _object(text: str | None) -> dict[str, Any]:
    with suppress(ValueError, TypeError):
        value = json.loads(text or "{}")
        if isinstance(value, dict):
            return value
    return {}
