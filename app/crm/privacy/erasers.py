"""Erases a person's rows. Calls go first, batch by batch; all others, and the contact, in one transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Text, and_, cast, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

import app.crm.privacy.records  # noqa: F401 - its lines
from app.compliance.dial_facts import ConsentKind
from app.crm.consents.tables import ConsentRow
from app.crm.contact_search.upkeep import leave_people
from app.crm.contacts import queries as contact_queries
from app.crm.duplicates.tables import DuplicateRow
from app.crm.evidence.tables import SuppressionRow
from app.crm.merging.tables import ContactMergeRow
from app.crm.orders.states import OrderState
from app.crm.orders.tables import OrderRow
from app.crm.privacy.hindrances import LONGEST_CALL
from app.crm.privacy.holdings import HOLDINGS, Fate, Holding
from app.crm.privacy.person import NOBODY, Person, empty, is_theirs
from app.crm.privacy.timelines import clear_timelines
from app.crm.webhooks.queries import forget_answers
from app.events.recorder import forget_contact
from app.events.subjects import SUBJECTS
from app.records.base import table_of
from app.records.event_table import EventRow
from app.records.keyed import keyed_all
from app.records.tables import CallRow

__all__ = ["CALLS", "erase_calls", "erase_rest"]

CALLS: Final = 500
"""How many calls one transaction clears: others write between."""
OBJECTED: Final = "erasure"
"""The source of an objection that is kept of somebody who was erased."""
_CHUNK: Final = 500
_CALL, _CONSENT, _EVENT = table_of(CallRow), table_of(ConsentRow), table_of(EventRow)
_DUPLICATE, _MERGE = table_of(DuplicateRow), table_of(ContactMergeRow)
_ORDER, _SUPPRESSION = table_of(OrderRow), table_of(SuppressionRow)
_OWN_WAY: Final = frozenset({"call", "call_event", "event", "consent", "suppression", "contact"})
"""Tables that are erased in a way of their own."""
T = TypeVar("T")


async def next_calls(session: AsyncSession, person: Person, at: datetime, limit: int = CALLS) -> list[str]:
    """Ids of some calls of a person that are to be cleared; one that goes on is written once more when it ends."""
    theirs = is_theirs(HOLDINGS["call"], person)
    over = or_(_CALL.c.ended_at.is_not(None), _CALL.c.arrived_at <= at - LONGEST_CALL)
    return list(await session.scalars(select(_CALL.c.id).where(theirs, over).limit(limit)))


async def erase_calls(session: AsyncSession, person: Person, calls: Collection[str]) -> dict[str, int]:
    """Clear these calls, their timelines, and what was made in them for no contact: figures stay.

    Returns:
        How many rows of each table.
    """
    counts = await _erase_rows(session, await _made_in(session, calls))
    counts["call_event"] = await clear_timelines(session, calls, person.numbers)
    values = dict(empty(HOLDINGS["call"])) | {"contact_id": None}
    await session.execute(update(_CALL).where(_CALL.c.id.in_(calls)).values(values))
    await session.execute(
        update(_CALL).where(_CALL.c.id.in_(calls), _CALL.c.dialed.in_(person.numbers)).values(dialed="")
    )
    counts["call"] = len(calls)
    return counts


async def _made_in(session: AsyncSession, calls: Collection[str]) -> dict[str, Sequence[Any]]:
    """Ids of rows that were made in these calls and belong to no contact, by table: the caller was not known yet."""
    return {
        one.table: list(
            await session.scalars(
                select(_key(one)).where(table.c.call_id.in_(calls), table.c[one.contact].is_(None))
            )
        )
        for one in HOLDINGS.values()
        if one.made_in_calls and (table := table_of(one.row)) is not None
    }


async def erase_rest(session: AsyncSession, person: Person, at: datetime) -> dict[str, int]:
    """Erase everything but calls, and the contact itself; returns how many rows of each table.

    Args:
        session: that writes.
        person: whose.
        at: aware; now.
    """
    ids = {
        name: list(await session.scalars(select(_key(one)).where(is_theirs(one, person))))
        for name, one in HOLDINGS.items()
        if name not in _OWN_WAY and one.through is None and len(table_of(one.row).primary_key) == 1
    }
    of_contact = await _erase_events(session, person)
    counts = {"consent": await _erase_consents(session, person, at)}
    counts["suppression"] = await _erase_suppressions(session, person)
    await _erase_from_merges(session, person)
    counts |= await _erase_rows(session, ids)
    counts["event"] += of_contact
    for name, one in HOLDINGS.items():
        if name not in _OWN_WAY and name not in ids and one.through is None:
            counts[name] = await _change(session, one, is_theirs(one, person))
    if person.contact != NOBODY:
        row = await contact_queries.get_contact(session, person.contact)
        if row is not None:
            await leave_people(session, [person.contact])
            await contact_queries.remove_contact(session, row)
            counts["contact"] = 1
        forget_contact(session, person.contact)
    return {name: count for name, count in counts.items() if count}


async def _erase_rows(session: AsyncSession, ids: Mapping[str, Sequence[Any]]) -> dict[str, int]:
    """Delete or clear rows, by table, with what belongs to them and with what their events tell."""
    counts = {"event": 0}
    for name, rows in ids.items():
        counts["event"] += await _erase_events_of(session, HOLDINGS[name], rows)
    for these in _chunks(ids.get("customer_order", ())):
        drafts = _ORDER.c.state == OrderState.DRAFT.value
        await session.execute(delete(_ORDER).where(_ORDER.c.id.in_(these), drafts))
    for one in HOLDINGS.values():
        if one.table not in _OWN_WAY and one.through is not None:
            column, parent = one.through
            above = ids.get(table_of(parent).name, ())
            counts["event"] += await _erase_events_below(session, one, table_of(one.row).c[column], above)
            counts[one.table] = await _apply(session, one, table_of(one.row).c[column], above)
    for name, rows in ids.items():
        counts[name] = await _apply(session, HOLDINGS[name], _key(HOLDINGS[name]), rows)
    return counts


async def _apply(
    session: AsyncSession, one: Holding, column: ColumnElement[Any], values: Sequence[Any]
) -> int:
    return sum([await _change(session, one, column.in_(some)) for some in _chunks(values)])


async def _change(session: AsyncSession, one: Holding, which: ColumnElement[bool]) -> int:
    table = table_of(one.row)
    if one.fate is Fate.DELETED:
        return _count(await session.execute(delete(table).where(which)))
    values: dict[str, Any] = dict(empty(one))
    for name in ("contact_id", one.contact):
        if name and name in table.c:
            values[name] = None
    if "version" in table.c and one.clears:
        values["version"] = table.c.version + 1
    if not values:
        return 0
    return _count(await session.execute(update(table).where(which).values(values)))


async def _erase_events(session: AsyncSession, person: Person) -> int:
    """Empty events of the contact, and of what was said by a number when it belonged to no contact."""
    erased = 0
    if person.contact != NOBODY:
        erased = await _empty_events(session, _EVENT.c.contact_id == person.contact)
    consents = await session.scalars(select(_CONSENT.c.id).where(is_theirs(HOLDINGS["consent"], person)))
    return erased + await _erase_events_of(session, HOLDINGS["consent"], list(consents))


async def _erase_events_of(session: AsyncSession, one: Holding, rows: Sequence[Any]) -> int:
    """Empty events of rows, which may have belonged to no contact when they were changed."""
    subject = SUBJECTS.get(one.row)
    if subject is None:
        return 0
    return sum(
        [
            await _empty_events(
                session,
                and_(_EVENT.c.subject == subject.name, _EVENT.c.subject_id.in_([str(id_) for id_ in some])),
            )
            for some in _chunks(rows)
        ]
    )


async def _erase_events_below(
    session: AsyncSession, one: Holding, column: ColumnElement[Any], above: Sequence[Any]
) -> int:
    """Empty events of rows that belong to other rows, if they have events of their own: parts have none."""
    if one.row not in SUBJECTS or len(table_of(one.row).primary_key) > 1:
        return 0
    rows = [
        id_
        for some in _chunks(above)
        for id_ in await session.scalars(select(_key(one)).where(column.in_(some)))
    ]
    return await _erase_events_of(session, one, rows)


async def _empty_events(session: AsyncSession, which: ColumnElement[bool]) -> int:
    await forget_answers(session, which)
    said = or_(_EVENT.c.before.is_not(None), _EVENT.c.after.is_not(None))
    values = {"before": None, "after": None}
    return _count(await session.execute(update(_EVENT).where(which, said).values(values)))


async def _erase_consents(session: AsyncSession, person: Person, at: datetime) -> int:
    """Delete what the person said; of an objection that holds, keep the keyed hash of each number."""
    theirs = is_theirs(HOLDINGS["consent"], person)
    rows = [dict(row) for row in (await session.execute(select(_CONSENT).where(theirs))).mappings()]
    numbers = {*person.numbers, *person.shared}
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        ended = row["removed_at"] is not None or (row["until"] is not None and row["until"] <= at)
        if row["word"] != ConsentKind.DO_NOT_CALL.value or ended:
            continue
        of = [row["number"]] if row["number"] is not None else sorted(numbers)
        for hash_ in await keyed_all(session, of):
            what = (hash_, row["purpose"], row["campaign_id"], row["until"])
            kept[what] = {
                **{name: row[name] for name in ("word", "purpose", "campaign_id", "given_at", "until")},
                "number": hash_,
                "source": OBJECTED,
                "note": "",
                "created_at": at,
            }
    for some in _chunks([row["id"] for row in rows]):
        await session.execute(delete(_CONSENT).where(_CONSENT.c.id.in_(some)))
    if kept:
        await session.execute(insert(_CONSENT), list(kept.values()))
    return len(rows)


async def _erase_suppressions(session: AsyncSession, person: Person) -> int:
    """Put a count in place of each number: which of a lead's numbers a rule stopped stays evidence."""
    changed = 0
    for place, number in enumerate(sorted(person.numbers)):
        changed += _count(
            await session.execute(
                update(_SUPPRESSION)
                .where(_SUPPRESSION.c.number == number)
                .values(number=f"-{place}", detail="")
            )
        )
    return changed


async def _erase_from_merges(session: AsyncSession, person: Person) -> None:
    """Take pairs with the person out of what undoing other contacts' merges would bring back."""
    if person.contact == NOBODY:
        return
    text = cast(_MERGE.c.changes, Text)
    pairs = or_(*(text.like(f'%"{name}":{person.contact}%') for name in ("contact_id", "other_id")))
    rows = await session.execute(
        select(_MERGE.c.id, _MERGE.c.changes).where(_MERGE.c.contact_id != person.contact, pairs)
    )
    for id_, changes in rows.all():
        kept = [one for one in changes.get("removed", ()) if not _is_pair(one, person.contact)]
        if len(kept) < len(changes.get("removed", ())):
            values = {"changes": {**changes, "removed": kept}}
            await session.execute(update(_MERGE).where(_MERGE.c.id == id_).values(values))


def _is_pair(removed: Mapping[str, Any], contact: int) -> bool:
    row = removed["row"]
    return removed["table"] == _DUPLICATE.name and contact in (row["contact_id"], row["other_id"])


def _key(one: Holding) -> ColumnElement[Any]:
    (key,) = table_of(one.row).primary_key.columns
    return key


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _count(done: Any) -> int:
    count: int = done.rowcount
    return max(count, 0)
