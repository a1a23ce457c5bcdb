"""Merges and parts the rows of two contacts. It keeps every row as it was, so that undoing restores it exactly.

All in statements of Core, in one transaction: nothing is decided here but which rows are whose.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.compliance.recycling import LeadState
from app.crm.contacts.tables import ContactRow
from app.crm.custom_fields.tables import CustomValueRow
from app.crm.duplicates.tables import DuplicateRow
from app.crm.leads.tables import LeadRow
from app.crm.merging.beside import FIELD, PREFERRED, TERMS
from app.crm.merging.references import Reference, references
from app.crm.price_lists.tables import TermsRow
from app.records.base import metadata, table_of

MERGED: Final = "merged"
"""Why a lead is done: another lead of its contact is in the campaign."""
LATER: Final = frozenset({"last_operator_id", "last_served_at"})
"""Columns of a contact that calls change: they do not stand against undoing."""
VERSIONS: Final = 1_000
"""A merge raises versions by so much: undoing brings the old version back, and no later one comes again soon."""
TERMS_COLUMNS: Final = ("price_list_id", "discount")
_CHUNK: Final = 500
_CONTACT, _DUPLICATE, _LEAD = table_of(ContactRow), table_of(DuplicateRow), table_of(LeadRow)
_VALUE, _TERMS = table_of(CustomValueRow), table_of(TermsRow)
Rows = list[dict[str, Any]]


async def load_both(session: AsyncSession, one: int, other: int) -> dict[int, dict[str, Any]]:
    """The rows of two contacts by id, locked; one that does not exist is left out."""
    query = select(_CONTACT).where(_CONTACT.c.id.in_((one, other))).order_by(_CONTACT.c.id).with_for_update()
    return {row["id"]: dict(row) for row in (await session.execute(query)).mappings()}


async def merge_rows(
    session: AsyncSession, kept: int, lost: int, values: Mapping[str, Any], take: Collection[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Move everything of one contact to another, and delete it.

    Returns what `part_rows` needs, and the labels of numbers and addresses that are not shown any more, by what they
    label.

    Args:
        session: that writes.
        kept: the contact that stays.
        lost: the contact that goes.
        values: the columns of the contact that stays.
        take: choices of `app.crm.merging.beside` in which the contact that goes wins.
    """
    both = await load_both(session, kept, lost)
    changes: dict[str, Any] = {
        "contacts": [_stored(both[kept]), _stored(both[lost])],
        "moved": [],
        "removed": [],
        "changed": [],
    }
    pair = _Pair(session, kept=kept, lost=lost, take=take, changes=changes)
    for one in references():
        await _set_aside(pair, one)
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
    return changes, pair.labels


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
        same = _same(table, row)
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


@dataclass(slots=True, frozen=True)
class _Pair:
    """Two contacts that become one, and what was changed so far."""

    session: AsyncSession
    kept: int
    lost: int
    take: Collection[str]
    changes: dict[str, Any]
    labels: dict[str, str] = field(default_factory=dict)

    async def change(self, table: Table, row: Mapping[str, Any], **values: Any) -> None:
        """Change a row, and keep it as it was."""
        if all(row[name] == value for name, value in values.items()):
            return
        self.changes["changed"].append({"table": table.name, "row": _stored(row)})
        await self.session.execute(update(table).where(_same(table, row)).values(values))

    async def remove(self, table: Table, row: Mapping[str, Any]) -> None:
        """Remove a row, and keep it as it was."""
        self.changes["removed"].append({"table": table.name, "row": _stored(row)})
        await self.session.execute(delete(table).where(_same(table, row)))


async def _set_aside(pair: _Pair, one: Reference) -> None:
    """Remove rows that the contact which stays has already; a lead stays without its contact, and is done.

    What the contact that stays lacks in such a row, it gets from the other; what is taken wins.
    """
    if one.once is None:
        return
    table, column = one.table, one.table.c[one.column]
    mine = await _rows(pair.session, table, column == pair.kept)
    theirs = await _rows(pair.session, table, column == pair.lost)
    taken = {tuple(row[name] for name in one.once): row for row in mine}
    if "preferred" in table.c:
        await _prefer(pair, one, mine, theirs)
    for row in theirs:
        own = taken.get(tuple(row[name] for name in one.once))
        if own is not None:
            await _join(pair, one, own, row)


async def _join(pair: _Pair, one: Reference, own: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    """Make one row of two of which only one may stand."""
    table = one.table
    if table is _LEAD:
        await pair.change(table, theirs, contact_id=None, state=LeadState.DONE.value, reason=MERGED)
        return
    if table is _VALUE and f"{FIELD}{own['code']}" in pair.take:
        await pair.remove(table, own)
        return
    await pair.remove(table, theirs)
    if table is _TERMS:
        await _join_terms(pair, own, theirs)
    elif table.name in PREFERRED:
        if not own["label"]:
            await pair.change(table, own, label=theirs["label"])
        elif theirs["label"] not in {"", own["label"]}:
            assert one.once is not None
            pair.labels[f"{table.name}.{own[one.once[0]]}"] = theirs["label"]


async def _prefer(pair: _Pair, one: Reference, mine: Rows, theirs: Rows) -> None:
    """Leave one row preferred: the other contact's where it is taken, or where nobody else's is."""
    assert one.once is not None
    (key,) = one.once
    first = next((row for row in theirs if row["preferred"]), None)
    if first is None:
        return
    if PREFERRED[one.table.name] not in pair.take and any(row["preferred"] for row in mine):
        if not any(row[key] == first[key] for row in mine):
            await pair.change(one.table, first, preferred=False)
        return
    for row in mine:
        if row["preferred"] != (row[key] == first[key]):
            await pair.change(one.table, row, preferred=row[key] == first[key])


async def _join_terms(pair: _Pair, own: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    names = [name for name in TERMS_COLUMNS if f"{TERMS}{name}" in pair.take or not own[name]]
    values = {name: theirs[name] for name in names if theirs[name] != own[name]}
    if values:
        await pair.change(_TERMS, own, **values, version=own["version"] + VERSIONS)


def _same(table: Table, row: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*(part == row[part.name] for part in table.primary_key.columns))


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
