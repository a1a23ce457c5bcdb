"""Statements for many rows. Each of the journal's may run again with the same rows, which changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Dialect, Executable, Table, and_, bindparam, case, column, or_, table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from app.records.base import UtcDateTime, table_of
from app.records.event_table import EventRow
from app.records.mapping import Batch
from app.records.tables import CallEventRow, CallLegRow, CallRow, OperatorStateRow

_CALL = table_of(CallRow)
_CALL_LEG = table_of(CallLegRow)
_CALL_EVENT = table_of(CallEventRow)
_OPERATOR_STATE = table_of(OperatorStateRow)
_EVENT = table_of(EventRow)
_CONTACT = table("contact", column("id"), column("last_operator_id"), column("last_served_at", UtcDateTime()))

_KNOWN_AT_ARRIVAL = frozenset({"id", "arrived_at"})

ROWS = 200
"""How many rows are converted at a time: the event loop goes on between."""

Rows = Sequence[Mapping[str, Any]]


class Prepared:
    """An insert compiled once, with a plan for its rows.

    SQLAlchemy goes through a statement's parameters anew for each row; that costs more than SQLite's own
    work for a row of the timeline.
    """

    def __init__(
        self,
        insert: postgresql.Insert | sqlite.Insert,
        table: Table,
        dialect: Dialect,
        *,
        without: frozenset[str] = frozenset(),
    ) -> None:
        """Compile the statement.

        Args:
            insert: the statement.
            table: the table it inserts into.
            dialect: the database's dialect.
            without: columns whose values the database gives.
        """
        given = [name for name in table.columns.keys() if name not in without]  # noqa: SIM118 - not its columns
        compiled = insert.compile(dialect=dialect, column_keys=given)
        assert isinstance(compiled, SQLCompiler)
        assert compiled.positiontup is not None
        self._sql = compiled.string
        self._plan = [
            (name, _default(table.c[name]), table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]

    async def run(self, connection: AsyncConnection, rows: Rows) -> None:
        """Insert rows. A column they lack gets its default: an earlier version may have spooled them."""
        plan = self._plan
        for start in range(0, len(rows), ROWS):
            values = [
                tuple(
                    [
                        row.get(name, default) if convert is None else convert(row.get(name, default))
                        for name, default, convert in plan
                    ]
                )
                for row in rows[start : start + ROWS]
            ]
            await connection.exec_driver_sql(self._sql, values)


class Plain:
    """A statement that SQLAlchemy runs."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement

    async def run(self, connection: AsyncConnection, rows: Rows) -> None:
        """Run the statement for each row."""
        await connection.execute(self._statement, rows)


Statement = Prepared | Plain
Work = list[tuple[Statement, Rows]]


class Statements:
    """The statements in one database's dialect."""

    def __init__(self, dialect: Dialect) -> None:
        insert = postgresql.insert if dialect.name == "postgresql" else sqlite.insert

        def keep(table: Table) -> Prepared:
            return Prepared(insert(table).on_conflict_do_nothing(), table, dialect)

        arrived, ended, leg = insert(_CALL), insert(_CALL), insert(_CALL_LEG)
        # A call adopted after a restart arrives a second time: the first arrival is the true one.
        first_arrival = case(
            (_CALL.c.arrived_at <= ended.excluded.arrived_at, _CALL.c.arrived_at),
            else_=ended.excluded.arrived_at,
        )
        arrived = arrived.on_conflict_do_update(
            index_elements=[_CALL.c.id],
            set_={"contact_id": arrived.excluded.contact_id},
            where=and_(_CALL.c.ended_at.is_(None), arrived.excluded.contact_id.is_not(None)),
        )
        ended = ended.on_conflict_do_update(
            index_elements=[_CALL.c.id],
            set_={
                **{c.name: ended.excluded[c.name] for c in _CALL.c if c.name not in _KNOWN_AT_ARRIVAL},
                "arrived_at": first_arrival,
            },
        )
        leg = leg.on_conflict_do_update(
            index_elements=[_CALL_LEG.c.call_id, _CALL_LEG.c.number],
            set_={c.name: leg.excluded[c.name] for c in _CALL_LEG.c if not c.primary_key},
        )
        self.arrived = Prepared(arrived, _CALL, dialect)
        self.ended = Prepared(ended, _CALL, dialect)
        self.legs = Prepared(leg, _CALL_LEG, dialect)
        self.events = keep(_CALL_EVENT)
        self.intervals = keep(_OPERATOR_STATE)
        self.stream = Prepared(
            insert(_EVENT).on_conflict_do_nothing(),
            _EVENT,
            dialect,
            without=frozenset({"id", "transaction_id"}),
        )
        self.contacts = Plain(
            update(_CALL)
            .where(_CALL.c.id == bindparam("b_id"), _CALL.c.ended_at.is_(None))
            .values(contact_id=bindparam("b_contact_id"))
        )
        self.closings = Plain(
            update(_OPERATOR_STATE)
            .where(
                and_(
                    _OPERATOR_STATE.c.operator_id == bindparam("b_operator_id"),
                    _OPERATOR_STATE.c.seq == bindparam("b_seq"),
                )
            )
            .values(
                to_at=bindparam("b_to_at"),
                duration_s=bindparam("b_duration_s"),
                end_cause=bindparam("b_end_cause"),
            )
        )
        self.served = Plain(
            update(_CONTACT)
            .where(
                _CONTACT.c.id == bindparam("b_contact_id"),
                or_(_CONTACT.c.last_served_at.is_(None), _CONTACT.c.last_served_at <= bindparam("b_at")),
            )
            .values(last_operator_id=bindparam("b_operator_id"), last_served_at=bindparam("b_at"))
        )

        self.by_name: Mapping[str, Statement] = {
            "call_arrived": self.arrived,
            "call_ended": self.ended,
            "call_contact": self.contacts,
            "call_leg": self.legs,
            "call_event": self.events,
            "operator_interval": self.intervals,
            "operator_interval_end": self.closings,
            "contact_served": self.served,
            "event": self.stream,
        }
        """Statements by names that never change: files of rows that are set aside refer to them."""

    def name_of(self, statement: Statement) -> str:
        """A statement's name."""
        return next(name for name, known in self.by_name.items() if known is statement)

    def of(self, *batches: Batch) -> Work:
        """The statements to run for batches that follow each other; statements without rows are left out.

        Each statement takes all its rows at once: many small batches, as a spool holds them, cost little more
        than a large one. The result is the same as if the batches were written one after the other.
        """
        work: Work = [
            (self.arrived, [row for batch in batches for row in batch.arrived.values()]),
            (self.ended, [row for batch in batches for row in batch.ended.values()]),
            (self.contacts, [row for batch in batches for row in batch.contacts.values()]),
            (self.legs, [row for batch in batches for row in batch.legs]),
            (self.events, [row for batch in batches for row in batch.events]),
            (self.intervals, [row for batch in batches for row in batch.intervals]),
            (self.closings, [row for batch in batches for row in batch.closings]),
            (self.stream, [row for batch in batches for row in batch.stream]),
            # By id, so that two writers never wait for each other's contacts in a ring.
            (self.served, sorted((row for batch in batches for row in batch.served.values()), key=_contact)),
        ]
        return [(statement, rows) for statement, rows in work if rows]


def _contact(served: Mapping[str, Any]) -> int:
    id_: int = served["b_contact_id"]
    return id_


def _default(column: Column[Any]) -> Any:
    default = column.default
    if default is None:
        return None
    assert isinstance(default, (ScalarElementColumnDefault, CallableColumnDefault))
    return default.arg if isinstance(default, ScalarElementColumnDefault) else default.arg(None)  # type: ignore[arg-type]
