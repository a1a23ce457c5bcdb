"""Whose what is made in a call is: the call's contact's, unless another contact was named; and it follows the call.

A subject joins with one line beside its `describe(...)`::

    follows_call(OrderRow, touched="updated_at")

Its table has `call_id`, `contact_id` and `version`. When somebody says who is calling, the rows of the call that are
the former contact's, or nobody's, become the new one's; those that are somebody else's stay. Each change is an event.
Whoever names the former contact again has undone it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from app.events.subjects import SUBJECTS
from app.records.base import Row, table_of
from app.records.event_table import EventRow

_EVENT = table_of(EventRow)


@dataclass(slots=True, frozen=True)
class Follower:
    """Rows that follow their call to its contact."""

    row: type[Row]
    touched: str
    """The column with the moment of the last change; empty: there is none."""
    parts: tuple[tuple[type[Row], str], ...]
    """Tables of rows that belong to these and have a `contact_id` of their own, each with the column of their owner."""


FOLLOWERS: Final[list[Follower]] = []


def follows_call(row: type[Row], *, touched: str = "", parts: tuple[tuple[type[Row], str], ...] = ()) -> None:
    """Let a table's rows follow their call to its contact; the arguments are those of `Follower`."""
    named = {"id", "call_id", "contact_id", "version", touched} - {""}
    assert named <= set(table_of(row).columns.keys()), f"{row.__name__} has no column {named}"
    FOLLOWERS.append(Follower(row, touched, parts))


async def give_call(
    session: AsyncSession, call: str, *, was: int | None, now: int | None, at: datetime
) -> None:
    """Give what was made in a call to the call's new contact.

    Args:
        session: that writes.
        call: the call.
        was: whose the call was; None: nobody's.
        now: whose it is.
        at: aware; now.
    """
    for one in FOLLOWERS:
        table = table_of(one.row)
        theirs: ColumnElement[bool] = table.c.contact_id.is_(None)
        if was is not None:
            theirs = or_(theirs, table.c.contact_id == was)
        query = select(one.row).where(table.c.call_id == call, theirs).order_by(table.c.id).with_for_update()
        found: Any = await session.scalars(query)
        rows = [row for row in found if row.contact_id != now]
        for row in rows:
            row.contact_id = now
            row.version += 1
            if one.touched:
                setattr(row, one.touched, at)
        await take_along(session, one.row, [row.id for row in rows], now)


async def take_along(session: AsyncSession, row: type[Row], ids: Sequence[int], now: int | None) -> None:
    """Give what belongs to rows that have become a contact's, and what is told of them, to that contact, too.

    Args:
        session: that writes.
        row: of `FOLLOWERS`.
        ids: of the rows.
        now: whose they are; None: nobody's.
    """
    if not ids:
        return
    await _retell(session, row, [str(id_) for id_ in ids], now)
    for part, owner in next(one.parts for one in FOLLOWERS if one.row is row):
        table = table_of(part)
        found: Any = await session.scalars(select(part).where(table.c[owner].in_(ids)))
        keys = []
        for one in found:
            keys.append(":".join(str(getattr(one, key.name)) for key in table.primary_key))
            one.contact_id = now
        await _retell(session, part, keys, now)
    await session.flush()


async def _retell(session: AsyncSession, row: type[Row], ids: Sequence[str], now: int | None) -> None:
    """Earlier events of rows are about the contact, too: its history shows them, and its erasure finds them."""
    if ids:
        of_them = (_EVENT.c.subject == SUBJECTS[row].name, _EVENT.c.subject_id.in_(ids))
        await session.execute(update(_EVENT).where(*of_them).values(contact_id=now))
