"""Erasures, and how long each kind of data is kept."""

from datetime import date, datetime

from sqlalchemy import BigInteger
from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, Row, UtcDateTime


class ErasureRow(Row, table=True):
    """One person who was erased: no name and no number, but keyed hashes by which the erasure can be done again."""

    __tablename__ = "erasure"

    id: str = Field(primary_key=True, max_length=32)
    """Made up; the ledger beside the database has it, too."""
    contact: int = Field(sa_type=BigInteger, index=True)
    """The contact's id, which never comes back."""
    identities: list[tuple[int, str]] = Field(default_factory=list, sa_type=Json)
    """The contact and all contacts that had been merged into it: each id, and the keyed hash of the id and of the
    moment when that contact was made."""
    numbers: list[str] = Field(default_factory=list, sa_type=Json)
    """Keyed hashes of the numbers that were the person's alone."""
    state: str = Field(index=True)
    """An `ErasureState`."""
    waits_for: str = ""
    """The code of what hinders it; empty: nothing."""
    asked_at: datetime = Field(sa_type=UtcDateTime, index=True)
    user_id: int | None = None
    """Who asked for it; None: the service, by retention or after a restore."""
    why: str = Field(max_length=20)
    """An `ErasureCause`."""
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the contact was gone."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the last copy was gone."""
    rows: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    """How many rows of each table were deleted or cleared."""


class RetentionRow(Row, table=True):
    """How long one kind of data is kept."""

    __tablename__ = "retention"

    kind: str = Field(primary_key=True, max_length=20)
    """A `KeptKind`."""
    days: int = 0
    """0: for ever."""
    active: bool = False
    """It is carried out each day."""
    counted_days: int | None = None
    """The days for which a dry run counted last."""
    counted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    counted: int | None = None
    """How many rows that dry run found."""
    version: int = 1


class RetentionDayRow(Row, table=True):
    """What retention did on one day."""

    __tablename__ = "retention_day"

    day: date = Field(primary_key=True)
    """The day in UTC."""
    kind: str = Field(primary_key=True, max_length=20)
    rows: int = 0
    """How many rows were deleted or cleared."""
    days: int
    """How long they were kept."""
    at: datetime = Field(sa_type=UtcDateTime)
    """When it was done last on that day."""


class PrivacyRulesRow(Row, table=True):
    """What hinders an erasure; one row."""

    __tablename__ = "privacy_rules"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    open_orders: bool = True
    """Nobody is erased who has an order that is placed or confirmed."""
    open_complaints: bool = True
    """Nobody is erased who has a complaint that is not ended."""
    orders_days: int = 0
    """Nobody is erased so many days after the last order was placed, for the law demands its papers; 0: no such law."""
    version: int = 1


describe(
    ErasureRow,
    "erasure",
    reads=Permission.CONTACTS_ERASE,
    without={"identities", "numbers", "rows", "waits_for", "asked_at", "erased_at", "ended_at"},
    people_only=True,
)
describe(
    RetentionRow,
    "retention",
    reads=Permission.PRIVACY_SET,
    without={"counted_days", "counted_at", "counted"},
    also=("counted", "done"),
)
describe(PrivacyRulesRow, "privacy_rules", reads=Permission.PRIVACY_SET)
