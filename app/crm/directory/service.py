"""Whom work can be given to, and where a call can be passed on: with names, numbers, and whether anybody is free."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.cases.reach import Goal
from app.crm.contact_search.terms import digits_of, name_terms, sound_of, words_of
from app.crm.departments.service import goals_now
from app.crm.departments.tables import ReachKind
from app.crm.directory import queries
from app.crm.inbound_routes.service import numbers_by_target
from app.crm.inbound_routes.tables import RouteKind
from app.crm.queues.queries import load_queue_settings
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Presence, RoutingState
from app.floor.floor import Floor
from app.live.operator_view import is_free
from app.live.queue_view import queue_view
from app.records.engine import reading


class EntryKind(StrEnum):
    """What an entry of the directory is."""

    PERSON = "person"
    QUEUE = "queue"
    DEPARTMENT = "department"


class Reachability(StrEnum):
    """Whether somebody would take a call now."""

    FREE = "free"
    TALKING = "talking"
    BUSY = "busy"
    """At work, and not free: called already, in wrap-up, at a preview; of a queue, all of its operators."""
    AWAY = "away"
    """On a break, offline, or without a phone that can be rung; of a queue, all of its operators."""


@dataclass(slots=True, frozen=True)
class Entry:
    """An entry of the directory."""

    kind: EntryKind
    id: int | str
    name: str
    number: str | None
    """What a phone dials to get there; None: no number leads there."""
    state: Reachability | None
    """None: not known, or no phone."""
    waiting: int = 0
    """Calls that wait in a queue."""


class _Listed(NamedTuple):
    """An entry without its state."""

    kind: EntryKind
    id: int | str
    name: str
    number: str | None
    to: Goal | None
    """Where a call for it goes now."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands in the order of the directory."""
        return "".join(words_of(self.name)), self.kind.value, str(self.id)


@dataclass(slots=True, frozen=True)
class Asked:
    """Which entries are asked for."""

    kinds: Collection[EntryKind] = field(default_factory=lambda: frozenset(EntryKind))
    text: str = ""
    """Beginnings of words of the name, in any order and alphabet, or digits of the number; empty: all."""
    with_number: bool = False
    """Only entries that a phone can dial."""


class DirectoryPage(NamedTuple):
    """Entries by name."""

    entries: Sequence[Entry]
    next: tuple[str, str, str] | None
    """The place to go on after; None on the last page."""


async def find_entries(
    engine: AsyncEngine,
    floor: Floor,
    asked: Asked,
    *,
    at: datetime,
    after: tuple[str, str, str] | None = None,
    limit: int,
) -> DirectoryPage:
    """The entries that fit.

    Args:
        engine: the database.
        floor: as it is now.
        asked: which entries.
        at: the present moment, by which departments are open.
        after: the place at which the page before ended; None at the beginning.
        limit: how many at most.
    """
    async with reading(engine) as session:
        listed = await _listed(session, at)
    shown, following = await asyncio.to_thread(_picked, listed, asked, after, limit)
    return DirectoryPage([_entry(floor, one) for one in shown], following)


async def _listed(session: AsyncSession, at: datetime) -> list[_Listed]:
    people = await queries.list_people(session)
    queues = await load_queue_settings(session)
    departments = await goals_now(session, at)
    numbers = {
        ReachKind.OPERATOR.value: await numbers_by_target(session, RouteKind.OPERATOR),
        ReachKind.QUEUE.value: await numbers_by_target(session, RouteKind.QUEUE),
    }

    def listed(kind: EntryKind, id_: int | str, name: str, to: Goal | None) -> _Listed:
        number = None
        if to is not None:
            ways = [to.target] if to.kind == ReachKind.NUMBER.value else numbers[to.kind].get(to.target, [])
            number = next(iter(ways), None)
        return _Listed(kind, id_, name, number, to)

    return [
        *(listed(EntryKind.PERSON, id_, name, Goal("operator", str(id_))) for id_, name in people),
        *(listed(EntryKind.QUEUE, one.id, one.title, Goal("queue", one.id)) for one in queues),
        *(listed(EntryKind.DEPARTMENT, row.id or 0, row.title, to) for row, to in departments),
    ]


def _picked(
    listed: Iterable[_Listed], asked: Asked, after: tuple[str, str, str] | None, limit: int
) -> tuple[list[_Listed], tuple[str, str, str] | None]:
    """A page of the entries that fit, and where it ended; in a thread, because each name is folded."""
    fitting = sorted(((one.place, one) for one in _fitting(listed, asked)), key=itemgetter(0))
    page = [(place, one) for place, one in fitting if after is None or place > after]
    return [one for _, one in page[:limit]], page[limit - 1][0] if len(page) > limit else None


def _fitting(entries: Iterable[_Listed], asked: Asked) -> list[_Listed]:
    words = words_of(asked.text)
    if asked.text.strip() and not words:
        return []
    return [
        one
        for one in entries
        if one.kind in asked.kinds and (one.number or not asked.with_number) and _fits(one, words)
    ]


def _entry(floor: Floor, one: _Listed) -> Entry:
    queue = floor.queues.get(QueueId(str(one.id))) if one.kind is EntryKind.QUEUE else None
    return Entry(
        kind=one.kind,
        id=one.id,
        name=one.name,
        number=one.number,
        state=_state(floor, one.to) if one.to is not None else None,
        waiting=len(queue.waiting_calls) if queue is not None else 0,
    )


def _fits(entry: _Listed, words: Sequence[str]) -> bool:
    terms = [*name_terms(entry.name), *(words_of(str(entry.id)) if entry.kind is EntryKind.QUEUE else ())]
    digits = digits_of(entry.number or "")
    return all(
        any(term.startswith(beginning) for term in terms for beginning in (word, sound_of(word)) if beginning)
        or (word.isdigit() and word in digits)
        for word in words
    )


def _state(floor: Floor, to: Goal) -> Reachability | None:
    if to.kind == ReachKind.OPERATOR.value:
        return _state_of_operator(floor, OperatorId(int(to.target)))
    if to.kind == ReachKind.QUEUE.value:
        return _state_of_queue(floor, QueueId(to.target))
    return None


def _state_of_operator(floor: Floor, id_: OperatorId) -> Reachability | None:
    operator = floor.operators.get(id_)
    if operator is None:
        return None
    if is_free(floor, operator):
        return Reachability.FREE
    talks = operator.routing in {RoutingState.TALKING, RoutingState.ON_HOLD}
    if talks or floor.is_on_the_phone(id_):
        return Reachability.TALKING
    if operator.routing is not RoutingState.IDLE and operator.presence is Presence.AVAILABLE:
        return Reachability.BUSY
    return Reachability.AWAY


def _state_of_queue(floor: Floor, id_: QueueId) -> Reachability | None:
    queue = floor.queues.get(id_)
    if queue is None:
        return None
    view = queue_view(floor, queue)
    if view["idle"]:
        return Reachability.FREE
    return Reachability.BUSY if view["members"] > view["on_break"] else Reachability.AWAY
