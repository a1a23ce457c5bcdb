"""The revision of the configuration: every transaction that changes rows which the floor is made from raises it.

Such a table is marked with `CONFIGURES`. The revision is written last in its transaction, so that no transaction holds
its row while waiting for another row. The reconciler of the configuration compares the revision, and is told of changes
at once: within this process by `on_change`, from another process by NOTIFY where the database is PostgreSQL.
"""

from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Table, event, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, object_mapper
from sqlmodel import Field, col

from app.records.base import Row
from app.records.sessions import WritingSession

_MARK: Final = "configures"
CONFIGURES: Final[dict[str, Any]] = {"info": {_MARK: True}}
"""The `__table_args__` of a table from which the floor, or what the PBX reads, is made."""
CHANNEL: Final = "keskus_configuration"
"""The channel of PostgreSQL's NOTIFY."""
_CHANGED: Final = "keskus_configuration_changed"
_listeners: WeakKeyDictionary[Engine, list[Callable[[], None]]] = WeakKeyDictionary()


class RevisionRow(Row, table=True):
    """How often the configuration was changed; one row."""

    __tablename__ = "configuration_revision"

    id: int = Field(primary_key=True)
    """Always 1."""
    revision: int = 0


async def read_revision(session: AsyncSession) -> int:
    """How often the configuration was changed."""
    return (await session.scalars(select(col(RevisionRow.revision)))).one()


def on_change(engine: AsyncEngine, told: Callable[[], None]) -> None:
    """Call `told` after each transaction of this process that may have changed the configuration."""
    _listeners.setdefault(engine.sync_engine, []).append(told)


def tell(engine: AsyncEngine, session: AsyncSession) -> None:
    """Call the listeners of `on_change` where a session that is over changed the configuration."""
    if session.info.get(_CHANGED):
        for told in _listeners.get(engine.sync_engine, ()):
            told()


@event.listens_for(WritingSession, "after_flush")
def _flushed(session: Session, _: UOWTransaction) -> None:
    changed = (*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one)))
    if any(_configures(object_mapper(one).local_table) for one in changed):
        session.info[_CHANGED] = True


@event.listens_for(WritingSession, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if _configures(table):
            state.session.info[_CHANGED] = True


@event.listens_for(WritingSession, "before_commit")
def _committing(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.get(_CHANGED):
        connection = session.connection()
        connection.execute(update(RevisionRow).values(revision=col(RevisionRow.revision) + 1))
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_notify(CHANNEL, "")))


def _configures(table: object) -> bool:
    return isinstance(table, Table) and bool(table.info.get(_MARK))
