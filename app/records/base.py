"""What all tables share: names of constraints, and types of columns for points in time, money and JSON."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, String, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table, with names for constraints that are the same on every database."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware point in time, in UTC.

    PostgreSQL has a type for it. SQLite gives naive values back, so there it is ISO 8601 text of one
    width (`2025-03-01 09:30:00.000000+00:00`), which sorts as time and which SQLite's own date
    functions read.

    Raises:
        ValueError: on a naive value.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, `timestamptz` elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Convert a value for the database."""
        if value is None:
            return None
        if value.tzinfo is not UTC:
            if value.tzinfo is None:
                raise ValueError(f"{value!r} has no time zone")
            value = value.astimezone(UTC)
        return value.isoformat(" ", "microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert a value of the database."""
        if value is None:
            return None
        point = datetime.fromisoformat(value) if isinstance(value, str) else value
        return point.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An amount of money in the unit of the tariffs: whole millionths in the database, so that sums are exact."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Convert a value for the database."""
        return None if value is None else int(value.scaleb(6).to_integral_value())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Convert a value of the database."""
        return None if value is None else Decimal(int(value)).scaleb(-6)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
OrderedJson = JSON(none_as_null=True)
"""Keeps the order of keys, which PostgreSQL's JSONB does not."""
BigInt = BigInteger().with_variant(Integer(), "sqlite")


class Row(SQLModel):
    """The base of every table."""

    metadata: ClassVar[MetaData] = metadata


def table_of(row: type[Row]) -> Table:
    """The table of a row's class, for statements that need its columns."""
    return metadata.tables[str(row.__tablename__)]
