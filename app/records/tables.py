"""The tables: one class a row, nothing validated here (input has schemas of its own).

History (`call`, `call_leg`, `call_event`, `operator_state`) is written by the journal alone and has no
foreign keys: what happened must never be refused because a contact or an operator has been deleted since.
The rest is what the centre is told (queues, operators, users, routes, contacts) and does have them.

Enums are stored by value, as strings. Points in time are aware and in UTC on every database.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from app.floor.model import MaxWait

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
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is not UTC:
            if value.tzinfo is None:
                raise ValueError(f"{value!r} has no time zone")
            value = value.astimezone(UTC)
        return value.isoformat(" ", "microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From the database."""
        if value is None:
            return None
        point = datetime.fromisoformat(value) if isinstance(value, str) else value
        return point.astimezone(UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BigInt = BigInteger().with_variant(Integer(), "sqlite")


class Role(StrEnum):
    """What a user may do."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class SessionKind(StrEnum):
    """A person in a browser, or a program with a token."""

    BROWSER = "browser"
    TOKEN = "token"  # noqa: S105 - a kind, not a secret


class SoftphoneKind(StrEnum):
    """Which phone an operator has: any SIP phone, or the one in the browser."""

    SIP = "sip"
    BROWSER = "browser"


class RouteKind(StrEnum):
    """Where a dialed number leads."""

    QUEUE = "queue"
    OPERATOR = "operator"


class ContactKind(StrEnum):
    """Who a contact is."""

    PERSON = "person"
    COMPANY = "company"


class Row(SQLModel):
    """The base of every table."""

    metadata: ClassVar[MetaData] = metadata


# History: written by the journal.


class CallRow(Row, table=True):
    """One call. While it is open it holds what was known when it arrived, and its contact."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_arrived_at_id", "arrived_at", "id"),
        Index("ix_call_operator_id_arrived_at", "operator_id", "arrived_at", "id"),
        Index("ix_call_contact_id_arrived_at", "contact_id", "arrived_at", "id"),
        Index("ix_call_caller_number_arrived_at", "caller_number", "arrived_at", "id"),
        Index(
            "ix_call_open",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, max_length=150)
    """The PBX's unique id of the channel that began it."""
    channel: str = ""
    """The caller's channel now: another one after an attended transfer."""
    channel_name: str = ""
    caller_number: str = ""
    """As the PBX gave it."""
    caller_name: str = ""
    contact_id: int | None = Field(default=None, sa_type=BigInteger)
    dialed: str = ""
    language: str = ""
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    priority: int = 0
    first_queue: str = ""
    queue: str = ""
    """The queue it was last in."""
    arrived_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None: the call is open, or its end was not seen."""
    waited_s: float = 0.0
    rang_s: float = 0.0
    talked_s: float = 0.0
    held_s: float = 0.0
    duration_s: float = 0.0
    operator_id: int | None = None
    """The last one who talked."""
    outcome: str | None = None
    """A `CallOutcome`; None while the call is open."""
    ended_by: str | None = None
    """An `EndedBy`."""
    hangup_cause: int | None = None
    """Q.850 cause of the caller's channel."""
    hangup_text: str = ""


class CallLegRow(Row, table=True):
    """One operator's part in an ended call."""

    __tablename__ = "call_leg"
    __table_args__ = (Index("ix_call_leg_operator_id_began_at", "operator_id", "began_at"),)

    call_id: str = Field(primary_key=True, max_length=150)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """0 for the first leg of the call."""
    operator_id: int | None = None
    endpoint: str = ""
    channel: str | None = None
    began_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    rang_s: float = 0.0
    talked_s: float = 0.0
    held_s: float = 0.0
    outcome: str | None = None
    """An `OfferOutcome`."""


class CallEventRow(Row, table=True):
    """One line of a call's timeline."""

    __tablename__ = "call_event"

    call_id: str = Field(primary_key=True, max_length=150)
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    """Grows along the timeline; see `app.records.mapping`."""
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    """The fact's name: `CallArrived`, `OfferMade`, ..."""
    cause: str = ""
    operator_id: int | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """The fact's other fields, whole."""


class OperatorStateRow(Row, table=True):
    """One operator's state over an interval. At most one interval an operator is open."""

    __tablename__ = "operator_state"
    __table_args__ = (
        Index("ix_operator_state_operator_id_from_at", "operator_id", "from_at"),
        Index(
            "ix_operator_state_open",
            "operator_id",
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
    )

    operator_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    from_at: datetime = Field(sa_type=UtcDateTime)
    to_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    duration_s: float | None = None
    """From the monotonic clock; None while open, and where the process died within the interval."""
    presence: str
    break_reason: str = ""
    routing: str
    device: str
    call_id: str | None = None
    pending: str | None = None
    cause: str = ""
    """Why the interval began."""
    end_cause: str = ""
    """Why it ended: the next interval's cause, `operator_removed` or `service_restarted`."""


# What the centre is told.


class UserRow(Row, table=True):
    """Someone who may log in."""

    __tablename__ = "user_account"  # `user` is a reserved word in SQL
    __table_args__ = ({"sqlite_autoincrement": True},)  # an id of a deleted user never comes back

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, max_length=100)
    """Folded to lower case."""
    password_hash: str
    role: str
    """A `Role`."""
    display_name: str
    language: str = "et"
    """`et`, `ru` or `en`."""
    active: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)


class SessionRow(Row, table=True):
    """An open log-in or a program's token. Only the token's SHA-256 is kept."""

    __tablename__ = "session"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    user_id: int = Field(
        sa_column=Column(ForeignKey("user_account.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    kind: str
    """A `SessionKind`."""
    name: str = ""
    """What the program is called."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None: until revoked."""
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    """True to a minute."""


class OperatorRow(Row, table=True):
    """What makes a user an operator. Its id is the user's id."""

    __tablename__ = "operator"

    id: int = Field(
        sa_column=Column(
            ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    auto_answer: bool = False


class SoftphoneRow(Row, table=True):
    """An operator's phone, one each."""

    __tablename__ = "softphone"

    endpoint: str = Field(primary_key=True, max_length=40)
    """PJSIP endpoint name."""
    operator_id: int = Field(
        sa_column=Column(ForeignKey("operator.id", ondelete="CASCADE"), nullable=False, unique=True)
    )
    kind: str = SoftphoneKind.SIP.value
    """A `SoftphoneKind`."""


class QueueRow(Row, table=True):
    """A queue; the columns are those of `app.floor.model.QueueSettings`, where they are explained."""

    __tablename__ = "queue"

    id: str = Field(primary_key=True, max_length=40)
    title: str
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    priority: int = 0
    target_s: float = 20.0
    ring_s: int = 20
    wrap_up_s: float = 10.0
    preferred_s: float = 10.0
    miss_limit: int = 1
    retry_s: float = 5.0
    max_wait_s: float = 0.0
    max_wait_then: str = MaxWait.STAY.value
    overflow_queue: str | None = Field(
        default=None, sa_column=Column(ForeignKey("queue.id", ondelete="SET NULL"), nullable=True)
    )
    leave_message: str = "keskus-goodbye"


class MembershipRow(Row, table=True):
    """An operator's place in a queue."""

    __tablename__ = "membership"

    operator_id: int = Field(
        sa_column=Column(ForeignKey("operator.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    queue: str = Field(
        sa_column=Column(ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    level: int = 1
    """1 is asked first."""


class RouteRow(Row, table=True):
    """Where a dialed number leads."""

    __tablename__ = "route"

    number: str = Field(primary_key=True, max_length=40)
    kind: str
    """A `RouteKind`."""
    target: str
    """A queue's id, or an operator's id in digits."""
    answer: bool = True
    """Answer at once; otherwise the caller hears ringing until an operator answers."""
    music: str = "default"
    """Class of hold music."""
    language: str = ""
    skills: list[str] = Field(default_factory=list, sa_type=Json)
    priority: int = 0


class ContactRow(Row, table=True):
    """A person or a company."""

    __tablename__ = "contact"
    __table_args__ = ({"sqlite_autoincrement": True},)  # history names contacts: an id never comes back

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    kind: str
    """A `ContactKind`."""
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    company_name: str = ""
    note: str = Field(default="", sa_type=Text)
    external_id: str | None = Field(default=None, unique=True)
    language: str = ""
    last_operator_id: int | None = None
    last_served_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    search: str = Field(default="", index=True)
    """The name, folded for search: see `app.crm.contacts.fold`."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class PhoneRow(Row, table=True):
    """A contact's number. One number may belong to several contacts."""

    __tablename__ = "phone"
    __table_args__ = (Index("ix_phone_e164_contact_id", "e164", "contact_id"),)

    id: int | None = Field(default=None, sa_column=Column(BigInt, primary_key=True, autoincrement=True))
    contact_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    e164: str = Field(max_length=40)
    """`+` and digits; a short or internal number as it is dialed."""
    raw: str = ""
    """As it was typed or imported."""
    label: str = ""
