"""Webhooks, what is delivered to them, and how far the stream of events has been read for them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import pydantic
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlmodel import AutoString, Field

from app.domain.roles import Permission
from app.events.kinds import Kind
from app.events.subjects import describe
from app.records.base import BigInt, Json, Row, UtcDateTime
from app.records.columns import only_where
from app.system.fields import Fields, Title


class Disabled(StrEnum):
    """Why the service disabled a webhook."""

    GONE = "gone"
    """The receiver answered 410: it wants nothing more."""
    FAILING = "failing"
    """Nothing was taken for five days."""


class DeliveryState(StrEnum):
    """What becomes of one event for one webhook."""

    BEHIND = "behind"
    """An earlier event of the same subject has to be delivered first."""
    WAITING = "waiting"
    """It is due at its time."""
    SENDING = "sending"
    """It is on its way; if the service dies meanwhile, it is due again when the time of its lease is over."""
    DELIVERED = "delivered"
    """The receiver took it."""
    FAILED = "failed"
    """It was given up: see its error."""


UNFINISHED = "state IN ('behind', 'waiting', 'sending')"
DUE = "state IN ('waiting', 'sending')"
"""As SQL, because SQLite takes a partial index only for a query with the same words, and for no parameters."""


class WebhookFields(Fields):
    """The fields of a webhook that people set."""

    title: Title
    """The name of the program that receives, for people."""
    url: Annotated[str, pydantic.Field(min_length=1, max_length=500)]
    """Where events are sent; `https`, without a user or a fragment."""
    kinds: Annotated[list[Kind], pydantic.Field(min_length=1, max_length=100)]
    """The kinds of event: one (`order.changed`), all of a subject (`order.*`), or all (`*`)."""
    values: bool = False
    """Tell fields before and after the change, personal data included; false: ids alone, and the receiver asks back."""
    active: bool = True
    """Whether events are delivered; the service turns it off when the receiver is gone or fails for days."""


class WebhookRow(Row, WebhookFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """A webhook."""

    __tablename__ = "webhook"
    __table_args__ = ({"sqlite_autoincrement": True},)  # deliveries name webhooks: an id never comes back

    id: int | None = Field(default=None, primary_key=True)
    kinds: list[str] = Field(default_factory=list, sa_type=Json)
    secret: str
    """Signs deliveries; as the receiver has it."""
    former_secret: str | None = None
    """The secret before: deliveries are signed with both until `former_until`."""
    former_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    since: datetime = Field(sa_type=UtcDateTime)
    """Events from this moment on are delivered: when it was made, or turned on again."""
    disabled: Disabled | None = Field(default=None, sa_type=AutoString)
    """Why the service turned it off; None: it did not."""
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When deliveries began to fail, with none taken since; None: the last one was taken, or there was none."""
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was removed; its deliveries go slice by slice, and then the row."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class DeliveryRow(Row, table=True):
    """One event for one webhook. The body is made from the event when it is sent: nothing of it is kept here."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_webhook_id", "webhook_id", "id"),
        Index("ix_webhook_delivery_due", "webhook_id", "next_at", "id", **only_where(DUE)),
        Index("ix_webhook_delivery_key", "webhook_id", "key", "id", **only_where(UNFINISHED)),
        Index("ix_webhook_delivery_event_id", "event_id", "webhook_id"),
        Index("ix_webhook_delivery_finished_at", "finished_at", **only_where("finished_at IS NOT NULL")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    webhook_id: int = Field(foreign_key="webhook.id")
    event_id: int = Field(sa_type=BigInteger)
    """The event; it may be removed before its delivery."""
    kind: str = Field(max_length=60)
    key: str = Field(max_length=191)
    """The event's subject and id: deliveries with one key go one after the other."""
    state: DeliveryState = Field(sa_type=AutoString)
    tries: int = 0
    next_at: datetime = Field(sa_type=UtcDateTime)
    """When it is due; while it is sent, when its lease is over."""
    last_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status: int | None = None
    """The HTTP status of the last answer; None: there was none."""
    error: str = ""
    """Why the last try failed, in one line; empty: it did not."""
    answer: str | None = Field(default=None, sa_type=Text)
    """The first bytes of the last answer."""
    duration_s: float | None = None
    """How long the last try took."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ResendRow(Row, table=True):
    """A period whose events are delivered again: made into deliveries slice by slice."""

    __tablename__ = "webhook_resend"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(sa_column=Column(ForeignKey("webhook.id"), nullable=False, index=True))
    from_at: datetime = Field(sa_type=UtcDateTime)
    to_at: datetime = Field(sa_type=UtcDateTime)
    missing: bool
    """Only events that were never taken."""
    reached_at: datetime = Field(sa_type=UtcDateTime)
    """The moment of the last event that was looked at."""
    reached_id: int = Field(default=0, sa_type=BigInteger)
    deliveries: int = 0
    """How many deliveries it has made so far."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PositionRow(Row, table=True):
    """How far the stream of events has been made into deliveries: one row."""

    __tablename__ = "webhook_position"

    id: int = Field(default=1, primary_key=True)
    transaction_id: int = Field(sa_type=BigInteger)
    event_id: int = Field(sa_type=BigInteger)


describe(
    WebhookRow,
    "webhook",
    reads=Permission.WEBHOOKS_MANAGE,
    hidden={"secret", "former_secret"},
    also=("disabled", "pinged", "sent_again"),
    without={"since", "failing_since", "removed_at", "created_at"},
)
describe(
    ResendRow,
    "webhook_resend",
    reads=Permission.WEBHOOKS_MANAGE,
    without={"reached_at", "reached_id", "deliveries", "created_at", "done_at"},
)
