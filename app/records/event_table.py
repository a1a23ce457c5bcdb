"""The stream of events: what changed, who changed it and when, before and after.

An event is written in the transaction that changes something: by `app.events.recorder` for what people and programs
change, by the journal for what the floor did.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field

from app.records.base import BigInt, Json, Row, UtcDateTime
from app.records.columns import only_where


class EventRow(Row, table=True):
    """One change. No foreign keys: what happened outlives what it happened to."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_at", "at", "id"),
        Index("ix_event_kind", "subject", "kind", "at", "id"),
        Index("ix_event_subject_id", "subject", "subject_id", "at", "id"),
        Index("ix_event_user_id", "user_id", "at", "id", **only_where("user_id IS NOT NULL")),
        Index("ix_event_contact_id", "contact_id", **only_where("contact_id IS NOT NULL")),
        Index("ix_event_key", "key", unique=True, **only_where("key IS NOT NULL")),
        Index("ix_event_transaction", "transaction_id", "id", **only_where("transaction_id IS NOT NULL")),
        {"sqlite_autoincrement": True},  # the newest may be removed, and a reader goes on behind it
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=60)
    """The subject and what became of it, such as `contact.changed`."""
    version: int = 1
    """The version of the form of `before` and `after` of this kind."""
    subject: str = Field(max_length=40)
    subject_id: str = Field(default="", max_length=150)
    """The subject's id; empty where many changed at once."""
    row_version: int | None = None
    """The row's version that the change made; None where the row has no versions."""
    contact_id: int | None = Field(default=None, sa_type=BigInteger)
    """The contact whom the values are about: they are erased with the contact."""
    actor: str = Field(max_length=20)
    """An `ActorKind`."""
    user_id: int | None = None
    actor_name: str = ""
    request_id: str = Field(default="", max_length=36)
    before: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """The changed fields as they were; None: there were none, or they were erased."""
    after: dict[str, Any] | None = Field(default=None, sa_type=Json)
    """The changed fields as they are; None: there are none, or they were erased."""
    key: str | None = Field(default=None, max_length=200)
    """A unique key, for an event that may be written again: the same event is written only once."""
    transaction_id: int | None = Field(default=None, sa_type=BigInteger)
    """PostgreSQL's transaction, by the column's default: it tells in which order events may be read. None on SQLite."""
