"""Writes an event for each change of a transaction, in that transaction: the outbox.

    writing(engine, actor) -> rows change -> flush -> what they were is noted
                                             commit -> what they are is compared -> events, in the same transaction

Rows of described tables (`app.events.subjects`) need nothing more: each row that is added, changed or deleted through
the session becomes an event with the fields that differ. Whoever runs statements that change many rows at once, without
the session, announces them (`announce`). A rollback drops both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import event as hooks
from sqlalchemy import insert, inspect, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.domain.actors import Actor, ActorKind
from app.events.subjects import (
    CHANGED,
    CREATED,
    HAPPENS,
    PARTS,
    REMOVED,
    SUBJECTS,
    VERSION,
    Subject,
    column_names,
)
from app.events.values import HIDDEN, told, told_whole
from app.records.base import Row, table_of
from app.records.event_table import EventRow
from app.records.sessions import WritingSession
from app.system import clock

ROWS_MOST: Final = 100
"""The most events of one kind in one transaction: more of them become one event, with their count."""
_FORM: Final = 1
_CHANGES: Final = "changes"
_EVENT = table_of(EventRow)


@dataclass(slots=True)
class _Touched:
    """A row that changed, and its columns as they were."""

    row: Row
    what: str
    before: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Parts:
    """Rows that went from and came to a subject's row."""

    gone: list[Any] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
    whole: bool = False
    """As in `Part`."""


@dataclass(slots=True)
class _Changes:
    """What a transaction has changed so far."""

    rows: dict[int, _Touched] = field(default_factory=dict)
    """Rows by Python's `id`: rows have no hash."""
    parts: dict[tuple[type[Row], str], dict[str, _Parts]] = field(default_factory=dict)
    """Lists by the subject's table and its row's id, then by the list's name."""
    announced: list[dict[str, Any]] = field(default_factory=list)
    forgotten: set[int] = field(default_factory=set)
    """Contacts whose values are erased."""


def announce(
    session: AsyncSession,
    subject: str,
    id_: str | int,
    what: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    contact: int | None = None,
    version: int | None = None,
) -> None:
    """Write an event, at the commit, for changes by statements that do not go through the session's rows.

    Args:
        session: of `writing`; its actor made the changes.
        subject: a name of `app.events.subjects`.
        id_: the id of the row that changed; empty for many at once.
        what: in the past tense, such as `changed` or `imported`; `describe` knows it.
        before: fields as they were; counts, where many changed.
        after: fields as they are.
        contact: the id of the contact whom the values are about.
        version: the row's version that the change made; None: it made none.
    """
    assert what in HAPPENS.get(subject, ()), f"no table is described with events {subject}.{what}"
    changes = _changes_of(session.sync_session)
    changes.announced.append(
        _event(subject, str(id_), what, before=before, after=after, contact=contact, row_version=version)
    )


def forget_contact(session: AsyncSession, contact: int) -> None:
    """Erase, at the commit, the values of a contact in all events; who changed something, and when, stays.

    Args:
        session: of `writing`.
        contact: the contact's id.
    """
    _changes_of(session.sync_session).forgotten.add(contact)


def _changes_of(session: Session) -> _Changes:
    changes: _Changes = session.info.setdefault(_CHANGES, _Changes())
    return changes


def _event(
    subject: str,
    id_: str,
    what: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    contact: int | None = None,
    row_version: int | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    tell = told_whole if whole else told
    return {
        "kind": f"{subject}.{what}",
        "version": _FORM,
        "subject": subject,
        "subject_id": id_,
        "row_version": row_version,
        "contact_id": contact,
        "before": tell(before) if before else None,
        "after": tell(after) if after else None,
    }


@hooks.listens_for(WritingSession, "before_flush")
def _note(session: Session, _context: object, _instances: object) -> None:
    """Note the columns of rows before the rows are written."""
    changes = _changes_of(session)
    for row in session.new:
        _note_row(session, changes, row, CREATED)
    for row in session.dirty:
        if session.is_modified(row):
            _note_row(session, changes, row, CHANGED)
    for row in session.deleted:
        _note_row(session, changes, row, REMOVED)


def _note_row(session: Session, changes: _Changes, row: Row, what: str) -> None:
    if (part := PARTS.get(type(row))) is not None:
        lists = changes.parts.setdefault((part.of, str(getattr(row, part.key))), {})
        rows = lists.setdefault(part.name, _Parts(whole=part.whole))
        if what != CREATED:
            rows.gone.append(_shown(row, part.shows, _as_it_was(row)))
        if what != REMOVED:
            rows.new.append(row)
        return
    subject = SUBJECTS.get(type(row))
    if subject is None or not subject.told(row):
        return
    actor: Actor = session.info[WritingSession.ACTOR]
    if subject.people_only and actor.kind is ActorKind.SERVICE:
        return
    known = changes.rows.get(id(row))
    if known is None:
        changes.rows[id(row)] = _Touched(row, what, _as_it_was(row) if what != CREATED else {})
    elif what == REMOVED and known.what == CREATED:
        del changes.rows[id(row)]
    elif what == REMOVED:
        known.what = REMOVED


def _as_it_was(row: Row) -> dict[str, Any]:
    """Every column as the database has it."""
    state = inspect(row)
    was: dict[str, Any] = {}
    for name in column_names(row):
        history = state.attrs[name].history
        if history.deleted:
            was[name] = history.deleted[0]
        elif name in state.dict and not history.added:
            was[name] = state.dict[name]
    return was


@hooks.listens_for(WritingSession, "before_commit")
def _write(session: Session) -> None:
    """Compare rows with what was noted, and write events."""
    if session.in_nested_transaction():
        return
    session.flush()
    changes: _Changes | None = session.info.pop(_CHANGES, None)
    if changes is None:
        return
    if changes.forgotten:
        of_them = _EVENT.c.contact_id.in_(changes.forgotten)
        session.execute(update(_EVENT).where(of_them).values(before=None, after=None))
    events = [*_of_rows(changes), *changes.announced]
    if not events:
        return
    for one in events:
        if one["contact_id"] in changes.forgotten:
            one |= {"before": None, "after": None}
    actor: Actor = session.info[WritingSession.ACTOR]
    at = clock.utc_now()
    who = {
        "at": at,
        "actor": actor.kind.value,
        "user_id": actor.user,
        "actor_name": actor.name,
        "request_id": actor.request,
    }
    session.execute(insert(_EVENT), [one | who for one in _bounded(events)])


@hooks.listens_for(WritingSession, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_CHANGES, None)


def _of_rows(changes: _Changes) -> list[dict[str, Any]]:
    events = []
    for touched in changes.rows.values():
        row, subject = touched.row, SUBJECTS[type(touched.row)]
        if touched.what != REMOVED and not inspect(row).persistent:
            continue  # a part of the transaction was rolled back
        id_ = _id(row)
        lists = changes.parts.pop((type(row), id_), {})
        before, after = _difference(touched, subject)
        _add_parts(lists, before, after)
        if touched.what == CHANGED and not before and not after:
            continue
        version: int | None = getattr(row, VERSION, None)
        if touched.what == CHANGED and version is not None:
            assert version != touched.before.get(VERSION), f"{subject.name} changed, but not its version"
        events.append(
            _event(
                subject.name,
                id_,
                touched.what,
                before=before,
                after=after,
                contact=_contact(subject, row, id_),
                row_version=version,
                whole=subject.whole,
            )
        )
    for (kind, id_), lists in changes.parts.items():
        subject, before, after = SUBJECTS[kind], {}, {}
        _add_parts(lists, before, after)
        if before or after:
            contact = int(id_) if subject.name == "contact" else None
            events.append(
                _event(
                    subject.name,
                    id_,
                    CHANGED,
                    before=before,
                    after=after,
                    contact=contact,
                    whole=subject.whole,
                )
            )
    return events


def _difference(touched: _Touched, subject: Subject) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they are; of a new row, all fields with a value."""
    row, names = touched.row, [name for name in column_names(touched.row) if name not in subject.without]
    if touched.what == REMOVED:
        return {
            name: HIDDEN if name in subject.hidden else touched.before.get(name)
            for name in names
            if _says(touched.before.get(name))
        }, {}
    is_now = {name: getattr(row, name) for name in names}
    if touched.what == CREATED:
        return {}, {
            name: value for name, value in is_now.items() if name not in subject.hidden and _says(value)
        }
    before, after = {}, {}
    for name, value in is_now.items():
        if name in touched.before and touched.before[name] == value:
            continue
        before[name] = HIDDEN if name in subject.hidden else touched.before.get(name)
        after[name] = HIDDEN if name in subject.hidden else value
    return before, after


def _says(value: object) -> bool:
    return value is not None and value not in ("", [], {})


def _add_parts(lists: Mapping[str, _Parts], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Add the items that each list lost and gained; an item that went and came again is left out."""
    for name, rows in lists.items():
        new = [
            _shown(row, PARTS[type(row)].shows, row.__dict__) for row in rows.new if inspect(row).persistent
        ]
        gone, came = rows.gone, new
        if not rows.whole:
            gone, came = (
                [one for one in gone if one not in new],
                [one for one in came if one not in rows.gone],
            )
        elif gone == came:
            continue
        if gone:
            before[name] = gone
        if came:
            after[name] = came


def _shown(row: Row, shows: tuple[str, ...], values: Mapping[str, Any]) -> Any:
    shown = {name: values[name] if name in values else getattr(row, name) for name in shows}
    return shown if len(shows) > 1 else shown[shows[0]]


def _id(row: Row) -> str:
    keys = [column.name for column in table_of(type(row)).primary_key]
    return ":".join(str(getattr(row, key)) for key in keys)


def _contact(subject: Subject, row: Row, id_: str) -> int | None:
    if subject.name == "contact":
        return int(id_)
    contact: int | None = getattr(row, "contact_id", None)
    return contact


def _bounded(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where one kind has more than `ROWS_MOST` events in one transaction, put one event with their count in place."""
    counts: dict[str, int] = {}
    for one in events:
        counts[one["kind"]] = counts.get(one["kind"], 0) + 1
    kept = [one for one in events if counts[one["kind"]] <= ROWS_MOST]
    for kind, count in counts.items():
        if count > ROWS_MOST:
            subject, _, what = kind.partition(".")
            kept.append(_event(subject, "", what, before=None, after={"count": count}))
    return kept
