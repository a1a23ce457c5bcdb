"""Merges and parts the rows of two contacts. It keeps every row as it was, so that undoing restores it exactly.

All in statements of Core, in one transaction: nothing is decided here but which rows are whose.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.recycling import LeadState
from app.crm.contacts.tables import ContactRow
from app.crm.duplicates.tables import DuplicateRow
from app.crm.leads.tables import LeadRow
from app.crm.merging.references import Reference, references
from app.records.base import metadata, table_of

MERGED: Final = "merged"
"""Why a lead is done: another lead of its contact is in the campaign."""
LATER: Final = frozenset({"last_operator_id", "last_served_at"})
"""Columns of a contact that calls change: they do not stand against undoing."""
_CHUNK: Final = 500
_CONTACT, _DUPLICATE, _LEAD = table_of(ContactRow), table_of(DuplicateRow), table_of(LeadRow)
Rows = list[dict[str, Any]]


async def load_both(session: AsyncSession, one: int, other: int) -> dict[int, dict[str, Any]]:
    """The rows of two contacts by id, locked; one that does not exist is left out."""
    query = select(_CONTACT).where(_CONTACT.c.id.in_((one, other))).order_by(_CONTACT.c.id).with_for_update()
    return {row["id"]: dict(row) for row in (await session.execute(query)).mappings()}


async def merge_rows(
    session: AsyncSession, kept: int, lost: int, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Move everything of one contact to another, and delete it; returns what `part_rows` needs.

    Args:
        session: that writes.
        kept: the contact that stays.
        lost: the contact that goes.
        values: the columns of the contact that stays.
    """
    both = await load_both(session, kept, lost)
    changes: dict[str, Any] = {
        "contacts": [_stored(both[kept]), _stored(both[lost])],
        "moved": [],
        "removed": [],
        "changed": [],
    }
    for one in references():
        await _set_aside(session, one, kept, lost, changes)
        keys = await _keys(session, one, lost)
        if keys:
            changes["moved"].append({"table": one.table.name, "column": one.column, "keys": keys})
            column = one.table.c[one.column]
            await session.execute(update(one.table).where(column == lost).values({one.column: kept}))
    pairs = or_(_DUPLICATE.c.contact_id == lost, _DUPLICATE.c.other_id == lost)
    for row in await _rows(session, _DUPLICATE, pairs):
        changes["removed"].append({"table": _DUPLICATE.name, "row": _stored(row)})
    await session.execute(delete(_CONTACT).where(_CONTACT.c.id == lost))
    await session.execute(update(_CONTACT).where(_CONTACT.c.id == kept).values(dict(values)))
    return changes


async def part_rows(session: AsyncSession, kept: int, lost: int, changes: Mapping[str, Any]) -> None:
    """Give both contacts back what `merge_rows` had changed."""
    mine, theirs = (_read(row) for row in changes["contacts"])
    now = (await load_both(session, kept, kept))[kept]
    later = {} if now["last_served_at"] == _latest(mine, theirs) else {name: now[name] for name in LATER}
    await session.execute(update(_CONTACT).where(_CONTACT.c.id == kept).values(mine | later))
    await session.execute(insert(_CONTACT).values(theirs))
    for moved in changes["moved"]:
        await _move_back(session, metadata.tables[moved["table"]], moved, kept, lost)
    for removed in changes["removed"]:
        table, row = metadata.tables[removed["table"]], _read(removed["row"])
        if table is not _DUPLICATE or await _has_both(session, row):
            await session.execute(insert(table).values(row))
    for changed in changes["changed"]:
        table, row = metadata.tables[changed["table"]], _read(changed["row"])
        same = and_(*(column == row[column.name] for column in table.primary_key.columns))
        if table is _LEAD:
            same = and_(same, _LEAD.c.reason == MERGED)
        await session.execute(update(table).where(same).values(row))


async def fingerprint(session: AsyncSession, contact: int) -> str:
    """A digest of a contact and of all that may stand once for it: it changes when people change the contact."""
    row = (await load_both(session, contact, contact))[contact]
    said: list[Any] = [_stored({name: value for name, value in row.items() if name not in LATER})]
    for one in references():
        if one.once is not None and one.table is not _LEAD:
            rows = [
                _stored(row) for row in await _rows(session, one.table, one.table.c[one.column] == contact)
            ]
            said.append([one.table.name, sorted(rows, key=json.dumps)])
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _latest(one: Mapping[str, Any], other: Mapping[str, Any]) -> datetime | None:
    served: list[datetime] = [row["last_served_at"] for row in (one, other) if row["last_served_at"]]
    return max(served, default=None)


async def _set_aside(
    session: AsyncSession, one: Reference, kept: int, lost: int, changes: dict[str, Any]
) -> None:
    """Remove rows that the contact which stays has already; a lead stays without its contact, and is done."""
    if one.once is None:
        return
    table, column = one.table, one.table.c[one.column]
    mine = await _rows(session, table, column == kept)
    taken = {tuple(row[name] for name in one.once) for row in mine}
    preferred = "preferred" in table.c and any(row["preferred"] for row in mine)
    for row in await _rows(session, table, column == lost):
        same = and_(*(part == row[part.name] for part in table.primary_key.columns))
        if tuple(row[name] for name in one.once) not in taken:
            if preferred and row["preferred"]:
                changes["changed"].append({"table": table.name, "row": _stored(row)})
                await session.execute(update(table).where(same).values(preferred=False))
        elif table is _LEAD:
            changes["changed"].append({"table": table.name, "row": _stored(row)})
            done = {"contact_id": None, "state": LeadState.DONE.value, "reason": MERGED}
            await session.execute(update(table).where(same).values(done))
        else:
            changes["removed"].append({"table": table.name, "row": _stored(row)})
            await session.execute(delete(table).where(same))


async def _keys(session: AsyncSession, one: Reference, contact: int) -> list[list[Any]]:
    columns = [one.table.c[name] for name in one.key]
    query = select(*columns).where(one.table.c[one.column] == contact)
    return [list(row) for row in await session.execute(query)]


async def _move_back(
    session: AsyncSession, table: Table, moved: Mapping[str, Any], kept: int, lost: int
) -> None:
    column = table.c[moved["column"]]
    key = [one for one in table.primary_key.columns if one is not column]
    for first in range(0, len(moved["keys"]), _CHUNK):
        some = moved["keys"][first : first + _CHUNK]
        these: ColumnElement[bool] = (
            key[0].in_([one[0] for one in some])
            if len(key) == 1
            else or_(*(and_(*(part == value for part, value in zip(key, one, strict=True))) for one in some))
        )
        await session.execute(update(table).where(column == kept, these).values({column.name: lost}))


async def _has_both(session: AsyncSession, pair: Mapping[str, Any]) -> bool:
    return len(await load_both(session, pair["contact_id"], pair["other_id"])) == 2


async def _rows(session: AsyncSession, table: Table, condition: ColumnElement[bool]) -> Rows:
    return [dict(row) for row in (await session.execute(select(table).where(condition))).mappings()]


def _stored(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON has it."""
    return {name: _store(value) for name, value in row.items()}


def _store(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"json": value} if isinstance(value, dict) else value


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `_stored`."""
    return {name: _value(value) for name, value in row.items()}


def _value(stored: Any) -> Any:
    match stored:
        case {"moment": str(text)}:
            return datetime.fromisoformat(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case {"decimal": str(text)}:
            return Decimal(text)
        case {"json": value}:
            return value
    return stored


def contacts_before(changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The columns of both contacts of a merge, as they were; nothing of a merge that is undone."""
    return [_read(row) for row in changes.get("contacts", ())]


def moved_counts(changes: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, int]:
    """How many rows of each table went to the contact that stayed."""
    return {moved["table"]: len(moved["keys"]) for moved in changes["moved"]}
