"""The figures of reports, added up by the database, and the rows that they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.records.base import UtcDateTime
from app.reports.formulas import LONGEST
from app.reports.periods import SLOT_S, Span
from app.reports.sources import By, Source

Group = str | int | None


@dataclass(slots=True, frozen=True, kw_only=True)
class Wanted:
    """Which rows a report takes."""

    span: Span
    groups: Sequence[tuple[By, Group]] = ()
    """Only rows that are in all of these groups; None: in none."""
    slots: Sequence[int] | None = None
    """Only rows in these slots; None: in all."""
    now: datetime
    """Until when a row has lasted that lasts still."""


class SlotFigures(NamedTuple):
    """Plain figures of one group in one slot."""

    group: Group
    slot: int | None
    figures: dict[str, float]


class BundleSeconds(NamedTuple):
    """Seconds of one group of rows that begin in one slot and end in one slot: see `app.reports.spans`."""

    group: Group
    first: int
    last: int
    figures: dict[str, tuple[int, float, float]]
    """For each figure the number of rows, and the two sums."""


class Found(NamedTuple):
    """One row that a figure counts."""

    key: str
    at: datetime
    value: float
    shows: dict[str, Any]


async def add_up(
    session: AsyncSession, source: Source, wanted: Wanted, *, by: By | None, slotted: bool, most: int
) -> list[SlotFigures]:
    """The plain figures of moments, by group and by slot; one more than `most` where there are more."""
    keys = {} if by is None else {"in_group": source.groups[by]}
    if slotted:
        keys["in_slot"] = _slot(session, source.at)
    parts = {name: _part(one.where, one.value, name) for name, one in source.measures.items()}
    each = _labelled(session, source, wanted, keys | parts)
    sums = [(func.max if name in LONGEST else func.sum)(each.c[name]) for name in parts]
    query = select(*(each.c[name] for name in keys), *sums)
    if keys:
        query = query.group_by(*(each.c[name] for name in keys)).limit(most + 1)
    found = []
    for row in await session.execute(query):
        told = list(row)
        group = told.pop(0) if by is not None else None
        slot = int(told.pop(0)) if slotted else None
        figures = {name: value or 0 for name, value in zip(parts, told, strict=True)}
        found.append(SlotFigures(group, slot, figures))
    return found


async def bundle(
    session: AsyncSession, source: Source, wanted: Wanted, *, by: By | None, most: int
) -> list[BundleSeconds]:
    """The seconds of rows that last, within the period, by the slots in which they begin and end."""
    begins, ends = _clipped(session, source, wanted)
    keys = {} if by is None else {"in_group": source.groups[by]}
    keys |= {"first": _floor(session, begins), "last": _floor(session, ends)}
    parts = {name: case((one.where, 1), else_=0) for name, one in source.measures.items()}
    each = _labelled(session, source, wanted, keys | parts | {"begins": begins, "ends": ends})
    sums: list[Any] = []
    for name in parts:
        counts = each.c[name]
        sums += [
            func.sum(counts),
            func.sum(counts * (each.c.begins - each.c.first * SLOT_S)),
            func.sum(counts * (each.c.ends - each.c.last * SLOT_S)),
        ]
    grouped = [each.c[name] for name in keys]
    found = []
    for row in await session.execute(select(*grouped, *sums).group_by(*grouped).limit(most + 1)):
        told = list(row)
        of = told.pop(0) if by is not None else None
        first, last, *rest = told
        of_three = iter(rest)
        figures = {
            name: (int(next(of_three)), float(next(of_three)), float(next(of_three))) for name in parts
        }
        found.append(BundleSeconds(of, int(first), int(last), figures))
    return found


async def page_rows(
    session: AsyncSession,
    source: Source,
    wanted: Wanted,
    figure: str,
    *,
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[Found]:
    """The rows of a figure, the newest first.

    Args:
        session: reads.
        source: of the figure.
        wanted: which rows.
        figure: its name.
        after: the moment and the key of the last row of the page before.
        limit: how many at most.
    """
    measure = source.measures[figure]
    value: Any = measure.value
    if source.ends is not None:
        begins, ends = _clipped(session, source, wanted)
        value = ends - begins
    elif value is None:
        value = cast(1, Integer)
    shown = {name: column.label(f"shows_{name}") for name, column in source.shows.items()}
    query: Select[Any] = select(
        source.key.label("key"), source.at.label("at"), value.label("value"), *shown.values()
    )
    query = query.select_from(source.tables).where(measure.where, *_taken(session, source, wanted))
    query = query.order_by(source.at.desc(), source.key.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(source.at, source.key) < tuple_(*after, types=(UtcDateTime(), String())))
    return [
        Found(row.key, row.at, row.value or 0, {name: getattr(row, f"shows_{name}") for name in source.shows})
        for row in await session.execute(query)
    ]


def _taken(session: AsyncSession, source: Source, wanted: Wanted) -> list[ColumnElement[bool]]:
    begins, ends = wanted.span
    found: list[ColumnElement[bool]] = [*source.base, source.at < ends]
    if source.ends is None:
        found.append(source.at >= begins)
    else:
        found.append(or_(source.ends.is_(None), source.ends > begins))
    for by, group in wanted.groups:
        column = source.groups[by]
        if group is not None:
            found.append(column == group)
        elif isinstance(column.type, Integer):
            found.append(column.is_(None))
        else:  # texts say it in either way
            found.append(or_(column.is_(None), column == ""))
    if wanted.slots is not None:
        found.append(_slot(session, source.at).in_(wanted.slots))
    return found


def _labelled(session: AsyncSession, source: Source, wanted: Wanted, columns: Mapping[str, Any]) -> Any:
    """The rows with these columns; what is grouped is a column then, which PostgreSQL asks for."""
    named = [column.label(name) for name, column in columns.items()]
    return select(*named).select_from(source.tables).where(*_taken(session, source, wanted)).subquery()


def _part(where: Any, value: Any, name: str) -> Any:
    """What one row adds to a figure."""
    if name in LONGEST:
        return case((where, value))
    return case((where, 1 if value is None else value), else_=0)


def _clipped(session: AsyncSession, source: Source, wanted: Wanted) -> tuple[Any, Any]:
    """When a row begins and ends within the period, in seconds since 1970."""
    low, high = wanted.span.begins.timestamp(), min(wanted.span.ends, wanted.now).timestamp()
    greatest, least = (func.max, func.min) if _is_sqlite(session) else (func.greatest, func.least)
    begins = least(greatest(_seconds(session, source.at), low), high)
    # A clock that was set back between makes no time run backwards.
    ends = greatest(least(func.coalesce(_seconds(session, source.ends), high), high), begins)
    return begins, ends


def _slot(session: AsyncSession, at: Any) -> Any:
    if _is_sqlite(session):
        return cast(func.strftime("%s", func.substr(at, 1, 19)), BigInteger) // SLOT_S
    return _floor(session, func.extract("epoch", at))


def _floor(session: AsyncSession, seconds: Any) -> Any:
    """The slot of a moment in seconds."""
    slots = seconds / float(SLOT_S)
    return cast(
        slots if _is_sqlite(session) else func.floor(slots), BigInteger
    )  # SQLite cuts, PostgreSQL rounds


def _seconds(session: AsyncSession, at: Any) -> Any:
    """Seconds since 1970, with their fraction."""
    if not _is_sqlite(session):
        return cast(func.extract("epoch", at), Double)
    whole = cast(func.strftime("%s", func.substr(at, 1, 19)), BigInteger)
    return cast(whole + cast(func.substr(at, 20, 7), Double), Double)


def _is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"
